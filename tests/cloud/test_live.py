"""The live channel on the local cloud: the real template, real sockets, real workers."""

from __future__ import annotations

import itertools
import json
import socket as sockets
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.cloud.people import Person, eventually

BURST = 500
AT_ONCE = 2
WRITERS = 5
"""None of them reaches the limit on what one person writes in a minute."""


class Listener:
    """A client of the channel as the AsyncAPI document tells one to be: each number once, gaps resumed."""

    def __init__(self, cloud, person):
        self.person, self.live, self.held, self.told = person, cloud.live, {}, []
        self.open()

    def open(self):
        ticket = self.person.post("/live/tickets").json()["ticket"]
        self.ticket, self._opened = ticket, ExitStack()
        opening = connect(f"{self.live}?ticket={ticket}", max_size=None, close_timeout=1)
        self.socket = self._opened.enter_context(opening)

    def close(self):
        self._opened.close()

    def ask(self, **frame):
        """Say something; the answer. What is told meanwhile is taken."""
        ref = uuid.uuid4().hex
        self.socket.send(json.dumps({**frame, "ref": ref}))
        while (answer := self.take(timeout=20)).get("ref") != ref:
            pass
        return answer

    def raw(self, frame):
        self.socket.send(frame)
        return self.take(timeout=20)

    def take(self, timeout=0.5):
        frame = json.loads(self.socket.recv(timeout=timeout))
        self.told.append(frame)
        for message in frame.get("messages", [frame["message"]] if frame["kind"] == "message" else []):
            kept = self.held.setdefault(message["seq"], message["text"])
            assert kept == message["text"]
        return frame

    def take_for(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self.take(timeout=max(0.01, until - time.monotonic()))
            except TimeoutError:
                return

    def without_a_gap(self, start):
        return next(seq for seq in itertools.count(start) if seq + 1 not in self.held)

    def resume(self, place, start):
        page = {"has_more": True}
        while page["has_more"]:
            page = self.ask(kind="resume", **place, after_seq=self.without_a_gap(start))
            assert page["kind"] == "page", page

    def break_off(self):
        """Lose the connection without a word."""
        self.socket.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.socket.close()
        self.close()


@pytest.fixture(scope="module")
def claire(cloud):
    return Person(cloud, "Claire", groups=["organizations.create"])


@pytest.fixture(scope="module")
def hub(claire):
    body = {
        "slug": f"cyclofil-{uuid.uuid4().hex[:8]}",
        "name": "Cyclofil",
        "aim": "Réparer son vélo soi-même, ensemble.",
        "presets": ["help"],
    }
    opened = claire.post("/organizations", body)
    assert opened.status_code == 201, opened.text
    return opened.json()


@pytest.fixture(scope="module")
def place(hub):
    return {"organization_id": hub["id"], "salon_id": hub["default_salon_id"]}


def a_listener(cloud, hub, name):
    person = Person(cloud, name)
    assert person.put(f"/organizations/{hub['id']}/follow").status_code == 201
    return Listener(cloud, person)


def path_of(place):
    return f"/organizations/{place['organization_id']}/salons/{place['salon_id']}/messages"


def test_two_sockets_in_a_salon_hear_each_other(cloud, hub, place):
    noor, lou = a_listener(cloud, hub, "Noor"), a_listener(cloud, hub, "Lou")
    for one in (noor, lou):
        assert one.ask(kind="subscribe", **place)["kind"] == "ack"

    said = [
        one.ask(kind="say", **place, client_message_id=uuid.uuid4().hex, text=text)
        for one, text in ((noor, "Une clé de 13 ?"), (lou, "De 15 !"))
    ]

    assert [answer["kind"] for answer in said] == ["ack", "ack"], said
    for one in (noor, lou):
        deadline = time.monotonic() + 20
        while not {answer["seq"] for answer in said} <= set(one.held) and time.monotonic() < deadline:
            one.take_for(0.5)
        assert [one.held.get(answer["seq"]) for answer in said] == ["Une clé de 13 ?", "De 15 !"]
        one.close()


def test_a_ticket_is_good_once(cloud, hub):
    noor = a_listener(cloud, hub, "Noor")

    with pytest.raises(InvalidStatus), connect(f"{cloud.live}?ticket={noor.ticket}"):
        pass
    assert noor.ask(kind="ping")["kind"] == "pong"
    noor.close()


def test_another_organizations_draft_is_not_there(cloud, claire, hub, place):
    draft = claire.post(f"/organizations/{hub['id']}/salons", {"title": "Brouillon", "state": "draft"}).json()
    noor = a_listener(cloud, hub, "Noor")

    there = {"organization_id": hub["id"], "salon_id": draft["id"]}
    assert noor.ask(kind="subscribe", **there)["code"] == "salon_not_found"
    assert noor.ask(kind="resume", **there, after_seq=0)["code"] == "salon_not_found"
    noor.close()


def test_naughty_frames_are_refused_on_the_same_socket(cloud, hub):
    noor = a_listener(cloud, hub, "Noor")

    # the emulator hands binary frames over as text: it is not said there that they were binary
    codes = [noor.raw(frame)["code"] for frame in ("", "[", '{"kind":"sing"}', "x" * 40_000, b"\x00\xff\xfe")]

    assert codes == ["frame_unknown", "frame_unknown", "frame_unknown", "frame_too_large", "frame_unknown"]
    assert noor.ask(kind="ping")["kind"] == "pong"
    noor.close()


def test_workers_tell_a_chunk_of_connections_and_forget_those_that_are_gone(cloud, hub, place):
    noor = a_listener(cloud, hub, "Noor")
    noor.ask(kind="subscribe", **place)
    dynamodb, table = cloud.boto("dynamodb"), cloud.names["LiveTable"]
    own = {"pk": {"S": f"PERSON#{noor.person.id}#0"}}
    (row,) = dynamodb.query(
        TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": own["pk"]}
    )["Items"]
    gone = [f"gone{n}" for n in range(5)]
    connection = dynamodb.get_item(
        TableName=table, Key={"pk": {"S": f"CONNECTION#{row['sk']['S']}"}, "sk": {"S": "CONNECTION"}}
    )["Item"]
    for name in gone:
        dynamodb.put_item(TableName=table, Item={**connection, "pk": {"S": f"CONNECTION#{name}"}})

    chunk = {
        "to": [*gone, row["sk"]["S"]],
        "frame": {"kind": "poke", "salon_id": "s", "seq": 7},
        "channel": "",
    }
    cloud.boto("sqs").send_message(QueueUrl=cloud.names["DeliveriesQueue"], MessageBody=json.dumps(chunk))

    while noor.take(timeout=20) != chunk["frame"]:
        pass
    keys = [{"pk": {"S": f"CONNECTION#{name}"}, "sk": {"S": "CONNECTION"}} for name in gone]
    assert eventually(
        lambda: not dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})["Responses"][table]
    )
    noor.close()


def test_a_socket_that_breaks_in_a_burst_resumes_with_nothing_lost_and_nothing_twice(cloud, hub, place):
    noor = a_listener(cloud, hub, "Noor")
    start = noor.ask(kind="subscribe", **place)["seq"]
    writers = [Person(cloud, f"W{n}") for n in range(WRITERS)]
    for writer in writers:
        writer.put(f"/organizations/{hub['id']}/follow")

    def write(turn):
        for n in range(turn, BURST, AT_ONCE):
            body = {"client_message_id": f"burst-{n}", "text": f"Message {n}"}
            while (answer := writers[n % WRITERS].post(path_of(place), body)).status_code in (409, 429):
                time.sleep(float(answer.headers.get("Retry-After", 0.05)))
            assert answer.status_code in (200, 201), answer.text

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        burst = [crowd.submit(write, turn) for turn in range(AT_ONCE)]
        while len(noor.held) < BURST // 5:
            noor.take_for(0.3)
        noor.break_off()
        with pytest.raises((ConnectionClosed, OSError)):
            noor.take(timeout=1)
        time.sleep(1)
        noor.open()
        noor.resume(place, start)
        while not all(part.done() for part in burst):
            noor.take_for(0.5)
        for part in burst:
            part.result()
    noor.take_for(2)
    noor.resume(place, start)

    assert sorted(noor.held) == list(range(start + 1, start + 1 + BURST))
    assert sorted(noor.held.values()) == sorted(f"Message {n}" for n in range(BURST))
    noor.close()
