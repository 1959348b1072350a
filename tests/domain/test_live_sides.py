"""Whether the other side is there: told to those in a conversation; and members who asked as guests."""

from __future__ import annotations

import json

import pytest

from chalicelib.contracts.frames import SERVER
from chalicelib.domain import conversations, guests
from chalicelib.domain.live import comings, delivery, frames, sides
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes
from chalicelib.models.guests import Guest, GuestLink
from chalicelib.models.presence import Presence
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from tests.factories import a_caller, an_organization
from tests.sockets import Sockets, a_question
from tests.streams import MessageStream, deliver_frames

GUEST = "gst_" + "0" * 26


class Talk:
    """Noor asked, Lou helps; what is put on its way is delivered when told."""

    def __init__(self, sockets, asker_id=None):
        self.sockets, self.hub = sockets, an_organization()
        self.noor, self.lou, self.eve = (sockets.opened_by(name) for name in ("noor", "lou", "eve"))
        self.question = a_question(
            self.hub, asker_id=asker_id or self.noor.member_id, helper_id=self.lou.member_id
        )
        self.there = {"organization_id": self.hub.id, "conversation_id": self.question.conversation_id}
        self.deliver()

    def enters(self, *sockets):
        answers = [one.say(kind="subscribe", **self.there) for one in sockets]
        self.deliver()
        return answers

    def deliver(self):
        """Hand what is on its way to the workers, as it comes; how many pieces it was."""
        bodies = [body for body, _ in self.sockets.queued]
        self.sockets.queued.clear()
        for body in bodies:
            sides.tell(body["presence"], body["state"], body["channels"])
        return len(bodies)

    def told(self, socket):
        """What a socket was told of others, and when told forgotten."""
        self.deliver()
        found = [frame for frame in socket.heard if "member_id" in frame and frame["kind"] == "presence"]
        for frame in found:
            SERVER["presence"].model_validate(frame)
            assert frame["conversation_id"] == self.question.conversation_id
        socket.heard[:] = [frame for frame in socket.heard if frame not in found]
        return [(frame["member_id"], frame["state"]) for frame in found]

    def sets(self, **values):
        question = load(Question.key(self.hub.id, self.question.id))[0]
        with changes() as change:
            change.edit(question, **values)


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def talk(sockets):
    return Talk(sockets)


def merge(hub, socket, guest_id=GUEST):
    """Let a member have proven that they are this guest."""
    with changes() as change:
        change.create(
            Guest.arriving(
                hub.id, guest_id, at=clock.now(), member_id=socket.member_id, email="noor@example.org"
            )
        )
        change.create(GuestLink.of(socket.member_id, hub.id, guest_id, at=clock.now()))


# the other side is there, or not


def test_who_enters_a_conversation_is_told_whether_the_other_side_is_there(talk):
    lou = {"member_id": talk.lou.member_id, "state": "active"}

    (first,) = talk.enters(talk.noor)
    talk.lou.leave()
    (again,) = talk.enters(talk.noor)

    assert (first["others"], again["others"]) == ([lou], [{**lou, "state": "offline"}])
    SERVER["ack"].model_validate(first)


def test_a_salon_has_no_other_side(talk):
    salon = {"organization_id": talk.hub.id, "salon_id": talk.hub.default_salon_id}

    assert talk.noor.say(kind="subscribe", **salon)["others"] is None


def test_the_other_side_is_told_at_each_change_and_nobody_else_is(talk):
    talk.enters(talk.noor, talk.lou)
    talk.eve.say(kind="subscribe", **talk.there)
    assert talk.told(talk.noor) == [(talk.lou.member_id, "active")]
    talk.told(talk.lou)

    seen = []
    for state in ("afk", "active"):
        talk.lou.say(kind="presence", state=state)
        seen += talk.told(talk.noor)
    talk.lou.say(kind="presence", state="active", notifiable=True)
    talk.lou.leave()
    seen += talk.told(talk.noor)

    assert seen == [(talk.lou.member_id, state) for state in ("afk", "active", "notifiable")]
    assert talk.told(talk.eve) == talk.told(talk.lou) == []


def test_nothing_is_told_when_nothing_changed(talk, calls):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor)

    for _ in range(3):
        talk.lou.say(kind="presence", state="active")
        talk.lou.say(kind="ping")
        talk.lou.say(kind="subscribe", **talk.there)
        talk.lou.say(kind="unsubscribe", **talk.there)

    assert talk.deliver() == 0


def test_the_best_of_several_tabs_is_what_is_told(talk, sockets):
    tab = sockets.opened_by("lou", "tab")
    talk.enters(talk.noor, talk.lou, tab)
    arrivals = talk.told(talk.noor)

    talk.lou.say(kind="presence", state="afk")
    tab.say(kind="presence", state="active")
    talk.lou.leave()
    meanwhile = talk.told(talk.noor)
    tab.leave()

    assert (arrivals, meanwhile) == ([(talk.lou.member_id, "active")], [])
    assert talk.told(talk.noor) == [(talk.lou.member_id, "offline")]


def test_time_makes_someone_away_and_their_next_sign_of_life_tells_it(talk, time_passes):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor)
    time_passes(seconds=125)

    talk.lou.say(kind="ping")

    assert talk.told(talk.noor) == [(talk.lou.member_id, "afk")]


def test_whoever_left_the_page_of_a_conversation_is_still_told_of_there(talk):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor)
    talk.lou.say(kind="unsubscribe", **talk.there)

    talk.lou.leave()

    assert talk.told(talk.noor) == [(talk.lou.member_id, "offline")]


def test_whoever_does_not_listen_any_more_is_not_told(talk):
    talk.enters(talk.noor, talk.lou)
    talk.noor.say(kind="unsubscribe", **talk.there)
    talk.told(talk.noor)

    talk.lou.leave()

    assert talk.told(talk.noor) == []


def test_a_helper_whom_the_question_left_learns_nothing_more_and_is_told_of_no_more(talk):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor), talk.told(talk.lou)
    talk.sets(state="open", helper_id=None)

    talk.noor.say(kind="presence", state="afk")
    talk.lou.say(kind="presence", state="afk")

    assert talk.told(talk.noor) == talk.told(talk.lou) == []


@pytest.mark.parametrize("state", ["resolved", "closed_unconfirmed", "withdrawn", "merged", "expired"])
def test_once_a_question_is_closed_nobody_is_told_whether_anyone_is_there(talk, state):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor)
    talk.sets(state=state)
    talk.lou.say(kind="presence", state="afk")

    assert talk.told(talk.noor) == []
    assert talk.enters(talk.noor)[0]["others"] == []


def test_someone_invited_is_told_of_once_they_came(talk):
    talk.sets(invited={talk.eve.member_id: False})
    before = talk.enters(talk.noor)[0]["others"]
    talk.sets(invited={talk.eve.member_id: True})

    talk.enters(talk.eve)

    assert [other["member_id"] for other in before] == [talk.lou.member_id]
    assert talk.told(talk.noor) == [(talk.eve.member_id, "active")]


def test_whoever_came_along_and_was_parted_from_whoever_helps_is_told_nothing_nor_told_of(talk):
    talk.sets(invited={talk.eve.member_id: True})
    talk.enters(talk.noor, talk.lou, talk.eve)
    talk.told(talk.noor), talk.told(talk.lou), talk.told(talk.eve)
    with changes() as change:
        for one, other in ((talk.lou, talk.eve), (talk.eve, talk.lou)):
            change.update(Apart.of(one.member_id), *Apart.from_too({other.member_id}))

    for one in (talk.eve, talk.lou):
        one.say(kind="presence", state="afk")
    told = [talk.told(one) for one in (talk.noor, talk.lou, talk.eve)]
    talk.lou.say(kind="typing", **talk.there)

    assert told == [[(talk.lou.member_id, "afk")], [], []]
    assert [other["member_id"] for other in talk.enters(talk.noor)[0]["others"]] == [talk.lou.member_id]
    assert [frame["kind"] for frame in talk.noor.heard].count("typing") == 1
    assert "typing" not in [frame["kind"] for frame in talk.eve.heard]
    assert talk.enters(talk.eve)[0]["code"] == "conversation_not_found"


def test_a_change_that_another_one_followed_is_not_told(talk):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor)

    talk.lou.say(kind="presence", state="afk")
    talk.lou.leave()

    assert talk.told(talk.noor) == [(talk.lou.member_id, "offline")]


def test_a_change_is_told_in_the_newest_twenty_conversations(talk, monkeypatch):
    monkeypatch.setattr(comings, "MOST", 2)
    later = [a_question(talk.hub, asker_id=talk.noor.member_id, helper_id=talk.lou.member_id) for _ in "ab"]
    talk.enters(talk.lou)
    for question in later:
        there = {"organization_id": talk.hub.id, "conversation_id": question.conversation_id}
        talk.lou.say(kind="subscribe", **there)
    talk.deliver()

    talk.lou.leave()

    ((body, _),) = talk.sockets.queued
    assert {channel.partition("#")[2] for channel in body["channels"]} == {
        question.conversation_id for question in later
    }


def test_workers_tell_it(talk):
    talk.enters(talk.noor, talk.lou)
    talk.told(talk.noor)
    talk.lou.say(kind="presence", state="afk")
    bodies = [body for body, _ in talk.sockets.queued]
    talk.sockets.queued.clear()

    assert deliver_frames(*map(json.dumps, [*bodies, *bodies])) == []

    assert set(talk.told(talk.noor)) == {(talk.lou.member_id, "afk")}


def test_saying_something_costs_nothing_more_for_it(talk, calls):
    talk.enters(talk.noor, talk.lou)
    words = {"kind": "say", **talk.there, "text": "Bonjour"}
    talk.lou.say(**words, client_message_id="k0")
    calls.clear()

    talk.lou.say(**words, client_message_id="k1")

    assert (calls.count("dynamodb.UpdateItem"), calls.count("dynamodb.TransactWriteItems")) == (2, 1)
    assert len(calls) == 4  # the frame, the limit, one read, one transaction
    assert talk.deliver() == 0


def test_a_change_of_someone_who_is_in_no_conversation_costs_one_read_and_tells_nobody(talk, calls):
    talk.eve.say(kind="ping")
    calls.clear()
    talk.eve.say(kind="presence", state="afk")
    changed = list(calls)
    calls.clear()
    talk.eve.say(kind="presence", state="afk")

    assert len(changed) == len(calls) + 1
    assert talk.deliver() == 0


def test_telling_a_change_takes_a_call_per_conversation_and_four_in_all(talk, calls):
    talk.enters(talk.noor, talk.lou)
    talk.lou.say(kind="presence", state="afk")
    ((body, _),) = talk.sockets.queued
    calls.clear()

    sides.tell(body["presence"], body["state"], body["channels"])

    assert calls[:4] == ["dynamodb.Query", *["dynamodb.BatchGetItem"] * 3]
    assert calls[4:] == ["dynamodb.UpdateItem"]  # the share of posts


# a member who asked as a guest


@pytest.fixture
def asked_as_guest(sockets):
    """Noor asked as a guest, before her account."""
    return Talk(sockets, asker_id=GUEST)


FRAMES = [
    {"kind": "subscribe"},
    {"kind": "resume", "after_seq": 0},
    {"kind": "typing"},
    {"kind": "say", "client_message_id": "k", "text": "C’est bien moi."},
]


@pytest.mark.parametrize("frame", FRAMES, ids=[frame["kind"] for frame in FRAMES])
def test_a_member_who_asked_as_a_guest_is_in_their_conversation_here_too(asked_as_guest, frame):
    talk = asked_as_guest
    refused = talk.noor.say(**frame, **talk.there)
    merge(talk.hub, talk.noor)

    assert refused["code"] == "conversation_not_found"
    assert talk.noor.say(**frame, **talk.there)["kind"] in ("ack", "page")
    assert talk.eve.say(**frame, **talk.there)["code"] == "conversation_not_found"


def test_the_guest_of_another_organization_opens_no_conversation_here(asked_as_guest):
    talk = asked_as_guest
    merge(an_organization("potager", by="paul"), talk.noor)

    assert talk.noor.say(kind="subscribe", **talk.there)["code"] == "conversation_not_found"


def test_what_is_said_reaches_the_member_who_asked_as_a_guest(asked_as_guest):
    talk = asked_as_guest
    merge(talk.hub, talk.noor)
    talk.enters(talk.noor, talk.lou)
    stream = MessageStream()

    conversations.post(
        a_caller("lou"), talk.hub.id, talk.question.id, client_message_id="k", text="Dégraissez."
    )
    stream.flow()

    assert [frame["message"]["text"] for frame in talk.noor.heard if frame["kind"] == "said"] == [
        "Dégraissez."
    ]


def test_a_member_who_asked_as_a_guest_types_and_comes_and_goes_as_the_one_who_asked(asked_as_guest):
    talk = asked_as_guest
    merge(talk.hub, talk.noor)
    talk.enters(talk.lou, talk.noor)

    talk.noor.say(kind="typing", **talk.there)
    typed = [frame["member_id"] for frame in talk.lou.heard if frame["kind"] == "typing"]
    talk.noor.leave()

    assert typed == [GUEST]
    assert talk.told(talk.lou) == [(GUEST, "active"), (GUEST, "offline")]


def test_whoever_is_there_as_a_guest_and_as_a_member_is_as_there_as_the_better_of_the_two(
    asked_as_guest, sockets
):
    talk = asked_as_guest
    merge(talk.hub, talk.noor)
    guest = sockets.opened_by_guest(talk.hub, GUEST)
    talk.enters(talk.lou, talk.noor, guest)
    talk.told(talk.lou)

    talk.noor.leave()
    with_guest = talk.told(talk.lou)
    (seen,) = talk.enters(talk.lou)
    guest.leave()

    assert (with_guest, seen["others"]) == ([], [{"member_id": GUEST, "state": "active"}])
    assert talk.told(talk.lou) == [(GUEST, "offline")]


def test_notices_for_whoever_asked_as_a_guest_reach_the_member_and_the_guest(asked_as_guest, sockets, calls):
    talk = asked_as_guest
    guest = sockets.opened_by_guest(talk.hub, GUEST)
    for one in (talk.noor, guest):
        one.say(kind="subscribe", notifications=True)
    before = guests.members_behind(talk.hub.id, [GUEST, talk.lou.member_id])
    merge(talk.hub, talk.noor)
    calls.clear()

    known = guests.members_behind(talk.hub.id, [GUEST, talk.lou.member_id])
    looked = list(calls)
    delivery.notify(known, "question_answered", {})

    assert (before, known) == ([GUEST, talk.lou.member_id], [GUEST, talk.lou.member_id, talk.noor.member_id])
    assert looked == ["dynamodb.BatchGetItem"]
    assert talk.noor.heard[-1]["about"] == guest.heard[-1]["about"] == "question_answered"


def test_among_members_nobody_is_looked_up_for_a_notice(talk, calls):
    calls.clear()

    assert guests.members_behind(talk.hub.id, ["mem_a", "mem_b"]) == ["mem_a", "mem_b"]
    assert calls == []


def test_the_frame_of_a_change_is_of_the_shape_that_is_published():
    SERVER["presence"].model_validate(frames.presence_of("cnv_" + "0" * 26, GUEST, "notifiable"))


def test_whoever_is_back_after_having_been_lost_without_a_word_is_told_of_again(talk, sockets, time_passes):
    talk.enters(talk.noor, talk.lou)
    time_passes(minutes=10)
    talk.noor.say(kind="presence", state="active")
    talk.told(talk.noor)

    back = sockets.opened_by("lou", "back")
    talk.enters(back)

    assert talk.told(talk.noor) == [(talk.lou.member_id, "active")]
    assert set(Presence.find(talk.lou.member_id).connections) == {"back"}
