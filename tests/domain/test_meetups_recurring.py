"""A meetup that comes back: at the same time by the clock on the wall, each time one of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain import events, following, meetups
from chalicelib.domain.meetups import cancelling, finding, hosting, recurring, revising, standpoints
from chalicelib.gateways import clock
from chalicelib.models.meetups import Meetup
from chalicelib.models.series import Series
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests.factories import A_PLACE, a_follower, an_organization
from tests.faults import Crash, installed
from tests.meetups import details, must_add_up, told

PARIS = "Europe/Paris"
WHY = "Le café ferme pour de bon."


class Weekly:
    """Hana's coffee, that comes back in an organization."""

    def __init__(self, *, every="week", times=4, capacity=3, lasts=timedelta(hours=2), **said):
        self.hub = an_organization()
        self.hana = a_follower("hana", self.hub)
        starts_at = said.pop("starts_at", clock.now() + timedelta(days=3))
        when = meetups.Times(
            starts_at=starts_at, ends_at=starts_at + lasts, rsvp_closes_at=said.pop("rsvp_closes_at", None)
        )
        told = {"title": "Café réglage", "time_zone": PARIS, "place": A_PLACE, "party_limit": 2, **said}
        self.id = recurring.propose(
            self.hana, self.hub.id, times=when, every=every, count=times, capacity=capacity, **told
        ).id

    @property
    def this(self):
        return self.hub.id, self.id

    @property
    def series(self):
        return load(Series.key(*self.this))[0]

    @property
    def found(self):
        return [seen.meetup for seen in finding.in_series(None, *self.this, Page(24)).items]

    def goes_on(self):
        recurring.propose_rest(events.SeriesProposed.from_detail(details("series.proposed")[0]))

    def ends(self):
        recurring.end(self.hana, *self.this, reason=WHY)
        self.hears()

    def hears(self):
        recurring.cancel_rest(events.SeriesEnded.from_detail(details("series.ended")[0]))


@pytest.fixture
def weekly():
    return Weekly()


def a_plan(local, *, every="week", times=3, zone=PARIS, closes=None, lasts=timedelta(hours=2)):
    """When a series takes place that first does so then, by the clock on the wall."""
    starts_at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    closes_at = (
        datetime.fromisoformat(closes).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if closes else None
    )
    series = Series.proposing(
        "org_x", "ser_x", at=starts_at, every=every, times=times, starts_at=starts_at,
        ends_at=starts_at + lasts, rsvp_closes_at=closes_at or starts_at, time_zone=zone,
    )  # fmt: skip
    return recurring.plan(series)


def walls(plan, zone=PARIS):
    return [f"{when.starts_at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}" for when in plan]


# --- when


def test_the_clock_on_the_wall_says_the_same_in_summer_and_in_winter():
    plan = a_plan("2027-03-20T18:30", times=3)
    assert walls(plan) == ["Sat 2027-03-20 18:30", "Sat 2027-03-27 18:30", "Sat 2027-04-03 18:30"]
    assert [when.starts_at.hour for when in plan] == [17, 17, 16]


@pytest.mark.parametrize(
    ("every", "first", "expected"),
    [
        ("week", "2027-01-05T18:00", ["Tue 2027-01-05", "Tue 2027-01-12", "Tue 2027-01-19"]),
        ("two_weeks", "2027-01-05T18:00", ["Tue 2027-01-05", "Tue 2027-01-19", "Tue 2027-02-02"]),
        ("month", "2027-01-14T18:00", ["Thu 2027-01-14", "Thu 2027-02-11", "Thu 2027-03-11"]),
        ("month", "2027-01-28T18:00", ["Thu 2027-01-28", "Thu 2027-02-25", "Thu 2027-03-25"]),
        ("month", "2027-01-30T18:00", ["Sat 2027-01-30", "Sat 2027-02-27", "Sat 2027-03-27"]),
    ],
)
def test_it_comes_back_each_week_each_second_one_or_on_that_weekday_of_the_month(every, first, expected):
    assert [wall.rpartition(" ")[0] for wall in walls(a_plan(first, every=every))] == expected


def test_a_fifth_weekday_is_taken_for_the_last_one_and_no_month_is_left_out():
    plan = a_plan("2027-01-30T18:00", every="month", times=6)
    assert [when.starts_at.month for when in plan] == [1, 2, 3, 4, 5, 6]


def test_a_time_that_clocks_jump_over_is_an_hour_later_that_day_only():
    plan = a_plan("2027-03-21T02:30", times=3)
    assert walls(plan) == ["Sun 2027-03-21 02:30", "Sun 2027-03-28 03:30", "Sun 2027-04-04 02:30"]


def test_a_time_that_clocks_show_twice_is_the_first_of_the_two():
    plan = a_plan("2026-10-18T02:30", times=3)
    assert walls(plan) == ["Sun 2026-10-18 02:30", "Sun 2026-10-25 02:30", "Sun 2026-11-01 02:30"]
    assert plan[1].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_whoever_says_the_second_of_the_two_is_taken_at_their_word_the_first_time():
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    series = Series.proposing(
        "org_x", "ser_x", at=second, every="week", times=2, starts_at=second, rsvp_closes_at=second,
        ends_at=second + timedelta(hours=1), time_zone=PARIS,
    )  # fmt: skip
    assert [when.starts_at for when in recurring.plan(series)] == [
        second, datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "first", "second"),
    [
        ("America/New_York", "2027-03-07T19:00", "Sun 2027-03-14 19:00"),
        ("Australia/Lord_Howe", "2027-04-01T19:00", "Thu 2027-04-08 19:00"),
        ("Africa/Casablanca", "2027-02-06T19:00", "Sat 2027-02-13 19:00"),
        ("Asia/Kathmandu", "2027-02-06T00:15", "Sat 2027-02-13 00:15"),
    ],
)
def test_it_is_so_in_every_zone(zone, first, second):
    assert walls(a_plan(first, times=2, zone=zone), zone)[1] == second


def test_each_lasts_as_long_and_closes_at_the_same_time_by_the_wall():
    plan = a_plan("2027-03-21T10:00", closes="2027-03-20T18:00", lasts=timedelta(hours=3), times=2)
    assert plan[1].ends_at - plan[1].starts_at == timedelta(hours=3)
    # clocks change between the evening before and that morning
    assert plan[1].rsvp_closes_at == datetime(2027, 3, 27, 17, tzinfo=UTC)
    assert plan[1].starts_at == datetime(2027, 3, 28, 8, tzinfo=UTC)


# --- proposing


def test_the_first_is_there_at_once_and_the_others_a_moment_later(weekly):
    (first,) = weekly.found
    assert (first.series_id, first.occurrence, first.host_id) == (weekly.id, 0, weekly.hana.member_id)

    weekly.goes_on()

    found = weekly.found
    assert [meetup.occurrence for meetup in found] == [0, 1, 2, 3]
    assert [meetup.starts_at for meetup in found] == [
        when.starts_at for when in recurring.plan(weekly.series)
    ]
    for meetup in found:
        must_add_up(weekly.hub.id, meetup.id)
        assert (meetup.title, meetup.place, meetup.time_zone) == ("Café réglage", A_PLACE, PARIS)
        assert standpoints.look("none", weekly.hub.id, meetup.id).seats.capacity == 3


def test_each_is_told_once_however_often_it_is_heard_of(weekly):
    for _ in range(3):
        weekly.goes_on()

    assert len(weekly.found) == 4
    assert sorted(told["occurrence"] for told in details("meetup.proposed")) == [0, 1, 2, 3]


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", range(1, 9))
def test_wherever_it_dies_each_is_there_once_in_the_end(fault, call):
    weekly = Weekly(times=3)
    with installed() as injector:
        injector.fail(call, fault)
        try:
            weekly.goes_on()
        except Crash:
            weekly.goes_on()
    weekly.goes_on()

    assert [meetup.occurrence for meetup in weekly.found] == [0, 1, 2]
    assert told("meetup.proposed") == 3


def test_whoever_comes_once_comes_that_once(weekly):
    weekly.goes_on()
    first, second, *_ = weekly.found
    meetups.answer(a_follower("awa", weekly.hub), weekly.hub.id, first.id, says="going")

    assert standpoints.look("none", weekly.hub.id, first.id).seats.taken == 1
    assert standpoints.look("none", weekly.hub.id, second.id).seats.going == 1
    awa = a_follower("awa", weekly.hub).member_id
    assert standpoints.look(awa, weekly.hub.id, second.id).rsvp is None


def test_to_change_one_changes_no_other(weekly):
    weekly.goes_on()
    before = {meetup.id: (meetup.title, meetup.starts_at, meetup.version) for meetup in weekly.found}
    second = weekly.found[1]

    later = second.starts_at + timedelta(days=20)
    revising.revise(
        weekly.hana, weekly.hub.id, second.id, version=1, title="Café spécial", starts_at=later,
        ends_at=later + timedelta(hours=1), capacity=9,
    )  # fmt: skip
    weekly.goes_on()

    after = {meetup.id: (meetup.title, meetup.starts_at, meetup.version) for meetup in weekly.found}
    assert {one for one in after if after[one] != before[one]} == {second.id}
    assert [meetup.occurrence for meetup in weekly.found] == [0, 2, 3, 1]


@pytest.mark.parametrize(
    ("every", "times", "ahead"), [("month", 14, 3), ("two_weeks", 26, 30), ("week", 3, 360)]
)
def test_the_last_is_within_a_year(every, times, ahead):
    with pytest.raises(meetups.TimesRefused) as refused:
        Weekly(every=every, times=times, starts_at=clock.now() + timedelta(days=ahead))
    assert refused.value.context == {"pointer": "/repeats/times", "problem": "too_far_ahead"}
    assert told("series.proposed") == told("meetup.proposed") == 0


def test_twenty_six_second_weeks_are_within_a_year():
    weekly = Weekly(every="two_weeks", times=26)
    weekly.goes_on()
    pages = finding.in_series(None, *weekly.this, Page(24))
    rest = finding.in_series(None, *weekly.this, Page(24, pages.last))
    assert [seen.meetup.occurrence for seen in [*pages.items, *rest.items]] == list(range(26))


def test_what_is_past_when_it_is_heard_of_is_not_proposed(weekly, time_passes):
    time_passes(days=11)
    weekly.goes_on()
    assert [meetup.occurrence for meetup in weekly.found] == [0, 2, 3]


def test_whoever_follows_no_more_or_is_suspended_proposes_nothing_late(weekly):
    following.unfollow(weekly.hana, weekly.hub.id)
    weekly.goes_on()
    assert len(weekly.found) == 1

    following.follow(weekly.hana, weekly.hub.id)
    key = RunningSuspension.key(weekly.hub.id, weekly.hana.member_id)
    until = clock.now() + timedelta(days=1)
    RunningSuspension(key.pk, key.sk, until=until, suspension_id="sus_x", statement_id="sta_x").save()
    weekly.goes_on()
    assert len(weekly.found) == 1


# --- ending


def test_a_series_that_ends_cancels_what_is_ahead_and_leaves_what_was(weekly, time_passes):
    weekly.goes_on()
    time_passes(days=3, hours=1)

    weekly.ends()
    weekly.hears()

    states = [meetup.state_at(clock.now()) for meetup in weekly.found]
    assert states == ["started", "cancelled", "cancelled", "cancelled"]
    assert {meetup.cancelled_reason for meetup in weekly.found} == {None, WHY}
    assert told("meetup.cancelled") == 3
    assert (weekly.series.state, weekly.series.ended_reason) == ("ended", WHY)


def test_ending_again_changes_nothing(weekly):
    recurring.end(weekly.hana, *weekly.this, reason=WHY)
    assert recurring.end(weekly.hana, *weekly.this, reason="Autre chose.").ended_reason == WHY
    assert told("series.ended") == 1


def test_nothing_is_proposed_late_of_a_series_that_has_ended(weekly):
    weekly.ends()
    weekly.goes_on()

    assert [meetup.state for meetup in weekly.found] == ["cancelled"]


def test_a_series_that_ends_while_it_is_proposed_leaves_nothing_ahead(weekly, monkeypatch):
    """What ends it comes between what the next meetup was decided on and its being written."""
    plan = recurring.plan

    def plan_late(series):
        monkeypatch.setattr(recurring, "plan", plan)
        recurring.end(weekly.hana, *weekly.this, reason=WHY)
        return plan(series)

    monkeypatch.setattr(recurring, "plan", plan_late)
    weekly.goes_on()
    weekly.hears()

    assert [meetup.state for meetup in weekly.found] == ["cancelled"]
    assert told("meetup.proposed") == 1


def test_only_its_host_ends_it(weekly):
    with pytest.raises(meetups.OnlyTheHost):
        recurring.end(a_follower("awa", weekly.hub), *weekly.this, reason=WHY)


def test_one_that_was_handed_over_goes_on_without_the_series(weekly):
    weekly.goes_on()
    second = weekly.found[1]
    awa = a_follower("awa", weekly.hub)
    meetups.answer(awa, weekly.hub.id, second.id, says="going")
    hosting.add(weekly.hana, weekly.hub.id, second.id, awa.member_id)
    hosting.hand_over(weekly.hana, weekly.hub.id, second.id, awa.member_id)

    weekly.ends()

    assert [meetup.state for meetup in weekly.found] == ["cancelled", "published", "cancelled", "cancelled"]


def test_one_that_was_cancelled_before_keeps_its_own_reason(weekly):
    weekly.goes_on()
    first = weekly.found[0]
    cancelling.cancel(weekly.hana, weekly.hub.id, first.id, reason="Neige.")

    weekly.ends()

    assert [meetup.cancelled_reason for meetup in weekly.found] == ["Neige.", WHY, WHY, WHY]


def test_a_host_who_is_gone_ends_the_series_and_co_hosts_take_over_what_they_look_after(weekly):
    weekly.goes_on()
    second = weekly.found[1]
    awa = a_follower("awa", weekly.hub)
    meetups.answer(awa, weekly.hub.id, second.id, says="going")
    hosting.add(weekly.hana, weekly.hub.id, second.id, awa.member_id)

    following.unfollow(weekly.hana, weekly.hub.id)
    meetups.lose_leaver(
        events.OrganizationUnfollowed(organization_id=weekly.hub.id, actor_id=weekly.hana.member_id)
    )
    weekly.hears()
    weekly.goes_on()

    assert weekly.series.state == "ended"
    assert [meetup.state for meetup in weekly.found] == ["cancelled", "published", "cancelled", "cancelled"]
    assert load(Meetup.key(weekly.hub.id, second.id))[0].host_id == awa.member_id
    assert told("series.ended") == 1
