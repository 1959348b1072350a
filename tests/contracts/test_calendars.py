"""What is written for calendars, read back by others than who wrote it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from chalicelib.contracts.calendars import Entry, rendered
from tests.calendars import events, lines, only, parsed, said_times, unfolded

pytestmark = pytest.mark.plain

NASTY = [
    "Café\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Un autre",
    "Café\nATTENDEE:mailto:intrus@example.org",
    "Café\rX-INTRUS:1",
    "a;b,c\\d\\ne:f\"g^n'h",
    "BEGIN:VEVENT",
    "Café\u2028BEGIN:VEVENT\u2029ATTENDEE:x\x85STATUS:CANCELLED\x0bX:1\x0cY:2\x1cZ:3",
    "\x00\x07\x1b[31m rouge \x7f",
    "\u202eesrevne\u202c \u2066caché\u2069 \ufeff\ufffe",
    "👩🏽‍🔧" * 40 + "é" * 80 + "漢" * 60,
    "\udcff seule",
]


def an_entry(**values):
    about = {
        "uid": "mtg_1@entraide.test", "sequence": 0, "title": "Café", "description": "On répare.",
        "revised_at": datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=UTC),
        "stamped_at": datetime(2026, 11, 20, 9, tzinfo=UTC),
        "starts_at": datetime(2027, 3, 25, 17, 30, tzinfo=UTC),
        "ends_at": datetime(2027, 3, 25, 19, 30, tzinfo=UTC),
        "time_zone": "Europe/Paris", "location": "Lyon 7e", "geo": None,
        "url": "https://cyclofil.example/", "organizer": ("Cyclofil", "bonjour@entraide.test"),
        "status": "CONFIRMED", "busy": True,
    }  # fmt: skip
    return Entry(**{**about, **values})


def published(*entries, **values):
    return rendered(entries, method="PUBLISH", **values)


def on_the_wall(year, month, day, hour=18):
    return datetime(year, month, day, hour, 30)  # noqa: DTZ001 - what a clock says, wherever it is


def weekly(zone, first, weeks):
    """So many occurrences at the same hour on the wall."""
    starts = [
        (first + timedelta(weeks=week)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for week in range(weeks)
    ]
    return [
        an_entry(
            uid=f"mtg_{week}@entraide.test", title=f"Café {week}", starts_at=at, time_zone=zone,
            ends_at=at + timedelta(hours=2),
        )
        for week, at in enumerate(starts)
    ]  # fmt: skip


def test_another_reader_finds_all_that_was_written():
    event = only(
        published(
            an_entry(
                sequence=3,
                title="Café; freins, câbles",
                description="Deux\nlignes",
                geo=(45.7485, 4.8467),
                location="Café du Rond-Point, 12 rue de Marseille",
            )
        )
    )

    assert event.uid.value == "mtg_1@entraide.test"
    assert event.sequence.value == "3"
    assert event.summary.value == "Café; freins, câbles"
    assert event.description.value == "Deux\nlignes"
    assert event.location.value == "Café du Rond-Point, 12 rue de Marseille"
    assert event.geo.value == "45.7485;4.8467"
    assert event.dtstamp.value == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert event.last_modified.value == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert event.organizer.value == "mailto:bonjour@entraide.test"
    assert event.organizer.params["CN"] == ["Cyclofil"]
    assert (event.status.value, event.transp.value) == ("CONFIRMED", "OPAQUE")
    assert event.url.value == "https://cyclofil.example/"
    assert "attendee" not in event.contents


def test_the_calendar_says_what_it_is_and_how_it_is_read():
    calendar = parsed(published(an_entry(), name="Mes rencontres", followed=True))

    assert (calendar.version.value, calendar.method.value) == ("2.0", "PUBLISH")
    assert calendar.calscale.value == "GREGORIAN"
    assert calendar.prodid.value == "-//Entraide//Meetups//EN"
    assert calendar.x_wr_calname.value == "Mes rencontres"
    assert calendar.x_published_ttl.value == "PT1H"


def test_a_calendar_may_be_empty():
    assert "vevent" not in parsed(published(name="Mes rencontres")).contents


def test_lines_end_as_they_must_and_none_is_too_long_even_within_a_character():
    written = published(an_entry(title=NASTY[8], description=NASTY[8] * 3))

    assert written.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, written.split(b"\r\n"))) <= 75
    for line in written.split(b"\r\n"):
        line.decode()  # no character is cut in two
    assert only(written).summary.value == NASTY[8]


@pytest.mark.parametrize("words", NASTY)
def test_nothing_that_anyone_writes_becomes_anything_but_words(words):
    plain = unfolded(published(an_entry(attendee=("Awa", "awa@example.org", "ACCEPTED"))))
    written = published(
        an_entry(
            title=words,
            description=words,
            location=words,
            organizer=(words, "bonjour@entraide.test"),
            attendee=(words, "awa@example.org", "ACCEPTED"),
        ),
        name=words,
    )

    def names(told):
        return [line.partition(":")[0].partition(";")[0] for line in told]

    named = {"NAME", "X-WR-CALNAME"}
    assert [name for name in names(unfolded(written)) if name not in named] == names(plain)
    # and for readers that break lines wherever Unicode does
    assert not [line for line in written.decode().splitlines() if line.startswith(("X-", "ATTENDEE:x"))][1:]
    assert len(parsed(written).contents["vevent"]) == 1
    assert only(written).status.value == "CONFIRMED"
    assert only(written).organizer.value == "mailto:bonjour@entraide.test"


@pytest.mark.parametrize(
    "url", ["https://a.example/;x,y\\z?q=é", "https://a.example/\r\nATTENDEE:b", "x\u2028Y:1"]
)
def test_an_address_stays_an_address(url):
    written = published(an_entry(url=url))

    assert len(lines(written, "URL")) == 1
    assert lines(written, "ATTENDEE") == []


def test_a_mailbox_of_any_shape_stays_one():
    asked = an_entry(attendee=("Zoé", "zoe+cafe?subject=x&y%@example.org", "TENTATIVE"))
    (attendee,) = lines(rendered([asked], method="REQUEST"), "ATTENDEE")

    assert attendee.endswith(":mailto:zoe+cafe%3Fsubject=x&y%25@example.org")
    assert "PARTSTAT=TENTATIVE" in attendee
    assert "RSVP=FALSE" in attendee


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Paris", on_the_wall(2027, 3, 11), {17, 16}),
        ("Europe/Paris", on_the_wall(2027, 10, 14), {16, 17}),
        ("America/New_York", on_the_wall(2027, 2, 25), {23, 22}),
        ("America/New_York", on_the_wall(2027, 10, 21), {22, 23}),
    ],
)
def test_every_week_at_the_same_hour_on_the_wall_whatever_the_season(zone, first, hours):
    occurrences = weekly(zone, first, 6)
    written = published(*occurrences)

    told = list(said_times(written))
    assert [local for local, _ in told] == [first + timedelta(weeks=week) for week in range(6)]
    assert [instant for _, instant in told] == [entry.starts_at for entry in occurrences]
    assert {instant.hour for _, instant in told} == hours, "clocks change within these weeks"
    assert [end for _, end in said_times(written, "DTEND")] == [entry.ends_at for entry in occurrences]
    # and as vobject reads it
    assert {event.dtstart.value.astimezone(UTC) for event in events(written).values()} == {
        entry.starts_at for entry in occurrences
    }
    assert len(parsed(written).contents["vtimezone"]) == 1


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", datetime(2027, 3, 28, tzinfo=UTC)),
        ("Europe/Paris", datetime(2027, 10, 31, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 7, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, tzinfo=UTC)),
        ("Europe/Dublin", datetime(2027, 3, 28, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2027, 2, 7, tzinfo=UTC)),
    ],
)
def test_the_instant_is_right_all_through_the_night_when_clocks_change(zone, day):
    for quarter in range(4 * 24 + 1):
        at = day + timedelta(minutes=15 * quarter)
        written = published(an_entry(time_zone=zone, starts_at=at, ends_at=at + timedelta(hours=1)))

        assert [instant for _, instant in said_times(written)] == [at]
        assert [instant for _, instant in said_times(written, "DTEND")] == [at + timedelta(hours=1)]


def test_the_hour_that_clocks_say_twice_is_told_in_utc():
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Paris, once more

    assert lines(published(an_entry(starts_at=second, ends_at=second)), "DTSTART") == [
        "DTSTART:20271031T013000Z"
    ]


def test_every_time_zone_that_a_meetup_may_have_is_told():
    for zone in sorted(available_timezones()):
        moments = [datetime(2027, month, 15, 12, tzinfo=UTC) for month in (1, 4, 7, 10)]
        written = published(*(an_entry(time_zone=zone, starts_at=at, ends_at=at) for at in moments))

        assert [instant for _, instant in said_times(written)] == moments, zone


def test_zones_are_told_once_each_before_whatever_is_in_them():
    written = published(
        *weekly("Europe/Paris", on_the_wall(2027, 3, 11), 3),
        *weekly("America/New_York", on_the_wall(2027, 3, 1), 3),
    )

    told = [line for line in unfolded(written) if line.startswith(("TZID:", "BEGIN:VEVENT"))]
    assert told == ["TZID:America/New_York", "TZID:Europe/Paris", *["BEGIN:VEVENT"] * 6]


def test_the_same_is_written_the_same():
    entries = weekly("Europe/Paris", on_the_wall(2027, 3, 11), 3)

    assert published(*entries) == published(*entries)
