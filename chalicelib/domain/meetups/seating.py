"""Who has a seat and who waits: given up, taken, and passed on down the line, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.meetups.passing_on import Waiter, fitting, manner, offer_until
from chalicelib.domain.meetups.states import LOOKED_AT, MOST_AT_ONCE
from chalicelib.gateways import ids
from chalicelib.models.meetups import Meetup
from chalicelib.models.rsvps import LISTED, SEATED, MemberMeetup, Rsvp, RsvpPlace
from chalicelib.pages import Page

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.models.changes import Changes
    from chalicelib.models.meetups import Seats

ATTENDING = frozenset({"going", "checked_in"})


class Seating:
    """One change of who has a seat: decided in hand, then written at once, or not at all.

    Whatever the cause, seats that come free go down the line by the same rule, here.
    """

    def __init__(self, meetup: Meetup, seats: Seats, *, now: datetime, actor_id: str) -> None:
        self.meetup, self.seats, self.now, self.actor_id = meetup, seats, now, actor_id
        self._in_hand: dict[str, Rsvp] = {}
        self._left: list[Any] = []
        self._moved: list[tuple[RsvpPlace, Rsvp]] = []
        self._told: list[events.Event] = []
        self._had_free, self._had_room = seats.free, seats.anyone_fits()

    def turn(self, rsvp: Rsvp, state: str, **values: Any) -> None:
        """Bring someone to another state, with their place in the lists and in the counts."""
        self._count(rsvp, -1)
        if rsvp.member_id not in self._in_hand:
            self._in_hand[rsvp.member_id] = rsvp
            if rsvp.listed_at is not None:
                self._left.append(RsvpPlace.at(rsvp.meetup_id, LISTED[rsvp.state], rsvp.listed_at))
        if rsvp.state != state:
            rsvp.since = self.now
        rsvp.state = state
        for name, value in {"offer_until": None, "offer_id": None, **values}.items():
            setattr(rsvp, name, value)
        self._count(rsvp, 1)

    def to_the_line(self, rsvp: Rsvp, *, party: int, number: int | None = None, **values: Any) -> None:
        """Have someone wait behind everyone who does, or under a number of theirs from before."""
        if number is None:
            self.seats.line += 1
            number = int(self.seats.line)
        self.turn(rsvp, "waitlisted", party=party, number=number, **values)

    def tell(self, event: events.Event) -> None:
        """Announce this with the change."""
        self._told.append(event)

    def pass_on(self, *, after: str | None = None, since: datetime | None = None) -> None:
        """Give what is free to whoever in line comes first and fits: one rule, whatever freed it.

        Args:
            after: where a line that was looked at before is looked at further.
            since: when seats came free, where that was in a change before this one.
        """
        if not self.meetup.takes_answers(self.now) or not self.seats.anyone_fits():
            return
        how = manner(self.meetup, self.now)
        if how == "announced":
            if self._is_news(since):
                self._announce()
            return
        waiting, last = self._line(after)
        chosen, skipped = fitting(self.seats.free, waiting, MOST_AT_ONCE)
        for waiter, ahead in chosen:
            self._move_up(waiter, how, ahead)
        if chosen and skipped:
            self.tell(events.PartiesSkipped(**self._about(), free=self.seats.free or 0, member_ids=skipped))
        if self.seats.anyone_fits() and (len(chosen) == MOST_AT_ONCE or last is not None):
            further = None if len(chosen) == MOST_AT_ONCE else last
            self.tell(events.SeatsFreed(**self._about(), host_id=self.meetup.host_id, after=further))

    def pass_on_later(self) -> None:
        """Have the line move on once this is written: for a change that is large without it."""
        if self.meetup.takes_answers(self.now) and self.seats.anyone_fits():
            self.tell(events.SeatsFreed(**self._about(), host_id=self.meetup.host_id))

    def write(self, change: Changes, *, check: bool = True) -> None:
        """Write all of it; `check` unless the same change writes the meetup itself."""
        if check:
            self._hold_to_it(change)
        for rsvp in self._in_hand.values():
            self._write_in_hand(change, rsvp)
        for place in self._left:
            change.delete(place)
        for place, rsvp in self._moved:
            self._write_moved(change, place, rsvp)
        change.save(self.seats)
        for event in self._told:
            change.announce(event)

    def _hold_to_it(self, change: Changes) -> None:
        """Hold it to the meetup as it was read; a co-host who comes no more looks after it no more."""
        meetup = self.meetup
        gone = {one.member_id for one in self._in_hand.values() if one.state not in ATTENDING}
        if gone.isdisjoint(meetup.co_host_ids):
            change.check(Meetup.key(meetup.organization_id, meetup.id), meetup.is_as_read())
            return
        staying = [one for one in meetup.co_host_ids if one not in gone]
        change.edit(meetup, co_host_ids=staying)
        self.tell(events.CoHostsChanged(**self._about(), host_id=meetup.host_id, co_host_ids=staying))

    def _count(self, rsvp: Rsvp, by: int) -> None:
        seats, party = self.seats, int(rsvp.party)
        if rsvp.state in SEATED:
            seats.taken += by * party
        if rsvp.state in ATTENDING:
            seats.going += by
        if rsvp.state == "interested":
            seats.interested += by
        if rsvp.state == "waitlisted":
            (seats.lengthen if by > 0 else seats.shorten)(party, int(rsvp.number))

    def _line(self, after: str | None) -> tuple[list[Waiter], str | None]:
        """Those who wait, in order, as they are in hand or else in the table; and where it goes on."""
        found = RsvpPlace.in_list(self.meetup.id, "LINE", Page(LOOKED_AT, after))
        waiting = [Waiter.of(place) for place in found.items if place.member_id not in self._in_hand]
        waiting += [Waiter.in_hand(one) for one in self._in_hand.values() if one.state == "waitlisted"]
        end = found.last
        within = [one for one in waiting if end is None or one.place <= end]
        return sorted(within, key=lambda one: one.place), end

    def _move_up(self, waiter: Waiter, how: str, ahead: int) -> None:
        if waiter.rsvp is not None:  # they ask at this moment: nothing needs to be offered to them
            self.turn(waiter.rsvp, "going")
            return
        rsvp = self._as_waiting(waiter)
        told = {
            **self._about(), "member_id": rsvp.member_id, "party": int(rsvp.party),
            "number": int(rsvp.number), "ahead": ahead, "revision": int(self.meetup.revision),
        }  # fmt: skip
        self._count(rsvp, -1)
        if how == "given":
            rsvp.state = "going"
            self.tell(events.RsvpPromoted(**told))
        else:
            rsvp.state, rsvp.offer_id = "offered", ids.new("ofr")
            rsvp.offer_until = offer_until(self.meetup, self.now)
            self.tell(events.SeatOffered(**told, until=rsvp.offer_until, offer_id=rsvp.offer_id))
        rsvp.since, rsvp.revision = self.now, self.meetup.revision
        self._count(rsvp, 1)
        if waiter.listed is not None:
            self._moved.append((waiter.listed, rsvp))

    def _as_waiting(self, waiter: Waiter) -> Rsvp:
        rsvp = Rsvp.of(self.meetup, waiter.member_id, at=self.now)
        rsvp.state, rsvp.party, rsvp.number = "waitlisted", waiter.party, waiter.number
        return rsvp

    def _is_news(self, since: datetime | None) -> bool:
        """Whether a line that must be quick was not told yet that someone in it may have a seat."""
        if since is not None:
            return self.seats.announced_at is None or self.seats.announced_at < since
        return not self._had_room or (self.seats.free or 0) > (self._had_free or 0)

    def _announce(self) -> None:
        self.seats.announced_up_to, self.seats.announced_at = self.seats.line, self.now
        told = {**self._about(), "host_id": self.meetup.host_id, "free": self.seats.free or 0}
        self.tell(events.SeatsAnnounced(**told, up_to=int(self.seats.line)))

    def _about(self) -> dict[str, Any]:
        return {
            "organization_id": self.meetup.organization_id, "actor_id": self.actor_id, "at": self.now,
            "meetup_id": self.meetup.id,
        }  # fmt: skip

    def _write_in_hand(self, change: Changes, rsvp: Rsvp) -> None:
        place = RsvpPlace.of(rsvp)
        if place is not None and any(left.sk == place.sk and left.pk == place.pk for left in self._left):
            self._left = [left for left in self._left if (left.pk, left.sk) != (place.pk, place.sk)]
            change.save(place)
        elif place is not None:
            change.create(place)
        rsvp.listed_at = place.sk if place is not None else None
        own = MemberMeetup.of(self.meetup, rsvp.member_id)
        wanted = own.sk if place is not None else None
        if rsvp.agenda_at != wanted:  # it may be there under the date of an earlier revision
            if rsvp.agenda_at is not None:
                self._left.append(MemberMeetup.at(rsvp.member_id, rsvp.agenda_at))
            if wanted is not None:
                change.create(own)
            rsvp.agenda_at = wanted
        change.save(rsvp)

    def _write_moved(self, change: Changes, listed: RsvpPlace, rsvp: Rsvp) -> None:
        place = RsvpPlace.listing(rsvp)
        change.delete(listed)
        change.create(place)
        moved = Rsvp.moving_up(rsvp, listed_at=place.sk)
        waits = Rsvp.is_waiting_under(listed.number)
        change.update(Rsvp.at(rsvp.meetup_id, rsvp.member_id), *moved, condition=waits, versioned=False)
