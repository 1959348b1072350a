"""Frames on their way: signed as AWS signs, over few connections, whatever the other side does."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from datetime import UTC, datetime

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalicelib.gateways import aws, clock, posts, push

pytestmark = pytest.mark.plain

AT = datetime(2026, 11, 20, 8, 30, 12, tzinfo=UTC)
IDS = ["L0SM9cOFvHcCIhw=", "a+b/c=", "plain", "d~e-f_g.h"]


class Gateway(threading.Thread):
    """A callback API on this machine, which answers as it is told for each connection id."""

    def __init__(self, behave):
        super().__init__(daemon=True)
        self.behave, self.seen, self.opened, self._writers = behave, [], 0, []
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()

    def run(self):
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._over = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._over.wait()
        for writer in self._writers:  # the shared client keeps its connections
            writer.close()
        await asyncio.sleep(0.05)

    async def _talk(self, reader, writer):
        self.opened += 1
        self._writers.append(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                body = await reader.readexactly(int(re.search(r"Content-Length: (\d+)", head)[1]))
                path = head.split(" ")[1]
                self.seen.append((path, body))
                answer = self.behave(path, [one for one, _ in self.seen].count(path))
                if answer is None:
                    break
                writer.write(answer)
        except (EOFError, OSError):
            pass
        writer.close()

    def __enter__(self):
        self.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)
        self.join()


def status(code, body=b"", *more):
    lines = [f"HTTP/1.1 {code} X", f"content-length: {len(body)}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@pytest.fixture
def send_all(monkeypatch):
    def send(gateway, connection_ids, frame):
        endpoint = f"http://127.0.0.1:{gateway.port}/api"
        monkeypatch.setattr(push, "settings", lambda: Known(endpoint))
        return push.send_all(connection_ids, frame)

    return send


class Known:
    region = "eu-west-3"

    def __init__(self, endpoint):
        self.live_endpoint = endpoint


@pytest.mark.parametrize("token", [None, "T" * 900])
@pytest.mark.parametrize("connection_id", IDS)
def test_a_post_is_signed_as_aws_signs_it(monkeypatch, connection_id, token):
    known = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    monkeypatch.setattr(aws, "credentials", known.get_frozen_credentials)
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: AT.replace(tzinfo=None))
    endpoint, payload = "https://abc.execute-api.eu-west-3.amazonaws.com/api", "{“é”}".encode()

    request = posts.stamped(endpoint, payload, region="eu-west-3")(connection_id)

    head, _, body = request.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    told = dict(field.split(": ", 1) for field in fields)
    assert body == payload
    assert told["Content-Length"] == str(len(payload))
    theirs = AWSRequest("POST", "https://" + told["Host"] + line.split(" ")[1], data=payload)
    signer = SigV4Auth(known, "execute-api", "eu-west-3")
    signer.add_auth(theirs)
    assert told["Authorization"] == theirs.headers["Authorization"]


def test_everyone_is_told_once_over_a_few_connections(send_all):
    everyone = [f"c{n}=" for n in range(200)]

    with Gateway(lambda *_: status(200)) as gateway:
        outcome = send_all(gateway, everyone, {"kind": "pong", "text": "é"})

    assert outcome == push.Outcome()
    assert sorted(path for path, _ in gateway.seen) == sorted(
        f"/api/%40connections/c{n}%3D" for n in range(200)
    )
    assert {body for _, body in gateway.seen} == {
        json.dumps({"kind": "pong", "text": "é"}, ensure_ascii=False).encode()
    }
    assert gateway.opened <= posts.MOST_OPEN


def test_who_is_gone_is_told_apart_from_who_could_not_be_reached(send_all):
    def behave(path, _):
        return (
            status(410, b'{"message":"Gone"}')
            if path.endswith("c1")
            else status(403 if path.endswith("c2") else 200)
        )

    with Gateway(behave) as gateway:
        outcome = send_all(gateway, [f"c{n}" for n in range(5)], {"kind": "pong"})

    assert outcome == push.Outcome(gone=["c1"], failed=["c2"])


@pytest.mark.parametrize("first", [status(500), None, b"nonsense\r\n\r\n", b"HTTP/1.1 200"])
def test_what_passes_is_tried_again(send_all, first, monkeypatch):
    monkeypatch.setattr(posts.random, "uniform", lambda *_: 0)

    def behave(path, turn):
        return first if path.endswith("c1") and turn == 1 else status(200)

    monkeypatch.setattr(posts, "PATIENCE", 0.3)
    with Gateway(behave) as gateway:
        outcome = send_all(gateway, [f"c{n}" for n in range(5)], {"kind": "pong"})

    assert outcome == push.Outcome()


def test_a_connection_that_never_answers_holds_up_no_other_for_long(send_all, monkeypatch):
    monkeypatch.setattr(posts.random, "uniform", lambda *_: 0)
    monkeypatch.setattr(posts, "PATIENCE", 0.05)

    with Gateway(lambda path, _: b"" if path.endswith("c1") else status(200)) as gateway:
        outcome = send_all(gateway, [f"c{n}" for n in range(12)], {"kind": "pong"})

    assert outcome == push.Outcome(failed=["c1"])


DEAF = status(429, b'{"message":"Too Many Requests"}', "x-amzn-ErrorType: LimitExceededException")


@pytest.mark.parametrize("others", [0, 1, 2, 20])
def test_a_socket_that_reads_nothing_is_asked_once_and_holds_up_nobody(send_all, others):
    everyone = ["deaf", *(f"c{n}" for n in range(others))]

    with Gateway(lambda path, _: DEAF if path.endswith("deaf") else status(200)) as gateway:
        outcome = send_all(gateway, everyone, {"kind": "said"})

    assert outcome == push.Outcome(deaf=["deaf"])
    assert sorted(path.rpartition("/")[2] for path, _ in gateway.seen) == sorted(everyone)


@pytest.mark.parametrize("others", [0, 20])
def test_what_can_never_be_told_is_told_apart(send_all, others):
    def behave(path, _):
        return status({"c1": 413, "c2": 400}.get(path.rpartition("/")[2], 200))

    with Gateway(behave) as gateway:
        outcome = send_all(gateway, ["c1", "c2", *(f"d{n}" for n in range(others))], {"kind": "said"})

    assert outcome == push.Outcome(unfit=["c1", "c2"])


@pytest.mark.parametrize(("answer", "failed"), [(503, ["c1"]), (403, ["c1"]), (410, [])])
def test_a_few_are_told_with_one_attempt_each(send_all, answer, failed):
    with Gateway(lambda path, _: status(answer if path.endswith("c1") else 200)) as gateway:
        outcome = send_all(gateway, ["c1", "c2"], {"kind": "said"})

    assert (outcome.failed, len(outcome.gone)) == (failed, 0 if failed else 1)
    assert len(gateway.seen) == 2


def test_a_connection_that_the_gateway_closed_meanwhile_is_opened_again(send_all):
    with Gateway(lambda _path, turn: None if turn == 1 else status(200)) as gateway:
        outcome = send_all(gateway, ["c1"], {"kind": "said"})

    assert outcome == push.Outcome()
    assert len(gateway.seen) == 2


def test_a_few_are_not_waited_for_for_long():
    patient = aws.client("apigatewaymanagementapi", "http://127.0.0.1:1/api")
    hasty = aws.client("apigatewaymanagementapi", "http://127.0.0.1:1/api", is_patient=False)

    assert (hasty.meta.config.connect_timeout, hasty.meta.config.read_timeout) == (2, 2)
    assert hasty.meta.config.retries["total_max_attempts"] == 1
    assert patient.meta.config.retries["total_max_attempts"] == 4


@pytest.fixture
def send(monkeypatch):
    def send(gateway, connection_id):
        monkeypatch.setattr(push, "settings", lambda: Known(f"http://127.0.0.1:{gateway.port}/api"))
        return push.send(connection_id, {"kind": "pong"})

    return send


@pytest.mark.parametrize(("answer", "is_there"), [(200, True), (429, True), (410, False)])
def test_an_answer_tells_whether_its_socket_is_there(send, answer, is_there):
    with Gateway(lambda *_: status(answer)) as gateway:
        assert send(gateway, "c1") is is_there

    assert len(gateway.seen) == 1


def test_an_answer_is_sent_again_where_the_gateway_failed_once(send):
    with Gateway(lambda _path, turn: status(500 if turn == 1 else 200)) as gateway:
        assert send(gateway, "c1")


@pytest.mark.parametrize("answer", [500, 403, 413])
def test_an_answer_that_cannot_be_sent_is_an_error_of_ours(send, answer):
    with Gateway(lambda *_: status(answer)) as gateway, pytest.raises(push.NotSent):
        send(gateway, "c1")


def test_an_answer_without_a_length_and_one_that_closes_end_their_connection(send_all):
    def behave(path, _):
        return b"HTTP/1.1 200 OK\r\n\r\n" if path.endswith("c1") else status(200, b"ok", "Connection: close")

    with Gateway(behave) as gateway:
        outcome = send_all(gateway, [f"c{n}" for n in range(6)], {"kind": "pong"})

    assert outcome == push.Outcome()
    assert gateway.opened == 6


def test_nobody_listening_at_the_endpoint_is_nobody_reached(send_all, monkeypatch):
    monkeypatch.setattr(posts.random, "uniform", lambda *_: 0)
    with Gateway(lambda *_: status(200)) as gateway:
        pass

    outcome = send_all(gateway, [f"c{n}" for n in range(4)], {"kind": "pong"})

    assert len(outcome.failed) == 4
