from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors
from chalicelib.gateways import clock, identity
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.members import Member
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


class IdentityUnavailable(errors.Unavailable):
    reason: ClassVar = {
        "en": "The identity provider does not answer: send the same request again in a moment.",
        "fr": "Le fournisseur d’identité ne répond pas : renvoyez la même demande dans un instant.",
    }


class TimeZoneUnknown(errors.Invalid):
    reason: ClassVar = {
        "en": "{time_zone} is not the name of an IANA time zone, such as Europe/Paris.",
        "fr": "{time_zone} n’est pas le nom d’un fuseau horaire IANA, comme Europe/Paris.",
    }
    example: ClassVar = {"time_zone": "Paris", "pointer": "/time_zone"}


def require(caller: Caller) -> Member:
    """The caller as a member; their first call makes them one."""
    (member,) = load(Member.key(caller.member_id))
    return member or arrive(caller)


def known(caller: Caller | None, member: Member | None) -> Member | None:
    """The member that was read for this caller; whoever calls for the first time becomes one."""
    return member if caller is None else member or arrive(caller)


def arrive(caller: Caller) -> Member:
    """Make a member of someone who calls for the first time, from what the identity provider knows of them.

    Called twice at once it makes one member. Raises IdentityUnavailable, having changed nothing.
    """
    known = _attributes(caller)
    language = known.get("locale", caller.language)[:2].lower()
    member = Member.arriving(
        caller.member_id,
        name=_one_line(known.get("name", "")) or _one_line(known.get("email", "").partition("@")[0]) or "?",
        language=language if language in ("fr", "en") else "en",
        time_zone=_zone_or_default(known.get("zoneinfo", "")),
        at=clock.now(),
    )
    member.email = known.get("email")
    member.email_verified = known.get("email_verified", "false").lower() == "true"
    if member.join():
        return member
    return require(caller)


def edit(
    caller: Caller, *, name: str | None, language: str | None, time_zone: str | None, version: int
) -> Member:
    """Change one's own account, as it was read. Raises ChangedMeanwhile, TimeZoneUnknown."""
    must_be_a_zone(time_zone)
    return _edit(caller, {"name": name, "language": language, "time_zone": time_zone}, version)


def must_be_a_zone(time_zone: str | None) -> None:
    """Raise TimeZoneUnknown unless this names a time zone, or nothing."""
    if time_zone is not None and time_zone not in zoneinfo.available_timezones():
        raise TimeZoneUnknown(time_zone=time_zone, pointer="/time_zone")


@retry_if_overtaken
def _edit(caller: Caller, values: dict[str, Any], version: int) -> Member:
    member = require(caller)
    given = errors.still_to_change(member, values, version=version)
    if given:
        with changes() as change:
            change.edit(member, **given)
    return member


def _attributes(caller: Caller) -> dict[str, str]:
    """Claims of the token, completed by the user pool: its access tokens say nothing of a person."""
    if "email" in caller.claims or not caller.access_token:
        return {name: str(value) for name, value in caller.claims.items()}
    try:
        return identity.attributes_of(caller.access_token)
    except identity.IdentityUnavailable as silence:
        raise IdentityUnavailable from silence


def _one_line(name: str) -> str:
    """A name as people read it: an identity provider may hold anything."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:80].rstrip()


def _zone_or_default(zone: str) -> str:
    return zone if zone in zoneinfo.available_timezones() else "Europe/Paris"
