from __future__ import annotations

import hashlib
from typing import Any

from chalice.app import Response

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.calendars import Entry, OwnCalendarView, rendered
from chalicelib.domain import meetups
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import recurring
from chalicelib.handlers.http.meetups import MEETUP

api = Api(__name__, tag="Calendars")

ICALENDAR = "text/calendar"


def _answer(entries: list[dict[str, Any]], **values: Any) -> Response:
    """A calendar, with what tells it from what it was before."""
    written = rendered([Entry(**told) for told in entries], method="PUBLISH", **values)
    headers: dict[str, Any] = {
        "Content-Type": f"{ICALENDAR}; charset=utf-8; method=PUBLISH",
        "Cache-Control": "private, no-cache",
        "ETag": f'"1-{hashlib.sha256(written).hexdigest()[:12]}"',
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",  # the address may be the key
    }
    return Response(written.decode(), headers=headers)


def _as_file(name: str, response: Response) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _as_it_is(_: Any, *, caller: Caller, **__: Any) -> Any:
    return {"url": meetups.calendar_address(caller)}


@api.endpoint(
    "GET",
    MEETUP + "/calendar",
    access=EVERYONE,
    raw=True,
    media_type=ICALENDAR,
    refusals=[meetups.MeetupNotFound],
)
def read_meetup_calendar(organization_id: str, meetup_id: str, caller: Caller | None) -> Response:
    """Read a meetup as an iCalendar file: its exact place and link if you come, else the district."""
    entry = meetups.entry_of(caller, organization_id, meetup_id)
    return _as_file(meetup_id, _answer([entry]))


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/series/{series_id}/calendar",
    access=EVERYONE,
    raw=True,
    media_type=ICALENDAR,
    refusals=[recurring.SeriesNotFound],
)
def read_series_calendar(organization_id: str, series_id: str, caller: Caller | None) -> Response:
    """Read the meetups of a series as one iCalendar file, each as you stand to it."""
    name, entries = meetups.entries_of_series(caller, organization_id, series_id)
    return _as_file(series_id, _answer(entries, name=name))


@api.endpoint("GET", "/me/calendar")
def read_my_calendar(caller: Caller) -> OwnCalendarView:
    """Read where your calendar application follows your own meetups. Whoever has this address reads them."""
    return {"url": meetups.calendar_address(caller)}


@api.endpoint("POST", "/me/calendar/renewal", again=_as_it_is)
def renew_my_calendar(caller: Caller) -> OwnCalendarView:
    """Have another address: the one before stops working at once."""
    return {"url": meetups.renew_calendar(caller)}


@api.endpoint(
    "GET",
    "/calendars/{token}",
    access=EVERYONE,
    raw=True,
    media_type=ICALENDAR,
    refusals=[meetups.CalendarNotFound],
)
def follow_calendar(token: str) -> Response:
    """Follow someone's own meetups, at the address that they were given: no other token is asked for.

    Those that they come to, wait for or are offered a seat in, from thirty days ago on, fifty at most, the
    soonest first, among the first ninety-seven that they answered; those that were cancelled in the last
    thirty days are in it as cancelled.
    """
    found = meetups.followed_calendar(token)
    return _answer(list(found.entries), name=found.name, followed=True)
