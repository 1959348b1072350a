"""The merit ledger, told of thanks in every order, as often as queues may."""

from __future__ import annotations

import ast
import contextlib
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.domain import events
from chalicelib.domain.callers import Caller
from chalicelib.domain.recognition import merit, rules, statement
from chalicelib.gateways import ids
from chalicelib.models.changes import Overtaken
from chalicelib.models.ledger import Account, LedgerEntry, PairWindow
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import faults
from tests.histories import histories

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Thanks:
    """One member's thanks for one message of another, and what is told of them."""

    def __init__(self, *, giver=None, beneficiary=None, voice="member"):
        self.giver = giver or ids.new("mem")
        self.beneficiary = beneficiary or ids.new("mem")
        self.voice = voice
        self.message_id = ids.new("msg")

    def given(self, round_=1, at=MARCH, **told):
        return events.ThanksGiven(at=at, beneficiary_voice=self.voice, **self._told(round_), **told)

    def withdrawn(self, round_=1, at=MARCH, after=timedelta(hours=1)):
        return events.ThanksWithdrawn(at=at + after, given_at=at, **self._told(round_))

    def _told(self, round_):
        return {
            "organization_id": "org_1",
            "actor_id": self.giver,
            "thanks_id": f"thx_{self.message_id}",
            "round": round_,
            "object_kind": "message",
            "object_id": self.message_id,
            "beneficiary_id": self.beneficiary,
        }


def tell(*told):
    for event in told:
        (merit.earn if isinstance(event, events.ThanksGiven) else merit.reverse)(event)


def balance(member_id):
    (account,) = load(Account.key(member_id))
    return account.balance if account else 0


def lines(member_id):
    found = LedgerEntry.of_member(member_id, Page(100)).items
    return [(entry.movement, entry.amount, entry.reason) for entry in reversed(found)]


def test_thanks_earn_one_merit(announced):
    thanks = Thanks()

    tell(thanks.given())

    assert balance(thanks.beneficiary) == statement.recount(thanks.beneficiary) == 1
    assert lines(thanks.beneficiary) == [("earn", 1, "thanked")]
    assert announced() == ["merit.earned.v1"]


def test_the_giver_earns_nothing():
    thanks = Thanks()

    tell(thanks.given())

    assert (balance(thanks.giver), lines(thanks.giver)) == (0, [])


def test_told_again_it_changes_nothing(stored):
    thanks = Thanks()
    given, withdrawn = thanks.given(), thanks.withdrawn()
    tell(given, withdrawn)
    before = stored()

    tell(given, withdrawn, withdrawn, given)

    assert stored() == before
    assert balance(thanks.beneficiary) == 0


def test_told_again_by_another_event_it_is_found(stored):
    thanks = Thanks()
    tell(thanks.given(), thanks.withdrawn())
    before = stored()

    tell(thanks.given(), thanks.withdrawn(), thanks.withdrawn(after=timedelta(days=2)))

    assert stored() == before


def test_withdrawn_before_they_are_told_they_earn_nothing(announced):
    thanks = Thanks()

    tell(thanks.withdrawn(), thanks.given())

    assert balance(thanks.beneficiary) == statement.recount(thanks.beneficiary) == 0
    assert lines(thanks.beneficiary) == [("earn", 0, "withdrawn_first")]
    assert announced() == []


def distinct_orders(log):
    orders = itertools.permutations(range(len(log)))
    return {tuple(log[position] for position in order) for order in orders}


def forget_everything():
    """moto copies whole tables at every transaction: many stories in one test are told one at a time."""
    for table in dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].tables.values():
        table.items.clear()


@pytest.mark.parametrize(
    ("log", "final"),
    [
        (["given 1", "withdrawn 1", "given 2", "given 1", "withdrawn 1"], 1),
        (["given 1", "withdrawn 1", "given 2", "withdrawn 2"], 0),
    ],
)
def test_every_order_of_deliveries_and_repetitions_ends_the_same(log, final):
    orders = distinct_orders(log)

    ends = set()
    for order in orders:
        forget_everything()
        thanks = Thanks()
        told = {
            name: getattr(thanks, name.split()[0])(round_, MARCH + timedelta(days=round_))
            for name in log
            for round_ in [int(name.split()[1])]
        }
        tell(*(told[name] for name in order))
        ends.add((balance(thanks.beneficiary), statement.recount(thanks.beneficiary)))

    assert ends == {(final, final)}


def test_what_goes_is_what_had_come_whatever_the_rule_says_by_now(monkeypatch):
    thanks = Thanks()
    tell(thanks.given())
    generous = rules.Rule(
        name="thanks@2", since=MARCH + timedelta(minutes=1), merit=5, most_per_pair=3, period=timedelta(30)
    )
    monkeypatch.setattr(rules, "THANKS", [*rules.THANKS, generous])

    tell(thanks.withdrawn(), thanks.given())

    assert lines(thanks.beneficiary) == [("earn", 1, "thanked"), ("reverse", -1, "withdrawn")]
    assert balance(thanks.beneficiary) == 0


def test_a_new_rule_holds_for_what_is_attested_from_its_day_on(monkeypatch):
    generous = rules.Rule(
        name="thanks@2", since=MARCH + timedelta(1), merit=5, most_per_pair=3, period=timedelta(30)
    )
    monkeypatch.setattr(rules, "THANKS", [*rules.THANKS, generous])
    one, other = Thanks(), Thanks()

    tell(one.given(at=MARCH), other.given(at=MARCH + timedelta(1)))

    assert (balance(one.beneficiary), balance(other.beneficiary)) == (1, 5)


@pytest.mark.parametrize("voice", ["champion", "partner", "member"])
def test_only_the_voice_of_staff_earns_nothing(voice):
    thanks = Thanks(voice=voice)

    tell(thanks.given())

    assert balance(thanks.beneficiary) == 1


def test_staff_earn_nothing_and_owe_nothing_when_it_is_withdrawn(announced):
    thanks = Thanks(voice="staff")

    tell(thanks.given(), thanks.withdrawn())

    assert lines(thanks.beneficiary) == [("earn", 0, "staff_earn_none"), ("reverse", 0, "withdrawn")]
    assert balance(thanks.beneficiary) == 0
    assert announced() == []


def test_nobody_earns_by_their_own_word():
    someone = ids.new("mem")
    thanks = Thanks(giver=someone, beneficiary=someone)

    tell(thanks.given())

    assert lines(someone) == [("earn", 0, "self_attested")]
    assert balance(someone) == 0


def between(giver, beneficiary, *days):
    return [
        Thanks(giver=giver, beneficiary=beneficiary).given(at=MARCH + timedelta(days=day)) for day in days
    ]


def amounts(member_id):
    return [amount for _, amount, _ in lines(member_id)]


@pytest.mark.parametrize(
    ("days", "earned"),
    [
        ([0, 1, 2, 3], [1, 1, 1, 0]),
        ([0, 1, 29.9], [1, 1, 1]),
        ([0, 1, 2, 29.9], [1, 1, 1, 0]),
        ([0, 1, 2, 30], [1, 1, 1, 1]),
        ([0, 10, 20, 30, 31, 40], [1, 1, 1, 1, 0, 1]),
        ([0, 0, 0, 0, 0], [1, 1, 1, 0, 0]),
    ],
)
def test_one_persons_thanks_count_three_times_in_thirty_days(days, earned):
    giver, beneficiary = ids.new("mem"), ids.new("mem")

    tell(*between(giver, beneficiary, *days))

    assert sorted(amounts(beneficiary)) == sorted(earned)
    assert balance(beneficiary) == sum(earned)


def test_late_deliveries_do_not_get_round_the_limit():
    giver, beneficiary = ids.new("mem"), ids.new("mem")

    tell(*between(giver, beneficiary, 40, 35, 30, 25, 10))

    assert amounts(beneficiary) == [1, 0, 1, 1, 1]  # by the day they were given
    assert balance(beneficiary) == 4


def test_the_limit_is_between_two_people_and_one_way():
    giver, beneficiary = ids.new("mem"), ids.new("mem")
    tell(*between(giver, beneficiary, 0, 1, 2, 3))

    tell(*between(ids.new("mem"), beneficiary, 4), *between(beneficiary, giver, 4))

    assert (balance(beneficiary), balance(giver)) == (4, 1)


def test_withdrawn_thanks_leave_their_place_to_others():
    giver, beneficiary = ids.new("mem"), ids.new("mem")
    withdrawn = Thanks(giver=giver, beneficiary=beneficiary)
    tell(*between(giver, beneficiary, 0, 1), withdrawn.given(at=MARCH + timedelta(2)))

    tell(withdrawn.withdrawn(at=MARCH + timedelta(2)), *between(giver, beneficiary, 3, 4))

    assert balance(beneficiary) == statement.recount(beneficiary) == 3


def test_thanks_beyond_the_limit_take_nothing_with_them():
    giver, beneficiary = ids.new("mem"), ids.new("mem")
    beyond = Thanks(giver=giver, beneficiary=beneficiary)
    tell(*between(giver, beneficiary, 0, 0, 0), beyond.given())

    tell(beyond.withdrawn())

    assert balance(beneficiary) == 3


def test_a_window_does_not_grow_for_ever():
    giver, beneficiary = ids.new("mem"), ids.new("mem")

    tell(*between(giver, beneficiary, *range(0, 220, 11)))

    (window,) = load(PairWindow.key(giver, beneficiary))
    assert len(window.earned) <= 7
    assert balance(beneficiary) == statement.recount(beneficiary)


@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("moment", ["earn", "reverse", "reverse first"])
def test_whatever_fails_a_second_delivery_ends_it_as_once(moment, call, fault, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    thanks = Thanks()
    told = [thanks.withdrawn()] if moment == "reverse first" else [thanks.given(), thanks.withdrawn()]
    last = told.pop(0) if moment == "earn" else told.pop()
    tell(*(told if moment == "reverse" else []))

    with faults.installed() as injector:
        injector.fail(call, fault)
        with contextlib.suppress(faults.Crash):
            tell(last)
    tell(last)

    expected = {"earn": [1], "reverse": [1, -1], "reverse first": [0]}[moment]
    assert amounts(thanks.beneficiary) == expected
    assert balance(thanks.beneficiary) == sum(expected)


def test_two_deliveries_at_once_write_one_line(monkeypatch):
    thanks = Thanks()
    given = thanks.given()
    meanwhile = iter([True])

    def load_then_be_overtaken(*keys):
        found = load(*keys)
        if next(meanwhile, False):
            tell(given)
        return found

    monkeypatch.setattr(merit, "load", load_then_be_overtaken)
    tell(given)

    assert lines(thanks.beneficiary) == [("earn", 1, "thanked")]
    assert balance(thanks.beneficiary) == 1


def test_withdrawn_while_it_is_being_told_it_ends_at_nothing(monkeypatch):
    thanks = Thanks()
    meanwhile = iter([True])

    def load_then_be_overtaken(*keys):
        found = load(*keys)
        if next(meanwhile, False):
            tell(thanks.withdrawn())
        return found

    monkeypatch.setattr(merit, "load", load_then_be_overtaken)
    tell(thanks.given())

    assert balance(thanks.beneficiary) == statement.recount(thanks.beneficiary) == 0


def test_thanks_told_at_once_stay_within_the_limit(monkeypatch):
    giver, beneficiary = ids.new("mem"), ids.new("mem")
    tell(*between(giver, beneficiary, 0, 1))
    meanwhile = iter([True])

    def load_then_be_overtaken(*keys):
        found = load(*keys)
        if next(meanwhile, False):
            tell(*between(giver, beneficiary, 2))
        return found

    monkeypatch.setattr(merit, "load", load_then_be_overtaken)
    tell(*between(giver, beneficiary, 2))

    assert balance(beneficiary) == statement.recount(beneficiary) == 3


def test_overtaken_again_and_again_it_goes_back_to_the_queue(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    thanks = Thanks()
    with faults.installed() as injector:
        attempts = itertools.count(1)

        def refuse(event):
            next(attempts)
            raise Overtaken

        monkeypatch.setattr(merit, "_once", refuse)
        with pytest.raises(Overtaken):
            tell(thanks.given())

    assert injector.trace.count("dynamodb.BatchGetItem") == 12


def test_a_line_costs_two_calls(calls):
    thanks = Thanks()

    tell(thanks.given(), thanks.withdrawn())

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"] * 2


@histories(10)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(1, 2)), max_size=8))
def test_the_balance_is_the_sum_of_its_lines_after_any_history(history):
    forget_everything()
    giver, beneficiary = ids.new("mem"), ids.new("mem")
    messages = [Thanks(giver=giver, beneficiary=beneficiary) for _ in range(4)]

    for is_given, message, round_ in history:
        at = MARCH + timedelta(days=round_, hours=message)
        thanks = messages[message]
        tell(thanks.given(round_, at) if is_given else thanks.withdrawn(round_, at))

    (window,) = load(PairWindow.key(giver, beneficiary))
    standing = len(window.earned) if window else 0
    assert balance(beneficiary) == statement.recount(beneficiary) == standing
    assert 0 <= balance(beneficiary) <= 3


def test_a_statement_is_read_in_two_calls_in_the_readers_language(calls):
    thanks = Thanks()
    tell(thanks.given(), thanks.withdrawn(), thanks.given(2, MARCH + timedelta(days=1)))
    statement.read(
        Caller(member_id=thanks.beneficiary, language="fr"), Page(1)
    )  # a first call makes a member
    calls.clear()

    told = statement.read(Caller(member_id=thanks.beneficiary, language="fr"), Page(2))

    assert calls == ["dynamodb.Query", "dynamodb.BatchGetItem"]
    assert told.beside == {"balance": 1}
    assert [line.amount for line in told.items] == [1, -1]
    assert [line.explanation for line in told.items] == [
        "Quelqu’un vous a dit merci pour ceci.",
        "Ce merci a été repris : ce qu’il avait rapporté part avec lui.",
    ]
    assert told.last is not None


@pytest.mark.plain
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_reason_has_its_words(language):
    assert all(reason[language] for reason in rules.REASONS.values())


@pytest.mark.plain
def test_nothing_but_the_statement_reads_a_balance():
    """Law: no permission, queue, rank, order or waitlist reads merit."""
    root = Path(merit.__file__).parents[2]

    readers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "chalicelib.models.ledger")
        or (isinstance(node, ast.Attribute) and node.attr == "balance")
    }

    assert readers == {"domain/recognition/merit.py", "domain/recognition/statement.py", "models/ledger.py"}


def test_guests_of_whom_nothing_is_proven_count_as_one_giver_however_many_names_they_take():
    beneficiary = ids.new("mem")
    nobodies = [Thanks(giver=ids.new("gst"), beneficiary=beneficiary) for _ in range(5)]
    proven = Thanks(giver=ids.new("gst"), beneficiary=beneficiary)

    tell(*(thanks.given(giver_is_verified=False) for thanks in nobodies))
    tell(proven.given())

    reasons = [reason for _, _, reason in lines(beneficiary)]
    assert sorted(reasons) == ["pair_limit"] * 2 + ["thanked"] * 4
    assert balance(beneficiary) == 4
