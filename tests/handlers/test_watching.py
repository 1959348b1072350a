"""Letting someone watch, as clients meet it: over HTTP, in what people are told, and live."""

from __future__ import annotations

import pytest

from chalicelib.domain import events
from chalicelib.domain.live import delivery
from chalicelib.gateways import ids
from chalicelib.models.journal import JournalEntry
from tests import queues
from tests.factories import a_caller, a_follower
from tests.questions import Story, must_add_up
from tests.sockets import Sockets
from tests.streams import MessageStream


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    story.mia = a_follower("mia", story.hub)
    story.comes_to("in_progress")
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


def at(story, what=""):
    return f"/organizations/{story.hub.id}/questions/{story.id}{what}"


def spectator(story, who="mia"):
    return at(story, f"/spectators/{a_caller(who).member_id}")


def watched(api, story):
    for side in ("noor", "sam"):
        assert api.put(spectator(story), by=side).status == 200
    return api.put(at(story, "/watching"), by="mia")


def there(story):
    return {"organization_id": story.hub.id, "conversation_id": story.question.conversation_id}


def test_both_agree_someone_watches_and_either_ends_it(api, story):
    half = api.put(spectator(story), by="noor")
    too_early = api.put(at(story, "/watching"), by="mia")
    whole = api.put(spectator(story), by="sam")
    came = api.put(at(story, "/watching"), by="mia")

    story.says(story.sam, "Et maintenant ?")
    heard = api.get(at(story, "/messages"), by="mia")
    ended = api.delete(spectator(story), by="sam")

    assert (half.json["spectators"][0]["agreed"], too_early.status) == (["helper"], 404)
    assert whole.json["spectators"][0] == {
        "member_id": story.mia.member_id, "agreed": ["asker", "helper"], "watches": False,
    }  # fmt: skip
    assert (came.json["role"], came.json["text"], came.json["spectators"]) == ("spectator", None, [])
    assert [said["text"] for said in heard.json["data"]] == ["Et maintenant ?"]
    assert (ended.status, api.get(at(story, "/messages"), by="mia").status) == (204, 404)
    assert api.get(at(story), by="noor").json["spectators"] == []


def test_who_watches_speaks_neither_over_http_nor_live(api, story, sockets):
    watched(api, story)
    mia = sockets.opened_by("mia")
    words = {"client_message_id": "k", "text": "Moi, je dirais…"}

    assert api.post(at(story, "/messages"), by="mia", body=words).status == 404
    assert mia.say(kind="say", **there(story), **words)["code"] == "conversation_not_found"
    assert mia.say(kind="typing", **there(story))["code"] == "conversation_not_found"


def test_who_watches_hears_what_is_said_from_then_on_and_of_nobody_s_presence(api, story, sockets):
    noor, sam = sockets.opened_by("noor"), sockets.opened_by("sam")
    for socket in (noor, sam):
        socket.say(kind="subscribe", **there(story))
    watched(api, story)
    mia = sockets.opened_by("mia")
    before = (len(noor.heard), len(sam.heard))

    subscribed = mia.say(kind="subscribe", **there(story))
    stream = MessageStream()
    story.says(story.sam, "Et maintenant ?")
    stream.flow()
    missed = mia.say(kind="resume", after_seq=0, **there(story))
    sam.say(kind="typing", **there(story))

    assert (subscribed["kind"], subscribed["others"]) == ("ack", [])
    assert (len(noor.heard), [frame["kind"] for frame in mia.heard]) == (
        before[0] + 2,
        ["ack", "said", "page"],
    )
    assert [said["text"] for said in missed["messages"]] == ["Et maintenant ?"]
    assert not [frame for frame in (*noor.heard, *sam.heard) if frame.get("member_id") == story.mia.member_id]


def test_what_was_said_before_is_not_told_late(api, story, sockets):
    stream = MessageStream()
    story.says(story.sam, "Avant.")
    watched(api, story)
    mia = sockets.opened_by("mia")
    mia.say(kind="subscribe", **there(story))

    stream.flow()

    assert [frame["kind"] for frame in mia.heard] == ["ack"]


def test_a_socket_hears_nothing_from_the_moment_it_ends(api, story, sockets):
    watched(api, story)
    mia = sockets.opened_by("mia")
    mia.say(kind="subscribe", **there(story))
    api.delete(spectator(story), by="noor")

    stream = MessageStream()
    story.says(story.sam, "Entre nous.")
    stream.flow()

    assert [frame["kind"] for frame in mia.heard] == ["ack"]
    assert mia.say(kind="subscribe", **there(story))["code"] == "conversation_not_found"
    assert mia.say(kind="resume", after_seq=0, **there(story))["code"] == "conversation_not_found"


def test_both_are_told_each_step_and_whoever_watches_once_both_agreed(api, story, monkeypatch):
    notices = []
    monkeypatch.setattr(
        delivery, "notify", lambda people, about, detail: notices.append((about, sorted(people)))
    )
    api.put(spectator(story), by="noor")
    api.delete(spectator(story), by="sam")
    watched(api, story)
    api.delete(at(story, "/watching"), by="mia")
    kinds = {
        kind.detail_type()
        for kind in (
            events.SpectatorProposed, events.SpectatorRefused, events.SpectatorInvited, events.SpectatorCame,
            events.SpectatorLeft,
        )
    }  # fmt: skip
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    happened = [
        events.named(one.detail_type).from_detail(one.detail) for one in entries if one.detail_type in kinds
    ]

    assert queues.deliver("give_notice", *map(queues.envelope, happened)) == []

    two = sorted([story.sam.member_id, story.noor.member_id])
    three = sorted([*two, story.mia.member_id])
    assert notices == [
        ("spectator_proposed", two),
        ("spectator_refused", two),
        ("spectator_proposed", two),
        ("spectator_invited", three),
        ("spectator_came", three),
        ("spectator_left", three),
    ]


def test_a_fourth_one_or_someone_who_does_not_follow_is_refused_in_words(api, story, stored):
    for n in range(3):
        a_follower(f"p{n}", story.hub)
        api.put(spectator(story, f"p{n}"), by="noor")
    before = stored()

    assert api.put(spectator(story, "mia"), by="noor").code == "enough_spectators"
    assert api.put(spectator(story, "stranger"), by="noor").code == "cannot_bring_in"
    assert api.put(spectator(story, "stranger")).status == 401
    assert stored() == before


@pytest.mark.parametrize("who", ["nobody", "gst_" + "0" * 26, "<b>", "mem_7ZQK5T9V3M8XW2RBN4CJ6HDPE"])
def test_someone_who_cannot_be_is_refused(api, story, who):
    assert api.put(at(story, f"/spectators/{who}"), by="noor").status in (400, 404, 422)


def test_a_question_that_is_not_there_is_watched_by_nobody(api, story):
    nowhere = f"/organizations/{story.hub.id}/questions/{ids.new('qst')}"

    assert api.put(f"{nowhere}/watching", by="mia").code == "question_not_found"
    assert api.delete(f"{nowhere}/watching", by="mia").code == "question_not_found"
    assert api.delete(f"{nowhere}/spectators/{story.mia.member_id}", by="noor").code == "question_not_found"
