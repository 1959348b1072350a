"""Lists by pages: cursors that are good for one person and one list."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api import kit as kits

SHELF = "/shelves/a/things"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def things():
    """Five things on shelf a, and five on shelf b."""
    for shelf in "ab":
        for n in range(5):
            kits.Thing(f"SHELF#{shelf}", f"thg_{n}", id=f"thg_{n}", name=f"{shelf}{n}").save()


def cursor_of(answer):
    return answer.json["next_cursor"]


@pytest.mark.usefixtures("things")
def test_pages_follow_each_other_without_gap_or_repetition(kit):
    seen, query = [], {"limit": 2}
    while query:
        page = kit.get(SHELF, by="noor", query=query).json
        seen += [thing["id"] for thing in page["data"]]
        assert page["has_more"] == (page["next_cursor"] is not None)
        assert page["order"] == "oldest_first@1"
        query = page["has_more"] and {"limit": 2, "cursor": page["next_cursor"]}

    assert seen == [f"thg_{n}" for n in range(5)]


@pytest.mark.usefixtures("things")
def test_the_link_leads_to_the_same_page_as_the_cursor(kit):
    first = kit.get(SHELF, by="noor", query={"limit": 2, "name": "Ada"})
    (address, relation) = re.fullmatch(r"<(.+)>; rel=\"(\w+)\"", first.headers["link"]).groups()

    assert relation == "next"
    assert urlsplit(address).path == f"/v1{SHELF}"
    assert parse_qs(urlsplit(address).query) == {
        "limit": ["2"],
        "name": ["Ada"],
        "cursor": [cursor_of(first)],
    }
    followed = kit.get(address.removeprefix("/v1"), by="noor")
    assert [thing["id"] for thing in followed.json["data"]] == ["thg_2", "thg_3"]


@pytest.mark.usefixtures("things")
def test_the_last_page_leads_nowhere(kit):
    page = kit.get(SHELF, by="noor", query={"limit": 5})

    assert (page.json["has_more"], page.json["next_cursor"]) == (False, None)
    assert "link" not in page.headers


@pytest.mark.usefixtures("things")
def test_a_cursor_with_any_byte_changed_is_refused(kit):
    cursor = cursor_of(kit.get(SHELF, by="noor", query={"limit": 2}))

    for position, was in enumerate(cursor):
        for other in (ALPHABET[(ALPHABET.index(was) + 1) % 64], ALPHABET[(ALPHABET.index(was) + 32) % 64]):
            forged = cursor[:position] + other + cursor[position + 1 :]
            answer = kit.get(SHELF, by="noor", query={"cursor": forged})
            assert (answer.status, answer.code) == (400, "cursor_invalid"), (position, answer)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "change",
    [
        lambda c: c[:-1], lambda c: c[1:], lambda c: c + "A", lambda c: c + "=", lambda c: c + "\n",
        lambda c: c * 2,
        lambda c: " " + c, lambda c: c.swapcase(), lambda c: c[::-1], lambda _: "", lambda _: "é",
        lambda _: "thg_1",
        lambda _: "A" * 10_000, lambda _: "null", lambda c: c + "!", lambda c: c[:4] + "\n" + c[4:],
    ],
)  # fmt: skip
def test_what_is_no_cursor_of_ours_is_refused(kit, change):
    cursor = cursor_of(kit.get(SHELF, by="noor", query={"limit": 2}))

    answer = kit.get(SHELF, by="noor", query={"cursor": change(cursor)})

    assert (answer.status, answer.code) == (400, "cursor_invalid"), answer


@pytest.mark.usefixtures("things")
def test_a_cursor_is_good_for_one_person_one_list_and_one_query(kit):
    mine = {"cursor": cursor_of(kit.get(SHELF, by="noor", query={"limit": 2, "name": "Ada"})), "name": "Ada"}

    assert kit.get(SHELF, by="noor", query=mine).status == 200
    assert kit.get(SHELF, by="noor", query={**mine, "limit": 50}).status == 200
    for path, by, query in [
        (SHELF, "claire", mine),
        ("/shelves/b/things", "noor", mine),
        ("/public/a/things", "noor", {"cursor": mine["cursor"]}),
        (SHELF, "noor", {**mine, "name": "Bob"}),
        (SHELF, "noor", {"cursor": mine["cursor"]}),
    ]:
        answer = kit.get(path, by=by, query=query)
        assert (answer.status, answer.code) == (400, "cursor_invalid"), (path, by, query)


@pytest.mark.usefixtures("things")
def test_whoever_has_no_account_keeps_their_cursor_when_their_address_changes(kit):
    cursor = cursor_of(kit.get("/public/a/things", query={"limit": 2}))
    event = {
        "resource": "/v1/public/{organization_id}/things",
        "pathParameters": {"organization_id": "a"},
        "multiValueQueryStringParameters": {"cursor": [cursor]},
    }
    elsewhere = {
        "httpMethod": "GET",
        "resourcePath": event["resource"],
        "identity": {"sourceIp": "203.0.113.9"},
    }

    answer = kit.event("GET", "/v1/x", **event, requestContext=elsewhere, headers={"Authorization": None})

    assert [thing["id"] for thing in answer.json["data"]] == ["thg_2", "thg_3", "thg_4"]


@pytest.mark.parametrize(
    "limit", ["0", "101", "1000", "-1", "1.5", "x", "", " 5", "５", "1e1", "0x5", "9" * 5000]
)
def test_a_limit_is_a_whole_number_within_bounds(kit, limit):
    answer = kit.get(SHELF, by="noor", query={"limit": limit})

    assert (answer.status, answer.code, answer.json["most"]) == (400, "limit_invalid", 100), answer


@pytest.mark.parametrize("limit", ["1", "50", "007", "100"])
def test_any_limit_within_bounds_will_do(kit, limit):
    assert kit.get(SHELF, by="noor", query={"limit": limit}).status == 200


def test_a_page_is_one_read(kit, calls):
    kit.get(SHELF, by="noor", query={"limit": 50})

    assert calls == ["dynamodb.Query"]
