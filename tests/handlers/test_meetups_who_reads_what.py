"""Who reads what of a meetup: everyone who may ask, at every address that tells of one, at any moment."""

from __future__ import annotations

import pytest

from chalicelib.domain import meetups
from chalicelib.domain.meetups import hosting, no_shows
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from tests.factories import a_caller, a_follower, an_organization
from tests.meetups import Coffee

SECRETS = ["rue de Marseille", "Rond-Point", "45.7485", "4.8467", "visio.example"]
"""Name, address, point and link."""
MOMENTS = {"ahead": {}, "begun": {"days": 3, "minutes": 10}, "over": {"days": 3, "hours": 3}}

WITH_A_SEAT = ["hana", "coh", "gus", "absent", "parted_from_host", "parted_from_gus"]
WITHOUT = [None, "fol", "way", "fond", "dec", "removed", "out"]


def part(one, other):
    one, other = a_caller(one).member_id, a_caller(other).member_id
    with changes() as change:
        change.save(Block.of(one, other, by=one, at=clock.now()))
        change.update(Apart.of(one), *Apart.from_too([other]))
        change.update(Apart.of(other), *Apart.from_too([one]))


@pytest.fixture
def coffee():
    """A coffee with somebody of each kind around it."""
    coffee = Coffee(seats=7, online_url="https://visio.example.org/cafe")
    for name in ("gus", "absent", "removed", "parted_from_host", "parted_from_gus", "coh", "dec"):
        assert coffee.says(name) == "going"
    assert coffee.says("way") == "waitlisted"
    coffee.follows("fol")
    coffee.says("fond", "interested")
    hosting.add(coffee.hana, *coffee.this, a_caller("coh").member_id)
    meetups.remove(coffee.hana, *coffee.this, a_caller("removed").member_id, reason="Vous veniez à dix.")
    coffee.says("dec", "declined")
    assert coffee.says("way", "declined") == "declined"
    a_follower("out", an_organization("autre", by="zoe"))
    part("parted_from_host", "hana")
    part("parted_from_gus", "gus")
    for name in ("late", "later"):
        coffee.says(name)
    assert coffee.says("way") == "waitlisted"
    return coffee


@pytest.fixture(params=MOMENTS)
def moment(request, coffee, time_passes):
    if MOMENTS[request.param]:
        time_passes(**MOMENTS[request.param])
        no_shows.note(coffee.hana, *coffee.this, a_caller("absent").member_id)
    return request.param


def addresses(coffee):
    organization, meetup = coffee.this
    here, one = f"/organizations/{organization}", f"/organizations/{organization}/meetups/{meetup}"
    lists = [f"{one}/rsvps?listed={name}" for name in ("going", "waitlisted", "offered", "interested")]
    month = f"{here}/meetups?month={coffee.meetup.starts_at:%Y-%m}"
    near = "/meetups/near?latitude=45.7485&longitude=4.8467&radius_km=20"
    mine = ["/me/meetups", "/me/meetups/past", "/me/contacts"]
    parts = [f"{one}/{name}" for name in ("rsvp", "recap", "pictures", "calendar")]
    return [one, *parts, *lists, f"{here}/meetups", month, near, f"{here}/landing", *mine]


def all_that_is_read(api, coffee, name):
    return "\n".join(api.get(path, **({"by": name} if name else {})).text for path in addresses(coffee))


def test_nobody_who_does_not_come_reads_name_address_point_or_link(api, coffee, moment):
    for name in WITHOUT:
        read = all_that_is_read(api, coffee, name)
        assert [secret for secret in SECRETS if secret in read] == [], (name, moment)


def test_whoever_has_a_seat_reads_them_and_whoever_did_not_come_loses_nothing(api, coffee, moment):
    for name in WITH_A_SEAT:
        read = all_that_is_read(api, coffee, name)
        assert [secret for secret in SECRETS if secret not in read] == [], (name, moment)


def test_that_someone_did_not_come_is_read_by_them_and_the_hosts(api, coffee, moment):
    told = {
        name
        for name in (*WITHOUT, *WITH_A_SEAT)
        if any(sign in all_that_is_read(api, coffee, name).replace(" ", "") for sign in SIGNS)
    }

    assert told == (set() if moment == "ahead" else {"absent", "hana", "coh"})


SIGNS = ['"state":"no_show"', '"no_show":true']


def test_only_hosts_read_the_other_lists(api, coffee, moment):
    one = "/organizations/{}/meetups/{}/rsvps".format(*coffee.this)
    codes = {
        name: api.get(one, by=name, query={"listed": "waitlisted"}).code
        for name in ("gus", "absent", "fol", "way", "out")
    }

    assert set(codes.values()) == {"only_the_hosts"}
    for host in ("hana", "coh"):
        (waiting,) = api.get(one, by=host, query={"listed": "waitlisted"}).json["data"]
        assert (waiting["name"], waiting["no_show"]) == ("Way", False)
