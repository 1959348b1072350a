"""Each guard of an answer is needed: without it, on the wire, something that is promised breaks.

Two conditions are redundant behind the version of the seats, which every answer writes: that of the answer's
own version, and that whoever moves up waits still. They stay, for what writes an answer without its seats.
"""

from __future__ import annotations

import pytest
from moto.dynamodb.models import DynamoDBBackend

from chalicelib.domain import errors, following, meetups
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from tests.factories import a_caller
from tests.meetups import Coffee, between, must_add_up

GUARDS = {
    "seats": lambda key: key["sk"]["S"] == "SEATS",
    "meetup": lambda key: key["pk"]["S"].endswith("#MEETUPS") and key["pk"]["S"].startswith("ORG#"),
    "membership": lambda key: key["pk"]["S"].endswith("#MEMBERS"),
    "block": lambda key: key["sk"]["S"] == "BLOCK",
}


def unfollows(coffee):
    following.unfollow(a_caller("eve"), coffee.hub.id)


def is_parted(coffee):
    eve, hana = a_caller("eve").member_id, coffee.hana.member_id
    with changes() as change:
        change.create(Block.of(eve, hana, by=hana, at=clock.now()))
        change.update(Apart.of(eve), *Apart.from_too([hana]))


def closes(coffee):
    meetup = coffee.meetup
    with changes() as change:
        change.edit(meetup, rsvp_closes_at=clock.now())


def someone_takes_the_last_seat(coffee):
    coffee.says("finn")


BETWEEN = {
    "seats": someone_takes_the_last_seat,
    "meetup": closes,
    "membership": unfollows,
    "block": is_parted,
}
"""What happens between the reading and the writing of Eve's answer."""


def comes_while(coffee, happens, monkeypatch):
    """Eve says that she comes; how that leaves her."""
    between(monkeypatch, lambda: happens(coffee))
    try:
        meetups.answer(a_caller("eve"), *coffee.this, says="going")
    except errors.Refusal:
        return "refused"
    must_add_up(*coffee.this)
    return coffee.state("eve")


def strip(guard, monkeypatch):
    """Leave this condition out of every transaction, on its way to the table."""
    whole = DynamoDBBackend.transact_write_items

    def unguarded(backend, items):
        for item in items:
            for operation in item.values():
                if GUARDS[guard](operation.get("Key") or operation["Item"]):
                    operation["ConditionExpression"] = "attribute_exists(pk) OR attribute_not_exists(pk)"
                    for name in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
                        if "UpdateExpression" not in operation:
                            operation.pop(name, None)
        return whole(backend, items)

    monkeypatch.setattr(DynamoDBBackend, "transact_write_items", unguarded)


@pytest.fixture
def coffee():
    coffee = Coffee(seats=1)
    coffee.follows("eve", "finn")
    return coffee


@pytest.mark.parametrize("guard", GUARDS)
def test_with_its_guard_an_answer_is_decided_again_on_what_is(coffee, guard, monkeypatch):
    expected = "waitlisted" if guard == "seats" else "refused"
    assert comes_while(coffee, BETWEEN[guard], monkeypatch) == expected


@pytest.mark.parametrize("guard", GUARDS)
def test_without_its_guard_a_promise_breaks(coffee, guard, monkeypatch):
    strip(guard, monkeypatch)
    try:
        state = comes_while(coffee, BETWEEN[guard], monkeypatch)
    except AssertionError:
        return  # the seats do not add up
    assert state == "going", "nothing broke: is this guard needed?"
