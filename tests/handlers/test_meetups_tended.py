"""What becomes of meetups once something happened: timers set, moved and dropped, the line, everyone told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain import events, following, meetups
from chalicelib.domain.meetups import cancelling, reminding, revising
from chalicelib.gateways import aws, clock
from chalicelib.handlers.consumers import meetups as consumer
from chalicelib.handlers.consumers import timers as timers_consumer
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Seats
from chalicelib.models.tables import load
from tests import faults, queues, roads
from tests.crowds import a_crowd
from tests.factories import a_caller
from tests.meetups import Coffee, told
from tests.schedules import schedules


@pytest.fixture
def coffee(time_passes, sent):
    now = clock.now()
    return Coffee(ahead=timedelta(days=10), rsvp_closes_at=now + timedelta(days=9, hours=23))


def latest(kind):
    return roads.announced(kind)[-1]


def tend(*happened):
    assert queues.deliver("tend_meetups", *map(queues.envelope, happened)) == []


def ring(*bodies):
    assert queues.deliver("ring_timers", *map(json.dumps, bodies)) == []


def rung():
    """What rings at each of the schedules, by their names."""
    return {name: json.loads(schedule["Target"]["Input"]) for name, schedule in schedules().items()}


def dues():
    return {name: datetime.fromisoformat(body["due"]) for name, body in rung().items()}


def revise(coffee, **by):
    meetup, later = coffee.meetup, timedelta(**by)
    revising.revise(
        coffee.hana, *coffee.this, version=meetup.version, starts_at=meetup.starts_at + later,
        ends_at=meetup.ends_at + later, rsvp_closes_at=meetup.rsvp_closes_at + later,
    )  # fmt: skip
    return latest(events.MeetupRevised)


def closing(coffee):
    return f"close-{coffee.id}-{int(coffee.meetup.rsvp_closes_at.timestamp())}"


def test_what_is_proposed_closes_starts_and_reminds_each_at_its_time(coffee):
    proposed, meetup = latest(events.MeetupProposed), coffee.meetup

    tend(proposed, proposed)

    at = reminding.moments(meetup)
    assert dues() == {
        closing(coffee): meetup.rsvp_closes_at,
        f"start-{coffee.id}-0": meetup.starts_at,
        f"reminder_week-{coffee.id}-0": at["reminder_week"],
        f"reminder_day-{coffee.id}-0": at["reminder_day"],
        f"reminder_hour-{coffee.id}-0": at["reminder_hour"],
    }
    expressions = {name: schedule["ScheduleExpression"] for name, schedule in schedules().items()}
    assert expressions == {name: f"at({due:%Y-%m-%dT%H:%M:%S})" for name, due in dues().items()}
    assert all(len(name) <= 64 for name in expressions)


def test_what_starts_when_answers_close_has_one_timer_for_both(sent):
    Coffee(ahead=timedelta(days=10))

    tend(latest(events.MeetupProposed))

    assert not any(name.startswith("close-") for name in schedules())


def test_reminders_whose_time_has_passed_are_not_set(sent):
    coffee = Coffee(ahead=timedelta(hours=2))

    tend(latest(events.MeetupProposed))

    assert sorted(schedules()) == sorted([f"reminder_hour-{coffee.id}-0", f"start-{coffee.id}-0"])


def test_a_draft_has_no_timer_until_it_is_published(sent):
    coffee = Coffee(ahead=timedelta(days=10), draft=True)
    assert not roads.announced(events.MeetupProposed)
    meetups.publish(coffee.hana, *coffee.this)

    tend(latest(events.MeetupProposed))

    assert f"start-{coffee.id}-0" in schedules()


def test_a_date_that_moves_takes_its_timers_along(coffee, sent):
    tend(latest(events.MeetupProposed))
    before = dues()
    old_closing = closing(coffee)

    revised = revise(coffee, days=1)
    tend(revised, revised)

    at, meetup = reminding.moments(coffee.meetup), coffee.meetup
    after = dues()
    assert after.pop(old_closing) == before[old_closing]  # it finds nothing to do when it rings
    assert after == {
        closing(coffee): meetup.rsvp_closes_at,
        f"start-{coffee.id}-1": meetup.starts_at,
        **{f"{about}-{coffee.id}-1": due for about, due in at.items()},
    }


def test_events_that_come_in_another_order_leave_the_timers_of_the_latest(coffee):
    proposed = latest(events.MeetupProposed)
    first, second = revise(coffee, days=1), revise(coffee, days=1)

    tend(second, first, proposed)

    assert {name.rpartition("-")[2] for name in schedules() if not name.startswith("close-")} == {"2"}


def test_a_place_that_changes_keeps_every_reminder_under_the_new_revision(coffee):
    tend(latest(events.MeetupProposed))
    revising.revise(
        coffee.hana, *coffee.this, version=coffee.meetup.version, online_url="https://meet.example.org/x"
    )

    tend(latest(events.MeetupRevised))

    assert {name for name in schedules() if name.startswith("reminder")} == {
        f"{about}-{coffee.id}-1" for about in reminding.moments(coffee.meetup)
    }


def test_answers_that_close_earlier_have_a_timer_then(coffee):
    tend(latest(events.MeetupProposed))
    earlier = coffee.meetup.rsvp_closes_at - timedelta(days=1)
    revising.revise(coffee.hana, *coffee.this, version=coffee.meetup.version, rsvp_closes_at=earlier)

    tend(latest(events.MeetupEdited))

    assert dues()[closing(coffee)] == earlier


def test_a_cancellation_drops_every_schedule(coffee, calls):
    tend(latest(events.MeetupProposed))
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")
    calls.clear()

    tend(latest(events.MeetupCancelled), latest(events.MeetupCancelled))

    assert schedules() == {}
    assert calls.count("scheduler.DeleteSchedule") == 10  # five each time: what is gone is harmless


def test_a_proposal_that_is_read_after_its_cancellation_sets_nothing(coffee):
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")

    tend(latest(events.MeetupCancelled), latest(events.MeetupProposed))

    assert schedules() == {}


def test_a_timer_that_cannot_be_dropped_for_another_reason_is_dropped_again(coffee, monkeypatch):
    tend(latest(events.MeetupProposed))
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")

    def refuse(**_):
        raise ClientError({"Error": {"Code": "InternalServerException"}}, "DeleteSchedule")

    monkeypatch.setattr(aws.client("scheduler"), "delete_schedule", refuse)

    given_back = queues.deliver("tend_meetups", queues.envelope(latest(events.MeetupCancelled)))

    assert given_back == [0]


@pytest.mark.parametrize("what", ["revised", "cancelled"])
def test_people_are_told_though_schedules_cannot_be_moved(coffee, monkeypatch, what):
    coffee.says("awa")
    tend(latest(events.MeetupProposed))
    if what == "revised":
        happened = revise(coffee, days=1)
    else:
        cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")
        happened = latest(events.MeetupCancelled)

    def refuse(**_):
        raise ClientError({"Error": {"Code": "InternalServerException"}}, "Schedule")

    for name in ("create_schedule", "update_schedule", "delete_schedule"):
        monkeypatch.setattr(aws.client("scheduler"), name, refuse)

    assert queues.deliver("tend_meetups", queues.envelope(happened)) == [0]
    assert [(one.about, one.member_id) for one in roads.announced(events.AttendeeTold)] == [
        (what, a_caller("awa").member_id)
    ]


def test_a_whole_life_by_its_timers_alone(coffee, time_passes, sent):
    coffee.says("awa")
    tend(latest(events.MeetupProposed))
    bodies = sorted(rung().values(), key=lambda body: body["due"])
    for body in bodies:
        until = datetime.fromisoformat(body["due"]) - clock.now()
        time_passes(seconds=until.total_seconds() + 1)
        ring(body, body)
    assert coffee.meetup.state == "started"
    for kind, becomes in ((events.MeetupStarted, "ended"), (events.MeetupEnded, "recapped")):
        tend(latest(kind), latest(kind))
        (name,) = (name for name in schedules() if name.startswith(("end-", "recap-")) and name not in {
            body["name"] for body in bodies
        })  # fmt: skip
        body = rung()[name]
        bodies.append(body)
        time_passes(seconds=(datetime.fromisoformat(body["due"]) - clock.now()).total_seconds() + 1)
        ring(body, body)
        assert coffee.meetup.state == becomes
    tend(latest(events.MeetupRecapped), latest(events.MeetupRecapped))

    about = sorted((one.about, one.member_id) for one in roads.announced(events.AttendeeTold))
    people = (coffee.hana.member_id, a_caller("awa").member_id)
    wanted = ("reminder_week", "reminder_day", "reminder_hour", "recapped")
    assert about == sorted((what, who) for what in wanted for who in people)
    steps = ("rsvp.closed", "meetup.started", "meetup.ended", "meetup.recapped")
    assert [told(name) for name in steps] == [1, 1, 1, 1]
    coffee.must_add_up()


def test_an_offer_that_nobody_answers_lapses_by_its_timer(time_passes, sent):
    coffee = Coffee(seats=1, ahead=timedelta(hours=20))
    coffee.says("awa")
    coffee.says("bob")
    coffee.says("awa", "declined")
    offered = latest(events.SeatOffered)

    tend(offered, offered)

    (body,) = rung().values()
    assert body["name"] == f"offer-{offered.offer_id}"
    assert datetime.fromisoformat(body["due"]) == offered.until
    time_passes(hours=6, seconds=2)
    ring(body, body)
    assert (coffee.state("bob"), told("offer.lapsed")) == ("lapsed", 1)
    coffee.must_add_up()


def test_a_revision_asks_everyone_again(coffee):
    coffee.says("awa")
    revised = revise(coffee, days=1)

    tend(revised, revised)

    assert [one.member_id for one in roads.announced(events.AttendeeTold)] == [a_caller("awa").member_id]


@pytest.mark.parametrize("call", range(1, 12))
def test_wherever_a_process_dies_at_a_revision_its_timers_are_set_and_everyone_is_told(coffee, call):
    coffee.says("awa")
    tend(latest(events.MeetupProposed))
    revised = revise(coffee, days=1)
    with faults.installed() as injector:
        injector.fail(call, "crash-after")
        with pytest.raises(faults.Crash):
            tend(revised)

    tend(revised)

    assert {f"{about}-{coffee.id}-1" for about in reminding.moments(coffee.meetup)} <= set(schedules())
    assert not [name for name in schedules() if name.endswith("-0")]
    assert told("attendee.told") == 1
    coffee.must_add_up()


def test_whoever_stops_following_or_is_gone_gives_up_their_seat(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    following.unfollow(a_caller("awa"), coffee.hub.id)

    tend(latest(events.OrganizationUnfollowed), latest(events.OrganizationUnfollowed))

    assert coffee.states("awa", "dina") == ["declined", "going"]
    coffee.must_add_up()


def test_two_hundred_move_up_a_step_at_a_time_and_every_step_adds_up(time_passes, sent):
    coffee = Coffee(seats=1, ahead=timedelta(days=10))
    coffee.says("awa")
    line = a_crowd(coffee, 200, "waitlisted")
    (seats,) = load(Seats.key(coffee.id))
    meetup = coffee.meetup
    seats.capacity = 201
    with changes() as change:
        change.save(seats)
        change.announce(
            events.SeatsFreed(
                organization_id=coffee.hub.id, actor_id=meetup.host_id, meetup_id=coffee.id,
                host_id=meetup.host_id,
            )
        )  # fmt: skip
    done, steps = set(), []
    while further := [one for one in roads.announced(events.SeatsFreed) if one.id not in done]:
        for event in further:
            before = int(coffee.seats.waiting)
            tend(event)
            done.add(event.id)
            steps.append(before - int(coffee.seats.waiting))
            coffee.must_add_up(moving=True)

    assert sum(steps) == 200
    assert max(steps) <= 16
    promoted = [one.member_id for one in roads.announced(events.RsvpPromoted)]
    assert sorted(promoted) == sorted(line)
    coffee.must_add_up()


def test_every_kind_of_timer_has_a_starter_and_every_event_someone_who_tends_to_it():
    kinds = {"rsvps_close", "meetup_start", "meetup_end", "meetup_recap", "offer", "reminder"}
    assert kinds <= set(timers_consumer.TIMERS)
    assert {
        events.MeetupProposed, events.MeetupRevised, events.MeetupEdited, events.MeetupStarted,
        events.MeetupEnded, events.MeetupRecapped, events.MeetupCancelled, events.SeatOffered,
        events.SeatsFreed, events.SeatsAnnounced, events.AttendeesToTell, events.OrganizationUnfollowed,
        events.MemberSuspended,
    } <= set(consumer.SUBSCRIPTIONS)  # fmt: skip
