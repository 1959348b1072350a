"""What every answer has, whatever the answer."""

from __future__ import annotations

import pytest

from chalicelib.api import exchange, problems
from chalicelib.domain import errors
from chalicelib.settings import settings
from tests.api import kit as kits

MAKE = "/shelves/a/things"


def answers(kit):
    """One answer of each kind."""
    made = kit.post(MAKE, by="noor", body={"name": "Ada"})
    thing = f"{MAKE}/{made.json['id']}"
    stale = kit.patch(thing, by="noor", body={"name": "Ada"}, If_Match='"7"')
    return {
        200: kit.get(thing, by="noor"),
        201: made,
        304: kit.get(thing, by="noor", If_None_Match="*"),
        204: kit.delete(thing, by="noor"),
        400: kit.post(MAKE, by="noor", raw=b"{"),
        401: kit.get(thing),
        403: kit.get("/scoped", by="noor"),
        404: kit.get(thing, by="noor"),
        409: kit.post(MAKE, by="noor", body={"name": "taken"}),
        412: stale,
        413: kit.post(MAKE, by="noor", raw=b" " * 70_000),
        415: kit.post(MAKE, by="noor", raw=b"{}", Content_Type="text/plain"),
        422: kit.post(MAKE, by="noor", body={}),
        428: kit.patch(thing, by="noor", body={"name": "Ada"}),
        429: kit.post(MAKE, by="noor", body={"name": "enough"}),
        500: kit.post("/bug", by="noor"),
    }


def test_every_answer_can_be_traced_cached_and_read_from_another_origin(kit):
    for status, answer in answers(kit).items():
        headers = answer.headers
        assert answer.status == status, answer
        assert headers["x-request-id"].startswith("req_")
        assert headers["vary"] == "Accept-Language, Authorization"
        assert headers["content-language"] == "en"
        assert headers["cache-control"] == "no-store"
        assert headers["access-control-allow-origin"] == "*"
        assert {"ETag", "X-Request-Id", "Idempotency-Replayed", "Retry-After"} <= set(
            headers["access-control-expose-headers"].split(",")
        )
        assert "access-control-allow-credentials" not in headers


def test_every_problem_is_a_problem(kit):
    for status, answer in answers(kit).items():
        if status < 400:
            continue
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json
        assert problem["type"] == f"urn:entraide:problem:{problem['code']}"
        assert problem["status"] == answer.status
        assert problem["title"] == problems.TITLES[answer.status]["en"]
        assert problem["request_id"] == answer.headers["x-request-id"]
        assert problem["instance"].startswith("/v1/")
        assert "{" not in problem["instance"]


def test_problems_are_localized_but_for_their_code(kit):
    said = {
        language: kit.post(MAKE, by="noor", body={"name": "taken"}, Accept_Language=language)
        for language in ("fr", "en")
    }

    assert {answer.code for answer in said.values()} == {"name_taken"}
    assert said["fr"].json["detail"] == "taken est pris."
    assert said["en"].json["detail"] == "taken is taken."
    assert said["fr"].headers["content-language"] == "fr"


def test_context_travels_and_never_replaces_what_every_problem_has(kit):
    answer = kit.post(MAKE, by="noor", body={"name": "taken"})

    assert answer.json["name"] == "taken"
    assert (answer.json["status"], answer.json["code"]) == (409, "name_taken")
    assert answer.json["language"] == "context"


def test_a_refusal_about_a_field_points_at_it(kit):
    answer = kit.post(MAKE, by="noor", body={"name": "7"})

    assert (answer.status, answer.code) == (422, "name_odd")
    assert answer.json["errors"] == [{"pointer": "/name", "code": "name_odd", "message": "7 is odd."}]
    assert "pointer" not in answer.json


def test_a_refusal_that_passes_says_when(kit):
    answer = kit.post(MAKE, by="noor", body={"name": "enough"})

    assert (answer.status, answer.code) == (429, "enough")
    assert answer.headers["retry-after"] == "9"


@pytest.mark.parametrize(("path", "clue"), [("/bug", "ZeroDivisionError"), ("/misshapen", "ValidationError")])
def test_a_bug_tells_support_everything_and_the_client_nothing(kit, logged, path, clue):
    answer = kit.post(path, by="noor", Accept_Language="fr")

    assert (answer.status, answer.code) == (500, "internal_error")
    assert answer.json["request_id"] in answer.json["detail"]
    assert answer.headers["content-language"] == "fr"
    assert not [word for word in (clue, "Traceback", ".py", "kit") if word in answer.text]
    (line,) = [line for line in logged() if line["level"] == "ERROR"]
    assert line["request_id"] == answer.json["request_id"]
    assert (line["status"], line["exception_name"]) == (500, clue)
    assert clue in line["exception"]


def test_a_refusal_is_no_error_in_the_log(kit, logged):
    kit.post(MAKE, by="noor", body={"name": "taken"})

    assert [line for line in logged() if line["level"] == "ERROR"] == []


def test_a_refusal_of_no_kind_is_our_mistake_and_still_a_problem(kit, monkeypatch):
    class Odd(errors.Refusal):
        pass

    def refuse(*_):
        raise Odd

    monkeypatch.setattr(exchange, "_authorized", refuse)
    answer = kit.get("/open", by="noor")

    assert (answer.status, answer.code) == (500, "odd")


def test_the_gateways_request_id_is_the_one_told(kit):
    assert kit.event("GET", "/v1/open", resource="/v1/open").headers["x-request-id"] == "from-the-gateway"


def test_what_is_created_is_found_at_its_location(kit):
    made = kit.post(MAKE, by="noor", body={"name": "Ada"})

    assert made.headers["location"] == f"/v1{MAKE}/{made.json['id']}"
    assert kit.get(made.headers["location"].removeprefix("/v1"), by="noor").json == made.json


def test_an_endpoint_may_know_better(kit):
    made = kit.post("/elsewhere", by="noor")

    assert (made.status, made.headers["location"], made.headers["x-own"]) == (201, "/v1/over/there", "1")


def test_addresses_lead_back_through_the_stage_where_there_is_no_domain(kit, monkeypatch):
    settings.cache_clear()
    monkeypatch.setenv("PUBLIC_URL", "https://x.execute-api.eu-west-3.amazonaws.com/api/")
    made = [kit.post(MAKE, by="noor", body={"name": "Ada"}) for _ in range(2)]
    listed = kit.get(f"{MAKE}?limit=1", by="noor")
    settings.cache_clear()

    assert made[0].headers["location"].startswith(f"/api/v1{MAKE}/thg_")
    assert listed.headers["link"].startswith(f"</api/v1{MAKE}?limit=1&cursor=")


def test_what_everyone_may_read_may_be_kept_if_checked(kit):
    assert kit.get("/open").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH", "TRACE"])
def test_a_method_that_is_not_served_does_nothing(kit, calls, method):
    answer = kit.call(method, "/open", by="noor")

    # on AWS the gateway answers before us, with a problem of its own: infra/template/api.yaml
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, POST"
    assert (calls, kits.made) == ([], [])


def test_preflight_allows_what_the_kit_reads_and_tells_what_it_says(kit):
    answer = kit._client.http._local_gateway.handle_request(
        method="OPTIONS",
        path="/v1/shelves/a/things",
        headers={"Origin": "https://cyclofil.example"},
        body=b"",
    )
    headers = {name: set(value.split(",")) for name, value in answer["headers"].items()}

    assert answer["statusCode"] == 200
    assert headers["Access-Control-Allow-Origin"] == {"*"}
    assert headers["Access-Control-Allow-Methods"] == {"GET", "POST", "OPTIONS"}
    assert headers["Access-Control-Max-Age"] == {"600"}
    assert {
        "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language",
    } <= headers["Access-Control-Allow-Headers"]  # fmt: skip
