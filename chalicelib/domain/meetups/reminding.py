"""Reminding those who come: a week before, the evening before, an hour before."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib.domain.meetups import telling
from chalicelib.gateways import clock
from chalicelib.models.meetups import AHEAD, Meetup
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEK = timedelta(days=7)
EVENING = time(18)
"""When, the day before, by the clocks of where it takes place."""
HOUR = timedelta(hours=1)

LATE = timedelta(hours=2)
"""A reminder that could not be given for so long is given no more."""


def moments(meetup: Meetup) -> Mapping[str, datetime]:
    """When those who come are reminded, in UTC: what it is called → when.

    A week before is at the same local time, whatever clocks were changed meanwhile. No two are nearer to each
    other than five hours: whoever comes at midnight is reminded at six in the evening, and at eleven.
    """
    local = meetup.starts_at.astimezone(ZoneInfo(meetup.time_zone))
    evening = datetime.combine(local.date() - timedelta(days=1), EVENING, local.tzinfo)
    return {
        "reminder_week": (local - WEEK).astimezone(UTC),  # between local times: as calendars count days
        "reminder_day": evening.astimezone(UTC),
        "reminder_hour": meetup.starts_at.astimezone(UTC) - HOUR,
    }


def remind(organization_id: str, meetup_id: str, revision: int, about: str) -> None:
    """Remind everyone who comes, once, if it takes place then and there still, and it is not too late."""
    (meetup,) = load(Meetup.key(organization_id, meetup_id))
    if meetup is None or int(meetup.revision) != revision:
        return
    now = clock.now()
    if meetup.state_at(now) not in AHEAD - {"draft"}:
        return
    if timedelta(0) <= now - moments(meetup)[about] <= LATE:
        telling.of_reminder(meetup, about, now)
