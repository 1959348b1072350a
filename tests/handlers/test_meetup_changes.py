from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import a_caller, a_follower, a_meetup, an_organization, coming

WHY = "Le café est fermé ce jour-là."
RATE, READ, LINE, COMMIT = (
    "dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.Query", "dynamodb.TransactWriteItems",
)  # fmt: skip


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def meetup(hub):
    return a_meetup(a_follower("hana", hub), hub, seats=2)


def path_of(hub, meetup, rest=""):
    return f"/organizations/{hub.id}/meetups/{meetup.id}{rest}"


def changes(api, hub, meetup, *, by="hana", version=1, **body):
    headers = {"If_Match": f'"{version}"'} if version else {}
    return api.patch(path_of(hub, meetup), by=by, body=body, **headers)


def later(meetup, **by):
    return (meetup.starts_at + timedelta(**by)).isoformat()


def test_the_host_changes_what_they_give_and_nothing_else(api, hub, meetup):
    answer = changes(api, hub, meetup, title="Café vélo", accessibility="Plain-pied.")

    assert answer.status == 200
    assert (answer.json["title"], answer.json["accessibility"]) == ("Café vélo", "Plain-pied.")
    assert (answer.json["version"], answer.json["revision"]) == (2, 0)
    more = api.patch(
        path_of(hub, meetup), by="hana", body={"about": "On répare."}, If_Match=answer.headers["etag"]
    )
    assert (more.status, more.json["version"]) == (200, 3)
    assert answer.json["place"]["name"] == "Café du Rond-Point"


def test_a_host_answers_for_sixty_an_hour(api, hub, meetup):
    a_follower("noor", hub)
    there = path_of(hub, meetup, f"/rsvps/{a_caller('noor').member_id}")
    for number in range(60):
        assert api.put(there, by="hana", body={"answer": ("going", "declined")[number % 2]}).status == 200

    answer = api.put(there, by="hana", body={"answer": "going"})

    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert changes(api, hub, meetup, title="Café vélo").status == 200


def test_a_new_date_reaches_who_comes_as_a_question(api, hub, meetup):
    coming("awa", meetup, hub)

    answer = changes(
        api, hub, meetup, starts_at=later(meetup, days=1), ends_at=later(meetup, days=1, hours=2)
    )

    assert (answer.status, answer.json["revision"]) == (200, 1)
    assert not answer.json["rsvp"]["asked_again"]
    assert api.get(path_of(hub, meetup, "/rsvp"), by="awa").json["asked_again"]
    api.put(path_of(hub, meetup, "/rsvp"), by="awa", body={"answer": "going"})
    assert not api.get(path_of(hub, meetup, "/rsvp"), by="awa").json["asked_again"]


def test_null_means_something_where_it_says_so_and_is_left_out_elsewhere(api, hub, meetup):
    answer = changes(
        api, hub, meetup, title=None, about=None, place=None, capacity=None, rsvp_closes_at=None,
        online_url="https://visio.example.org/cafe",
    )  # fmt: skip

    assert answer.status == 200
    assert (answer.json["title"], answer.json["place"], answer.json["capacity"]) == (
        "Café réglage",
        None,
        None,
    )
    assert answer.json["online_url"] == "https://visio.example.org/cafe"


def test_more_seats_are_given_within_four_calls(api, hub, meetup, calls):
    for name in ("awa", "bob", "cleo"):
        coming(name, meetup, hub)
    calls.clear()

    answer = changes(api, hub, meetup, capacity=3)

    assert (answer.json["going"], answer.json["waiting"], answer.json["seats_left"]) == (4, 0, 0)
    assert calls == [RATE, READ, LINE, COMMIT]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"title": "C"}, 400, "invalid_request"),
        ({"time_zone": "Mars/Olympus"}, 400, "invalid_request"),
        ({"capacity": 0}, 400, "invalid_request"),
        ({"party_limit": 11}, 400, "invalid_request"),
        ({"place": {"district": "Lyon", "latitude": 91, "longitude": 4}}, 400, "invalid_request"),
        ({"place": {"district": "Lyon", "latitude": "45", "longitude": 4}}, 400, "invalid_request"),
        ({"online_url": "http://visio.example.org"}, 400, "invalid_request"),
        ({"starts_at": "2027-01-01T10:00:00"}, 400, "invalid_request"),
        ({"host_id": "mem_1"}, 400, "invalid_request"),
        ({"starts_at": "2020-01-01T10:00:00Z"}, 400, "times_refused"),
        ({"ends_at": "2020-01-01T10:00:00Z"}, 400, "times_refused"),
        ({"place": None}, 400, "nowhere_to_meet"),
        ({"capacity": 1}, 409, "capacity_below_taken"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_done(api, hub, meetup, stored, body, status, code):
    coming("awa", meetup, hub, party=2)
    before = stored()

    answer = changes(api, hub, meetup, **body)

    assert (answer.code, answer.status) in {(code, status), (code, 422)}
    assert stored() == before


def test_fewer_seats_than_taken_are_told_and_may_be_decided(api, hub, meetup):
    coming("awa", meetup, hub, party=2)
    assert changes(api, hub, meetup, capacity=1).json["taken"] == 2

    answer = changes(api, hub, meetup, capacity=1, overbook=True)
    assert (answer.status, answer.json["capacity"], answer.json["seats_left"]) == (200, 1, 0)


def test_a_change_says_on_which_version_it_was_decided(api, hub, meetup):
    assert changes(api, hub, meetup, version=None, title="Café vélo").status == 428
    changes(api, hub, meetup, title="Café vélo")
    stale = changes(api, hub, meetup, title="Café tricot")
    assert (stale.status, stale.code) == (412, "changed_meanwhile")


def test_others_change_nothing_and_do_not_know_of_drafts(api, hub, meetup):
    coming("awa", meetup, hub)
    assert changes(api, hub, meetup, by="awa", title="Le mien").code == "only_the_hosts"
    draft = a_meetup(a_caller("hana"), hub, draft=True)
    assert changes(api, hub, draft, by="awa", title="Le mien").status == 404
    assert changes(api, an_organization("other"), meetup, title="Ailleurs").status == 404


def test_cancelling_says_why_and_again_is_the_same(api, hub, meetup):
    path = path_of(hub, meetup, "/cancel")
    first = api.post(path, by="hana", body={"reason": WHY}, Idempotency_Key="cancel-of-hana-1")
    again = api.post(path, by="hana", body={"reason": WHY}, Idempotency_Key="cancel-of-hana-1")
    anew = api.post(path, by="hana", body={"reason": "Autre raison."})

    assert [one.status for one in (first, again, anew)] == [200, 200, 200]
    assert {one.json["cancelled_reason"] for one in (first, again, anew)} == {WHY}
    assert again.headers["idempotency-replayed"] == "true"
    assert api.get(path_of(hub, meetup)).json["state"] == "cancelled"
    late = changes(api, hub, meetup, version=2, title="Trop tard")
    assert (late.status, late.code, late.json["state"]) == (409, "meetup_state_refused", "cancelled")


def test_cancelling_takes_a_reason(api, hub, meetup):
    assert api.post(path_of(hub, meetup, "/cancel"), by="hana", body={}).code == "invalid_request"
    assert (
        api.post(path_of(hub, meetup, "/cancel"), by="hana", body={"reason": " "}).code == "invalid_request"
    )


def test_a_co_host_is_named_goes_and_may_be_handed_the_meetup(api, hub, meetup):
    awa = coming("awa", meetup, hub)
    path = path_of(hub, meetup, f"/co-hosts/{awa.member_id}")

    named = api.put(path, by="hana")
    assert [host["member_id"] for host in named.json["hosts"]][1:] == [awa.member_id]
    assert api.delete(path, by="awa").status == 204
    assert api.delete(path, by="hana").status == 204
    refused = api.put(path_of(hub, meetup, "/host"), by="hana", body={"member_id": awa.member_id})
    assert refused.code == "not_a_co_host"

    api.put(path, by="hana")
    handed = api.put(path_of(hub, meetup, "/host"), by="hana", body={"member_id": awa.member_id})
    assert handed.status == 200
    assert [host["member_id"] for host in handed.json["hosts"]] == [awa.member_id]
    assert handed.json["rsvp"]["party"] == 1
    assert api.put(path, by="hana").code == "only_the_host"
    assert changes(api, hub, meetup, by="awa", version=handed.json["version"], title="Chez Awa").status == 200


def test_whoever_does_not_come_is_no_co_host(api, hub, meetup):
    bob = a_follower("bob", hub)
    for member_id in (bob.member_id, "mem_01M7WN066TK6FTK703WY8C5YNK", "nonsense"):
        answer = api.put(path_of(hub, meetup, f"/co-hosts/{member_id}"), by="hana")
        assert answer.code == "not_one_who_comes"


def test_proposing_again_under_the_same_key_answers_with_the_same_meetup(api, hub, meetup):
    body = {
        "title": "Café tricot", "starts_at": later(meetup), "ends_at": later(meetup, hours=1),
        "time_zone": "Europe/Paris", "online_url": "https://visio.example.org/cafe",
    }  # fmt: skip
    path = f"/organizations/{hub.id}/meetups"
    first, again = (
        api.post(path, by="hana", body=body, Idempotency_Key="proposed-by-hana") for _ in range(2)
    )
    assert (first.status, again.status) == (201, 201)
    assert first.json["id"] == again.json["id"]
