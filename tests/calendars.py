"""Calendars read by others than who wrote them: vobject, and the time zones of dateutil."""

from __future__ import annotations

from datetime import UTC
from io import StringIO

import vobject
from dateutil.tz import tzical


def parsed(written):
    """The calendar that another reader finds here."""
    text = written.decode() if isinstance(written, bytes) else written
    vars(vobject.icalendar)["__tzidMap"].clear()  # it keeps the zones of every calendar that it read
    vobject.icalendar.registerTzid("UTC", UTC)
    (calendar,) = vobject.readComponents(text)
    return calendar


def events(written):
    """Its entries, by title."""
    return {event.summary.value: event for event in parsed(written).contents.get("vevent", [])}


def only(written):
    (event,) = parsed(written).contents["vevent"]
    return event


def unfolded(written):
    """Its lines, whole."""
    text = written.decode() if isinstance(written, bytes) else written
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def lines(written, name):
    """Everything that is said under this name, parameters and all, outside of time zones."""
    inside = "\n".join(unfolded(written)).split("END:VTIMEZONE")[-1].split("\n")
    return [line for line in inside if line.partition(":")[0].partition(";")[0] == name]


def said_times(written, name="DTSTART"):
    """Each moment under this name: what clocks on the wall say, and the instant, by its own VTIMEZONE."""
    text = written.decode() if isinstance(written, bytes) else written
    zones = tzical(StringIO(text.replace("\r\n", "\n"))) if "BEGIN:VTIMEZONE" in text else None
    for line in lines(written, name):
        parameters, _, value = line.partition(":")
        local = vobject.icalendar.stringToDateTime(value.removesuffix("Z"))
        zone = UTC if value.endswith("Z") else zones.get(parameters.partition("TZID=")[2])
        yield local, local.replace(tzinfo=zone).astimezone(UTC)
