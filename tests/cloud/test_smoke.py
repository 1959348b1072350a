from __future__ import annotations

import uuid

import httpx
import pytest


@pytest.fixture(scope="module")
def http(cloud):
    with httpx.Client(base_url=cloud.api, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def bearer(cloud):
    username = f"camille-{uuid.uuid4().hex[:8]}"
    cloud.people.sign_up(username, "Camille Durand")
    return {"Authorization": f"Bearer {cloud.people.token(username)}"}


def test_an_unknown_route_is_a_problem_that_any_origin_can_read(http):
    answer = http.get("/unknown", headers={"Origin": "https://app.example.org"})

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["code"] == "route_not_found"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_a_method_that_a_route_does_not_take_is_the_same_problem(http):
    assert http.delete("/me").json()["code"] == "route_not_found"


def test_without_a_token_the_caller_is_asked_to_sign_in(http):
    answer = http.get("/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_first_call_makes_a_member_and_the_next_ones_find_them(http, bearer):
    answers = [http.get("/me", headers=bearer) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert answers[0].json()["name"] == "Camille Durand"


def test_what_was_read_can_be_edited(http, bearer):
    version = http.get("/me", headers=bearer).headers["ETag"]

    edited = http.patch("/me", headers={**bearer, "If-Match": version}, json={"name": "Camille D."})

    assert (edited.status_code, edited.json()["name"]) == (200, "Camille D.")


def test_a_browser_may_call_from_anywhere(http):
    asked = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "PATCH"}

    answer = http.options("/me", headers=asked)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_the_websocket_turns_away_whoever_has_no_ticket(cloud):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with pytest.raises(InvalidStatus) as refused, connect(cloud.live):
        pass

    assert refused.value.response.status_code == 403  # what the emulator makes of any refusal
