from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.gateways import clock, push
from chalicelib.handlers import live


def opening(ticket=None, connection="c1"):
    query = None if ticket is None else {"ticket": ticket}
    return {"requestContext": _context(connection, "CONNECT"), "queryStringParameters": query}


def _context(connection, kind):
    return {
        "connectionId": connection,
        "apiId": "a1b2c3",
        "domainName": "live.entraide.test",
        "stage": "api",
        "eventType": kind,
        "routeKey": "$default",
    }


def connect(*told, **more):
    return live.connect_live(opening(*told, **more), None)["statusCode"]


@pytest.fixture
def sent(monkeypatch):
    frames = []

    def send(connection_id, frame, **_):
        frames.append(frame)
        return connection_id != "gone"

    monkeypatch.setattr(push, "send", send)
    return frames


def say(body, connection="c1"):
    live.receive_live({"requestContext": _context(connection, "MESSAGE"), "body": body}, None)


def test_a_ticket_opens_one_connection(api):
    issued = api.post("/live/tickets", by="noor")

    assert issued.status == 201, issued
    assert connect(issued.json["ticket"]) == 200
    assert connect(issued.json["ticket"], connection="c2") == 401


def test_a_ticket_is_over_after_a_minute(api, monkeypatch):
    ticket = api.post("/live/tickets", by="noor").json["ticket"]
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=61))

    assert connect(ticket) == 401


@pytest.mark.parametrize("ticket", [None, "", "guessed", "é" * 500])
def test_nobody_comes_in_without_a_ticket(ticket):
    assert connect(ticket) == 401


def test_a_ticket_takes_an_account(api):
    assert api.post("/live/tickets").code == "token_missing"


def test_a_ping_is_answered_on_the_same_socket(sent):
    say('{"kind": "ping"}')

    assert sent == [{"kind": "pong"}]


@pytest.mark.parametrize(
    "body", ["", "no", "[]", "{}", '{"kind": "sing"}', '{"kind": []}', "[" * 20000, "x" * 40000]
)
def test_a_frame_that_is_none_is_refused_with_a_code(sent, body):
    say(body)

    assert [(frame["kind"], frame["code"]) for frame in sent] == [("refused", "frame_unknown")]


def test_a_connection_that_is_gone_is_forgotten(api, sent):
    connect(api.post("/live/tickets", by="noor").json["ticket"], connection="gone")

    say('{"kind": "ping"}', connection="gone")

    assert live.channel.Connection.find("gone") is None


def test_disconnecting_twice_is_no_matter(api):
    connect(api.post("/live/tickets", by="noor").json["ticket"])

    for _ in range(2):
        live.disconnect_live({"requestContext": _context("c1", "DISCONNECT")}, None)

    assert live.channel.Connection.find("c1") is None
