"""What hosting earns: once, when someone else who was there says that the host was."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import events
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import cancelling, checking_in
from chalicelib.domain.meetups.codes import code_of
from chalicelib.domain.recognition import hosting, merit, statement
from chalicelib.gateways import clock, ids
from chalicelib.models.attendance import Attendance
from chalicelib.models.journal import JournalEntry
from chalicelib.models.ledger import Account, LedgerEntry
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests.factories import a_caller
from tests.meetups import Coffee, details

MARCH = datetime(2026, 3, 2, 18, tzinfo=UTC)


def seen(host, by, *, meetup=None, starts_at=MARCH, after=timedelta(minutes=5), voice="member", who=None):
    return events.PresenceAttested(
        organization_id="org_1", actor_id=by, at=starts_at + after, meetup_id=meetup or ids.new("mtg"),
        host_id=host, member_id=who or host, attested_by=by, by_host=False, starts_at=starts_at,
        beneficiary_voice=voice,
    )  # fmt: skip


def balance(member_id):
    (account,) = load(Account.key(member_id))
    return int(account.balance) if account else 0


def lines(member_id):
    found = LedgerEntry.of_member(member_id, Page(100)).items
    return [(entry.amount, entry.reason, entry.rule) for entry in reversed(found)]


@pytest.fixture
def host():
    return ids.new("mem")


def test_a_host_whom_someone_saw_earns_one_merit(host, announced):
    hosting.earn(seen(host, ids.new("mem")))

    assert lines(host) == [(1, "hosted", "hosting@1")]
    assert balance(host) == statement.recount(host) == 1
    assert announced() == ["merit.earned.v1"]


def test_once_a_meetup_however_often_and_by_whomever_it_is_told(host, stored):
    meetup, first = ids.new("mtg"), ids.new("mem")
    told = seen(host, first, meetup=meetup)
    hosting.earn(told)
    before = stored()

    hosting.earn(told)
    hosting.earn(seen(host, first, meetup=meetup, after=timedelta(hours=1)))
    hosting.earn(seen(host, ids.new("mem"), meetup=meetup))

    assert stored() == before


def test_whoever_else_was_there_earns_nothing(host):
    someone = ids.new("mem")

    hosting.earn(seen(host, host, who=someone))

    assert (lines(someone), lines(host)) == ([], [])


def test_nobody_earns_by_their_own_word(host):
    hosting.earn(seen(host, host))

    assert (lines(host), balance(host)) == ([(0, "self_attested", "hosting@1")], 0)


def test_who_hosts_with_the_voice_of_an_organization_earns_none(host):
    hosting.earn(seen(host, ids.new("mem"), voice="staff"))

    assert (lines(host), balance(host)) == ([(0, "staff_earn_none", "hosting@1")], 0)


def test_one_persons_word_counts_three_times_in_thirty_days(host):
    friend = ids.new("mem")
    for day in (0, 7, 14, 21, 30):
        hosting.earn(seen(host, friend, starts_at=MARCH + timedelta(days=day)))

    assert [amount for amount, _, _ in lines(host)] == [1, 1, 1, 0, 1]
    assert balance(host) == statement.recount(host) == 4


def test_thanks_and_hosting_count_together_between_two_people(host):
    friend = ids.new("mem")
    for day in range(3):
        given = events.ThanksGiven(
            organization_id="org_1", actor_id=friend, at=MARCH - timedelta(days=day), thanks_id=f"thx_{day}",
            round=1, object_kind="message", object_id=ids.new("msg"), beneficiary_id=host,
            beneficiary_voice="member",
        )  # fmt: skip
        merit.earn(given)

    hosting.earn(seen(host, friend))

    assert (0, "pair_limit", "hosting@1") in lines(host)
    assert balance(host) == 3


def test_what_one_persons_word_no_more_earns_anothers_does_once_a_meetup(host, announced):
    friend, other, third = ids.new("mem"), ids.new("mem"), ids.new("mem")
    for day in range(3):
        hosting.earn(seen(host, friend, starts_at=MARCH + timedelta(days=day)))
    meetup, fourth = ids.new("mtg"), MARCH + timedelta(days=4)
    told = [seen(host, by, meetup=meetup, starts_at=fourth) for by in (friend, other, third)]

    for event in (*told, *told):
        hosting.earn(event)

    assert [line[:2] for line in lines(host)[3:]] in (
        [(0, "pair_limit"), (1, "hosted")],
        [(1, "hosted"), (0, "pair_limit")],  # they are of the same moment
    )
    assert balance(host) == statement.recount(host) == 4
    assert announced() == ["merit.earned.v1"] * 4


def test_whoever_of_several_is_told_of_first_a_meetup_earns_once(host):
    friend, meetup, fourth = ids.new("mem"), ids.new("mtg"), MARCH + timedelta(days=4)
    witnesses = [friend, ids.new("mem"), ids.new("mem")]
    for order in itertools.permutations(range(3)):
        someone = ids.new("mem")
        for day in range(3):
            hosting.earn(seen(someone, friend, starts_at=MARCH + timedelta(days=day)))
        told = [seen(someone, by, meetup=meetup, starts_at=fourth) for by in witnesses]
        for one in (*order, *order):
            hosting.earn(told[one])

        assert (balance(someone), statement.recount(someone)) == (4, 4)


def test_staff_whom_many_saw_read_once_that_it_earns_none(host):
    meetup = ids.new("mtg")
    for _ in range(3):
        hosting.earn(seen(host, ids.new("mem"), meetup=meetup, voice="staff"))

    assert lines(host) == [(0, "staff_earn_none", "hosting@1")]


def test_what_is_told_in_any_order_ends_the_same(host):
    meetups = [ids.new("mtg") for _ in range(3)]
    ends = set()
    for order in itertools.permutations(meetups):
        someone, friend = ids.new("mem"), ids.new("mem")
        for meetup in (*order, *order):
            hosting.earn(seen(someone, friend, meetup=meetup))
        ends.add((balance(someone), statement.recount(someone)))

    assert ends == {(3, 3)}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_statement_says_what_it_was_for(host, language):
    hosting.earn(seen(host, ids.new("mem")))

    told = statement.read(Caller(member_id=host, language=language), Page(10))

    (line,) = told.items
    assert line.explanation in (
        "You hosted a meetup, attested by someone who was there.",
        "Vous avez organisé une rencontre, ce qu’atteste quelqu’un qui y était.",
    )
    assert (line.object["kind"], line.text, line.thanks_id) == ("meetup", None, None)
    assert told.beside == {"balance": 1}


def test_it_costs_two_calls(host, calls):
    hosting.earn(seen(host, ids.new("mem")))

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]


@pytest.fixture
def coffee(time_passes):
    coffee = Coffee(seats=8)
    for name in ("ana", "bo"):
        coffee.says(name)
    time_passes(days=2, hours=23, minutes=30)
    return coffee


def check_in(coffee, by, whom, *, with_code=True):
    code = code_of(coffee.id, a_caller(whom).member_id) if with_code else None
    checking_in.check_in(a_caller(by), *coffee.this, a_caller(whom).member_id, code=code)


def tell_all():
    """What was announced of who was there, handed to the ledger, twice."""
    found = [one for one in JournalEntry.scan() if one.detail_type == events.PresenceAttested.detail_type()]
    for entry in (*found, *found):
        hosting.earn(events.PresenceAttested.from_detail(entry.detail))


def started(coffee):
    meetup = coffee.meetup
    return events.MeetupStarted(
        organization_id=coffee.hub.id, actor_id=meetup.host_id, meetup_id=meetup.id, host_id=meetup.host_id,
        ends_at=meetup.ends_at,
    )  # fmt: skip


def merit_of_hana(coffee):
    tell_all()
    return balance(coffee.hana.member_id)


def test_seen_before_the_start_it_is_earned_at_the_start(coffee, time_passes):
    check_in(coffee, "ana", "hana")
    before = merit_of_hana(coffee)
    time_passes(minutes=31)

    for _ in range(2):
        hosting.earn_for_before(started(coffee))

    assert (before, merit_of_hana(coffee)) == (0, 1)
    assert lines(coffee.hana.member_id) == [(1, "hosted", "hosting@1")]


@pytest.mark.parametrize("early", [True, False])
def test_where_the_first_who_says_so_counts_no_more_the_next_does(coffee, time_passes, early):
    for _ in range(3):
        hosting.earn(seen(coffee.hana.member_id, a_caller("ana").member_id, starts_at=clock.now()))
    if not early:
        time_passes(minutes=31)
    for name in ("ana", "bo"):
        check_in(coffee, name, "hana")
    if early:
        time_passes(minutes=31)

    for _ in range(2):
        hosting.earn_for_before(started(coffee))
        assert merit_of_hana(coffee) == statement.recount(coffee.hana.member_id) == 4


def test_up_to_five_are_told_of_who_say_that_a_host_was_there_and_one_of_anyone_else(coffee, time_passes):
    names = [f"guest-{number}" for number in range(6)]
    coffee = Coffee(seats=8, slug="potager")
    for name in names:
        coffee.says(name)
    time_passes(days=3, minutes=1)
    for name in names:
        check_in(coffee, name, "hana")
    for name in names[1:]:
        check_in(coffee, name, names[0])

    told = [one["member_id"] for one in details("presence.attested")]
    assert told.count(coffee.hana.member_id) == 5
    assert told.count(a_caller(names[0]).member_id) == 1
    assert load(Attendance.key(coffee.id))[0].came == 7


def test_what_is_cancelled_in_its_last_hour_earns_nothing(coffee, time_passes):
    check_in(coffee, "ana", "hana")
    cancelling.cancel(coffee.hana, *coffee.this, reason="Le café est fermé.")
    time_passes(hours=1)

    assert merit_of_hana(coffee) == 0


def test_seen_after_the_start_it_is_earned_at_once_and_only_once(coffee, time_passes):
    time_passes(minutes=31)
    hosting.earn_for_before(started(coffee))
    check_in(coffee, "hana", "ana")

    assert merit_of_hana(coffee) == 1
    hosting.earn_for_before(started(coffee))
    check_in(coffee, "bo", "hana")
    assert merit_of_hana(coffee) == statement.recount(coffee.hana.member_id) == 1


def test_a_host_who_says_who_came_earns_nothing_by_their_own_word(coffee, time_passes):
    time_passes(minutes=31)
    for name in ("ana", "bo"):
        check_in(coffee, "hana", name, with_code=False)
    check_in(coffee, "ana", "bo")
    hosting.earn_for_before(started(coffee))

    assert merit_of_hana(coffee) == 0
    assert balance(a_caller("ana").member_id) == 0
