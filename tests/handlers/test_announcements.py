"""The road of an event: journal, relay, bus; and the sweeper behind it."""

from __future__ import annotations

import pytest

from chalicelib.domain import announcements
from chalicelib.gateways import event_bus
from chalicelib.models.journal import JournalEntry
from tests import queues
from tests.factories import a_follower, an_organization
from tests.faults import Crash, installed


def pending():
    return [entry for entry in JournalEntry.scan() if entry.pending is not None]


def test_what_is_announced_reaches_the_bus_and_is_no_longer_pending():
    received = queues.bus()
    a_follower("noor", an_organization())

    queues.relay(queues.journal_images())

    assert sorted(name for name, _ in queues.named(received())) == [
        "organization.created.v1",
        "organization.followed.v1",
    ]
    assert pending() == []


def test_the_sweeper_leaves_the_relay_its_minute_then_publishes(later):
    received = queues.bus()
    a_follower("noor", an_organization())

    assert announcements.sweep() == 0
    later(minutes=2)

    assert announcements.sweep() == 2
    assert len(received()) == 2
    assert (pending(), announcements.sweep()) == ([], 0)


def test_a_relay_that_dies_between_publishing_and_marking_loses_nothing(later):
    received = queues.bus()
    a_follower("noor", an_organization())
    with installed() as injector:
        injector.fail("UpdateItem", "crash-before")
        with pytest.raises(Crash):
            queues.relay(queues.journal_images())
    later(minutes=2)

    announcements.sweep()

    assert pending() == []
    assert {name for name, _ in queues.named(received())} == {
        "organization.created.v1",
        "organization.followed.v1",
    }


@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
@pytest.mark.parametrize("operation", ["PutEvents", "UpdateItem"])
def test_no_fault_on_the_way_loses_an_announcement(later, operation, fault):
    received = queues.bus()
    a_follower("noor", an_organization())
    with installed() as injector:
        injector.fail(operation, fault)
        try:
            queues.relay(queues.journal_images())
        except Crash:
            later(minutes=2)
    later(minutes=2)
    announcements.sweep()

    published = queues.named(received())
    assert len({event_id for _, event_id in published}) == 2
    assert pending() == []


def test_a_bus_that_refuses_everything_leaves_it_to_the_sweeper(later, monkeypatch):
    received = queues.bus()
    a_follower("noor", an_organization())
    with monkeypatch.context() as down:
        down.setattr(event_bus, "publish", lambda events: [False for _ in events])
        assert queues.relay(queues.journal_images()) == {"batchItemFailures": []}
    assert len(pending()) == 2
    later(minutes=2)

    assert announcements.sweep() == 2
    assert len(received()) == 2


def test_a_sweep_is_bounded_whatever_waits(later, calls):
    an_organization()
    later(minutes=2)
    calls.clear()

    announcements.sweep()

    assert calls.count("dynamodb.Query") == 8
    assert len(calls) <= 8 + 8 + 2
