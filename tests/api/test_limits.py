"""How often anyone may write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.api import endpoints
from chalicelib.domain.limits import Policy
from chalicelib.gateways import clock
from tests.api import kit as kits

MAKE = "/shelves/a/things"
NOON = datetime(2026, 11, 20, 12, 0, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def three_a_minute(monkeypatch):
    monkeypatch.setattr(endpoints, "WRITES", Policy("writes", limit=3))
    monkeypatch.setattr(endpoints, "ANONYMOUS", Policy("anonymous", limit=2))
    monkeypatch.setattr(clock, "now", lambda: NOON)


def make(kit, *, by="noor", name="Ada"):
    return kit.post(MAKE, by=by, body={"name": name})


def test_every_write_tells_what_is_left_whatever_comes_of_it(kit):
    answers = [make(kit), make(kit, name="taken"), kit.post(MAKE, by="noor", raw=b"{"), make(kit)]

    assert [answer.status for answer in answers] == [201, 409, 400, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    for answer in answers:
        assert answer.headers["ratelimit-policy"] == '"writes";q=3;w=60'
        assert answer.headers["x-ratelimit-limit"] == "3"
        assert answer.headers["x-ratelimit-reset"] == "45"
    assert [answer.headers["ratelimit"] for answer in answers[::3]] == [
        '"writes";r=2;t=45',
        '"writes";r=0;t=45',
    ]


def test_beyond_the_limit_nothing_is_done_and_the_wait_is_told(kit):
    for _ in range(3):
        make(kit)
    answer = make(kit, name="Eve")

    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert answer.headers["retry-after"] == "45"
    assert (answer.json["retry_after"], answer.json["limit"], answer.json["window"]) == (45, 3, 60)
    assert "Eve" not in kits.made


def test_the_next_minute_is_another(kit, monkeypatch):
    for _ in range(4):
        make(kit)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=45))

    assert make(kit).status == 201


def test_each_has_a_limit_of_their_own(kit):
    for _ in range(4):
        make(kit)

    assert make(kit, by="claire").status == 201


def test_reading_is_not_counted(kit, calls):
    answers = [kit.get(MAKE, by="noor") for _ in range(5)]

    assert {answer.status for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers
    assert calls == ["dynamodb.Query"] * 5


def test_without_an_account_it_is_the_address_that_counts(kit):
    def knock(address):
        context = {"httpMethod": "POST", "resourcePath": "/v1/open", "identity": {"sourceIp": address}}
        return kit.event(
            "POST", "/v1/open", resource="/v1/open", requestContext=context, headers={"Authorization": None}
        ).status

    assert [knock("203.0.113.9") for _ in range(3)] == [204, 204, 429]
    assert knock("203.0.113.10") == 204
    assert kit.post("/open", by="noor").status == 204


def test_counting_is_one_call(kit, calls):
    kit.post("/open")

    assert calls == ["dynamodb.UpdateItem"]
