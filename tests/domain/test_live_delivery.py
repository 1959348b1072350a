"""Who is told what was said: few at once, hundreds through workers, a crowd is poked."""

from __future__ import annotations

import dataclasses
import itertools
import json
from datetime import timedelta

import pytest

from chalicelib.contracts.frames import SERVER
from chalicelib.domain import events, messages, moderation
from chalicelib.domain.live import delivery, frames, presence, working
from chalicelib.domain.live import spoken as speech
from chalicelib.gateways import clock, ids, push
from chalicelib.handlers.consumers import notices
from chalicelib.models.conversations import Said
from chalicelib.models.live import Connection
from chalicelib.models.subscriptions import Subscription, salon
from tests import queues
from tests.factories import a_caller, a_follower, a_message, a_salon, an_organization
from tests.sockets import Sockets, a_question
from tests.streams import MessageStream, deliver_frames, tell
from tests.test_events import an_example_of


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def atelier(hub):
    return a_salon(hub)


@pytest.fixture
def stream(atelier):
    return MessageStream()


@pytest.fixture
def still(monkeypatch):
    """Time that passes when somebody sleeps, and otherwise not: lets it pass."""
    moments = [clock.now().replace(microsecond=250_000)]
    monkeypatch.setattr(clock, "now", lambda: moments[-1])

    def sleep(seconds):
        moments.append(moments[-1] + timedelta(seconds=seconds))

    monkeypatch.setattr(working.time, "sleep", sleep)
    return sleep


def listening(sockets, name, of):
    socket = sockets.opened_by(name)
    assert socket.say(kind="subscribe", organization_id=of.organization_id, salon_id=of.id)["kind"] == "ack"
    socket.heard.clear()
    return socket


def a_crowd(channel, count):
    """So many listeners, without their connections."""
    until = int(clock.now().timestamp()) + 600
    with Subscription.batch_write() as batch:
        for n in range(count):
            batch.save(Subscription.of(channel, f"c{n}", member_id=f"mem_{n}", expires_at=until))
    return {f"c{n}" for n in range(count)}


def test_everyone_who_listens_hears_what_is_said_and_nobody_else(sockets, hub, atelier, stream):
    noor, lou = listening(sockets, "noor", atelier), listening(sockets, "lou", atelier)
    elsewhere = listening(sockets, "eve", a_salon(hub, title="Ailleurs"))
    said = a_message(a_follower("lou", hub), atelier, "Une clé de 15 ?")

    assert stream.flow() == {"batchItemFailures": []}

    (frame,) = noor.heard
    assert (frame["kind"], frame["message"]["id"], frame["message"]["seq"]) == ("message", said.id, 1)
    assert frame["message"]["author"] == {"member_id": lou.member_id, "name": "Lou", "voice": "member"}
    assert lou.heard == [frame]
    assert elsewhere.heard == []
    SERVER[frame["kind"]].model_validate(frame)


def test_whoever_left_hears_no_more(sockets, hub, atelier, stream):
    noor = listening(sockets, "noor", atelier)
    noor.say(kind="unsubscribe", organization_id=hub.id, salon_id=atelier.id)
    noor.heard.clear()
    a_message(a_follower("lou", hub), atelier)

    stream.flow()

    assert noor.heard == []


def test_a_sanctioned_members_socket_is_closed_before_the_next_delivery(sockets, hub, atelier, stream):
    from chalicelib.domain import live

    noor = listening(sockets, "noor", atelier)
    live.end_all(noor.member_id)
    a_message(a_follower("lou", hub), atelier)

    stream.flow()

    assert noor.heard == []
    assert sockets.closed == ["noor"]


def test_what_changes_is_told_as_what_it_is(sockets, hub, atelier, stream):
    lou, eve, mona = a_follower("lou", hub), a_follower("eve", hub), a_caller("mona", scopes=["moderation"])
    noor = listening(sockets, "noor", atelier)
    there = (hub.id, atelier.id)

    def told_of(act):
        act()
        stream.flow()
        heard = [*noor.heard]
        noor.heard.clear()
        return heard

    said = a_message(lou, atelier, "Une clé de 13 ?")
    stream.flow()
    noor.heard.clear()
    (edited,) = told_of(lambda: messages.edit(lou, *there, said.id, text="De 15 ?", version=1))
    (reacted,) = told_of(lambda: messages.react(eve, *there, said.id, "heart"))
    (hidden,) = told_of(lambda: moderation.hide(mona, *there, said.id, rule="threats", facts="Mot pour mot."))
    (restored,) = told_of(lambda: moderation.restore(mona, *there, said.id))
    (deleted,) = told_of(lambda: messages.delete(lou, *there, said.id))

    assert (edited["kind"], edited["message"]["text"]) == ("edited", "De 15 ?")
    assert reacted == {
        "kind": "reacted", "salon_id": atelier.id, "message_id": said.id, "seq": 1, "thanks": 0,
        "reactions": [{"reaction": "heart", "emoji": "❤️", "count": 1}],
    }  # fmt: skip
    assert (hidden["kind"], hidden["message"]["text"]) == ("hidden", None)
    assert hidden["message"]["restriction"]["rule"] == "threats"
    assert (restored["kind"], restored["message"]["text"]) == ("restored", "De 15 ?")
    assert (deleted["kind"], deleted["message"]["state"]) == ("deleted", "deleted_by_author")
    assert deleted["message"]["text"] is None
    for frame in (edited, reacted, hidden, restored, deleted):
        SERVER[frame["kind"]].model_validate(frame)


def test_a_reply_quotes_what_it_replies_to(sockets, hub, atelier, stream):
    lou = a_follower("lou", hub)
    noor = listening(sockets, "noor", atelier)
    first = a_message(lou, atelier, "Une clé de 13 ?")
    a_message(a_caller("claire"), atelier, "De 15.", reply_to=first.id)

    stream.flow()

    quotes = [frame["message"]["reply_to"] for frame in noor.heard]
    assert quotes[0] is None
    assert quotes[1] == {
        "message_id": first.id, "seq": 1, "author_id": lou.member_id, "excerpt": "Une clé de 13 ?",
    }  # fmt: skip


def test_what_is_said_in_a_conversation_is_told_to_those_who_are_in_it_now(sockets, hub, stream):
    noor, lou, gone = sockets.opened_by("noor"), sockets.opened_by("lou"), sockets.opened_by("max")
    question = a_question(hub, asker_id=noor.member_id, helper_id=gone.member_id)
    there = {"organization_id": hub.id, "conversation_id": question.conversation_id}
    assert gone.say(kind="subscribe", **there)["kind"] == "ack"
    question.update(actions=question.sets(helper_id=lou.member_id))  # it was handed over
    for one in (noor, lou):
        assert one.say(kind="subscribe", **there)["kind"] == "ack"
    for one in (noor, lou, gone):
        one.heard.clear()
    _words(question, noor.member_id).save()

    stream.flow()

    (frame,) = lou.heard
    assert frame["kind"] == "said"
    said = frame["message"]
    assert (said["text"], said["seq"], said["author"]["name"]) == ("Ma chaîne saute encore.", 1, "Noor")
    assert noor.heard == [frame]
    assert gone.heard == []
    SERVER[frame["kind"]].model_validate(frame)


def _words(question, author_id):
    return Said.saying(
        question.conversation_id, 1, at=clock.now(), id=ids.new("msg"), question_id=question.id,
        organization_id=question.organization_id, round=1, author_id=author_id, role="asker",
        client_message_id="k", text="Ma chaîne saute encore.",
    )  # fmt: skip


def test_from_a_message_to_the_other_side_there_are_three_calls_at_most(sockets, hub, stream, calls):
    noor, lou = sockets.opened_by("noor"), sockets.opened_by("lou")
    question = a_question(hub, asker_id=noor.member_id, helper_id=lou.member_id)
    lou.say(kind="subscribe", organization_id=hub.id, conversation_id=question.conversation_id)
    _words(question, noor.member_id).save()
    before_push = []
    send = push.send_all

    def pushed(connection_ids, frame):
        before_push.extend(call for call in calls if call != "dynamodb.Scan")
        return send(connection_ids, frame)

    push.send_all = pushed
    calls.clear()
    stream.flow()
    push.send_all = send

    assert before_push == ["dynamodb.BatchGetItem", "dynamodb.Query"]
    assert lou.heard[-1]["kind"] == "said"


def test_a_dead_connection_is_forgotten_with_all_it_listened_to(sockets, hub, atelier, stream):
    noor = listening(sockets, "noor", atelier)
    other = a_salon(hub, title="Ailleurs")
    noor.say(kind="subscribe", organization_id=hub.id, salon_id=other.id)
    sockets.lose("noor")
    a_message(a_follower("lou", hub), atelier)

    stream.flow()
    assert sockets.carry() == []

    now = clock.now().timestamp()
    assert Connection.find("noor") is None
    assert [*Subscription.to(salon(atelier.id), now=now), *Subscription.to(salon(other.id), now=now)] == []
    assert presence.states_of([noor.member_id]) == {noor.member_id: "offline"}


def test_a_place_that_outlived_its_connection_is_cleaned_too(sockets, hub, atelier, stream):
    a_crowd(salon(atelier.id), 1)
    sockets.lose("c0")
    a_message(a_follower("lou", hub), atelier)

    stream.flow()
    assert sockets.carry() == []

    assert delivery.audience_of(salon(atelier.id)).listeners == []


def test_a_place_whose_time_is_over_hears_nothing(sockets, atelier):
    Subscription.of(salon(atelier.id), "late", member_id="m", expires_at=int(clock.now().timestamp())).save()

    assert delivery.audience_of(salon(atelier.id)).listeners == []


def test_a_batch_that_fails_is_taken_up_where_it_failed(sockets, hub, atelier, stream, monkeypatch):
    noor, lou = listening(sockets, "noor", atelier), a_follower("lou", hub)
    for n in range(3):
        a_message(lou, atelier, f"Message {n}")
    send = push.send_all

    def fail_at_the_second(connection_ids, frame):
        if frame["message"]["seq"] == 2:
            return push.Outcome(failed=connection_ids)
        return send(connection_ids, frame)

    monkeypatch.setattr(push, "send_all", fail_at_the_second)

    assert stream.flow() == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [frame["message"]["seq"] for frame in noor.heard] == [1]


def test_a_record_that_cannot_be_read_holds_up_nobody(sockets, hub, atelier, stream):
    noor = listening(sockets, "noor", atelier)
    a_message(a_follower("lou", hub), atelier)
    strange = {
        "eventID": "x", "eventName": "INSERT", "awsRegion": "eu-west-3",
        "eventSourceARN": "arn:aws:dynamodb:eu-west-3:0:table/messages/stream/s", "eventSource": "s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1, "Keys": {}, "SequenceNumber": "x", "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "NewImage": {"pk": {"S": "a"}, "sk": {"S": "b"}, "kind": {"S": "from_a_later_release"}},
        },
    }  # fmt: skip

    assert stream.flow(also=[strange]) == {"batchItemFailures": []}
    assert [frame["kind"] for frame in noor.heard] == ["message"]


def test_what_was_removed_is_told_to_nobody(sockets):
    assert tell([]) == {"batchItemFailures": []}
    assert sockets.heard == {}


def test_more_than_fifty_are_told_by_workers_in_chunks(sockets, hub, atelier, stream):
    everyone = a_crowd(salon(atelier.id), 1200)
    a_message(a_follower("lou", hub), atelier)

    stream.flow()

    assert sockets.heard == {}
    assert [(len(body["to"]), delay) for body, delay in sockets.queued] == [(500, 0), (500, 0), (200, 0)]
    assert {name for body, _ in sockets.queued for name in body["to"]} == everyone
    bodies = [json.dumps(body) for body, _ in sockets.queued]
    assert deliver_frames(*bodies) == []
    assert set(sockets.heard) == everyone
    assert {len(heard) for heard in sockets.heard.values()} == {1}


def test_fifty_are_told_at_once(sockets, hub, atelier, stream):
    a_crowd(salon(atelier.id), 50)
    a_message(a_follower("lou", hub), atelier)

    stream.flow()

    assert len(sockets.heard) == 50
    assert sockets.queued == []


def test_smiles_are_not_told_to_hundreds(sockets, hub, atelier, stream):
    a_crowd(salon(atelier.id), 51)
    lou = a_follower("lou", hub)
    said = a_message(lou, atelier)
    stream.flow()
    sockets.queued.clear()
    messages.react(lou, hub.id, atelier.id, said.id, "heart")

    stream.flow()

    assert sockets.queued == []


def test_a_crowd_is_poked_once_for_all_that_is_said_in_a_second(
    sockets, hub, atelier, stream, monkeypatch, still
):
    monkeypatch.setattr(delivery, "CROWD", 60)
    everyone = a_crowd(salon(atelier.id), 61)
    lou = a_follower("lou", hub)
    for n in range(3):
        a_message(lou, atelier, f"Message {n}")
    stream.flow()
    a_message(lou, atelier, "Encore un")
    stream.flow()

    assert sockets.queued == [({"poke": salon(atelier.id)}, 1)]
    (poke, _), *_ = sockets.queued
    sockets.queued.clear()
    assert deliver_frames(json.dumps(poke)) == []
    ((chunk, _),) = sockets.queued
    assert (set(chunk["to"]), chunk["frame"]) == (everyone, frames.poke(atelier.id, 4))
    SERVER["poke"].model_validate(chunk["frame"])

    still(1)
    sockets.queued.clear()
    a_message(lou, atelier, "Plus tard")
    stream.flow()
    assert len(sockets.queued) == 1


def test_a_poke_for_a_salon_that_is_no_more_is_dropped(sockets):
    speech.poke("SALON#sal_gone")

    assert sockets.queued == []


def test_members_are_notified_at_the_connections_that_asked(sockets):
    noor, quiet = sockets.opened_by("noor"), sockets.opened_by("noor", "quiet")
    lou = sockets.opened_by("lou")
    noor.say(kind="subscribe", notifications=True)

    delivery.notify([noor.member_id, lou.member_id], "question_offered", {"question_id": "qst_1"})

    told = {"kind": "notification", "about": "question_offered", "detail": {"question_id": "qst_1"}}
    assert noor.heard[-1] == told
    assert quiet.heard == lou.heard == []
    SERVER["notification"].model_validate(told)


def test_steps_of_a_question_are_told_to_those_in_it_without_the_token_of_the_claim(sockets, hub):
    noor, lou, eve = (sockets.opened_by(name) for name in ("noor", "lou", "eve"))
    for one in (noor, lou, eve):
        one.say(kind="subscribe", notifications=True)
        one.heard.clear()
    claimed = events.QuestionClaimed(
        organization_id=hub.id, actor_id=lou.member_id, question_id="qst_1", asker_id=noor.member_id,
        helper_id=lou.member_id, round=2, claim_token="secret", lease_until=clock.now(),
    )  # fmt: skip
    offered = events.QuestionOffered(
        organization_id=hub.id, actor_id=noor.member_id, question_id="qst_1", round=1, wave=0, why="topic",
        member_ids=[eve.member_id],
    )  # fmt: skip

    assert queues.deliver("give_notice", queues.envelope(claimed), queues.envelope(offered)) == []

    (step,) = noor.heard
    assert lou.heard == [step]
    assert (step["about"], step["detail"]["round"]) == ("question_claimed", 2)
    assert "secret" not in json.dumps(step)
    (asked,) = eve.heard
    assert (asked["about"], asked["detail"]["why"]) == ("question_offered", "topic")
    SERVER["notification"].model_validate(asked)


@pytest.mark.parametrize(
    "subscribed",
    [
        event
        for event in notices.SUBSCRIPTIONS
        if "question_id" in event.__dataclass_fields__ and "meetup_id" not in event.__dataclass_fields__
    ],
)
def test_every_step_is_told_to_whoever_asked(sockets, hub, subscribed):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", notifications=True)
    happened = dataclasses.replace(an_example_of(subscribed), organization_id=hub.id)
    concerned = "member_ids" if hasattr(happened, "member_ids") else "asker_id"
    who = [noor.member_id] if concerned == "member_ids" else noor.member_id
    happened = dataclasses.replace(happened, **{concerned: who})

    notices.SUBSCRIPTIONS[subscribed](happened)

    assert noor.heard[-1]["detail"]["question_id"] == "text"
    SERVER["notification"].model_validate(noor.heard[-1])


def test_a_broken_socket_resumes_with_nothing_lost_and_nothing_twice(sockets, hub, atelier, stream):
    """What a client does: it keeps each number once, and asks for what is missing."""
    lou, held = a_follower("lou", hub), {}
    noor = listening(sockets, "noor", atelier)

    def take(frames):
        for frame in frames:
            for message in frame.get("messages", [frame.get("message")]):
                if message is not None:
                    held.setdefault(message["seq"], message["text"])
        frames.clear()

    for n in range(4):
        a_message(lou, atelier, f"Message {n}")
    stream.flow()
    take(noor.heard)
    sockets.lose("noor")
    for n in range(4, 16):
        a_message(lou, atelier, f"Message {n}")
    stream.flow()
    noor.heard.clear()  # what was sent to a broken socket is lost
    back = sockets.opened_by("noor", "back")
    for n in range(16, 22):
        a_message(lou, atelier, f"Message {n}")
    more = True
    while more:
        page = back.say(kind="resume", **_place(atelier), after_seq=without_a_gap(held))
        more = page["has_more"]
        stream.flow()  # live frames come in between
        take(back.heard)

    assert sorted(held) == list(range(1, 23))
    assert held == {n + 1: f"Message {n}" for n in range(22)}


def without_a_gap(held):
    """The number up to which nothing is missing: where a client resumes."""
    return next(seq for seq in itertools.count() if seq + 1 not in held)


def _place(of):
    return {"organization_id": of.organization_id, "salon_id": of.id}
