"""How long words are kept: as long as whoever asked was told, and not a second longer for any reader."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import conversations, events, organizations, questions
from chalicelib.domain.absences import letters
from chalicelib.domain.live import frames
from chalicelib.domain.questions import deadlines, keeping
from chalicelib.gateways import clock, ids
from chalicelib.models.conversations import Said, SaidPlace
from chalicelib.models.journal import JournalEntry
from chalicelib.models.tables import CommunityItem, MessageItem
from chalicelib.models.thanks import Thanks
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller
from tests.histories import histories
from tests.questions import TEXT, Story, a_guest, a_question, must_add_up
from tests.sockets import Sockets

CLOSED = ["resolved", "closed_unconfirmed", "withdrawn", "merged", "expired"]
YEAR = 365


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


def closed(story, state="resolved"):
    """A conversation of some words, closed."""
    if state in ("resolved", "closed_unconfirmed"):
        story.comes_to("in_progress")
        story.says(story.sam, "Merci, j’essaie : mon numéro est le 06.")
        story.finished()
        story.helped() if state == "resolved" else story.silent()
    else:
        story.says(story.sam, "C’est un frein à disque.")
        story.comes_to(state)
    return story


def words_of(story):
    return [said for said in MessageItem.scan() if isinstance(said, Said)]


def places_of(story):
    return [place for place in CommunityItem.scan() if isinstance(place, SaidPlace)]


def read(story, who=None, **which):
    return [
        said.text for said in conversations.page_of(who or story.sam, *story.this, Page(50), **which).items
    ]


def everything():
    """All that is in the tables, as text."""
    items = [*CommunityItem.scan(), *MessageItem.scan(), *JournalEntry.scan()]
    return "\n".join(repr(item.attribute_values) for item in items)


def told(kind):
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [entry.detail for entry in entries if entry.detail_type == f"{kind}.v1"]


# until when


@pytest.mark.parametrize("state", CLOSED)
def test_words_are_kept_for_a_year_after_the_end_unless_the_organization_decided_otherwise(story, state):
    closed(story, state)

    assert story.question.kept_until == story.question.closed_at + timedelta(days=YEAR)
    assert questions.read(story.sam, *story.this).retention_days == YEAR


def test_nothing_is_told_to_end_while_it_is_not_closed(story):
    story.comes_to("answered")

    assert questions.read(story.sam, *story.this).kept_until is None


def test_what_the_organization_decides_holds_for_what_is_asked_from_then_on(story):
    version = organizations.find(story.hub.id).version
    organizations.decide(
        a_caller("claire"), story.hub.id, values={"conversation_retention_days": 30}, why="Sobriété.",
        version=version,
    )  # fmt: skip
    later = a_question(story.sam, story.hub, "Et la chaîne ?")
    closed(story)

    assert (later.retention_days, story.question.retention_days) == (30, YEAR)
    assert story.question.kept_until == story.question.closed_at + timedelta(days=YEAR)


def test_an_organization_older_than_the_setting_keeps_words_for_a_year_and_may_decide(story):
    hub = organizations.find(story.hub.id)
    before = {name: value for name, value in hub.settings.items() if name != "conversation_retention_days"}
    hub.update(actions=[type(hub).settings.set(before)])

    assert a_question(story.sam, story.hub, "Et la chaîne ?").retention_days == YEAR
    decided = organizations.decide(
        a_caller("claire"), hub.id, values={"conversation_retention_days": 60}, why="Sobriété.",
        version=organizations.find(hub.id).version,
    )  # fmt: skip
    assert decided.settings["conversation_retention_days"]["value"] == 60


# by the clock


@pytest.mark.parametrize("state", CLOSED)
def test_until_the_last_moment_everything_is_read_and_after_it_nothing_even_before_any_timer(story, state):
    closed(story, state)
    said = read(story)
    story.time_passes(days=YEAR, seconds=-60)
    assert read(story) == said
    assert questions.read(story.sam, *story.this).text == TEXT

    story.time_passes(seconds=61)

    seen = questions.read(story.sam, *story.this)
    assert read(story) == read(story, after_seq=0) == read(story, before_seq=9) == []
    assert (seen.text, seen.page, seen.asker_name, seen.state) == (None, None, None, state)
    assert [one.text for one in questions.of_person(story.sam, story.hub.id, Page(9), role="asker").items][
        -1
    ] is None
    assert words_of(story)  # they are in the table: nobody reads them


def test_a_note_between_helpers_is_read_no_longer_either(story):
    story.comes_to("handing_over")
    questions.accept(story.lea, *story.this)
    story.says(story.lea)
    questions.answered(story.lea, *story.this)
    story.helped()
    assert questions.read(story.lea, *story.this).proposal

    story.time_passes(days=YEAR)

    assert questions.read(story.lea, *story.this).proposal is None


@pytest.mark.parametrize("is_purged", [False, True])
def test_nobody_adds_to_what_is_no_longer_kept_nor_repeats_what_they_said(story, is_purged):
    closed(story)
    story.says(story.sam, "Un post-scriptum.", key="ps")
    story.time_passes(days=YEAR)
    if is_purged:
        questions.purge(*story.this)

    for key in ("ps", "another"):
        with pytest.raises(questions.WordsNoLongerKept) as refused:
            story.says(story.sam, "Un post-scriptum.", key=key)
    assert refused.value.context == {"linked_to": story.id}


@pytest.mark.parametrize("is_purged", [False, True])
def test_a_socket_that_resumes_brings_no_word_that_is_no_longer_kept(story, is_purged, sockets):
    closed(story)
    story.time_passes(days=YEAR)
    if is_purged:
        questions.purge(*story.this)
    there = {"organization_id": story.hub.id, "conversation_id": story.question.conversation_id}

    page = sockets.opened_by("sam").say(kind="resume", **there, after_seq=0)

    assert (page["kind"], page["messages"], page["has_more"]) == ("page", [], False)


@pytest.mark.parametrize("is_purged", [False, True])
def test_no_mail_carries_a_word_that_is_no_longer_kept(story, is_purged):
    closed(story)
    story.says(story.noor, "Un mot pour la route.")
    left = events.AnswerLeft(
        organization_id=story.hub.id, actor_id=story.sam.member_id, question_id=story.id,
        asker_id=story.sam.member_id, helper_id=story.noor.member_id, round=1,
        seq=int(story.question.unseen_from),
    )  # fmt: skip
    story.time_passes(days=YEAR)
    if is_purged:
        questions.purge(*story.this)

    assert left.seq
    assert letters.letter_for(left) is None


def test_no_stored_word_carries_a_name(story):
    closed(story)

    assert not [said for said in words_of(story) if "name" in said.attribute_values]
    assert [said.author.name for said in conversations.page_of(story.sam, *story.this, Page(9)).items] == [
        "Sam",
        "Noor",
    ]
    assert frames.of_said(words_of(story)[0], "Noor")["message"]["author"]["name"] == "Noor"


# the purge


@pytest.mark.parametrize("state", CLOSED)
def test_a_purge_leaves_states_times_and_topics_and_no_word(story, state):
    closed(story, state)
    before = story.question
    story.time_passes(days=YEAR)

    questions.purge(*story.this)

    after = story.question
    kept = (
        "state",
        "round",
        "asked_at",
        "round_opened_at",
        "first_reply_at",
        "closed_at",
        "topics",
        "outcome",
    )
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert (after.text, after.page, after.hand_over) == (None, None, None)
    assert (words_of(story), places_of(story)) == ([], [])
    assert TEXT not in everything() or state == "merged"  # the other question goes on with its own words
    assert "C’est un frein" not in everything()
    assert [event["state"] for event in told("words.purged")] == [state]


def test_thanks_outlive_the_words(story):
    closed(story)
    questions.thank(story.sam, *story.this, text="Merci mille fois")
    story.time_passes(days=YEAR)

    questions.purge(*story.this)

    (thanks,) = [item for item in CommunityItem.scan() if isinstance(item, Thanks)]
    assert thanks.text == "Merci mille fois"


@pytest.mark.parametrize("state", ["open", "claimed", "in_progress", "answered", "resolved", "expired"])
def test_what_rings_early_takes_nothing(story, state, stored):
    story.comes_to(state)
    story.time_passes(days=29)
    before = stored()

    questions.purge(*story.this)

    assert stored() == before


def test_what_rings_twice_or_years_late_does_it_once(story, stored):
    closed(story)
    story.time_passes(days=5 * YEAR)
    questions.purge(*story.this)
    once = stored()

    questions.purge(*story.this)

    assert stored() == once
    assert len(told("words.purged")) == 1


def test_a_timer_for_no_question_at_all_is_over(story, stored):
    before = stored()

    questions.purge(story.hub.id, ids.new("qst"))

    assert stored() == before


@pytest.mark.parametrize("state", ["resolved", "closed_unconfirmed"])
def test_a_question_that_was_opened_again_keeps_its_words_whatever_rings(story, state):
    closed(story, state)
    questions.reopen(story.sam, *story.this)
    story.time_passes(days=YEAR)

    questions.purge(*story.this)

    assert story.question.kept_until is None
    assert len(read(story)) == 2
    assert questions.read(story.sam, *story.this).text == TEXT


def test_a_question_opened_again_and_closed_anew_is_kept_from_its_last_end(story):
    closed(story)
    first = story.question.kept_until
    story.time_passes(days=6)
    questions.reopen(story.sam, *story.this)
    story.withdrawn()

    story.time_passes(days=YEAR - 3)
    assert clock.now() > first
    questions.purge(*story.this)
    assert len(read(story)) == 2
    story.time_passes(days=3)
    questions.purge(*story.this)

    assert words_of(story) == []


def test_what_was_purged_is_not_opened_again(story):
    closed(story)
    story.time_passes(days=YEAR)
    questions.purge(*story.this)

    with pytest.raises(questions.ReopenTooLate):
        questions.reopen(story.sam, *story.this)


def test_a_postscript_on_its_way_when_the_purge_comes_is_refused_and_leaves_nothing(story, monkeypatch):
    closed(story)
    story.time_passes(days=YEAR, seconds=-1)
    number = conversations._number

    def late(change, place, seq):
        monkeypatch.setattr(conversations, "_number", number)
        story.time_passes(seconds=2)
        questions.purge(*story.this)
        number(change, place, seq)

    monkeypatch.setattr(conversations, "_number", late)

    with pytest.raises(questions.WordsNoLongerKept):
        story.says(story.sam, "Encore un mot.")

    assert words_of(story) == []


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after", "throttle"])
@pytest.mark.parametrize("call", range(1, 9))
def test_whatever_fails_between_two_pages_the_next_ringing_goes_on(story, monkeypatch, call, fault):
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    story.comes_to("in_progress")
    for n in range(4):
        story.says(story.sam, f"Mot {n}")
    story.finished()
    story.helped()
    story.time_passes(days=YEAR)
    with faults.installed() as injector:
        injector.fail(call, fault)
        try:
            questions.purge(*story.this)
        except faults.Crash:
            assert read(story) == []  # whatever is left, nobody reads it

    questions.purge(*story.this)

    assert (words_of(story), places_of(story)) == ([], [])
    assert len(told("words.purged")) == 1


def test_two_that_purge_at_once_take_each_word_once(story, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    closed(story)
    story.time_passes(days=YEAR)
    found = Said.in_conversation

    def meanwhile(*args, **kwargs):
        page = found(*args, **kwargs)
        monkeypatch.setattr(Said, "in_conversation", found)
        questions.purge(*story.this)
        return page

    monkeypatch.setattr(Said, "in_conversation", meanwhile)

    questions.purge(*story.this)

    assert (words_of(story), places_of(story)) == ([], [])


def test_a_purge_is_paid_by_the_page_not_by_the_word(story, calls):
    story.comes_to("in_progress")
    for n in range(keeping.AT_ONCE):
        story.says(story.sam, f"Mot {n}")
    story.finished()
    story.helped()
    story.time_passes(days=YEAR)
    calls.clear()

    questions.purge(*story.this)

    page = ["dynamodb.Query", "dynamodb.TransactWriteItems"]
    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems", *page, *page]


def test_another_conversation_loses_nothing(story):
    closed(story)
    other = a_question(story.sam, story.hub, "Et la chaîne ?")
    conversations.post(story.sam, story.hub.id, other.id, client_message_id="k", text="Elle saute.")
    story.time_passes(days=YEAR)

    questions.purge(*story.this)

    assert [said.text for said in words_of(story)] == ["Elle saute."]


def test_a_guest_is_held_to_the_same_clock(story):
    gil = a_guest("gil", story.hub)
    asked = a_question(gil, story.hub)
    conversations.post(gil, story.hub.id, asked.id, client_message_id="k", text="Allô ?")
    questions.withdraw(gil, story.hub.id, asked.id)
    story.time_passes(days=YEAR)

    assert conversations.page_of(gil, story.hub.id, asked.id, Page(9)).items == []
    questions.purge(story.hub.id, asked.id)
    assert words_of(story) == []


@histories(4)
@given(st.lists(st.sampled_from(["day", "month", "year", "reopen", "purge", "say", "close"]), max_size=6))
def test_in_whatever_order_things_happen_what_is_readable_is_what_is_kept(steps):
    with pytest.MonkeyPatch.context() as patch:
        ahead, real = [timedelta(0)], clock.now
        patch.setattr(clock, "now", lambda: real() + ahead[0])

        def time_passes(**by):
            ahead[0] += timedelta(**by)

        story = closed(Story(time_passes, slug=ids.new("hub").lower().replace("_", "-")))
        for step in steps:
            _take(story, step)
            question = story.question
            kept = question.kept_until is None or question.kept_until > clock.now()
            stored = {int(s.seq) for s in words_of(story) if s.question_id == story.id}
            assert bool(read(story)) == kept
            assert kept <= (stored == set(range(1, int(question.seq) + 1)))
            assert question.purged_at is None or not stored


def _take(story, step):
    times = {"day": {"days": 1}, "month": {"days": 30}, "year": {"days": YEAR}}
    if step in times:
        story.time_passes(**times[step])
        return
    with suppress(
        questions.QuestionStateRefused,
        questions.ReopenTooLate,
        questions.WordsNoLongerKept,
    ):
        {
            "reopen": lambda: questions.reopen(story.sam, *story.this),
            "purge": lambda: questions.purge(*story.this),
            "say": lambda: story.says(story.sam, "Un mot de plus."),
            "close": story.withdrawn,
        }[step]()


def test_a_timer_is_set_for_what_is_closed_and_for_nothing_that_was_opened_again(story, monkeypatch):
    set_for = []
    monkeypatch.setattr(deadlines.timers, "set_for", lambda *timer: set_for.append(timer))
    closed(story)
    happened = events.QuestionResolved.from_detail(told("question.resolved")[0])

    deadlines.for_words(happened)
    questions.reopen(story.sam, *story.this)
    deadlines.for_words(happened)

    ((due, kind, name, detail),) = set_for
    assert (kind, len(name) <= 64) == ("words", True)
    assert detail == {"organization_id": story.hub.id, "question_id": story.id}
    assert due > clock.now() + timedelta(days=YEAR - 1)
