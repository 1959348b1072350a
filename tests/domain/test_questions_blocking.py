"""Two people of whom one wants it are never brought together again, wherever they would meet."""

from __future__ import annotations

import pytest

from chalicelib.domain import conversations, guests, helping, questions, routing
from chalicelib.domain.live import conversations as live
from chalicelib.domain.live import presence
from chalicelib.domain.questions import parting, places
from chalicelib.models import subscriptions, tables
from chalicelib.models.blocks import Block
from chalicelib.models.journal import JournalEntry
from chalicelib.models.questions import Question
from chalicelib.models.subscriptions import Subscription
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import hosts
from tests.factories import a_caller, a_follower, a_volunteer, an_organization
from tests.hosts import a_widget, proven
from tests.questions import Story, a_question, in_hand, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets someone act after the next reading of a question, and before what was decided on it is written."""
    look = tables.load

    def between(act):
        def read(*keys):
            found = look(*keys)
            monkeypatch.setattr(places, "load", look)
            act()
            return found

        monkeypatch.setattr(places, "load", read)

    return between


def block(story, who, whom, *, question_id=None):
    questions.block(who, story.hub.id, question_id or story.id, whom.member_id)


def parted(story, one="sam", other="noor"):
    """Have these two parted, through a question of their own that is over."""
    asker, helper = getattr(story, one), getattr(story, other)
    apart = a_question(asker, story.hub, "Une autre question")
    questions.claim(helper, story.hub.id, apart.id)
    block(story, asker, helper, question_id=apart.id)
    questions.withdraw(asker, story.hub.id, apart.id)


def takes(who, hub, capacity):
    """Have someone take this many questions at once."""
    asked = {"topics": ["freins"], "all_topics": False, "capacity": capacity, "daily_cap": 5}
    helping.set_up(who, hub.id, **asked, quiet_from=None, quiet_to=None)


def question_of(hub, question_id):
    return load(Question.key(hub.id, question_id))[0]


def is_out_of(story, who, question_id):
    """Whether someone neither reads, hears nor says anything about a question."""
    conversation_id = question_of(story.hub, question_id).conversation_id
    attempts = (
        lambda: questions.read(who, story.hub.id, question_id),
        lambda: conversations.page_of(who, story.hub.id, question_id, Page(10)),
        lambda: conversations.post(who, story.hub.id, question_id, client_message_id="x", text="Encore moi"),
        lambda: live.may_listen(who, story.hub.id, conversation_id),
    )
    for attempt in attempts:
        with pytest.raises((questions.QuestionNotFound, live.ConversationNotFound)):
            attempt()
    return not live.is_in(question_of(story.hub, question_id), who.member_id)


@pytest.mark.parametrize("who", ["sam", "noor"])
@pytest.mark.parametrize("state", ["resolved", "closed_unconfirmed"])
def test_whoever_helped_is_out_of_a_closed_question_once_the_pair_is_parted(story, state, who):
    story.comes_to(state)

    questions.block(getattr(story, who), *story.this, (story.noor if who == "sam" else story.sam).member_id)

    assert is_out_of(story, story.noor, story.id)
    listed = questions.of_person(story.noor, story.hub.id, Page(10), role="helper").items
    assert listed == []
    assert (story.state, questions.read(story.sam, *story.this).role) == (state, "asker")


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_whoever_helped_is_out_of_a_question_that_ended_without_an_answer(story, end):
    story.comes_to("in_progress")
    getattr(story, end)()

    block(story, story.sam, story.noor)

    assert is_out_of(story, story.noor, story.id)


def test_words_that_cross_a_block_are_not_said(story, meanwhile):
    story.comes_to("resolved")
    meanwhile(lambda: block(story, story.sam, story.noor))

    with pytest.raises(questions.QuestionNotFound):
        story.says(story.noor, "Tu vas m’entendre")

    assert story.question.seq == 1


@pytest.mark.parametrize("who", ["sam", "noor"])
def test_all_that_a_helper_holds_of_the_same_asker_goes_back_at_once(story, who):
    takes(story.noor, story.hub, 3)
    story.comes_to("in_progress")
    second = a_question(story.sam, story.hub, "Une deuxième")
    others = a_question(story.lea, story.hub, "Celle de quelqu’un d’autre")
    for asked in (second, others):
        questions.claim(story.noor, story.hub.id, asked.id)

    questions.block(getattr(story, who), *story.this, (story.noor if who == "sam" else story.sam).member_id)

    states = [question_of(story.hub, found.id).state for found in (story, second, others)]
    assert (states, in_hand(story.hub.id, story.noor.member_id)) == (["open", "open", "claimed"], 1)
    assert is_out_of(story, story.noor, second.id)


def test_a_helper_who_is_done_with_another_question_of_theirs_is_out_of_that_one_too(story):
    takes(story.noor, story.hub, 3)
    story.comes_to("answered")
    second = a_question(story.sam, story.hub, "Une deuxième")
    questions.claim(story.noor, story.hub.id, second.id)

    block(story, story.sam, story.noor, question_id=second.id)

    with pytest.raises(questions.QuestionNotFound):
        story.says(story.noor, "Toujours là")
    assert questions.of_person(story.noor, story.hub.id, Page(10), role="helper").items == []


def test_a_companion_who_then_helped_does_not_fall_back_to_being_one(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.come(story.noor, *story.this)
    story.claimed()
    story.begun()

    block(story, story.sam, story.noor)

    assert is_out_of(story, story.noor, story.id)
    assert story.noor.member_id not in story.question.invited


def test_someone_invited_does_not_come_once_parted_through_another_question(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    parted(story)

    with pytest.raises(questions.QuestionNotFound):
        questions.come(story.noor, *story.this)

    assert story.question.companions() == []


def test_coming_in_that_crosses_a_block_is_refused(story, meanwhile):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    meanwhile(lambda: parted(story))

    with pytest.raises(questions.QuestionNotFound):
        questions.come(story.noor, *story.this)

    assert story.question.companions() == []


def test_a_companion_parted_through_another_question_reads_and_says_nothing_more(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.come(story.noor, *story.this)
    parted(story)

    with pytest.raises(questions.QuestionNotFound):
        questions.read(story.noor, *story.this)
    with pytest.raises(questions.QuestionNotFound):
        story.says(story.noor, "Toujours là")
    with pytest.raises(live.ConversationNotFound):
        live.may_listen(story.noor, story.hub.id, story.question.conversation_id)


def test_nobody_is_offered_a_question_of_someone_they_are_parted_from(story):
    volunteer = a_volunteer("mia", story.hub)
    presence.renew(volunteer.member_id, "c1", state="active", notified=True, opted_in=True)
    routing.run_wave(story.hub.id, story.id, 1, 0)
    assert questions.read(volunteer, *story.this).role == "offered"
    other = a_question(story.sam, story.hub, "Une autre")
    questions.claim(volunteer, story.hub.id, other.id)

    block(story, story.sam, volunteer, question_id=other.id)

    with pytest.raises(questions.QuestionNotFound):
        questions.read(volunteer, *story.this)


def test_whoever_is_to_take_over_reads_nothing_once_parted(story):
    story.comes_to("handing_over")
    parted(story, "sam", "lea")

    with pytest.raises(questions.QuestionNotFound):
        questions.read(story.lea, *story.this)


class TestThoseWhoAreInItAlready:
    """Nobody meets in someone else's conversation either."""

    def test_nobody_is_invited_to_a_helper_whom_they_are_parted_from(self, story):
        parted(story, "lea", "noor")
        story.comes_to("in_progress")

        for who in (story.noor, story.sam):
            with pytest.raises(questions.CannotBringIn):
                questions.invite(who, *story.this, story.lea.member_id)

    def test_nobody_is_invited_to_a_companion_whom_they_are_parted_from(self, story):
        parted(story, "lea", "noor")
        questions.invite(story.sam, *story.this, story.noor.member_id)
        questions.come(story.noor, *story.this)

        with pytest.raises(questions.CannotBringIn):
            questions.invite(story.sam, *story.this, story.lea.member_id)

    def test_nobody_comes_to_a_helper_whom_they_are_parted_from(self, story):
        questions.invite(story.sam, *story.this, story.lea.member_id)
        story.comes_to("in_progress")
        parted_by_both(story)

        with pytest.raises(questions.QuestionNotFound):
            questions.come(story.lea, *story.this)

    def test_nobody_takes_in_hand_what_someone_is_in_whom_they_are_parted_from(self, story):
        questions.invite(story.sam, *story.this, story.lea.member_id)
        questions.come(story.lea, *story.this)
        parted(story, "lea", "noor")

        with pytest.raises(questions.NotOfferedToYou):
            story.claimed()

        assert story.state == "open"

    @pytest.mark.parametrize("to", ["noor", None])
    def test_nobody_takes_over_what_someone_is_in_whom_they_are_parted_from(self, story, to):
        mia = a_follower("mia", story.hub)
        questions.invite(story.sam, *story.this, story.lea.member_id)
        questions.come(story.lea, *story.this)
        story.claimed(by=mia)
        story.says(mia)
        to = getattr(story, to).member_id if to else None
        questions.propose(mia, *story.this, note="Une note assez longue.", to=to)
        parted(story, "lea", "noor")

        with pytest.raises(questions.CannotBringIn):
            questions.accept(story.noor, *story.this)

        assert story.question.helper_id == mia.member_id


class TestPartedFromTheCompany:
    """Who came along and whoever helps or came too are parted, in a question of their own, while all talk."""

    @pytest.fixture
    def together(self, story):
        """Noor helps Sam, and Lea came along."""
        takes(story.noor, story.hub, 3)
        story.comes_to("in_progress")
        comes_along(story, story.lea)
        return story

    def test_the_helper_goes_on_speaking_to_whoever_asked(self, together):
        parted(together, "lea", "noor")

        assert questions.read(together.noor, *together.this).role == "helper"
        assert together.says(together.noor, "Encore un conseil").said.seq == 2

    def test_the_companion_is_out_and_hears_nothing(self, together):
        everyone = (together.sam, together.noor, together.lea)
        before = heard_by(together, *everyone)

        parted(together, "lea", "noor")

        assert before == [one.member_id for one in everyone]
        assert heard_by(together, *everyone) == [together.sam.member_id, together.noor.member_id]
        is_out_of(together, together.lea, together.id)

    def test_only_the_companion_s_words_that_cross_it_are_not_said(self, together, meanwhile):
        meanwhile(lambda: parted(together, "lea", "noor"))
        with pytest.raises(questions.QuestionNotFound):
            together.says(together.lea, "Et moi ?")

        assert together.says(together.noor, "Je vous écoute").said.seq == 2

    def test_the_companion_is_back_once_someone_else_helps(self, together):
        parted(together, "lea", "noor")

        questions.release(together.noor, *together.this)

        assert questions.read(together.lea, *together.this).role == "companion"
        assert heard_by(together, together.lea) == [together.lea.member_id]

    def test_two_who_came_along_both_go_on_speaking_to_whoever_asked(self, together):
        together.max = a_follower("max", together.hub)
        comes_along(together, together.max)

        parted(together, "lea", "max")

        for one in (together.lea, together.max):
            assert questions.read(one, *together.this).role == "companion"
            assert together.says(one).said.role == "invited"
            assert heard_by(together, one) == [one.member_id]

    def test_those_in_company_are_told_with_one_reading_more(self, together, calls):
        question, listeners = together.question, listening(together, together.sam, together.lea)
        calls.clear()

        live.present(question, listeners)

        assert calls == ["dynamodb.BatchGetItem"]


def comes_along(story, who):
    questions.invite(story.sam, *story.this, who.member_id)
    questions.come(who, *story.this)


def parted_by_both(story):
    """Lea and Noor are parted, while Noor has her hands full."""
    takes(story.noor, story.hub, 3)
    parted(story, "lea", "noor")


class TestWhomItNames:
    """It is said who is meant: whoever helps now may have come a moment ago."""

    def test_it_hits_whoever_is_named_not_whoever_took_over(self, story):
        story.comes_to("handing_over")
        questions.accept(story.lea, *story.this)

        block(story, story.sam, story.noor)

        assert (story.state, story.question.helper_id) == ("in_progress", story.lea.member_id)
        assert load(Block.key(story.sam.member_id, story.noor.member_id))[0] is not None
        assert load(Block.key(story.sam.member_id, story.lea.member_id))[0] is None
        assert is_out_of(story, story.noor, story.id)

    def test_whoever_helped_before_may_part_from_the_asker_still(self, story):
        story.comes_to("handing_over")
        questions.accept(story.lea, *story.this)

        block(story, story.noor, story.sam)

        assert story.question.helper_id == story.lea.member_id
        assert load(Block.key(story.sam.member_id, story.noor.member_id))[0] is not None

    def test_nobody_is_named_who_never_had_it_in_hand(self, story):
        story.comes_to("in_progress")

        for who, whom in (
            (story.sam, story.lea),
            (story.sam, story.sam),
            (story.noor, story.lea),
            (story.noor, story.noor),
        ):
            with pytest.raises(questions.NobodyToBlock):
                block(story, who, whom)
        with pytest.raises(questions.QuestionNotFound):
            block(story, story.lea, story.noor)

        assert story.question.helper_id == story.noor.member_id

    def test_said_again_it_changes_nothing(self, story, stored):
        story.comes_to("in_progress")
        block(story, story.sam, story.noor)
        before = stored()

        block(story, story.sam, story.noor)

        assert stored() == before

    def test_through_another_question_in_hand_it_gives_that_one_back_too(self, story):
        """They were parted in another organization, where that question is not known."""
        story.comes_to("in_progress")
        elsewhere = an_organization("ailleurs")
        a_follower("noor", elsewhere)
        there = a_question(story.sam, elsewhere, "Ailleurs")
        questions.claim(story.noor, elsewhere.id, there.id)
        questions.block(story.sam, elsewhere.id, there.id, story.noor.member_id)
        questions.withdraw(story.sam, elsewhere.id, there.id)
        assert story.state == "in_progress"

        block(story, story.sam, story.noor)

        assert story.state == "open"
        load(Question.key(elsewhere.id, there.id))[0].delete()


def test_what_was_asked_as_a_guest_and_as_a_member_is_asked_by_one_person():
    hub = an_organization()
    a_widget(hub)
    zoe, noor = a_caller("zoe"), a_follower("noor", hub)
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    guests.adopt(zoe, guest)
    asked = a_question(guest, hub)
    questions.claim(noor, hub.id, asked.id)

    questions.block(zoe, hub.id, asked.id, noor.member_id)

    assert load(Question.key(hub.id, asked.id))[0].state == "open"
    for asker in (guest, zoe):
        another = a_question(asker, hub)
        with pytest.raises(questions.NotOfferedToYou):
            questions.claim(noor, hub.id, another.id)


def test_no_event_says_that_anyone_was_parted(story):
    takes(story.noor, story.hub, 3)
    story.comes_to("in_progress")
    second = a_question(story.sam, story.hub, "Une deuxième")
    questions.claim(story.noor, story.hub.id, second.id)

    block(story, story.sam, story.noor)

    returned = [entry.detail for entry in JournalEntry.scan() if entry.detail_type == "question.returned.v1"]
    assert [told["reason"] for told in returned] == ["released", "released"]
    assert not any("block" in entry.detail_type for entry in JournalEntry.scan())


def test_a_block_takes_four_calls_at_most_whatever_they_hold(story, calls):
    takes(story.noor, story.hub, 5)
    story.comes_to("in_progress")
    for n in range(4):
        asked = a_question(story.sam, story.hub, f"Encore {n}")
        questions.claim(story.noor, story.hub.id, asked.id)
    calls.clear()

    block(story, story.sam, story.noor)

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert in_hand(story.hub.id, story.noor.member_id) == 0


class TestWhileOthersAct:
    """What someone has in hand changes between the reading and the writing of a block."""

    @pytest.fixture
    def busy(self, story):
        """Noor has two questions of Sam's in hand, Lea may go on with the second; and one of Max's."""
        takes(story.noor, story.hub, 4)
        story.comes_to("in_progress")
        story.max = a_follower("max", story.hub)
        story.second, story.third = (a_question(one, story.hub, "Autre") for one in (story.sam, story.max))
        for one in (story.second, story.third):
            begun(story, story.noor, one)
        questions.propose(story.noor, *at(story.second), note="Une note.", to=story.lea.member_id)
        return story

    def test_it_counts_nothing_out_of_the_hands_of_whoever_took_over_meanwhile(self, busy, monkeypatch):
        look = tables.load

        def late(*keys):
            monkeypatch.setattr(parting, "load", look)
            questions.accept(busy.lea, *at(busy.second))
            return look(*keys)

        monkeypatch.setattr(parting, "load", late)

        block(busy, busy.sam, busy.noor)

        second = question_of(busy.hub, busy.second.id)
        assert (second.state, second.helper_id) == ("in_progress", busy.lea.member_id)
        assert [in_hand(busy.hub.id, one.member_id) for one in (busy.noor, busy.lea)] == [1, 1]
        assert questions.answered(busy.noor, *at(busy.third)).state == "answered"

    @pytest.mark.parametrize("state", ["in_progress", "answered", "resolved"])
    def test_what_the_helper_takes_over_meanwhile_returns_to_the_queue_too(self, story, meanwhile, state):
        takes(story.noor, story.hub, 3)
        story.comes_to(state)
        second = a_question(story.sam, story.hub, "Une deuxième")
        begun(story, story.lea, second)
        questions.propose(story.lea, *at(second), note="Une note.", to=story.noor.member_id)
        meanwhile(lambda: questions.accept(story.noor, *at(second)))

        block(story, story.sam, story.noor)

        assert question_of(story.hub, second.id).state == "open"
        assert is_out_of(story, story.noor, second.id)
        assert in_hand(story.hub.id, story.noor.member_id) == 0

    def test_what_the_helper_claims_meanwhile_of_someone_else_stays_theirs(self, story, meanwhile):
        takes(story.noor, story.hub, 3)
        story.comes_to("in_progress")
        other = a_question(a_follower("max", story.hub), story.hub, "Autre")
        meanwhile(lambda: questions.claim(story.noor, *at(other)))

        block(story, story.sam, story.noor)

        assert question_of(story.hub, other.id).helper_id == story.noor.member_id
        assert (story.state, in_hand(story.hub.id, story.noor.member_id)) == ("open", 1)


def at(question):
    return question.organization_id, question.id


def begun(story, who, question):
    questions.claim(who, *at(question))
    conversations.post(who, *at(question), client_message_id="first", text="Je regarde.")


def listening(story, *people):
    """These, as they listen to the conversation."""
    channel = subscriptions.conversation(story.question.conversation_id)
    return [Subscription.of(channel, who.member_id, member_id=who.member_id, expires_at=0) for who in people]


def heard_by(story, *people):
    """Who of those that listen to the conversation would be told of words in it."""
    return [one.member_id for one in live.present(story.question, listening(story, *people))]


def test_a_companion_parted_through_another_question_hears_nothing_more(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.come(story.noor, *story.this)
    before = heard_by(story, story.sam, story.noor)

    parted(story)

    assert before == [story.sam.member_id, story.noor.member_id]
    assert heard_by(story, story.sam, story.noor) == [story.sam.member_id]


def test_a_helper_who_is_done_hears_nothing_more_once_parted_through_another_question(story):
    takes(story.noor, story.hub, 3)
    story.comes_to("answered")

    parted(story)

    assert heard_by(story, story.sam, story.noor) == [story.sam.member_id]


def test_two_who_talk_are_told_without_a_reading_more(story, calls):
    story.comes_to("in_progress")
    question, people = story.question, [story.sam, story.noor]
    listeners = listening(story, *people)
    calls.clear()

    assert live.present(question, listeners) == listeners
    assert calls == []
