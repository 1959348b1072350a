"""A chat is shared by both who had it, or not at all; each may end it at any moment."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import conversations, guests, questions
from chalicelib.domain.questions import shared, sharing
from chalicelib.gateways import ids
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from chalicelib.models.guests import Guest, GuestLink
from chalicelib.models.journal import JournalEntry
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_host
from tests.histories import histories
from tests.questions import Story, a_guest, a_question, every, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def ended(story):
    """Three messages, and whoever asked said that it helped."""
    story.comes_to("in_progress")
    story.says(story.sam, "J’essaie.")
    story.says(story.noor, "Alors ?")
    story.finished()
    story.helped()
    return story


def agree(story, who, *, shown_as="anonymous", up_to_seq=3):
    return sharing.agree(who, *story.this, shown_as=shown_as, up_to_seq=up_to_seq)


def both(story, **how):
    agree(story, story.sam, **how)
    return agree(story, story.noor, **how)


def block(story, who):
    other = {"sam": story.noor, "noor": story.sam}[who]
    questions.block(getattr(story, who), *story.this, other.member_id)


def is_public(story):
    listed = story.id in {one.question_id for one in shared.every(story.hub.id, Page(45)).items}
    try:
        shared.find(*story.this)
        shared.words_of(*story.this, Page(9))
    except questions.QuestionNotFound:
        assert not listed
        return False
    assert listed
    return True


def words(story):
    return [(one.seq, one.role, one.name, one.text) for one in shared.words_of(*story.this, Page(99)).items]


def told(*kinds):
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [entry.detail_type[:-3] for entry in entries if entry.detail_type[:-3] in kinds]


SHARING = ("sharing.agreed", "question.shared", "question.unshared")


# both, or not at all


def test_it_is_public_once_both_agree_whoever_is_first(ended):
    for first, second in ((ended.sam, ended.noor), (ended.noor, ended.sam)):
        agree(ended, first)
        assert not is_public(ended)

        assert agree(ended, second).shared_at is not None
        assert is_public(ended)
        assert words(ended) == [
            (1, "helper", None, "Essayez de dégraisser le disque."),
            (2, "asker", None, "J’essaie."),
            (3, "helper", None, "Alors ?"),
        ]
        sharing.take_back(ended.sam, *ended.this)
        sharing.take_back(ended.noor, *ended.this)

    assert told(*SHARING) == ["sharing.agreed", "sharing.agreed", "question.shared", "question.unshared"] * 2


@pytest.mark.parametrize("alone", ["sam", "noor"])
def test_with_one_consent_nobody_reads_it_not_even_whoever_runs_the_organization(ended, alone):
    agree(ended, getattr(ended, alone))

    assert not is_public(ended)
    for who in (a_caller("claire"), a_host("hugo", ended.hub, role="admin"), a_caller("stranger")):
        with pytest.raises(questions.QuestionNotFound):
            agree(ended, who)
        with pytest.raises(questions.QuestionNotFound):
            sharing.read(who, *ended.this)
        with pytest.raises(questions.QuestionNotFound):
            sharing.take_back(who, *ended.this)
        with pytest.raises(questions.QuestionNotFound):
            conversations.page_of(who, *ended.this, Page(9))


def test_the_other_side_reads_that_it_is_proposed_and_nothing_of_who_does_not_answer(ended):
    agree(ended, ended.noor)

    before = sharing.read(ended.noor, *ended.this)
    sharing.take_back(ended.sam, *ended.this)  # saying no is saying nothing
    after = sharing.read(ended.noor, *ended.this)

    assert sharing.read(ended.sam, *ended.this).agreed_ids == [ended.noor.member_id]
    assert (before.agreed_ids, before.shared_at) == (after.agreed_ids, after.shared_at)
    assert told(*SHARING) == ["sharing.agreed"]


@pytest.mark.parametrize(
    "state",
    ["open", "claimed", "in_progress", "handing_over", "answered", "withdrawn", "merged", "expired"],
)
def test_only_what_ended_with_an_answer_is_shared(story, state, stored):
    story.comes_to(state)
    before = stored()

    with pytest.raises(questions.QuestionStateRefused):
        agree(story, story.sam, up_to_seq=1)

    assert stored() == before


def test_what_nobody_confirmed_may_be_shared_too(story):
    story.comes_to("closed_unconfirmed")

    both(story, up_to_seq=1)

    assert is_public(story)


# how far, and under what name


def test_each_is_named_only_as_they_want(ended):
    agree(ended, ended.sam, shown_as="anonymous")
    agree(ended, ended.noor, shown_as="name")

    exchange = shared.find(*ended.this)

    assert (exchange.asker_name, exchange.helper_name) == (None, "Noor")
    assert [name for _, _, name, _ in words(ended)] == ["Noor", None, "Noor"]


def test_a_name_is_taken_off_at_any_moment(ended):
    both(ended, shown_as="name")

    agree(ended, ended.noor, shown_as="anonymous")

    assert (shared.find(*ended.this).asker_name, shared.find(*ended.this).helper_name) == ("Sam", None)
    assert told("question.shared") == ["question.shared"]


def test_what_is_said_afterwards_stays_private_until_both_agree_to_it(ended):
    both(ended)
    ended.says(ended.sam, "Mon numéro, pour vous seule : 06.")
    assert [seq for seq, *_ in words(ended)] == [1, 2, 3]

    agree(ended, ended.noor, up_to_seq=4)
    assert [seq for seq, *_ in words(ended)] == [1, 2, 3]

    agree(ended, ended.sam, up_to_seq=4)
    assert [seq for seq, *_ in words(ended)] == [1, 2, 3, 4]


def test_pages_end_where_what_is_public_ends(ended):
    both(ended, up_to_seq=2)

    first = shared.words_of(*ended.this, Page(1))
    rest = shared.words_of(*ended.this, Page(1, first.last))

    assert [one.seq for one in (*first.items, *rest.items)] == [1, 2]
    assert (first.last is None, rest.last) == (False, None)


def test_nobody_agrees_to_what_was_not_said_yet(ended, stored):
    before = stored()

    with pytest.raises(questions.NotSaidYet) as refused:
        agree(ended, ended.sam, up_to_seq=4)

    assert refused.value.context == {"seq": 3, "pointer": "/up_to_seq"}
    assert stored() == before


def test_where_it_was_asked_is_never_public(ended):
    both(ended)

    assert "page" not in {*shared.find(*ended.this).__dict__}
    assert not hasattr(shared.Exchange, "page")


def test_words_of_someone_invited_are_withheld_unless_they_agree_too(story):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)
    questions.come(story.lea, *story.this)
    story.says(story.lea, "Je m’en mêle.")
    story.finished()
    story.helped()
    both(story, up_to_seq=2, shown_as="name")
    assert words(story)[1] == (2, "invited", None, None)
    assert shared.words_of(*story.this, Page(9)).items[1].is_withheld

    agree(story, story.lea, shown_as="name", up_to_seq=2)
    assert words(story)[1] == (2, "invited", "Lea", "Je m’en mêle.")

    questions.stay_away(story.lea, *story.this)
    sharing.take_back(story.lea, *story.this)  # even once they have left
    assert words(story)[1] == (2, "invited", None, None)
    assert is_public(story)


def test_someone_invited_alone_makes_nothing_public(story):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)
    questions.come(story.lea, *story.this)
    story.finished()
    story.helped()

    agree(story, story.lea, up_to_seq=1)
    agree(story, story.sam, up_to_seq=1)

    assert not is_public(story)


def test_an_earlier_helper_s_words_are_withheld(story):
    story.comes_to("handing_over")
    questions.accept(story.lea, *story.this)
    story.says(story.lea, "Je reprends.")
    questions.answered(story.lea, *story.this)
    story.helped()

    agree(story, story.sam, up_to_seq=2)
    agree(story, story.lea, up_to_seq=2)

    assert [text for *_, text in words(story)] == [None, "Je reprends."]


# its end


@pytest.mark.parametrize("who", ["sam", "noor"])
def test_either_ends_it_at_once(ended, who):
    both(ended)

    sharing.take_back(getattr(ended, who), *ended.this)

    assert not is_public(ended)
    assert told("question.unshared") == ["question.unshared"]
    assert sharing.read(getattr(ended, who), *ended.this).mine is None


def test_opening_it_again_makes_it_private_and_another_round_takes_new_consents(ended):
    both(ended)

    questions.reopen(ended.sam, *ended.this)

    assert not is_public(ended)
    ended.claimed(by=ended.noor)
    ended.says(ended.noor)
    ended.finished()
    ended.helped()
    assert not is_public(ended)
    agree(ended, ended.sam)
    assert not is_public(ended)
    agree(ended, ended.noor)
    assert is_public(ended)


@pytest.mark.parametrize("is_purged", [False, True])
def test_what_is_no_longer_kept_is_no_longer_public(ended, is_purged):
    both(ended)
    ended.time_passes(days=365)
    if is_purged:
        questions.purge(*ended.this)

    assert not is_public(ended)
    with pytest.raises(questions.WordsNoLongerKept):
        agree(ended, ended.sam, up_to_seq=2)
    assert told("question.unshared") == ["question.unshared"] * is_purged


@pytest.mark.parametrize("who", ["sam", "noor"])
def test_a_block_makes_it_private_for_good(ended, who):
    both(ended)

    questions.block(getattr(ended, who), *ended.this, (ended.noor if who == "sam" else ended.sam).member_id)

    assert not is_public(ended)
    with pytest.raises(questions.NotToBeShared):
        agree(ended, ended.sam, up_to_seq=2)
    with pytest.raises(questions.QuestionNotFound):
        agree(ended, ended.noor, up_to_seq=2)


def test_a_block_in_another_question_makes_it_private_too(ended):
    both(ended)
    other = a_question(ended.sam, ended.hub, "Et la chaîne ?")
    questions.claim(ended.noor, ended.hub.id, other.id)

    questions.block(ended.noor, ended.hub.id, other.id, ended.sam.member_id)

    assert not is_public(ended)
    with pytest.raises(questions.NotToBeShared):
        agree(ended, ended.sam, up_to_seq=2)


# twice, at once, lost


def test_agreeing_or_taking_back_twice_is_once(ended, stored):
    both(ended)
    before = stored()
    both(ended)
    assert stored() == before

    sharing.take_back(ended.sam, *ended.this)
    before = stored()
    sharing.take_back(ended.sam, *ended.this)
    assert stored() == before


def meanwhile(monkeypatch, act):
    """Let something happen between what the next agreement reads and what it writes."""
    record = sharing._record

    def late(*args):
        monkeypatch.setattr(sharing, "_record", record)
        act()
        record(*args)

    monkeypatch.setattr(sharing, "_record", late)


def test_a_consent_taken_back_while_the_other_agrees_shares_nothing(ended, monkeypatch):
    agree(ended, ended.sam)
    meanwhile(monkeypatch, lambda: sharing.take_back(ended.sam, *ended.this))

    now = agree(ended, ended.noor)

    assert (now.shared_at, now.agreed_ids) == (None, [ended.noor.member_id])
    assert not is_public(ended)
    assert "question.shared" not in told(*SHARING)


def test_both_who_agree_at_the_same_instant_share_it_once(ended, monkeypatch):
    meanwhile(monkeypatch, lambda: agree(ended, ended.sam))

    agree(ended, ended.noor)

    assert is_public(ended)
    assert told("question.shared") == ["question.shared"]


def test_whoever_agrees_while_it_is_opened_again_is_told_so(ended, monkeypatch):
    agree(ended, ended.sam)
    meanwhile(monkeypatch, lambda: questions.reopen(ended.sam, *ended.this))

    with pytest.raises((questions.QuestionNotFound, questions.QuestionStateRefused)):
        agree(ended, ended.noor)

    assert ended.question.sharing == {}


def test_a_block_while_the_other_agrees_wins(ended, monkeypatch):
    agree(ended, ended.sam)
    meanwhile(monkeypatch, lambda: questions.block(ended.sam, *ended.this, ended.noor.member_id))

    with pytest.raises((questions.QuestionNotFound, questions.NotToBeShared)):
        agree(ended, ended.noor)

    assert not is_public(ended)


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-before", "net-after", "5xx"])
@pytest.mark.parametrize("call", [1, 2])
def test_after_whatever_failure_the_same_call_again_ends_the_same(ended, call, fault):
    agree(ended, ended.sam)
    for act, ends in (
        (lambda: agree(ended, ended.noor), True),
        (lambda: sharing.take_back(ended.noor, *ended.this), False),
    ):
        with faults.installed() as injector:
            injector.fail(call, fault)
            with suppress(faults.Crash):
                act()
        act()
        assert is_public(ended) is ends

    assert told(*SHARING) == ["sharing.agreed", "sharing.agreed", "question.shared", "question.unshared"]


# guests


def test_a_guest_agrees_and_takes_back_as_anyone(story):
    gil = a_guest("gil", story.hub)
    story.id = a_question(gil, story.hub).id
    story.claimed()
    story.says(story.noor)
    story.finished()
    questions.confirm(gil, *story.this, outcome="yes")

    agree(story, gil, up_to_seq=1, shown_as="name")
    agree(story, story.noor, up_to_seq=1)
    assert is_public(story)
    assert shared.find(*story.this).asker_name is None  # nobody knows their name
    sharing.take_back(gil, *story.this)

    assert not is_public(story)


def test_a_guest_who_became_a_member_is_the_same_person(story):
    gil = a_guest("gil", story.hub)
    story.id = a_question(gil, story.hub).id
    conversations.post(gil, *story.this, client_message_id="k", text="Allô ?")
    story.claimed()
    story.says(story.noor)
    story.finished()
    questions.confirm(gil, *story.this, outcome="yes")
    agree(story, gil, up_to_seq=1)
    with changes() as change:
        change.save(
            GuestLink.of(story.lea.member_id, story.hub.id, gil.member_id, at=story.question.asked_at)
        )
        change.save(
            Guest.arriving(
                story.hub.id, gil.member_id, at=story.question.asked_at, member_id=story.lea.member_id
            )
        )
    assert guests.is_same_person(story.lea, story.hub.id, gil.member_id)
    story.says(story.lea, "C’est toujours moi.")

    agree(story, story.lea, up_to_seq=3, shown_as="name")
    agree(story, story.noor, up_to_seq=3)

    assert load(Guest.key(story.hub.id, gil.member_id))[0].name is None
    assert [(role, name) for _, role, name, _ in words(story)] == [
        ("asker", "Lea"), ("helper", None), ("asker", "Lea"),
    ]  # fmt: skip
    sharing.take_back(story.lea, *story.this)
    assert not is_public(story)
    assert sharing.read(gil, *story.this).mine is None


# the list


def test_what_is_public_is_listed_the_latest_shared_first(story):
    found = []
    for n in range(3):
        story.id = a_question(story.sam, story.hub, f"Question {n} ?").id
        story.comes_to("resolved")
        both(story, up_to_seq=1)
        found.append(story.id)

    first = shared.every(story.hub.id, Page(2))
    rest = shared.every(story.hub.id, Page(2, first.last))

    assert [one.question_id for one in (*first.items, *rest.items)] == found[::-1]
    assert rest.last is None


def test_reading_what_is_public_costs_the_same_however_much_there_is(ended, calls):
    both(ended)
    read = {}
    for what, ask in (
        ("list", lambda: shared.every(ended.hub.id, Page(45))),
        ("one", lambda: shared.find(*ended.this)),
        ("words", lambda: shared.words_of(*ended.this, Page(50))),
    ):
        calls.clear()
        ask()
        read[what] = [call.removeprefix("dynamodb.") for call in calls]

    assert read == {
        "list": ["Query", "BatchGetItem"],
        "one": ["BatchGetItem", "BatchGetItem"],
        "words": ["BatchGetItem", "BatchGetItem", "Query"],
    }


@histories(5)
@given(
    st.lists(
        st.sampled_from(["sam", "noor", "sam no", "noor no", "reopen", "round", "say", "block"]), max_size=7
    )
)
def test_in_whatever_order_things_happen_it_is_public_only_while_both_agree_in_this_round(steps):
    for item in every(Block, Apart):
        item.delete()  # the same people, in another history
    story = Story(lambda **_: None, slug=ids.new("hub").lower().replace("_", "-"))
    story.comes_to("resolved")
    agreed, blocked = set(), False
    for step in steps:
        try:
            _take(story, step)
        except (
            questions.QuestionStateRefused,
            questions.NotToBeShared,
            questions.QuestionNotFound,
            questions.NotOfferedToYou,
        ):
            continue
        who = step.removesuffix(" no")
        if step in ("sam", "noor"):
            agreed.add(step)
        elif who != step:
            agreed.discard(who)
        elif step == "reopen":
            agreed.clear()
        blocked = blocked or step == "block"

        assert is_public(story) == (agreed == {"sam", "noor"} and not blocked)


def _take(story, step):
    who = getattr(story, step.removesuffix(" no"), None)
    if step in ("sam", "noor"):
        agree(story, who, up_to_seq=1)
    elif step.endswith(" no"):
        sharing.take_back(who, *story.this)
    elif step == "reopen":
        questions.reopen(story.sam, *story.this)
    elif step == "round":
        for each in (story.claimed, story.begun, story.finished, story.helped):
            each()
    elif step == "say":
        story.says(story.sam, "Encore merci.")
    else:
        questions.block(story.sam, *story.this, story.noor.member_id)
