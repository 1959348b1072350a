"""Thanks, from the queue to the merit ledger, as Lambda delivers them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.domain import errors, events
from chalicelib.domain.callers import Caller
from chalicelib.domain.recognition import statement
from chalicelib.gateways import ids
from chalicelib.handlers.consumers import rewards
from chalicelib.pages import Page
from tests import faults, queues


def thanks(**changed):
    return events.ThanksGiven(
        **{
            "organization_id": "org_1",
            "actor_id": ids.new("mem"),
            "thanks_id": ids.new("thx"),
            "round": 1,
            "object_kind": "message",
            "object_id": ids.new("msg"),
            "beneficiary_id": ids.new("mem"),
            "beneficiary_voice": "member",
            **changed,
        }
    )


def withdrawal(given):
    told = {
        name: value
        for name, value in given.detail().items()
        if name not in ("id", "at", "beneficiary_voice", "giver_is_verified")
    }
    return events.ThanksWithdrawn(at=given.at + timedelta(hours=1), given_at=given.at, **told)


def merit_of(event):
    told = statement.read(Caller(member_id=event.beneficiary_id), Page(50))
    return [line.amount for line in reversed(told.items)], told.beside["balance"]


def deliver(*delivered):
    bodies = [event if isinstance(event, str) else queues.envelope(event) for event in delivered]
    return queues.deliver("reward", *bodies)


def test_it_subscribes_to_thanks_and_their_withdrawal_and_to_hosts_who_were_seen():
    assert set(rewards.SUBSCRIPTIONS) == {
        events.ThanksGiven, events.ThanksWithdrawn, events.PresenceAttested, events.MeetupStarted,
    }  # fmt: skip


def test_a_host_whom_someone_saw_is_rewarded_once_however_often_it_is_delivered():
    host, starts_at = ids.new("mem"), thanks().at
    told = events.PresenceAttested(
        organization_id="org_1", actor_id="mem_1", at=starts_at, meetup_id=ids.new("mtg"), host_id=host,
        member_id=host, attested_by="mem_1", by_host=False, starts_at=starts_at,
    )  # fmt: skip

    assert deliver(told, told) == deliver(told) == []

    lines = statement.read(Caller(member_id=host), Page(50))
    assert ([line.reason for line in lines.items], lines.beside["balance"]) == (["hosted"], 1)


@pytest.mark.parametrize(
    "broken",
    [
        "not json",
        "{}",
        json.dumps({"detail-type": "thanks.imagined.v1", "detail": {}}),
        json.dumps({"detail-type": "thanks.given.v1", "detail": {"organization_id": "org_1"}}),
        queues.envelope(events.OrganizationFollowed(organization_id="org_1", actor_id="mem_1")),
    ],
    ids=["not json", "no event", "unknown event", "half an event", "nobody subscribes"],
)
def test_one_broken_message_does_not_hold_back_the_others(broken):
    before, after = thanks(), thanks()

    parked = deliver(before, broken, after)

    assert parked == [1]
    assert merit_of(before) == merit_of(after) == ([1], 1)


def test_delivered_twice_it_counts_once():
    given = thanks()
    withdrawn = withdrawal(given)

    parked = [deliver(given, given), deliver(given), deliver(withdrawn, given, withdrawn)]

    assert parked == [[], [], []]
    assert merit_of(given) == ([1, -1], 0)


def test_the_withdrawal_may_come_first():
    given = thanks()

    assert deliver(withdrawal(given), given) == []

    assert merit_of(given) == ([0], 0)


def test_what_later_releases_say_beside_is_left_aside():
    given = thanks()
    body = json.loads(queues.envelope(given))
    body["detail"]["said_in_a_later_release"] = True

    assert deliver(json.dumps(body)) == []

    assert merit_of(given) == ([1], 1)


@pytest.mark.parametrize(
    ("refusal", "returned"),
    [(errors.NotFound, []), (errors.Busy, [0]), (errors.Unavailable, [0]), (errors.LimitReached, [0])],
)
def test_a_refusal_is_final_and_acknowledged_unless_it_says_to_come_back(monkeypatch, refusal, returned):
    def refuse(event):
        raise refusal

    monkeypatch.setattr(rewards, "SUBSCRIPTIONS", {events.ThanksGiven: refuse})

    assert deliver(thanks()) == returned


def test_what_fails_goes_back_to_the_queue_and_counts_when_it_comes_again():
    one, other = thanks(), thanks()
    with faults.installed() as injector:
        for attempt in range(1, 9):
            injector.fail(attempt, "5xx")
        parked = deliver(one)
    parked_then = deliver(one, other)

    assert (parked, parked_then) == ([0], [])
    assert merit_of(one) == merit_of(other) == ([1], 1)


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_process_that_dies_on_the_way_leaves_all_to_the_next_delivery(call, fault):
    given = thanks()
    batch = [given, withdrawal(given)]
    with faults.installed() as injector:
        injector.fail(call, fault)
        with pytest.raises(faults.Crash):
            deliver(*batch)

    assert deliver(*batch) == []

    assert merit_of(given) == ([1, -1], 0)
