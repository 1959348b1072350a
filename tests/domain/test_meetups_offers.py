"""Seats that come free near the start: offered for a while, then announced to whoever is quick."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import meetups
from chalicelib.domain.meetups import cancelling
from chalicelib.gateways import clock
from tests.factories import a_caller
from tests.meetups import Coffee, details, told


def near(hours, *, seats=2):
    """A full coffee so many hours ahead, with two who wait."""
    coffee = Coffee(seats=seats, ahead=timedelta(hours=hours))
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    return coffee


def lapse(coffee, name):
    meetups.lapse(*coffee.this, a_caller(name).member_id, coffee.rsvp(name).offer_id)


def test_a_day_ahead_a_free_seat_is_given_and_later_that_day_it_is_offered():
    further, nearer = near(24.1), Coffee(seats=1, slug="potager", ahead=timedelta(hours=23.9))
    nearer.says("awa")
    nearer.says("cleo")
    further.says("awa", "declined")
    nearer.says("awa", "declined")
    assert (further.state("cleo"), nearer.state("cleo")) == ("going", "offered")


@pytest.mark.parametrize(("hours", "held"), [(23, 6), (12.5, 6), (10, 5), (4, 2), (2.1, 1.05)])
def test_an_offer_holds_for_six_hours_or_half_of_what_is_left(hours, held):
    coffee = near(hours)
    coffee.says("awa", "declined")
    left = coffee.rsvp("cleo").offer_until - clock.now()
    assert abs(left - timedelta(hours=held)) < timedelta(seconds=20)
    coffee.must_add_up()


def test_a_seat_that_is_offered_counts_as_taken():
    coffee = near(10)
    coffee.says("awa", "declined")
    assert (coffee.seats.taken, coffee.seats.free) == (2, 0)
    assert coffee.says("eve") == "waitlisted"
    coffee.must_add_up()


def test_whoever_takes_the_offer_has_the_seat():
    coffee = near(10)
    coffee.says("awa", "declined")
    assert coffee.says("cleo") == "going"
    assert told("seat.taken") == 3
    coffee.must_add_up()


def test_whoever_declines_the_offer_passes_it_on():
    coffee = near(10)
    coffee.says("awa", "declined")
    coffee.says("cleo", "declined")
    assert coffee.states("cleo", "dina") == ["declined", "offered"]
    coffee.must_add_up()


def test_an_offer_that_nobody_answers_lapses_and_goes_on_down_the_line(time_passes):
    coffee = near(10)
    coffee.says("awa", "declined")
    offer_id = coffee.rsvp("cleo").offer_id
    time_passes(hours=5, seconds=5)
    assert coffee.state("cleo") == "lapsed"  # before anyone wrote it down

    meetups.lapse(*coffee.this, a_caller("cleo").member_id, offer_id)
    meetups.lapse(*coffee.this, a_caller("cleo").member_id, offer_id)

    assert coffee.states("cleo", "dina") == ["lapsed", "offered"]
    assert told("offer.lapsed") == 1
    coffee.must_add_up()


def test_a_timer_that_rings_early_or_for_an_earlier_offer_changes_nothing(time_passes):
    coffee = near(23)
    coffee.says("awa", "declined")
    first = coffee.rsvp("cleo").offer_id
    lapse(coffee, "cleo")
    assert coffee.state("cleo") == "offered"

    time_passes(hours=6, seconds=5)
    coffee.says("cleo")  # too late: at the end of the line, and the seat is dina's
    assert coffee.states("cleo", "dina") == ["waitlisted", "offered"]
    coffee.says("dina", "declined")
    meetups.lapse(*coffee.this, a_caller("cleo").member_id, first)

    assert coffee.state("cleo") == "offered"
    coffee.must_add_up()


def test_whoever_answers_too_late_is_back_at_the_end_of_the_line(time_passes):
    coffee = near(10)
    coffee.says("awa", "declined")
    time_passes(hours=5, seconds=5)
    assert coffee.says("cleo") == "waitlisted"
    assert (coffee.state("dina"), coffee.position("cleo")) == ("offered", 1)
    coffee.must_add_up()


def test_whoever_answers_too_late_while_nobody_else_waits_has_the_seat(time_passes):
    coffee = Coffee(seats=1, ahead=timedelta(hours=10))
    for name in ("awa", "cleo"):
        coffee.says(name)
    coffee.says("awa", "declined")
    time_passes(hours=5, seconds=5)
    assert coffee.says("cleo") == "going"
    coffee.must_add_up()


def test_an_offer_that_was_taken_does_not_lapse(time_passes):
    coffee = near(10)
    coffee.says("awa", "declined")
    offer_id = coffee.rsvp("cleo").offer_id
    coffee.says("cleo")
    time_passes(hours=6)
    meetups.lapse(*coffee.this, a_caller("cleo").member_id, offer_id)
    assert coffee.state("cleo") == "going"


def test_within_two_hours_free_seats_are_announced_and_the_first_to_take_one_has_it():
    coffee = near(1.5)
    coffee.says("awa", "declined")
    assert coffee.states("cleo", "dina") == ["waitlisted", "waitlisted"]
    (announced,) = details("seats.announced")
    assert (announced["free"], announced["up_to"]) == (1, 2)

    assert coffee.says("dina") == "going"
    assert coffee.says("cleo") == "waitlisted"
    coffee.must_add_up()


def test_whoever_joins_the_line_after_seats_were_announced_lets_the_others_go_first(time_passes):
    coffee = near(1.5)
    coffee.says("awa", "declined")
    assert coffee.says("eve") == "waitlisted"
    assert coffee.says("eve") == "waitlisted"

    time_passes(minutes=10, seconds=1)

    assert coffee.says("eve") == "going"
    coffee.must_add_up()


def test_a_newcomer_in_the_last_two_hours_simply_comes_when_nobody_waits():
    coffee = Coffee(seats=2, ahead=timedelta(hours=1))
    assert coffee.says("awa") == "going"
    coffee.must_add_up()


def test_an_offer_that_lapses_within_the_last_two_hours_is_announced(time_passes):
    coffee = near(3)
    coffee.says("awa", "declined")
    offer_id = coffee.rsvp("cleo").offer_id
    time_passes(hours=1.6)
    meetups.lapse(*coffee.this, a_caller("cleo").member_id, offer_id)
    assert coffee.states("cleo", "dina") == ["lapsed", "waitlisted"]
    assert told("seats.announced") == 1
    assert coffee.says("dina") == "going"
    coffee.must_add_up()


def test_undoing_in_the_last_two_hours_takes_the_seat_that_is_free_still():
    coffee = Coffee(seats=1, ahead=timedelta(hours=1.5))
    coffee.says("awa")
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("awa").member_id, says="declined")

    meetups.undo(a_caller("awa"), *coffee.this)

    assert coffee.state("awa") == "going"
    coffee.must_add_up()


def test_seats_are_announced_once_whatever_others_say_who_have_none():
    coffee = near(1.5, seats=2)
    coffee.says("awa", "declined")
    for says in ("interested", "declined") * 3:
        coffee.says("finn", says)
    assert told("seats.announced") == 1
    assert coffee.says("eve") == "waitlisted"
    coffee.says("gus", "interested")
    assert coffee.says("eve") == "waitlisted"  # those who were told have their ten minutes
    coffee.must_add_up()


def test_an_offer_holds_no_longer_than_one_may_answer():
    closes_at = clock.now() + timedelta(hours=1)
    coffee = Coffee(seats=1, ahead=timedelta(hours=12), rsvp_closes_at=closes_at)
    for name in ("awa", "bob"):
        coffee.says(name)
    coffee.says("awa", "declined")
    assert coffee.rsvp("bob").offer_until == closes_at


def test_whoever_is_offered_one_seat_and_asks_for_two_keeps_the_offer():
    coffee = near(20, seats=2)
    coffee.says("awa", "declined")
    with pytest.raises(meetups.NoRoomForMore):
        coffee.says("cleo", party=2)
    assert coffee.state("cleo") == "offered"
    coffee.must_add_up()


def test_an_offer_that_a_host_took_for_someone_is_offered_again_when_they_undo_it():
    coffee = near(20)
    coffee.says("awa", "declined")
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("cleo").member_id, says="going")
    meetups.undo(a_caller("cleo"), *coffee.this)
    assert coffee.state("cleo") == "offered"
    assert told("seat.offered") == 2
    coffee.must_add_up()


def test_whoever_let_an_offer_lapse_undoes_nothing_any_more(time_passes):
    coffee = near(20)
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("cleo").member_id, says="interested")
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("cleo").member_id, says="going")
    coffee.says("dina", "declined")
    coffee.says("awa", "declined")
    assert coffee.state("cleo") == "offered"
    time_passes(hours=7)
    lapse(coffee, "cleo")
    with pytest.raises(meetups.NothingToUndo):
        meetups.undo(a_caller("cleo"), *coffee.this)


def test_an_offer_of_a_cancelled_meetup_lapses_no_more(time_passes):
    coffee = near(20)
    coffee.says("awa", "declined")
    cancelling.cancel(coffee.hana, *coffee.this, reason="Le café est fermé.")
    time_passes(hours=7)
    lapse(coffee, "cleo")
    assert coffee.rsvp("cleo").state == "offered"


def test_whoever_brings_fewer_in_the_last_two_hours_may_take_what_they_fit_in():
    coffee = Coffee(seats=2, ahead=timedelta(hours=1.5))
    coffee.says("awa")
    assert coffee.says("bob", party=2) == "waitlisted"

    coffee.says("bob")

    assert coffee.says("bob") == "going"
    coffee.must_add_up()
