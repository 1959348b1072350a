"""A time as people tell it to each other: in the meetup's own zone, written out in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip
SPAN = {
    "en": ("{day}, {start} to {end} ({zone})", "{day}, {start}, to {last_day}, {end} ({zone})"),
    "fr": ("{day}, de {start} à {end} ({zone})", "{day} à {start}, jusqu’au {last_day} à {end} ({zone})"),
}
"""Within a day, and over several."""

MOMENT = {"en": "{day} at {start} ({zone})", "fr": "{day} à {start} ({zone})"}


def span(starts_at: datetime, ends_at: datetime, time_zone: str, language: str) -> str:
    """From when to when, on the clocks of that zone, whatever changes them in between."""
    language = written(language)
    first, last = (moment.astimezone(ZoneInfo(time_zone)) for moment in (starts_at, ends_at))
    within, over = SPAN[language]
    return (within if first.date() == last.date() else over).format(
        day=_day(first, language), start=_hour(first, language), zone=time_zone,
        last_day=_day(last, language), end=_hour(last, language),
    )  # fmt: skip


def moment(at: datetime, time_zone: str, language: str) -> str:
    """A single moment, on the clocks of that zone."""
    language = written(language)
    there = at.astimezone(ZoneInfo(time_zone))
    return MOMENT[language].format(
        day=_day(there, language), start=_hour(there, language), zone=time_zone
    )  # fmt: skip


def days_until(at: datetime, now: datetime, time_zone: str) -> int:
    """In how many days it is, as people count them there: 0 is today, 1 tomorrow."""
    there = ZoneInfo(time_zone)
    return (at.astimezone(there).date() - now.astimezone(there).date()).days


def written(language: str) -> str:
    """The language that is written to who reads this one."""
    return language if language in DAYS else "en"


def _day(at: datetime, language: str) -> str:
    number = "1er" if language == "fr" and at.day == 1 else str(at.day)
    return f"{DAYS[language][at.weekday()]} {number} {MONTHS[language][at.month - 1]} {at.year}"


def _hour(at: datetime, language: str) -> str:
    if language == "en":
        return f"{at:%H:%M}"
    return f"{at.hour}\u00a0h" + (f"\u00a0{at:%M}" if at.minute else "")
