"""Changing a meetup: nobody loses a seat, and a new date or place asks everyone again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.domain import errors, events, meetups
from chalicelib.domain.meetups import agenda, checking_in, lifecycle, losing, revising, vicinity
from chalicelib.gateways import clock
from chalicelib.models.meetups import AgendaEntry, Meetup
from chalicelib.models.rsvps import MemberMeetup
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests.factories import A_PLACE, a_caller, a_follower, a_meetup
from tests.meetups import Coffee, details, told

HALL = {**A_PLACE, "name": "Salle des fêtes", "latitude": 45.7985, "longitude": 4.9467}


@pytest.fixture
def coffee():
    coffee = Coffee(seats=2)
    yield coffee
    coffee.must_add_up(overbooked=True)


def changes(coffee, by=None, **given):
    version = given.pop("version", coffee.meetup.version)
    return revising.revise(by or coffee.hana, *coffee.this, version=version, **given).meetup


def moves(coffee, **by):
    """Its date, by so much."""
    meetup, by = coffee.meetup, timedelta(**by)
    return changes(coffee, starts_at=meetup.starts_at + by, ends_at=meetup.ends_at + by)


def listed(coffee):
    """Where it is listed, in everything that is listed under its meetup."""
    known = {agenda.of_organization(coffee.hub.id)}
    for where in (A_PLACE, HALL):
        known |= {agenda.near(cell) for cell in vicinity.cells_around(where["latitude"], where["longitude"])}
    found = [(one, e) for one in known for e in AgendaEntry.slice(one, Page(100)).items]
    return sorted([one, e.sk] for one, e in found if e.meetup_id == coffee.id)


def goes_on(coffee):
    """Deliver what was announced of free seats, until there is no more."""
    done = 0
    while len(waiting := details("seats.freed")) > done:
        losing.pass_on(events.SeatsFreed.from_detail(waiting[done]))
        done += 1


# --- words


def test_words_change_without_asking_anyone_again(coffee):
    coffee.says("awa")

    after = changes(coffee, title="Café vélo", about="On apporte son vélo.")

    assert (after.title, after.revision, after.sequence) == ("Café vélo", 0, 1)
    assert coffee.meetup.about == "On apporte son vélo."
    assert not meetups.rsvp_of(a_follower("awa", coffee.hub), *coffee.this).asked_again
    (edited,) = details("meetup.edited")
    assert edited["changed"] == ["about", "title"]


def test_what_no_calendar_shows_leaves_calendars_alone(coffee):
    after = changes(coffee, party_limit=1, languages=["fr"])

    assert (after.party_limit, after.languages, after.sequence) == (1, ["fr"], 0)


def test_the_same_change_again_is_made_already_whatever_version_it_was_decided_on(coffee):
    changes(coffee, title="Café vélo", version=1)

    assert changes(coffee, title="Café vélo", version=1).version == 2
    assert told("meetup.edited") == 1


def test_a_change_decided_on_an_older_version_is_refused(coffee):
    changes(coffee, title="Café vélo")

    with pytest.raises(errors.ChangedMeanwhile):
        changes(coffee, title="Café tricot", version=1)
    with pytest.raises(errors.ChangedMeanwhile):
        changes(coffee, capacity=9, version=1)


def test_only_those_who_host_it_change_it(coffee):
    coffee.says("awa")
    with pytest.raises(meetups.OnlyTheHosts):
        changes(coffee, by=a_follower("awa", coffee.hub), title="À moi")


def test_a_lower_limit_for_parties_leaves_those_who_come_with_more(coffee):
    coffee.says("awa", party=2)

    changes(coffee, party_limit=1)

    assert coffee.rsvp("awa").party == 2
    with pytest.raises(meetups.PartyTooLarge):
        coffee.says("bob", party=2)


@pytest.mark.parametrize("hours", [73, 75, 76])
def test_what_has_started_changes_no_more(coffee, time_passes, hours):
    time_passes(hours=hours)
    with pytest.raises(meetups.MeetupStateRefused):
        changes(coffee, title="Trop tard")


# --- date and place


def test_a_new_date_asks_again_whoever_comes_and_not_the_host_who_decides_it(coffee):
    coffee.says("awa")
    before = coffee.meetup

    after = moves(coffee, days=1)

    assert (after.revision, after.sequence) == (1, 1)
    assert after.rsvp_closes_at == after.starts_at == before.starts_at + timedelta(days=1)
    assert meetups.rsvp_of(a_follower("awa", coffee.hub), *coffee.this).asked_again
    assert not meetups.rsvp_of(coffee.hana, *coffee.this).asked_again
    (revised,) = details("meetup.revised")
    assert revised["changed"] == ["ends_at", "rsvp_closes_at", "starts_at"]
    assert (revised["revision"], told("meetup.edited")) == (1, 0)


def test_a_meetup_that_moves_is_listed_where_and_when_it_is_and_nowhere_else(coffee):
    first = listed(coffee)
    assert first == sorted(coffee.meetup.agenda)

    moves(coffee, days=1)
    later = listed(coffee)
    assert later == sorted(coffee.meetup.agenda)
    assert not [place for place in later if place in first]

    changes(coffee, place=HALL)
    elsewhere = listed(coffee)
    assert elsewhere == sorted(coffee.meetup.agenda) != later

    changes(coffee, place=None, online_url="https://visio.example.org/cafe")
    assert [one for one, _ in listed(coffee)] == [agenda.of_organization(coffee.hub.id)]
    assert coffee.meetup.place is None
    assert coffee.meetup.revision == 3


def test_a_new_end_alone_is_known_where_it_is_listed(coffee):
    after = changes(coffee, ends_at=coffee.meetup.ends_at + timedelta(hours=1))

    (entry,) = AgendaEntry.slice(agenda.of_organization(coffee.hub.id), Page(2)).items
    assert entry.ends_at == after.ends_at
    assert after.revision == 1


@pytest.mark.parametrize("latitude", [5.0, 45.7, 69.6, 78.2, 79.4])
def test_however_far_north_a_move_is_one_transaction(latitude):
    for aside in range(4):
        where = {**A_PLACE, "latitude": latitude, "longitude": 15.6 + aside * 0.17}
        coffee = Coffee(seats=2, slug=f"hub-{aside}-{int(latitude)}", place=where)
        changes(coffee, place={**where, "latitude": -latitude}, title="Ailleurs")
        moves(coffee, days=1)
        assert coffee.meetup.revision == 2
        places = [one for one, _ in coffee.meetup.agenda]
        assert len(places) == 1 + len(vicinity.cells_around(-latitude, where["longitude"]))


def test_a_place_or_a_link_remains(coffee):
    with pytest.raises(meetups.NowhereToMeet):
        changes(coffee, place=None)
    changes(coffee, online_url="https://visio.example.org/cafe")
    assert changes(coffee, place=None).place is None
    with pytest.raises(meetups.NowhereToMeet):
        changes(coffee, online_url=None)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"starts_at": timedelta(days=-4)}, "starts_in_the_past"),
        ({"starts_at": timedelta(days=400), "ends_at": timedelta(days=400)}, "too_far_ahead"),
        ({"starts_at": timedelta(hours=3)}, "ends_before_start"),
        ({"ends_at": timedelta(days=4)}, "too_long"),
        ({"rsvp_closes_at": timedelta(hours=1)}, "closes_after_start"),
    ],
)
def test_times_that_cannot_be_are_refused_and_nothing_changes(coffee, stored, change, problem):
    before = stored()
    with pytest.raises(meetups.TimesRefused) as refused:
        changes(coffee, **{name: getattr(coffee.meetup, name) + by for name, by in change.items()})
    assert refused.value.context["problem"] == problem
    assert stored() == before


def test_a_date_given_with_another_offset_is_the_same_moment(coffee):
    same = coffee.meetup.starts_at.astimezone(timezone(timedelta(hours=5)))
    assert changes(coffee, starts_at=same).version == 1


def test_where_a_meetup_is_listed_does_not_depend_on_the_offset_it_was_proposed_with(coffee):
    moment = datetime(2027, 3, 1, 18, tzinfo=UTC)
    if moment < clock.now():
        moment = clock.now() + timedelta(days=30)
    away = a_meetup(coffee.hana, coffee.hub, starts_at=moment.astimezone(timezone(timedelta(hours=9))))
    places = [place for _, place in load(Meetup.key(coffee.hub.id, away.id))[0].agenda]
    assert {place.partition("#")[0] for place in places} == {moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


def test_a_draft_changes_freely_tells_nobody_and_moves_in_its_hosts_own_list(coffee):
    draft = a_meetup(coffee.hana, coffee.hub, draft=True)
    later = draft.starts_at + timedelta(days=2)

    after = revising.revise(
        coffee.hana, coffee.hub.id, draft.id, version=1, starts_at=later, ends_at=later + timedelta(hours=1)
    ).meetup

    assert (after.revision, after.sequence, after.agenda) == (0, 0, [])
    own = [m for m in MemberMeetup.of_member(coffee.hana.member_id, Page(9)).items if m.meetup_id == draft.id]
    assert [item.starts_at for item in own] == [later]
    assert told("meetup.revised") == told("meetup.edited") == 0
    published = meetups.publish(coffee.hana, coffee.hub.id, draft.id).meetup
    assert published.rsvp_closes_at == later


# --- until when people answer


def test_a_moment_that_has_passed_closes_answers_now_and_a_later_one_opens_them_again(coffee):
    coffee.says("awa")
    closed = changes(coffee, rsvp_closes_at=clock.now() - timedelta(days=1))
    assert closed.state == "rsvp_closed"
    assert closed.rsvp_closes_at > clock.now() - timedelta(minutes=1)
    with pytest.raises(meetups.RsvpsClosed):
        coffee.says("bob")
    assert told("rsvp.closed") == 1

    again = changes(coffee, rsvp_closes_at=clock.now() - timedelta(days=1), version=1)
    assert again.version == closed.version

    opened = changes(coffee, rsvp_closes_at=None)
    assert (opened.state, opened.rsvp_closes_at) == ("published", opened.starts_at)
    assert coffee.says("bob") == "going"
    assert opened.revision == 0


def test_answers_that_the_clock_closed_open_again(coffee, time_passes):
    changes(coffee, rsvp_closes_at=clock.now() + timedelta(hours=1))
    time_passes(hours=2)
    lifecycle.go_on(*coffee.this)
    assert coffee.meetup.state == "rsvp_closed"

    changes(coffee, rsvp_closes_at=clock.now() + timedelta(hours=1))

    assert coffee.says("awa") == "going"


def test_seats_that_came_free_while_answers_were_closed_go_down_the_line_when_they_open(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    changes(coffee, rsvp_closes_at=clock.now())
    meetups.lose(*coffee.this, a_follower("awa", coffee.hub).member_id, cause="suspended")
    assert coffee.state("cleo") == "waitlisted"

    changes(coffee, rsvp_closes_at=None)

    assert coffee.state("cleo") == "going"


def test_a_moment_of_its_own_stays_when_the_date_moves(coffee):
    closes_at = coffee.meetup.starts_at - timedelta(days=1)
    changes(coffee, rsvp_closes_at=closes_at)

    assert moves(coffee, days=2).rsvp_closes_at == closes_at
    with pytest.raises(meetups.TimesRefused):
        moves(coffee, days=-4)


def test_a_line_that_was_only_told_of_seats_has_them_once_there_is_time_again(coffee, time_passes):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    time_passes(hours=71)
    coffee.says("awa", "declined")
    assert coffee.state("cleo") == "waitlisted"

    moves(coffee, days=3)
    goes_on(coffee)

    assert coffee.state("cleo") == "going"


# --- seats


def test_more_seats_go_to_those_who_wait_in_the_same_transaction(coffee):
    for name in ("awa", "bob", "cleo", "dina", "elif"):
        coffee.says(name)

    after = changes(coffee, capacity=4)

    assert coffee.states("cleo", "dina", "elif") == ["going", "going", "waitlisted"]
    assert (after.version, coffee.seats.capacity, after.sequence) == (2, 4, 0)
    (changed,) = details("capacity.changed")
    assert (changed["before"], changed["after"], changed["overbooked"]) == (2, 4, False)
    assert told("meetup.edited") == 0


def test_many_who_wait_have_their_seats_step_by_step(coffee):
    names = [f"p{number}" for number in range(22)]
    for name in names:
        coffee.says(name)

    changes(coffee, capacity=None)
    assert coffee.states(*names).count("going") == 18
    goes_on(coffee)

    assert set(coffee.states(*names)) == {"going"}


def test_more_seats_and_a_new_date_at_once_give_the_seats_a_moment_later(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    meetup = coffee.meetup

    changes(
        coffee, capacity=3, starts_at=meetup.starts_at + timedelta(days=1),
        ends_at=meetup.ends_at + timedelta(days=1),
    )  # fmt: skip
    goes_on(coffee)

    assert coffee.state("cleo") == "going"


def test_fewer_seats_than_are_taken_take_a_decision_and_drop_nobody(coffee, stored):
    coffee.says("awa", party=2)
    before = stored()
    with pytest.raises(revising.CapacityBelowTaken) as refused:
        changes(coffee, capacity=1)
    assert refused.value.context == {"taken": 2}
    assert stored() == before

    changes(coffee, capacity=1, overbook=True)

    assert (coffee.state("awa"), coffee.seats.taken, coffee.seats.capacity) == ("going", 2, 1)
    assert details("capacity.changed")[0]["overbooked"]
    assert coffee.says("bob") == "waitlisted"
    coffee.says("awa", "declined")
    assert coffee.state("bob") == "going"


def test_words_of_an_overbooked_meetup_change_without_deciding_that_again(coffee):
    coffee.says("awa", party=2)
    changes(coffee, capacity=1, overbook=True)

    assert changes(coffee, capacity=1, title="Serré").title == "Serré"


def test_a_seat_that_someone_takes_meanwhile_counts(coffee, monkeypatch):
    """The number is decided again on what is taken at the moment when it is written."""
    find = revising.standpoints.find

    def find_late(*args):
        stands = find(*args)
        monkeypatch.setattr(revising.standpoints, "find", find)
        coffee.says("awa")
        coffee.says("bob")
        return stands

    monkeypatch.setattr(revising.standpoints, "find", find_late)
    with pytest.raises(revising.CapacityBelowTaken):
        changes(coffee, capacity=1)


def test_once_someone_was_seen_there_date_and_place_stay_and_words_still_change(coffee):
    soon = Coffee(seats=2, slug="potager", ahead=timedelta(minutes=30))
    soon.says("awa")
    checking_in.check_in(soon.hana, *soon.this, a_caller("awa").member_id)
    for given in ({"starts_at": soon.meetup.starts_at + timedelta(minutes=5)}, {"place": HALL}):
        with pytest.raises(revising.SomeoneIsThere):
            changes(soon, **given)

    assert changes(soon, about="On est au fond.").about == "On est au fond."


def test_whoever_is_seen_there_at_the_same_instant_keeps_the_date(coffee, monkeypatch):
    soon = Coffee(seats=2, slug="potager", ahead=timedelta(minutes=30))
    soon.says("awa")
    find = revising.standpoints.find

    def find_late(*args):
        stands = find(*args)
        monkeypatch.setattr(revising.standpoints, "find", find)
        checking_in.check_in(soon.hana, *soon.this, a_caller("awa").member_id)
        return stands

    monkeypatch.setattr(revising.standpoints, "find", find_late)
    with pytest.raises(revising.SomeoneIsThere):
        moves(soon, minutes=5)


def test_an_overbooked_meetup_has_more_seats_without_having_enough(coffee):
    for name in ("awa", "bob"):
        coffee.says(name)
    changes(coffee, capacity=1, overbook=True)
    wider = Coffee(seats=4, slug="potager")
    for name in "abcd":
        wider.says(f"p{name}")
    changes(wider, capacity=1, overbook=True)
    assert changes(wider, capacity=2).id == wider.id
    assert wider.seats.capacity == 2


def test_whoever_is_asked_again_after_answers_closed_may_answer(coffee):
    coffee.says("awa")
    changes(coffee, rsvp_closes_at=clock.now())
    moves(coffee, days=1)
    assert coffee.says("awa", "declined") == "declined"
