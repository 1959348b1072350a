"""When someone who had a seat did not come: known to them and the hosts, and forgotten after ninety days.

Everyone else reads them as anyone who was to come and was not checked in. Nothing follows from it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import events
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.states import (
    RECAPPED_AFTER,
    REMEMBERED,
    AlreadyThere,
    MeetupStateRefused,
    NobodyExpected,
)
from chalicelib.gateways import clock, ids, timers
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint

SWEPT = timedelta(days=30)
"""How long after its time the table sweeps a note away by itself, should its timer never ring."""


@retry_if_overtaken
def note(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> Standpoint:
    """Note that someone did not come, from the start until what was is told. Repeating changes nothing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, NobodyExpected, MeetupStateRefused,
    AlreadyThere.
    """
    stands, rsvp = _expected(caller, organization_id, meetup_id, member_id)
    if rsvp.state_at(stands.now) == "no_show":
        return standpoints.now_that(stands, rsvp)
    stands.must_be(("started", "ended"))
    if stands.now >= stands.meetup.ends_at + RECAPPED_AFTER:
        raise MeetupStateRefused(state="recapped")
    if rsvp.state == "checked_in":
        raise AlreadyThere
    until = stands.now + REMEMBERED
    rsvp.state, rsvp.no_show_until, rsvp.no_show_id = "no_show", until, ids.new("nsh")
    with changes() as change:
        change.save(rsvp)
        change.create(NoShowNote.about(rsvp, rsvp.no_show_id, until=until, swept=SWEPT))
        # the journal keeps it for good: of nobody, nowhere, by nobody
        change.announce(
            events.NoShowNoted(
                organization_id=organization_id, actor_id=NOBODY, at=stands.now, note_id=rsvp.no_show_id,
                until=until,
            )
        )  # fmt: skip
    return standpoints.now_that(stands, rsvp)


@retry_if_overtaken
def withdraw(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> None:
    """Take it back. Repeating changes nothing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, NobodyExpected.
    """
    stands, rsvp = _expected(caller, organization_id, meetup_id, member_id)
    if rsvp.state != "no_show":
        return
    withdrawn = events.NoShowWithdrawn(
        organization_id=organization_id, actor_id=NOBODY, at=stands.now, note_id=rsvp.no_show_id
    )
    with changes() as change:
        change.take_away(NoShowNote.at(rsvp.no_show_id))
        change.save(_as_if_never(rsvp))
        change.announce(withdrawn)


def set_timer(event: events.NoShowNoted) -> None:
    """It is forgotten in time."""
    timers.set_for(event.until, "no_show", event.note_id, {"note_id": event.note_id})


@retry_if_overtaken
def forget(note_id: str) -> None:
    """Erase that someone did not come, once its time is over: they read as anyone who was to come.

    Nothing is announced: it would be told once more. Done again, or once it was taken back, it changes
    nothing.
    """
    (noted,) = load(NoShowNote.key(note_id))
    if noted is None or noted.until > clock.now():
        return
    (rsvp,) = load(Rsvp.key(noted.meetup_id, noted.member_id))
    with changes() as change:
        change.take_away(noted)
        if rsvp is not None and rsvp.no_show_id == note_id:
            change.save(_as_if_never(rsvp))


def _expected(
    caller: Caller, organization_id: str, meetup_id: str, member_id: str
) -> tuple[Standpoint, Rsvp]:
    """What a host may say this of: someone with a seat, who does not host it too."""
    stands = standpoints.find(caller, organization_id, meetup_id, Rsvp.key(meetup_id, member_id))
    stands.must_host()
    (rsvp,) = stands.also
    if rsvp is None or not rsvp.is_expected_at(stands.now) or member_id in stands.meetup.hosts():
        raise NobodyExpected
    return stands, rsvp


def _as_if_never(rsvp: Rsvp) -> Rsvp:
    rsvp.state, rsvp.no_show_until, rsvp.no_show_id = "going", None, None
    return rsvp
