"""Deciding on what one has seen."""

from __future__ import annotations

import pytest

from tests.api import kit as kits
from tests.api.kit import Thing, load

SHELF = "/shelves/a/things"


@pytest.fixture
def thing(kit):
    return kit.post(SHELF, by="noor", body={"name": "Ada"})


def path(thing):
    return f"{SHELF}/{thing.json['id']}"


def name_of(thing):
    (found,) = load(Thing.key("a", thing.json["id"]))
    return found.name


def test_a_change_says_what_it_was_decided_on(kit, thing):
    answer = kit.patch(path(thing), by="noor", body={"name": "Bob"})

    assert (answer.status, answer.code) == (428, "if_match_missing")
    assert name_of(thing) == "Ada"


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "*", "1", '"', '""', '"a"', '"1', '1"', "'1'", 'W/"1"', '"1","2"', '"-1"', '"1.0"', '"1 "',
        '"é"',
        '"1-"', '"1-zzzzzzzzzzzz"', '"1-9f86d081884c', '"1-9f86d081884c0"', '"9999999999999999"', '"1"\x00',
        '"①"',
    ],
)  # fmt: skip
def test_what_is_no_etag_of_ours_is_refused(kit, thing, said):
    answer = kit.patch(path(thing), by="noor", body={"name": "Bob"}, If_Match=said)

    assert (answer.status, answer.code) == (400, "if_match_invalid"), answer
    assert name_of(thing) == "Ada"


@pytest.mark.parametrize("said", ['"0"', '"2"', '"2-9f86d081884c"', '"999999999999999"'])
def test_another_version_is_stale(kit, thing, said):
    answer = kit.patch(path(thing), by="noor", body={"name": "Bob"}, If_Match=said)

    assert (answer.status, answer.code) == (412, "changed_meanwhile"), answer
    assert name_of(thing) == "Ada"


def test_the_etag_and_its_version_alone_will_do(kit, thing):
    first = kit.patch(path(thing), by="noor", body={"name": "Bob"}, If_Match=thing.headers["etag"])
    second = kit.patch(path(thing), by="noor", body={"name": "Eve"}, If_Match=' "2" ')

    assert (first.status, first.json["version"]) == (200, 2), first
    assert (second.status, second.json["version"]) == (200, 3), second


def test_an_etag_serves_once(kit, thing):
    etag = thing.headers["etag"]

    statuses = [
        kit.patch(path(thing), by=by, body={"name": by}, If_Match=etag).status for by in ("noor", "claire")
    ]

    assert statuses == [200, 412]
    assert name_of(thing) == "noor"


@pytest.mark.parametrize("held", ["{0}", "W/{0}", '"x", {0}', '{0},"x"', "*", "  {0}  "])
def test_what_one_has_already_is_not_sent_again(kit, thing, held):
    answer = kit.get(path(thing), by="noor", If_None_Match=held.format(thing.headers["etag"]))

    assert (answer.status, answer.text) == (304, "")
    assert answer.headers["etag"] == thing.headers["etag"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("held", ['"1"', '"2-9f86d081884c"', "", "garbage", "1", '"1-9f86d081884c'])
def test_what_one_does_not_have_is_sent(kit, thing, held):
    answer = kit.get(path(thing), by="noor", If_None_Match=held)

    assert (answer.status, answer.json) == (200, thing.json)


def test_what_changed_is_sent(kit, thing):
    kit.patch(path(thing), by="noor", body={"name": "Bob"}, If_Match='"1"')

    assert kit.get(path(thing), by="noor", If_None_Match=thing.headers["etag"]).json["name"] == "Bob"


def test_what_differs_beside_the_version_is_another_answer(kit):
    """A name shown beside the thing, or whether the caller follows it, moves no version."""
    french = kit.get("/open", by="noor", Accept_Language="fr")
    english = kit.get("/open", by="noor", Accept_Language="en", If_None_Match=french.headers["etag"])

    assert (french.json["version"], english.json["version"]) == (1, 1)
    assert (english.status, english.json["name"]) == (200, "en")


def test_only_reading_answers_304(kit, thing):
    answer = kit.patch(path(thing), by="noor", body={"name": "Bob"}, If_Match='"1"', If_None_Match="*")

    assert answer.status == 200
    assert kits.made == ["Ada"]
