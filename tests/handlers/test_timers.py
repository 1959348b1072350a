"""Deadlines: set once what they are for has happened, and harmless whenever they ring."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import errors, events, helping, limits, questions
from chalicelib.gateways import clock, timers
from chalicelib.handlers.consumers import deadlines as deadlines_consumer
from chalicelib.handlers.consumers import timers as timers_consumer
from chalicelib.models.journal import JournalEntry
from tests import faults, queues
from tests.questions import Story, must_add_up
from tests.schedules import schedules


@pytest.fixture
def story(time_passes, timers_queue):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def announced(kind):
    """The latest event of this kind."""
    entries = [entry for entry in JournalEntry.scan() if entry.detail_type == kind.detail_type()]
    return kind.from_detail(max(entries, key=lambda entry: entry.sk).detail)


def tell(*happened):
    return queues.deliver("set_deadlines", *map(queues.envelope, happened))


def ring(*bodies):
    return queues.deliver(
        "ring_timers", *(body if isinstance(body, str) else json.dumps(body) for body in bodies)
    )


def test_a_claim_sets_the_timer_of_its_lease_at_its_end(story, sent):
    story.claimed()

    assert tell(announced(events.QuestionClaimed)) == []

    ((body, delay),) = sent
    assert body["timer"] == "lease"
    assert 110 <= delay <= 120
    assert body["detail"] == {
        "organization_id": story.hub.id,
        "question_id": story.id,
        "claim_token": story.question.claim_token,
    }


def test_what_is_more_than_a_quarter_of_an_hour_away_is_scheduled_once_in_utc_and_leaves_nothing(story):
    asked = announced(events.QuestionAsked)

    assert tell(asked, asked) == []

    (schedule,) = schedules().values()
    due = (asked.at + timedelta(days=30)).astimezone(UTC)
    assert schedule["ScheduleExpression"] == f"at({due:%Y-%m-%dT%H:%M:%S})"
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert json.loads(schedule["Target"]["Input"])["timer"] == "expiry"


@pytest.mark.parametrize(
    ("seconds", "delay"), [(-5, 0), (0, 0), (0.2, 1), (899.5, 900), (900, 900), (900.5, None), (10**7, None)]
)
def test_a_quarter_of_an_hour_is_what_a_queue_can_wait(sent, monkeypatch, seconds, delay):
    now = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)

    timers.set_for(now + timedelta(seconds=seconds), "lease", "a-name", {})

    assert [kept for _, kept in sent] == ([] if delay is None else [delay])
    assert len(schedules()) == (1 if delay is None else 0)


def test_every_deadline_of_a_whole_story_fits_what_schedules_are_called(story, sent):
    story.comes_to("handing_over")
    proposal = announced(events.HandOverProposed)
    questions.decline(story.noor, *story.this)
    story.finished()
    answered = announced(events.QuestionAnswered)
    story.helped("no")

    everything = [announced(events.QuestionAsked), proposal, answered, announced(events.QuestionReopened)]
    assert tell(*everything) == []

    assert all(len(name) <= 64 for name in [*schedules(), *(body["name"] for body, _ in sent)])
    assert len(schedules()) == 3  # two rounds' ends and the silence after an answer


def test_an_agreed_wait_rings_at_the_return_and_two_minutes_later(story, sent):
    until = clock.now() + timedelta(hours=6)
    helping.pause(story.lea, story.hub.id, until=until)
    story.comes_to("handing_over")
    proposal_id = story.question.hand_over["id"]
    questions.wait(story.sam, *story.this, proposal_id=proposal_id, agrees=True)

    assert tell(announced(events.HandOverProposed), announced(events.HandOverAwaited)) == []

    assert [body["name"] for body, _ in sent] == [proposal_id]  # what the asker has to say so
    assert sorted(schedules()) == [f"due-{proposal_id}", f"wait-{proposal_id}"]
    assert all(len(name) <= 64 for name in schedules())


def test_a_wait_that_is_over_soon_rings_through_the_queue(story, sent):
    helping.pause(story.lea, story.hub.id, until=clock.now() + timedelta(minutes=10))
    story.comes_to("handing_over")
    questions.wait(story.sam, *story.this, proposal_id=story.question.hand_over["id"], agrees=True)

    assert tell(announced(events.HandOverAwaited)) == []

    assert [body["timer"] for body, _ in sent] == ["hand_over_due", "hand_over"]


@pytest.mark.parametrize("late", [0, 60])
def test_whoever_is_awaited_is_called_back_when_they_are_there(story, late):
    until = clock.now() + timedelta(hours=6)
    helping.pause(story.lea, story.hub.id, until=until)
    story.comes_to("handing_over")
    proposal_id = story.question.hand_over["id"]
    questions.wait(story.sam, *story.this, proposal_id=proposal_id, agrees=True)
    story.time_passes(hours=6, seconds=late + 1)
    here = {"organization_id": story.hub.id, "question_id": story.id, "proposal_id": proposal_id}

    assert ring(timer("hand_over_due", until, **here), timer("hand_over_due", until, **here)) == []

    assert announced(events.HandOverDue).to == story.lea.member_id


def test_an_answer_after_a_block_has_a_silence_of_its_own(story):
    story.comes_to("answered")
    first = announced(events.QuestionAnswered)
    questions.block(story.sam, *story.this, story.noor.member_id)
    story.claimed(by=story.lea)
    story.says(story.lea)
    questions.answered(story.lea, *story.this)
    second = announced(events.QuestionAnswered)

    assert tell(first, first, second) == []

    assert (first.round, second.round, len(schedules())) == (1, 1, 2)


@pytest.mark.parametrize(
    ("refusal", "given_back"),
    [
        (errors.Busy(), [0]),
        (errors.Unavailable(), [0]),
        (limits.TooManyRequests(limit=1, window=60, retry_after=1), [0]),
        (questions.QuestionNotFound(), []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_timer_that_is_refused_for_now_rings_again(monkeypatch, refusal, given_back):
    def refuse(**_):
        raise refusal

    monkeypatch.setattr(timers_consumer, "TIMERS", {"lease": refuse})

    assert ring(timer("lease", clock.now() - timedelta(seconds=1))) == given_back


def test_it_subscribes_to_all_that_has_an_end():
    assert {
        events.QuestionAsked,
        events.QuestionReopened,
        events.QuestionClaimed,
        events.HandOverProposed,
        events.QuestionAnswered,
        events.HelperSpoke,
        events.WaitBegun,
    } <= set(deadlines_consumer.SUBSCRIPTIONS)


def timer(kind, due, **detail):
    return {"timer": kind, "name": "a-name", "due": due.isoformat(), "detail": detail}


def test_what_rings_does_what_is_due(story, sent):
    story.claimed()
    tell(announced(events.QuestionClaimed))
    story.time_passes(seconds=121)

    assert ring(sent[0][0]) == []

    assert story.state == "open"


def test_a_timer_that_rings_twice_does_it_once(story, sent):
    story.claimed()
    tell(announced(events.QuestionClaimed))
    story.time_passes(seconds=121)
    ring(sent[0][0], sent[0][0])
    version = story.question.version

    ring(sent[0][0])

    assert (story.state, story.question.version) == ("open", version)


def test_a_timer_that_rings_early_is_set_again(story, sent):
    story.claimed()
    tell(announced(events.QuestionClaimed))

    assert ring(sent[0][0]) == []

    assert story.state == "claimed"
    assert sent[1][0] == sent[0][0]
    assert sent[1][1] > 100


@pytest.mark.parametrize(
    ("kind", "state", "after", "becomes"),
    [
        ("silence", "answered", {"hours": 73}, "closed_unconfirmed"),
        ("expiry", "open", {"days": 31}, "expired"),
        ("expiry", "in_progress", {"days": 31}, "expired"),
    ],
)
def test_rounds_end_and_silence_ends(story, kind, state, after, becomes):
    story.comes_to(state)
    due = clock.now()
    story.time_passes(**after)

    assert ring(timer(kind, due, organization_id=story.hub.id, question_id=story.id, round=1)) == []

    assert story.state == becomes


def test_a_proposal_ends(story):
    story.comes_to("handing_over")
    proposal_id, due = story.question.hand_over["id"], clock.now()
    story.time_passes(minutes=3)
    told = timer(
        "hand_over", due, organization_id=story.hub.id, question_id=story.id, proposal_id=proposal_id
    )

    assert ring(told) == []

    assert story.state == "in_progress"


@pytest.mark.parametrize(
    "broken",
    [
        "not json",
        "[]",
        "{}",
        json.dumps({"timer": "imagined", "name": "n", "due": "2026-11-20T08:30:00+00:00", "detail": {}}),
        json.dumps({"timer": "lease", "name": "n", "due": "tomorrow", "detail": {}}),
        json.dumps({"timer": "lease", "name": "n", "due": "2020-11-20T08:30:00+00:00", "detail": {"a": 1}}),
    ],
)
def test_what_is_no_timer_of_ours_is_parked_and_holds_back_no_other(story, broken):
    story.comes_to("answered")
    due = clock.now()
    story.time_passes(hours=73)
    good = timer("silence", due, organization_id=story.hub.id, question_id=story.id, round=1)

    assert ring(broken, good) == [0]

    assert story.state == "closed_unconfirmed"


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_process_that_dies_at_a_timer_leaves_it_to_the_next_delivery(story, call, fault):
    story.comes_to("answered")
    due = clock.now()
    story.time_passes(hours=73)
    told = timer("silence", due, organization_id=story.hub.id, question_id=story.id, round=1)
    with faults.installed() as injector:
        injector.fail(call, fault)
        with pytest.raises(faults.Crash):
            ring(told)

    assert ring(told) == []

    assert story.state == "closed_unconfirmed"


ENDS = {
    "resolved": events.QuestionResolved,
    "closed_unconfirmed": events.QuestionClosedUnconfirmed,
    "withdrawn": events.QuestionWithdrawn,
    "merged": events.QuestionMerged,
    "expired": events.QuestionExpired,
}


@pytest.mark.parametrize("state", ENDS)
def test_whatever_way_a_question_is_closed_the_end_of_its_words_is_scheduled(story, state):
    story.comes_to(state)
    closed = announced(ENDS[state])

    assert tell(closed, closed) == []

    (schedule,) = schedules().values()
    due = story.question.kept_until.astimezone(UTC)
    told = json.loads(schedule["Target"]["Input"])
    assert schedule["ScheduleExpression"] == f"at({due:%Y-%m-%dT%H:%M:%S})"
    assert told["timer"] == "words"
    assert datetime.fromisoformat(told["due"]) == due
    assert len(schedule["Name"]) <= 64


def test_words_are_gone_once_their_timer_rings_and_not_when_it_rings_early(story, sent):
    story.comes_to("resolved")
    tell(announced(events.QuestionResolved))
    (schedule,) = schedules().values()
    body = schedule["Target"]["Input"]

    assert ring(body) == []
    assert story.question.text is not None
    story.time_passes(days=366)
    assert ring(body, body) == []

    assert (story.question.text, story.state) == (None, "resolved")


def test_a_question_opened_again_before_its_end_was_told_gets_no_such_timer(story):
    story.comes_to("resolved")
    questions.reopen(story.sam, *story.this)

    assert tell(announced(events.QuestionResolved)) == []

    assert schedules() == {}


def test_every_kind_of_timer_has_a_starter():
    kinds = {"lease", "hand_over", "silence", "expiry", "words", "wave", "unseen", "wait"}
    assert kinds <= set(timers_consumer.TIMERS)
