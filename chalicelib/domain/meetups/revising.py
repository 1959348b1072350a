"""Changing a meetup: its words, its seats, and its date or place, which asks everyone again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.meetups import agenda, standpoints
from chalicelib.domain.meetups.answering import RUSH
from chalicelib.domain.meetups.passing_on import manner
from chalicelib.domain.meetups.proposing import NowhereToMeet, Times
from chalicelib.domain.meetups.seating import Seating
from chalicelib.models.attendance import Attendance
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import AHEAD
from chalicelib.models.rsvps import MemberMeetup, Rsvp

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.changes import Changes
    from chalicelib.models.meetups import Meetup, Seats

TIMES = frozenset({"starts_at", "ends_at", "time_zone", "rsvp_closes_at"})
ASKS_AGAIN = frozenset({"starts_at", "ends_at", "time_zone", "place", "online_url"})
"""Whoever said that they come said so to these."""

IN_CALENDARS = ASKS_AGAIN | {"title", "about", "accessibility"}
"""What calendars show of a meetup."""


class CapacityBelowTaken(errors.Conflict):
    """`taken` is how many seats people have, or are offered."""

    reason: ClassVar = {
        "en": "{taken} seats are taken: say that you overbook it, and everyone who comes still does.",
        "fr": "{taken} places sont prises : dites que vous acceptez la surréservation, et tout le monde "
        "garde la sienne.",
    }
    example: ClassVar = {"taken": 8}


class SomeoneIsThere(errors.Conflict):
    reason: ClassVar = {
        "en": "Someone was already seen there: its date and place stay. Cancel it, or propose another one.",
        "fr": "Quelqu’un y a déjà été vu : sa date et son lieu ne changent plus ; annulez, ou proposez-en "
        "une autre.",
    }


@retry_if_overtaken(attempts=RUSH)
def revise(
    caller: Caller,
    organization_id: str,
    meetup_id: str,
    *,
    version: int,
    overbook: bool = False,
    **given: Any,
) -> Standpoint:
    """Change what is given of a meetup that is ahead; what is not given stays. Nobody loses a seat.

    A new date or place is a revision: whoever comes, waits or is interested is asked again, and may answer
    though answers were closed. A date that moves takes along the moment when answers close, where that was
    its start; a later such moment has people answer again, one that has passed closes answers now. Seats that
    are more go down the line.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, ChangedMeanwhile, MeetupStateRefused,
    TimesRefused, NowhereToMeet, SomeoneIsThere, CapacityBelowTaken.
    """
    stands = standpoints.find(caller, organization_id, meetup_id, Attendance.key(meetup_id))
    stands.must_host()
    meetup, seats = stands.meetup, stands.seats
    asked = _with_its_closing(meetup, given, stands.now)
    capacity = asked.pop("capacity", seats.capacity)
    changed = {name: value for name, value in asked.items() if value != getattr(meetup, name)}
    if not changed and capacity == seats.capacity:
        return stands
    if meetup.version != version:
        raise errors.ChangedMeanwhile
    stands.must_be(AHEAD)
    _must_be_possible(stands, changed)
    if _drops_seats(seats, capacity) and not overbook:
        raise CapacityBelowTaken(taken=int(seats.taken))
    _Revision(stands, changed, capacity).write()
    return stands


def _drops_seats(seats: Seats, capacity: int | None) -> bool:
    """Whether there are to be fewer seats than before, and fewer than are taken."""
    if capacity is None or capacity >= seats.taken:
        return False
    return seats.capacity is None or capacity < seats.capacity


def _with_its_closing(meetup: Meetup, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What is asked for, with the moment when answers close then."""
    starts_at, closed_at = given.get("starts_at", meetup.starts_at), meetup.rsvp_closes_at
    closes_at = given.get("rsvp_closes_at", closed_at)
    moved = any(name in given and given[name] != getattr(meetup, name) for name in ASKS_AGAIN)
    if "rsvp_closes_at" not in given and (closed_at == meetup.starts_at or (moved and closed_at <= now)):
        closes_at = None  # whoever is asked again may answer
    if closes_at is None:
        return {**given, "rsvp_closes_at": starts_at}
    if "rsvp_closes_at" in given and closes_at <= now:
        closes_at = min(closed_at, now)
    return {**given, "rsvp_closes_at": closes_at}


def _must_be_possible(stands: Standpoint, changed: dict[str, Any]) -> None:
    then = {name: getattr(stands.meetup, name) for name in (*TIMES, "place", "online_url")} | changed
    if not TIMES.isdisjoint(changed):
        Times(
            starts_at=then["starts_at"], ends_at=then["ends_at"], rsvp_closes_at=then["rsvp_closes_at"]
        ).checked(stands.now)  # fmt: skip
    if then["place"] is None and then["online_url"] is None:
        raise NowhereToMeet(pointer="/place")
    if stands.also[0] is not None and not ASKS_AGAIN.isdisjoint(changed):
        raise SomeoneIsThere


class _Revision:
    """One change of a meetup, with all that follows from it."""

    def __init__(self, stands: Standpoint, changed: dict[str, Any], capacity: int | None) -> None:
        self.stands, self.meetup, self.seats, self.now = stands, stands.meetup, stands.seats, stands.now
        self.changed, self.capacity = changed, capacity
        self.is_draft = self.meetup.state == "draft"
        self.asks_again = not self.is_draft and not ASKS_AGAIN.isdisjoint(changed)
        self.was = {"open": self.meetup.takes_answers(self.now), "manner": manner(self.meetup, self.now)}
        self.seating = Seating(self.meetup, self.seats, now=self.now, actor_id=stands.caller_id)

    def write(self) -> None:
        before = None if self.seats.capacity is None else int(self.seats.capacity)
        self._decide()
        if self.capacity != before:
            self.seats.capacity = self.capacity
        moves = self._line_moves(before)
        if moves and self.asks_again:
            self.seating.pass_on_later()
        elif moves:
            self.seating.pass_on()
        with changes() as change:
            if self.asks_again:
                agenda.enter(change, self.meetup)
                self.changed["agenda"] = self.meetup.agenda
                self._take_as_known(change)
                change.check(Attendance.key(self.meetup.id), Attendance.is_nobodys())
            change.edit(self.meetup, **self.changed)
            if self.is_draft:
                self._move_own_entry(change)
            if self.capacity != before or moves:
                self.seating.write(change, check=False)
            for event in self._told(before):
                change.announce(event)

    def _decide(self) -> None:
        """Bring the meetup in hand to what it will be."""
        meetup, more = self.meetup, dict[str, Any]()
        self.names = sorted(self.changed)
        if self.asks_again:
            more["revision"] = int(meetup.revision) + 1
        if not self.is_draft and not IN_CALENDARS.isdisjoint(self.changed):
            more["sequence"] = int(meetup.sequence) + 1
        if not self.is_draft and "rsvp_closes_at" in self.changed:
            more["state"] = "published" if self.changed["rsvp_closes_at"] > self.now else "rsvp_closed"
        self.changed |= {**more, "updated_at": self.now}
        for name, value in self.changed.items():
            setattr(meetup, name, value)

    def _line_moves(self, before: int | None) -> bool:
        """Whether seats may be someone's now who waits: there are more, or there is time for it again."""
        if not self.meetup.takes_answers(self.now):
            return False
        is_more = before is not None and (self.capacity is None or self.capacity > before)
        has_time = self.was["manner"] == "announced" != manner(self.meetup, self.now)
        return is_more or has_time or not self.was["open"]

    def _take_as_known(self, change: Changes) -> None:
        """Whoever decides it comes at that date and place: they are not asked. Every other host is told."""
        known = Rsvp.sets(revision=self.meetup.revision)
        rsvp = Rsvp.at(self.meetup.id, self.stands.caller_id)
        change.update(rsvp, *known, condition=Rsvp.is_coming(), versioned=False)
        if self.stands.rsvp is not None:
            self.stands.rsvp.revision = self.meetup.revision

    def _move_own_entry(self, change: Changes) -> None:
        """Nobody is told of a draft: its place in its host's own list moves here."""
        rsvp, own = self.stands.rsvp, MemberMeetup.of(self.meetup, self.meetup.host_id)
        if rsvp is None or rsvp.agenda_at in (None, own.sk):
            return
        change.take_away(MemberMeetup.at(rsvp.member_id, rsvp.agenda_at))
        change.create(own)
        change.edit(rsvp, agenda_at=own.sk)

    def _told(self, before: int | None) -> list[events.Event]:
        """What is announced; of a draft, nothing: nobody but its host knows of it."""
        if self.is_draft:
            return []
        meetup, told = self.meetup, list[events.Event]()
        about: dict[str, Any] = {
            "organization_id": meetup.organization_id, "actor_id": self.stands.caller_id, "at": self.now,
            "meetup_id": meetup.id, "host_id": meetup.host_id,
        }  # fmt: skip
        known: dict[str, Any] = {
            "changed": self.names, "rsvp_closes_at": meetup.rsvp_closes_at, "revision": int(meetup.revision),
        }  # fmt: skip
        if self.asks_again:
            when: dict[str, Any] = {"starts_at": meetup.starts_at, "ends_at": meetup.ends_at}
            told.append(events.MeetupRevised(**about, **known, **when))
        elif self.names:
            told.append(events.MeetupEdited(**about, **known))
        if self.was["open"] and meetup.state == "rsvp_closed":
            told.append(events.RsvpClosed(**about))
        if self.capacity != before:
            over = self.capacity is not None and self.seats.taken > self.capacity
            told.append(events.CapacityChanged(**about, before=before, after=self.capacity, overbooked=over))
        return told
