"""Whoever stops following an organization is out of what others there talk about."""

from __future__ import annotations

import pytest

from chalicelib.domain import conversations, events, following, questions, routing
from chalicelib.domain.live import conversations as live
from chalicelib.domain.live import presence
from chalicelib.domain.questions import places
from chalicelib.domain.salons import FollowFirst
from chalicelib.models import tables
from chalicelib.models.helping import HelperCard
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests.factories import a_follower, a_volunteer
from tests.questions import Story, a_question, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def leaves(story, who):
    """Have someone unfollow, and the news of it delivered."""
    following.unfollow(who, story.hub.id)
    heard(story, who)


def heard(story, who):
    questions.lose_leaver(events.OrganizationUnfollowed(organization_id=story.hub.id, actor_id=who.member_id))


def reads_nothing(story, who):
    with pytest.raises(questions.QuestionNotFound):
        questions.read(who, *story.this)
    with pytest.raises(questions.QuestionNotFound):
        conversations.page_of(who, *story.this, Page(10))


def test_a_companion_who_stops_following_is_one_no_more(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.come(story.noor, *story.this)

    following.unfollow(story.noor, story.hub.id)
    reads_nothing(story, story.noor)
    heard(story, story.noor)

    assert story.question.invited == {}
    assert not live.is_in(story.question, story.noor.member_id)
    following.follow(story.noor, story.hub.id)
    reads_nothing(story, story.noor)


def test_someone_invited_who_stops_following_does_not_come(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    following.unfollow(story.noor, story.hub.id)

    with pytest.raises(questions.QuestionNotFound):
        questions.come(story.noor, *story.this)
    heard(story, story.noor)

    assert story.question.invited == {}


def test_everyone_in_a_conversation_is_told_that_a_companion_left(story, announced):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.come(story.noor, *story.this)

    leaves(story, story.noor)
    heard(story, story.noor)

    assert announced().count("companion.left.v1") == 1


def test_whoever_is_to_take_over_and_stops_following_does_not_and_reads_no_note(story):
    story.comes_to("handing_over")

    following.unfollow(story.lea, story.hub.id)
    reads_nothing(story, story.lea)
    heard(story, story.lea)

    assert (story.state, story.question.hand_over["outcome"]) == ("in_progress", "declined")


def test_a_proposal_to_someone_else_outlives_whoever_declined_and_left(story):
    mia = a_follower("mia", story.hub)
    story.comes_to("handing_over")
    questions.decline(story.lea, *story.this)
    questions.propose(story.noor, *story.this, to=mia.member_id, note="Une note assez longue.")

    leaves(story, story.lea)

    assert story.state == "handing_over"


def test_someone_offered_who_stops_following_reads_it_no_more(story):
    volunteer = a_volunteer("mia", story.hub)
    presence.renew(volunteer.member_id, "c1", state="active", notified=True, opted_in=True)
    routing.run_wave(story.hub.id, story.id, 1, 0)
    assert questions.read(volunteer, *story.this).role == "offered"

    following.unfollow(volunteer, story.hub.id)

    reads_nothing(story, volunteer)


def test_someone_who_follows_again_before_the_news_is_delivered_keeps_what_they_hold(story):
    story.comes_to("in_progress")
    following.unfollow(story.noor, story.hub.id)
    following.follow(story.noor, story.hub.id)

    heard(story, story.noor)

    assert story.question.helper_id == story.noor.member_id


def test_leaving_costs_the_same_however_many_questions_one_ever_helped_with(story, calls):
    for n in range(12):
        asked = a_question(story.sam, story.hub, f"Question {n}")
        questions.claim(story.noor, story.hub.id, asked.id)
        conversations.post(story.noor, story.hub.id, asked.id, client_message_id="k", text="Voilà")
        questions.answered(story.noor, story.hub.id, asked.id)
    story.comes_to("in_progress")
    following.unfollow(story.noor, story.hub.id)
    calls.clear()

    heard(story, story.noor)

    reading, writing = "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"
    assert calls == [reading, reading, writing, *["dynamodb.Query"] * 3]
    assert story.state == "open"


def test_a_card_tells_what_is_in_hand_and_nothing_else(story):
    story.comes_to("in_progress")
    (card,) = load(HelperCard.key(story.hub.id, story.noor.member_id))
    assert card.held == {story.id}

    story.finished()

    (card,) = load(HelperCard.key(story.hub.id, story.noor.member_id))
    assert not card.held


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


def test_a_claim_that_crosses_ones_leaving_is_refused(story, meanwhile):
    meanwhile(lambda: leaves(story, story.noor))

    with pytest.raises(FollowFirst):
        story.claimed()

    assert story.state == "open"


def test_taking_over_that_crosses_ones_leaving_is_refused(story, meanwhile):
    story.comes_to("in_progress")
    story.proposed(to=None)
    meanwhile(lambda: leaves(story, story.lea))

    with pytest.raises(FollowFirst):
        questions.accept(story.lea, *story.this)

    assert story.question.helper_id == story.noor.member_id


def test_coming_in_that_crosses_ones_leaving_is_refused(story, meanwhile):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    meanwhile(lambda: leaves(story, story.noor))

    with pytest.raises(questions.QuestionNotFound):
        questions.come(story.noor, *story.this)

    assert story.question.companions() == []
