"""Nobody came in half an hour: whoever asked is written to, once."""

from __future__ import annotations

import email
import email.policy

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import events, mails, members, questions, routing
from chalicelib.domain.callers import Caller
from chalicelib.models.guests import Guest
from chalicelib.models.journal import JournalEntry
from tests import queues
from tests.factories import a_caller, a_follower, an_organization
from tests.faults import Crash, installed


@pytest.fixture
def hub():
    return an_organization(language="en")


def mailbox():
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(mail.raw_data, policy=email.policy.default) for mail in sent]


def promised(hub, asker, *, language="en"):
    """A question for which nobody came, and what that makes the consumer hear."""
    seen = questions.ask(asker, hub.id, text="Mon frein frotte ?", topics=["freins"], language=language)
    routing.run_wave(hub.id, seen.question.id, 1, 3)
    name = events.AnswerPromised.detail_type()
    (entry,) = [entry for entry in JournalEntry.scan() if entry.detail_type == name]
    return seen.question, queues.envelope(events.AnswerPromised.from_detail(entry.detail))


def a_guest(hub, **known):
    caller = Caller(member_id="gst_01M7W4E9T6R2Q5Y8B1D3F7HJKN", guest_of=hub.id, is_verified=False)
    if known:
        Guest.arriving(hub.id, caller.member_id, at=hub.created_at, **known).save()
    return caller


@pytest.mark.parametrize(
    ("language", "words"), [("en", "We will write to you"), ("fr", "Nous vous écrirons")]
)
def test_a_member_is_promised_an_answer_by_mail_once_in_the_language_of_their_question(hub, language, words):
    members.require(a_caller("alix"))
    question, happened = promised(hub, a_caller("alix"), language=language)

    assert queues.deliver("send_emails", happened, happened) == []

    (mail,) = mailbox()
    assert mail["To"] == "alix@example.org"
    assert mail["Message-ID"] == f"<promise.{question.id}.1@entraide.test>"
    text = mail.get_body(("plain",)).get_content()
    assert words in text
    assert "Mon frein frotte" in text


def test_a_guest_is_written_to_where_it_is_proven_that_they_read(hub):
    guest = a_guest(hub, email="zoe@example.net", email_verified_by="code")
    _, happened = promised(hub, guest)

    queues.deliver("send_emails", happened)

    assert [mail["To"] for mail in mailbox()] == ["zoe@example.net"]


@pytest.mark.parametrize("why", ["a guest of whom nothing is known", "an address that is only claimed"])
def test_nobody_is_written_to_at_an_address_that_is_not_known_to_be_theirs(hub, why):
    asker = a_guest(hub)
    if why == "an address that is only claimed":
        asker = a_caller("alix", email_verified="false")
        members.require(asker)
    _, happened = promised(hub, asker)

    assert queues.deliver("send_emails", happened) == []

    assert mailbox() == []


def test_who_unsubscribed_is_not_written_to(hub):
    alix = a_caller("alix")
    members.require(alix)
    mails.choose(alix, hub.id, wanted=False)
    _, happened = promised(hub, alix)

    queues.deliver("send_emails", happened)

    assert mailbox() == []


def test_a_promise_that_somebody_made_needless_is_not_mailed(hub):
    members.require(a_caller("alix"))
    question, happened = promised(hub, a_caller("alix"))
    questions.claim(a_follower("noor", hub), hub.id, question.id)

    queues.deliver("send_emails", happened)

    assert mailbox() == []


@pytest.mark.parametrize(("fault", "mails_at_most"), [("crash-before", 1), ("net-before", 1)])
def test_a_promise_that_breaks_on_its_way_is_kept(hub, fault, mails_at_most, time_passes):
    members.require(a_caller("alix"))
    _, happened = promised(hub, a_caller("alix"))

    with installed() as injector:
        injector.fail("SendEmail", fault)
        try:
            queues.deliver("send_emails", happened)
        except Crash:
            time_passes(minutes=3)
            queues.deliver("send_emails", happened)

    assert len(mailbox()) == mails_at_most
