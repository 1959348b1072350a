"""That someone did not come: theirs and the hosts' to know, and really forgotten."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.domain import events, meetups
from chalicelib.domain.meetups import (
    album,
    checking_in,
    finding,
    hosting,
    keeping_in_touch,
    lifecycle,
    no_shows,
    recapping,
    telling,
)
from chalicelib.gateways import aws, clock
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


def test_a_host_notes_it_and_the_seat_stays_where_it_was(begun):
    seen = meetups.answered(note(begun, "bo"))

    assert (seen.state, begun.state("bo")) == ("no_show", "going")
    begun.must_add_up()


def test_they_read_it_themselves(begun):
    note(begun, "bo")

    assert meetups.rsvp_of(a_caller("bo"), *begun.this).state == "no_show"


def test_nobody_else_reads_anything_of_it(begun):
    def as_ana_reads_it():
        seen = meetups.read(a_caller("ana"), *begun.this)
        listed = meetups.attendees(a_caller("ana"), *begun.this, Page(33), listed="going").items
        return (seen.going, seen.state, seen.seats_left, listed)

    before = as_ana_reads_it()
    note(begun, "bo")

    assert as_ana_reads_it() == before


@pytest.mark.parametrize("noted", [False, True])
def test_nor_does_a_wish_to_keep_in_touch_nor_taking_it_back_and_wishing_again(begun, noted):
    def as_ana_reads_it():
        return [one.share for one in keeping_in_touch.contacts(a_caller("ana"), Page(5)).items]

    def ana_wishes_it():
        keeping_in_touch.wish(a_caller("ana"), *begun.this, id_of("bo"), share="06 12 34 56 78")

    if noted:
        note(begun, "bo")
    keeping_in_touch.wish(a_caller("bo"), *begun.this, id_of("ana"), share="06 98 76 54 32")
    ana_wishes_it()
    assert as_ana_reads_it() == ["06 98 76 54 32"]
    keeping_in_touch.take_back(a_caller("ana"), *begun.this, id_of("bo"))
    ana_wishes_it()

    assert as_ana_reads_it() == ["06 98 76 54 32"]


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

    assert told("no_show.noted") == (0 if refused else 1)


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


def everything():
    client = aws.client("dynamodb")
    return {name: client.scan(TableName=name)["Items"] for name in client.list_tables()["TableNames"]}


def test_what_they_answered_stays_what_it_was_and_the_table_sweeps_the_note_away_by_itself(begun):
    before = begun.rsvp("bo").attribute_values
    note(begun, "bo")

    (kept,) = load(NoShowNote.key(begun.id, id_of("bo")))
    assert begun.rsvp("bo").attribute_values == before
    assert kept.expires_at == int(kept.until.timestamp())
    assert timedelta(days=89, hours=23) < kept.until - clock.now() <= timedelta(days=90)


def test_then_nothing_is_left_of_it_and_no_timer_is_needed(begun):
    note(begun, "bo")
    NoShowNote.get(f"MEETUP#{begun.id}#NO_SHOWS", id_of("bo")).delete()  # as the table's own clock does

    left = everything()
    journal = left.pop("journal")
    assert "no_show" not in repr(left)
    assert id_of("bo") not in repr([item for item in journal if "no_show" in repr(item)])
    begun.must_add_up()


def test_even_before_the_table_has_swept_it_is_not_read_any_more(begun, time_passes):
    note(begun, "bo")
    time_passes(days=89)
    assert meetups.rsvp_of(a_caller("bo"), *begun.this).state == "no_show"
    time_passes(days=1, minutes=1)

    assert meetups.rsvp_of(a_caller("bo"), *begun.this).state == "going"
    assert as_listed(begun, "hana")[id_of("bo")] is False


def as_listed(coffee, reader):
    """What someone reads in the list of who comes: of whom it is noted that they did not."""
    found = meetups.attendees(a_caller(reader), *coffee.this, Page(33), listed="going").items
    return {one["member_id"]: one["no_show"] for one in found}


def test_every_host_reads_it_in_the_list_and_nobody_else_does(coffee, time_passes):
    hosting.add(coffee.hana, *coffee.this, id_of("ana"))
    time_passes(**BEGUN)
    note(coffee, "bo", by="ana")

    for host in ("hana", "ana"):
        assert as_listed(coffee, host) == {id_of("hana"): False, id_of("ana"): False, id_of("bo"): True}
    assert set(as_listed(coffee, "bo").values()) == {None}


def test_they_find_it_again_in_the_list_of_their_own(begun, time_passes):
    note(begun, "bo")

    def own(find):
        (seen,) = find(a_caller("bo"), Page(5)).items
        return seen.rsvp.state

    assert own(finding.mine) == meetups.read(a_caller("bo"), *begun.this).rsvp.state == "no_show"
    time_passes(hours=3)
    assert own(finding.past) == "no_show"


def test_nothing_follows_from_it(coffee, time_passes):
    coffee = Coffee(slug="potager", seats=8, online_url="https://visio.example.org/cafe")
    for name in ("ana", "bo"):
        coffee.says(name)
    time_passes(**BEGUN)

    def as_bo_reads_it():
        bo = a_caller("bo")
        seen, listed = meetups.read(bo, *coffee.this), as_listed(coffee, "bo")
        return seen.place, seen.online_url, listed, album.shown(bo, *coffee.this, Page(9)).items

    before = as_bo_reads_it()
    note(coffee, "bo")

    assert as_bo_reads_it() == before
    assert (before[0]["exact"], before[1]) == (True, "https://visio.example.org/cafe")
    time_passes(hours=3)
    assert recapping.read(a_caller("bo"), *coffee.this).came == 0


def test_whoever_is_seen_at_the_same_instant_was_there(begun, monkeypatch):
    find = no_shows.standpoints.find
    meanwhile = iter([True])

    def find_then_be_overtaken(*args):
        found = find(*args)
        if next(meanwhile, False):
            checking_in.check_in(begun.hana, *begun.this, id_of("bo"))
        return found

    monkeypatch.setattr(no_shows.standpoints, "find", find_then_be_overtaken)
    with pytest.raises(meetups.AlreadyThere):
        note(begun, "bo")

    assert load(NoShowNote.key(begun.id, id_of("bo"))) == (None,)


def test_whoever_is_noted_at_the_same_instant_as_they_are_seen_was_there_too(begun, monkeypatch):
    find = checking_in.standpoints.find
    meanwhile = iter([True])

    def find_then_be_overtaken(*args):
        found = find(*args)
        if next(meanwhile, False):
            note(begun, "bo")
        return found

    monkeypatch.setattr(checking_in.standpoints, "find", find_then_be_overtaken)
    checking_in.check_in(begun.hana, *begun.this, id_of("bo"))

    assert load(NoShowNote.key(begun.id, id_of("bo"))) == (None,)
    assert meetups.rsvp_of(a_caller("bo"), *begun.this).state == "checked_in"


def told_of_the_recap(coffee):
    """Who is announced to be told of the recap."""
    found = [entry.detail for entry in JournalEntry.scan() if entry.detail_type == "attendee.told.v1"]
    return {one["member_id"] for one in found if one["about"] == "recapped"}


def test_the_journal_does_not_tell_who_did_not_come_by_whom_it_leaves_out(begun, time_passes):
    note(begun, "bo")
    time_passes(days=2, hours=3)
    lifecycle.go_on(*begun.this)

    for entry in JournalEntry.scan():
        if entry.detail_type == "meetup.recapped.v1":
            telling.of_recap(events.MeetupRecapped.from_detail(entry.detail))

    assert told_of_the_recap(begun) == {id_of(name) for name in ("hana", "ana", "bo")}
