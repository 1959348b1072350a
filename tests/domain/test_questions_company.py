"""Whom one asks into a conversation, and who learns of one: each is asked once, and told what is theirs."""

from __future__ import annotations

import pytest

from chalicelib.domain import questions, routing
from chalicelib.domain.live import presence
from chalicelib.models.journal import JournalEntry
from tests.factories import a_follower, a_volunteer
from tests.questions import Story, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def told(name):
    return [entry.detail for entry in JournalEntry.scan() if entry.detail_type == f"{name}.v1"]


# inviting


@pytest.mark.parametrize("came", [False, True])
def test_whoever_declined_or_left_is_not_invited_again(story, came):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    if came:
        questions.come(story.noor, *story.this)
    questions.stay_away(story.noor, *story.this)

    for _ in range(3):
        with pytest.raises(questions.CannotBringIn):
            questions.invite(story.sam, *story.this, story.noor.member_id)

    assert len(told("helper.invited")) == 1
    assert questions.read(story.sam, *story.this).invited_ids == []


def test_whoever_declined_reads_nothing_and_does_not_come(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.stay_away(story.noor, *story.this)
    questions.stay_away(story.noor, *story.this)

    for attempt in (questions.read, questions.come):
        with pytest.raises(questions.QuestionNotFound):
            attempt(story.noor, *story.this)


def test_whoever_declined_takes_nobody_s_place(story):
    people = [a_follower(f"p{n}", story.hub) for n in range(4)]
    for person in people[:3]:
        questions.invite(story.sam, *story.this, person.member_id)
    questions.stay_away(people[0], *story.this)

    questions.invite(story.sam, *story.this, people[3].member_id)

    invited = sorted(person.member_id for person in people[1:])
    assert questions.read(story.sam, *story.this).invited_ids == invited


def test_whoever_declined_may_still_take_it_in_hand(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)
    questions.stay_away(story.noor, *story.this)

    assert story.claimed().role == "helper"


@pytest.mark.parametrize("who", ["sam", "noor"])
def test_the_helper_is_told_whom_the_asker_invites_and_the_asker_whom_the_helper_does(story, who):
    story.comes_to("in_progress")

    questions.invite(getattr(story, who), *story.this, story.lea.member_id)

    (invited,) = told("helper.invited")
    concerned = [invited[name] for name in ("asker_id", "helper_id", "member_id")]
    assert concerned == [story.sam.member_id, story.noor.member_id, story.lea.member_id]


def test_while_nobody_has_it_in_hand_no_helper_is_told_of_an_invitation(story):
    questions.invite(story.sam, *story.this, story.lea.member_id)

    assert [invited["helper_id"] for invited in told("helper.invited")] == [None]


# helping after one came along


@pytest.fixture
def company(story):
    """Lea and Mia came along."""
    story.mia = a_follower("mia", story.hub)
    for one in (story.lea, story.mia):
        questions.invite(story.sam, *story.this, one.member_id)
        questions.come(one, *story.this)
    return story


def taken_over(story, by, to):
    questions.propose(by, *story.this, to=to.member_id, note="Une note assez longue.")
    questions.accept(to, *story.this)


def test_a_companion_who_takes_it_in_hand_is_company_no_more(company):
    company.claimed(by=company.lea)

    seen = questions.read(company.sam, *company.this)
    assert (seen.helper_id, seen.invited_ids) == (company.lea.member_id, [company.mia.member_id])
    assert told("companion.left") == []


def test_a_companion_who_took_over_leaves_it_as_the_next_one_joins(company):
    company.claimed()
    company.begun()
    taken_over(company, company.noor, company.lea)
    assert company.question.companions() == [company.mia.member_id]

    taken_over(company, company.lea, company.mia)

    assert (company.question.helper_id, company.question.invited) == (company.mia.member_id, {})
    for act in (lambda: questions.read(company.lea, *company.this), lambda: company.says(company.lea)):
        with pytest.raises(questions.QuestionNotFound):
            act()


def test_a_companion_who_gives_it_back_is_out_of_it(company):
    company.claimed(by=company.lea)

    questions.release(company.lea, *company.this)

    with pytest.raises(questions.QuestionNotFound):
        questions.read(company.lea, *company.this)


def test_someone_invited_who_takes_it_in_hand_before_they_came_is_invited_no_more(story):
    questions.invite(story.sam, *story.this, story.noor.member_id)

    story.claimed()

    assert story.question.invited == {}


# proposing


@pytest.mark.parametrize("end", ["declined", "taken_back", "nobody_came"])
def test_someone_is_proposed_once_under_one_claim(story, end):
    story.comes_to("handing_over")
    if end == "nobody_came":
        story.time_passes(minutes=3)
        questions.end_hand_over(*story.this, proposal_id=story.question.hand_over["id"])
    else:
        questions.decline(story.lea if end == "declined" else story.noor, *story.this)

    for _ in range(3):
        with pytest.raises(questions.CannotBringIn):
            story.proposed()

    assert (len(told("hand_over.proposed")), story.state) == (1, "in_progress")


def test_another_one_or_anyone_may_be_proposed_after_someone_declined(story):
    mia = a_follower("mia", story.hub)
    story.comes_to("handing_over")
    questions.decline(story.lea, *story.this)

    questions.propose(story.noor, *story.this, to=mia.member_id, note="Une note assez longue.")
    questions.decline(mia, *story.this)
    story.proposed(to=None)

    assert story.state == "handing_over"


def test_someone_is_proposed_again_under_another_claim(story):
    story.comes_to("handing_over")
    questions.decline(story.lea, *story.this)
    questions.release(story.noor, *story.this)
    story.time_passes(minutes=11)
    story.claimed()
    story.begun()

    story.proposed()

    assert story.state == "handing_over"


# claiming what is over


@pytest.mark.parametrize(
    "state", ["answered", "resolved", "closed_unconfirmed", "withdrawn", "merged", "expired"]
)
def test_nobody_learns_what_became_of_a_question_by_claiming_it(story, state):
    stranger = a_follower("max", story.hub)
    story.comes_to(state)

    with pytest.raises(questions.QuestionNotFound):
        story.claimed(by=stranger)


@pytest.mark.parametrize("state", ["answered", "resolved", "withdrawn"])
def test_nobody_learns_what_became_of_a_question_by_going_on_with_it(story, state):
    story.claimed()
    story.begun()
    story.proposed(to=None)
    questions.decline(story.noor, *story.this)
    if state == "withdrawn":
        story.withdrawn()
    else:
        story.finished()
    if state == "resolved":
        story.helped()

    with pytest.raises(questions.QuestionNotFound):
        questions.accept(story.lea, *story.this)


def test_whoever_was_offered_it_learns_that_it_is_over(story):
    volunteer = a_volunteer("mia", story.hub)
    presence.renew(volunteer.member_id, "c1", state="active", notified=True, opted_in=True)
    routing.run_wave(story.hub.id, story.id, 1, 0)
    story.withdrawn()

    with pytest.raises(questions.QuestionStateRefused):
        story.claimed(by=volunteer)


def test_whoever_helped_learns_that_it_is_over(story):
    story.comes_to("resolved")

    with pytest.raises(questions.QuestionStateRefused):
        story.claimed()
