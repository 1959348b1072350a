"""Sessions of guests: a day on one site of one organization, under a name that the site may vouch for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, standing, widgets
from chalicelib.domain.guests import addresses
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.guests import Guest, HostTokenUsed
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load
from chalicelib.models.widgets import Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.callers import Caller

    Verify = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
    """The claims of a host's token, held against the host's keys; refuses every other token."""

LASTS = timedelta(hours=24)
RENEWABLE = timedelta(days=30)
"""How long after their first token a guest may have another day. Nobody can call a token back."""

REMEMBERED = timedelta(hours=1)
"""How long after its end a host's token is still known to have been used: more than any clock is off."""


class OriginRefused(errors.Forbidden):
    reason: ClassVar = {
        "en": "This site may not carry the widget of this organization: it lists those that may.",
        "fr": "Ce site ne peut pas porter le widget de cette organisation : elle tient la liste de ceux qui "
        "le peuvent.",
    }


class HostUnknown(errors.Conflict):
    reason: ClassVar = {
        "en": "This organization has not said who signs tokens for its visitors.",
        "fr": "Cette organisation n’a pas dit qui signe les jetons de ses visiteurs.",
    }


class HostTokenReplayed(errors.Conflict):
    reason: ClassVar = {
        "en": "This host token has been used: each is good once.",
        "fr": "Ce jeton d’hôte a déjà servi : chacun ne vaut qu’une fois.",
    }


class SessionTooOld(errors.Conflict):
    reason: ClassVar = {
        "en": "This session began more than {days} days ago, and is not renewed: begin another.",
        "fr": "Cette session a commencé il y a plus de {days} jours, et ne se renouvelle plus : "
        "commencez-en une autre.",
    }
    example: ClassVar = {"days": RENEWABLE.days}


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a guest's token says."""

    guest_id: str
    organization_id: str
    origin: str
    is_verified: bool
    name: str | None
    only: str = ""
    """The one question that it is about, of a session that a mailed link began."""
    since: datetime
    """When the first of these tokens, each asked for with the one before, was given."""
    issued_at: datetime
    expires_at: datetime


def open_session(
    organization_id: str, *, origin: str | None, host_token: str | None, verify: Verify
) -> Session:
    """Let someone in on a site that carries the widget, as whom the site vouches for, else as anyone.

    Raises OrganizationNotFound, OriginRefused, HostUnknown, HostTokenReplayed, and what `verify` refuses.
    """
    organization, widget = load(Organization.key(organization_id), Widget.key(organization_id))
    if organization is None:
        raise standing.OrganizationNotFound
    if origin is None or not widgets.may_be_on(widget, origin):
        raise OriginRefused
    if host_token is None:
        return _session(organization_id, ids.new("gst"), origin)
    if widget is None or widget.host is None:
        raise HostUnknown
    guest = _vouched_for(organization_id, verify(host_token, widget.host))
    return _session(organization_id, guest.id, origin, name=guest.name, is_verified=True)


def renew(caller: Caller, *, origin: str | None) -> Session:
    """Another day for a guest who is still here, on the site where they are, as whom their token says.

    Raises OrganizationNotFound, OriginRefused, SessionTooOld.
    """
    organization_id, claimed = caller.guest_of, caller.claims
    organization, widget = load(Organization.key(organization_id), Widget.key(organization_id))
    if organization is None:
        raise standing.OrganizationNotFound
    if origin is None or origin != claimed["origin"] or not widgets.may_be_on(widget, origin):
        raise OriginRefused
    since = _began(caller)
    if clock.now() >= since + RENEWABLE:
        raise SessionTooOld(days=RENEWABLE.days)
    name = claimed.get("name")
    return _session(
        organization_id, caller.member_id, origin, is_verified=caller.is_verified, since=since,
        name=name if isinstance(name, str) else None,
    )  # fmt: skip


def renewed(guest: Guest, caller: Caller) -> Session:
    """The session of a guest of whom something has been proven since it began."""
    origin = str(caller.claims["origin"])
    return _session(
        guest.organization_id, guest.id, origin, name=guest.name, is_verified=True, since=_began(caller)
    )


def again(guest: Guest, origin: str, only: str) -> Session:
    """A session of a guest who is known already, in the one conversation that they were mailed about."""
    known = guest.email_verified_by is not None
    back = _session(guest.organization_id, guest.id, origin, name=guest.name, is_verified=known)
    return replace(back, only=only)


def _began(caller: Caller) -> datetime:
    claimed: Mapping[str, Any] = caller.claims
    return datetime.fromtimestamp(claimed.get("since", claimed["iat"]), UTC)


def _session(
    organization_id: str,
    guest_id: str,
    origin: str,
    *,
    name: str | None = None,
    is_verified: bool = False,
    since: datetime | None = None,
) -> Session:
    now = clock.now()
    return Session(
        guest_id=guest_id,
        organization_id=organization_id,
        origin=origin,
        is_verified=is_verified,
        name=name,
        since=since or now,
        issued_at=now,
        expires_at=now + LASTS,
    )


@retry_if_overtaken
def _vouched_for(organization_id: str, claims: Mapping[str, Any]) -> Guest:
    """The visitor whom a host's token is about: the same guest at each visit. Uses the token up."""
    guest_id = ids.derived("gst", organization_id, claims["iss"], claims["sub"])
    (guest,) = load(Guest.key(organization_id, guest_id))
    known = _known_by(claims)
    until = datetime.fromtimestamp(claims["exp"], UTC) + REMEMBERED
    with changes() as change:
        used = HostTokenUsed.of(organization_id, claims["iss"], claims["jti"], until=until)
        change.create(used, otherwise=HostTokenReplayed())
        if guest is None:
            guest = Guest.arriving(organization_id, guest_id, at=clock.now(), **known)
            change.create(guest)
        elif any(getattr(guest, name) != value for name, value in known.items()):
            change.edit(guest, **known)
    return guest


def _known_by(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What a host tells of its visitor, as far as it is fit to keep."""
    known: dict[str, Any] = {}
    name, email = claims.get("name"), addresses.kept(claims.get("email"))
    if isinstance(name, str):
        printable = "".join(c if c.isprintable() else " " for c in name[:400])
        known["name"] = " ".join(printable.split())[:80] or None
    if email is not None and claims.get("email_verified") is True:
        known |= {"email": email, "email_verified_by": "host"}
    return known
