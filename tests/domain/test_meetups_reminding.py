"""Reminders: a week before, the evening before at six where it takes place, an hour before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import events
from chalicelib.domain.meetups import cancelling, reminding, revising, telling
from chalicelib.gateways import clock
from tests.crowds import a_crowd
from tests.factories import a_caller
from tests.meetups import Coffee, details


def meeting(starts_at, zone):
    return SimpleNamespace(starts_at=starts_at, time_zone=zone)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "starts_at", "week", "day"),
    [
        # clocks went back on 25 October 2026 in Paris: the week before is still at +2
        ("Europe/Paris", "2026-10-28T18:30", "2026-10-21T17:30", "2026-10-27T17:00"),
        ("Europe/Paris", "2026-10-25T18:30", "2026-10-18T17:30", "2026-10-24T16:00"),
        # and forward on 28 March 2027
        ("Europe/Paris", "2027-03-30T17:30", "2027-03-23T18:30", "2027-03-29T16:00"),
        ("Europe/Paris", "2027-03-28T16:30", "2027-03-21T17:30", "2027-03-27T17:00"),
        ("Europe/Paris", "2026-12-03T17:30", "2026-11-26T17:30", "2026-12-02T17:00"),
        # New York: back on 1 November 2026, forward on 14 March 2027
        ("America/New_York", "2026-11-03T23:30", "2026-10-27T22:30", "2026-11-02T23:00"),
        ("America/New_York", "2026-11-01T23:30", "2026-10-25T22:30", "2026-10-31T22:00"),
        ("America/New_York", "2027-03-14T22:30", "2027-03-07T23:30", "2027-03-13T23:00"),
        # the evening before is that of the local date: half past midnight on the 4th in Paris
        ("Europe/Paris", "2026-12-03T23:30", "2026-11-26T23:30", "2026-12-03T17:00"),
        ("Asia/Kolkata", "2026-12-03T12:30", "2026-11-26T12:30", "2026-12-02T12:30"),
    ],
)
def test_reminders_are_right_whatever_clocks_were_changed(zone, starts_at, week, day):
    at = reminding.moments(meeting(utc(starts_at), zone))

    assert at["reminder_week"] == utc(week)
    assert at["reminder_day"] == utc(day)
    assert at["reminder_day"].astimezone(ZoneInfo(zone)).hour == 18
    assert at["reminder_hour"] == utc(starts_at) - timedelta(hours=1)
    assert {moment.utcoffset() for moment in at.values()} == {timedelta(0)}


@pytest.mark.plain
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - any instant, made UTC below
    st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]),
)
def test_no_two_reminders_come_within_hours_of_each_other(starts_at, zone):
    moments = list(reminding.moments(meeting(starts_at.replace(tzinfo=UTC), zone)).values())

    assert moments == sorted(moments)
    apart = [later - earlier for earlier, later in pairwise(moments)]
    assert min(apart) >= timedelta(hours=5)


@pytest.fixture
def coffee(time_passes):
    coffee = Coffee(seats=2, ahead=timedelta(days=10))
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    coffee.says("dina", "interested")
    return coffee


def to_the_hour(coffee, time_passes, *, and_then=timedelta(seconds=1)):
    """Let time pass until an hour before it starts."""
    due = coffee.meetup.starts_at - timedelta(hours=1)
    time_passes(seconds=(due + and_then - clock.now()).total_seconds())


def remind(coffee, about="reminder_hour", revision=0):
    reminding.remind(*coffee.this, revision=revision, about=about)


def reminded():
    return sorted((one["member_id"], one["about"]) for one in details("attendee.told"))


def test_those_who_come_are_reminded_once_the_host_too_and_nobody_who_waits(coffee, time_passes):
    to_the_hour(coffee, time_passes)

    remind(coffee)
    remind(coffee)

    who = sorted([coffee.hana.member_id, *(a_caller(name).member_id for name in ("awa", "bob"))])
    assert reminded() == [(member_id, "reminder_hour") for member_id in who]


@pytest.mark.parametrize(
    ("offset", "some"),
    [({"seconds": -30}, False), ({"minutes": 59}, True), ({"minutes": 61}, False)],  # it has started by then
)
def test_a_reminder_is_given_neither_early_nor_once_it_has_started(coffee, time_passes, offset, some):
    to_the_hour(coffee, time_passes, and_then=timedelta(**offset))

    remind(coffee)

    assert bool(reminded()) is some


@pytest.mark.parametrize(("late", "some"), [({"minutes": 119}, True), ({"minutes": 121}, False)])
def test_a_reminder_that_is_hours_late_is_given_no_more(coffee, time_passes, late, some):
    week = reminding.moments(coffee.meetup)["reminder_week"]
    time_passes(seconds=(week - clock.now()).total_seconds(), **late)

    remind(coffee, "reminder_week")

    assert bool(reminded()) is some


def test_a_reminder_of_a_date_that_was_moved_does_nothing_and_the_new_one_reminds(coffee, time_passes):
    meetup = coffee.meetup
    later = timedelta(minutes=30)
    revising.revise(
        coffee.hana, *coffee.this, version=meetup.version, starts_at=meetup.starts_at + later,
        ends_at=meetup.ends_at + later,
    )  # fmt: skip
    to_the_hour(coffee, time_passes)

    remind(coffee, revision=0)
    assert reminded() == []
    remind(coffee, revision=1)

    assert len(reminded()) == 3


def test_nobody_is_reminded_of_what_is_cancelled_or_gone(coffee, time_passes):
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")
    to_the_hour(coffee, time_passes)

    remind(coffee)
    reminding.remind(coffee.hub.id, "mtg_00000000000000000000000000", revision=0, about="reminder_hour")

    assert reminded() == []


def test_a_meetup_that_is_cancelled_while_people_are_reminded_reminds_no_more(time_passes):
    coffee = Coffee(seats=None, ahead=timedelta(days=10))
    a_crowd(coffee, 50)
    to_the_hour(coffee, time_passes)
    remind(coffee)
    (further,) = details("attendees_to.tell")
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")

    telling.go_on(events.AttendeesToTell.from_detail(further))

    assert len(reminded()) == 20
