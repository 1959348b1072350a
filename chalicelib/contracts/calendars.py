"""Meetups as calendars read them: iCalendar (RFC 5545), and what is sent of it in mails (RFC 5546)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import Field

from chalicelib.contracts.base import Contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icalendar import Calendar, Component, Timezone

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

PRODUCT = "-//Entraide//Meetups//EN"

POLLED = timedelta(hours=1)
"""How often whoever follows a calendar asks for it again."""

# Controls, line separators that some readers break lines at, bidirectional overrides, lone surrogates,
# noncharacters: nothing that is written in a title or a place ends a line, or turns one around
_UNSPEAKABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_IN_ADDRESSES = "@!$&'*+-._~="


class OwnCalendarView(Contract):
    """Where a calendar application follows the caller's own meetups. Whoever has the address reads them."""

    url: Annotated[
        str, Field(examples=["https://api.example.org/v1/calendars/q83vEjRWeJq83vEjRWeJkWyJtZW1fNyIsIm9y"])
    ]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meetup in a calendar."""

    uid: str
    sequence: int
    """Grows with everything that calendars show of it: the highest one stands."""
    revised_at: datetime
    stamped_at: datetime
    """Of two with one sequence, the later one stands."""
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str | None
    geo: tuple[float, float] | None
    url: str
    organizer: tuple[str, str]
    """Name and address of whom invitations come from."""
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"] | None
    """None in a cancellation that is for one person only, as RFC 5546 has it."""
    busy: bool
    """Whether it takes the reader's time."""
    attendee: tuple[str, str, str] | None = None
    """Name and address of whom it is sent to, and what they say: ACCEPTED, TENTATIVE, DECLINED."""


def rendered(
    entries: Iterable[Entry], *, method: Method, name: str | None = None, followed: bool = False
) -> bytes:
    """A calendar with these entries; the same arguments always give the same bytes.

    Args:
        entries: what is in it.
        method: PUBLISH to whoever reads it; REQUEST and CANCEL to the one attendee of each entry.
        name: what the calendar is called.
        followed: whether it is one that applications ask for again and again.
    """
    from icalendar import Calendar  # noqa: PLC0415 - one function in a hundred writes a calendar

    calendar, written = Calendar(), list(entries)
    told: dict[str, Any] = {"prodid": PRODUCT, "version": "2.0", "calscale": "GREGORIAN", "method": method}
    if name is not None:
        told |= {"name": _line(name), "x-wr-calname": _line(name)}
    if followed:
        told |= {"refresh-interval": POLLED, "x-published-ttl": "PT1H"}
    for key, value in told.items():
        calendar.add(key, value)
    for entry in written:
        calendar.add_component(_event(entry))
    _add_zones(calendar, written)
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry) -> Component:
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    starts_at, ends_at = _local(entry)
    told: dict[str, Any] = {
        "uid": entry.uid, "sequence": entry.sequence, "dtstamp": _whole(entry.stamped_at),
        "last-modified": _whole(entry.revised_at), "dtstart": starts_at, "dtend": ends_at,
        "summary": _line(entry.title), "description": _text(entry.description), "status": entry.status,
        "location": _line(entry.location or ""), "geo": entry.geo, "url": _line(entry.url),
        "transp": "OPAQUE" if entry.busy else "TRANSPARENT",
    }  # fmt: skip
    for key, value in told.items():
        if value not in (None, ""):
            event.add(key, value)
    event.add("organizer", _mailbox(*entry.organizer), encode=False)
    if entry.attendee is not None:
        name, address, says = entry.attendee
        # answers are given here, where seats are: a calendar's own would go to nobody
        asked = {"cutype": "INDIVIDUAL", "role": "REQ-PARTICIPANT", "partstat": says, "rsvp": "FALSE"}
        event.add("attendee", _mailbox(name, address, **asked), encode=False)
    return event


def _mailbox(name: str, address: str, **parameters: str) -> Any:
    from icalendar import vCalAddress  # noqa: PLC0415 - as above

    mailbox = vCalAddress("mailto:" + quote(_line(address), safe=_IN_ADDRESSES))
    for key, value in {"cn": _line(name), **parameters}.items():
        if value:
            mailbox.params[key] = value
    return mailbox


def _local(entry: Entry) -> tuple[datetime, datetime]:
    """When it is, as the clocks on the wall there say; in UTC where they say that hour twice."""
    zone = ZoneInfo(entry.time_zone)
    start, end = (_whole(moment).astimezone(zone) for moment in (entry.starts_at, entry.ends_at))
    if start.fold or end.fold:  # RFC 5545 knows only the first of the two
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


def _add_zones(calendar: Calendar, entries: list[Entry]) -> None:
    """Say what every time zone that is named means: in the years of these entries, and in the next.

    Some applications go on with what they were told first. Not with the library's own: it has summer begin an
    hour late.
    """
    for place, name in enumerate(sorted(calendar.get_missing_tzids())):
        within = [entry for entry in entries if entry.time_zone == name]
        first = datetime(min(entry.starts_at for entry in within).year - 1, 12, 31, tzinfo=UTC)
        last = datetime(max(entry.ends_at for entry in within).year + 2, 1, 1, tzinfo=UTC)
        calendar.subcomponents.insert(place, _zone(name, first, last))


def _zone(name: str, first: datetime, last: datetime) -> Timezone:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415 - as above

    zone, described = ZoneInfo(name), Timezone()
    described.add("tzid", name)
    moments = [first, *_changes(zone, first, last)]
    for number, moment in enumerate(moments):
        local = moment.astimezone(zone)
        after = local.utcoffset() or timedelta()
        before = (moment - timedelta(seconds=1)).astimezone(zone).utcoffset() if number else after
        # one for each change: applications understand that, which cannot be said of rules and lists
        observed = TimezoneDaylight() if local.dst() else TimezoneStandard()
        observed.add("dtstart", (moment + (before or timedelta())).replace(tzinfo=None))
        observed.add("tzoffsetfrom", before)
        observed.add("tzoffsetto", after)
        observed.add("tzname", local.tzname())
        described.add_component(observed)
    return described


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every moment at which clocks there are put forward or back."""
    day = first
    while day < last:
        before, after = day, day + timedelta(days=1)
        if _offset(zone, before) != _offset(zone, after):
            while after - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
                if _offset(zone, middle) == _offset(zone, day):
                    before = middle
                else:
                    after = middle
            yield after
        day += timedelta(days=1)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def _whole(moment: datetime) -> datetime:
    """A moment in UTC to the second: calendars know no finer one."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _text(words: str) -> str:
    return _UNSPEAKABLE.sub(" ", words.replace("\r\n", "\n").replace("\t", " ")).strip()


def _line(words: str) -> str:
    return " ".join(_text(words).split())
