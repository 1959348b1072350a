"""What requests say, and what is made of requests that say something else."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from chalicelib.api import problems, reading
from tests.api import kit as kits

MAKE = "/shelves/a/things"


def deep(opening, closing, depth=5_000):
    return opening * depth + closing * depth


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b"name", b"{'name': 'Ada'}", b'{"name": "Ada"', b'{"name": "Ada"} {}',
        b'{"name": "Ada",}',
        b'\xef\xbb\xbf{"name": "Ada"}', b'{"name": "\xff"}', b'{"name": "\xc3\x28"}', b'{"name": "\\ud800"}',
        b'{"name": "\\u00"}', b'{"name": "a\nb"}', b'{"name": "\x00"}', b"\x00",
        '{"name": "Ada"}'.encode("utf-16"),
        b'{"name": 01}', b'{"notes": ' + deep(b"[", b"]") + b"}", b'{"notes": ' + deep(b'{"a":', b"}") + b"}",
    ],
    ids=lambda raw: repr(raw[:20]),
)  # fmt: skip
def test_what_is_not_json_is_malformed(kit, stored, raw):
    before = stored()

    answer = kit.event("POST", "/v1/shelves/a/things", **posted(raw))

    assert (answer.status, answer.code) == (400, "malformed_json"), answer
    assert (stored(), kits.made) == (before, [])


def posted(raw):
    return {
        "resource": "/v1/shelves/{organization_id}/things",
        "pathParameters": {"organization_id": "a"},
        "headers": {"content-type": "application/json"},
        "body": base64.b64encode(raw).decode(),
        "isBase64Encoded": True,
    }


@pytest.mark.parametrize("body", ["\ud800", '{"name": "\udfff"}'])
def test_what_cannot_have_been_utf8_is_malformed(kit, body):
    answer = kit.event("POST", "/v1/x", **{**posted(b""), "body": body, "isBase64Encoded": False})

    assert (answer.status, answer.code) == (400, "malformed_json"), answer


def test_what_is_not_base64_is_malformed(kit):
    answer = kit.event("POST", "/v1/x", **{**posted(b""), "body": "a"})

    assert (answer.status, answer.code) == (400, "malformed_json"), answer


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], {"": "model_type"}),
        ("Ada", {"": "model_type"}),
        (None, {"": "model_type"}),
        (7, {"": "model_type"}),
        ({}, {"/name": "missing"}),
        ({"name": None}, {"/name": "string_type"}),
        ({"name": 7}, {"/name": "string_type"}),
        ({"name": ["Ada"]}, {"/name": "string_type"}),
        ({"name": {"a": 1}}, {"/name": "string_type"}),
        ({"name": "a" * 21}, {"/name": "too_long"}),
        ({"name": "  "}, {"/name": "blank_text"}),
        ({"name": "\u200b"}, {"/name": "blank_text"}),
        ({"name": "a\nb"}, {"/name": "several_lines"}),
        ({"name": "a\u202eb"}, {"/name": "unprintable_text"}),
        ({"name": "a\x00"}, {"/name": "unprintable_text"}),
        ({"name": "Ada", "score": 3}, {"/score": "extra_forbidden"}),
        ({"name": "Ada", "a/b~c": 3}, {"/a~1b~0c": "extra_forbidden"}),
        ({"name": "Ada", "sure": "perhaps"}, {"/sure": "bool_type"}),
        ({"name": "Ada", "parts": {}}, {"/parts": "list_type"}),
        ({"name": "Ada", "parts": [{"size": 1}] * 4}, {"/parts": "too_long"}),
        ({"name": "Ada", "parts": [{"size": 0}, {"size": 10}]},
         {"/parts/0/size": "greater_than_equal", "/parts/1/size": "less_than_equal"}),
        ({"name": "Ada", "parts": [{"size": 1, "color": 2}]}, {"/parts/0/color": "extra_forbidden"}),
        ({"parts": [{}], "x": 1}, {"/name": "missing", "/parts/0/size": "missing", "/x": "extra_forbidden"}),
        ({"name": "Ada", "parts": [{"size": 10**30}]}, {"/parts/0/size": "less_than_equal"}),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_each_fault_is_pointed_at_and_nothing_is_written(kit, stored, body, pointers):
    before = stored()

    answer = kit.post(MAKE, by="noor", raw=json.dumps(body).encode())

    assert (answer.status, answer.code) == (422, "invalid_request"), answer
    assert {fault["pointer"]: fault["code"] for fault in answer.json["errors"]} == pointers
    assert all(fault["message"] for fault in answer.json["errors"])
    assert (stored(), kits.made) == (before, [])


def test_a_number_too_long_to_read_is_a_fault_not_a_failure(kit):
    raw = b'{"name": "Ada", "parts": [{"size": ' + b"9" * 10_000 + b"}]}"

    assert kit.post(MAKE, by="noor", raw=raw).status in (400, 422)


def test_a_body_of_nothing_but_faults_does_not_make_a_far_larger_answer(kit):
    answer = kit.post(MAKE, by="noor", body={f"a{n}": 0 for n in range(5000)})

    assert answer.status == 422
    assert len(answer.json["errors"]) == 50
    assert len(answer.text) < 10_000


def test_faults_are_told_in_the_readers_language_under_the_same_code(kit):
    body = {"name": "a" * 21, "score": 1, "parts": [{"size": 0}]}
    english = kit.post(MAKE, by="noor", body=body, Accept_Language="en").json
    french = kit.post(MAKE, by="noor", body=body, Accept_Language="fr-CA,fr;q=0.9").json

    assert [f["code"] for f in english["errors"]] == [f["code"] for f in french["errors"]]
    assert [f["message"] for f in french["errors"]] == [
        "Au plus 20 caractères", "Au moins 1", "Ce champ n’existe pas",
    ]  # fmt: skip
    assert (english["code"], english["type"]) == (french["code"], french["type"])
    assert (english["title"], french["title"]) == ("Invalid request", "Requête invalide")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "en"), ("", "en"), ("*", "en"), ("de", "en"), ("fr", "fr"), ("FR", "fr"), ("fr-BE", "fr"),
        ("de, fr;q=0.5", "fr"), ("en;q=0.8, fr;q=0.9", "fr"), ("fr;q=0", "en"),
        ("fr; q=0.3 , en ; q=0.7", "en"),
        ("fr;q=abc, en", "en"), ("fr;q=nan", "fr"), ("," * 5000, "en"), ("fr;q=" + "9" * 5000, "fr"),
        (";;;", "en"),
        ("\x00é\ud800", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_first_of_ours_that_is_accepted(asked, language):
    assert reading.language_of(asked) == language


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"', " application/json ",
    ],
)  # fmt: skip
def test_json_is_read_however_it_is_announced(kit, media_type):
    assert kit.post(MAKE, by="noor", body={"name": "Ada"}, Content_Type=media_type).status == 201


@pytest.mark.parametrize(
    "media_type",
    [
        None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a",
        "application/xml",
        "application/json; charset=latin-1", "application/json; charset=utf-16", "application/jsonp",
        "text/json",
        "application/json, text/plain", "application/json; boundary=a", "application/merge-patch+json",
    ],
)  # fmt: skip
def test_anything_else_is_an_unsupported_media_type(kit, media_type):
    headers = {} if media_type is None else {"content-type": media_type}
    answer = kit.event("POST", "/v1/x", **{**posted(b'{"name": "Ada"}'), "headers": headers})

    assert (answer.status, answer.code) == (415, "unsupported_media_type"), answer
    assert kits.made == []


def test_a_body_is_at_most_64_kib(kit):
    def body(length):
        frame = len(b'{"name": "Ada", "notes": ""}')
        return b'{"name": "Ada", "notes": "' + b"a" * (length - frame) + b'"}'

    assert kit.post(MAKE, by="noor", raw=body(64 * 1024)).status == 201
    answer = kit.post(MAKE, by="noor", raw=body(64 * 1024 + 1))

    assert (answer.status, answer.code, answer.json["most"]) == (413, "body_too_large", 65536)


@pytest.mark.parametrize(
    "name", ["a" * 256, "a%20b", "a%2Fb", "a#b", "é", "a b", "a:b", "%00", "{a}", "$", "a'b"]
)
def test_a_path_names_only_what_can_exist(kit, calls, name):
    answer = kit.event(
        "GET", "/v1/x", resource="/v1/shelves/{organization_id}/things/{thing_id}",
        pathParameters={"organization_id": "a", "thing_id": name},
    )  # fmt: skip

    assert (answer.status, answer.code) == (404, "nothing_here"), answer
    assert answer.json["instance"].isascii()
    assert calls == []


@pytest.mark.parametrize(
    "name", ["a" * 255, "thg_01JD3Q7M5T8XW2RBN4CJ6HDPEA", "a.b~c-d_e", "..", "null", "0"]
)
def test_whether_it_exists_is_the_domains_to_say(kit, name):
    answer = kit.get(f"{MAKE}/{name}", by="noor")

    assert (answer.status, answer.code) == (404, "thing_not_found"), answer


@pytest.mark.parametrize(
    "query",
    [
        {"limit": ["1", "2"]}, {"name": ["a", "a"]}, {"name": ["\ud800"]}, {"\ud800": ["a"]},
        {"cursor": ["a", "b"], "limit": ["1"]},
    ],
    ids=repr,
)  # fmt: skip
def test_a_query_says_each_thing_once_in_utf8(kit, query):
    answer = kit.event(
        "GET", "/v1/x", resource="/v1/shelves/{organization_id}/things",
        pathParameters={"organization_id": "a"}, multiValueQueryStringParameters=query,
    )  # fmt: skip

    assert (answer.status, answer.code) == (400, "query_malformed"), answer


@pytest.mark.parametrize(("name", "code"), [("a" * 21, "too_long"), ("Ada", None), ("%ff", None), ("", None)])
def test_a_query_is_held_to_its_contract(kit, name, code):
    answer = kit.get(f"{MAKE}?name={name}", by="noor")

    assert answer.status == (422 if code else 200), answer
    if code:
        assert [(f["parameter"], f["code"]) for f in answer.json["errors"]] == [("name", code)]


def test_a_query_parameter_that_nobody_reads_is_refused(kit):
    answer = kit.get(f"{MAKE}?nme=Ada", by="noor")

    assert [(f["parameter"], f["code"]) for f in answer.json["errors"]] == [("nme", "extra_forbidden")]


def test_where_no_query_is_read_none_can_be_wrong(kit):
    answer = kit.event(
        "GET", "/v1/open", resource="/v1/open", multiValueQueryStringParameters={"a": ["\ud800", "b"]}
    )

    assert answer.status == 200


def test_whatever_contracts_find_wrong_is_said_in_french():
    contracts = Path(reading.__file__).parents[1] / "contracts"
    own = {
        code
        for module in contracts.glob("*.py")
        for code in re.findall(r"PydanticCustomError\(\s*\"(\w+)\"", module.read_text("utf-8"))
    }

    assert own <= problems.FRENCH.keys()
