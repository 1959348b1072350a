"""Being there: said by whoever hosts, or by two who come, one of whom shows the other a code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events, limits
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.answering import RUSH
from chalicelib.domain.meetups.attending import NotComing
from chalicelib.domain.meetups.codes import is_code_of
from chalicelib.domain.meetups.states import RECAPPED_AFTER, MeetupStateRefused, NobodyExpected
from chalicelib.models.attendance import Attendance, NoShowNote
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import Meetup
from chalicelib.models.members import Member
from chalicelib.models.rsvps import Rsvp

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint

DOORS = timedelta(hours=1)
"""How long before the start people are checked in."""

TRYING = limits.Policy("check_in", limit=20, window=3600)
"""Codes that one person gives in an hour, right or wrong: a table of friends, and no guessing of codes."""

MOST_ATTESTING = 5
"""How many who say that someone was there are kept."""


class NobodyElseSaysSo(errors.Forbidden):
    reason: ClassVar = {
        "en": "Someone else says that you were there: show them your code, or enter theirs.",
        "fr": "C’est quelqu’un d’autre qui dit que vous y étiez : montrez-lui votre code, ou entrez le sien.",
    }


class WrongCode(errors.Forbidden):
    """The same whether nobody of that name comes, or this is not their code."""

    reason: ClassVar = {
        "en": "This is not the code of someone who comes: have them show it to you again.",
        "fr": "Ce n’est pas le code d’une personne qui vient : demandez-lui de vous le montrer à nouveau.",
    }


class DoorsClosed(errors.Conflict):
    """People are checked in from an hour before the start until two days after the end."""

    reason: ClassVar = {
        "en": "People are checked in here from {opens_at} until {closes_at}.",
        "fr": "Les présences se notent ici du {opens_at} au {closes_at}.",
    }
    example: ClassVar = {"opens_at": "2026-11-28T14:00:00+00:00", "closes_at": "2026-11-30T17:00:00+00:00"}


def check_in(
    caller: Caller, organization_id: str, meetup_id: str, member_id: str, *, code: str | None = None
) -> tuple[Rsvp, Member | None]:
    """Say that someone is there: a host by their word, whoever else comes by the code that they are shown.

    A code says it of both: whoever showed it saw whoever enters it. Repeating changes nothing. Raises
    MeetupNotFound, NobodyElseSaysSo, NotComing, OnlyTheHosts, FollowFirst, Suspended, MeetupStateRefused,
    DoorsClosed, WrongCode, NobodyExpected, TooManyRequests.
    """
    shown = None
    if code is not None:
        # before it is looked at, and once however often others are faster; hosts need none
        limits.spend(TRYING, caller.member_id)
        shown = is_code_of(code, meetup_id, member_id)
    return _check_in(caller, organization_id, meetup_id, member_id, shown=shown)


@retry_if_overtaken(attempts=RUSH)
def _check_in(
    caller: Caller, organization_id: str, meetup_id: str, member_id: str, *, shown: bool | None
) -> tuple[Rsvp, Member | None]:
    keys = Rsvp.key(meetup_id, member_id), Member.key(member_id)
    stands = standpoints.find(caller, organization_id, meetup_id, *keys)
    rsvp, member = stands.also
    if member_id == caller.member_id:
        raise NobodyElseSaysSo
    _must_be_of_those_there(stands)
    _must_be_open(stands)
    _must_be_shown(stands, rsvp, shown)
    seen = [(rsvp, caller.member_id)]
    if shown and stands.rsvp is not None and stands.rsvp.is_expected_at(stands.now):
        seen.append((stands.rsvp, member_id))
    _write(stands, seen)
    return rsvp, member


def _must_be_of_those_there(stands: Standpoint) -> None:
    if stands.is_host:
        stands.must_host()
    elif stands.rsvp is None or not stands.rsvp.is_expected_at(stands.now):
        raise NotComing
    stands.must_not_be_suspended()


def _must_be_open(stands: Standpoint) -> None:
    meetup = stands.meetup
    if stands.state in ("draft", "cancelled"):
        raise MeetupStateRefused(state=stands.state)
    opens_at, closes_at = meetup.starts_at - DOORS, meetup.ends_at + RECAPPED_AFTER
    if not opens_at <= stands.now < closes_at:
        moments = {"opens_at": opens_at, "closes_at": closes_at}
        raise DoorsClosed(**{name: at.isoformat(timespec="seconds") for name, at in moments.items()})


def _must_be_shown(stands: Standpoint, rsvp: Rsvp | None, shown: bool | None) -> None:
    """Raise WrongCode unless their code was shown, or a host says so; the same where nobody is expected."""
    by_word = stands.is_host and shown is None
    if not by_word and not shown:
        raise WrongCode
    if rsvp is None or not rsvp.is_expected_at(stands.now):
        raise NobodyExpected if by_word else WrongCode


def _write(stands: Standpoint, seen: list[tuple[Rsvp, str]]) -> None:
    told = [_told(stands, rsvp, by) for rsvp, by in seen if _is_news(stands, rsvp, by)]
    arriving = [rsvp for rsvp, _ in seen if rsvp.state != "checked_in"]
    changed = [rsvp for rsvp, by in seen if _attest(rsvp, by) or rsvp in arriving]
    if not changed:
        return
    with changes() as change:
        # a start written down meanwhile is looked at again: what was seen before it is counted with it
        change.check(Meetup.key(stands.meetup.organization_id, stands.meetup.id), stands.meetup.is_as_read())
        for rsvp in arriving:
            rsvp.state, rsvp.checked_in_at = "checked_in", stands.now
            change.take_away(NoShowNote.at(rsvp))
        for rsvp in changed:
            change.save(rsvp)
        if arriving:
            change.update(Attendance.of(stands.meetup.id), *Attendance.more_by(len(arriving)))
        for event in told:
            change.announce(event)


def _is_news(stands: Standpoint, rsvp: Rsvp, by: str) -> bool:
    """Whether it is announced: that someone is there, once; of the host, each who says so.

    What hosting earns rests on somebody’s word, and one’s may count where another’s does not.
    """
    if rsvp.state != "checked_in":
        return True
    return rsvp.member_id == stands.meetup.host_id and _is_new(rsvp, by)


def _is_new(rsvp: Rsvp, by: str) -> bool:
    return by not in rsvp.attested_by and len(rsvp.attested_by) < MOST_ATTESTING


def _attest(rsvp: Rsvp, by: str) -> bool:
    """Keep who says so, a few of them: whether that is new."""
    if not _is_new(rsvp, by):
        return False
    rsvp.attested_by = [*rsvp.attested_by, by]
    return True


def _told(stands: Standpoint, rsvp: Rsvp, by: str) -> events.PresenceAttested:
    meetup = stands.meetup
    voice = meetup.host_voice if rsvp.member_id == meetup.host_id else "member"
    return events.PresenceAttested(
        organization_id=meetup.organization_id, actor_id=stands.caller_id, at=stands.now,
        meetup_id=meetup.id, host_id=meetup.host_id, member_id=rsvp.member_id, attested_by=by,
        by_host=by in meetup.hosts(), starts_at=meetup.starts_at, beneficiary_voice=voice,
    )  # fmt: skip
