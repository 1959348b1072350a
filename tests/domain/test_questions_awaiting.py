"""Someone is to take over who is back later: the asker says whether they wait, their helper stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain import errors, events, following, guests, helping, questions
from chalicelib.domain.helping import moments
from chalicelib.domain.questions import places
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock
from chalicelib.models.helping import HelperCard
from chalicelib.models.journal import JournalEntry
from tests import faults, hosts
from tests.factories import a_caller
from tests.hosts import a_session, a_widget, proven
from tests.questions import Story, a_question, in_hand, must_add_up

NOON, HOUR = datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(hours=1)


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def back(story):
    """Lea takes a break of six hours."""
    return away(story, hours=6)


def away(story, **time):
    until = clock.now() + timedelta(**time)
    helping.pause(story.lea, story.hub.id, until=until)
    return until


def waits(story, agrees=True, by=None):
    proposal_id = story.question.hand_over["id"]
    return questions.wait(by or story.sam, *story.this, proposal_id=proposal_id, agrees=agrees)


def awaited(story):
    story.comes_to("handing_over")
    waits(story)
    return story


def told(name):
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [entry.detail for entry in entries if entry.detail_type == f"{name}.v1"]


def ring(story):
    questions.end_hand_over(*story.this, proposal_id=story.question.hand_over["id"])


def crossed(monkeypatch, act):
    """Let something happen between what the next use case reads and what it writes."""
    found = places.find

    def find_then(*args):
        place = found(*args)
        monkeypatch.setattr(places, "find", found)
        act()
        return place

    monkeypatch.setattr(places, "find", find_then)


# who is asked, and what they are shown


def test_whoever_asked_is_shown_when_someone_who_is_paused_comes_back(story, back):
    story.comes_to("handing_over")

    shown = questions.read(story.sam, *story.this).awaited

    assert (shown["member_id"], shown["name"]) == (story.lea.member_id, "Lea")
    assert (datetime.fromisoformat(shown["returns_at"]), shown["asker_agrees"]) == (back, None)
    assert [event["returns_at"] for event in told("hand_over.proposed")] == [back.isoformat()]
    assert questions.read(story.lea, *story.this).proposal["note"] == "Disque dégraissé, reste le câble."


def test_the_note_between_helpers_is_not_shown_with_it(story, back):
    story.comes_to("handing_over")

    read = questions.read(story.sam, *story.this)

    assert read.proposal is None
    assert "note" not in read.awaited
    assert questions.read(story.noor, *story.this).awaited is None


@pytest.mark.parametrize("pause", [None, {"hours": 25}, {"seconds": 90}], ids=["no end", "too far", "soon"])
def test_without_a_return_that_someone_said_and_can_wait_for_it_is_two_minutes_as_ever(story, pause):
    if pause is None:
        helping.pause(story.lea, story.hub.id, until=None)
    else:
        away(story, **pause)
    story.comes_to("handing_over")

    assert questions.read(story.sam, *story.this).awaited is None
    with pytest.raises(questions.NothingToWaitFor):
        waits(story)
    story.time_passes(seconds=121)
    ring(story)

    assert story.state == "in_progress"


def test_someone_who_is_merely_not_there_is_said_to_come_back_at_no_time(story):
    story.comes_to("handing_over")

    assert story.question.hand_over["returns_at"] is None
    assert questions.read(story.sam, *story.this).awaited is None


@pytest.mark.parametrize(
    ("values", "time_zone", "back"),
    [
        ({}, "Europe/Paris", None),
        ({"paused": True}, "Europe/Paris", None),
        ({"paused": True, "paused_until": NOON - HOUR}, "Europe/Paris", None),
        ({"paused": True, "paused_until": NOON + HOUR}, "Europe/Paris", NOON + HOUR),
        ({"quiet_from": "12:30", "quiet_to": "14:00"}, "Europe/Paris", NOON + HOUR),
        ({"quiet_from": "13:30", "quiet_to": "14:00"}, "Europe/Paris", None),
        ({"quiet_from": "22:00", "quiet_to": "08:30"}, "Asia/Tokyo", None),
        ({"quiet_from": "20:00", "quiet_to": "08:30"}, "Asia/Tokyo", NOON + timedelta(hours=11, minutes=30)),
        (
            {"paused": True, "paused_until": NOON + 10 * HOUR, "quiet_from": "22:00", "quiet_to": "07:00"},
            "Europe/Paris",
            NOON + 18 * HOUR,
        ),
    ],
)  # fmt: skip
def test_a_return_is_what_someone_set_on_their_own_clock(values, time_zone, back):
    card = HelperCard.of("org", "mem")
    for name, value in values.items():
        setattr(card, name, value)

    assert moments.back_at(card, time_zone, NOON) == back


def test_quiet_hours_end_at_the_hour_that_the_clock_shows_when_summer_time_ends():
    card = HelperCard.of("org", "mem")
    card.quiet_from, card.quiet_to = "22:00", "08:00"
    evening = datetime(2026, 10, 24, 23, tzinfo=ZoneInfo("Europe/Paris"))

    back = moments.back_at(card, "Europe/Paris", evening)

    assert back == datetime(2026, 10, 25, 7, tzinfo=UTC)


# saying yes, saying no, saying nothing


def test_whoever_agrees_keeps_their_helper_and_the_other_one_takes_over_when_they_are_back(story, back):
    awaited(story)
    story.says(story.noor, "Je reste là en attendant Lea.")
    story.time_passes(hours=6, seconds=-30)
    kept = (story.state, story.question.helper_id)

    accepted = questions.accept(story.lea, *story.this)

    assert kept == ("handing_over", story.noor.member_id)
    assert (accepted.state, accepted.helper_id) == ("in_progress", story.lea.member_id)
    assert [in_hand(story.hub.id, who.member_id) for who in (story.noor, story.lea)] == [0, 1]
    assert [event["returns_at"] for event in told("hand_over.awaited")] == [back.isoformat()]


def test_whoever_is_back_has_the_two_minutes_that_anyone_has_and_no_more(story, back):
    awaited(story)
    story.time_passes(hours=6, seconds=60)
    ring(story)
    at_the_hour = story.state
    story.time_passes(seconds=61)

    with pytest.raises(questions.QuestionStateRefused):
        questions.accept(story.lea, *story.this)
    ring(story)
    ring(story)

    assert (at_the_hour, story.state) == ("handing_over", "in_progress")
    assert story.question.helper_id == story.noor.member_id
    assert [event["reason"] for event in told("hand_over.declined")] == ["nobody_came"]


def test_they_may_take_over_earlier_than_they_said_even_before_the_asker_agrees(story, back):
    story.comes_to("handing_over")

    assert questions.accept(story.lea, *story.this).state == "in_progress"
    with pytest.raises(questions.QuestionStateRefused):
        waits(story)


def test_whoever_will_not_wait_keeps_their_helper_at_once(story, back):
    story.comes_to("handing_over")

    declined = [waits(story, agrees=False) for _ in range(2)]

    assert [seen.state for seen in declined] == ["in_progress", "in_progress"]
    assert story.question.helper_id == story.noor.member_id
    assert [event["reason"] for event in told("hand_over.declined")] == ["not_awaited"]


def test_whoever_agreed_may_still_say_no_but_not_yes_again(story, back):
    awaited(story)

    assert waits(story, agrees=False).state == "in_progress"
    with pytest.raises(questions.QuestionStateRefused):
        waits(story)


def test_without_a_word_of_the_asker_nothing_changes_and_it_is_over_in_a_quarter_of_an_hour(story, back):
    story.comes_to("handing_over")
    story.time_passes(minutes=14)
    ring(story)
    early = story.state
    story.time_passes(minutes=1, seconds=1)

    with pytest.raises(questions.QuestionStateRefused):
        waits(story)
    ring(story)

    assert (early, story.state) == ("handing_over", "in_progress")


def test_agreeing_twice_is_agreeing_once(story, back):
    awaited(story)

    assert waits(story).version == story.question.version
    assert len(told("hand_over.awaited")) == 1


def test_only_whoever_asked_says_whether_they_wait(story, back):
    story.comes_to("handing_over")

    for who in (story.noor, story.lea):
        with pytest.raises(questions.OnlyTheAsker):
            waits(story, by=who)
    with pytest.raises(questions.QuestionNotFound):
        waits(story, by=a_caller("stranger"))


def test_a_guest_says_it_for_themselves_and_so_does_the_member_they_turned_out_to_be(story):
    a_widget(story.hub)
    session = a_session(story.hub)
    guest, zoe = hosts.as_caller(session), a_caller("zoe")
    story.id = a_question(guest, story.hub).id
    away(story, hours=6)
    story.comes_to("handing_over")
    assert waits(story, by=guest).awaited["asker_agrees"] is True
    proven(story.hub, "zoe@example.org", session)
    guests.adopt(zoe, guest)

    assert waits(story, by=zoe, agrees=False).state == "in_progress"


def test_agreeing_to_an_earlier_proposal_agrees_to_nothing(story, back):
    story.comes_to("handing_over")
    earlier = story.question.hand_over["id"]
    questions.decline(story.noor, *story.this)
    story.proposed(to=None)

    with pytest.raises(questions.NothingToWaitFor):
        questions.wait(story.sam, *story.this, proposal_id=earlier, agrees=True)

    assert story.question.hand_over["asker_agrees"] is None


# full hands, leaving, withdrawing


def test_someone_with_full_hands_is_refused_and_it_goes_on_waiting_for_them(story, back):
    held = a_question(story.sam, story.hub)
    questions.claim(story.lea, story.hub.id, held.id)
    awaited(story)

    with pytest.raises(questions.HandsFull):
        questions.accept(story.lea, *story.this)
    waiting = story.state
    questions.release(story.lea, story.hub.id, held.id)

    assert (waiting, questions.accept(story.lea, *story.this).state) == ("handing_over", "in_progress")


def test_when_the_helper_leaves_meanwhile_the_question_is_everyones_again(story, back):
    awaited(story)
    proposal_id = story.question.hand_over["id"]
    questions.lose_helper(*story.this, story.noor.member_id)

    with pytest.raises(questions.QuestionNotFound):
        questions.accept(story.lea, *story.this)
    with pytest.raises(questions.NothingToWaitFor):
        questions.wait(story.sam, *story.this, proposal_id=proposal_id, agrees=False)
    questions.end_hand_over(*story.this, proposal_id=proposal_id)
    questions.call_back(*story.this, proposal_id=proposal_id)

    assert (story.state, told("hand_over.due")) == ("open", [])


def test_when_whoever_was_awaited_leaves_the_helper_goes_on(story, back):
    awaited(story)
    following.unfollow(story.lea, story.hub.id)

    with pytest.raises(FollowFirst):
        questions.accept(story.lea, *story.this)
    story.time_passes(hours=6, minutes=3)
    ring(story)

    assert (story.state, story.question.helper_id) == ("in_progress", story.noor.member_id)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_question_withdrawn_meanwhile_is_taken_over_by_nobody(story, back, agreed):
    story.comes_to("handing_over")
    if agreed:
        waits(story)
    story.withdrawn()

    for act in (lambda: questions.accept(story.lea, *story.this), lambda: waits(story, agrees=not agreed)):
        with pytest.raises(questions.QuestionStateRefused):
            act()
    story.time_passes(hours=7)
    ring(story)

    assert story.state == "withdrawn"


@pytest.mark.parametrize(("who", "reason"), [("lea", "declined"), ("noor", "taken_back")])
def test_either_helper_ends_the_waiting(story, back, who, reason):
    awaited(story)

    questions.decline(getattr(story, who), *story.this)

    assert story.state == "in_progress"
    assert [event["reason"] for event in told("hand_over.declined")] == [reason]


# races, lost answers, timers


def test_an_agreement_that_crosses_the_proposal_being_taken_back_is_refused(story, back, monkeypatch):
    story.comes_to("handing_over")
    crossed(monkeypatch, lambda: questions.decline(story.noor, *story.this))

    with pytest.raises(questions.QuestionStateRefused):
        waits(story)

    assert (story.state, told("hand_over.awaited")) == ("in_progress", [])


def test_an_agreement_that_crosses_an_acceptance_leaves_the_one_who_accepted(story, back, monkeypatch):
    story.comes_to("handing_over")
    crossed(monkeypatch, lambda: questions.accept(story.lea, *story.this))

    with pytest.raises(questions.QuestionStateRefused):
        waits(story)

    assert story.question.helper_id == story.lea.member_id


@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
@pytest.mark.parametrize("agrees", [True, False])
def test_an_answer_that_is_lost_is_given_once_when_it_is_sent_again(story, back, fault, agrees):
    story.comes_to("handing_over")
    count = len(list(JournalEntry.scan()))
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            waits(story, agrees=agrees)
        except faults.Crash:
            waits(story, agrees=agrees)

    assert story.question.hand_over["asker_agrees"] is agrees
    assert len(list(JournalEntry.scan())) == count + 1


def test_whoever_is_awaited_is_told_once_when_they_said_that_they_are_back(story, back):
    awaited(story)
    proposal_id = story.question.hand_over["id"]
    questions.call_back(*story.this, proposal_id=proposal_id)
    early = told("hand_over.due")
    story.time_passes(hours=6)
    for _ in range(2):
        questions.call_back(*story.this, proposal_id=proposal_id)
    questions.call_back(*story.this, proposal_id="hnd_other")

    assert early == []
    assert [event["to"] for event in told("hand_over.due")] == [story.lea.member_id]


def test_nobody_is_called_back_to_what_the_asker_did_not_agree_to(story, back):
    story.comes_to("handing_over")
    story.time_passes(minutes=10)

    questions.call_back(*story.this, proposal_id=story.question.hand_over["id"])

    assert told("hand_over.due") == []


def test_saying_whether_one_waits_takes_one_read_one_transaction_and_the_names(story, back, calls):
    story.comes_to("handing_over")
    proposal_id = story.question.hand_over["id"]
    calls.clear()

    questions.wait(story.sam, *story.this, proposal_id=proposal_id, agrees=True)

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems", "dynamodb.BatchGetItem"]


def test_every_refusal_of_it_says_why_in_both_languages():
    assert issubclass(questions.NothingToWaitFor, errors.Conflict)
    assert {"en", "fr"} <= questions.NothingToWaitFor.reason.keys()


def test_what_is_told_of_it_is_read_back_as_it_was(story, back):
    awaited(story)
    (detail,) = told("hand_over.awaited")

    event = events.HandOverAwaited.from_detail(detail)

    assert (event.returns_at, event.until - event.returns_at) == (back, timedelta(minutes=2))
