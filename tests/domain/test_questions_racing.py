"""Two people at once, a process that dies, an answer that is lost: one helper, and every count right."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.domain import conversations, errors, events, following, helping, questions
from chalicelib.domain.questions import places, watching
from chalicelib.gateways import clock
from chalicelib.models import tables
from chalicelib.models.journal import JournalEntry
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import IN_HAND, Question
from tests import faults
from tests.factories import a_caller, a_follower
from tests.histories import histories
from tests.questions import Story, a_question, every, in_hand, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def told(name):
    return sum(entry.detail_type == f"{name}.v1" for entry in JournalEntry.scan())


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


def test_fifty_claims_at_once_give_one_helper_and_forty_nine_who_learn_what_else_waits(story, monkeypatch):
    a_question(story.sam, story.hub)
    helpers = [a_caller(f"h{n}") for n in range(50)]
    for helper in helpers:
        who = {"role": "none", "voice": "member", "at": clock.now()}
        Membership.starting(story.hub.id, helper.member_id, **who).save()
    look, outcomes = tables.load, {}
    left = iter(helpers)

    def read(*keys):
        """Everyone has read the question while it was open before anyone's claim is written."""
        found = look(*keys)
        if isinstance(found[0], Question) and (helper := next(left, None)) is not None:
            attempt(helper)
        return found

    def attempt(helper):
        try:
            outcomes[helper.member_id] = questions.claim(helper, *story.this).helper_id
        except questions.QuestionAlreadyClaimed as refused:
            outcomes[helper.member_id] = refused.context["others_waiting"]

    monkeypatch.setattr(places, "load", read)
    attempt(next(left))

    winners = [helper for helper, outcome in outcomes.items() if outcome == helper]
    assert len(outcomes) == 50
    assert winners == [story.question.helper_id]
    assert sorted(map(str, outcomes.values())) == ["1"] * 49 + winners
    assert told("question.claimed") == 1


def test_of_two_who_claim_a_lapsed_question_one_gets_it(story, meanwhile):
    story.claimed()
    story.time_passes(seconds=121)
    mia = a_follower("mia", story.hub)
    meanwhile(lambda: story.claimed(by=mia))

    with pytest.raises(questions.QuestionAlreadyClaimed):
        story.claimed(by=story.lea)

    assert story.question.helper_id == mia.member_id


def test_a_timer_that_rings_while_someone_claims_the_lapsed_question_gives_it_to_them(story, meanwhile):
    story.claimed()
    token = story.question.claim_token
    story.time_passes(seconds=121)
    meanwhile(lambda: questions.end_lease(*story.this, claim_token=token))

    story.claimed(by=story.lea)
    questions.end_lease(*story.this, claim_token=token)

    assert story.question.helper_id == story.lea.member_id
    assert told("question.returned") == 1


def test_a_first_word_that_crosses_another_claim_is_not_said(story, meanwhile):
    story.claimed()
    story.time_passes(seconds=121)
    meanwhile(lambda: story.claimed(by=story.lea))

    with pytest.raises(questions.QuestionNotFound):
        story.says(story.noor)

    assert (story.question.helper_id, story.question.seq) == (story.lea.member_id, 0)


def test_a_first_word_that_crosses_the_end_of_the_lease_wins_or_is_not_said(story, meanwhile):
    story.claimed()
    token = story.question.claim_token
    story.time_passes(seconds=121)
    meanwhile(lambda: questions.end_lease(*story.this, claim_token=token))

    with pytest.raises(questions.QuestionNotFound):
        story.says(story.noor)

    assert (story.state, story.question.seq) == ("open", 0)


def test_a_claim_that_crosses_a_withdrawal_is_refused(story, meanwhile):
    meanwhile(story.withdrawn)

    with pytest.raises(questions.QuestionNotFound):
        story.claimed()

    assert story.state == "withdrawn"


def test_a_withdrawal_that_crosses_a_claim_takes_it_out_of_their_hands(story, meanwhile):
    meanwhile(story.claimed)

    story.withdrawn()

    assert (story.state, in_hand(story.hub.id, story.noor.member_id)) == ("withdrawn", 0)


def test_a_yes_that_crosses_the_end_of_silence_is_heard_or_refused_never_both(story, meanwhile):
    story.comes_to("answered")
    story.time_passes(hours=72)
    meanwhile(lambda: questions.close_unconfirmed(*story.this, round=1))

    with pytest.raises(questions.QuestionStateRefused):
        story.helped()

    assert (story.state, told("question.resolved")) == ("closed_unconfirmed", 0)


def test_an_acceptance_that_crosses_the_end_of_the_proposal_is_refused(story, meanwhile):
    story.comes_to("handing_over")
    meanwhile(lambda: questions.decline(story.noor, *story.this))

    with pytest.raises((questions.QuestionStateRefused, questions.QuestionNotFound)):
        questions.accept(story.lea, *story.this)

    assert story.question.helper_id == story.noor.member_id


def test_one_place_left_is_taken_once_by_someone_who_claims_two_at_once(story, meanwhile):
    second = a_question(story.sam, story.hub)
    meanwhile(lambda: questions.claim(story.noor, story.hub.id, second.id))

    with pytest.raises(questions.HandsFull):
        story.claimed()

    assert in_hand(story.hub.id, story.noor.member_id) == 1


def test_a_claim_that_crosses_a_block_is_refused(story, meanwhile):
    story.claimed()
    questions.release(story.noor, *story.this)
    story.time_passes(minutes=11)
    meanwhile(lambda: questions.block(story.sam, *story.this, story.noor.member_id))

    with pytest.raises(questions.NotOfferedToYou):
        story.claimed()


ACTS = {
    "claimed": ("open", "claimed"),
    "finished": ("in_progress", "answered"),
    "helped": ("answered", "resolved"),
    "withdrawn": ("in_progress", "withdrawn"),
    "proposed": ("in_progress", "handing_over"),
}


@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
@pytest.mark.parametrize("act", ACTS)
def test_what_is_lost_on_the_way_is_done_once_when_it_is_sent_again(story, act, fault):
    before, after = ACTS[act]
    story.comes_to(before)
    count = len(list(JournalEntry.scan()))
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            getattr(story, act)()
        except faults.Crash:
            getattr(story, act)()  # by the same person, after the process died

    assert story.state == after
    assert len(list(JournalEntry.scan())) == count + 1


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after"])
def test_a_first_word_is_said_once_whatever_is_lost(story, fault):
    story.claimed()
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            story.says(story.noor, "Bonjour", key="k")
        except faults.Crash:
            story.says(story.noor, "Bonjour", key="k")

    assert (story.state, story.question.seq, told("answer.begun")) == ("in_progress", 1, 1)


def test_a_claim_takes_one_read_one_transaction_and_the_names(story, calls):
    calls.clear()

    story.claimed()

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems", "dynamodb.BatchGetItem"]


MOVES = [
    "ask", "claim", "release", "say", "asker_says", "propose", "propose_anyone", "accept", "decline",
    "invite", "come", "stay_away", "leave", "let_watch", "let_watch", "watch", "dismiss",
    "lea_pauses", "agree", "disagree", "call_back",
    "answered", "yes", "no", "reopen", "withdraw", "block", "lose", "be_away",
    "ring_lease", "ring_hand_over", "ring_silence", "ring_expiry",
    "wait_short", "wait_lease", "wait_skip", "wait_days",
]  # fmt: skip


def play(story, move, chance):
    """One move of someone, at some question: most are refused, as they should be."""
    everything = sorted(every(Question), key=lambda question: question.id)
    question = chance.choice(everything)
    who = chance.choice([story.noor, story.lea, story.sam])
    here = (story.hub.id, question.id)
    number = int(question.round)
    proposal = (question.hand_over or {}).get("id", "none")
    whom = str(question.helper_id or question.last_helper_id) if who is story.sam else question.asker_id
    moves = {
        "ask": lambda: a_question(story.sam, story.hub),
        "claim": lambda: questions.claim(who, *here),
        "release": lambda: questions.release(who, *here),
        "say": lambda: _say(who, here, chance),
        "asker_says": lambda: _say(story.sam, here, chance),
        "propose": lambda: questions.propose(who, *here, to=story.lea.member_id, note="Une note de relais."),
        "propose_anyone": lambda: questions.propose(who, *here, note="Une note de relais."),
        "accept": lambda: questions.accept(who, *here),
        "decline": lambda: questions.decline(who, *here),
        "invite": lambda: questions.invite(story.sam, *here, story.lea.member_id),
        "come": lambda: questions.come(story.lea, *here),
        "stay_away": lambda: questions.stay_away(story.lea, *here),
        "leave": lambda: _leave(story, who),
        "let_watch": lambda: [watching.agree(side, *here, story.lea.member_id) for side in (story.sam, who)],
        "watch": lambda: watching.watch(story.lea, *here),
        "dismiss": lambda: watching.dismiss(who, *here, story.lea.member_id),
        "lea_pauses": lambda: helping.pause(
            story.lea, story.hub.id, until=clock.now() + timedelta(minutes=chance.randrange(1, 60))
        ),
        "agree": lambda: questions.wait(story.sam, *here, proposal_id=proposal, agrees=True),
        "disagree": lambda: questions.wait(story.sam, *here, proposal_id=proposal, agrees=False),
        "call_back": lambda: questions.call_back(*here, proposal_id=proposal),
        "answered": lambda: questions.answered(who, *here),
        "yes": lambda: questions.confirm(story.sam, *here, outcome="yes"),
        "no": lambda: questions.confirm(story.sam, *here, outcome="no"),
        "reopen": lambda: questions.reopen(story.sam, *here),
        "withdraw": lambda: questions.withdraw(story.sam, *here),
        "block": lambda: chance.random() < 0.2 and questions.block(who, *here, whom),
        "lose": lambda: questions.lose_helper(*here, who.member_id),
        "be_away": lambda: questions.lose_helper(*here, who.member_id, away_since=question.asked_at),
        "ring_lease": lambda: questions.end_lease(*here, claim_token=question.claim_token or "none"),
        "ring_hand_over": lambda: questions.end_hand_over(*here, proposal_id=proposal),
        "ring_silence": lambda: questions.close_unconfirmed(*here, round=number),
        "ring_expiry": lambda: questions.expire(*here, round=number),
        "wait_short": lambda: story.time_passes(seconds=30),
        "wait_lease": lambda: story.time_passes(seconds=125),
        "wait_skip": lambda: story.time_passes(minutes=16),
        "wait_days": lambda: story.time_passes(days=4),
    }
    try:
        moves[move]()
    except errors.Refusal:
        return


def _leave(story, who):
    """Someone stops following, and follows again once that has had its effects."""
    following.unfollow(who, story.hub.id)
    questions.lose_leaver(events.OrganizationUnfollowed(organization_id=story.hub.id, actor_id=who.member_id))
    following.follow(who, story.hub.id)


def _say(who, here, chance):
    conversations.post(who, *here, client_message_id=f"k{chance.randrange(10**9)}", text="Un mot.")


def takers():
    """Who has ever put what into their own hands, from the journal."""
    named = ("question.claimed.v1", "hand_over.accepted.v1")
    return {
        (entry.detail["question_id"], entry.detail["helper_id"])
        for entry in JournalEntry.scan()
        if entry.detail_type in named and entry.detail["actor_id"] == entry.detail["helper_id"]
    }


@pytest.mark.plain
@histories(4)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=8, max_size=20), seed=st.integers(0, 10**6))
def test_whatever_happens_nobody_is_assigned_and_every_count_is_that_of_its_rows(moves, seed):
    real, ahead = clock.now, [0]
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        tables.CommunityItem.create_table(wait=False)
        tables.MessageItem.create_table(wait=False)
        JournalEntry.create_table(wait=False)
        tables.LiveItem.create_table(wait=False)

        def time_passes(**by):
            ahead.append(timedelta(**by).total_seconds())
            patch.setattr(clock, "now", lambda: real() + timedelta(seconds=sum(ahead)))

        story = Story(time_passes)
        chance = random.Random(seed)  # noqa: S311 - which of them, not a secret
        for move in ["claim", "say", *moves]:
            play(story, move, chance)
            must_add_up(story.hub.id)
            taken = takers()
            for question in every(Question):
                if question.state in IN_HAND:
                    assert (question.id, question.helper_id) in taken
                assert (question.helper_id is None) == (question.state == "open") or question.state in (
                    "withdrawn", "expired",
                )  # fmt: skip
