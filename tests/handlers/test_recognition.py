from __future__ import annotations

import pytest

from chalicelib.domain import events, messages
from chalicelib.models.journal import JournalEntry
from tests import queues
from tests.factories import a_caller, a_follower, an_organization

WORDS = {"text": "Merci, mes freins ne grincent plus !"}


@pytest.fixture
def acme():
    return an_organization()


@pytest.fixture
def help_(acme):
    """The path of the thanks for what noor said, in reach of sam."""
    a_follower("sam", acme)
    return said(acme, a_follower("noor", acme))


def said(organization, author, key="c1"):
    salon_id = organization.default_salon_id
    posted = messages.post(
        author, organization.id, salon_id, client_message_id=key, text="Resserrez le câble."
    )
    return f"/organizations/{organization.id}/salons/{salon_id}/messages/{posted.said.id}/thanks"


def thanks_announced():
    """What the journal says of thanks, as the queue carries it."""
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [
        queues.envelope(events.named(entry.detail_type).from_detail(entry.detail))
        for entry in entries
        if entry.detail_type.startswith("thanks.")
    ]


def test_thanks_answer_201_then_200(api, help_):
    first = api.put(help_, by="sam", body=WORDS)
    again = api.put(help_, by="sam", body=WORDS)
    other = api.put(help_, by="sam", body={"text": "Merci encore"})

    assert (first.status, again.status, other.status) == (201, 200, 200), first
    assert again.json == first.json
    assert first.json == {
        "thanks_id": first.json["thanks_id"],
        "giver_id": a_caller("sam").member_id,
        "name": "Sam",
        "text": WORDS["text"],
        "at": first.json["at"],
    }
    assert other.json == {**first.json, "text": "Merci encore"}


def test_thanking_again_after_withdrawing_answers_201(api, help_):
    api.put(help_, by="sam", body=WORDS)

    assert [api.delete(help_, by="sam").status for _ in range(2)] == [204, 204]

    assert api.put(help_, by="sam", body=WORDS).status == 201


def test_anyone_reads_thanks(api, help_):
    given = api.put(help_, by="sam", body=WORDS).json

    listed = api.get(help_)

    assert listed.status == 200
    assert listed.json == {
        "data": [given],
        "has_more": False,
        "next_cursor": None,
        "order": "oldest_first@1",
    }


def test_thanks_come_page_by_page(api, acme, help_):
    for name in ["ana", "bo", "cy"]:
        a_follower(name, acme)
        api.put(help_, by=name, body=WORDS)

    first = api.get(help_, query={"limit": 2}).json
    rest = api.get(help_, query={"limit": 2, "cursor": first["next_cursor"]}).json

    assert [given["name"] for given in first["data"] + rest["data"]] == ["Ana", "Bo", "Cy"]
    assert (first["has_more"], rest["has_more"]) == (True, False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing"),
        ({"text": ""}, "blank_text"),
        ({"text": " \n "}, "blank_text"),
        ({"text": "é" * 501}, "too_long"),
        ({"text": "Merci\u0007"}, "unprintable_text"),
        ({"text": None}, "string_type"),
        ({"text": "Merci", "score": 5}, "extra_forbidden"),
    ],
)
def test_words_out_of_shape_are_refused_and_nothing_is_written(api, help_, stored, body, code):
    before = stored()

    refused = api.put(help_, by="sam", body=body)

    assert refused.status == 422, refused
    assert [fault["code"] for fault in refused.json["errors"]] == [code]
    assert stored() == before


def test_five_hundred_characters_are_enough_for_thanks(api, help_):
    assert api.put(help_, by="sam", body={"text": "é" * 500}).status == 201


@pytest.mark.parametrize(
    ("by", "status", "code"),
    [(None, 401, "token_missing"), ("noor", 403, "cannot_thank_yourself"), ("lou", 403, "follow_first")],
)
def test_thanks_are_refused(api, help_, stored, by, status, code):
    if by:
        api.get("/me", by=by)
    before = stored()

    refused = api.put(help_, by=by, body=WORDS)

    assert (refused.status, refused.code) == (status, code)
    assert stored() == before


def test_what_was_deleted_is_thanked_no_more(api, help_):
    api.delete(help_.removesuffix("/thanks"), by="noor")

    refused = api.put(help_, by="sam", body=WORDS)

    assert (refused.status, refused.code) == (409, "message_withdrawn")


def test_what_does_not_exist_is_not_found(api, help_):
    nowhere = help_.replace("/messages/msg_", "/messages/msg_0")

    answers = [
        api.put(nowhere, by="sam", body=WORDS),
        api.delete(nowhere, by="sam"),
        api.get(nowhere),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "message_not_found")] * 3


def test_thanks_cost_four_calls_each_time(api, help_, calls):
    api.get("/me", by="sam")
    expected = ["dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]

    for body, writes in [(WORDS, 1), (WORDS, 0), ({"text": "Merci encore"}, 1), (None, 1), (None, 0)]:
        calls.clear()
        answer = api.put(help_, by="sam", body=body) if body else api.delete(help_, by="sam")
        assert answer.status in (200, 201, 204), answer
        assert calls == expected + ["dynamodb.TransactWriteItems"] * writes


def test_recognition_starts_at_nothing(api):
    answer = api.get("/me/recognition", by="noor")

    assert answer.status == 200
    assert answer.json == {
        "data": [],
        "has_more": False,
        "next_cursor": None,
        "order": "newest_first@1",
        "balance": 0,
    }


def test_recognition_is_ones_own(api, help_):
    assert api.get("/me/recognition").status == 401


def test_thanks_become_merit_with_its_reason_and_withdrawn_they_take_it_along(api, acme, help_, announced):
    given = api.put(help_, by="sam", body=WORDS).json
    queues.deliver("reward", *thanks_announced())
    earned = api.get("/me/recognition", by="noor").json
    api.delete(help_, by="sam")
    queues.deliver("reward", *thanks_announced())
    reversed_ = api.get("/me/recognition", by="noor", Accept_Language="fr").json

    (line,) = earned["data"]
    assert earned["balance"] == 1
    assert line == {
        "id": line["id"],
        "kind": "earn",
        "amount": 1,
        "reason": "thanked",
        "explanation": "Someone thanked you for this.",
        "text": WORDS["text"],
        "rule": "thanks@1",
        "organization_id": acme.id,
        "object": {"kind": "message", "id": help_.split("/")[-2]},
        "thanks_id": given["thanks_id"],
        "actor_id": given["giver_id"],
        "at": given["at"],
    }
    assert reversed_["balance"] == 0
    assert [entry["text"] for entry in reversed_["data"]] == [None, None]
    assert [(entry["kind"], entry["amount"]) for entry in reversed_["data"]] == [("reverse", -1), ("earn", 1)]
    assert reversed_["data"][0]["explanation"].startswith("Ce merci a été repris")
    assert api.get("/me/recognition", by="sam").json["balance"] == 0
    assert announced()[-4:] == [
        "thanks.given.v1",
        "merit.earned.v1",
        "thanks.withdrawn.v1",
        "merit.reversed.v1",
    ]


def test_recognition_comes_page_by_page_with_the_whole_balance(api, acme):
    noor = a_follower("noor", acme)
    paths = [said(acme, noor, key=f"c{number}") for number in range(3)]
    a_follower("sam", acme)
    given = [api.put(path, by="sam", body=WORDS).json["thanks_id"] for path in paths]
    queues.deliver("reward", *thanks_announced())

    first = api.get("/me/recognition", by="noor", query={"limit": 2}).json
    rest = api.get("/me/recognition", by="noor", query={"limit": 2, "cursor": first["next_cursor"]}).json

    assert [line["thanks_id"] for line in first["data"] + rest["data"]] == given[::-1]
    assert (first["balance"], rest["balance"]) == (3, 3)


def test_recognition_takes_two_reads(api, calls):
    api.get("/me", by="noor")
    calls.clear()

    api.get("/me/recognition", by="noor")

    assert calls == ["dynamodb.Query", "dynamodb.BatchGetItem"]
