"""Ending the connections of someone who may no longer be here: at once, and before anything else is told."""

from __future__ import annotations

import pytest

from chalicelib.domain import live as channel
from chalicelib.domain.live import delivery, presence
from chalicelib.gateways import clock, push
from chalicelib.models.live import Connection
from chalicelib.models.subscriptions import Subscription, person, salon
from tests.factories import a_caller, a_follower, a_message, a_salon, an_organization
from tests.sockets import Sockets
from tests.streams import MessageStream


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def atelier(hub):
    return a_salon(hub)


def place(of):
    return {"organization_id": of.organization_id, "salon_id": of.id}


def listeners(where):
    return {found.connection_id for found in Subscription.to(where, now=clock.now().timestamp())}


def test_nothing_is_told_at_a_socket_from_before_it_is_closed(sockets, hub, atelier, monkeypatch):
    lou, stream = a_follower("lou", hub), MessageStream()
    noor, stays = sockets.opened_by("noor"), sockets.opened_by("ana")
    for one in (noor, stays):
        one.say(kind="subscribe", **place(atelier))
    noor.say(kind="subscribe", notifications=True)
    heard, listened = len(noor.heard), []

    def close(connection_id, **_):
        a_message(lou, atelier, "Entre-temps")
        stream.flow()
        delivery.notify([noor.member_id], "question_offered", {})
        listened.extend(listeners(salon(atelier.id)) | listeners(person(noor.member_id)))
        sockets.closed.append(connection_id)

    monkeypatch.setattr(push, "close", close)
    channel.end_all(noor.member_id)

    assert (sockets.closed, listened, len(noor.heard)) == (["noor"], ["ana"], heard)
    assert stays.heard[-1]["message"]["text"] == "Entre-temps"


@pytest.mark.parametrize(
    "frame",
    [
        {"kind": "ping"},
        {"kind": "say", "client_message_id": "k", "text": "Encore un mot"},
        {"kind": "subscribe"},
        {"kind": "resume", "after_seq": 0},
        {"kind": "unsubscribe"},
        {"kind": "presence", "state": "active"},
    ],
    ids=lambda frame: frame["kind"],
)
def test_frames_that_were_under_way_are_refused_and_write_nothing(sockets, hub, atelier, stored, frame):
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))
    channel.end_all(noor.member_id)
    before, closed = stored(), len(sockets.closed)

    there = {} if frame["kind"] in ("ping", "presence") else place(atelier)
    answer = noor.say(**frame, **there)

    assert (answer["kind"], answer["code"]) == ("refused", "connection_over")
    assert stored() == before
    assert len(sockets.closed) == closed + 1


def test_a_frame_that_was_heard_before_and_carried_out_after_listens_to_nothing(sockets, atelier):
    noor = sockets.opened_by("noor")
    heard = channel.hear("noor")
    channel.end_all(noor.member_id)

    with pytest.raises((channel.ConnectionOver, channel.TooManySubscriptions)):
        channel.listen_to_salon(heard, atelier.organization_id, atelier.id)

    assert listeners(salon(atelier.id)) == set()
    assert Connection.find("noor") is None


def test_whoever_is_ended_is_offline_and_no_longer_told(sockets, atelier):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", notifications=True)

    channel.end_all(noor.member_id)

    assert presence.states_of([noor.member_id]) == {noor.member_id: "offline"}
    assert presence.notified_connections([noor.member_id]) == []


def test_ending_twice_and_ending_nobody_is_no_matter(sockets, atelier):
    noor = sockets.opened_by("noor")

    for _ in range(2):
        channel.end_all(noor.member_id)
    channel.end_all(a_caller("nobody").member_id)

    assert sockets.closed == ["noor"]


def test_others_hear_on(sockets, atelier):
    noor, lou = sockets.opened_by("noor"), sockets.opened_by("lou")
    for one in (noor, lou):
        one.say(kind="subscribe", **place(atelier))

    channel.end_all(noor.member_id)

    assert listeners(salon(atelier.id)) == {"lou"}
    assert lou.say(kind="ping")["kind"] == "pong"


def test_only_what_was_opened_before_a_moment_is_ended_if_one_is_named(sockets, time_passes):
    noor = sockets.opened_by("noor")
    time_passes(minutes=1)
    moment = clock.now()
    time_passes(minutes=1)
    sockets.opened_by("noor", "later")

    channel.end_all(noor.member_id, opened_before=moment)

    assert sockets.closed == ["noor"]
    assert listeners(person(noor.member_id)) == {"later"}


def test_a_socket_that_could_not_be_closed_hears_nothing_all_the_same(sockets, atelier, monkeypatch):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))
    monkeypatch.setattr(push, "close", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        channel.end_all(noor.member_id)

    assert listeners(salon(atelier.id)) == set()
