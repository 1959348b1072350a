"""Live connections without a gateway: frames go to the handlers, answers and deliveries are kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from chalicelib.domain import live as channel
from chalicelib.domain.callers import Caller
from chalicelib.gateways import deliveries, ids, push
from chalicelib.handlers import live
from chalicelib.models.changes import changes
from chalicelib.models.questions import Question
from tests.factories import a_caller
from tests.streams import deliver_frames


class Sockets:
    """Everyone who is connected."""

    def __init__(self, monkeypatch):
        self.heard, self.closed, self.queued, self._lost, self._deaf = {}, [], [], set(), set()
        monkeypatch.setattr(push, "send", self._send)
        monkeypatch.setattr(push, "send_all", self._send_all)
        monkeypatch.setattr(push, "close", lambda connection_id, **_: self.closed.append(connection_id))
        monkeypatch.setattr(
            deliveries, "send", lambda bodies, delay=0: self.queued.extend((body, delay) for body in bodies)
        )

    def knock(self, ticket, connection_id="c1"):
        query = None if ticket is None else {"ticket": ticket}
        event = {"requestContext": _context(connection_id, "CONNECT"), "queryStringParameters": query}
        return live.connect_live(event, None)["statusCode"]

    def opened_by(self, name, connection_id=None):
        return self._open(a_caller(name), connection_id or name)

    def opened_by_guest(self, hub, guest_id, connection_id=None):
        caller = Caller(member_id=guest_id, guest_of=hub.id, is_verified=False)
        return self._open(caller, connection_id or f"{guest_id}-at-{hub.slug}")

    def lose(self, connection_id):
        """Let a socket be gone without a word."""
        self._lost.add(connection_id)

    def deafen(self, *connection_ids):
        """Let these sockets read nothing."""
        self._deaf.update(connection_ids)

    def listen_again(self):
        """Let those who read nothing read again."""
        self._deaf.clear()

    def carry(self):
        """Let the workers do what is in their queue now; the bodies that they gave back to it."""
        queued, self.queued[:] = [json.dumps(body) for body, _ in self.queued], []
        return [json.loads(queued[position]) for position in deliver_frames(*queued)] if queued else []

    def _open(self, caller, connection_id):
        assert self.knock(channel.issue(caller).ticket, connection_id) == 200
        return Socket(self, caller.member_id, connection_id)

    def _send(self, connection_id, frame, **_):
        self.heard.setdefault(connection_id, []).append(json.loads(json.dumps(frame)))
        return connection_id not in self._lost

    def _send_all(self, connection_ids, frame):
        deaf = [connection_id for connection_id in connection_ids if connection_id in self._deaf]
        told = {name: self._send(name, frame) for name in connection_ids if name not in deaf}
        return push.Outcome(gone=[name for name, there in told.items() if not there], deaf=deaf)


class Socket:
    def __init__(self, sockets, member_id, connection_id):
        self.sockets, self.member_id, self.id = sockets, member_id, connection_id

    @property
    def heard(self):
        return self.sockets.heard.setdefault(self.id, [])

    def say(self, **frame):
        return self.raw(json.dumps(frame))

    def raw(self, body, *, binary=False):
        event = {"requestContext": _context(self.id, "MESSAGE"), "body": body, "isBase64Encoded": binary}
        live.receive_live(event, None)
        return self.heard[-1]

    def leave(self):
        live.disconnect_live({"requestContext": _context(self.id, "DISCONNECT")}, None)


def a_question(hub, *, asker_id, helper_id=None, **values):
    """A question in someone's hands, without its story."""
    question_id = ids.new("qst")
    question = Question.asking(
        hub.id,
        question_id,
        conversation_id=ids.twin("cnv", question_id),
        at=datetime.now(UTC),
        asker_id=asker_id,
        helper_id=helper_id,
        text="Ma chaîne saute.",
        language="fr",
        state="in_progress",
        **values,
    )
    with changes() as change:
        change.create(question)
    return question


def _context(connection, kind):
    return {
        "connectionId": connection,
        "apiId": "a1b2c3",
        "domainName": "live.entraide.test",
        "stage": "api",
        "eventType": kind,
        "routeKey": "$default",
    }
