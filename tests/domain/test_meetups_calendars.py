"""What calendars show of a meetup, to whom; and one's own meetups, followed at an address that is the key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.contracts.calendars import Entry, rendered
from chalicelib.domain import events, meetups
from chalicelib.domain.meetups import cancelling, feeds, recurring, revising, standpoints
from chalicelib.gateways import clock, ids, links
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Meetup
from chalicelib.models.organizations import Organization
from chalicelib.models.rsvps import MemberMeetup, Rsvp
from chalicelib.models.tables import load
from tests.calendars import lines, only, parsed
from tests.factories import A_PLACE, a_caller, a_follower, a_meetup, coming
from tests.meetups import Coffee

LINK = "https://visio.example.org/cafe"
SECRETS = (A_PLACE["name"], A_PLACE["address"], LINK, "45.7485", "4.8467")


@pytest.fixture
def coffee():
    return Coffee(seats=1, online_url=LINK, about="On apporte son vélo.", accessibility="Plain-pied.")


def entry(coffee, name=None):
    return meetups.entry_of(a_caller(name) if name else None, *coffee.this)


def written(*entries, method="PUBLISH"):
    return rendered([Entry(**told) for told in entries], method=method).decode()


def unfolded(text):
    return text.replace("\r\n ", "").replace("\\,", ",")


def invited(coffee, name):
    stands = standpoints.look(a_caller(name).member_id, *coffee.this)
    (organization,) = load(Organization.key(coffee.hub.id))
    return meetups.invitation(stands, organization, name=name.capitalize(), address=f"{name}@example.org")


def letter(coffee, name):
    found = invited(coffee, name)
    return written(found.entry, method=found.method)


def change(coffee, **values):
    revising.revise(coffee.hana, *coffee.this, version=int(coffee.meetup.version), **values)


def cancel(coffee):
    cancelling.cancel(coffee.hana, *coffee.this, reason="Le café est fermé ce jour-là.")


def token_of(name):
    return meetups.calendar_address(a_caller(name)).rpartition("/")[2]


def feed(name):
    """What someone's calendar application reads: title → status."""
    return {told["title"]: told["status"] for told in meetups.followed_calendar(token_of(name)).entries}


def test_whoever_comes_reads_where_it_is_exactly(coffee):
    coffee.says("awa")

    event = only(written(entry(coffee, "awa")))
    assert event.summary.value == "Café réglage"
    assert event.location.value == "Café du Rond-Point, 12 rue de Marseille, 69007 Lyon"
    assert event.geo.value == "45.7485;4.8467"
    assert event.description.value == f"On apporte son vélo.\n\nPlain-pied.\n\n{LINK}"
    assert (event.status.value, event.transp.value) == ("CONFIRMED", "OPAQUE")
    assert event.organizer.params["CN"] == ["Cyclofil"]
    assert event.uid.value == f"{coffee.id}@entraide.test"


def test_everyone_else_reads_the_district(coffee):
    coffee.says("awa")
    coffee.says("bob")  # in line
    coffee.says("cleo", "interested")
    coffee.follows("dina")
    meetups.answer(a_caller("awa"), *coffee.this, says="going")

    for name in (None, "bob", "cleo", "dina"):
        told = unfolded(written(entry(coffee, name)))
        assert not [secret for secret in SECRETS if secret in told], name
        assert only(told).location.value == "Lyon 7e"
        assert only(told).transp.value == "TRANSPARENT"


def test_a_seat_given_up_takes_the_address_along(coffee):
    coffee.says("awa")
    coffee.says("awa", "declined")

    told = unfolded(written(entry(coffee, "awa")))
    assert not [secret for secret in SECRETS if secret in told]


def test_whoever_waits_has_it_tentatively_and_then_for_good(coffee, later):
    coffee.says("awa")
    coffee.says("bob")
    before = only(written(entry(coffee, "bob")))
    later(minutes=1)
    coffee.says("awa", "declined")

    after = only(written(entry(coffee, "bob")))
    assert (before.status.value, after.status.value) == ("TENTATIVE", "CONFIRMED")
    assert before.uid.value == after.uid.value
    # of one sequence, the later one stands
    assert before.sequence.value == after.sequence.value
    assert after.dtstamp.value > before.dtstamp.value


def test_a_meetup_online_only_has_its_link_for_a_place(coffee):
    online = a_meetup(coffee.hana, coffee.hub, place=None, online_url=LINK)
    awa = coming("awa", online, coffee.hub)

    here = meetups.entry_of(awa, coffee.hub.id, online.id)
    assert (here["location"], here["geo"]) == (LINK, None)
    assert meetups.entry_of(None, coffee.hub.id, online.id)["location"] is None


def test_a_draft_is_in_no_calendar(coffee):
    draft = a_meetup(coffee.hana, coffee.hub, draft=True)

    for reader in (coffee.hana, a_caller("awa"), None):
        with pytest.raises(meetups.MeetupNotFound):
            meetups.entry_of(reader, coffee.hub.id, draft.id)
    assert feed("hana") == {"Café réglage": "CONFIRMED"}


def test_the_same_meetup_keeps_its_name_and_its_sequence_grows_with_each_change(coffee, later):
    coffee.says("awa")
    told = [only(letter(coffee, "awa"))]
    for changed in (
        {"title": "Café câbles"},
        {
            "starts_at": coffee.meetup.starts_at + timedelta(days=1),
            "ends_at": coffee.meetup.ends_at + timedelta(days=1),
        },
        {"place": {**A_PLACE, "address": "3 rue Chevreul, 69007 Lyon"}},
    ):
        later(minutes=5)
        change(coffee, **changed)
        told.append(only(letter(coffee, "awa")))
    later(minutes=5)
    cancel(coffee)
    told.append(only(letter(coffee, "awa")))

    assert {event.uid.value for event in told} == {f"{coffee.id}@entraide.test"}
    assert [int(event.sequence.value) for event in told] == [0, 1, 2, 3, 4]
    stamps = [event.dtstamp.value for event in told]
    assert stamps == sorted(set(stamps))


def test_an_invitation_says_what_the_person_says(coffee):
    coffee.says("awa")
    coffee.says("bob")

    for name, partstat, status in (("awa", "ACCEPTED", "CONFIRMED"), ("bob", "TENTATIVE", "TENTATIVE")):
        event = only(letter(coffee, name))
        assert invited(coffee, name).method == "REQUEST"
        assert event.status.value == status
        assert event.attendee.value == f"mailto:{name}@example.org"
        assert event.attendee.params["PARTSTAT"] == [partstat]
        assert event.attendee.params["CN"] == [name.capitalize()]
        assert event.organizer.value == "mailto:bonjour@entraide.test"


def test_a_seat_that_is_offered_is_tentative_until_it_is_taken_and_gone_when_it_lapses(later):
    coffee = Coffee(seats=1, ahead=timedelta(hours=10))
    coffee.says("awa")
    coffee.says("bob")
    coffee.says("awa", "declined")

    assert coffee.state("bob") == "offered"
    assert invited(coffee, "bob").entry["status"] == "TENTATIVE"
    assert feed("bob") == {"Café réglage": "TENTATIVE"}
    later(hours=6)
    assert invited(coffee, "bob").method == "CANCEL"
    assert feed("bob") == {}


def test_whoever_comes_no_more_has_it_taken_out_and_the_meetup_stands(coffee):
    coffee.says("awa")
    coffee.says("awa", "declined")

    told = letter(coffee, "awa")
    assert parsed(told).method.value == "CANCEL"
    assert lines(told, "STATUS") == [], "RFC 5546: the meetup is not cancelled, one person's part in it is"
    assert only(told).attendee.params["PARTSTAT"] == ["DECLINED"]
    assert not [secret for secret in SECRETS if secret in unfolded(told)]


def test_a_meetup_that_is_cancelled_is_cancelled_in_calendars(coffee):
    coffee.says("awa")
    cancel(coffee)

    told = letter(coffee, "awa")
    event = only(told)
    assert parsed(told).method.value == "CANCEL"
    assert (event.status.value, event.sequence.value, event.transp.value) == ("CANCELLED", "1", "TRANSPARENT")
    assert event.description.value.startswith("Le café est fermé ce jour-là.")
    assert only(written(entry(coffee))).status.value == "CANCELLED"


def test_nobody_is_invited_who_only_is_interested_or_said_nothing(coffee):
    coffee.says("cleo", "interested")
    coffee.follows("dina")

    assert invited(coffee, "cleo") is None
    assert invited(coffee, "dina") is None


def test_one_s_own_calendar_has_what_one_comes_to_and_may_come_to(coffee):
    for name, title in (("awa", "Complet"), ("bob", "À venir")):
        other = a_meetup(coffee.hana, coffee.hub, seats=1, title=title)
        coming(name, other, coffee.hub)
        coming("nina", other, coffee.hub)
    coming("nina", a_meetup(coffee.hana, coffee.hub, title="Peut-être"), coffee.hub, says="interested")
    coming("nina", a_meetup(coffee.hana, coffee.hub, title="Non merci"), coffee.hub, says="declined")
    coffee.says("nina")
    a_meetup(a_caller("nina"), coffee.hub, title="Chez moi")

    assert feed("nina") == {
        "Café réglage": "CONFIRMED", "Chez moi": "CONFIRMED", "Complet": "TENTATIVE", "À venir": "TENTATIVE",
    }  # fmt: skip


def test_it_keeps_what_was_for_a_month_and_forgets_who_waited(coffee, later):
    coffee.says("awa")
    coffee.says("bob")
    later(days=4)
    assert feed("awa") == {"Café réglage": "CONFIRMED"}
    assert feed("bob") == {}
    later(days=29)
    assert feed("awa") == {}


def test_it_says_for_a_month_what_was_cancelled(later):
    coffee = Coffee(ahead=timedelta(days=100))
    coffee.says("awa")
    coffee.says("bob", "interested")
    cancel(coffee)

    later(days=29)
    assert feed("awa") == {"Café réglage": "CANCELLED"}
    assert feed("bob") == {}
    later(days=2)
    assert feed("awa") == {}


def test_a_meetup_of_someone_whom_one_is_parted_from_stays_in_it_until_one_leaves(coffee):
    coffee.says("awa")
    awa = a_caller("awa").member_id
    with changes() as change:
        change.update(Apart.of(awa), *Apart.from_too([coffee.hana.member_id]))

    assert feed("awa") == {"Café réglage": "CONFIRMED"}
    coffee.says("awa", "declined")
    assert feed("awa") == {}


def test_it_follows_a_meetup_that_moves(coffee):
    coffee.says("awa")
    starts_at = coffee.meetup.starts_at + timedelta(days=40)
    change(coffee, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))

    (told,) = meetups.followed_calendar(token_of("awa")).entries
    assert told["starts_at"] == starts_at
    assert told["sequence"] == 1


def a_row(coffee, member_id, number, state="going"):
    """A meetup that someone comes to, without the ceremony."""
    starts_at = clock.now() + timedelta(days=3, hours=number)
    meetup = Meetup.proposing(
        coffee.hub.id, ids.new("mtg"), at=clock.now(), host_id=coffee.hana.member_id, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), rsvp_closes_at=starts_at, time_zone="Europe/Paris",
        title=f"Café {number:02}", place=A_PLACE,
    )  # fmt: skip
    rsvp = Rsvp.of(meetup, member_id, at=clock.now())
    rsvp.state = state
    for item in (meetup, rsvp, MemberMeetup.of(meetup, member_id)):
        item.save()


def test_it_is_three_reads_however_much_is_in_it(coffee, calls):
    awa = a_follower("awa", coffee.hub)
    for number in range(feeds.MOST + 4):
        a_row(coffee, awa.member_id, number)
    token = token_of("awa")

    calls.clear()
    found = meetups.followed_calendar(token)
    assert sorted(calls) == ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem", "dynamodb.Query"]
    assert [told["title"] for told in found.entries] == [f"Café {number:02}" for number in range(feeds.MOST)]


def test_what_one_is_merely_interested_in_hides_no_seat_that_comes_after(coffee, calls):
    awa = a_follower("awa", coffee.hub)
    for number in range(60):
        a_row(coffee, awa.member_id, number, "interested")
    a_row(coffee, awa.member_id, 60)
    token = token_of("awa")

    calls.clear()
    found = meetups.followed_calendar(token)
    assert [told["title"] for told in found.entries] == ["Café 60"]
    assert len(calls) == 3


def test_a_series_is_each_of_its_meetups_as_its_reader_stands_to_it(coffee, calls):
    start = clock.now() + timedelta(days=2)
    times = meetups.Times(starts_at=start, ends_at=start + timedelta(hours=2))
    said = {"title": "Café du jeudi", "about": "", "time_zone": "Europe/Paris", "place": A_PLACE}
    series = recurring.propose(
        coffee.hana, coffee.hub.id, times=times, every="week", count=4, capacity=None, **said
    )
    proposed = events.SeriesProposed(
        organization_id=coffee.hub.id, actor_id=coffee.hana.member_id, at=clock.now(), series_id=series.id,
        host_id=coffee.hana.member_id,
    )  # fmt: skip
    recurring.propose_rest(proposed)
    ids_of = [recurring.id_of(series.id, number, series.created_at) for number in range(4)]
    awa = a_follower("awa", coffee.hub)
    meetups.answer(awa, coffee.hub.id, ids_of[1], says="going")
    cancelling.cancel(coffee.hana, coffee.hub.id, ids_of[2], reason="Le café est fermé.")

    calls.clear()
    name, told = meetups.entries_of_series(awa, coffee.hub.id, series.id)
    assert sorted(calls) == ["dynamodb.BatchGetItem", "dynamodb.Query"]
    assert name == "Café du jeudi"
    assert [one["uid"] for one in told] == [f"{one}@entraide.test" for one in ids_of]
    assert [one["status"] for one in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [one["location"] == "Lyon 7e" for one in told] == [True, False, True, True]
    with pytest.raises(recurring.SeriesNotFound):
        meetups.entries_of_series(awa, coffee.hub.id, "ser_01M7WN066TK6FTK703WY8C5YNK")


def test_its_address_stays_until_it_is_renewed(coffee, calls):
    coffee.says("awa")
    first = token_of("awa")
    calls.clear()
    assert token_of("awa") == first
    assert calls == ["dynamodb.BatchGetItem"], "what is there is only read"

    second = meetups.renew_calendar(a_caller("awa")).rpartition("/")[2]
    assert second != first
    assert token_of("awa") == second
    assert meetups.followed_calendar(second).entries
    with pytest.raises(meetups.CalendarNotFound):
        meetups.followed_calendar(first)


def test_an_address_may_be_renewed_before_it_was_asked_for():
    token = meetups.renew_calendar(a_caller("awa")).rpartition("/")[2]

    assert token == token_of("awa")


def test_no_other_address_leads_to_it(coffee):
    coffee.says("awa")
    awa, token = a_caller("awa").member_id, token_of("awa")
    bob = a_caller("bob").member_id
    serial = links.read_calendar(token)[1]
    unsubscribes = links.unsubscribe(awa, coffee.hub.id).partition("token=")[2]

    of_another_purpose = links.return_to(coffee.id, organization_id="o", guest_id="g", until=clock.now())
    for wrong in (
        "", "x", token[:-1], token + "A", token.swapcase(), unsubscribes, of_another_purpose,
        links.calendar(bob, serial).rpartition("/")[2],
        links.calendar(awa, "cal_01M7WN066TK6FTK703WY8C5YNK").rpartition("/")[2],
    ):  # fmt: skip
        with pytest.raises(meetups.CalendarNotFound):
            meetups.followed_calendar(wrong)


def test_it_is_called_in_its_reader_s_language(coffee):
    coffee.says("awa")

    assert meetups.followed_calendar(token_of("awa")).name in feeds.CALLED.values()
