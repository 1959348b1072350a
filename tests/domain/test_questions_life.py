"""Every row of a question's life: asked, taken in hand, handed over, answered, resolved, reopened, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import events, following, questions
from chalicelib.domain.questions import places, states
from chalicelib.domain.salons import FollowFirst
from chalicelib.models.blocks import Block
from chalicelib.models.helping import HelperCard
from chalicelib.models.journal import JournalEntry
from chalicelib.models.questions import QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import hosts
from tests.factories import a_caller, a_follower, a_host, an_organization
from tests.questions import TEXT, Story, a_guest, a_question, in_hand, must_add_up

EVERY_STATE = [
    "open", "claimed", "in_progress", "handing_over", "answered",
    "resolved", "closed_unconfirmed", "withdrawn", "merged", "expired",
]  # fmt: skip
OPEN_STATES = EVERY_STATE[:5]


@pytest.fixture
def story(time_passes):
    """A question that was just asked; whatever becomes of it, every count must be that of its rows."""
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def told(name):
    """What the journal says of one kind of event, oldest first."""
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [entry.detail for entry in entries if entry.detail_type == f"{name}.v1"]


def queue(story):
    return [waiting.question_id for waiting in questions.waiting_in(story.hub.id, Page(50)).items]


# asking


def test_asking_opens_round_one_and_sets_the_time_once(story):
    asked = story.question

    assert (asked.state, asked.round, asked.asked_at) == ("open", 1, asked.round_opened_at)
    assert queue(story) == [story.id]
    assert [event["topics"] for event in told("question.asked")] == [["freins"]]


def test_anyone_may_ask_even_someone_without_an_account(story):
    stranger, guest = a_caller("stranger"), a_guest("gil", story.hub)

    asked = [a_question(who, story.hub) for who in (stranger, guest)]

    assert [question.asker_is_verified for question in asked] == [True, False]
    assert queue(story) == [story.id, *(question.id for question in asked)]


def test_asking_is_told_honestly_that_nobody_is_there(story):
    there = a_question(story.sam, story.hub).availability

    assert (there.available, there.median_first_reply_seconds) == (0, None)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://cyclofil.example/freins?token=s3cret&q=x#moi", "https://cyclofil.example/freins"),
        ("https://sam:s3cret@cyclofil.example/freins", "https://cyclofil.example/freins"),
        ("https://cyclofil.example", "https://cyclofil.example"),
        ("https://cyclofil.example/a?b=1?c=2", "https://cyclofil.example/a"),
    ],
)
def test_the_page_is_kept_without_what_its_address_says_of_a_person(story, url, kept):
    asked = a_question(story.sam, story.hub, page={"title": "Freins", "url": url})

    assert asked.page == {"title": "Freins", "url": kept}


def test_the_organization_may_let_some_parameters_of_the_page_be_kept(story):
    hosts.a_widget(story.hub, allowed_query_parameters=["sku"])

    asked = a_question(story.sam, story.hub, page={"title": "", "url": "https://c.example/p?token=x&sku=12"})

    assert asked.page["url"] == "https://c.example/p?sku=12"


def test_a_question_goes_on_from_one_of_the_same_person_only(story):
    linked = a_question(story.sam, story.hub, linked_to=story.id)

    assert linked.linked_to == story.id
    with pytest.raises(questions.LinkedQuestionUnknown):
        a_question(story.noor, story.hub, linked_to=story.id)


def test_the_public_list_shows_words_only_where_the_asker_let_it(story):
    a_question(story.sam, story.hub, "Un mot, " * 30, public=True)

    private, public = questions.waiting_in(story.hub.id, Page(50)).items

    assert private.text is None
    assert public.text.startswith("Un mot")
    assert len(public.text) <= 140


# claiming


def test_a_claim_gives_a_lease_of_two_minutes(story):
    claimed = story.claimed()

    assert (claimed.state, claimed.helper_id) == ("claimed", story.noor.member_id)
    assert claimed.lease_until - claimed.now == timedelta(seconds=120)
    assert (queue(story), in_hand(story.hub.id, story.noor.member_id)) == ([], 1)
    (event,) = told("question.claimed")
    assert event["claim_token"] == story.question.claim_token


def test_nobody_claims_their_own_question(story):
    with pytest.raises(questions.CannotHelpYourself):
        story.claimed(by=story.sam)


def test_only_followers_claim(story):
    with pytest.raises(FollowFirst):
        story.claimed(by=a_caller("stranger"))


def test_a_helper_with_full_hands_claims_no_more(story):
    story.claimed()
    second = a_question(story.sam, story.hub)

    with pytest.raises(questions.HandsFull):
        questions.claim(story.noor, story.hub.id, second.id)


def test_whoever_comes_second_learns_what_else_waits(story):
    others = [a_question(story.sam, story.hub).id for _ in range(3)]
    story.claimed()

    with pytest.raises(questions.QuestionAlreadyClaimed) as refused:
        story.claimed(by=story.lea)

    assert refused.value.context == {"others_waiting": 3, "next_question_id": others[0]}


def test_what_else_waits_is_counted_up_to_twenty(story):
    for _ in range(22):
        a_question(story.sam, story.hub)
    story.claimed()

    with pytest.raises(questions.QuestionAlreadyClaimed) as refused:
        story.claimed(by=story.lea)

    assert refused.value.context["others_waiting"] == 20


def test_claiming_twice_is_claiming_once(story):
    story.claimed()
    token = story.question.claim_token

    story.claimed()

    assert story.question.claim_token == token
    assert len(told("question.claimed")) == 1


@pytest.mark.parametrize(
    "state", ["answered", "resolved", "closed_unconfirmed", "withdrawn", "merged", "expired"]
)
def test_what_no_longer_waits_is_not_claimed(story, state):
    questions.invite(story.sam, *story.this, story.lea.member_id)
    story.comes_to(state)

    with pytest.raises(questions.QuestionStateRefused) as refused:
        story.claimed(by=story.lea)

    assert refused.value.context == {"state": state}


# the lease, and giving back


def test_the_first_word_of_the_helper_begins_the_answer(story):
    story.claimed()
    story.time_passes(seconds=40)

    story.begun()

    begun = story.question
    assert begun.state == "in_progress"
    assert begun.first_reply_at - begun.asked_at >= timedelta(seconds=40)
    assert [event["is_first"] for event in told("answer.begun")] == [True]


def test_a_lease_that_ends_without_a_word_returns_the_question_at_its_age(story):
    asked_at = story.question.asked_at
    story.claimed()
    token = story.question.claim_token
    story.time_passes(seconds=121)

    questions.end_lease(*story.this, claim_token=token)

    assert (story.state, story.question.asked_at, story.question.round) == ("open", asked_at, 1)
    assert in_hand(story.hub.id, story.noor.member_id) == 0
    (event,) = told("question.returned")
    assert (event["reason"], event["helper_id"]) == ("lease_ended", story.noor.member_id)


@pytest.mark.parametrize("when", ["early", "after a word", "of an earlier claim", "twice", "of no question"])
def test_a_lease_timer_that_rings_wrongly_changes_nothing(story, when):
    story.claimed()
    token = story.question.claim_token
    if when == "after a word":
        story.begun()
    elif when == "of an earlier claim":
        questions.release(story.noor, *story.this)
        story.claimed(by=story.lea)
    elif when == "twice":
        story.time_passes(minutes=3)
        questions.end_lease(*story.this, claim_token=token)
    if when != "early":
        story.time_passes(minutes=3)
    before = story.state, story.question.version

    questions.end_lease(story.hub.id, story.id if when != "of no question" else "qst_0", claim_token=token)

    assert (story.state, story.question.version) == before


def test_a_claim_on_a_lapsed_lease_succeeds_before_the_timer_rings(story):
    story.claimed()
    story.time_passes(seconds=121)

    story.claimed(by=story.lea)

    assert story.question.helper_id == story.lea.member_id
    assert [in_hand(story.hub.id, who.member_id) for who in (story.noor, story.lea)] == [0, 1]
    assert [event["reason"] for event in told("question.returned")] == ["lease_ended"]


def test_a_lapsed_lease_reads_as_open(story):
    story.claimed()
    story.time_passes(seconds=121)

    assert questions.read(story.sam, *story.this).state == "open"


def test_a_helper_whose_lapsed_question_another_one_claimed_can_do_nothing(story):
    story.claimed()
    story.time_passes(seconds=121)
    story.claimed(by=story.lea)
    before = story.question.version

    for act in (
        lambda: story.says(story.noor),
        story.finished,
        story.proposed,
        lambda: questions.read(story.noor, *story.this),
        lambda: questions.invite(story.noor, *story.this, story.lea.member_id),
    ):
        with pytest.raises(questions.QuestionNotFound):
            act()
    questions.release(story.noor, *story.this)

    assert (story.question.version, story.question.helper_id) == (before, story.lea.member_id)


def test_a_late_first_word_still_counts_while_nobody_else_came(story):
    story.claimed()
    story.time_passes(seconds=121)

    story.begun()

    assert story.state == "in_progress"


@pytest.mark.parametrize("state", ["claimed", "in_progress", "handing_over"])
def test_a_helper_gives_a_question_back_without_penalty(story, state):
    asked_at = story.question.asked_at
    later = a_question(story.sam, story.hub)
    story.comes_to(state)

    questions.release(story.noor, *story.this)

    assert (story.state, story.question.asked_at, story.question.helper_id) == ("open", asked_at, None)
    assert queue(story) == [story.id, later.id]  # its age is kept: it is first again
    assert in_hand(story.hub.id, story.noor.member_id) == 0
    assert [event["reason"] for event in told("question.returned")] == ["released"]


def test_giving_back_twice_is_giving_back_once(story):
    story.claimed()

    questions.release(story.noor, *story.this)
    questions.release(story.noor, *story.this)

    assert len(told("question.returned")) == 1


def test_whoever_gave_a_question_back_is_skipped_for_ten_minutes(story):
    story.claimed()
    questions.release(story.noor, *story.this)

    story.time_passes(minutes=9)
    with pytest.raises(questions.NotOfferedToYou):
        story.claimed()
    story.time_passes(minutes=1, seconds=1)
    story.claimed()

    assert story.question.helper_id == story.noor.member_id


def test_whoever_let_a_lease_lapse_does_not_take_it_again_at_once(story):
    story.claimed()
    story.time_passes(seconds=121)

    with pytest.raises(questions.NotOfferedToYou):
        story.claimed()


def test_only_whoever_has_it_gives_it_back(story):
    story.claimed()

    with pytest.raises(questions.OnlyTheHelper):
        questions.release(story.sam, *story.this)
    with pytest.raises(questions.QuestionNotFound):
        questions.release(story.lea, *story.this)


# a helper who is gone


@pytest.mark.parametrize("state", ["claimed", "in_progress", "handing_over"])
def test_a_helper_who_is_gone_leaves_the_question_to_others_and_its_words_stay(story, state):
    story.comes_to(state)
    words = story.question.seq

    questions.lose_helper(*story.this, story.noor.member_id)
    questions.lose_helper(*story.this, story.noor.member_id)

    assert (story.state, story.question.seq) == ("open", words)
    assert [event["reason"] for event in told("question.returned")] == ["helper_gone"]


def test_a_helper_away_for_fifteen_minutes_loses_it_only_while_the_asker_waits(story):
    story.comes_to("in_progress")
    away_since = story.question.first_reply_at
    story.time_passes(minutes=20)
    questions.lose_helper(*story.this, story.noor.member_id, away_since=away_since)
    before = story.state
    story.says(story.sam, "Et maintenant ?")
    story.time_passes(minutes=14)
    questions.lose_helper(*story.this, story.noor.member_id, away_since=away_since)
    meanwhile = story.state
    story.time_passes(minutes=1, seconds=1)
    questions.lose_helper(*story.this, story.noor.member_id, away_since=away_since)

    assert (before, meanwhile, story.state) == ("in_progress", "in_progress", "open")


def test_a_helper_who_answered_in_time_keeps_it(story):
    story.comes_to("in_progress")
    away_since = story.question.first_reply_at
    story.says(story.sam, "Et maintenant ?")
    story.says(story.noor, "Serrez le câble.")
    story.time_passes(minutes=20)

    questions.lose_helper(*story.this, story.noor.member_id, away_since=away_since)

    assert story.state == "in_progress"


# handing over


def test_the_current_helper_stays_while_a_hand_over_waits(story):
    story.comes_to("handing_over")

    story.says(story.noor, "Je reste là en attendant.")

    assert (story.state, story.question.helper_id) == ("handing_over", story.noor.member_id)
    assert questions.read(story.lea, *story.this).proposal["note"] == "Disque dégraissé, reste le câble."


def test_the_asker_does_not_read_the_note_between_helpers(story):
    story.comes_to("handing_over")

    assert questions.read(story.sam, *story.this).proposal is None


@pytest.mark.parametrize("to", ["lea", None])
def test_whoever_accepts_joins_and_the_other_one_leaves_in_one_step(story, to):
    story.comes_to("in_progress")
    asked_at, token = story.question.asked_at, story.question.claim_token
    story.proposed(to=to)

    accepted = questions.accept(story.lea, *story.this)
    again = questions.accept(story.lea, *story.this)

    assert (accepted.state, accepted.helper_id) == ("in_progress", story.lea.member_id)
    assert again.version == accepted.version
    assert accepted.proposal["note"] == "Disque dégraissé, reste le câble."
    assert (story.question.asked_at, story.question.round) == (asked_at, 1)
    assert story.question.claim_token != token
    assert [in_hand(story.hub.id, who.member_id) for who in (story.noor, story.lea)] == [0, 1]
    assert [(event["before"], event["helper_id"]) for event in told("hand_over.accepted")] == [
        (story.noor.member_id, story.lea.member_id)
    ]
    with pytest.raises(questions.QuestionNotFound):
        story.says(story.noor)


def test_a_full_helper_may_be_asked_to_take_over_and_accepts_once_there_is_room(story):
    held = a_question(story.sam, story.hub)
    questions.claim(story.lea, story.hub.id, held.id)
    story.comes_to("handing_over")

    with pytest.raises(questions.HandsFull):
        questions.accept(story.lea, *story.this)
    questions.release(story.lea, story.hub.id, held.id)
    questions.accept(story.lea, *story.this)

    assert story.question.helper_id == story.lea.member_id


def test_a_declined_hand_over_leaves_all_as_it_was(story):
    story.comes_to("handing_over")

    questions.decline(story.lea, *story.this)
    questions.decline(story.lea, *story.this)

    assert (story.state, story.question.helper_id) == ("in_progress", story.noor.member_id)
    assert [event["reason"] for event in told("hand_over.declined")] == ["declined"]


def test_a_helper_takes_a_proposal_back(story):
    story.comes_to("handing_over")

    questions.decline(story.noor, *story.this)

    assert story.state == "in_progress"
    assert [event["reason"] for event in told("hand_over.declined")] == ["taken_back"]


def test_a_proposal_that_nobody_accepts_in_two_minutes_is_over(story):
    story.comes_to("handing_over")
    proposal_id = story.question.hand_over["id"]
    questions.end_hand_over(*story.this, proposal_id=proposal_id)
    early = story.state
    story.time_passes(seconds=121)
    questions.end_hand_over(*story.this, proposal_id="hnd_other")
    other = story.state

    with pytest.raises(questions.QuestionNotFound):
        questions.read(story.lea, *story.this)
    questions.end_hand_over(*story.this, proposal_id=proposal_id)
    questions.end_hand_over(*story.this, proposal_id=proposal_id)

    assert (early, other, story.state) == ("handing_over", "handing_over", "in_progress")
    assert [event["reason"] for event in told("hand_over.declined")] == ["nobody_came"]


def test_a_proposal_out_of_time_is_not_accepted_and_holds_up_nobody(story):
    story.comes_to("handing_over")
    story.time_passes(seconds=121)

    with pytest.raises(questions.QuestionStateRefused):
        questions.accept(story.lea, *story.this)
    story.finished()

    assert story.state == "answered"


def test_proposing_twice_is_proposing_once(story):
    story.comes_to("handing_over")

    story.proposed()

    assert len(told("hand_over.proposed")) == 1


def test_nobody_but_whom_it_is_proposed_to_accepts(story):
    mia = a_follower("mia", story.hub)
    story.comes_to("handing_over")

    for who in (mia, story.noor):
        with pytest.raises(questions.QuestionNotFound):
            questions.accept(who, *story.this)
    with pytest.raises(questions.CannotHelpYourself):
        questions.accept(story.sam, *story.this)


def test_nobody_hands_over_to_themselves_the_asker_a_stranger_or_someone_blocked(story):
    story.comes_to("in_progress")
    Block.of(story.sam.member_id, story.lea.member_id, by="x", at=story.question.asked_at).save()

    for to in (story.noor, story.sam, a_caller("stranger"), story.lea):
        with pytest.raises(questions.CannotBringIn):
            questions.propose(story.noor, *story.this, to=to.member_id, note="Une note assez longue.")

    assert story.state == "in_progress"


# answered, and what the asker says


def test_a_helper_says_that_they_are_done_and_has_free_hands(story):
    story.comes_to("in_progress")

    story.finished()
    story.finished()

    assert story.state == "answered"
    assert in_hand(story.hub.id, story.noor.member_id) == 0
    assert len(told("question.answered")) == 1


@pytest.mark.parametrize("state", ["open", "claimed", "handing_over"])
def test_only_an_answer_under_way_is_finished(story, state):
    story.comes_to(state)

    with pytest.raises((questions.QuestionStateRefused, questions.QuestionNotFound)):
        story.finished()


@pytest.mark.parametrize("outcome", ["yes", "partly"])
def test_the_asker_resolves_it_with_yes_or_partly(story, outcome):
    story.comes_to("answered")

    story.helped(outcome)
    story.helped(outcome)

    assert (story.state, story.question.outcome) == ("resolved", outcome)
    assert [event["outcome"] for event in told("question.resolved")] == [outcome]


def test_with_no_a_new_round_begins_at_the_same_age_without_the_earlier_helper(story):
    asked_at = story.question.asked_at
    story.comes_to("answered")
    story.time_passes(hours=1)

    story.helped("no")
    story.helped("no")

    again = story.question
    assert (again.state, again.round, again.asked_at) == ("open", 2, asked_at)
    assert again.round_opened_at - asked_at >= timedelta(hours=1)
    assert again.first_reply_at is None  # times are per round
    assert [(event["reason"], event["round"]) for event in told("question.reopened")] == [("not_helped", 2)]
    story.time_passes(days=3)
    with pytest.raises(questions.NotOfferedToYou):
        story.claimed()
    story.claimed(by=story.lea)


def test_what_the_asker_said_of_an_answer_stands_until_the_next_one_is_finished(story):
    story.comes_to("answered")
    assert story.question.outcome is None
    story.helped("no")
    said = [story.question.outcome]

    story.claimed(by=story.lea)
    story.says(story.lea)
    said.append(story.question.outcome)
    questions.answered(story.lea, *story.this)
    said.append(story.question.outcome)
    story.helped("yes")

    assert (said, story.question.outcome) == (["no", "no", None], "yes")


@pytest.mark.parametrize("state", ["open", "claimed", "in_progress", "handing_over", "resolved", "withdrawn"])
def test_there_is_nothing_to_confirm_before_an_answer_nor_after(story, state):
    story.comes_to(state)

    with pytest.raises(questions.QuestionStateRefused):
        story.helped("partly")


def test_nobody_but_the_asker_says_whether_it_helped(story):
    story.comes_to("answered")

    with pytest.raises(questions.OnlyTheAsker):
        questions.confirm(story.noor, *story.this, outcome="yes")
    with pytest.raises(questions.QuestionNotFound):
        questions.confirm(story.lea, *story.this, outcome="yes")


def test_three_days_of_silence_close_it_unconfirmed_and_never_solved(story):
    story.comes_to("answered")
    story.time_passes(hours=71)
    questions.close_unconfirmed(*story.this, round=1)
    early = story.state

    story.time_passes(hours=1)
    questions.close_unconfirmed(*story.this, round=2)
    other_round = story.state
    questions.close_unconfirmed(*story.this, round=1)
    questions.close_unconfirmed(*story.this, round=1)

    assert (early, other_round, story.state) == ("answered", "answered", "closed_unconfirmed")
    assert len(told("question_closed.unconfirmed")) == 1
    assert told("question.resolved") == told("thanks.given") == []


# opening again


@pytest.mark.parametrize("state", ["resolved", "closed_unconfirmed"])
def test_the_asker_opens_it_again_within_seven_days_for_whoever_can_help_then(story, state):
    asked_at = story.question.asked_at
    story.comes_to(state)
    story.time_passes(days=7, seconds=-5)

    questions.reopen(story.sam, *story.this)
    questions.reopen(story.sam, *story.this)

    again = story.question
    assert (again.state, again.round, again.helper_id, again.asked_at) == ("open", 2, None, asked_at)
    assert again.round_opened_at > asked_at
    assert [event["reason"] for event in told("question.reopened")] == ["came_back"]


@pytest.mark.parametrize("state", ["resolved", "closed_unconfirmed"])
def test_after_seven_days_a_linked_question_is_asked_instead(story, state):
    story.comes_to(state)
    story.time_passes(days=7, seconds=1)

    with pytest.raises(questions.ReopenTooLate) as refused:
        questions.reopen(story.sam, *story.this)
    linked = a_question(story.sam, story.hub, **refused.value.context)

    assert (story.state, linked.linked_to, linked.round) == (state, story.id, 1)


@pytest.mark.parametrize("state", [*OPEN_STATES, "withdrawn", "merged", "expired"])
def test_nothing_else_is_opened_again(story, state):
    story.comes_to(state)

    with pytest.raises(questions.QuestionStateRefused):
        questions.reopen(story.sam, *story.this)


def test_nobody_but_the_asker_opens_it_again(story):
    story.comes_to("resolved")

    with pytest.raises(questions.OnlyTheAsker):
        questions.reopen(story.noor, *story.this)


# ending


@pytest.mark.parametrize("state", OPEN_STATES)
def test_the_asker_withdraws_it_from_any_open_state(story, state):
    story.comes_to(state)

    ended = story.withdrawn()
    story.withdrawn()

    assert (story.state, queue(story), in_hand(story.hub.id, story.noor.member_id)) == ("withdrawn", [], 0)
    assert "retiré" in ended.explanation
    assert [event["helper_id"] for event in told("question.withdrawn")] == [story.question.helper_id]


@pytest.mark.parametrize("state", OPEN_STATES)
def test_the_asker_merges_a_repetition_into_another_question_of_theirs(story, state):
    story.comes_to(state)

    ended = story.merged()

    assert (story.state, ended.linked_to) == ("merged", told("question.merged")[0]["into"])


def test_a_question_repeats_no_other_person_s_and_not_itself(story):
    others = a_question(story.noor, story.hub)

    for duplicate_of in (story.id, others.id, "qst_0"):
        with pytest.raises(questions.NotADuplicate):
            questions.withdraw(story.sam, *story.this, duplicate_of=duplicate_of)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_after_thirty_days_it_expires_from_any_open_state_and_says_so(story, state):
    story.comes_to(state)
    story.time_passes(days=29)
    questions.expire(*story.this, round=1)
    early = story.state
    story.time_passes(days=1)

    questions.expire(*story.this, round=2)
    other_round = story.state
    questions.expire(*story.this, round=1)
    questions.expire(*story.this, round=1)

    assert (early, other_round, story.state) == (state, state, "expired")
    assert len(told("question.expired")) == 1
    assert "mois" in questions.read(story.sam, *story.this).explanation


@pytest.mark.parametrize("state", EVERY_STATE[5:])
def test_what_is_closed_is_not_withdrawn_and_does_not_expire(story, state):
    story.comes_to(state)
    before = story.question.version

    if state != "withdrawn":
        with pytest.raises(questions.QuestionStateRefused):
            questions.withdraw(story.sam, *story.this)
    story.time_passes(days=40)
    questions.expire(*story.this, round=1)

    assert (story.state, story.question.version) == (state, before)


# blocking


@pytest.mark.parametrize("who", ["sam", "noor"])
@pytest.mark.parametrize("state", ["claimed", "in_progress", "handing_over", "answered"])
def test_either_side_ends_the_pair_for_good_and_the_question_goes_back(story, who, state):
    story.comes_to(state)

    other = (story.noor if who == "sam" else story.sam).member_id
    questions.block(getattr(story, who), *story.this, other)
    questions.block(getattr(story, who), *story.this, other)

    assert (story.state, queue(story)) == ("open", [story.id])
    story.time_passes(days=2)
    with pytest.raises(questions.NotOfferedToYou):
        story.claimed()
    another = a_question(story.sam, story.hub)
    with pytest.raises(questions.NotOfferedToYou):
        questions.claim(story.noor, story.hub.id, another.id)
    story.claimed(by=story.lea)


def test_a_block_shows_in_no_statistic(story):
    story.comes_to("in_progress")

    questions.block(story.sam, *story.this, story.noor.member_id)

    (returned,) = told("question.returned")
    assert (returned["reason"], returned["actor_id"]) == ("released", story.noor.member_id)
    assert not any("block" in entry.detail_type for entry in JournalEntry.scan())


def test_a_block_after_the_end_leaves_the_question_as_it_is(story):
    story.comes_to("resolved")

    questions.block(story.sam, *story.this, story.noor.member_id)

    (block,) = load(Block.key(story.noor.member_id, story.sam.member_id))
    assert (story.state, block.blocked_by) == ("resolved", story.sam.member_id)


def test_whoever_gave_it_back_may_still_block_and_be_blocked(story):
    story.claimed()
    questions.release(story.noor, *story.this)

    questions.block(story.sam, *story.this, story.noor.member_id)

    assert load(Block.key(story.sam.member_id, story.noor.member_id))[0] is not None


def test_nobody_else_blocks_and_nobody_blocks_nobody(story):
    with pytest.raises(questions.NobodyToBlock):
        questions.block(story.sam, *story.this, story.noor.member_id)
    with pytest.raises(questions.QuestionNotFound):
        questions.block(story.lea, *story.this, story.sam.member_id)


# inviting


def test_anyone_in_the_conversation_invites_three_people_at_most(story):
    story.comes_to("in_progress")
    people = [a_follower(f"p{n}", story.hub) for n in range(4)]

    for who, person in zip((story.sam, story.noor, story.sam), people, strict=False):
        questions.invite(who, *story.this, person.member_id)
    questions.invite(story.sam, *story.this, people[0].member_id)  # again
    with pytest.raises(questions.EnoughCompany):
        questions.invite(story.sam, *story.this, people[3].member_id)

    assert sorted(story.question.invited) == sorted(person.member_id for person in people[:3])
    assert len(told("helper.invited")) == 3


def test_someone_invited_comes_before_they_speak_and_may_leave(story):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)
    with pytest.raises(questions.QuestionNotFound):
        story.says(story.lea)

    questions.come(story.lea, *story.this)
    questions.come(story.lea, *story.this)
    spoken = story.says(story.lea).said.author.role
    questions.stay_away(story.lea, *story.this)
    questions.stay_away(story.lea, *story.this)

    assert spoken == "invited"
    with pytest.raises(questions.QuestionNotFound):
        story.says(story.lea)


def test_nobody_is_invited_who_is_there_does_not_follow_or_is_blocked(story):
    story.comes_to("in_progress")
    Block.of(story.sam.member_id, story.lea.member_id, by="x", at=story.question.asked_at).save()

    for person in (story.sam, story.noor, a_caller("stranger"), story.lea):
        with pytest.raises(questions.CannotBringIn):
            questions.invite(story.noor, *story.this, person.member_id)

    assert told("helper.invited") == []


def test_nobody_uninvited_comes(story):
    story.comes_to("in_progress")

    for who in (story.lea, story.noor, story.sam):
        with pytest.raises(questions.QuestionNotFound):
            questions.come(who, *story.this)


# who reads it


def test_the_staff_of_the_organization_does_not_read_it_unless_invited(story):
    owner, host = a_caller("claire"), a_host("hugo", story.hub)
    story.comes_to("in_progress")

    for who in (owner, host, story.lea, a_caller("stranger"), a_guest("gil", story.hub)):
        with pytest.raises(questions.QuestionNotFound):
            questions.read(who, *story.this)
    questions.invite(story.sam, *story.this, host.member_id)

    assert questions.read(host, *story.this).text == TEXT


def test_it_is_not_there_in_another_organization(story):
    elsewhere = an_organization("ailleurs")

    with pytest.raises(questions.QuestionNotFound):
        questions.read(story.sam, elsewhere.id, story.id)


@pytest.mark.parametrize("state", EVERY_STATE)
def test_the_asker_is_always_told_what_became_of_it_and_why(story, state):
    story.comes_to(state)

    seen = questions.read(story.sam, *story.this)

    assert (seen.state, seen.role, seen.asker_name) == (state, "asker", "Sam")
    assert seen.explanation


def test_each_one_lists_what_they_asked_and_what_they_help_with(story):
    other = a_question(story.noor, story.hub)
    story.comes_to("in_progress")

    def listed(who, role):
        return [seen.id for seen in questions.of_person(who, story.hub.id, Page(50), role=role).items]

    assert (listed(story.sam, "asker"), listed(story.sam, "helper")) == ([story.id], [])
    assert (listed(story.noor, "asker"), listed(story.noor, "helper")) == ([other.id], [story.id])


# thanks


@pytest.mark.parametrize("state", [state for state in EVERY_STATE if state != "resolved"])
def test_thanks_come_with_a_resolved_question_only(story, state):
    story.comes_to(state)

    with pytest.raises(questions.ThanksComeLater):
        questions.thank(story.sam, *story.this, text="Merci !")


def test_thanks_are_given_once_per_helper_whatever_their_words(story):
    story.comes_to("resolved")

    first = questions.thank(story.sam, *story.this, text="Merci !")
    again = questions.thank(story.sam, *story.this, text="Merci !")
    changed = questions.thank(story.sam, *story.this, text="Mille mercis !")

    assert (first.is_new, again.is_new, changed.is_new, changed.text) == (
        True,
        False,
        False,
        "Mille mercis !",
    )
    (event,) = told("thanks.given")
    assert (event["object_kind"], event["object_id"]) == ("question", story.id)
    assert (event["beneficiary_id"], event["beneficiary_voice"]) == (story.noor.member_id, "member")


def test_thanks_that_cross_a_reopening_are_not_given(story, monkeypatch):
    story.comes_to("resolved")
    find = places.find

    def find_and_be_overtaken(*args):
        found = find(*args)
        monkeypatch.setattr(places, "find", find)
        questions.reopen(story.sam, *story.this)
        return found

    monkeypatch.setattr(places, "find", find_and_be_overtaken)
    with pytest.raises(questions.ThanksComeLater):
        questions.thank(story.sam, *story.this, text="Merci !")

    assert told("thanks.given") == []


def test_whoever_s_answer_did_not_help_does_not_come_back_by_a_hand_over(story):
    story.comes_to("answered")
    questions.confirm(story.sam, *story.this, outcome="no")
    questions.claim(story.lea, *story.this)
    story.says(story.lea)

    with pytest.raises(questions.CannotBringIn):
        questions.propose(story.lea, *story.this, note="Pas mon domaine.", to=story.noor.member_id)
    assert story.state == "in_progress"


def test_the_voice_of_the_thanked_is_that_of_the_claim(story):
    host = a_host("hugo", story.hub)
    questions.claim(host, *story.this)
    story.says(host)
    questions.answered(host, *story.this)
    story.helped()

    questions.thank(story.sam, *story.this, text="Merci !")

    assert [event["beneficiary_voice"] for event in told("thanks.given")] == ["staff"]


def test_another_helper_of_another_round_is_thanked_for_themselves(story):
    story.comes_to("resolved")
    questions.thank(story.sam, *story.this, text="Merci !")
    questions.reopen(story.sam, *story.this)
    story.claimed(by=story.lea)
    story.says(story.lea)
    questions.answered(story.lea, *story.this)
    story.helped()

    questions.thank(story.sam, *story.this, text="Merci Lea !")

    assert [event["beneficiary_id"] for event in told("thanks.given")] == [
        story.noor.member_id,
        story.lea.member_id,
    ]


def test_nobody_but_the_asker_thanks(story):
    story.comes_to("resolved")

    with pytest.raises(questions.OnlyTheAsker):
        questions.thank(story.noor, *story.this, text="Merci à moi !")


# nobody is assigned


@pytest.mark.parametrize("state", OPEN_STATES)
def test_nobody_absent_is_ever_assigned(story, state):
    """Only a claim or an acceptance of one's own puts a question into someone's hands."""
    story.comes_to(state)

    taken = {event["actor_id"] for name in ("question.claimed", "hand_over.accepted") for event in told(name)}

    assert ({story.question.helper_id} - {None}) <= taken


def test_the_durations_are_those_published():
    published = {
        "LEASE": timedelta(seconds=120),
        "PROPOSAL": timedelta(seconds=120),
        "SKIPPED": timedelta(minutes=10),
        "ABSENCE": timedelta(minutes=15),
        "SILENCE": timedelta(hours=72),
        "REOPENING": timedelta(days=7),
        "PATIENCE": timedelta(days=30),
    }

    assert {name: getattr(states, name) for name in published} == published


def test_a_queue_is_read_in_pages_oldest_first(story):
    ids = [story.id, *(a_question(story.sam, story.hub).id for _ in range(4))]

    first = QuestionWaiting.in_organization(story.hub.id, Page(3))
    rest = QuestionWaiting.in_organization(story.hub.id, Page(3, first.last))

    assert [waiting.question_id for waiting in (*first.items, *rest.items)] == ids


def test_a_helper_who_set_nothing_takes_one_at_a_time(story):
    story.claimed()

    (card,) = load(HelperCard.key(story.hub.id, story.noor.member_id))
    assert (int(card.capacity), int(card.active_count)) == (1, 1)


def test_whoever_stops_following_leaves_what_they_had_in_hand_to_others(story):
    story.comes_to("in_progress")
    following.unfollow(story.noor, story.hub.id)

    questions.lose_leaver(
        events.OrganizationUnfollowed(organization_id=story.hub.id, actor_id=story.noor.member_id)
    )

    assert story.state == "open"
