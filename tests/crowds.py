"""Many people at a meetup, written as the use cases write them, without the ceremony of each."""

from __future__ import annotations

from chalicelib.domain.meetups.seating import Seating
from chalicelib.gateways import clock
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Meetup, Seats
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.tables import load

AT_ONCE = 15


def a_crowd(coffee, count, state="going", *, party=1, called="crowd"):
    """So many people in this state; who they are, in the order in which they came."""
    people = [f"mem_{called}_{number:04d}" for number in range(count)]
    for start in range(0, count, AT_ONCE):
        meetup, seats = load(Meetup.key(*coffee.this), Seats.key(coffee.id))
        seating = Seating(meetup, seats, now=clock.now(), actor_id=meetup.host_id)
        for member_id in people[start : start + AT_ONCE]:
            rsvp = Rsvp.of(meetup, member_id, at=clock.now())
            if state == "waitlisted":
                seating.to_the_line(rsvp, party=party)
            else:
                seating.turn(rsvp, state, party=party)
        with changes() as change:
            seating.write(change)
    return people
