"""What is announced and what rings, brought to its consumers: twice each, as may happen to anything."""

from __future__ import annotations

import email
import email.policy
import json

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import events
from chalicelib.gateways import clock, timers
from chalicelib.handlers.consumers import deadlines
from chalicelib.models.journal import JournalEntry
from tests import queues


class Road:
    """From the journal to timers, and to mails of answers."""

    def __init__(self, monkeypatch):
        self.set, self._done = {}, set()
        monkeypatch.setattr(timers, "set_for", self._set_for)

    def _set_for(self, due, kind, name, detail):
        body = {"timer": kind, "name": name, "due": due.isoformat(), "detail": dict(detail)}
        self.set.setdefault(name, (due, json.dumps(body)))

    def runs(self):
        """Set what is to be set, ring what is due, mail what is to be mailed."""
        self._deliver("set_deadlines", deadlines.SUBSCRIPTIONS)
        due = {name: body for name, (due, body) in self.set.items() if due <= clock.now()}
        self._bring("ring_timers", due)
        self._deliver("send_emails", {events.AnswerLeft})

    def _deliver(self, consumer, kinds):
        happened = [event for event in announced() if type(event) in kinds]
        self._bring(consumer, {event.id: queues.envelope(event) for event in happened})

    def _bring(self, consumer, named):
        new = [(consumer, name) for name in named if (consumer, name) not in self._done]
        if new:
            bodies = [named[name] for _, name in new]
            assert queues.deliver(consumer, *bodies, *bodies) == []
            self._done.update(new)


def announced(kind=None):
    """What was announced, of this kind or of all, oldest first."""
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    read = [events.named(entry.detail_type).from_detail(entry.detail) for entry in entries]
    return [event for event in read if kind is None or type(event) is kind]


def mailbox():
    """Every mail that was sent."""
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(mail.raw_data, policy=email.policy.default) for mail in sent]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def html_of(mail):
    return mail.get_body(("html",)).get_content()
