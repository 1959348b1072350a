"""What is said about a question: in order, once, between those who take part, and opening nothing again."""

from __future__ import annotations

import pytest

from chalicelib.domain import conversations, messages, questions
from chalicelib.models.journal import JournalEntry
from chalicelib.models.questions import Question
from chalicelib.pages import Page
from tests import faults
from tests.questions import Story, a_guest, a_question, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def read(story, who=None, page=None, **which):
    found = conversations.page_of(who or story.sam, *story.this, page or Page(50), **which)
    return [(int(said.seq), said.author.name, said.author.role, said.text) for said in found.items]


def test_what_is_said_is_numbered_without_gaps_and_read_by_both(story):
    story.comes_to("in_progress")
    story.says(story.sam, "Merci, j’essaie.")
    story.says(story.noor, "Alors ?")

    expected = [
        (1, "Noor", "helper", "Essayez de dégraisser le disque."),
        (2, "Sam", "asker", "Merci, j’essaie."),
        (3, "Noor", "helper", "Alors ?"),
    ]
    assert read(story, after_seq=0) == read(story, story.noor, after_seq=0) == expected
    assert read(story) == read(story, before_seq=4) == expected[::-1]
    assert read(story, after_seq=1) == expected[1:]


def test_the_asker_may_add_words_while_nobody_has_come_yet(story):
    story.says(story.sam, "C’est un frein à disque.")
    story.comes_to("in_progress")

    assert read(story, story.noor, after_seq=0)[0] == (1, "Sam", "asker", "C’est un frein à disque.")


def test_pages_follow_each_other(story):
    story.comes_to("in_progress")
    for n in range(5):
        story.says(story.sam, f"Mot {n}")

    first = conversations.page_of(story.sam, *story.this, Page(4), after_seq=0)
    rest = conversations.page_of(story.sam, *story.this, Page(4, first.last), after_seq=0)

    assert [int(said.seq) for said in (*first.items, *rest.items)] == [1, 2, 3, 4, 5, 6]


def test_nobody_reads_in_both_directions(story):
    with pytest.raises(messages.OneDirectionOnly):
        read(story, after_seq=1, before_seq=3)


def test_the_same_words_twice_are_two_messages_and_the_same_key_twice_is_one(story):
    story.comes_to("in_progress")

    first = story.says(story.sam, "ok", key="a")
    again = story.says(story.sam, "ok", key="a")
    second = story.says(story.sam, "ok", key="b")

    assert (again.said.id, again.is_replay, second.is_replay) == (first.said.id, True, False)
    assert [text for *_, text in read(story, after_seq=1)] == ["ok", "ok"]


def test_two_who_speak_at_once_both_get_a_number(story, monkeypatch):
    from chalicelib.domain.questions import places

    story.comes_to("in_progress")
    look = places.load

    def between(*keys):
        found = look(*keys)
        if isinstance(found[0], Question):
            monkeypatch.setattr(places, "load", look)
            story.says(story.noor, "En même temps")
        return found

    monkeypatch.setattr(places, "load", between)
    story.says(story.sam, "Au même moment")

    assert [text for *_, text in read(story, after_seq=1)] == ["En même temps", "Au même moment"]


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after", "throttle"])
def test_what_is_lost_on_the_way_is_said_once(story, fault):
    story.comes_to("in_progress")
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            story.says(story.sam, "ok", key="a")
        except faults.Crash:
            story.says(story.sam, "ok", key="a")

    assert [text for *_, text in read(story, after_seq=1)] == ["ok"]


@pytest.mark.parametrize("state", ["resolved", "closed_unconfirmed", "withdrawn", "merged", "expired"])
def test_merci_after_the_end_is_a_postscript_and_opens_nothing_again(story, state):
    story.comes_to(state)
    before = story.question.version, len(list(JournalEntry.scan()))

    said = story.says(story.sam, "merci").said

    assert said.is_postscript
    assert (story.state, (story.question.version, len(list(JournalEntry.scan())))) == (state, before)


@pytest.mark.parametrize("state", ["open", "claimed", "in_progress", "handing_over", "answered"])
def test_words_of_the_asker_change_no_state(story, state):
    story.comes_to(state)

    said = story.says(story.sam, "Je précise.").said

    assert (story.state, said.is_postscript) == (state, False)


def test_words_of_a_helper_change_the_state_only_at_the_first(story):
    story.comes_to("in_progress")
    version = story.question.version

    story.says(story.noor, "Et ensuite ?")

    assert (story.state, story.question.version) == ("in_progress", version)


def test_nobody_else_reads_or_speaks(story):
    story.comes_to("in_progress")
    gil = a_guest("gil", story.hub)

    for who in (story.lea, gil):
        with pytest.raises(questions.QuestionNotFound):
            read(story, who)
        with pytest.raises(questions.QuestionNotFound):
            story.says(who)


def test_whoever_is_asked_to_take_over_does_not_read_it_before(story):
    story.comes_to("handing_over")

    with pytest.raises(questions.QuestionNotFound):
        read(story, story.lea)
    questions.accept(story.lea, *story.this)

    assert [text for *_, text in read(story, story.lea)] == ["Essayez de dégraisser le disque."]


def test_what_an_unverified_guest_says_is_always_labelled(story):
    gil = a_guest("gil", story.hub)
    story.id = a_question(gil, story.hub).id

    author = story.says(gil).said.author

    assert (author.is_verified, author.voice, author.name, author.role) == (False, None, None, "asker")


def test_words_go_to_everyone_else_who_takes_part(story):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)

    alone = story.says(story.sam).others
    questions.come(story.lea, *story.this)

    assert alone == [story.noor.member_id]
    assert story.says(story.noor).others == [story.sam.member_id, story.lea.member_id]


def test_saying_something_takes_one_read_and_one_transaction(story, calls):
    story.comes_to("in_progress")
    calls.clear()

    story.says(story.sam)

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
