"""Who is told of a question, when, why, and never twice."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import events, helping, questions, routing
from chalicelib.domain.errors import Refusal
from chalicelib.domain.live import presence
from chalicelib.domain.routing import candidates, running
from chalicelib.domain.standing import FollowersOnly
from chalicelib.gateways import clock, timers
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from chalicelib.models.helping import HelperCard, Volunteering, about
from chalicelib.models.journal import JournalEntry
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.presence import Presence
from chalicelib.models.questions import Question
from chalicelib.models.tables import CommunityItem, LiveItem, load
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_volunteer, an_organization
from tests.histories import histories

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alarms(monkeypatch):
    """What the alarm clocks were set for, as `(due, detail)`."""
    rung = []
    monkeypatch.setattr(timers, "set_for", lambda due, kind, name, detail: rung.append((due, detail)))
    return rung


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Sets the clock; it is noon."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOON)
    return set_to


@pytest.fixture
def amid_the_next_wave(monkeypatch):
    """Has something happen between what the next wave reads and what it writes."""
    read, waiting = candidates.load, []

    def read_and_be_overtaken(*keys):
        found = read(*keys)
        if waiting:
            waiting.pop()()
        return found

    monkeypatch.setattr(candidates, "load", read_and_be_overtaken)
    return waiting.append


def there(*callers, state="active"):
    """Have these people present."""
    for caller in callers:
        presence.renew(caller.member_id, f"connection-of-{caller.member_id}", state=state)


def gone(caller, **renewed):
    if renewed:
        presence.renew(caller.member_id, f"connection-of-{caller.member_id}", **renewed)
    presence.leave(caller.member_id, f"connection-of-{caller.member_id}")


def asked(hub, *topics, by="alix"):
    """A question that someone asks."""
    seen = questions.ask(a_caller(by), hub.id, text="Mon frein frotte ?", topics=list(topics or ["freins"]))
    return load(Question.key(hub.id, seen.question.id))[0]


def wave(question, number, **more):
    routing.run_wave(question.organization_id, question.id, int(question.round), number, **more)


def announced_of(kind):
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [kind.from_detail(entry.detail) for entry in entries if entry.detail_type == kind.detail_type()]


def told(question):
    """Who was told of a question, and why."""
    return sorted(
        (member_id, offer.why)
        for offer in announced_of(events.QuestionOffered)
        if offer.question_id == question.id
        for member_id in offer.member_ids
    )


class TestWaves:
    def test_the_first_wave_reaches_those_on_any_of_the_topics(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["Freins"])
        ivo = a_volunteer("ivo", hub, topics=["roues"])
        lea = a_volunteer("lea", hub, topics=["cadre"], all_topics=True)
        there(noor, ivo, lea)

        question = asked(hub, "freins", "roues", "selle")
        wave(question, 0)

        assert told(question) == sorted([(noor.member_id, "topic"), (ivo.member_id, "topic")])

    def test_the_second_reaches_those_who_help_with_anything(self):
        hub = an_organization()
        noor, lea = a_volunteer("noor", hub, topics=["roues"]), a_volunteer("lea", hub, all_topics=True)
        tom = a_follower("tom", hub)
        there(noor, lea, tom)

        question = asked(hub, "cadre")
        wave(question, 1)

        assert told(question) == [(lea.member_id, "follower")]

    def test_the_third_reaches_staff_who_are_there(self):
        hub = an_organization()
        there(a_volunteer("noor", hub))
        mia, away = a_host("mia", hub, role="staff"), a_host("zoe", hub, role="staff")
        for name in ("mia", "zoe"):
            a_volunteer(name, hub, topics=["autre"])
        there(mia)

        question = asked(hub, "cadre")
        wave(question, 2)

        assert told(question) == [(mia.member_id, "on_duty")]
        assert away.member_id not in dict(told(question))

    def test_who_is_staff_no_more_is_not_on_duty(self):
        hub = an_organization()
        mia = a_host("mia", hub, role="staff")
        a_volunteer("mia", hub)
        there(mia)
        (membership,) = load(Membership.key(hub.id, mia.member_id))
        with changes() as change:
            change.edit(membership, role="none", voice="member")

        question = asked(hub, "cadre")
        wave(question, 2)

        assert told(question) == []

    def test_the_last_promises_whoever_asked_that_they_will_be_written_to_once_a_round(self):
        hub = an_organization()
        question = asked(hub)

        wave(question, 3)
        wave(question, 3)

        (promise,) = announced_of(events.AnswerPromised)
        assert (promise.asker_id, promise.round) == (question.asker_id, 1)
        assert load(Question.key(hub.id, question.id))[0].wave == 3

    def test_everyone_in_a_wave_is_told_at_once(self):
        hub = an_organization()
        crowd = [a_volunteer(f"v{n}", hub) for n in range(5)]
        there(*crowd)

        question = asked(hub)
        wave(question, 0)

        (offered,) = announced_of(events.QuestionOffered)
        assert sorted(offered.member_ids) == sorted(caller.member_id for caller in crowd)

    @pytest.mark.parametrize("number", [0, 1, 2, 3])
    def test_a_question_that_somebody_took_is_offered_no_more(self, number, stored):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub, all_topics=True), a_volunteer("ivo", hub, all_topics=True)
        there(noor, ivo)
        question = asked(hub)
        questions.claim(noor, hub.id, question.id)
        before = stored()

        wave(question, number)

        assert stored() == before

    @pytest.mark.parametrize("number", [0, 3])
    def test_a_wave_of_an_earlier_round_does_nothing(self, number, stored):
        hub = an_organization()
        there(a_volunteer("noor", hub))
        question = asked(hub)
        question.round = 2
        before = stored()

        wave(question, number)

        assert stored() == before

    def test_a_wave_of_no_question_does_nothing(self, stored):
        before = stored()

        routing.run_wave("org_1", "qst_1", 1, 0)

        assert stored() == before

    def test_an_early_or_late_wave_never_makes_the_question_look_less_far(self):
        hub = an_organization()
        question = asked(hub)

        wave(question, 2)
        wave(question, 1)

        assert load(Question.key(hub.id, question.id))[0].wave == 2

    def test_someone_takes_it_while_the_wave_is_under_way(self, amid_the_next_wave):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        there(noor, ivo)
        question = asked(hub)
        amid_the_next_wave(lambda: questions.claim(noor, hub.id, question.id))
        wave(question, 0)

        assert told(question) == []


class TestWhoIsTold:
    @pytest.mark.parametrize("state", ["active", "afk", "notifiable"])
    def test_those_who_are_there_or_may_be_notified(self, state):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        if state == "notifiable":
            gone(noor, state="active", opted_in=True)
        else:
            there(noor, state=state)

        question = asked(hub)
        wave(question, 0)

        assert told(question) == [(noor.member_id, "topic")]

    def test_nobody_who_is_offline(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        there(noor)
        gone(noor)

        question = asked(hub)
        wave(question, 0)

        assert told(question) == []

    def test_nobody_twice_for_a_question_whatever_the_wave_or_the_round(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["freins", "roues"], all_topics=True)
        ivo = a_volunteer("ivo", hub)
        there(noor)
        question = asked(hub, "freins", "roues")

        for number in (0, 1, 0, 1, 2):
            wave(question, number)
        there(ivo)
        questions.claim(ivo, hub.id, question.id)
        questions.release(ivo, hub.id, question.id)
        wave(question, 0)

        assert told(question) == [(noor.member_id, "topic")]

    def test_not_whoever_asked(self):
        hub = an_organization()
        there(a_volunteer("noor", hub))

        question = asked(hub, by="noor")
        wave(question, 0)

        assert told(question) == []

    def test_not_whoever_is_blocked_with_the_asker_whichever_of_them_wanted_it(self):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        there(noor, ivo)
        alix = a_caller("alix").member_id
        with changes() as change:
            change.save(Block.of(noor.member_id, alix, by=alix, at=NOON))
            change.save(Block.of(alix, ivo.member_id, by=ivo.member_id, at=NOON))
            change.update(Apart.of(noor.member_id), *Apart.from_too({alix}))
            change.update(Apart.of(ivo.member_id), *Apart.from_too({alix}))

        question = asked(hub, by="alix")
        wave(question, 0)

        assert told(question) == []

    def test_not_whoever_gave_it_back_for_ten_minutes(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        question = asked(hub)
        questions.claim(noor, hub.id, question.id)
        questions.release(noor, hub.id, question.id)

        there(noor)
        wave(question, 0)
        assert told(question) == []
        at(NOON + timedelta(minutes=10))
        there(noor)
        wave(question, 0)
        assert told(question) == [(noor.member_id, "topic")]

    def test_not_whoever_could_not_help_in_the_round_before(self):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        question = asked(hub)
        questions.claim(noor, hub.id, question.id)
        with changes() as change:
            (held,) = load(Question.key(hub.id, question.id))
            change.edit(held, state="answered", answered_at=NOON)
        questions.confirm(a_caller("alix"), hub.id, question.id, outcome="no")
        (again,) = load(Question.key(hub.id, question.id))
        there(noor, ivo)

        wave(again, 0)

        assert told(again) == [(ivo.member_id, "topic")]

    def test_not_whoever_stopped_following_even_before_it_was_heard(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        there(noor)
        (membership,) = load(Membership.key(hub.id, noor.member_id))
        membership.delete()

        question = asked(hub)
        wave(question, 0)

        assert told(question) == []

    @pytest.mark.parametrize(
        "settings",
        [{"quiet_from": "12:30", "quiet_to": "13:30"}, {"capacity": 0}, {"daily_cap": 0}],
        ids=["quiet hours", "no room", "no pings"],
    )
    def test_not_whoever_set_that_they_are_not(self, settings):
        hub = an_organization()
        there(a_volunteer("noor", hub, **settings))

        question = asked(hub)
        wave(question, 0)

        assert told(question) == []

    def test_not_the_paused_nor_those_with_their_hands_full(self):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub, capacity=1)
        there(noor, ivo)
        helping.pause(noor, hub.id, until=None)
        questions.claim(ivo, hub.id, asked(hub, by="mila").id)

        question = asked(hub)
        wave(question, 0)

        assert told(question) == []

    def test_nobody_uses_up_a_volunteers_day(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub, daily_cap=3)
        there(noor)
        many, one = [asked(hub, by="max") for _ in range(4)], asked(hub, by="alix")

        for question in (*many, one):
            wave(question, 0)

        assert [len(told(question)) for question in (*many, one)] == [1, 1, 0, 0, 1]
        at(NOON + timedelta(days=1))
        there(noor)
        wave(many[2], 0)
        assert len(told(many[2])) == 1

    def test_no_more_than_their_daily_cap_on_their_own_clock(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub, daily_cap=2)
        there(noor)
        asked_today = [asked(hub, by=f"asker{n}") for n in range(3)]

        for question in asked_today:
            wave(question, 0)
        assert [len(told(question)) for question in asked_today] == [1, 1, 0]

        at(datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
        there(noor)
        wave(asked_today[2], 0)
        assert told(asked_today[2]) == []
        at(datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
        there(noor)
        wave(asked_today[2], 0)
        assert told(asked_today[2]) == [(noor.member_id, "topic")]

    @pytest.mark.parametrize(
        ("cap", "pinged"), [(1, None), (2, timedelta(hours=-1)), (1, timedelta(days=-1))]
    )
    def test_two_waves_at_once_keep_to_the_cap_together(self, cap, pinged, at, amid_the_next_wave):
        hub = an_organization()
        noor = a_volunteer("noor", hub, daily_cap=cap)
        if pinged is not None:
            at(NOON + pinged)
            there(noor)
            wave(asked(hub), 0)
            at(NOON)
        there(noor)
        first, second = asked(hub), asked(hub)

        amid_the_next_wave(lambda: wave(second, 0))
        wave(first, 0)

        assert (len(told(first)), len(told(second))) == (0, 1)

    @pytest.mark.parametrize(
        "decide",
        [
            lambda noor, hub: helping.pause(noor, hub.id, until=None),
            lambda noor, hub: a_volunteer("noor", hub, quiet_from="12:00", quiet_to="14:00"),
            lambda noor, hub: a_volunteer("noor", hub, topics=["roues"]),
        ],
        ids=["a pause", "quiet hours", "another topic"],
    )
    def test_what_volunteers_decide_is_heeded_even_by_a_wave_under_way(self, decide, amid_the_next_wave):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        there(noor, ivo)
        question = asked(hub)

        amid_the_next_wave(lambda: decide(noor, hub))
        wave(question, 0)

        assert told(question) == [(ivo.member_id, "topic")]

    @pytest.mark.parametrize("mode", ["net-after", "crash-before", "crash-after"])
    def test_whatever_breaks_everyone_is_told_once(self, mode):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        there(noor)
        question = asked(hub)

        with faults.installed() as injector:
            injector.fail("TransactWriteItems", mode)
            try:
                wave(question, 0)
            except faults.Crash:
                wave(question, 0)

        assert told(question) == [(noor.member_id, "topic")]
        assert load(HelperCard.key(hub.id, noor.member_id))[0].pings == 1


class TestBeginning:
    def test_the_first_wave_runs_at_once_and_the_others_in_their_time(self, alarms):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        there(noor)
        question = asked(hub)
        (event,) = announced_of(events.QuestionAsked)

        routing.begin(event)

        assert told(question) == [(noor.member_id, "topic")]
        assert [(due - NOON, detail["wave"]) for due, detail in alarms] == [
            (timedelta(seconds=60), 1), (timedelta(minutes=5), 2), (timedelta(minutes=30), 3),
        ]  # fmt: skip

    def test_what_rings_runs_the_wave_that_it_was_set_for(self, alarms):
        hub = an_organization()
        lea = a_volunteer("lea", hub, topics=[], all_topics=True)
        there(lea)
        question = asked(hub)
        routing.begin(announced_of(events.QuestionAsked)[0])

        for _, detail in alarms:
            routing.run_wave(**detail)

        assert told(question) == [(lea.member_id, "follower")]
        assert len(announced_of(events.AnswerPromised)) == 1

    def test_a_question_that_returns_is_offered_to_whoever_came_meanwhile(self):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        question = asked(hub)
        questions.claim(noor, hub.id, question.id)
        there(noor, ivo)
        questions.release(noor, hub.id, question.id)

        routing.begin(announced_of(events.QuestionReturned)[0])

        assert told(question) == [(ivo.member_id, "topic")]


class TestWaiting:
    def waiting(self, caller, hub, page=None):
        return [
            (found.question_id, found.why)
            for found in routing.waiting_for(caller, hub.id, page or Page(50)).items
        ]

    def test_whoever_comes_back_sees_what_waits_for_them_oldest_first_and_why(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["freins"], all_topics=True)
        first = asked(hub, "cadre")
        at(NOON + timedelta(seconds=1))
        second = asked(hub, "Freins")

        assert self.waiting(noor, hub) == [(first.id, "follower"), (second.id, "topic")]

    def test_only_what_concerns_them(self):
        hub = an_organization()
        noor, tom = a_volunteer("noor", hub), a_follower("tom", hub)
        mia = a_host("mia", hub)
        a_volunteer("mia", hub, topics=["autre"])
        question = asked(hub, "roues")

        assert self.waiting(noor, hub) == self.waiting(tom, hub) == []
        assert self.waiting(mia, hub) == [(question.id, "on_duty")]

    def test_not_ones_own_nor_those_of_someone_blocked_nor_what_one_gave_back(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        asked(hub, by="noor")
        with changes() as change:
            change.save(Block.of(noor.member_id, a_caller("mila").member_id, by="x", at=NOON))
            change.update(Apart.of(noor.member_id), *Apart.from_too({a_caller("mila").member_id}))
        asked(hub, by="mila")
        back = asked(hub)
        questions.claim(noor, hub.id, back.id)
        questions.release(noor, hub.id, back.id)

        assert self.waiting(noor, hub) == []

    def test_nothing_while_they_are_paused_or_have_no_room(self):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub, capacity=1)
        first = asked(hub)
        question = asked(hub)
        helping.pause(noor, hub.id, until=None)
        questions.claim(ivo, hub.id, first.id)

        assert self.waiting(noor, hub) == self.waiting(ivo, hub) == []
        helping.resume(noor, hub.id)
        assert self.waiting(noor, hub) == [(question.id, "topic")]

    def test_having_been_told_before_hides_nothing(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        there(noor)
        question = asked(hub)
        wave(question, 0)

        assert self.waiting(noor, hub) == [(question.id, "topic")]

    def test_what_was_taken_waits_no_more(self):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        question = asked(hub)
        questions.claim(ivo, hub.id, question.id)

        assert self.waiting(noor, hub) == []

    def test_page_after_page(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        waiting = []
        for n in range(3):
            at(NOON + timedelta(seconds=n))
            waiting.append(asked(hub).id)

        first = routing.waiting_for(noor, hub.id, Page(2))
        rest = routing.waiting_for(noor, hub.id, Page(2, first.last))

        assert [found.question_id for found in (*first.items, *rest.items)] == waiting
        assert rest.last is None

    def test_for_followers(self):
        hub = an_organization()

        with pytest.raises(FollowersOnly):
            routing.waiting_for(a_caller("tom"), hub.id, Page())

    @pytest.mark.parametrize("waiting", [0, 60])
    def test_it_takes_three_reads_however_much_waits(self, waiting, calls):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        for _ in range(waiting):
            asked(hub)
        calls.clear()

        routing.waiting_for(noor, hub.id, Page(50))

        assert calls == ["dynamodb.Query", "dynamodb.Query", "dynamodb.BatchGetItem"]


def a_crowd(hub, size, *, every=1):
    """So many volunteers on brakes, without the ceremony of arriving; who of them is there."""
    people = [f"mem_{n:05}" for n in range(size)]
    present = people[::every] if every else []
    until = int(NOON.timestamp()) + 600
    with CommunityItem.batch_write() as batch:
        for who in people:
            batch.save(Volunteering.of(hub.id, about("freins"), who))
        for who in present:
            batch.save(Membership.starting(hub.id, who, role="none", voice="member", at=NOON))
            batch.save(Member.arriving(who, name=who, language="fr", time_zone="Europe/Paris", at=NOON))
            card = HelperCard.of(hub.id, who)
            card.topics, card.version = ["freins"], 1
            batch.save(card)
    with LiveItem.batch_write() as batch:
        for who in present:
            connection = {"c": {"until": until, "active_until": until, "notified": True}}
            batch.save(Presence.of(who, connections=connection, expires_at=until))
    return present


class TestCrowds:
    @pytest.mark.parametrize(
        ("size", "every", "pages", "transactions"), [(30, 1, 1, 1), (60, 1, 1, 2), (300, 5, 4, 4)]
    )
    def test_the_calls_of_a_wave_grow_with_its_pages_only(self, size, every, pages, transactions, calls):
        hub = an_organization()
        present = a_crowd(hub, size, every=every)
        question = asked(hub)
        calls.clear()

        wave(question, 0)

        made = [calls.count(f"dynamodb.{name}") for name in ("Query", "TransactWriteItems", "BatchGetItem")]
        assert made[:2] == [pages, transactions]
        assert made[2] <= 1 + pages + 3 * transactions
        assert sum(made) == len(calls)
        assert [member_id for member_id, _ in told(question)] == present
        assert all(len(offer.member_ids) <= 100 for offer in announced_of(events.QuestionOffered))

    def test_whoever_is_away_costs_nothing_but_being_looked_for(self, calls):
        hub = an_organization()
        a_crowd(hub, 99, every=None)
        question = asked(hub)
        calls.clear()

        wave(question, 0)

        assert calls == ["dynamodb.BatchGetItem", *["dynamodb.Query", "dynamodb.BatchGetItem"] * 2]

    def test_a_long_wave_goes_on_by_itself_where_it_stopped(self, monkeypatch, alarms):
        monkeypatch.setattr(running, "PAGE", 4)
        monkeypatch.setattr(running, "PAGES_AT_ONCE", 2)
        hub = an_organization()
        people = a_crowd(hub, 21)
        question = asked(hub, "roues", "freins")

        wave(question, 0)
        assert len(told(question)) == 8
        for _, detail in alarms:
            routing.run_wave(**detail)

        assert [member_id for member_id, _ in told(question)] == people
        assert len(alarms) == 2


class History:
    """A few people and what they do; whatever is offered is held to the rules at that very moment."""

    numbers = itertools.count()

    def __init__(self):
        number = next(self.numbers)
        self.now = NOON
        self.hub = an_organization(f"hub-{number}")
        self.people = [a_volunteer(f"h{number}-{n}", self.hub) for n in range(3)]
        self.set = [{"daily_cap": 5, "quiet_from": None, "quiet_to": None} for _ in self.people]
        self.there_until, self.paused = {}, set()
        self.questions, self.claimed = [], {}
        self.told, self.today = set(), {}
        self.heard = set()

    def do(self, step, who, value):
        getattr(self, step)(who, value)
        if step in ("offer", "claim", "release"):
            self.check()

    def wait(self, who, value):
        self.now += timedelta(minutes=[0.5, 90, 240, 600][value])

    def arrive(self, who, value):
        there(self.people[who])
        self.there_until[who] = self.now + presence.LEASE

    def go(self, who, value):
        gone(self.people[who])
        self.there_until.pop(who, None)

    def pause(self, who, value):
        helping.pause(self.people[who], self.hub.id, until=None)
        self.paused.add(who)

    def resume(self, who, value):
        helping.resume(self.people[who], self.hub.id)
        self.paused.discard(who)

    def arrange(self, who, value):
        quiet = [(None, None), ("12:00", "14:00"), ("21:00", "08:00"), (None, None)][value]
        self.set[who] = {"daily_cap": value, "quiet_from": quiet[0], "quiet_to": quiet[1]}
        a_volunteer_again = {"topics": ["freins"], "all_topics": value > 1, "capacity": 1 + value}
        helping.set_up(self.people[who], self.hub.id, **a_volunteer_again, **self.set[who])

    def ask(self, who, value):
        seen = questions.ask(self.people[who], self.hub.id, text="Comment ?", topics=["freins"])
        self.questions.append((seen.question.id, self.people[who].member_id))

    def offer(self, who, value):
        if self.questions:
            routing.run_wave(self.hub.id, self.questions[who % len(self.questions)][0], 1, value)

    def claim(self, who, value):
        if self.questions:
            question_id = self.questions[value % len(self.questions)][0]
            try:
                questions.claim(self.people[who], self.hub.id, question_id)
            except Refusal:
                return
            self.claimed.setdefault(question_id, set()).add(self.people[who].member_id)

    def release(self, who, value):
        if self.questions:
            try:
                questions.release(
                    self.people[who], self.hub.id, self.questions[value % len(self.questions)][0]
                )
            except Refusal:
                return

    def check(self):
        for entry in JournalEntry.query(f"ORG#{self.hub.id}"):
            if entry.detail_type == events.QuestionOffered.detail_type() and entry.sk not in self.heard:
                self.heard.add(entry.sk)
                for member_id in entry.detail["member_ids"]:
                    self.may_be_told(member_id, entry.detail["question_id"])
        for question_id, _ in self.questions:
            helper_id = load(Question.key(self.hub.id, question_id))[0].helper_id
            assert helper_id is None or helper_id in self.claimed[question_id], "assigned to who took nothing"

    def may_be_told(self, member_id, question_id):
        who = [caller.member_id for caller in self.people].index(member_id)
        local = self.now + timedelta(hours=1)
        hour, day = f"{local:%H:%M}", (who, local.date())
        assert self.now < self.there_until.get(who, self.now), "offline"
        assert who not in self.paused, "paused"
        assert (question_id, member_id) not in self.questions, "their own question"
        assert (who, question_id) not in self.told, "twice"
        self.told.add((who, question_id))
        self.today[day] = self.today.get(day, 0) + 1
        rules = self.set[who]
        assert self.today[day] <= rules["daily_cap"], "beyond the daily cap"
        if rules["quiet_from"] == "12:00":
            assert not "12:00" <= hour < "14:00", "in quiet hours"
        if rules["quiet_from"] == "21:00":
            assert "08:00" <= hour < "21:00", "in quiet hours"


STEPS = [
    "wait", "arrive", "arrive", "go", "pause", "resume", "arrange", "ask", "offer", "offer", "claim",
    "release",
]  # fmt: skip


@histories(5)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 3)), min_size=8, max_size=16
    )
)
def test_nobody_offline_is_assigned_nobody_is_pinged_twice_or_in_quiet_hours_or_beyond_their_cap(steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timers, "set_for", lambda *_: None)
        patch.setattr(clock, "now", lambda: NOON)
        history = History()
        patch.setattr(clock, "now", lambda: history.now)
        for who in range(3):
            history.do("arrive", who, 0)
        history.do("ask", 0, 0)

        for step, who, value in steps:
            history.do(step, who, value)
