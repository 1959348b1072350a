"""Guests: how they come in, and who they turn out to be."""

from __future__ import annotations

import pytest

from chalicelib.api import guest_tokens
from chalicelib.domain import guests, members
from chalicelib.domain.guests import addresses, merging
from chalicelib.gateways import clock, ids
from chalicelib.models.members import Member
from chalicelib.models.tables import load
from tests import hosts
from tests.factories import a_caller, an_organization
from tests.faults import Crash, installed
from tests.hosts import (
    SITE,
    a_session,
    a_widget,
    bearer,
    code_mailed_to,
    come,
    guest_of,
    host_token,
    proven,
    token_of,
)
from tests.tokens import token as access_token

SESSIONS = "/widget/sessions"


@pytest.fixture
def hub():
    organization = an_organization()
    a_widget(organization)
    return organization


def test_a_guest_comes_in_on_a_site_that_carries_the_widget(api, hub):
    answer = come(api, hub)

    assert answer.status == 201
    assert answer.json["guest_id"].startswith("gst_")
    assert (answer.json["organization_id"], answer.json["is_verified"]) == (hub.id, False)
    guest = guest_tokens.read(answer.json["token"], language="fr")
    assert (guest.member_id, guest.guest_of) == (answer.json["guest_id"], hub.id)
    assert (guest.is_verified, guest.claims["origin"]) == (False, SITE)


def test_nothing_is_kept_of_a_guest_of_whom_nothing_is_known(api, hub, stored):
    before = stored()
    come(api, hub)

    assert stored() == before


def test_each_guest_is_another(api, hub):
    assert come(api, hub).json["guest_id"] != come(api, hub).json["guest_id"]


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "https://evil.example", f"{SITE}/", f"{SITE}.evil.example", SITE.upper(),
     SITE.replace("https", "http"), f"{SITE}:443", f"{SITE}, https://evil.example", "*"],
)  # fmt: skip
def test_a_page_of_another_site_or_of_none_is_refused(api, hub, stored, origin):
    before = stored()
    answer = come(api, hub, origin=origin)

    assert (answer.status, answer.code) == (403, "origin_refused")
    assert "token" not in answer.json
    assert stored() == before


def test_the_list_of_one_organization_is_not_the_list_of_another(api, hub):
    other = an_organization("other", by="paul")
    a_widget(other, by="paul", origins=["https://other.example"])

    assert come(api, other).code == "origin_refused"
    assert come(api, hub, origin="https://other.example").code == "origin_refused"
    assert come(api, other, origin="https://other.example").status == 201


def test_where_no_widget_is_set_up_nobody_comes_in(api):
    bare = an_organization("bare")

    assert come(api, bare).code == "origin_refused"


def test_no_organization_nobody_to_be_a_guest_of(api):
    answer = api.post(SESSIONS, body={"organization_id": ids.new("org")}, Origin=SITE)

    assert (answer.status, answer.code) == (404, "organization_not_found")


def test_a_site_that_was_taken_off_the_list_lets_nobody_in_any_more(api, hub):
    a_widget(hub, origins=["https://new.example"], version=1)

    assert come(api, hub).code == "origin_refused"


def test_sessions_are_limited_by_network_address(api, hub, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    answers = [come(api, hub) for _ in range(31)]

    assert {answer.status for answer in answers[:30]} == {201}
    assert (answers[30].status, answers[30].code) == (429, "too_many_requests")


@pytest.mark.parametrize(
    "body",
    [{}, {"organization_id": 7}, {"organization_id": "x", "origin": SITE},
     {"organization_id": "x", "sub": "y"}, {"organization_id": "x", "host_token": "a b"},
     {"organization_id": "x", "host_token": ""},
     {"organization_id": "x", "host_token": "a" * 8193}, []],
)  # fmt: skip
def test_a_session_asked_for_in_another_way_is_refused(api, hub, stored, body):
    before = stored()

    assert api.post(SESSIONS, body=body, Origin=SITE).status == 422
    assert stored() == before


def test_a_guest_is_refused_what_members_do(api, hub, stored):
    headers = bearer(a_session(hub))
    before = stored()

    answers = [
        api.get("/me", **headers),
        api.put(f"/organizations/{hub.id}/follow", **headers),
        api.put(f"/organizations/{hub.id}/widget", body={"origins": []}, If_Match='"1"', **headers),
        api.post("/me/guests", body={"guest_token": "x"}, **headers),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "members_only")}
    assert stored() == before


def test_a_stolen_token_is_worth_nothing_on_another_site(api, hub):
    session = a_session(hub)
    headers = {**bearer(session), "Origin": "https://evil.example"}

    answer = api.post(f"{SESSIONS}/email", body={"email": "zoe@example.org"}, **headers)

    assert (answer.status, answer.code) == (401, "token_invalid")


def bring(api, session, *, by="zoe", token=None, **headers):
    return api.post("/me/guests", by=by, body={"guest_token": token or token_of(session)}, **headers)


def test_a_member_takes_over_the_guest_who_proved_the_same_address(api, hub, announced):
    session = proven(hub, "zoe@example.org")

    answer = bring(api, session)

    zoe = a_caller("zoe")
    assert answer.status == 200
    assert (answer.json["guest_id"], answer.json["member_id"]) == (session.guest_id, zoe.member_id)
    assert guest_of(hub, session.guest_id).member_id == zoe.member_id
    assert guests.identities_of(zoe) == [zoe.member_id, session.guest_id]
    assert announced()[-1] == "guest.merged.v1"


def test_a_visitor_whom_the_site_vouches_for_is_taken_over_too(api, hub):
    session = a_session(hub, vouched_for="zoe")

    assert bring(api, session).status == 200
    assert guests.identities_of(a_caller("zoe")) == [a_caller("zoe").member_id, session.guest_id]


def test_an_address_that_is_only_claimed_joins_no_histories(api, hub, stored):
    session = a_session(hub)
    guests.send_code(hosts.as_caller(session), "zoe@example.org")  # and never confirmed
    api.get("/me", by="zoe")
    before = stored()

    answer = bring(api, session)

    assert (answer.status, answer.code) == (409, "guest_unproven")
    assert guests.identities_of(a_caller("zoe")) == [a_caller("zoe").member_id]
    assert stored() == before


def test_a_site_that_does_not_verify_addresses_joins_no_histories(api, hub):
    claimed = host_token("zoe", email_verified=False)
    token = come(api, hub, host_token=claimed).json["token"]

    assert bring(api, None, token=token).code == "guest_unproven"


def test_a_members_address_that_nobody_verified_joins_no_histories(api, hub, stored):
    members.require(a_caller("zoe", email_verified="false"))
    session = proven(hub, "zoe@example.org")
    before = stored()

    answer = bring(api, session)

    assert (answer.status, answer.code) == (403, "addresses_differ")
    assert stored() == before


def test_another_persons_guest_is_not_taken_over(api, hub, stored):
    session = proven(hub, "zoe@example.org")
    api.get("/me", by="mallory")
    before = stored()

    answer = bring(api, session, by="mallory")

    assert (answer.status, answer.code) == (403, "addresses_differ")
    assert "zoe@example.org" not in answer.text
    assert stored() == before


def test_letters_that_only_look_the_same_are_not_the_same(api, hub):
    members.require(a_caller("kim", email="\u212aim@example.org"))
    session = proven(hub, "kim@example.org")

    assert bring(api, session, by="kim").code == "addresses_differ"
    assert not addresses.are_same("\u212aim@example.org", "kim@example.org")
    assert not addresses.are_same(None, None)
    assert not addresses.are_same("", "")
    assert addresses.are_same("Kim@Example.org", "kim@example.org")


def test_taking_over_twice_is_taking_over_once(api, hub, stored, announced):
    session = proven(hub, "zoe@example.org")
    first = bring(api, session)
    before = stored()

    again = bring(api, session)

    assert (again.status, again.json) == (200, first.json)
    assert stored() == before
    assert announced().count("guest.merged.v1") == 1


def test_a_takeover_whose_answer_was_lost_is_done_once(api, hub, announced):
    session = proven(hub, "zoe@example.org")
    with installed() as injector:
        injector.fail("TransactWriteItems", "net-after")
        assert bring(api, session, Idempotency_Key="k").status == 200

    again = bring(api, session, Idempotency_Key="k")

    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert announced().count("guest.merged.v1") == 1


def test_a_guest_turns_out_to_be_one_member_only(api, hub, monkeypatch):
    session = proven(hub, "zoe@example.org")
    bring(api, session)
    twin = a_caller("twin", email="zoe@example.org")

    with pytest.raises(guests.MergedElsewhere):
        guests.adopt(twin, hosts.as_caller(session))
    assert guests.identities_of(twin) == [twin.member_id]


def test_two_members_at_once_do_not_both_take_a_guest_over(hub, monkeypatch):
    session = proven(hub, "zoe@example.org")
    seen = hosts.as_caller(session)
    zoe, twin = a_caller("zoe"), a_caller("twin", email="zoe@example.org")
    members.require(zoe)
    members.require(twin)
    real, nested = merging.load, []

    def overtaken(*keys):
        found = real(*keys)
        if not nested:
            nested.append("the other is faster")
            guests.adopt(twin, seen)
        return found

    monkeypatch.setattr(merging, "load", overtaken)

    with pytest.raises(guests.MergedElsewhere):
        guests.adopt(zoe, seen)


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
def test_a_takeover_is_whole_or_not_at_all(hub, fault, announced):
    seen = hosts.as_caller(proven(hub, "zoe@example.org"))
    zoe = a_caller("zoe")
    members.require(zoe)
    with installed() as injector, pytest.raises(Crash):
        injector.fail("TransactWriteItems", fault)
        guests.adopt(zoe, seen)

    guests.adopt(zoe, seen)

    assert guests.identities_of(zoe) == [zoe.member_id, seen.member_id]
    assert announced().count("guest.merged.v1") == 1


def test_a_forged_guest_is_not_brought(api, hub, stored):
    session = proven(hub, "zoe@example.org")
    head, body, signature = token_of(session).split(".")
    api.get("/me", by="zoe")
    before = stored()

    for forged in ("x", f"{head}.{body}.", f"{head}.{body}.{'A' * len(signature)}", host_token()):
        answer = bring(api, session, token=forged)
        assert (answer.status, answer.code) == (422, "guest_token_invalid")
        assert answer.json["errors"][0]["pointer"] == "/guest_token"
    assert stored() == before


def test_a_members_own_token_is_no_guest(api, hub):
    assert bring(api, None, token=access_token("zoe")).code == "guest_token_invalid"


def test_identities_are_those_of_one_organization_if_asked(api, hub):
    other = an_organization("other", by="paul")
    a_widget(other, by="paul")
    here, there = proven(hub, "zoe@example.org"), proven(other, "zoe@example.org")
    bring(api, here)
    bring(api, there)
    zoe = a_caller("zoe")

    assert set(guests.identities_of(zoe)) == {zoe.member_id, here.guest_id, there.guest_id}
    assert guests.identities_of(zoe, other.id) == [zoe.member_id, there.guest_id]
    assert guests.is_same_person(zoe, other.id, there.guest_id)
    assert not guests.is_same_person(zoe, hub.id, there.guest_id)
    assert not guests.is_same_person(a_caller("mallory"), other.id, there.guest_id)
    assert guests.is_same_person(zoe, hub.id, zoe.member_id)


def test_a_guest_is_nobody_else(hub, calls):
    one, other = (hosts.as_caller(a_session(hub)) for _ in range(2))
    calls.clear()

    assert guests.identities_of(one) == [one.member_id]
    assert not guests.is_same_person(one, hub.id, other.member_id)
    assert calls == []


def test_the_first_call_of_a_member_may_be_to_bring_their_guest(api, hub):
    session = proven(hub, "zoe@example.org")

    assert bring(api, session).status == 200
    assert load(Member.key(a_caller("zoe").member_id))[0].name == "Zoe"


def test_what_it_costs(api, hub, calls):
    session, anyone = a_session(hub), {"email": "zoe@example.org"}
    api.get("/me", by="zoe")
    costs = {}

    def cost(name, call):
        calls.clear()
        assert call().status in (200, 201, 422)
        costs[name] = [each.partition(".")[2] for each in calls]

    cost("anyone", lambda: come(api, hub))
    cost("vouched for", lambda: come(api, hub, host_token=host_token()))
    cost("code", lambda: api.post(f"{SESSIONS}/email", body=anyone, **bearer(session)))
    wrong, right = {"code": "222222"}, {"code": code_mailed_to(session.guest_id)}
    cost("wrong", lambda: api.post(f"{SESSIONS}/email/confirm", body=wrong, **bearer(session)))
    cost("right", lambda: api.post(f"{SESSIONS}/email/confirm", body=right, **bearer(session)))
    cost("bring", lambda: bring(api, session))

    assert costs == {
        "anyone": ["UpdateItem", "BatchGetItem"],
        "vouched for": ["UpdateItem", "BatchGetItem", "BatchGetItem", "TransactWriteItems"],
        "code": ["UpdateItem", "UpdateItem", "BatchGetItem", "TransactWriteItems"],
        "wrong": ["UpdateItem", "BatchGetItem", "TransactWriteItems"],
        "right": ["UpdateItem", "BatchGetItem", "TransactWriteItems"],
        "bring": ["UpdateItem", "BatchGetItem", "TransactWriteItems"],
    }
