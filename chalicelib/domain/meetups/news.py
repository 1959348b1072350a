"""What someone is told about a meetup, and whether it still holds when they are: news may come late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.models.meetups import AHEAD
from chalicelib.models.rsvps import COMING, LISTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.rsvps import Rsvp

TOLD = {
    "revised": "meetup_revised",
    "cancelled": "meetup_cancelled",
    "seats_announced": "meetup_free_seat",
    "recapped": "meetup_recap",
    "reminder_week": "meetup_reminder",
    "reminder_day": "meetup_reminder",
    "reminder_hour": "meetup_reminder",
}
ANSWERED: Mapping[type[events.Event], str] = {
    events.SeatTaken: "meetup_going",
    events.RsvpPromoted: "meetup_promoted",
    events.SeatOffered: "meetup_offered",
    events.OfferLapsed: "meetup_offer_lapsed",
}


def news_of(event: Any) -> str | None:
    """What the person whom an event is about is told; None: nothing, for they know, or need not."""
    if isinstance(event, events.AttendeeTold):
        return TOLD.get(event.about)
    if getattr(event, "asked_by", None) not in (None, event.member_id):
        return "meetup_answered_for"
    if isinstance(event, events.RsvpDeclined) and event.cause == "removed":
        return "meetup_removed"
    return ANSWERED.get(type(event))


def occasion_of(event: Any) -> str:
    """What makes it the same news, however often and under whichever events it is told."""
    if isinstance(event, events.AttendeeTold):
        return f"{event.about}.{event.occasion}"
    return str(event.offer_id if isinstance(event, events.SeatOffered) else event.id)


def holds(event: Any, stands: Standpoint) -> bool:
    """Whether what an event tells someone is so at this moment, and theirs to know."""
    name, rsvp = news_of(event), stands.rsvp
    if name is None or rsvp is None:
        return False
    if not stands.is_visible and name not in ("meetup_cancelled", "meetup_removed"):
        return False
    return HOLDING[name](_Moment(event, stands, rsvp, rsvp.state_at(stands.now)))


@dataclass(frozen=True)
class _Moment:
    """What an event said, and what is so now."""

    event: Any
    stands: Standpoint
    rsvp: Rsvp
    state: str
    """What they say."""

    @property
    def is_ahead(self) -> bool:
        return self.stands.state in AHEAD

    @property
    def is_latest(self) -> bool:
        """Whether they are in the state that this event brought them to."""
        return self.is_ahead and self.rsvp.since == self.event.at

    @property
    def is_of_this_revision(self) -> bool:
        return bool(self.event.revision == self.stands.meetup.revision)

    @property
    def is_their_own(self) -> bool:
        """Whether they did it themselves."""
        return bool(self.event.actor_id == self.event.member_id)

    @property
    def is_host(self) -> bool:
        return bool(self.rsvp.member_id == self.stands.meetup.host_id)

    def has_just_a_seat(self) -> bool:
        return self.is_latest and self.state in COMING and not self.is_host

    def is_offered(self) -> bool:
        return self.is_ahead and self.state == "offered" and self.rsvp.offer_id == self.event.offer_id

    def is_lapsed(self) -> bool:
        return self.is_ahead and self.state == "lapsed"

    def was_answered_for(self) -> bool:
        return self.is_latest and self.rsvp.answered_by == self.event.asked_by

    def is_removed(self) -> bool:
        return self.is_ahead and self.rsvp.removed_reason is not None

    def is_asked_again(self) -> bool:
        """Whether they have not answered to this date and place yet."""
        answered = self.rsvp.revision == self.stands.meetup.revision
        asked = self.is_ahead and self.state in LISTED and self.is_of_this_revision
        return asked and not answered and not self.is_their_own

    def is_cancelled(self) -> bool:
        return self.stands.meetup.state == "cancelled" and self.state in LISTED and not self.is_their_own

    def may_have_a_free_seat(self) -> bool:
        meetup, seats = self.stands.meetup, self.stands.seats
        is_open = self.state == "waitlisted" and meetup.takes_answers(self.stands.now)
        return is_open and seats.has_room_for(int(self.rsvp.party))

    def comes_soon(self) -> bool:
        return self.is_ahead and self.state in COMING and self.is_of_this_revision

    def is_told_of(self) -> bool:
        return self.stands.meetup.state == "recapped" and self.state in COMING and not self.is_host


HOLDING: Mapping[str, Callable[[_Moment], bool]] = {
    "meetup_going": _Moment.has_just_a_seat,
    "meetup_promoted": _Moment.has_just_a_seat,
    "meetup_offered": _Moment.is_offered,
    "meetup_offer_lapsed": _Moment.is_lapsed,
    "meetup_answered_for": _Moment.was_answered_for,
    "meetup_removed": _Moment.is_removed,
    "meetup_revised": _Moment.is_asked_again,
    "meetup_cancelled": _Moment.is_cancelled,
    "meetup_free_seat": _Moment.may_have_a_free_seat,
    "meetup_reminder": _Moment.comes_soon,
    "meetup_recap": _Moment.is_told_of,
}
