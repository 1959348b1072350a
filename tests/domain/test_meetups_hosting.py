"""Who looks after a meetup, and what becomes of it when they are gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import events, following, meetups
from chalicelib.domain.meetups import checking_in, hosting, revising
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Meetup
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load
from tests.factories import a_follower, a_host, a_meetup
from tests.faults import Crash, installed
from tests.meetups import Coffee, between, details, told


@pytest.fixture
def coffee():
    coffee = Coffee(seats=3)
    yield coffee
    coffee.must_add_up()


def one(coffee, name):
    return a_follower(name, coffee.hub)


def adds(coffee, name, by=None):
    return hosting.add(by or coffee.hana, *coffee.this, one(coffee, name).member_id).meetup


def suspends(coffee, who, **hours):
    """They are suspended for so long, and the news of it delivered."""
    until = clock.now() + timedelta(**(hours or {"days": 7}))
    key = RunningSuspension.key(coffee.hub.id, who.member_id)
    RunningSuspension(key.pk, key.sk, until=until, suspension_id="sus_x", statement_id="sta_x").save()
    event = events.MemberSuspended(
        organization_id=coffee.hub.id, actor_id="mem_x", member_id=who.member_id, suspension_id="sus_x",
        statement_id="sta_x", rule="insults", until=until,
    )  # fmt: skip
    meetups.lose_suspended(event)


def leaves(coffee, who):
    following.unfollow(who, coffee.hub.id)
    hears_of(coffee, who)


def hears_of(coffee, who):
    meetups.lose_leaver(events.OrganizationUnfollowed(organization_id=coffee.hub.id, actor_id=who.member_id))


def parts(one_id, other_id):
    with changes() as change:
        change.create(Block.of(one_id, other_id, by=one_id, at=clock.now()))
        for who, whom in ((one_id, other_id), (other_id, one_id)):
            change.update(Apart.of(who), *Apart.from_too([whom]))


# --- co-hosts


def test_someone_who_comes_looks_after_it_with_the_host(coffee):
    coffee.says("awa")
    awa = one(coffee, "awa")

    assert adds(coffee, "awa").co_host_ids == [awa.member_id]

    assert revising.revise(awa, *coffee.this, version=2, title="À deux").meetup.title == "À deux"
    assert details("co_hosts.changed")[0]["co_host_ids"] == [awa.member_id]


def test_naming_a_co_host_again_changes_nothing(coffee):
    coffee.says("awa")
    adds(coffee, "awa")

    assert adds(coffee, "awa").version == 2
    assert told("co_hosts.changed") == 1


@pytest.mark.parametrize("says", [None, "interested", "declined"])
def test_whoever_does_not_come_looks_after_nothing(coffee, says):
    if says:
        coffee.says("awa", says)
    with pytest.raises(hosting.NotOneWhoComes):
        adds(coffee, "awa")


def test_whoever_waits_in_line_looks_after_nothing(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    with pytest.raises(hosting.NotOneWhoComes):
        adds(coffee, "dina")


def test_nobody_looks_after_it_with_someone_they_are_parted_from(coffee):
    coffee.says("awa")
    coffee.says("bob")
    adds(coffee, "awa")
    parts(one(coffee, "awa").member_id, one(coffee, "bob").member_id)
    with pytest.raises(hosting.NotOneWhoComes):
        adds(coffee, "bob")


def test_three_people_at_most_look_after_it_with_the_host():
    coffee = Coffee(seats=5)
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    for name in ("awa", "bob", "cleo"):
        adds(coffee, name)
    with pytest.raises(hosting.TooManyCoHosts) as refused:
        adds(coffee, "dina")
    assert refused.value.context == {"most": 3}


def test_only_the_host_names_co_hosts(coffee):
    coffee.says("awa")
    coffee.says("bob")
    adds(coffee, "awa")
    with pytest.raises(meetups.OnlyTheHost):
        adds(coffee, "bob", by=one(coffee, "awa"))


def test_a_co_host_is_sent_away_by_the_host_or_goes_and_still_comes(coffee):
    for name in ("awa", "bob"):
        coffee.says(name)
        adds(coffee, name)
    awa, bob = one(coffee, "awa"), one(coffee, "bob")

    with pytest.raises(meetups.OnlyTheHost):
        hosting.remove(awa, *coffee.this, bob.member_id)
    hosting.remove(awa, *coffee.this, awa.member_id)
    hosting.remove(coffee.hana, *coffee.this, bob.member_id)
    hosting.remove(coffee.hana, *coffee.this, bob.member_id)

    assert coffee.meetup.co_host_ids == []
    assert coffee.states("awa", "bob") == ["going", "going"]
    assert told("co_hosts.changed") == 4


@pytest.mark.parametrize("by", ["themselves", "the host", "leaving", "a suspension"])
def test_a_co_host_who_comes_no_more_looks_after_it_no_more(coffee, by):
    coffee.says("awa")
    adds(coffee, "awa")
    awa = one(coffee, "awa")

    if by == "themselves":
        coffee.says("awa", "interested")
    elif by == "the host":
        meetups.remove(coffee.hana, *coffee.this, awa.member_id, reason="Merci de ne pas venir.")
    elif by == "leaving":
        leaves(coffee, awa)
    else:
        suspends(coffee, awa)

    assert coffee.meetup.co_host_ids == []
    assert told("co_hosts.changed") == 2
    with pytest.raises((meetups.OnlyTheHosts, meetups.OnlyTheHost)):
        revising.revise(awa, *coffee.this, version=coffee.meetup.version, title="Encore moi")


# --- handing over


def test_a_meetup_that_is_handed_over_has_another_host_and_the_former_one_comes_like_everyone(coffee):
    coffee.says("awa")
    adds(coffee, "awa")
    awa = one(coffee, "awa")

    after = hosting.hand_over(coffee.hana, *coffee.this, awa.member_id).meetup

    assert (after.host_id, after.co_host_ids) == (awa.member_id, [])
    assert (coffee.rsvp("awa").party, coffee.rsvp("hana").party) == (0, 1)
    assert (coffee.seats.taken, coffee.seats.going) == (1, 2)
    (changed,) = details("host.changed")
    assert (changed["host_id"], changed["before"]) == (awa.member_id, coffee.hana.member_id)
    with pytest.raises(meetups.OnlyTheHosts):
        revising.revise(coffee.hana, *coffee.this, version=after.version, title="Reprise")
    assert coffee.says("hana", "declined") == "declined"
    with pytest.raises(meetups.HostComes):
        coffee.says("awa", "declined")


def test_seats_that_the_new_host_had_for_others_go_down_the_line(coffee):
    coffee.says("awa", party=2)
    for name in ("bob", "cleo", "dina"):
        coffee.says(name)
    adds(coffee, "awa")

    hosting.hand_over(coffee.hana, *coffee.this, one(coffee, "awa").member_id)

    assert coffee.states("bob", "cleo", "dina") == ["going", "going", "waitlisted"]
    assert coffee.seats.taken == 3


def test_handing_over_where_it_is_full_takes_nobodys_seat(coffee):
    for name in ("awa", "bob", "cleo", "dina"):
        coffee.says(name)
    adds(coffee, "awa")

    hosting.hand_over(coffee.hana, *coffee.this, one(coffee, "awa").member_id)

    assert coffee.states("hana", "bob", "cleo", "dina") == ["going", "going", "going", "waitlisted"]


def test_handing_over_again_changes_nothing(coffee):
    coffee.says("awa")
    adds(coffee, "awa")
    awa = one(coffee, "awa").member_id
    hosting.hand_over(coffee.hana, *coffee.this, awa)

    assert hosting.hand_over(coffee.hana, *coffee.this, awa).meetup.host_id == awa
    assert told("host.changed") == 1


def test_a_meetup_is_handed_over_to_a_co_host_only(coffee):
    coffee.says("awa")
    with pytest.raises(hosting.NotACoHost):
        hosting.hand_over(coffee.hana, *coffee.this, one(coffee, "awa").member_id)


def test_only_the_host_hands_it_over(coffee):
    coffee.says("awa")
    adds(coffee, "awa")
    coffee.says("bob")
    adds(coffee, "bob")
    with pytest.raises(meetups.OnlyTheHost):
        hosting.hand_over(one(coffee, "awa"), *coffee.this, one(coffee, "bob").member_id)


def test_whoever_was_checked_in_before_it_started_stays_so_when_it_is_handed_over(coffee, time_passes):
    coffee.says("awa")
    adds(coffee, "awa")
    time_passes(hours=71, minutes=30)
    awa = one(coffee, "awa")
    checking_in.check_in(coffee.hana, *coffee.this, awa.member_id)

    hosting.hand_over(coffee.hana, *coffee.this, awa.member_id)

    assert coffee.state("awa") == "checked_in"


@pytest.mark.parametrize("lost", [True, False])
def test_whoever_has_it_to_look_after_is_told_and_why_it_is_theirs(coffee, lost):
    coffee.says("awa")
    adds(coffee, "awa")
    adds(coffee, "awa")
    awa = one(coffee, "awa").member_id
    if lost:
        leaves(coffee, coffee.hana)
        hears_of(coffee, coffee.hana)
    else:
        hosting.hand_over(coffee.hana, *coffee.this, awa)

    told_of = [(one["member_id"], one["about"], one["cause"]) for one in details("attendee.told")]
    assert told_of == [(awa, "made_co_host", "host"), (awa, "made_host", "host_lost" if lost else "host")]


# --- hosts who are gone


def test_a_co_host_takes_over_from_a_host_who_stops_following(coffee):
    for name in ("awa", "bob"):
        coffee.says(name)
        adds(coffee, name)

    leaves(coffee, coffee.hana)

    awa, bob = one(coffee, "awa").member_id, one(coffee, "bob").member_id
    assert (coffee.meetup.host_id, coffee.meetup.co_host_ids) == (awa, [bob])
    assert coffee.meetup.state == "published"
    assert coffee.states("hana", "awa") == ["declined", "going"]
    assert (coffee.seats.taken, coffee.seats.going) == (1, 2)
    assert details("rsvp.declined")[-1]["cause"] == "unfollowed"
    hears_of(coffee, coffee.hana)
    assert told("host.changed") == 1


def test_a_co_host_who_is_suspended_does_not_take_over_but_the_next_one_does(coffee):
    for name in ("awa", "bob"):
        coffee.says(name)
        adds(coffee, name)
    awa = one(coffee, "awa")
    key = RunningSuspension.key(coffee.hub.id, awa.member_id)
    until = clock.now() + timedelta(days=1)
    RunningSuspension(key.pk, key.sk, until=until, suspension_id="sus_y", statement_id="sta_y").save()

    suspends(coffee, coffee.hana)

    assert coffee.meetup.host_id == one(coffee, "bob").member_id


@pytest.mark.parametrize(("language", "words"), [("fr", "La personne"), ("en", "Whoever")])
def test_where_nobody_else_looks_after_it_a_meetup_ahead_is_cancelled_and_says_why(coffee, language, words):
    coffee.hub.update([type(coffee.hub).language.set(language)])
    coffee.says("awa")

    leaves(coffee, coffee.hana)
    hears_of(coffee, coffee.hana)

    assert coffee.meetup.state == "cancelled"
    assert coffee.meetup.cancelled_reason.startswith(words)
    assert details("meetup.cancelled")[0]["cause"] == "host_lost"
    assert coffee.state("awa") == "going"
    assert told("meetup.cancelled") == 1


def test_whoever_follows_again_before_it_is_heard_hosts_still(coffee):
    following.unfollow(coffee.hana, coffee.hub.id)
    following.follow(coffee.hana, coffee.hub.id)
    hears_of(coffee, coffee.hana)

    assert (coffee.meetup.state, coffee.meetup.host_id) == ("published", coffee.hana.member_id)


def test_a_suspension_that_is_over_when_it_is_heard_cancels_nothing(coffee):
    suspends(coffee, coffee.hana, seconds=-1)
    assert coffee.meetup.state == "published"


def test_what_has_started_goes_on_without_its_host_and_so_does_a_draft(coffee, time_passes):
    draft = a_meetup(coffee.hana, coffee.hub, draft=True, ahead=timedelta(days=9))
    time_passes(days=3, minutes=5)

    leaves(coffee, coffee.hana)

    assert coffee.meetup.state == "published"
    assert coffee.meetup.state_at(clock.now()) == "started"
    assert coffee.state("hana") == "going"
    assert load(Meetup.key(coffee.hub.id, draft.id))[0].state == "draft"


def test_meetups_of_other_organizations_keep_their_host(coffee):
    other = Coffee(seats=1, slug="fil-bleu")

    leaves(coffee, coffee.hana)

    assert (coffee.meetup.state, other.meetup.state) == ("cancelled", "published")


def test_every_meetup_of_a_host_who_is_gone_is_seen_to_though_it_dies_on_the_way(coffee):
    more = [a_meetup(coffee.hana, coffee.hub, ahead=timedelta(days=day)).id for day in (5, 6, 7)]
    following.unfollow(coffee.hana, coffee.hub.id)
    with installed() as injector:
        injector.fail("TransactWriteItems", "crash-after")
        with pytest.raises(Crash):
            hears_of(coffee, coffee.hana)
    hears_of(coffee, coffee.hana)

    states = {meetups.read(None, coffee.hub.id, each).state for each in [coffee.id, *more]}
    assert states == {"cancelled"}
    assert told("meetup.cancelled") == 4


@pytest.mark.parametrize("handed_over", [True, False])
def test_a_new_host_hosts_with_a_voice_of_their_own(coffee, handed_over):
    coffee.says("awa")
    adds(coffee, "awa")
    awa = a_host("awa", coffee.hub)  # she is on staff since

    if handed_over:
        hosting.hand_over(coffee.hana, *coffee.this, awa.member_id)
    else:
        leaves(coffee, coffee.hana)

    assert (coffee.meetup.host_id, coffee.meetup.host_voice) == (awa.member_id, "staff")


def test_a_co_host_sends_no_other_co_host_away_by_whatever_road(coffee):
    for name in ("awa", "bob"):
        coffee.says(name)
        adds(coffee, name)
    awa, bob = one(coffee, "awa"), one(coffee, "bob")
    with pytest.raises(meetups.OnlyTheHost):
        meetups.remove(awa, *coffee.this, bob.member_id, reason="Une raison sérieuse.")
    with pytest.raises(meetups.OnlyTheHost):
        meetups.answer_for(awa, *coffee.this, bob.member_id, says="declined")
    assert bob.member_id in coffee.meetup.co_host_ids


def test_someone_named_co_host_while_they_decline_is_none(coffee, monkeypatch):
    coffee.says("awa")
    between(monkeypatch, lambda: adds(coffee, "awa"))
    coffee.says("awa", "declined")
    assert (coffee.state("awa"), coffee.meetup.co_host_ids) == ("declined", [])


def test_a_co_host_who_is_sent_away_meanwhile_decides_nothing_any_more(coffee, monkeypatch):
    for name in ("awa", "bob"):
        coffee.says(name)
    adds(coffee, "awa")
    awa, bob = one(coffee, "awa"), one(coffee, "bob")
    between(monkeypatch, lambda: hosting.remove(coffee.hana, *coffee.this, awa.member_id))
    with pytest.raises(meetups.OnlyTheHosts):
        meetups.remove(awa, *coffee.this, bob.member_id, reason="Une raison sérieuse.")
    assert coffee.state("bob") == "going"
