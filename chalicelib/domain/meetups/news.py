"""What someone is told about a meetup, and whether it still holds when they are: news may come late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.meetups.seeing import is_noted
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
    "made_host": "meetup_hosting",
    "made_co_host": "meetup_hosting",
}
ANSWERED: Mapping[type[events.Event], str] = {
    events.SeatTaken: "meetup_going",
    events.RsvpPromoted: "meetup_promoted",
    events.SeatOffered: "meetup_offered",
    events.OfferLapsed: "meetup_offer_lapsed",
}
BROUGHT_TO: Mapping[type[events.Event], str] = {
    events.SeatTaken: "going",
    events.RsvpWaitlisted: "waitlisted",
    events.RsvpInterested: "interested",
    events.RsvpDeclined: "declined",
}
"""The state that an answer brings someone to."""

BY_OTHERS = frozenset({"removed", "suspended", "unfollowed", "erased"})
"""Causes for which someone does not come that are not an answer."""

THEIRS_ANYWAY = frozenset({"meetup_cancelled", "meetup_removed", "meetup_stepped_back"})
"""What someone is told who may know of the meetup no more: it is about what they had there."""


def news_of(event: Any) -> str | None:
    """What the person whom an event is about is told; None: nothing, for they know, or need not."""
    if isinstance(event, events.AttendeeTold):
        return TOLD.get(event.about)
    if getattr(event, "asked_by", None) not in (None, event.member_id):
        return "meetup_answered_for"
    if isinstance(event, events.RsvpDeclined) and event.cause == "removed":
        return "meetup_removed"
    if _gave_up_a_seat(event):
        return "meetup_stepped_back"
    return ANSWERED.get(type(event))


def _gave_up_a_seat(event: Any) -> bool:
    """Whether someone who was to come said themselves that they do not, or not surely."""
    gives_up = isinstance(event, events.RsvpDeclined | events.RsvpInterested | events.RsvpWaitlisted)
    return gives_up and event.after in COMING and getattr(event, "cause", "self") not in BY_OTHERS


def occasion_of(event: Any) -> str:
    """What makes it the same news, however often and under whichever events it is told."""
    if isinstance(event, events.AttendeeTold):
        return f"{event.about}.{event.occasion}"
    if news_of(event) == "meetup_answered_for":  # said to and fro, each change of it is told once a day
        says = f"{event.after}-{BROUGHT_TO[type(event)]}-{event.party}"
        return f"{says}-{event.revision}.{event.at:%Y-%m-%d}"
    return str(event.offer_id if isinstance(event, events.SeatOffered) else event.id)


def told_now(event: Any, stands: Standpoint) -> str | None:
    """What an event tells someone at this moment; None: nothing that is so still, and theirs to know.

    Whoever a host had not come hears that nobody does, if it was cancelled before they heard that.
    """
    name, rsvp = news_of(event), stands.rsvp
    if name is None or rsvp is None:
        return None
    moment = _Moment(event, stands, rsvp, rsvp.state_at(stands.now))
    if name in ("meetup_removed", "meetup_answered_for") and moment.is_off and moment.state not in LISTED:
        name = "meetup_cancelled"
    if not stands.is_visible and name not in THEIRS_ANYWAY:
        return None
    return name if HOLDING[name](moment) else None


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
    def is_off(self) -> bool:
        return bool(self.stands.meetup.state == "cancelled")

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
        """Whether that host’s answer stands: it need not have brought them to another state."""
        said = (BROUGHT_TO[type(self.event)], self.event.party, self.event.asked_by)
        return self.is_ahead and said == (self.state, self.rsvp.party, self.rsvp.answered_by)

    def has_stepped_back(self) -> bool:
        """Whether they have given up their seat still; from what is cancelled too, calendars take it out."""
        latest = self.rsvp.since == self.event.at and self.state == BROUGHT_TO[type(self.event)]
        return latest and (self.is_ahead or (self.is_off and self.state == "declined"))

    def looks_after_it(self) -> bool:
        meetup = self.stands.meetup
        theirs = [meetup.host_id] if self.event.about == "made_host" else meetup.co_host_ids
        return self.is_ahead and self.rsvp.member_id in theirs

    def is_removed(self) -> bool:
        return self.is_ahead and self.rsvp.removed_reason is not None

    def is_asked_again(self) -> bool:
        """Whether they have not answered to this date and place yet."""
        answered = self.rsvp.revision == self.stands.meetup.revision
        asked = self.is_ahead and self.state in LISTED and self.is_of_this_revision
        return asked and not answered and not self.is_their_own

    def is_cancelled(self) -> bool:
        had_a_place = self.state in LISTED or getattr(self.event, "after", None) in LISTED
        return self.is_off and had_a_place and not self.is_their_own

    def may_have_a_free_seat(self) -> bool:
        meetup, seats = self.stands.meetup, self.stands.seats
        is_open = self.state == "waitlisted" and meetup.takes_answers(self.stands.now)
        return is_open and seats.has_room_for(int(self.rsvp.party))

    def comes_soon(self) -> bool:
        return self.is_ahead and self.state in COMING and self.is_of_this_revision

    def is_told_of(self) -> bool:
        was_there = self.state in COMING and not is_noted(self.stands)
        return self.stands.meetup.state == "recapped" and was_there and not self.is_host


HOLDING: Mapping[str, Callable[[_Moment], bool]] = {
    "meetup_going": _Moment.has_just_a_seat,
    "meetup_promoted": _Moment.has_just_a_seat,
    "meetup_offered": _Moment.is_offered,
    "meetup_offer_lapsed": _Moment.is_lapsed,
    "meetup_answered_for": _Moment.was_answered_for,
    "meetup_removed": _Moment.is_removed,
    "meetup_stepped_back": _Moment.has_stepped_back,
    "meetup_hosting": _Moment.looks_after_it,
    "meetup_revised": _Moment.is_asked_again,
    "meetup_cancelled": _Moment.is_cancelled,
    "meetup_free_seat": _Moment.may_have_a_free_seat,
    "meetup_reminder": _Moment.comes_soon,
    "meetup_recap": _Moment.is_told_of,
}
