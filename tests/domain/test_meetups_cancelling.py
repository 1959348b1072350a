"""A meetup that does not take place."""

from __future__ import annotations

import pytest

from chalicelib.domain import meetups
from chalicelib.domain.meetups import agenda, cancelling
from chalicelib.models.meetups import AgendaEntry
from chalicelib.pages import Page
from tests.factories import a_follower, a_meetup
from tests.meetups import Coffee, details, told

WHY = "Le café est fermé ce jour-là."


@pytest.fixture
def coffee():
    coffee = Coffee(seats=2)
    yield coffee
    coffee.must_add_up()


def cancels(coffee, by=None, reason=WHY):
    return cancelling.cancel(by or coffee.hana, *coffee.this, reason=reason).meetup


def test_whoever_wanted_to_come_can_be_told_why(coffee):
    after = cancels(coffee)

    assert (after.state, after.cancelled_reason, after.sequence) == ("cancelled", WHY, 1)
    (cancelled,) = details("meetup.cancelled")
    assert (cancelled["reason"], cancelled["was"], cancelled["revision"]) == (WHY, "published", 0)


def test_it_stays_listed_and_everyone_stays_as_they_said(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)

    cancels(coffee)

    assert coffee.states("awa", "bob", "cleo") == ["going", "going", "waitlisted"]
    (entry,) = AgendaEntry.slice(agenda.of_organization(coffee.hub.id), Page(2)).items
    assert entry.meetup_id == coffee.id


def test_nobody_moves_up_any_more_nor_answers(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    cancels(coffee)

    with pytest.raises(meetups.MeetupStateRefused):
        coffee.says("awa", "declined")
    meetups.lose(*coffee.this, a_follower("awa", coffee.hub).member_id, cause="unfollowed")

    assert coffee.states("bob", "cleo") == ["going", "waitlisted"]
    assert told("rsvp.promoted") == 0


def test_cancelling_again_changes_nothing_not_even_the_reason(coffee):
    cancels(coffee)

    assert cancels(coffee, reason="Autre chose, finalement.").cancelled_reason == WHY
    assert told("meetup.cancelled") == 1


@pytest.mark.parametrize(("hours", "state"), [(71, None), (72.5, "started"), (80, "ended")])
def test_only_what_has_not_started_is_cancelled(coffee, time_passes, hours, state):
    time_passes(hours=hours)
    if state is None:
        assert cancels(coffee).state == "cancelled"
        return
    with pytest.raises(meetups.MeetupStateRefused) as refused:
        cancels(coffee)
    assert refused.value.context == {"state": state}


def test_only_those_who_host_it_cancel_it(coffee):
    coffee.says("awa")
    with pytest.raises(meetups.OnlyTheHosts):
        cancels(coffee, by=a_follower("awa", coffee.hub))


def test_a_draft_that_is_cancelled_is_known_to_its_host_alone(coffee):
    draft = a_meetup(coffee.hana, coffee.hub, draft=True)
    cancelling.cancel(coffee.hana, coffee.hub.id, draft.id, reason=WHY)

    assert meetups.read(coffee.hana, coffee.hub.id, draft.id).state == "cancelled"
    for someone in (a_follower("awa", coffee.hub), None):
        with pytest.raises(meetups.MeetupNotFound):
            meetups.read(someone, coffee.hub.id, draft.id)
