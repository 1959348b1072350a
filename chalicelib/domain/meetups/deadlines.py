"""When a meetup must be looked at: each timer is set once what it is for has happened, at least once.

Nothing is trusted but the meetup as it is now. Names carry the revision, or the moment: a date that is moved
sets other timers, the same one sets none again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.meetups.reminding import moments
from chalicelib.domain.meetups.states import RECAPPED_AFTER
from chalicelib.gateways import clock, timers
from chalicelib.models.meetups import AHEAD, Meetup
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain import events

REMINDERS = ("reminder_week", "reminder_day", "reminder_hour")


def for_times(event: events.MeetupProposed | events.MeetupRevised) -> None:
    """Answers close, it starts, and those who come are reminded, each at its time if it is still to come."""
    meetup = _ahead(event)
    if meetup is None or int(meetup.revision) != event.revision:
        return  # whatever came after this sets its own
    about, revision = _about(event), event.revision
    timers.set_for(meetup.starts_at, "meetup_start", f"start-{meetup.id}-{revision}", about)
    _set_closing(meetup)
    for reminder, due in moments(meetup).items():
        if due > clock.now():
            detail = {**about, "revision": revision, "about": reminder}
            timers.set_for(due, "reminder", f"{reminder}-{meetup.id}-{revision}", detail)


def for_revision(event: events.MeetupRevised) -> None:
    """The timers of its new date, and those of the one before no more."""
    for_times(event)
    _drop(event.meetup_id, event.revision - 1)


def for_closing(event: events.MeetupEdited) -> None:
    """Answers may close at another time than before."""
    meetup = _ahead(event)
    if meetup is not None:
        _set_closing(meetup)


def for_end(event: events.MeetupStarted) -> None:
    """What has started ends."""
    timers.set_for(event.ends_at, "meetup_end", f"end-{event.meetup_id}", _about(event))


def for_recap(event: events.MeetupEnded) -> None:
    """What was is told two days later."""
    timers.set_for(event.ended_at + RECAPPED_AFTER, "meetup_recap", f"recap-{event.meetup_id}", _about(event))


def for_offer(event: events.SeatOffered) -> None:
    """A seat is held until then for whom it is offered to."""
    detail = {**_about(event), "member_id": event.member_id, "offer_id": event.offer_id}
    timers.set_for(event.until, "offer", f"offer-{event.offer_id}", detail)


def none_left(event: events.MeetupCancelled) -> None:
    """What does not take place neither closes nor starts, and nobody is reminded of it."""
    (meetup,) = load(Meetup.key(event.organization_id, event.meetup_id))
    if meetup is not None:
        timers.drop(_closing(meetup))
    _drop(event.meetup_id, event.revision)


def _ahead(event: Any) -> Meetup | None:
    """The meetup as it is now, if its times are still to come."""
    (meetup,) = load(Meetup.key(event.organization_id, event.meetup_id))
    return meetup if meetup is not None and meetup.state in AHEAD - {"draft"} else None


def _set_closing(meetup: Meetup) -> None:
    if meetup.rsvp_closes_at < meetup.starts_at:  # else they close as it starts
        about = {"organization_id": meetup.organization_id, "meetup_id": meetup.id}
        timers.set_for(meetup.rsvp_closes_at, "rsvps_close", _closing(meetup), about)


def _closing(meetup: Meetup) -> str:
    return f"close-{meetup.id}-{int(meetup.rsvp_closes_at.timestamp())}"


def _drop(meetup_id: str, revision: int) -> None:
    for what in ("start", *REMINDERS):
        timers.drop(f"{what}-{meetup_id}-{revision}")


def _about(event: Any) -> dict[str, Any]:
    return {"organization_id": event.organization_id, "meetup_id": event.meetup_id}
