"""Naps, floods, too many sockets, subscriptions cut short: what a connection keeps, and what ends it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain import errors, events, helping, moderation
from chalicelib.domain import live as channel
from chalicelib.domain.limits import Policy
from chalicelib.domain.live import connections, delivery, presence, rooms
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes
from chalicelib.models.live import Connection
from chalicelib.models.memberships import Membership
from chalicelib.models.presence import Presence
from chalicelib.models.subscriptions import Subscription, conversation, person, salon
from chalicelib.models.tables import load
from tests import queues
from tests.factories import a_caller, a_host, a_salon, a_volunteer, an_organization
from tests.sockets import Sockets, a_question

GUEST = "gst_" + "0" * 26


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
def still(monkeypatch):
    """Keeps the clock where it is, at the beginning of a minute."""
    now = clock.now().replace(second=0, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def place(of):
    return {"organization_id": of.organization_id, "salon_id": of.id}


def listeners(channel_name):
    return {found.connection_id for found in Subscription.to(channel_name, now=clock.now().timestamp())}


def offers(socket):
    return [frame["detail"]["question_id"] for frame in socket.heard if frame["kind"] == "notification"]


def offer(socket, question_id):
    delivery.notify([socket.member_id], "question_offered", {"question_id": question_id})


def test_whoever_comes_back_from_a_nap_is_told_their_notifications_again(sockets, time_passes):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", notifications=True)
    time_passes(seconds=160)
    offer(noor, "while asleep")

    noor.say(kind="ping")
    offer(noor, "once awake")

    assert offers(noor) == ["once awake"]


def test_telling_how_active_one_is_after_a_nap_brings_notifications_back_too(sockets, time_passes):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", notifications=True)
    time_passes(seconds=160)

    assert noor.say(kind="presence", state="active")["state"] == "active"
    offer(noor, "once awake")

    assert offers(noor) == ["once awake"]


def test_whoever_asked_for_no_notifications_is_told_none_after_a_nap(sockets, time_passes):
    noor, tab = sockets.opened_by("noor"), sockets.opened_by("noor", "tab")
    for one in (noor, tab):
        one.say(kind="subscribe", notifications=True)
    noor.say(kind="unsubscribe", notifications=True)
    time_passes(seconds=160)

    for one in (noor, tab):
        one.say(kind="ping")
    offer(noor, "once awake")

    assert (offers(noor), offers(tab)) == ([], ["once awake"])


def test_what_loses_every_race_is_refused_and_not_acknowledged(sockets, monkeypatch):
    noor = sockets.opened_by("noor")
    monkeypatch.setattr(Presence, "keep", lambda _: False)

    answers = [noor.say(kind="presence", state="afk"), noor.say(kind="subscribe", notifications=True)]

    assert [(answer["kind"], answer["code"]) for answer in answers] == [("refused", "busy")] * 2


def test_a_ping_that_could_not_be_noted_is_noted_when_it_is_repeated(sockets, monkeypatch, time_passes):
    noor = sockets.opened_by("noor")
    time_passes(seconds=120)
    keep = Presence.keep
    monkeypatch.setattr(Presence, "keep", lambda _: False)
    refused = noor.say(kind="ping")
    monkeypatch.setattr(Presence, "keep", keep)

    assert refused["code"] == "busy"
    assert noor.say(kind="ping")["kind"] == "pong"
    time_passes(seconds=100)
    assert presence.states_of([noor.member_id]) == {noor.member_id: "afk"}


def test_leaving_takes_everything_along_even_when_presence_is_contended(sockets, atelier, monkeypatch):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))
    monkeypatch.setattr(Presence, "keep", lambda _: False)

    noor.leave()

    assert Connection.find("noor") is None
    assert listeners(salon(atelier.id)) | listeners(person(noor.member_id)) == set()


def test_presence_that_nobody_could_note_is_said_to_be_contended(monkeypatch):
    monkeypatch.setattr(Presence, "keep", lambda _: False)

    with pytest.raises(errors.Busy):
        presence.renew(GUEST, "tab", state="active")


def test_one_person_has_so_many_connections_and_another_ends_the_oldest(sockets, monkeypatch, time_passes):
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    opened = []
    for n in range(5):
        opened.append(sockets.opened_by("noor", f"tab-{n}"))
        time_passes(seconds=2)

    assert sockets.closed == ["tab-0", "tab-1"]
    assert listeners(person(opened[0].member_id)) == {"tab-2", "tab-3", "tab-4"}
    assert opened[0].say(kind="ping")["code"] == "connection_over"
    assert opened[4].say(kind="ping")["kind"] == "pong"
    assert set(Presence.find(opened[0].member_id).connections) == {"tab-2", "tab-3", "tab-4"}


def test_connections_that_come_all_at_once_are_no_more_than_those_that_come_in_turn(
    sockets, monkeypatch, still
):
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 2)
    save, late = Subscription.save, []

    def saved_beside_another(self, *args, **kwargs):
        done = save(self, *args, **kwargs)
        if len(late) < 2:
            late.append(f"late-{len(late)}")
            sockets.opened_by("noor", late[-1])
        return done

    monkeypatch.setattr(Subscription, "save", saved_beside_another)
    sockets.opened_by("noor", "first")

    assert len(listeners(person(a_caller("noor").member_id))) == 2


def test_what_a_crash_left_of_a_connection_makes_room_once(sockets, monkeypatch):
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 1)
    own, over = person(a_caller("noor").member_id), int(clock.now().timestamp()) + 60
    Subscription.of(own, "left behind", member_id=a_caller("noor").member_id, expires_at=over).save()

    sockets.opened_by("noor")

    assert listeners(own) == {"noor"}
    assert sockets.closed == ["left behind"]


def test_others_connections_are_nobodys_to_end(sockets, monkeypatch):
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 1)

    sockets.opened_by("noor")
    sockets.opened_by("lou")

    assert sockets.closed == []


def test_one_guest_makes_no_crowd(sockets, hub, atelier, monkeypatch):
    monkeypatch.setattr(delivery, "CROWD", 25)
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))
    for n in range(26):
        sockets.opened_by_guest(hub, GUEST, f"socket-{n}").say(kind="subscribe", **place(atelier))

    audience = delivery.audience_of(salon(atelier.id))

    assert not audience.is_crowd
    assert len(audience.listeners) == connections.MOST_CONNECTIONS + 1


def test_it_takes_a_hundred_people_at_least_to_make_a_crowd():
    assert connections.MOST_CONNECTIONS * 100 <= delivery.CROWD


def test_connecting_costs_as_much_however_many_connections_one_has(sockets, calls):
    def cost(name):
        ticket = channel.issue(a_caller("noor")).ticket
        calls.clear()
        assert sockets.knock(ticket, name) == 200
        return list(calls)

    cost("one")

    second, third = cost("two"), cost("three")

    assert second == third
    assert len(second) <= 8, second


@pytest.mark.parametrize("kind", ["typing", "resume"])
def test_a_person_types_and_catches_up_so_often_at_all_their_connections(sockets, hub, monkeypatch, kind):
    question = a_question(hub, asker_id=a_caller("noor").member_id, helper_id=a_caller("lou").member_id)
    monkeypatch.setattr(channel.talking, "TYPING", Policy("typing", limit=2))
    monkeypatch.setattr(rooms, "CATCHING_UP", Policy("resumes", limit=2))
    there = {"organization_id": hub.id, "conversation_id": ids.twin("cnv", question.id)}
    said = {"kind": kind, **there, **({"after_seq": 0} if kind == "resume" else {})}
    noor, tab, lou = sockets.opened_by("noor"), sockets.opened_by("noor", "tab"), sockets.opened_by("lou")

    answers = [one.say(**said) for one in (noor, tab, noor, tab, lou)]

    codes = [answer.get("code") for answer in answers]
    assert codes == [None, None, "too_many_requests", "too_many_requests", None]
    assert answers[2]["retry_after"] <= 60


def test_only_the_first_frame_too_many_in_a_minute_is_answered(sockets, monkeypatch, still, calls):
    monkeypatch.setattr(connections, "MOST_FRAMES", 3)
    noor = sockets.opened_by("noor")
    calls.clear()

    for _ in range(5):
        noor.say(kind="ping")

    assert [frame.get("code", frame["kind"]) for frame in noor.heard] == ["pong"] * 3 + ["too_many_frames"]
    assert sockets.closed == []
    assert calls[-2:] == ["dynamodb.UpdateItem"] * 2


def test_a_flood_ends_the_connection(sockets, monkeypatch, still, atelier):
    monkeypatch.setattr(connections, "MOST_FRAMES", 3)
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))

    for _ in range(5):
        noor.say(kind="ping")

    assert [frame["code"] for frame in noor.heard if "code" in frame] == [
        "too_many_frames",
        "connection_over",
    ]
    assert sockets.closed == ["noor"]
    assert Connection.find("noor") is None
    assert listeners(salon(atelier.id)) == set()
    assert presence.states_of([noor.member_id]) == {noor.member_id: "offline"}


def test_a_new_minute_is_a_new_beginning(sockets, monkeypatch, still):
    monkeypatch.setattr(connections, "MOST_FRAMES", 3)
    noor = sockets.opened_by("noor")
    for _ in range(5):
        noor.say(kind="ping")
    monkeypatch.setattr(clock, "now", lambda: still + timedelta(minutes=1))

    assert noor.say(kind="ping")["kind"] == "pong"


@pytest.mark.parametrize("room", ["salon", "conversation"])
def test_resuming_after_a_subscription_that_was_cut_short_listens(sockets, hub, monkeypatch, room):
    noor = sockets.opened_by("noor")
    if room == "salon":
        there, name = place(found := a_salon(hub)), salon(found.id)
    else:
        question = a_question(hub, asker_id=noor.member_id)
        there = {"organization_id": hub.id, "conversation_id": question.conversation_id}
        name = conversation(question.conversation_id)
    save, broken = Subscription.save, [True]

    def cut_short_once(self, *args, **kwargs):
        if broken:
            broken.pop()
            raise RuntimeError
        return save(self, *args, **kwargs)

    monkeypatch.setattr(Subscription, "save", cut_short_once)

    answers = [noor.say(kind="resume", **there, after_seq=0) for _ in range(2)]

    assert [answer.get("code", answer["kind"]) for answer in answers] == ["frame_failed", "page"]
    assert listeners(name) == {"noor"}


def test_listening_at_a_connection_that_is_over_is_refused_as_such(sockets, hub, atelier, monkeypatch):
    sockets.opened_by("noor")
    connection = Connection.find("noor")
    channel.disconnect("noor")

    for listen in (channel.listen_to_salon, lambda *to: channel.resume(*to, 0)):
        with pytest.raises(channel.ConnectionOver):
            listen(connection, hub.id, atelier.id)
    with pytest.raises(channel.ConnectionOver):
        channel.listen_to_notifications(connection, wanted=True)
    assert listeners(salon(atelier.id)) == set()
    assert presence.notified_connections([connection.member_id]) == []


def test_ones_own_channel_takes_none_of_the_places(sockets, hub, monkeypatch):
    monkeypatch.setattr(rooms, "MOST_CHANNELS", 2)
    noor, one, two, three = sockets.opened_by("noor"), a_salon(hub), a_salon(hub), a_salon(hub)

    codes = [noor.say(kind="subscribe", **place(each)).get("code") for each in (one, two, three, two)]

    assert codes == [None, None, "too_many_subscriptions", None]
    assert listeners(salon(three.id)) == set()


def role_taken(hub, name):
    """Take someone's role from them; the event that says so."""
    member_id = a_caller(name).member_id
    (membership,) = load(Membership.key(hub.id, member_id))
    before = membership.role
    with changes() as change:
        change.edit(membership, role="none", voice="member")
    told = {"member_id": member_id, "before": before, "after": "none"}
    return events.RoleChanged(organization_id=hub.id, actor_id=a_caller("claire").member_id, **told)


def test_whoever_no_longer_looks_after_salons_hears_its_drafts_no_longer(sockets, hub, atelier):
    draft = a_salon(hub, state="draft")
    for name in ("lou", "mia"):
        a_host(name, hub)
    lou, tab, mia = sockets.opened_by("lou"), sockets.opened_by("lou", "tab"), sockets.opened_by("mia")
    for one in (lou, tab, mia):
        for each in (draft, atelier):
            assert one.say(kind="subscribe", **place(each))["kind"] == "ack"
    happened = queues.envelope(role_taken(hub, "lou"))

    assert queues.deliver("give_notice", happened, happened) == []

    assert listeners(salon(draft.id)) == {"mia"}
    assert listeners(salon(atelier.id)) == {"lou", "tab", "mia"}
    assert salon(draft.id) not in Connection.find("lou").channels
    assert lou.say(kind="resume", **place(draft), after_seq=0)["code"] == "salon_not_found"


def test_whoever_was_given_the_role_again_meanwhile_goes_on_hearing_drafts(sockets, hub):
    draft = a_salon(hub, state="draft")
    a_host("lou", hub)
    sockets.opened_by("lou").say(kind="subscribe", **place(draft))
    late = role_taken(hub, "lou")
    a_host("lou", hub)

    queues.deliver("give_notice", queues.envelope(late))

    assert listeners(salon(draft.id)) == {"lou"}


@pytest.mark.parametrize("frame", [{"kind": "subscribe"}, {"kind": "resume", "after_seq": 0}])
def test_a_role_that_is_lost_while_one_subscribes_leaves_no_subscription(sockets, hub, monkeypatch, frame):
    draft = a_salon(hub, state="draft")
    a_host("lou", hub)
    lou = sockets.opened_by("lou")
    save, meanwhile = Subscription.save, [lambda: queues.envelope(role_taken(hub, "lou"))]

    def saved_too_late(self, *args, **kwargs):
        if meanwhile:
            queues.deliver("give_notice", meanwhile.pop()())  # it finds no subscription yet
        return save(self, *args, **kwargs)

    monkeypatch.setattr(Subscription, "save", saved_too_late)

    assert lou.say(**frame, **place(draft))["code"] == "salon_not_found"
    assert listeners(salon(draft.id)) == set()


def test_a_ticket_from_before_a_suspension_opens_nothing_that_a_new_one_would_not(sockets, hub, atelier):
    lou = a_volunteer("lou", hub)
    question = a_question(hub, asker_id=a_caller("noor").member_id, helper_id=lou.member_id)
    ticket = channel.issue(lou).ticket
    running = moderation.suspend(
        a_caller("mona", scopes=["moderation"]), hub.id, lou.member_id, rule="spam", facts="Cent fois.",
        until=clock.now() + timedelta(days=1),
    )  # fmt: skip

    assert sockets.knock(ticket, "lou") == 200
    old = sockets.opened_by("lou", "new")

    for socket in (type(old)(sockets, lou.member_id, "lou"), old):
        there = {"organization_id": hub.id, "conversation_id": question.conversation_id}
        for room in (place(atelier), there):
            for frame in ({"kind": "subscribe"}, {"kind": "resume", "after_seq": 0}):
                assert socket.say(**frame, **room)["code"] == "suspended", running
    assert listeners(salon(atelier.id)) | listeners(conversation(question.conversation_id)) == set()
    assert helping.availability(hub.id) is None or not helping.availability(hub.id).available


@pytest.mark.plain
def test_opening_and_closing_a_connection_loads_nothing_that_only_frames_need():
    statement = "import chalicelib.handlers.live, sys; print('pydantic' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", statement],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "False"
