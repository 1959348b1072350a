"""Whatever people do, in whatever order, and however time passes: seats, line and lists add up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.domain import errors, events, meetups
from chalicelib.domain.meetups import losing, revising
from chalicelib.gateways import clock
from chalicelib.models import tables
from chalicelib.models.journal import JournalEntry
from tests.factories import a_caller
from tests.histories import histories
from tests.meetups import Coffee, details, must_add_up

PEOPLE = ["awa", "bob", "cleo", "dina", "eve", "finn"]
MOVES = [
    "come", "come", "come", "come_with_two", "decline", "be_interested", "answer_for", "remove", "undo",
    "lapse", "lose", "raise", "lower", "overbook", "close", "open", "hours", "night", "days",
]  # fmt: skip

a_move = st.tuples(st.sampled_from(MOVES), st.sampled_from(PEOPLE))


def play(  # noqa: C901 - one line for each move
    coffee, move, name, forward
):
    """One move of someone: many are refused, as they should be."""
    someone = a_caller(name)
    if move in ("hours", "night", "days"):
        forward({"hours": timedelta(hours=3), "night": timedelta(hours=9), "days": timedelta(days=1)}[move])
    elif move in ("come", "come_with_two"):
        coffee.says(name, party=1 if move == "come" else 2)
    elif move in ("decline", "be_interested"):
        coffee.says(name, "declined" if move == "decline" else "interested")
    elif move == "answer_for":
        meetups.answer_for(coffee.hana, *coffee.this, someone.member_id, says="declined")
    elif move == "remove":
        meetups.remove(coffee.hana, *coffee.this, someone.member_id, reason="Une raison sérieuse.")
    elif move == "undo":
        meetups.undo(someone, *coffee.this)
    elif move == "lapse" and coffee.rsvp(name) is not None:
        meetups.lapse(*coffee.this, someone.member_id, coffee.rsvp(name).offer_id or "none")
    elif move == "lose":
        losing.lose_everywhere(someone.member_id, cause="erased")
    elif move in ("raise", "lower", "overbook"):
        seats = coffee.seats.capacity + (1 if move == "raise" else -1)
        change(coffee, capacity=max(1, seats), overbook=move == "overbook")
    elif move in ("close", "open"):
        meetup = coffee.meetup
        change(coffee, rsvp_closes_at=clock.now() if move == "close" else meetup.starts_at)


def change(coffee, **given):
    revising.revise(coffee.hana, *coffee.this, version=int(coffee.meetup.version), **given)


def settle(coffee):
    """Have what was announced for the line done, as its consumer does."""
    for detail in details("seats.freed"):
        meetups.pass_on(events.SeatsFreed.from_detail(detail))


@pytest.mark.plain
@histories(6)
@given(moves=st.lists(a_move, min_size=10, max_size=28))
def test_whatever_people_do_seats_line_and_lists_add_up(moves):
    real, ahead = clock.now, [timedelta()]

    def forward(by):
        ahead[0] += by

    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: real() + ahead[0])
        for table in (tables.CommunityItem, tables.MessageItem, JournalEntry, tables.LiveItem):
            table.create_table(wait=False)
        coffee = Coffee(seats=3, ahead=timedelta(days=2, hours=6))
        overbooked = False
        for move, name in moves:
            try:
                play(coffee, move, name, forward)
            except errors.Refusal:
                continue
            finally:
                settle(coffee)
                overbooked = coffee.seats.taken > coffee.seats.capacity
                must_add_up(*coffee.this, overbooked=overbooked)
