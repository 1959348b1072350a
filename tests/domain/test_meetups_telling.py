"""Telling many: a page at a time, nobody twice, nobody lost, wherever a process dies."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain import events, meetups
from chalicelib.domain.meetups import cancelling, hosting, revising, telling
from chalicelib.models.journal import JournalEntry
from chalicelib.models.rsvps import MemberMeetup
from chalicelib.pages import Page
from tests import faults
from tests.crowds import a_crowd
from tests.factories import a_caller, a_meetup
from tests.meetups import Coffee, details


@pytest.fixture
def coffee():
    return Coffee(seats=None, ahead=timedelta(days=10))


def announced(kind):
    found = [entry for entry in JournalEntry.scan() if entry.detail_type == kind.detail_type()]
    return [kind.from_detail(entry.detail) for entry in sorted(found, key=lambda entry: entry.sk)]


def revise(coffee, **by):
    meetup, later = coffee.meetup, timedelta(**(by or {"days": 1}))
    revising.revise(
        coffee.hana, *coffee.this, version=meetup.version, starts_at=meetup.starts_at + later,
        ends_at=meetup.ends_at + later,
    )  # fmt: skip
    return announced(events.MeetupRevised)[-1]


def cancel(coffee):
    cancelling.cancel(coffee.hana, *coffee.this, reason="Il neige.")
    return announced(events.MeetupCancelled)[-1]


def tell_everyone(begin, *, deliver=lambda function, event: function(event)):
    """Begin, and bring whatever that announces to where it goes on until nothing is left; how many steps."""
    begin()
    done = set()
    while further := [event for event in announced(events.AttendeesToTell) if event.id not in done]:
        for event in further:
            deliver(telling.go_on, event)
            done.add(event.id)
    return len(done) + 1


def told(occasion=None):
    """Who was told, and how often."""
    found = details("attendee.told")
    return Counter(one["member_id"] for one in found if occasion in (None, one["occasion"]))


def once(*people):
    return Counter(dict.fromkeys(people, 1))


def named(*names):
    return [a_caller(name).member_id for name in names]


def test_a_hundred_and_twenty_are_told_once_each_in_pages_of_twenty(coffee, calls):
    people = a_crowd(coffee, 120)
    event = revise(coffee)
    calls.clear()

    steps = tell_everyone(lambda: telling.of_revision(event))

    assert told() == once(*people)  # and not the host, who did it
    assert steps == 8  # the host is one more of those who come; the last step finds nobody interested
    assert calls.count("dynamodb.TransactWriteItems") == 8
    coffee.must_add_up()


def test_no_transaction_holds_more_than_a_hundred_items(coffee, monkeypatch):
    a_crowd(coffee, 45)
    event, sizes = revise(coffee), []
    with faults.installed() as injector:
        through = type(injector).__call__

        def measured(self, endpoint, request, operation, context):
            if operation.name == "TransactWriteItems":
                sizes.append(len(json.loads(request.body)["TransactItems"]))
            return through(self, endpoint, request, operation, context)

        monkeypatch.setattr(type(injector), "__call__", measured)
        tell_everyone(lambda: telling.of_revision(event))

    assert sizes
    assert max(sizes) <= 100


def test_each_page_costs_three_calls_however_many_come(coffee, calls):
    a_crowd(coffee, 60)
    event = revise(coffee)
    calls.clear()

    telling.of_revision(event)

    # two empty lists are looked into on the way to those who come
    assert Counter(calls) == {
        "dynamodb.Query": 3, "dynamodb.BatchGetItem": 1, "dynamodb.TransactWriteItems": 1,
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle"])
@pytest.mark.parametrize("call", [1, 2, 3, 4, 5])
def test_wherever_a_process_dies_everyone_is_told_once_and_has_it_at_its_new_date(coffee, call, fault):
    people = a_crowd(coffee, 50) + a_crowd(coffee, 3, "interested", called="perhaps")
    event = revise(coffee)

    def die_then_deliver(function, given):
        with faults.installed() as injector:
            injector.fail(call, fault)
            with contextlib.suppress(faults.Crash):
                function(given)
        function(given)

    tell_everyone(lambda: die_then_deliver(telling.of_revision, event), deliver=die_then_deliver)

    assert told() == once(*people)
    coffee.must_add_up()
    for member_id in [*people, coffee.hana.member_id]:
        (own,) = MemberMeetup.of_member(member_id, Page(10)).items
        assert own.sk == MemberMeetup.of(coffee.meetup, member_id).sk
        assert own.starts_at == coffee.meetup.starts_at


def test_ones_own_list_is_sorted_by_what_is_true_after_a_revision(coffee):
    coffee.says("awa")
    other = a_meetup(coffee.hana, coffee.hub, ahead=timedelta(days=10, hours=12))
    meetups.answer(a_caller("awa"), coffee.hub.id, other.id, says="going")

    def mine():
        return [own.meetup_id for own in MemberMeetup.of_member(*named("awa"), Page(10)).items]

    assert mine() == [coffee.id, other.id]
    event = revise(coffee, days=1)
    tell_everyone(lambda: telling.of_revision(event))
    assert mine() == [other.id, coffee.id]


def test_who_comes_waits_is_offered_a_seat_or_is_interested_is_asked_again_and_nobody_else(coffee):
    coffee = Coffee(seats=2, slug="potager", ahead=timedelta(hours=20))
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    coffee.says("eve", "interested")
    coffee.says("fay", "declined")
    coffee.says("awa", "declined")
    assert coffee.states("bob", "cleo", "dina") == ["going", "offered", "waitlisted"]
    event = revise(coffee, hours=1)

    tell_everyone(lambda: telling.of_revision(event))

    assert told() == once(*named("bob", "cleo", "dina", "eve"))
    assert {one["about"] for one in details("attendee.told")} == {"revised"}
    coffee.must_add_up()


def test_a_cancellation_is_told_to_whoever_is_interested_too(coffee):
    coffee = Coffee(seats=1, slug="potager")
    for name in ("awa", "bob"):
        coffee.says(name)
    coffee.says("cleo", "interested")
    coffee.says("dina", "declined")
    event = cancel(coffee)

    tell_everyone(lambda: telling.of_cancellation(event))

    assert told("cancelled") == once(*named("awa", "bob", "cleo"))


def test_a_host_is_told_what_another_host_did(coffee):
    coffee.says("awa")
    event = events.MeetupCancelled(
        organization_id=coffee.hub.id, actor_id=named("awa")[0], meetup_id=coffee.id,
        host_id=coffee.hana.member_id, reason="Il neige.", was="published", revision=0,
    )  # fmt: skip

    tell_everyone(lambda: telling.of_cancellation(event))

    assert told() == once(coffee.hana.member_id)


def test_the_same_event_twice_and_its_pages_twice_tell_nobody_twice(coffee):
    people = a_crowd(coffee, 45)
    event = cancel(coffee)

    def twice(function, given):
        function(given)
        function(given)

    tell_everyone(lambda: twice(telling.of_cancellation, event), deliver=twice)
    telling.of_cancellation(event)

    assert told() == once(*people)


def test_a_date_that_is_moved_again_meanwhile_is_told_once_as_it_is_now(coffee):
    people = a_crowd(coffee, 45)
    first = revise(coffee)
    telling.of_revision(first)
    second = revise(coffee)

    tell_everyone(lambda: telling.of_revision(second))

    assert told(f"revised-{second.revision}") == once(*people)
    assert sum(told("revised-1").values()) < 45
    coffee.must_add_up()
    places = {own.sk for name in people for own in MemberMeetup.of_member(name, Page(5)).items}
    assert places == {MemberMeetup.of(coffee.meetup, people[0]).sk}


def test_whoever_steps_back_and_comes_again_meanwhile_is_not_told_twice(coffee, time_passes):
    coffee.says("awa")
    people = a_crowd(coffee, 45)
    event = revise(coffee)
    telling.of_revision(event)  # awa is on the first page
    assert told()[named("awa")[0]] == 1
    time_passes(seconds=1)
    coffee.says("awa", "declined")
    coffee.says("awa")  # at the end of the list now

    tell_everyone(lambda: telling.of_revision(event))

    assert told() == once(*named("awa"), *people)
    coffee.must_add_up()


def test_whoever_answers_after_a_revision_has_it_at_its_new_date_before_they_are_asked(coffee):
    coffee.says("awa")
    event = revise(coffee)

    coffee.says("awa")  # confirms
    assert coffee.rsvp("awa").agenda_at == MemberMeetup.of(coffee.meetup, *named("awa")).sk
    tell_everyone(lambda: telling.of_revision(event))
    coffee.says("awa", "declined")

    coffee.must_add_up()
    assert MemberMeetup.of_member(*named("awa"), Page(5)).items == []


@pytest.mark.parametrize("what", ["revised", "cancelled"])
def test_whoever_answers_between_what_a_host_reads_and_writes_is_told(coffee, monkeypatch, what):
    module, name = (revising.agenda, "enter") if what == "revised" else (cancelling, "call_off")
    write = getattr(module, name)

    def answered_meanwhile(*args, **values):
        monkeypatch.setattr(module, name, write)
        coffee.says("awa")  # later than the moment that the host’s change is of, and before it
        return write(*args, **values)

    monkeypatch.setattr(module, name, answered_meanwhile)
    if what == "revised":
        event = revise(coffee)
        tell_everyone(lambda: telling.of_revision(event))
    else:
        event = cancel(coffee)
        tell_everyone(lambda: telling.of_cancellation(event))

    assert coffee.rsvp("awa").since > event.at
    assert told() == once(*named("awa"))


def test_whoever_answered_to_the_new_date_is_not_asked_again(coffee):
    coffee.says("awa")
    event = revise(coffee)
    coffee.says("awa")
    coffee.says("bob")

    tell_everyone(lambda: telling.of_revision(event))

    assert told() == {}


def test_what_a_host_said_for_someone_who_comes_does_not_keep_them_from_hearing_of_a_new_date(coffee):
    coffee.says("awa")
    event = revise(coffee)
    meetups.answer_for(coffee.hana, *coffee.this, *named("awa"), says="going")

    tell_everyone(lambda: telling.of_revision(event))

    assert told() == once(*named("awa"))


def test_a_host_is_told_that_a_co_host_moved_it(coffee):
    coffee.says("awa")
    hosting.add(coffee.hana, *coffee.this, *named("awa"))
    meetup, later = coffee.meetup, timedelta(days=1)
    revising.revise(
        a_caller("awa"), *coffee.this, version=meetup.version, starts_at=meetup.starts_at + later,
        ends_at=meetup.ends_at + later,
    )  # fmt: skip

    (event,) = announced(events.MeetupRevised)
    tell_everyone(lambda: telling.of_revision(event))

    assert told("revised-1") == once(coffee.hana.member_id)


def test_an_answer_at_the_same_instant_as_the_page_is_kept(coffee, monkeypatch):
    coffee.says("awa")
    event = revise(coffee)
    look = telling.load

    def answered_meanwhile(*keys):
        found = look(*keys)
        monkeypatch.setattr(telling, "load", look)
        coffee.says("awa", "declined")
        return found

    monkeypatch.setattr(telling, "load", answered_meanwhile)

    tell_everyone(lambda: telling.of_revision(event))

    assert coffee.state("awa") == "declined"
    coffee.must_add_up()


def test_free_seats_are_told_to_those_who_were_in_line_and_not_to_whoever_joined_it_since(time_passes):
    coffee = Coffee(seats=2, ahead=timedelta(hours=1))
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    coffee.says("awa", "declined")
    (event,) = announced(events.SeatsAnnounced)
    coffee.says("eve")
    assert coffee.state("eve") == "waitlisted"

    tell_everyone(lambda: telling.of_free_seats(event))

    assert told() == once(*named("cleo", "dina"))


def test_seats_announced_to_a_long_line_stop_where_it_ended(coffee):
    coffee = Coffee(seats=1, slug="potager", ahead=timedelta(hours=1))
    coffee.says("awa")
    line = a_crowd(coffee, 45, "waitlisted")
    coffee.says("awa", "declined")
    (event,) = announced(events.SeatsAnnounced)
    a_crowd(coffee, 30, "waitlisted", called="late")

    tell_everyone(lambda: telling.of_free_seats(event))

    assert told() == once(*line)


def test_what_was_is_told_to_whoever_had_a_seat_the_host_too(coffee):
    coffee.says("awa")
    event = events.MeetupRecapped(
        organization_id=coffee.hub.id, actor_id=coffee.hana.member_id, meetup_id=coffee.id,
        host_id=coffee.hana.member_id,
    )  # fmt: skip

    tell_everyone(lambda: telling.of_recap(event))

    assert told("recapped") == once(coffee.hana.member_id, *named("awa"))


def test_a_meetup_that_is_gone_has_nobody_to_tell(coffee):
    event = cancel(coffee)
    gone = events.MeetupCancelled(
        **{**event.detail(), "at": event.at, "meetup_id": "mtg_00000000000000000000000000"}
    )

    telling.of_cancellation(gone)

    assert told() == {}
