"""Sending a request again."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from chalicelib.domain import receipts
from chalicelib.gateways import clock
from tests.api import kit as kits
from tests.faults import Crash, installed

MAKE = "/shelves/a/things"
KEY = "0190f3a2-5b1c-7d0e-9a41-93e8deadbeef"
ADA = {"name": "Ada"}


def make(kit, *, by="noor", body=ADA, key=KEY, path=MAKE):
    return kit.post(path, by=by, body=body, Idempotency_Key=key)


def things(shelf="a"):
    return [thing.id for thing in kits.Thing.slice(f"SHELF#{shelf}", kits.Page()).items]


def test_the_same_request_is_carried_out_once_and_answered_alike(kit):
    first, again = make(kit), make(kit)

    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    for header in ("location", "etag", "content-type"):
        assert first.headers[header] == again.headers[header]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (things(), kits.made) == ([first.json["id"]], ["Ada"])


def test_without_a_key_each_request_is_another(kit):
    assert make(kit, key=None).json["id"] != make(kit, key=None).json["id"]


def test_what_it_costs(kit, calls):
    make(kit)
    assert calls == ["dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]

    calls.clear()
    make(kit)
    assert calls == ["dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]


def test_a_key_is_good_for_one_request(kit):
    first = make(kit)

    for answer in (
        make(kit, body={"name": "Bob"}),
        make(kit, body={"name": "Ada", "sure": True}),
        make(kit, path="/shelves/b/things"),
    ):
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert (things(), things("b"), kits.made) == ([first.json["id"]], [], ["Ada"])


def test_a_key_is_good_for_one_person(kit):
    mine, theirs = make(kit), make(kit, by="claire")

    assert mine.json["id"] != theirs.json["id"]
    assert "idempotency-replayed" not in theirs.headers


def test_a_replay_tells_how_it_is_today(kit):
    made = make(kit)
    renamed = kit.patch(f"{MAKE}/{made.json['id']}", by="noor", body={"name": "Bob"}, If_Match='"1"')

    again = make(kit)

    assert (again.status, again.json) == (201, renamed.json)
    assert again.headers["etag"] == renamed.headers["etag"]


def test_what_was_deleted_since_is_neither_made_again_nor_pretended(kit):
    made = make(kit)
    kit.delete(f"{MAKE}/{made.json['id']}", by="noor")

    again = make(kit)

    assert (again.status, again.code) == (404, "deleted_since")
    assert again.headers["idempotency-replayed"] == "true"
    assert (things(), kits.made) == ([], ["Ada"])


def test_after_a_day_the_key_is_new(kit, monkeypatch):
    first = make(kit)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=23, minutes=59))
    assert make(kit).json == first.json

    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=24, minutes=1))
    assert make(kit).json["id"] != first.json["id"]


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "é", "a\tb", "a\x00", "a\x7f", "\u200b"])
def test_a_key_is_printable_ascii(kit, key):
    answer = make(kit, key=key)

    assert (answer.status, answer.code) == (400, "idempotency_key_invalid")
    assert (things(), kits.made) == ([], [])


@pytest.mark.parametrize("key", ["a", "a" * 255, "!~", "#/?{}'\"\\"])
def test_any_printable_ascii_will_do(kit, key):
    assert make(kit, key=key).json == make(kit, key=key).json


@pytest.mark.parametrize("refused", [{"name": "taken"}, {"name": "7"}, {"name": "enough"}, {}, {"name": 3}])
def test_a_refused_request_spends_no_key(kit, refused):
    assert make(kit, body=refused).status >= 400

    assert make(kit).status == 201
    assert len(things()) == 1


def test_sent_twice_at_once_it_is_done_once(kit, monkeypatch):
    new, twins = kits.ids.new, []

    def while_the_twin_is_faster(prefix):
        monkeypatch.setattr(kits.ids, "new", new)
        twins.append(make(kit))
        return new(prefix)

    monkeypatch.setattr(kits.ids, "new", while_the_twin_is_faster)
    late = make(kit)

    assert (late.status, late.json) == (201, twins[0].json)
    assert late.headers["idempotency-replayed"] == "true"
    assert things() == [late.json["id"]]


def test_a_refusal_that_its_own_twin_caused_is_no_refusal(kit):
    """The twin took the name between our looking for its receipt and our looking for the name."""
    body = {"principal": "noor", "route": "POST /x", "key": KEY, "fingerprint": "f"}
    key = kits.Thing.key("a", "thg_1")

    def use_case():
        thing = kits.Thing(key.pk, key.sk, id=key.sk, name="Ada")
        with kits.changes() as change:
            change.create(thing)
        return thing

    def while_the_twin_is_faster():
        receipts.carry_out(use_case, **body)
        raise kits.NameTaken(name="Ada")

    replay = receipts.carry_out(while_the_twin_is_faster, **body)

    assert isinstance(replay, receipts.Replay)
    assert replay.created.id == "thg_1"


def test_a_refusal_without_a_twin_is_one(kit):
    def refused():
        raise kits.NameTaken(name="Ada")

    with pytest.raises(kits.NameTaken):
        receipts.carry_out(refused, principal="noor", route="POST /x", key=KEY, fingerprint="f")


@pytest.mark.parametrize("call", ["BatchGetItem", "TransactWriteItems"])
@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
def test_whatever_gets_lost_sending_again_makes_one_thing(kit, call, fault):
    with installed() as injector:
        injector.fail(call, fault)
        with contextlib.suppress(Crash):
            make(kit)
        answer = make(kit)

    assert answer.status == 201, answer
    assert things() == [answer.json["id"]]


def test_only_posting_with_an_account_takes_a_key(kit):
    first = make(kit)
    path = f"{MAKE}/{first.json['id']}"

    for version, name in ((1, "Bob"), (2, "Eve")):
        answer = kit.patch(path, by="noor", body={"name": name}, If_Match=f'"{version}"', Idempotency_Key="é")
        assert (answer.status, answer.json["name"]) == (200, name)
    assert [kit.post("/open", Idempotency_Key=KEY).status for _ in range(2)] == [204, 204]
    assert kits.made.count("knock") == 2
