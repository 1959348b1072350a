"""When a volunteer may be disturbed: what they set, on their own clock."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.models.helping import HelperCard


def is_paused(card: HelperCard, now: datetime) -> bool:
    """Whether they said that they take nothing now."""
    return bool(card.paused) and (card.paused_until is None or card.paused_until > now)


def is_suspended(card: HelperCard, now: datetime) -> bool:
    """Whether moderation keeps them from helping there for now."""
    return card.suspended_until is not None and card.suspended_until > now


def is_quiet(card: HelperCard, time_zone: str, now: datetime) -> bool:
    """Whether this moment is within their quiet hours: the first minute is, the last is not."""
    if card.quiet_from is None or card.quiet_to is None:
        return False
    there = f"{now.astimezone(ZoneInfo(time_zone)):%H:%M}"
    if card.quiet_from < card.quiet_to:
        return bool(card.quiet_from <= there < card.quiet_to)
    return bool(there >= card.quiet_from or there < card.quiet_to)


def back_at(card: HelperCard, time_zone: str, now: datetime) -> datetime | None:
    """When they may be disturbed again by what they said; None: they may be now, or did not say when."""
    moment = now
    if is_paused(card, moment):
        if card.paused_until is None:
            return None
        moment = card.paused_until
    if is_quiet(card, time_zone, moment):
        moment = _end_of_quiet(card, time_zone, moment)
    return moment if moment > now else None


def _end_of_quiet(card: HelperCard, time_zone: str, moment: datetime) -> datetime:
    there = moment.astimezone(ZoneInfo(time_zone))
    hour, minute = map(int, str(card.quiet_to).split(":"))
    ends = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if ends <= there:
        ends += timedelta(days=1)
    return ends.astimezone(UTC)


def day_of(time_zone: str, now: datetime) -> str:
    """Which day it is where they are."""
    return now.astimezone(ZoneInfo(time_zone)).date().isoformat()


def is_available(card: HelperCard, time_zone: str, now: datetime) -> bool:
    """Whether they would take a question now: willing, free, not paused, outside their quiet hours."""
    return (
        card.is_willing()
        and card.is_free()
        and not is_suspended(card, now)
        and not is_paused(card, now)
        and not is_quiet(card, time_zone, now)
    )


def may_be_pinged(card: HelperCard, time_zone: str, now: datetime) -> bool:
    """Whether they are available, and were not yet pinged as often today as they take."""
    pings = card.pings if card.pings_day == day_of(time_zone, now) else 0
    return is_available(card, time_zone, now) and pings < card.daily_cap
