"""The whole road of an event with everything going wrong on it: nothing is lost, nothing is had twice."""

from __future__ import annotations

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import announcements, mails
from chalicelib.domain.recognition import statement, thanks
from chalicelib.handlers.consumers import emails, rewards
from chalicelib.models.ledger import LedgerEntry
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import queues
from tests.factories import a_caller, a_follower, a_message, a_salon, an_organization
from tests.faults import Crash, installed

FOLLOWERS = ("noor", "sacha", "lou")


def mailed():
    return [
        sorted(set(message.destinations))
        for message in ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    ]


def community():
    """Three followers who thank Noor, in an organization whose manager has spoken."""
    acme = an_organization(by="claire")
    salon = a_salon(acme)
    a_message(a_caller("claire"), salon)
    for name in FOLLOWERS:
        a_follower(name, acme)
    said = a_message(a_caller("noor"), salon, "Un quart de tour à la fois.")
    for name in ("sacha", "lou"):
        thanks.give(a_caller(name), acme.id, salon.id, said.id, text="Merci !")
    return acme


def relay_dies_between_publishing_and_marking():
    with installed() as injector:
        injector.fail("UpdateItem", "crash-before")
        with pytest.raises(Crash):
            queues.relay(queues.journal_images())


def test_relay_killed_everything_delivered_twice_consumers_stopped_yet_one_mail_and_one_entry_each(later):
    waiting = queues.roads(emails=emails.SUBSCRIPTIONS, rewards=rewards.SUBSCRIPTIONS)
    acme = community()
    relay_dies_between_publishing_and_marking()
    later(minutes=2)
    announcements.sweep()  # nobody consumes: all of it waits in the queues, some of it twice
    letters, attested = waiting["emails"](), waiting["rewards"]()
    assert (len(letters) + len(attested)) > 5

    for _ in range(2):
        assert queues.deliver("send_emails", *letters, *letters) == []
        assert queues.deliver("reward", *attested, *attested) == []

    assert sorted(mailed()) == sorted([f"{name}@example.org"] for name in FOLLOWERS)
    keys = [mails.MailReservation.key(a_caller(name).member_id, acme.id, "welcome@1") for name in FOLLOWERS]
    assert [reservation.state for reservation in load(*keys)] == ["sent"] * 3
    noor = a_caller("noor")
    entries = LedgerEntry.of_member(noor.member_id, Page()).items
    assert [(entry.amount, entry.reason) for entry in entries] == [(1, "thanked")] * 2
    assert (
        statement.read(noor, Page()).beside
        == {"balance": statement.recount(noor.member_id)}
        == {"balance": 2}
    )
    assert announcements.sweep() == 2  # what the rewards announced of the merit earned
    later(minutes=4)
    assert announcements.sweep() == 0
