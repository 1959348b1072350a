"""Saying whether one comes: seats, the line, and what each answer does to both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import events, following, meetups, salons
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from chalicelib.models.suspensions import RunningSuspension
from tests.factories import a_caller, a_follower
from tests.meetups import Coffee, between, details, told


@pytest.fixture
def coffee():
    coffee = Coffee(seats=2)
    yield coffee
    coffee.must_add_up()


def test_whoever_comes_first_has_a_seat_and_whoever_comes_later_waits_in_order(coffee):
    assert [coffee.says(name) for name in ("awa", "bob", "cleo", "dina")] == [
        "going", "going", "waitlisted", "waitlisted",
    ]  # fmt: skip
    assert [coffee.position(name) for name in ("awa", "cleo", "dina")] == [None, 1, 2]


def test_the_host_comes_without_a_seat_that_is_counted(coffee):
    assert (coffee.seats.taken, coffee.seats.going) == (0, 1)
    assert coffee.state("hana") == "going"


def test_the_host_answers_no_more_but_hands_over_or_cancels(coffee):
    with pytest.raises(meetups.HostComes):
        meetups.answer(coffee.hana, *coffee.this, says="declined")


def test_the_same_answer_again_changes_nothing(coffee):
    coffee.says("awa")
    before = coffee.rsvp("awa").version

    assert coffee.says("awa") == "going"

    assert coffee.rsvp("awa").version == before
    assert told("seat.taken") == 1


def test_whoever_waits_and_says_so_again_keeps_their_place(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    coffee.says("cleo")
    assert [coffee.position(name) for name in ("cleo", "dina")] == [1, 2]


def test_a_seat_that_is_given_up_goes_to_whoever_waits_longest_and_they_are_told(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)

    coffee.says("awa", "declined")

    assert coffee.states("awa", "cleo", "dina") == ["declined", "going", "waitlisted"]
    assert coffee.position("dina") == 1
    (promoted,) = details("rsvp.promoted")
    assert promoted["member_id"] == a_caller("cleo").member_id
    assert promoted["actor_id"] == a_caller("awa").member_id


def test_being_interested_takes_no_seat_and_gives_up_the_one_that_was_held(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    coffee.says("awa", "interested")
    assert coffee.states("awa", "cleo") == ["interested", "going"]
    assert coffee.seats.interested == 1


def test_answers_that_need_no_seat_are_never_refused_for_want_of_one(coffee):
    for name in ("awa", "bob"):
        coffee.says(name)
    assert coffee.says("cleo", "interested") == "interested"
    assert coffee.says("dina", "declined") == "declined"
    assert coffee.says("awa", "declined") == "declined"


def test_whoever_leaves_the_line_loses_their_rank(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    coffee.says("cleo", "declined")
    coffee.says("cleo")
    assert [coffee.position(name) for name in ("dina", "cleo")] == [1, 2]


def test_a_party_takes_its_seats_together_or_waits_together(coffee):
    coffee.says("awa")
    assert coffee.says("bob", party=2) == "waitlisted"
    assert coffee.seats.taken == 1


def test_a_party_too_large_for_what_is_free_is_passed_over_and_keeps_its_rank():
    coffee = Coffee(seats=3)
    coffee.says("awa", party=2)
    coffee.says("bob")
    coffee.says("cleo", party=2)
    coffee.says("dina")

    coffee.says("bob", "declined")

    assert coffee.states("cleo", "dina") == ["waitlisted", "going"]
    assert coffee.position("cleo") == 1
    (skipped,) = details("parties.skipped")
    assert skipped["member_ids"] == [a_caller("cleo").member_id]
    coffee.must_add_up()


def test_a_newcomer_whom_nobody_in_line_could_have_preceded_has_the_seat_and_the_skip_is_logged():
    coffee = Coffee(seats=3)
    coffee.says("awa", party=2)
    coffee.says("cleo", party=2)

    assert coffee.says("dina") == "going"

    assert details("parties.skipped")[0]["member_ids"] == [a_caller("cleo").member_id]
    assert coffee.position("cleo") == 1
    coffee.must_add_up()


def test_a_newcomer_never_overtakes_someone_who_could_have_the_seat():
    coffee = Coffee(seats=2)
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    seats = coffee.seats
    with changes() as change:  # a seat is free beside a line: as in the middle of a long raise
        seats.capacity = 3
        change.save(seats)

    assert coffee.says("dina") == "waitlisted"

    assert coffee.states("cleo", "dina") == ["going", "waitlisted"]
    coffee.must_add_up()


def test_someone_who_comes_may_bring_fewer_and_the_seat_goes_down_the_line(coffee):
    coffee.says("awa", party=2)
    coffee.says("bob")
    coffee.says("awa", party=1)
    assert coffee.states("awa", "bob") == ["going", "going"]


def test_someone_who_comes_may_bring_more_while_there_is_room_and_keeps_their_seat_when_there_is_none(coffee):
    coffee.says("awa")
    coffee.says("awa", party=2)
    assert coffee.seats.taken == 2
    coffee.says("awa", party=1)
    coffee.says("bob")

    with pytest.raises(meetups.NoRoomForMore):
        coffee.says("awa", party=2)

    assert (coffee.state("awa"), coffee.rsvp("awa").party) == ("going", 1)


def test_someone_in_line_may_bring_fewer_at_the_same_rank_and_has_the_seat_at_once_if_it_fits(coffee):
    coffee.says("awa")
    coffee.says("bob", party=2)
    coffee.says("bob", party=1)
    assert coffee.state("bob") == "going"


def test_a_party_larger_than_allowed_or_than_the_whole_meetup_is_refused():
    coffee = Coffee(seats=2, party_limit=3)
    with pytest.raises(meetups.PartyTooLarge) as refused:
        coffee.says("awa", party=3)
    assert refused.value.context == {"pointer": "/party", "most": 2}
    assert coffee.rsvp("awa") is None


def test_without_a_capacity_there_is_always_another_seat():
    coffee = Coffee(seats=None)
    assert {coffee.says(f"p{n}", party=2) for n in range(12)} == {"going"}
    assert coffee.seats.taken == 24
    coffee.must_add_up()


def test_closing_applies_to_every_answer_whoever_gives_it():
    coffee = Coffee(seats=1, rsvp_closes_at=clock.now() + timedelta(milliseconds=1500))
    coffee.says("awa")
    coffee.says("bob")
    meetup = coffee.meetup
    with changes() as change:
        change.edit(meetup, rsvp_closes_at=clock.now())

    for name, says in (("awa", "declined"), ("bob", "going"), ("cleo", "interested"), ("dina", "going")):
        with pytest.raises(meetups.RsvpsClosed):
            coffee.says(name, says)
    with pytest.raises(meetups.RsvpsClosed):
        meetups.answer_for(coffee.hana, *coffee.this, a_caller("bob").member_id, says="going")
    with pytest.raises(meetups.RsvpsClosed):
        meetups.remove(coffee.hana, *coffee.this, a_caller("awa").member_id, reason="Une raison sérieuse.")
    assert coffee.states("awa", "bob", "cleo") == ["going", "waitlisted", "none"]


def test_nobody_answers_once_it_has_started(coffee, time_passes):
    time_passes(days=3, seconds=5)
    with pytest.raises(meetups.RsvpsClosed):
        coffee.says("awa")


def test_a_draft_is_there_for_its_host_alone():
    coffee = Coffee(draft=True)
    with pytest.raises(meetups.MeetupNotFound):
        coffee.says("awa")
    assert meetups.read(coffee.hana, *coffee.this).state == "draft"

    meetups.publish(coffee.hana, *coffee.this)

    assert coffee.says("awa") == "going"


def test_only_followers_come(coffee):
    with pytest.raises(salons.FollowFirst):
        meetups.answer(a_caller("stranger"), *coffee.this, says="going")


def test_a_meetup_of_another_organization_is_not_found_under_this_one(coffee):
    elsewhere = Coffee(slug="potager")
    a_follower("awa", coffee.hub)
    with pytest.raises(meetups.MeetupNotFound):
        meetups.answer(a_caller("awa"), coffee.hub.id, elsewhere.id, says="going")


def test_nobody_meets_whom_they_are_parted_from(coffee):
    (awa,) = coffee.follows("awa")
    with changes() as change:
        change.save(Block.of(awa.member_id, coffee.hana.member_id, by=awa.member_id, at=clock.now()))
        change.update(Apart.of(awa.member_id), *Apart.from_too([coffee.hana.member_id]))
    with pytest.raises(meetups.MeetupNotFound):
        meetups.answer(awa, *coffee.this, says="going")


def test_someone_who_stops_following_at_the_same_instant_has_no_seat(coffee, monkeypatch):
    (awa,) = coffee.follows("awa")
    between(monkeypatch, lambda: following.unfollow(awa, coffee.hub.id))
    with pytest.raises(salons.FollowFirst):
        meetups.answer(awa, *coffee.this, says="going")
    assert coffee.state("awa") == "none"


def test_a_host_answers_for_someone_who_may_undo_it(coffee):
    (awa,) = coffee.follows("awa")

    meetups.answer_for(coffee.hana, *coffee.this, awa.member_id, says="going")
    assert coffee.rsvp("awa").answered_by == coffee.hana.member_id
    meetups.undo(awa, *coffee.this)

    assert coffee.state("awa") == "declined"
    assert details("seat.taken")[0]["asked_by"] == coffee.hana.member_id


def test_undoing_brings_back_into_the_line_at_the_rank_from_before(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("cleo").member_id, says="declined")
    coffee.says("eve")

    meetups.undo(a_caller("cleo"), *coffee.this)

    assert [coffee.position(name) for name in ("cleo", "dina", "eve")] == [1, 2, 3]


def test_undoing_brings_back_to_a_seat_or_before_everyone_who_waits(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("awa").member_id, says="declined")

    meetups.undo(a_caller("awa"), *coffee.this)

    assert coffee.states("awa", "cleo", "dina") == ["waitlisted", "going", "waitlisted"]
    assert [coffee.position(name) for name in ("awa", "dina")] == [1, 2]


def test_undoing_goes_back_to_their_own_words_however_often_hosts_answered(coffee):
    coffee.says("awa", "interested")
    for says in ("going", "declined"):
        meetups.answer_for(coffee.hana, *coffee.this, a_caller("awa").member_id, says=says)

    meetups.undo(a_caller("awa"), *coffee.this)

    assert coffee.state("awa") == "interested"


def test_undoing_a_seat_that_is_still_free_takes_it_back(coffee):
    coffee.says("awa")
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("awa").member_id, says="declined")
    meetups.undo(a_caller("awa"), *coffee.this)
    assert coffee.state("awa") == "going"


def test_what_they_answer_themselves_is_no_more_to_undo(coffee):
    (awa,) = coffee.follows("awa")
    meetups.answer_for(coffee.hana, *coffee.this, awa.member_id, says="going")
    coffee.says("awa", "interested")
    with pytest.raises(meetups.NothingToUndo):
        meetups.undo(awa, *coffee.this)


def test_a_host_answers_only_for_those_who_follow(coffee):
    with pytest.raises(meetups.NoSuchFollower):
        meetups.answer_for(coffee.hana, *coffee.this, a_caller("stranger").member_id, says="going")


def test_only_hosts_answer_for_others_or_ask_them_not_to_come(coffee):
    awa, bob = coffee.follows("awa", "bob")
    with pytest.raises(meetups.OnlyTheHosts):
        meetups.answer_for(awa, *coffee.this, bob.member_id, says="going")
    with pytest.raises(meetups.OnlyTheHosts):
        meetups.remove(awa, *coffee.this, bob.member_id, reason="Une raison sérieuse.")


def parted(coffee, name):
    someone = a_caller(name)
    with changes() as change:
        change.save(Block.of(someone.member_id, coffee.hana.member_id, by=someone.member_id, at=clock.now()))
        change.update(Apart.of(someone.member_id), *Apart.from_too([coffee.hana.member_id]))
    return someone


def test_whoever_came_before_they_were_parted_from_the_host_may_still_leave_and_do_no_more(coffee):
    coffee.says("awa", party=2)
    coffee.says("bob")
    awa = parted(coffee, "awa")

    with pytest.raises(meetups.MeetupNotFound):
        meetups.answer(awa, *coffee.this, says="going", party=1)
    meetups.answer(awa, *coffee.this, says="declined")

    assert coffee.state("bob") == "going"
    with pytest.raises(meetups.MeetupNotFound):
        meetups.read(awa, *coffee.this)


def test_undoing_gives_back_the_seats_that_a_host_took_away_while_they_are_free():
    coffee = Coffee(seats=4)
    coffee.says("awa", party=2)
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("awa").member_id, says="going", party=1)
    meetups.undo(a_caller("awa"), *coffee.this)
    assert coffee.rsvp("awa").party == 2
    coffee.must_add_up()


def test_undoing_seats_nobody_who_stops_following_meanwhile(coffee, monkeypatch):
    coffee.says("awa")
    awa = a_caller("awa")
    meetups.answer_for(coffee.hana, *coffee.this, awa.member_id, says="declined")
    between(monkeypatch, lambda: following.unfollow(awa, coffee.hub.id))
    with pytest.raises(salons.FollowFirst):
        meetups.undo(awa, *coffee.this)
    assert coffee.state("awa") == "declined"


def test_nobody_answers_for_someone_who_is_suspended(coffee, calls):
    (awa,) = coffee.follows("awa")
    until = clock.now() + timedelta(days=7)
    key = RunningSuspension.key(coffee.hub.id, awa.member_id)
    RunningSuspension(key.pk, key.sk, until=until, suspension_id="sus_x", statement_id="sta_x").save()
    calls.clear()
    with pytest.raises(meetups.NoSuchFollower):
        meetups.answer_for(coffee.hana, *coffee.this, awa.member_id, says="going")
    assert len(calls) == 1


def test_whoever_came_with_more_than_is_allowed_since_still_confirms_it():
    coffee = Coffee(seats=4, party_limit=3)
    coffee.says("awa", party=3)
    meetup = coffee.meetup
    with changes() as change:
        change.edit(meetup, party_limit=2, revision=1)
    coffee.says("awa", party=3)
    assert (coffee.rsvp("awa").party, coffee.rsvp("awa").revision) == (3, 1)


def test_what_was_stays_though_its_start_was_not_written_down(coffee, time_passes):
    coffee.says("awa")
    time_passes(days=4)
    meetups.lose(*coffee.this, a_caller("awa").member_id, cause="unfollowed")
    assert coffee.state("awa") == "going"


def test_answers_that_close_before_a_meetup_is_proposed_are_refused():
    with pytest.raises(meetups.TimesRefused) as refused:
        Coffee(rsvp_closes_at=clock.now() - timedelta(days=3))
    assert refused.value.context["problem"] == "closes_in_the_past"


@pytest.mark.parametrize("someone", ["a follower", "a stranger", "nobody", "who declined"])
def test_only_someone_in_a_list_is_asked_not_to_come(coffee, someone, stored):
    coffee.says("bob", "declined")
    (awa,) = coffee.follows("awa")
    who = {"a follower": awa.member_id, "a stranger": a_caller("stranger").member_id, "nobody": "none",
           "who declined": a_caller("bob").member_id}[someone]  # fmt: skip
    before = stored()
    with pytest.raises(meetups.AttendeeNotFound):
        meetups.remove(coffee.hana, *coffee.this, who, reason="Des mots pour quelqu’un.")
    assert stored() == before


def test_what_a_host_changes_of_an_answer_is_logged_though_the_state_stays(coffee):
    coffee.says("awa", party=2)
    awa = a_caller("awa").member_id
    for _ in range(3):
        meetups.answer_for(coffee.hana, *coffee.this, awa, says="going", party=1)
    told_of = [detail for detail in details("seat.taken") if detail["asked_by"]]
    assert [(detail["after"], detail["party"]) for detail in told_of] == [("going", 1)]


def test_a_host_who_says_that_someone_still_comes_does_not_answer_to_a_new_date_for_them(coffee):
    coffee.says("awa")
    meetup = coffee.meetup
    with changes() as change:
        change.edit(meetup, revision=1)
    meetups.answer_for(coffee.hana, *coffee.this, a_caller("awa").member_id, says="going", party=2)
    assert coffee.rsvp("awa").revision == 0


def test_someone_asked_not_to_come_reads_why_and_their_seat_goes_down_the_line(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    why = "Vous veniez avec dix personnes."

    meetups.remove(coffee.hana, *coffee.this, a_caller("awa").member_id, reason=why)
    meetups.remove(coffee.hana, *coffee.this, a_caller("awa").member_id, reason=why)

    assert coffee.states("awa", "cleo") == ["declined", "going"]
    with pytest.raises(meetups.AskedNotToCome):
        coffee.says("awa")
    assert [detail["cause"] for detail in details("rsvp.declined")] == ["removed"]


def test_someone_who_unfollows_frees_their_seat_unless_they_are_back(coffee):
    for name in ("awa", "bob", "cleo"):
        coffee.says(name)
    following.unfollow(a_caller("awa"), coffee.hub.id)
    gone = events.OrganizationUnfollowed(organization_id=coffee.hub.id, actor_id=a_caller("awa").member_id)
    meetups.lose_leaver(gone)
    meetups.lose_leaver(gone)
    assert coffee.states("awa", "cleo") == ["declined", "going"]

    back = events.OrganizationUnfollowed(organization_id=coffee.hub.id, actor_id=a_caller("bob").member_id)
    meetups.lose_leaver(back)  # told late: they follow again
    assert coffee.state("bob") == "going"


def test_someone_erased_frees_their_seats_everywhere_by_the_same_rule():
    here, there = Coffee(seats=1), Coffee(seats=1, slug="potager")
    for coffee in (here, there):
        coffee.says("awa")
        coffee.says("bob")

    meetups.lose_everywhere(a_caller("awa").member_id, cause="erased")

    assert here.state("bob") == there.state("bob") == "going"
    here.must_add_up()
    there.must_add_up()
