"""A meetup goes on by the clock: each step is written once, whenever it rings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import errors, events
from chalicelib.domain.meetups import cancelling, lifecycle, revising
from chalicelib.gateways import clock
from chalicelib.models import meetups as models
from tests import faults
from tests.meetups import Coffee, details, told

STEPS = ["rsvp_closed", "meetup.started", "meetup.ended", "meetup.recapped"]


@pytest.fixture
def coffee(time_passes):
    """One that starts in three days, lasts two hours, and takes answers until an hour before."""
    now = clock.now()
    return Coffee(ahead=timedelta(days=3), rsvp_closes_at=now + timedelta(days=3, hours=-1))


def steps():
    return [told(name) for name in ("rsvp.closed", *STEPS[1:])]


@pytest.mark.parametrize(
    ("passed", "state", "announced"),
    [
        ({"days": 2, "hours": 22, "minutes": 59}, "published", [0, 0, 0, 0]),
        ({"days": 2, "hours": 23, "minutes": 1}, "rsvp_closed", [1, 0, 0, 0]),
        ({"days": 3, "minutes": 1}, "started", [1, 1, 0, 0]),
        ({"days": 3, "hours": 2, "minutes": 1}, "ended", [1, 1, 1, 0]),
        ({"days": 5, "hours": 1, "minutes": 59}, "ended", [1, 1, 1, 0]),
        ({"days": 5, "hours": 2, "minutes": 1}, "recapped", [1, 1, 1, 1]),
    ],
)
def test_whenever_it_rings_the_clock_decides_and_what_was_missed_is_made_on_the_way(
    coffee, time_passes, passed, state, announced
):
    time_passes(**passed)

    lifecycle.go_on(*coffee.this)
    lifecycle.go_on(*coffee.this)

    assert (coffee.meetup.state, steps()) == (state, announced)
    assert (coffee.meetup.recapped_at is not None) == (state == "recapped")


def test_step_by_step_each_is_announced_once_with_what_follows_from_it(coffee, time_passes):
    for passed in ({"days": 2, "hours": 23, "minutes": 1}, {"hours": 1}, {"hours": 2}, {"hours": 48}):
        time_passes(**passed)
        lifecycle.go_on(*coffee.this)
        lifecycle.go_on(*coffee.this)

    assert steps() == [1, 1, 1, 1]
    meetup = coffee.meetup
    (started,), (ended,) = details("meetup.started"), details("meetup.ended")
    assert events.MeetupStarted.from_detail(started).ends_at == meetup.ends_at
    assert events.MeetupEnded.from_detail(ended).ended_at == meetup.ends_at
    coffee.must_add_up()


def test_a_cancelled_meetup_goes_nowhere(coffee, time_passes):
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")
    time_passes(days=9)

    lifecycle.go_on(*coffee.this)

    assert (coffee.meetup.state, steps()) == ("cancelled", [0, 0, 0, 0])


def test_a_draft_goes_nowhere(time_passes):
    coffee = Coffee(draft=True)
    time_passes(days=9)

    lifecycle.go_on(*coffee.this)

    assert (coffee.meetup.state, steps()) == ("draft", [0, 0, 0, 0])


def test_a_date_that_was_moved_has_its_old_timers_do_nothing(coffee, time_passes):
    meetup = coffee.meetup
    week = timedelta(days=7)
    revising.revise(
        coffee.hana, *coffee.this, version=meetup.version, starts_at=meetup.starts_at + week,
        ends_at=meetup.ends_at + week, rsvp_closes_at=meetup.rsvp_closes_at + week,
    )  # fmt: skip
    time_passes(days=3, minutes=1)

    lifecycle.go_on(*coffee.this)

    assert (coffee.meetup.state, steps()) == ("published", [0, 0, 0, 0])


def test_a_meetup_that_is_gone_is_nothing_to_go_on_with(coffee):
    lifecycle.go_on(coffee.hub.id, "mtg_00000000000000000000000000")

    assert steps() == [0, 0, 0, 0]


def test_whoever_edits_what_they_read_before_it_closed_is_told_that_it_changed(coffee, time_passes):
    read = coffee.meetup.version
    time_passes(days=2, hours=23, minutes=1)
    lifecycle.go_on(*coffee.this)

    with pytest.raises(errors.ChangedMeanwhile):
        revising.revise(coffee.hana, *coffee.this, version=read, title="Autre chose")


def test_a_cancellation_at_the_same_instant_and_a_start_leave_one_of_both(coffee, time_passes, monkeypatch):
    time_passes(days=2, hours=23, minutes=1)
    look = lifecycle.load

    def cancelled_meanwhile(*keys):
        found = look(*keys)
        monkeypatch.setattr(lifecycle, "load", look)
        cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")
        return found

    monkeypatch.setattr(lifecycle, "load", cancelled_meanwhile)

    lifecycle.go_on(*coffee.this)

    assert (coffee.meetup.state, steps()) == ("cancelled", [0, 0, 0, 0])


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_process_that_dies_leaves_the_step_to_the_next_ringing(coffee, time_passes, call, fault):
    time_passes(days=3, minutes=1)
    with faults.installed() as injector:
        injector.fail(call, fault)
        with pytest.raises(faults.Crash):
            lifecycle.go_on(*coffee.this)

    lifecycle.go_on(*coffee.this)

    assert (coffee.meetup.state, steps()) == ("started", [1, 1, 0, 0])


def test_every_state_by_the_clock_is_one_of_the_states_that_models_know():
    assert set(lifecycle.BY_THE_CLOCK) == (models.AHEAD | models.BEGUN) - {"draft"}
