from __future__ import annotations

import pytest

from chalicelib.domain import following, memberships
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load
from tests.factories import a_caller, a_follower, an_organization
from tests.faults import Crash, installed


def owners(organization):
    (found,) = load(Organization.key(organization.id))
    return found.owners


def test_following_is_one_call_and_can_be_repeated(api, announced, calls):
    acme = an_organization()
    api.get("/me", by="noor")
    calls.clear()

    first = api.put(f"/organizations/{acme.id}/follow", by="noor")
    again = api.put(f"/organizations/{acme.id}/follow", by="noor")

    assert (first.status, again.status) == (201, 200), first
    assert first.json == again.json
    assert calls[:3] == ["dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert calls[3:] == ["dynamodb.UpdateItem", "dynamodb.BatchGetItem"]
    assert announced() == ["organization.created.v1", "organization.followed.v1"]


@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
def test_following_survives_any_fault_with_one_membership_and_one_announcement(announced, fault):
    acme = an_organization()
    with installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            following.follow(a_caller("noor"), acme.id)
        except Crash:
            following.follow(a_caller("noor"), acme.id)

    assert announced() == ["organization.created.v1", "organization.followed.v1"]
    assert following.mine(a_caller("noor"), memberships.Page()).items[0].organization_id == acme.id


def test_unfollowing_can_be_repeated_and_following_again_works(api, announced):
    acme = an_organization()
    path = f"/organizations/{acme.id}/follow"
    api.put(path, by="noor")

    assert [api.delete(path, by="noor").status for _ in range(2)] == [204, 204]
    assert api.put(path, by="noor").status == 201

    assert announced()[1:] == [
        "organization.followed.v1",
        "organization.unfollowed.v1",
        "organization.followed.v1",
    ]


def test_one_account_follows_many_organizations(api):
    ids = [an_organization(slug).id for slug in ("cyclofil", "potager")]
    for organization in ids:
        api.put(f"/organizations/{organization}/follow", by="noor")

    followed = api.get("/me/organizations", by="noor").json["data"]

    assert [following["organization_id"] for following in followed] == ids
    assert [following["slug"] for following in followed] == ["cyclofil", "potager"]
    assert {(following["role"], following["voice"]) for following in followed} == {("none", "member")}


def test_an_organization_reads_only_its_own_people(api):
    cyclofil, potager = an_organization("cyclofil"), an_organization("potager", by="paul")
    noor = a_follower("noor", potager)

    answer = api.get(f"/organizations/{cyclofil.id}/members/{noor.member_id}", by="claire")
    listed = api.get(f"/organizations/{potager.id}/members", by="claire")

    assert (answer.status, answer.code) == (404, "member_not_found")
    assert (listed.status, listed.code) == (404, "followers_only")


def test_what_one_tells_an_organization_stays_in_it(api):
    cyclofil, potager = an_organization("cyclofil"), an_organization("potager", by="paul")
    for organization in (cyclofil, potager):
        a_follower("noor", organization)

    told = api.patch(
        f"/me/organizations/{cyclofil.id}",
        by="noor",
        body={"knows": ["freins"], "story": "Mécano le dimanche."},
        If_Match='"1"',
    )

    assert told.status == 200, told
    seen = api.get(f"/organizations/{cyclofil.id}/members/{told.json['member_id']}", by="claire").json
    assert (seen["knows"], seen["story"], seen["name"]) == (["freins"], "Mécano le dimanche.", "Noor")
    assert api.get(f"/me/organizations/{potager.id}", by="noor").json["knows"] == []


def test_members_are_listed_with_their_names_in_three_reads(api, calls):
    acme = an_organization()
    for name in ("noor", "sacha", "lou"):
        a_follower(name, acme)
    calls.clear()

    people = api.get(f"/organizations/{acme.id}/members", by="noor").json["data"]

    assert sorted(person["name"] for person in people) == ["Claire", "Lou", "Noor", "Sacha"]
    assert calls == ["dynamodb.Query", "dynamodb.BatchGetItem"]


def test_staff_speak_as_staff_and_everyone_sees_who_gave_the_role(api, announced):
    acme = an_organization()
    noor = a_follower("noor", acme)
    path = f"/organizations/{acme.id}/members/{noor.member_id}/role"

    given = api.put(path, by="claire", body={"role": "moderator", "voice": "champion"})
    again = api.put(path, by="claire", body={"role": "moderator"})

    assert (given.status, given.json["voice"]) == (200, "staff"), given
    assert again.json == given.json
    changes = api.get(f"/organizations/{acme.id}/role-changes", by="noor").json["data"]
    assert [(c["member_id"], c["before"], c["after"]) for c in changes] == [
        (noor.member_id, "none", "moderator")
    ]
    assert announced().count("role.changed.v1") == 1


def test_an_admin_does_not_make_or_unmake_an_owner(api):
    acme = an_organization()
    noor, sacha = a_follower("noor", acme), a_follower("sacha", acme)
    memberships.give_role(a_caller("claire"), acme.id, noor.member_id, role="admin")
    people = f"/organizations/{acme.id}/members"

    made = api.put(f"{people}/{sacha.member_id}/role", by="noor", body={"role": "owner"})
    unmade = api.put(f"{people}/{a_caller('claire').member_id}/role", by="noor", body={"role": "none"})

    assert {(made.status, made.code), (unmade.status, unmade.code)} == {(403, "owners_decide")}
    assert owners(acme) == 1


def test_the_last_owner_can_neither_leave_nor_step_down(api, stored):
    acme = an_organization()
    api.get("/me", by="claire")
    claire = a_caller("claire").member_id
    before = stored()

    left = api.delete(f"/organizations/{acme.id}/follow", by="claire")
    stepped = api.put(f"/organizations/{acme.id}/members/{claire}/role", by="claire", body={"role": "none"})

    assert {(left.status, left.code), (stepped.status, stepped.code)} == {(409, "last_owner")}
    assert stored() == before


def test_owners_are_counted_as_they_come_and_go(api):
    acme = an_organization()
    noor = a_follower("noor", acme)
    path = f"/organizations/{acme.id}/members/{noor.member_id}/role"

    counts = []
    for role in ("owner", "owner", "admin", "owner"):
        assert api.put(path, by="claire", body={"role": role}).status == 200
        counts.append(owners(acme))
    api.delete(f"/organizations/{acme.id}/follow", by="noor")

    assert [*counts, owners(acme)] == [2, 2, 1, 2, 1]


@pytest.mark.parametrize("fault", ["crash-after", "net-after", "throttle"])
def test_a_lost_answer_never_counts_an_owner_twice(fault):
    acme = an_organization()
    noor = a_follower("noor", acme)

    def promote():
        memberships.give_role(a_caller("claire"), acme.id, noor.member_id, role="owner")

    with installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            promote()
        except Crash:
            promote()

    assert owners(acme) == 2
