"""A meetup that comes back: each time is a meetup of its own, with answers of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from chalicelib.domain import errors, events, limits, standing
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import proposing, standpoints
from chalicelib.domain.meetups.cancelling import call_off
from chalicelib.domain.meetups.proposing import FURTHEST, Times, TimesRefused
from chalicelib.domain.meetups.states import MeetupNotFound, OnlyTheHost
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock, ids
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import AHEAD, Meetup
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.series import Series
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller

PROPOSING = limits.Policy("proposing_series", limit=3, window=3600)
"""Series of one person in an hour: each of them is up to twenty-six meetups."""

LAST = 28
"""A day of the month beyond it is in a fifth week, which few months have: it is taken for the last one."""


class SeriesNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such series here.",
        "fr": "Cette série de rencontres n’existe pas ici.",
    }


def propose(
    caller: Caller,
    organization_id: str,
    *,
    times: Times,
    every: str,
    count: int,
    capacity: int | None,
    salon_id: str | None = None,
    question_id: str | None = None,
    **said: Any,
) -> Series:
    """Propose a meetup that comes back, so many times. The first is there at once, the others a moment later.

    Raises what proposing a meetup does, for the first; TimesRefused where the last is too far ahead.
    """
    now, series_id = clock.now(), ids.new("ser")
    origin: dict[str, Any] = {"salon_id": salon_id, "question_id": question_id}
    words = {name: value for name, value in said.items() if name != "time_zone"}
    first = proposing.compose(
        caller, organization_id, times=times, now=now, meetup_id=id_of(series_id, 0, now),
        series_id=series_id, occurrence=0, **origin, **said,
    )  # fmt: skip
    series = Series.proposing(
        organization_id, series_id, at=now, host_id=first.host_id, host_voice=first.host_voice, every=every,
        times=count, starts_at=first.starts_at, ends_at=first.ends_at, rsvp_closes_at=first.rsvp_closes_at,
        time_zone=first.time_zone, said=words, capacity=capacity, **origin,
    )  # fmt: skip
    if plan(series)[-1].starts_at > now + FURTHEST:
        raise TimesRefused(pointer="/repeats/times", problem="too_far_ahead")
    with changes() as change:
        change.create(series)
        proposing.put(change, first, capacity=capacity, now=now)
        change.announce(
            events.SeriesProposed(
                organization_id=organization_id, actor_id=caller.member_id, at=now, series_id=series_id,
                host_id=caller.member_id,
            )
        )  # fmt: skip
    return series


def find(caller: Caller | None, organization_id: str, series_id: str) -> Series:
    """One series, whoever asks. Raises SeriesNotFound."""
    series, apart = load(
        Series.key(organization_id, series_id), Apart.key(caller.member_id if caller else NOBODY)
    )
    return _visible(series, apart)


def _visible(series: Series | None, apart: Apart | None) -> Series:
    if series is None or (apart is not None and series.host_id in (apart.people or ())):
        raise SeriesNotFound
    return series


def read(caller: Caller | None, organization_id: str, series_id: str) -> dict[str, Any]:
    """One series as everyone reads it. Raises SeriesNotFound."""
    return seen(find(caller, organization_id, series_id))


def seen(series: Series) -> dict[str, Any]:
    """A series that is in hand, as everyone reads it: the district of its place is in its meetups."""
    (host,) = load(Member.key(series.host_id))
    said: dict[str, Any] = series.said
    told = ("id", "organization_id", "state", "every", "time_zone", "salon_id", "ended_reason", "created_at")
    return {
        **{name: getattr(series, name) for name in told},
        "title": said["title"],
        "about": said.get("about", ""),
        "host": {"member_id": series.host_id, "name": host.name if host else None},
        "times": int(series.times),
        "starts": [when.starts_at for when in plan(series)],
        "first_meetup_id": id_of(series.id, 0, series.created_at),
    }


@retry_if_overtaken
def end(caller: Caller, organization_id: str, series_id: str, *, reason: str) -> Series:
    """Have it come back no more, and say why: what is ahead is cancelled, one by one.

    Repeating changes nothing. Raises SeriesNotFound, OnlyTheHost, FollowFirst, Suspended.
    """
    here = standing.of(
        caller, organization_id, Series.key(organization_id, series_id), Apart.key(caller.member_id)
    )
    series = _visible(*here.also)
    if series.host_id != caller.member_id:
        raise OnlyTheHost
    if here.membership is None:
        raise FollowFirst
    here.must_not_be_suspended()
    if series.state != "ended":
        _end(series, reason=reason)
    return series


@retry_if_overtaken
def lose_host(organization_id: str, series_id: str, member_id: str, *, reason: str) -> None:
    """End a series whose host is gone: each of its meetups goes on with whoever looks after it, or not."""
    (series,) = load(Series.key(organization_id, series_id))
    if series is not None and series.state != "ended" and series.host_id == member_id:
        _end(series, reason=reason, host_lost=True)


def propose_rest(event: events.SeriesProposed) -> None:
    """Propose whatever of a series is not there yet, each once, however often this is asked."""
    series, meetups = _with_meetups(event.organization_id, event.series_id)
    for occurrence, meetup in enumerate(meetups):
        if meetup is None and series is not None:
            _propose_one(series.organization_id, series.id, occurrence)


def cancel_rest(event: events.SeriesEnded) -> None:
    """Cancel what is ahead of a series that was ended; one that was handed over to someone else goes on."""
    if event.host_lost:
        return  # those who lose their host go on, or do not, as every meetup does
    _, meetups = _with_meetups(event.organization_id, event.series_id)
    for meetup in meetups:
        if meetup is not None and meetup.state in AHEAD:
            _cancel_one(event, meetup.id)


def plan(series: Series) -> list[Times]:
    """When each meetup of a series takes place: always at the same time by the clock on the wall.

    A time that clocks jump over is later by as much as they jump, one that they show twice is the first of
    the two (RFC 5545, 3.3.5). Each lasts as long as the first; answers close by the wall too.
    """
    zone, length = ZoneInfo(series.time_zone), series.ends_at - series.starts_at
    on_the_wall = series.starts_at.astimezone(zone).replace(tzinfo=None)
    closing = on_the_wall - series.rsvp_closes_at.astimezone(zone).replace(tzinfo=None)
    planned = [
        Times(starts_at=series.starts_at, ends_at=series.ends_at, rsvp_closes_at=series.rsvp_closes_at)
    ]
    for wall in _repeated(on_the_wall, series.every, int(series.times))[1:]:
        starts_at = _moment(wall, zone)
        closes_at = min(starts_at, _moment(wall - closing, zone))
        planned.append(Times(starts_at=starts_at, ends_at=starts_at + length, rsvp_closes_at=closes_at))
    return planned


def id_of(series_id: str, occurrence: int, at: datetime) -> str:
    """The one id that a meetup of a series has: what is proposed twice is the same one."""
    return ids.derived_at("mtg", at, series_id, str(occurrence))


def _repeated(first: datetime, every: str, times: int) -> list[datetime]:
    """The same time each week, each second week, or on the same weekday of the month: the 2nd Thursday."""
    from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday  # noqa: PLC0415 - few requests need it

    if every == "month":
        week = (first.day - 1) // 7 + 1 if first.day <= LAST else -1
        rule = rrule(MONTHLY, dtstart=first, count=times, byweekday=weekday(first.weekday(), week))
    else:
        rule = rrule(WEEKLY, dtstart=first, count=times, interval={"week": 1, "two_weeks": 2}[every])
    return [datetime.combine(day.date(), first.time()) for day in rule]


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _with_meetups(organization_id: str, series_id: str) -> tuple[Series | None, tuple[Meetup | None, ...]]:
    (series,) = load(Series.key(organization_id, series_id))
    if series is None:
        return None, ()
    known = (id_of(series_id, occurrence, series.created_at) for occurrence in range(int(series.times)))
    return series, load(*(Meetup.key(organization_id, meetup_id) for meetup_id in known))


@retry_if_overtaken
def _propose_one(organization_id: str, series_id: str, occurrence: int) -> None:
    (series,) = load(Series.key(organization_id, series_id))
    if series is None or series.state != "running":
        return
    host_id, now = str(series.host_id), clock.now()
    meetup_id = id_of(series_id, occurrence, series.created_at)
    there, membership, suspension = load(
        Meetup.key(organization_id, meetup_id),
        Membership.key(organization_id, host_id),
        RunningSuspension.key(organization_id, host_id),
    )
    when = plan(series)[occurrence]
    suspended = suspension is not None and suspension.runs_at(now)
    if there is not None or membership is None or suspended or when.starts_at <= now:
        return
    meetup = Meetup.proposing(
        organization_id, meetup_id, at=now, host_id=host_id, host_voice=series.host_voice,
        salon_id=series.salon_id, question_id=series.question_id, series_id=series_id, occurrence=occurrence,
        time_zone=series.time_zone, starts_at=when.starts_at, ends_at=when.ends_at,
        rsvp_closes_at=when.rsvp_closes_at, **series.said,
    )  # fmt: skip
    with changes() as change:
        change.check(Series.key(organization_id, series_id), Series.is_running())
        change.check(Membership.key(organization_id, host_id), Membership.is_there())
        standing.hold_to_it(change, organization_id, host_id)
        capacity = None if series.capacity is None else int(series.capacity)
        proposing.put(change, meetup, capacity=capacity, now=now)


@retry_if_overtaken
def _cancel_one(event: events.SeriesEnded, meetup_id: str) -> None:
    try:
        stands = standpoints.look(event.host_id, event.organization_id, meetup_id)
    except MeetupNotFound:
        return
    if stands.meetup.host_id == event.host_id and stands.state in AHEAD:
        with changes() as change:
            call_off(change, stands, reason=event.reason, actor_id=event.actor_id)


def _end(series: Series, *, reason: str, host_lost: bool = False) -> None:
    with changes() as change:
        change.edit(series, state="ended", ended_reason=reason)
        change.announce(
            events.SeriesEnded(
                organization_id=series.organization_id, actor_id=series.host_id, series_id=series.id,
                host_id=series.host_id, reason=reason, host_lost=host_lost,
            )
        )  # fmt: skip
