"""A helper is gone while whoever asked waits: after a quarter of an hour someone else may help."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.domain import absences, events, questions
from chalicelib.domain.live import notices, presence
from chalicelib.gateways import clock
from chalicelib.models import volunteers
from chalicelib.models.changes import changes
from chalicelib.models.presence import Presence
from chalicelib.models.volunteers import VolunteerPresence
from infra import contract
from tests.factories import a_volunteer
from tests.faults import Crash, installed
from tests.questions import Story, must_add_up
from tests.roads import Road, announced


@pytest.fixture
def road(monkeypatch):
    return Road(monkeypatch)


@pytest.fixture
def story(time_passes, road):
    story = Story(time_passes).comes_to("in_progress")
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def goes_on(story, road):
    """Time passes, and what is due rings; whoever is there is so each time that anyone looks."""

    def forward(minutes, there=lambda: None, step=2):
        for passed in range(0, minutes, step):
            story.time_passes(minutes=min(step, minutes - passed))
            there()
            road.runs()

    return forward


def stays(who):
    """Someone keeps a connection, and does nothing at it."""
    return lambda: presence.renew(who.member_id, "a tab")


def returned():
    return [(event.reason, event.helper_id) for event in announced(events.QuestionReturned)]


def test_a_helper_who_left_loses_the_question_once_the_asker_waited_a_quarter_of_an_hour(story, goes_on):
    stays(story.noor)()
    presence.leave(story.noor.member_id, "a tab")
    story.says(story.sam, "Et maintenant ?")
    words = story.question.seq

    goes_on(14)
    before = story.state
    goes_on(2)

    assert (before, story.state, story.question.seq) == ("in_progress", "open", words)
    assert returned() == [("helper_gone", story.noor.member_id)]


def test_whoever_asked_is_told_why(story, goes_on, monkeypatch):
    told = []
    monkeypatch.setattr(
        notices.delivery, "notify", lambda people, about, detail: told.append((list(people), about, detail))
    )
    story.says(story.sam, "Et maintenant ?")
    goes_on(16)

    (event,) = announced(events.QuestionReturned)
    notices.follow(event)

    ((people, about, detail),) = told
    assert story.sam.member_id in people
    assert (about, detail["reason"]) == ("question_returned", "helper_gone")


def test_a_helper_of_whom_no_connection_is_known_is_gone_as_well(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(16)

    assert story.state == "open"


def test_a_helper_who_is_there_keeps_it_however_long_they_think(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(90, stays(story.noor), step=5)

    assert story.state == "in_progress"


def test_a_helper_who_leaves_later_while_the_same_wait_lasts_is_noticed(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(40, stays(story.noor), step=5)
    goes_on(14)
    before = story.state
    goes_on(30, step=5)

    assert (before, story.state) == ("in_progress", "open")


def test_a_helper_who_just_left_has_the_rest_of_a_quarter_of_an_hour(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(10, stays(story.noor))
    presence.leave(story.noor.member_id, "a tab")
    goes_on(14)
    before = story.state
    goes_on(2)

    assert (before, story.state) == ("in_progress", "open")


def test_a_helper_who_is_back_in_time_keeps_it(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(10, stays(story.noor))
    presence.leave(story.noor.member_id, "a tab")
    goes_on(10)
    goes_on(30, stays(story.noor), step=5)

    assert story.state == "in_progress"


def test_a_word_ends_the_wait_and_the_next_wait_is_its_own(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(10)
    story.says(story.noor, "Serrez le câble.")
    goes_on(30, step=10)
    kept = story.state
    story.says(story.sam, "Comment ?")
    goes_on(14)
    meanwhile = story.state
    goes_on(2)

    assert (kept, meanwhile, story.state) == ("in_progress", "in_progress", "open")
    assert len(announced(events.WaitBegun)) == 2


def test_a_second_word_of_the_asker_begins_no_second_wait(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(10)
    story.says(story.sam, "Vous êtes là ?")
    goes_on(6)

    assert story.state == "open"
    assert len(announced(events.WaitBegun)) == 1


def test_who_waits_for_nobody_in_particular_sets_no_timer(time_passes, road):
    story = Story(time_passes)
    story.says(story.sam, "Un détail de plus.")
    story.claimed()
    story.says(story.sam, "Et un autre.")

    assert announced(events.WaitBegun) == []


def test_who_joins_by_a_hand_over_has_a_quarter_of_an_hour_of_their_own(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(14)
    story.proposed()
    questions.accept(story.lea, *story.this)
    goes_on(14)
    before = story.state
    goes_on(2)

    assert (before, story.state) == ("in_progress", "open")
    assert returned() == [("helper_gone", story.lea.member_id)]


def test_a_hand_over_that_nobody_answers_does_not_stop_the_clock(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    goes_on(14)
    story.proposed()
    goes_on(2)

    assert story.state == "open"


@pytest.mark.parametrize("state", ["answered", "open", "withdrawn"])
def test_a_question_that_is_in_nobodys_hands_any_more_is_left_alone(story, goes_on, state):
    story.says(story.sam, "Et maintenant ?")
    {
        "answered": story.finished,
        "open": lambda: questions.release(story.noor, *story.this),
        "withdrawn": story.withdrawn,
    }[state]()
    version = story.question.version

    goes_on(20)

    assert (story.state, story.question.version) == (state, version)


def test_who_took_it_since_has_their_lease_and_nobody_elses_wait(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    questions.release(story.noor, *story.this)
    goes_on(14)
    story.claimed(by=story.lea)
    goes_on(1)

    assert story.state == "claimed"
    assert "helper_gone" not in dict(returned())


def test_someone_who_agreed_to_wait_for_another_is_not_taken_from_who_stays(story, goes_on):
    story.says(story.sam, "Et maintenant ?")
    story.proposed()
    question = story.question
    until = (clock.now() + timedelta(hours=3)).isoformat()
    with changes() as change:
        change.edit(question, hand_over={**question.hand_over, "asker_agrees": True, "until": until})
    goes_on(60, step=10)

    assert story.state == "handing_over"


def test_a_wait_is_looked_at_a_bounded_number_of_times_even_if_everything_rings_twice(story, road):
    story.says(story.sam, "Et maintenant ?")
    since = story.question.asker_waits_since
    detail = {"organization_id": story.hub.id, "question_id": story.id, "since": since.isoformat()}
    looks = 0
    while clock.now() - since < timedelta(days=29):
        stays(story.noor)()
        absences.watch(**detail)
        absences.watch(**detail)
        looks += 1
        ((due, _),) = road.set.values()
        road.set.clear()
        story.time_passes(seconds=(due - clock.now()).total_seconds())

    assert 25 <= looks <= 40


def test_a_helper_who_speaks_at_the_last_moment_keeps_it(story, monkeypatch):
    story.says(story.sam, "Et maintenant ?")
    since = story.question.asker_waits_since
    story.time_passes(minutes=16)
    put_back = questions.losing.put_back

    def they_speak(*args, **how):
        monkeypatch.setattr(questions.losing, "put_back", put_back)
        story.says(story.noor, "Me revoilà.")
        return put_back(*args, **how)

    monkeypatch.setattr(questions.losing, "put_back", they_speak)
    absences.watch(*story.this, since=since.isoformat())

    assert story.state == "in_progress"


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after"])
@pytest.mark.parametrize("call", [1, 2, 3, 4, 5])
def test_a_process_that_dies_at_the_ring_leaves_it_to_the_next_delivery(story, call, fault):
    story.says(story.sam, "Et maintenant ?")
    since = story.question.asker_waits_since.isoformat()
    story.time_passes(minutes=16)
    with installed() as injector:
        injector.fail(call, fault)
        try:
            absences.watch(*story.this, since=since)
        except Crash:
            absences.watch(*story.this, since=since)

    assert (story.state, len(returned())) == ("open", 1)


# since when someone is gone


def gone_since(who):
    return presence.gone_since(who.member_id)


def test_it_is_known_for_a_day_when_a_member_left(story):
    stays(story.noor)()
    assert gone_since(story.noor) is None
    presence.leave(story.noor.member_id, "a tab")
    left = clock.now()

    story.time_passes(hours=3)

    assert abs((gone_since(story.noor) - left).total_seconds()) < 2
    assert Presence.find(story.noor.member_id).expires_at <= left.timestamp() + 24 * 3600
    assert presence.states_of([story.noor.member_id]) == {story.noor.member_id: "offline"}


def test_leaving_twice_is_leaving_once(story):
    stays(story.noor)()
    presence.leave(story.noor.member_id, "a tab")
    first = gone_since(story.noor)
    story.time_passes(minutes=9)
    presence.leave(story.noor.member_id, "a tab")

    assert gone_since(story.noor) == first


def test_a_connection_that_was_lost_without_a_word_ended_when_it_was_no_longer_renewed(story):
    stays(story.noor)()
    renewed = clock.now()
    story.time_passes(minutes=20)
    lapsed = gone_since(story.noor)
    presence.leave(story.noor.member_id, "a tab")

    assert lapsed == gone_since(story.noor)
    assert (lapsed - renewed).total_seconds() <= 151


def test_who_closes_one_of_two_tabs_is_there(story):
    stays(story.noor)()
    presence.renew(story.noor.member_id, "another tab")
    presence.leave(story.noor.member_id, "a tab")

    assert gone_since(story.noor) is None


def test_of_a_guest_nothing_is_kept_when_they_leave():
    presence.renew("gst_1", "a tab")
    presence.leave("gst_1", "a tab")

    assert Presence.find("gst_1") is None


def test_who_never_came_is_gone_for_longer_than_anyone_waits(story):
    presence.leave(story.lea.member_id, "nowhere")

    assert Presence.find(story.lea.member_id) is None
    assert gone_since(story.lea) == presence.LONG_AGO


def test_no_route_and_no_frame_says_when_anyone_left():
    published = json.dumps([contract.openapi(), *map(str, contract.published().values())])

    assert "left_at" not in published
    assert "gone_since" not in published


# who is counted among those who are there


def shown_in(hub):
    return VolunteerPresence.active_in(hub.id, at=clock.now(), most=10)


def test_a_sign_of_life_is_told_once_where_a_volunteer_helps(story, monkeypatch):
    ida, told = a_volunteer("ida", story.hub), []
    show = volunteers.show
    monkeypatch.setattr(volunteers, "show", lambda *args, **how: told.append(args) or show(*args, **how))

    presence.renew(ida.member_id, "a tab", state="active")

    assert len(told) == 1
    assert shown_in(story.hub) == [ida.member_id]
    presence.renew(ida.member_id, "a tab", state="afk")
    assert shown_in(story.hub) == []


def test_a_guest_is_looked_for_nowhere_they_might_help(calls):
    presence.renew("gst_1", "a tab", state="active")

    assert "dynamodb.Query" not in calls
