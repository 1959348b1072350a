"""What was: in its host's words, for whoever came."""

from __future__ import annotations

import pytest

from chalicelib.domain import errors, meetups
from chalicelib.domain.meetups import checking_in, keeping_in_touch, recapping
from tests.factories import a_caller
from tests.meetups import Coffee, details, told

OVER = {"days": 3, "hours": 2, "minutes": 1}
WORDS = "Onze vélos freinent à nouveau."


@pytest.fixture
def coffee():
    coffee = Coffee(seats=8)
    for name in ("ana", "bo", "cy"):
        coffee.says(name)
    return coffee


@pytest.fixture
def over(coffee, time_passes):
    time_passes(**OVER)
    return coffee


def id_of(name):
    return a_caller(name).member_id


def tell(coffee, words=WORDS, *, by="hana", version=None):
    version = int(coffee.meetup.version) if version is None else version
    return recapping.tell(a_caller(by), *coffee.this, words=words, version=version)


def read(coffee, by="ana"):
    return recapping.read(a_caller(by), *coffee.this)


def test_whoever_came_reads_its_hosts_words_and_how_many_were_seen(over):
    for name in ("ana", "bo"):
        checking_in.check_in(over.hana, *over.this, id_of(name))
    tell(over)

    recap = read(over)

    assert (recap.words, recap.came, recap.state) == (WORDS, 2, "ended")
    assert recap.version == over.meetup.version


def test_with_whom_they_keep_in_touch_since_is_there_for_each(over):
    for by, whom in (("ana", "bo"), ("bo", "ana"), ("ana", "cy")):
        keeping_in_touch.wish(a_caller(by), *over.this, id_of(whom), share=f"{by}@example.org")

    assert [(kept.name, kept.share) for kept in read(over).contacts] == [("Bo", "bo@example.org")]
    assert [kept.name for kept in read(over, "bo").contacts] == ["Ana"]
    assert read(over, "cy").contacts == ()


def test_before_it_is_told_there_is_nothing_to_read_but_the_rest(over):
    assert (read(over).words, read(over).came) == (None, 0)


@pytest.mark.parametrize("passed", [{}, {"days": 3, "minutes": 1}])
def test_not_before_its_end(coffee, time_passes, passed):
    time_passes(**passed)

    with pytest.raises(meetups.MeetupStateRefused):
        tell(coffee)
    with pytest.raises(meetups.MeetupStateRefused):
        read(coffee)


def test_only_a_host_tells_it(over):
    with pytest.raises(meetups.OnlyTheHosts):
        tell(over, by="ana")


def test_only_whoever_came_reads_it(coffee, time_passes):
    coffee.follows("dee")
    coffee.says("eve", "interested")
    time_passes(**OVER)

    for name in ("dee", "eve"):
        with pytest.raises(meetups.NotComing):
            read(coffee, name)


def test_it_is_told_on_the_version_that_was_read(over):
    first = int(over.meetup.version)
    tell(over)

    with pytest.raises(errors.ChangedMeanwhile):
        tell(over, "Autre chose.", version=first)
    tell(over, "Autre chose.")

    assert read(over).words == "Autre chose."
    assert [event["changed"] for event in details("meetup.edited")] == [["recap"], ["recap"]]


def test_told_again_with_the_version_of_before_it_changes_nothing(over, stored):
    version = int(over.meetup.version)
    tell(over, version=version)
    before = stored()

    tell(over, version=version)

    assert stored() == before
    assert told("meetup.edited") == 1


def test_reading_takes_three_calls_at_most(over, calls):
    for by, whom in (("ana", "bo"), ("bo", "ana")):
        keeping_in_touch.wish(a_caller(by), *over.this, id_of(whom), share=f"{by}@example.org")
    calls.clear()

    read(over)

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.Query", "dynamodb.BatchGetItem"]
