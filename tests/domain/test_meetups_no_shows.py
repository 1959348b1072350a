"""That someone did not come: theirs and the hosts' to know, and really forgotten."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.domain import events, meetups
from chalicelib.domain.meetups import checking_in, keeping_in_touch, no_shows
from chalicelib.gateways import aws, clock, timers
from chalicelib.handlers.consumers import meetups as tending
from chalicelib.handlers.consumers import timers as ringing
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.journal import JournalEntry
from chalicelib.models.tables import CommunityItem, load
from chalicelib.pages import Page
from tests.factories import a_caller
from tests.meetups import Coffee, told

BEGUN = {"days": 3, "minutes": 10}


@pytest.fixture
def coffee():
    coffee = Coffee(seats=8)
    for name in ("ana", "bo"):
        coffee.says(name)
    return coffee


@pytest.fixture
def begun(coffee, time_passes):
    time_passes(**BEGUN)
    return coffee


def id_of(name):
    return a_caller(name).member_id


def note(coffee, name, *, by="hana"):
    return no_shows.note(a_caller(by), *coffee.this, id_of(name))


def noted():
    found = [entry.detail for entry in JournalEntry.scan() if entry.detail_type == "no_show.noted.v1"]
    return [events.NoShowNoted.from_detail(detail) for detail in found]


def test_a_host_notes_it_and_the_seat_stays_where_it_was(begun):
    seen = meetups.answered(note(begun, "bo"))

    assert (seen.state, begun.state("bo")) == ("no_show", "no_show")
    begun.must_add_up()


def test_they_read_it_themselves(begun):
    note(begun, "bo")

    assert meetups.rsvp_of(a_caller("bo"), *begun.this).state == "no_show"


def test_nobody_else_reads_anything_of_it(begun):
    def as_ana_reads_it():
        seen = meetups.read(a_caller("ana"), *begun.this)
        listed = meetups.attendees(a_caller("ana"), *begun.this, Page(50), listed="going").items
        return (seen.going, seen.state, seen.seats_left, listed)

    before = as_ana_reads_it()
    note(begun, "bo")

    assert as_ana_reads_it() == before


def test_nor_does_a_wish_to_keep_in_touch_tell(begun):
    note(begun, "bo")

    keeping_in_touch.wish(a_caller("ana"), *begun.this, id_of("bo"), share="06 12 34 56 78")

    with pytest.raises(meetups.NotComing):
        keeping_in_touch.wish(a_caller("bo"), *begun.this, id_of("ana"), share="06 98 76 54 32")
    assert told("contact.made") == 0


def test_the_journal_keeps_it_of_nobody_by_name(begun):
    before = {entry.sk for entry in JournalEntry.scan()}
    note(begun, "bo")
    no_shows.withdraw(begun.hana, *begun.this, id_of("bo"))

    added = [entry for entry in JournalEntry.scan() if entry.sk not in before]

    assert [entry.detail_type for entry in sorted(added, key=lambda one: one.sk)] == [
        "no_show.noted.v1",
        "no_show.withdrawn.v1",
    ]
    said = json.dumps([entry.detail for entry in added])
    assert not [secret for secret in (id_of("bo"), id_of("hana"), begun.id) if secret in said]


def test_noted_again_it_changes_nothing(begun, stored):
    note(begun, "bo")
    before = stored()

    note(begun, "bo")

    assert stored() == before


def test_taken_back_it_never_was(begun, stored):
    before = {repr(item.to_dynamodb_dict()) for item in CommunityItem.scan() if "RSVPS" not in item.pk}
    note(begun, "bo")

    for _ in range(2):
        no_shows.withdraw(begun.hana, *begun.this, id_of("bo"))

    assert begun.state("bo") == "going"
    assert before == {
        repr(item.to_dynamodb_dict()) for item in CommunityItem.scan() if "RSVPS" not in item.pk
    }
    assert told("no_show.withdrawn") == 1


@pytest.mark.parametrize(
    ("passed", "refused"),
    [
        ({"days": 2, "hours": 23, "minutes": 59}, True),
        ({"days": 3, "minutes": 1}, False),
        ({"days": 5, "hours": 1, "minutes": 59}, False),
        ({"days": 5, "hours": 2, "minutes": 1}, True),
    ],
)
def test_from_the_start_until_it_is_told(coffee, time_passes, passed, refused):
    time_passes(**passed)

    if refused:
        with pytest.raises(meetups.MeetupStateRefused):
            note(coffee, "bo")
    else:
        note(coffee, "bo")

    assert coffee.state("bo") == ("going" if refused else "no_show")


def test_only_a_host_does(begun):
    for act in (no_shows.note, no_shows.withdraw):
        with pytest.raises(meetups.OnlyTheHosts):
            act(a_caller("ana"), *begun.this, id_of("bo"))


def test_of_nobody_who_had_no_seat_nor_of_a_host(coffee, time_passes):
    coffee.follows("dee")
    coffee.says("eve", "interested")
    time_passes(**BEGUN)

    for name in ("dee", "eve", "hana", "stranger"):
        with pytest.raises(meetups.NobodyExpected):
            note(coffee, name)


def test_not_of_whoever_was_seen(begun):
    checking_in.check_in(begun.hana, *begun.this, id_of("bo"))

    with pytest.raises(meetups.AlreadyThere):
        note(begun, "bo")


@pytest.fixture
def clockwork(monkeypatch):
    """What is set, as `(due, kind, name, detail)`."""
    set_ = []
    monkeypatch.setattr(timers, "set_for", lambda *timer: set_.append(timer))
    return set_


def test_its_timer_rings_after_ninety_days(begun, clockwork):
    note(begun, "bo")
    (event,) = noted()

    tending.SUBSCRIPTIONS[events.NoShowNoted](event)

    ((due, kind, name, detail),) = clockwork
    assert due == begun.rsvp("bo").no_show_until
    assert due - clock.now() > timedelta(days=89, hours=23)
    assert kind in ringing.TIMERS
    assert (name, detail) == (event.note_id, {"note_id": event.note_id})
    assert id_of("bo") not in json.dumps(detail)


def everything():
    client = aws.client("dynamodb")
    return {name: client.scan(TableName=name)["Items"] for name in client.list_tables()["TableNames"]}


def test_then_nothing_is_left_of_it(begun, time_passes):
    plain = begun.rsvp("bo").attribute_values
    note(begun, "bo")
    (event,) = noted()
    time_passes(days=94)

    for _ in range(2):
        ringing.TIMERS["no_show"](note_id=event.note_id)

    bo = begun.rsvp("bo")
    assert {**bo.attribute_values, "version": 0} == {**plain, "version": 0}
    assert load(NoShowNote.key(event.note_id)) == (None,)
    left = everything()
    journal = left.pop("journal")
    assert "no_show" not in repr(left).replace("no_shows", "")
    assert id_of("bo") not in repr([item for item in journal if "no_show" in repr(item)])


def test_before_its_time_a_timer_erases_nothing(begun, time_passes):
    note(begun, "bo")
    time_passes(days=89)

    no_shows.forget(noted()[0].note_id)

    assert begun.state("bo") == "no_show"


def test_even_before_its_timer_rings_it_is_not_read_any_more(begun, time_passes):
    note(begun, "bo")
    time_passes(days=94)

    assert meetups.rsvp_of(a_caller("bo"), *begun.this).state == "going"


def test_the_timer_of_what_was_taken_back_leaves_a_later_note_alone(begun, time_passes):
    note(begun, "bo")
    no_shows.withdraw(begun.hana, *begun.this, id_of("bo"))
    (first,) = noted()
    time_passes(days=1)
    note(begun, "bo")
    time_passes(days=89, minutes=20)

    no_shows.forget(first.note_id)

    assert begun.rsvp("bo").state == "no_show"


def test_the_table_sweeps_a_note_whose_timer_never_rang(begun):
    note(begun, "bo")

    (kept,) = load(NoShowNote.key(begun.rsvp("bo").no_show_id))
    assert kept.expires_at > (clock.now() + timedelta(days=90)).timestamp()
