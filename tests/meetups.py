"""Meetups brought to where a test begins, and what must hold of one at every instant."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from chalicelib.domain import meetups
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.passing_on import manner
from chalicelib.gateways import clock
from chalicelib.models.journal import JournalEntry
from chalicelib.models.meetups import BLOCK, Meetup, Seats
from chalicelib.models.rsvps import LISTED, SEATED, MemberMeetup, Rsvp, RsvpPlace
from chalicelib.models.tables import CommunityItem, load
from tests.factories import a_caller, a_follower, a_meetup, an_organization

LISTS = sorted(set(LISTED.values()))


class Coffee:
    """Hana hosts a coffee in an organization; whoever comes, comes by name."""

    def __init__(self, *, seats=3, slug="cyclofil", ahead=timedelta(days=3), **said):
        self.hub = an_organization(slug)
        self.hana = a_follower("hana", self.hub)
        self.id = a_meetup(self.hana, self.hub, seats=seats, ahead=ahead, **said).id

    @property
    def this(self):
        return self.hub.id, self.id

    @property
    def meetup(self):
        return load(Meetup.key(*self.this))[0]

    @property
    def seats(self):
        return load(Seats.key(self.id))[0]

    def follows(self, *names):
        return [a_follower(name, self.hub) for name in names]

    def says(self, name, says="going", party=1):
        """What someone says; how that leaves them."""
        stands = meetups.answer(a_follower(name, self.hub), *self.this, says=says, party=party)
        return stands.rsvp.state

    def rsvp(self, name):
        return load(Rsvp.key(self.id, a_caller(name).member_id))[0]

    def state(self, name):
        rsvp = self.rsvp(name)
        return rsvp.state_at(clock.now()) if rsvp is not None else "none"

    def states(self, *names):
        return [self.state(name) for name in names]

    def position(self, name):
        return meetups.rsvp_of(a_caller(name), *self.this).position

    def line(self):
        """Who waits, in the order of the line."""
        return [place.member_id for place in sorted(entries(self.id, "LINE"), key=lambda one: one.sk)]

    def must_add_up(self, **relaxed):
        must_add_up(*self.this, **relaxed)


def entries(meetup_id, name):
    return list(RsvpPlace.query(RsvpPlace.collection(meetup_id, name), consistent_read=True))


def rsvps(meetup_id):
    return list(Rsvp.query(f"MEETUP#{meetup_id}#RSVPS", consistent_read=True))


def between(monkeypatch, act):
    """Let this happen after the next reading of a meetup, before what is decided on it is written."""
    look = standpoints.load

    def read(*keys):
        found = look(*keys)
        monkeypatch.setattr(standpoints, "load", look)
        act()
        return found

    monkeypatch.setattr(standpoints, "load", read)


def told(name):
    """How often an event of this name was announced."""
    return sum(entry.detail_type == f"{name}.v1" for entry in JournalEntry.scan())


def details(name):
    found = (entry for entry in JournalEntry.scan() if entry.detail_type == f"{name}.v1")
    return [entry.detail for entry in sorted(found, key=lambda entry: entry.sk)]


def must_add_up(organization_id, meetup_id, *, overbooked=False, moving=False):
    """Every count is that of the rows, every row where its state says, and nobody waits beside a free seat.

    `overbooked`: the host decided so. `moving`: the line is being moved, a step at a time.
    """
    meetup, seats = load(Meetup.key(organization_id, meetup_id), Seats.key(meetup_id))
    rows = rsvps(meetup_id)
    _counts_are_those_of_rows(seats, rows)
    _lists_are_those_of_rows(meetup_id, rows)
    _own_lists_are_those_of_rows(meetup_id, rows)
    if not overbooked and not moving:
        _nobody_waits_beside_a_seat(meetup, seats, rows)


def must_hold_now(organization_id, meetup_id):
    """What is checked between any two transactions: the counts, and that nobody waits beside a free seat."""
    meetup, seats = load(Meetup.key(organization_id, meetup_id), Seats.key(meetup_id))
    rows = rsvps(meetup_id)
    _counts_are_those_of_rows(seats, rows)
    _nobody_waits_beside_a_seat(meetup, seats, rows)


def _nobody_waits_beside_a_seat(meetup, seats, rows):
    assert seats.capacity is None or seats.taken <= seats.capacity, f"{seats.taken} of {seats.capacity} seats"
    now = clock.now()
    if meetup.takes_answers(now) and manner(meetup, now) != "announced":
        waiting = [row for row in rows if row.state == "waitlisted"]
        fitting = [row.member_id for row in waiting if seats.has_room_for(row.party)]
        assert not fitting, f"{seats.free} seats are free, and {fitting} wait"


def _counts_are_those_of_rows(seats, rows):
    waiting = [row for row in rows if row.state == "waitlisted"]
    assert {
        "taken": seats.taken, "going": seats.going, "interested": seats.interested, "waiting": seats.waiting,
        "by party": seats.waiting_by_party, "by block": seats.waiting_by_block,
    } == {
        "taken": sum(row.party for row in rows if row.state in SEATED),
        "going": sum(row.state in ("going", "checked_in") for row in rows),
        "interested": sum(row.state == "interested" for row in rows),
        "waiting": len(waiting),
        "by party": dict(Counter(str(int(row.party)) for row in waiting)),
        "by block": dict(Counter(str(int(row.number) // BLOCK) for row in waiting)),
    }  # fmt: skip
    numbers = [row.number for row in waiting if row.number]
    assert len(numbers) == len(set(numbers)), "two wait under one number"
    assert all(number <= seats.line for number in numbers)


def _lists_are_those_of_rows(meetup_id, rows):
    listed = {
        name: {(place.member_id, place.sk, place.party) for place in entries(meetup_id, name)}
        for name in LISTS
    }
    wanted = {
        name: {(row.member_id, row.listed_at, row.party) for row in rows if LISTED.get(row.state) == name}
        for name in LISTS
    }
    assert listed == wanted
    assert not [row for row in rows if row.state not in LISTED and row.listed_at]


def _own_lists_are_those_of_rows(meetup_id, rows):
    own = {
        (item.pk, item.sk)
        for item in CommunityItem.scan()
        if isinstance(item, MemberMeetup) and item.meetup_id == meetup_id
    }
    wanted = {(MemberMeetup.collection(row.member_id), row.agenda_at) for row in rows if row.state in LISTED}
    assert own == wanted
    assert not [row for row in rows if row.state not in LISTED and row.agenda_at]
