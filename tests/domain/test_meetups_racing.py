"""Everyone at once: seats never oversold, nobody overtaken, every count right at every instant."""

from __future__ import annotations

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain import announcements, errors, meetups
from chalicelib.domain.meetups import losing, revising, standpoints
from chalicelib.models.meetups import Meetup
from tests import faults
from tests.factories import a_caller
from tests.meetups import Coffee, details, must_hold_now, rsvps, told

CROWD = [f"p{n:02}" for n in range(40)]
"""A hundred come at once over HTTP, in the ring on the local cloud."""


def at_once(acts, coffee, *, people=12):
    """Let all of these happen at once, one AWS call at a time; look between any two transactions."""
    with faults.installed() as injector, ThreadPoolExecutor(people) as pool:
        injector.watch = lambda: must_hold_now(*coffee.this)
        return list(pool.map(lambda act: act(), acts))


def coming(coffee, name, party=1):
    return lambda: meetups.answered(
        meetups.answer(a_caller(name), *coffee.this, says="going", party=party)
    )  # fmt: skip


def raised_by(coffee, seats):
    meetup = coffee.meetup
    revising.revise(
        coffee.hana, *coffee.this, version=int(meetup.version), capacity=coffee.seats.capacity + seats
    )  # fmt: skip


def nobody_overtook(coffee):
    """Nobody waits while someone from behind them has a seat: but who was passed over for their size."""
    passed_over = {member_id for detail in details("parties.skipped") for member_id in detail["member_ids"]}
    waiting = [
        rsvp.number
        for rsvp in rsvps(coffee.id)
        if rsvp.state == "waitlisted" and rsvp.member_id not in passed_over
    ]
    promoted = [detail["number"] for detail in details("rsvp.promoted")]
    return not waiting or not promoted or max(promoted) < min(waiting)


def test_forty_at_once_on_twelve_seats():
    coffee = Coffee(seats=12)
    coffee.follows(*CROWD)

    answers = at_once([coming(coffee, name) for name in CROWD], coffee)

    assert sorted(answer.state for answer in answers) == ["going"] * 12 + ["waitlisted"] * 28
    waiting = sorted((a for a in answers if a.state == "waitlisted"), key=lambda a: a.rsvp.number)
    assert [answer.position for answer in waiting] == list(range(1, 29))
    assert [answer.rsvp.member_id for answer in waiting] == coffee.line()
    assert (coffee.seats.taken, told("seat.taken"), told("rsvp.waitlisted")) == (12, 12, 28)
    coffee.must_add_up()


@pytest.mark.parametrize("seed", range(3))
def test_leaves_removals_a_raise_and_an_erasure_race_with_newcomers(seed):
    chance = random.Random(seed)  # noqa: S311 - a history, not a secret
    coffee = Coffee(seats=8)
    first = CROWD[:20]
    for name in first:
        coffee.says(name)
    newcomers = CROWD[20:26]
    coffee.follows(*newcomers)
    going = [name for name in first if coffee.state(name) == "going"]
    left = chance.sample(first, 6)
    removed, erased = chance.sample([name for name in going if name not in left], 2)

    acts = [coming(coffee, name) for name in newcomers]
    acts += [lambda name=name: meetups.answer(a_caller(name), *coffee.this, says="declined") for name in left]
    acts.append(
        lambda: meetups.remove(
            coffee.hana, *coffee.this, a_caller(removed).member_id, reason="Une raison sérieuse."
        )
    )
    acts.append(lambda: losing.lose_everywhere(a_caller(erased).member_id, cause="erased"))
    acts.append(lambda: raised_by(coffee, 4))
    chance.shuffle(acts)
    at_once(acts, coffee, people=8)

    assert coffee.seats.taken == coffee.seats.capacity == 12
    assert nobody_overtook(coffee)
    assert all(coffee.state(name) == "declined" for name in (*left, removed, erased))
    coffee.must_add_up()


FAULTS = ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
CAUSES = {
    "self": lambda coffee: coffee.says("awa", "declined"),
    "removed": lambda coffee: meetups.remove(
        coffee.hana, *coffee.this, a_caller("awa").member_id, reason="Une raison sérieuse."
    ),
    "host": lambda coffee: meetups.answer_for(
        coffee.hana, *coffee.this, a_caller("awa").member_id, says="declined"
    ),
    "erased": lambda coffee: losing.lose_everywhere(a_caller("awa").member_id, cause="erased"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_whatever_call_dies_while_a_seat_is_passed_on_it_is_passed_on_once(cause, fault):
    """Every AWS call of it, one after the other: then the request again, then the sweep."""
    for call in range(1, calls_of(cause) + 1):
        coffee = full(f"hub-{call}")
        with faults.installed() as injector:
            injector.fail(call, fault)
            try:
                CAUSES[cause](coffee)
            except (faults.Crash, ClientError, BotoCoreError, PynamoDBException):
                injector.plan.clear()
                CAUSES[cause](coffee)
        announcements.sweep()

        assert coffee.states("awa", "bob", "cleo", "dina") == ["declined", "going", "going", "waitlisted"]
        mine = [told for told in details("rsvp.promoted") if told["meetup_id"] == coffee.id]
        assert [told["member_id"] for told in mine] == [a_caller("cleo").member_id]
        coffee.must_add_up()


@pytest.mark.parametrize("again", range(1, 4))
@pytest.mark.parametrize("call", range(1, 4))
def test_a_seat_is_passed_on_once_though_the_process_dies_again_while_it_recovers(call, again):
    coffee = full("cyclofil")
    for nth in (call, again):
        with faults.installed() as injector:
            injector.fail(nth, "crash-after")
            with contextlib.suppress(faults.Crash):
                CAUSES["self"](coffee)
    CAUSES["self"](coffee)

    assert coffee.states("awa", "bob", "cleo", "dina") == ["declined", "going", "going", "waitlisted"]
    assert told("rsvp.promoted") == 1
    coffee.must_add_up()


def full(slug):
    coffee = Coffee(seats=2, slug=slug)
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    return coffee


def calls_of(cause):
    coffee = full("measured")
    with faults.installed() as injector:
        CAUSES[cause](coffee)
        return len(injector.trace)


def test_an_answer_takes_one_read_and_one_transaction_and_a_look_at_the_line_when_it_moves(calls):
    coffee = Coffee(seats=2)
    coffee.follows("awa", "bob", "cleo")
    costs = {}
    for name, says in (("awa", "going"), ("bob", "going"), ("cleo", "going"), ("awa", "declined")):
        calls.clear()
        meetups.answered(meetups.answer(a_caller(name), *coffee.this, says=says))
        costs[name, says] = list(calls)

    read, line, write = "dynamodb.BatchGetItem", "dynamodb.Query", "dynamodb.TransactWriteItems"
    assert costs == {
        ("awa", "going"): [read, write],
        ("bob", "going"): [read, write],
        ("cleo", "going"): [read, write],
        ("awa", "declined"): [read, line, write],
    }


ACTS = {
    "comes": lambda c: c.says("eve"),
    "comes with two": lambda c: c.says("eve", party=2),
    "leaves": lambda c: c.says("awa", "declined"),
    "leaves the line": lambda c: c.says("cleo", "declined"),
    "brings fewer": lambda c: c.says("bob", party=1),
    "is removed": CAUSES["removed"],
    "is answered for": lambda c: meetups.answer_for(
        c.hana, *c.this, a_caller("cleo").member_id, says="interested"
    ),
    "is erased": lambda c: losing.lose_everywhere(a_caller("bob").member_id, cause="erased"),
    "raise": lambda c: raised_by(c, 1),
}  # fmt: skip


@pytest.mark.parametrize("other", ACTS)
@pytest.mark.parametrize("one", ACTS)
def test_whatever_happens_between_the_reading_and_the_writing_of_something_both_are_done(
    one, other, monkeypatch
):
    """One of the two reads, the other one happens whole, and the first decides again on what is."""
    coffee = Coffee(seats=3)
    for name, party in (("awa", 1), ("bob", 2), ("cleo", 1), ("dina", 2)):
        coffee.says(name, party=party)
    coffee.follows("eve")
    look, met = standpoints.load, []

    def between(*keys):
        found = look(*keys)
        if isinstance(found[0], Meetup):
            monkeypatch.setattr(standpoints, "load", look)
            met.append(done(ACTS[other], coffee))
        return found

    monkeypatch.setattr(standpoints, "load", between)
    met.append(done(ACTS[one], coffee))

    assert len(met) == 2
    assert nobody_overtook(coffee)
    coffee.must_add_up()


def done(act, coffee):
    """What an act comes to; one that the other act left nothing to do is refused in words."""
    try:
        return act(coffee)
    except errors.Refusal as refused:
        return refused.code()
