"""What the deliveries' workers make of what they are given, while much or little of it gets through."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.domain.live import delivery, presence, working
from chalicelib.gateways import clock, deliveries, push
from chalicelib.models.live import Connection
from chalicelib.models.subscriptions import Broadcasts, Poke, Subscription, conversation, salon
from tests import faults
from tests.factories import a_follower, a_message, a_salon, an_organization
from tests.sockets import Sockets, a_question
from tests.streams import MessageStream, deliver_frames

PONG = {"kind": "pong"}
TOLD = {"kind": "message", "message": {"seq": 1}}
ROOM = "SALON#sal_00000000000000000000000000"


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def share(monkeypatch):
    """Sets how many frames the tenant may send in a second."""
    return lambda most: monkeypatch.setattr(push, "most_per_second", lambda: most)


class Time:
    """It passes when somebody sleeps, or when told to, and otherwise not."""

    def __init__(self):
        self.now, self.slept = clock.now().replace(microsecond=250_000), []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds):
        self.now += timedelta(seconds=seconds)

    @property
    def second(self):
        return int(self.now.timestamp())


@pytest.fixture
def still(monkeypatch):
    still = Time()
    monkeypatch.setattr(clock, "now", lambda: still.now)
    monkeypatch.setattr(working.time, "sleep", still.sleep)
    return still


def a_chunk(*names, frame=PONG, channel="", **more):
    return {"to": list(names), "frame": frame, "channel": channel, "at": clock.now().timestamp(), **more}


def so_many(count):
    return [f"c{n}" for n in range(count)]


def a_crowd(channel, count):
    until = int(clock.now().timestamp()) + 3600
    with Subscription.batch_write() as batch:
        for name in so_many(count):
            batch.save(Subscription.of(channel, name, member_id=f"mem_{name}", expires_at=until))


def an_audience(channel, count):
    """So many listeners, nowhere."""
    until = int(clock.now().timestamp()) + 3600
    names = so_many(count)
    return delivery.Audience(
        channel, [Subscription.of(channel, name, member_id="m", expires_at=until) for name in names]
    )


def talking(sockets, hub, asker, helper):
    """Two people who listen to their conversation."""
    noor, lou = sockets.opened_by(asker), sockets.opened_by(helper)
    question = a_question(hub, asker_id=noor.member_id, helper_id=lou.member_id)
    for one in (noor, lou):
        one.say(kind="subscribe", organization_id=hub.id, conversation_id=question.conversation_id)
        one.heard.clear()
    sockets.queued.clear()
    return noor, lou, question


def say(socket, question, text):
    """Say something in a conversation."""
    place = {"organization_id": question.organization_id, "conversation_id": question.conversation_id}
    assert socket.say(kind="say", **place, client_message_id="1", text=text)["kind"] == "ack"
    socket.heard.clear()


# --- sockets that read nothing


def test_a_socket_that_reads_nothing_holds_up_nobody_elses_chat(sockets, hub):
    stream = MessageStream()
    deaf, lou, theirs = talking(sockets, hub, "noor", "lou")
    eve, paul, another = talking(sockets, hub, "eve", "paul")
    sockets.deafen(deaf.id, lou.id)
    say(deaf, theirs, "Il y a quelqu’un ?")
    say(eve, another, "Bonjour")

    assert stream.flow() == {"batchItemFailures": []}
    assert [frame["message"]["text"] for frame in paul.heard] == ["Bonjour"]


def test_what_one_of_two_did_not_take_is_told_to_them_once_they_read_again(sockets, hub):
    stream = MessageStream()
    noor, lou, question = talking(sockets, hub, "noor", "lou")
    sockets.deafen(noor.id)
    say(lou, question, "La réponse")
    stream.flow()
    assert noor.heard == []

    sockets.listen_again()
    assert sockets.carry() == []

    assert [frame["message"]["text"] for frame in noor.heard] == ["La réponse"]
    assert [frame["message"]["text"] for frame in lou.heard] == ["La réponse"]


def test_whoever_was_not_answered_for_is_tried_again_without_the_others(sockets, monkeypatch):
    monkeypatch.setattr(push, "send_all", lambda _to, _frame: push.Outcome(failed=["c2"]))

    assert deliver_frames(json.dumps(a_chunk("c1", "c2", "c3"))) == []

    ((again, delay),) = sockets.queued
    assert (again["to"], again["tried"], delay) == (["c2"], 1, 2)


def test_a_socket_that_stays_deaf_is_closed_and_forgotten(sockets, hub):
    noor, _, question = talking(sockets, hub, "noor", "lou")
    channel = conversation(question.conversation_id)
    sockets.deafen(noor.id)
    delivery.tell_connections([noor.id], PONG, channel)

    delays = []
    while sockets.queued:
        delays += [delay for body, delay in sockets.queued if "to" in body]
        assert sockets.carry() == []

    assert delays == [2, 4, 8, 16]
    assert sockets.closed == [noor.id]
    assert Connection.find(noor.id) is None
    assert noor.id not in [one.connection_id for one in delivery.audience_of(channel).listeners]
    assert noor.heard == []


def test_when_hundreds_take_nothing_it_is_not_they_who_are_closed(sockets):
    sockets.deafen(*so_many(300))
    chunk = a_chunk(*so_many(300), tried=delivery.TRIES)

    assert deliver_frames(json.dumps(chunk)) == []

    assert sockets.queued == []
    assert sockets.closed == []


def test_whoever_the_gateway_has_no_answer_for_is_given_up_but_not_closed(sockets, monkeypatch):
    monkeypatch.setattr(push, "send_all", lambda to, _frame: push.Outcome(failed=to))
    chunk = a_chunk("c1", tried=delivery.TRIES)

    assert deliver_frames(json.dumps(chunk)) == []
    assert sockets.queued == []
    assert sockets.closed == []


def test_a_chunk_of_which_nobody_was_reached_is_tried_again(sockets, monkeypatch):
    monkeypatch.setattr(push, "send_all", lambda to, _frame: push.Outcome(failed=to))

    assert deliver_frames(json.dumps(a_chunk("c1")), "no json") == [0, 1]


def test_what_can_never_be_told_is_not_tried_again(sockets, monkeypatch):
    monkeypatch.setattr(push, "send_all", lambda to, _frame: push.Outcome(unfit=to))

    assert deliver_frames(json.dumps(a_chunk("c1"))) == []
    assert sockets.queued == []


@pytest.mark.parametrize("kind", ["typing", "presence"])
@pytest.mark.parametrize("how", ["deaf", "failed"])
def test_what_is_worth_nothing_later_is_not_tried_again(sockets, monkeypatch, kind, how):
    monkeypatch.setattr(push, "send_all", lambda to, _frame: push.Outcome(**{how: to}))

    delivery.tell_connections(["c1"], {"kind": kind})

    assert sockets.queued == []


# --- those who are gone


def test_hundreds_who_are_gone_are_cleaned_up_after_by_workers_some_at_a_time(sockets, hub):
    everyone = so_many(120)
    a_crowd(ROOM, 120)
    for name in everyone:
        sockets.lose(name)

    assert deliver_frames(json.dumps(a_chunk(*everyone, channel=ROOM))) == []

    assert [len(body["over"]) for body, _ in sockets.queued] == [50, 50, 20]
    assert sockets.carry() == []
    assert delivery.audience_of(ROOM).listeners == []


def test_cleaning_up_after_many_takes_a_call_for_each_25_of_their_places(sockets, hub, calls):
    guests = [sockets.opened_by_guest(hub, f"gst_{n:026}") for n in range(3)]
    for guest in guests:
        connection = Connection.find(guest.id)
        connection.update(actions=[Connection.channels.set({f"SALON#{n}" for n in range(30)})])
    calls.clear()

    working.clean_up([guest.id for guest in guests], ROOM, close=False)

    # 93 places; three people: what they were, what they are, where it is to be told; three connections
    assert len(calls) == 1 + 4 + 3 * 3 + 1
    assert [Connection.find(guest.id) for guest in guests] == [None] * 3


def test_cleaning_up_that_was_broken_off_can_be_done_again(sockets, hub):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", organization_id=hub.id, salon_id=a_salon(hub).id)

    for call in range(1, 5):
        with faults.installed() as injector:
            injector.fail(call, "crash-before")
            with pytest.raises(faults.Crash):
                working.clean_up([noor.id], "", close=False)
    working.clean_up([noor.id], "", close=False)

    assert Connection.find(noor.id) is None
    assert presence.states_of([noor.member_id]) == {noor.member_id: "offline"}


# --- the tenant's share


def test_broadcasts_stay_below_half_of_what_may_be_asked(sockets, still, share):
    share(600)

    for _ in range(3):
        working.carry_out(a_chunk(*so_many(500)))

    # the first in its second, each of the others in one of its own
    assert still.slept == [0.75, 1.0]
    assert {len(heard) for heard in sockets.heard.values()} == {3}


def test_a_chunk_that_finds_no_room_goes_back_to_the_queue(sockets, still, share):
    share(600)
    chunk = a_chunk(*so_many(500))
    for n in range(working.WAITS):
        Broadcasts.add(still.second + n, 400)

    working.carry_out(chunk)

    assert sockets.heard == {}
    assert sockets.queued == [(chunk, 2)]


def test_a_chunk_that_finds_no_room_leaves_it_to_smaller_ones(sockets, still, share):
    share(600)
    begun = still.second
    for n in range(working.WAITS):
        Broadcasts.add(begun + n, 400)

    working.carry_out(a_chunk(*so_many(500)))

    assert [Broadcasts.add(begun + n, 0) for n in range(working.WAITS)] == [400] * working.WAITS


def test_a_chunk_larger_than_the_whole_share_is_told_all_the_same(sockets, still, share):
    share(1)

    working.carry_out(a_chunk("c1", "c2"))

    assert set(sockets.heard) == {"c1", "c2"}


def test_chunks_are_made_so_small_that_the_share_has_room_for_them_beside_others(sockets, still, share):
    share(300)
    delivery.tell(an_audience(ROOM, 1000), TOLD)

    while sockets.queued:
        Broadcasts.add(still.second, 50)  # there is always something that is told to a few
        assert sockets.carry() == []

    assert set(sockets.heard) == set(so_many(1000))


def test_what_came_too_late_is_told_to_nobody_and_becomes_a_poke(sockets, still):
    chunk = a_chunk(*so_many(100), frame=TOLD, channel=ROOM)
    still.pass_by(working.STALE + 1)

    for _ in range(3):
        working.carry_out(chunk)

    assert sockets.heard == {}
    assert sockets.queued == [({"poke": ROOM}, 1)]


def test_what_came_too_late_for_someone_is_dropped(sockets, still):
    chunk = a_chunk("c1", frame={"kind": "notification"})
    still.pass_by(working.STALE + 1)

    working.carry_out(chunk)

    assert (sockets.heard, sockets.queued) == ({}, [])


def test_a_chunk_that_never_finds_room_is_dropped_in_the_end(sockets, still, share, monkeypatch):
    share(40)
    monkeypatch.setattr(Broadcasts, "add", classmethod(lambda _cls, _second, posts: 1000 + posts))
    sockets.queued.append((a_chunk("c1", frame={"kind": "poke"}, channel=ROOM), 0))
    sockets.queued.append((a_chunk("c1", frame=TOLD, channel=conversation("cnv")), 0))

    turns = 0
    while sockets.queued and (turns := turns + 1) < 100:
        assert sockets.carry() == []
        still.pass_by(2)

    assert turns < 100
    assert sockets.heard == {}


def test_a_chunk_of_an_earlier_release_is_told(sockets):
    working.carry_out({"to": ["c1"], "frame": PONG, "channel": ""})

    assert set(sockets.heard) == {"c1"}


# --- crowds


@pytest.mark.parametrize(("listeners", "period"), [(2001, 1), (5000, 1), (10_000, 2), (24_000, 5)])
def test_a_crowd_is_poked_no_oftener_than_the_share_allows(sockets, still, share, listeners, period):
    share(5000)
    still.now -= timedelta(seconds=still.second % period)
    audience = an_audience(ROOM, listeners)

    for _ in range(period * 3):
        delivery.tell(audience, TOLD)
        delivery.tell(audience, TOLD)
        still.pass_by(1)

    assert sockets.queued == [({"poke": ROOM}, period)] * 3


def test_a_poke_is_sent_when_its_period_is_over(sockets, still, share):
    share(1000)
    still.now += timedelta(seconds=3 - still.second % 3 + 1)

    delivery.tell(an_audience(ROOM, 2500), TOLD)

    assert sockets.queued == [({"poke": ROOM}, 2)]


def test_a_share_of_next_to_nothing_pokes_every_quarter_of_an_hour_at_least(sockets, still, share):
    share(1)
    still.now -= timedelta(seconds=still.second % 900)

    delivery.tell(an_audience(ROOM, 2500), TOLD)

    assert sockets.queued == [({"poke": ROOM}, 900)]


def test_the_queue_that_refuses_once_loses_no_poke(still, monkeypatch):
    queued, refusals = [], [deliveries.NotQueued]

    def send(bodies, delay=0):
        if refusals:
            raise refusals.pop()
        queued.extend((body, delay) for body in bodies)

    monkeypatch.setattr(deliveries, "send", send)
    audience = an_audience(ROOM, 2001)

    with pytest.raises(deliveries.NotQueued):
        delivery.tell(audience, TOLD)
    delivery.tell(audience, TOLD)  # the stream tells it again

    assert queued == [({"poke": ROOM}, 1)]


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", ["GetItem", "PutItem"])
def test_a_process_that_dies_loses_no_poke(sockets, still, call, fault):
    audience = an_audience(ROOM, 2001)
    with faults.installed() as injector:
        injector.fail(call, fault)
        with pytest.raises(faults.Crash):
            delivery.tell(audience, TOLD)

    delivery.tell(audience, TOLD)

    assert ({"poke": ROOM}, 1) in sockets.queued


def test_of_two_pokes_that_wait_only_the_newer_is_told(sockets, still, hub):
    atelier = a_salon(hub)
    channel = salon(atelier.id)
    a_crowd(channel, 60)
    lou = a_follower("lou", hub)
    for text in ("Un", "Deux"):
        a_message(lou, atelier, text)
        assert deliver_frames(json.dumps({"poke": channel})) == []
        still.pass_by(1)

    assert sockets.carry() == []

    assert {tuple(frame["seq"] for frame in heard) for heard in sockets.heard.values()} == {(2,)}


def test_the_newest_poke_is_told_however_many_went_before(sockets, still, hub):
    channel = salon(a_salon(hub).id)
    a_crowd(channel, 60)
    assert deliver_frames(json.dumps({"poke": channel})) == []
    still.pass_by(working.STALE + 30)

    assert sockets.carry() == []

    assert set(sockets.heard) == set(so_many(60))


def test_a_poke_is_tried_again_for_whoever_did_not_take_it_even_after_a_newer_one(sockets, still):
    chunk = a_chunk("c1", frame={"kind": "poke", "seq": 1}, channel=ROOM, tried=1)
    Poke.begin(ROOM, still.now.timestamp() + 1)

    working.carry_out(chunk)

    assert set(sockets.heard) == {"c1"}


def test_a_crowd_where_something_is_said_each_second_is_never_far_behind(sockets, still, share, monkeypatch):
    """Five times what the share has room for in a second, for half a minute, told by one worker."""
    share(500)
    audience, waiting, longest, behind = an_audience(ROOM, 2500), [], 0, []
    over = still.second + 30
    monkeypatch.setattr(delivery, "post", lambda *_, at, **__: behind.append(still.second - at) or 0)

    while still.second < over:
        delivery.tell(audience, TOLD)
        waiting += [(still.second + delay, body) for body, delay in sockets.queued]
        sockets.queued.clear()
        longest = max(longest, len(waiting))
        ready = next((one for one in waiting if one[0] <= still.second), None)
        if ready is None:
            still.pass_by(1)
            continue
        waiting.remove(ready)
        if "poke" in ready[1]:
            delivery.poke(audience, {"kind": "poke"})
        else:
            working.carry_out(ready[1])

    assert len(behind) > 40
    assert max(behind) <= 10
    assert longest <= 2 * 10 + 2
