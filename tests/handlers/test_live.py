"""The live channel, as clients have it: tickets, frames, refusals on the same socket."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest

from chalicelib.api import guest_tokens
from chalicelib.contracts.frames import SERVER
from chalicelib.contracts.messages import PostMessage
from chalicelib.domain import live as channel
from chalicelib.domain import messages
from chalicelib.domain.live import connections, presence, rooms
from chalicelib.gateways import clock, ids
from chalicelib.models.live import Connection
from chalicelib.models.subscriptions import Subscription, conversation, person, salon
from tests.factories import a_caller, a_follower, a_host, a_message, a_salon, an_organization
from tests.sockets import Sockets, a_question


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def later(monkeypatch):
    def pass_by(**time):
        now = clock.now
        monkeypatch.setattr(clock, "now", lambda: now() + timedelta(**time))

    return pass_by


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def atelier(hub):
    return a_salon(hub)


def place(of):
    return {"organization_id": of.organization_id, "salon_id": of.id}


def listeners(channel_name):
    return {found.connection_id for found in Subscription.to(channel_name, now=clock.now().timestamp())}


def test_a_ticket_opens_one_connection(api, sockets):
    issued = api.post("/live/tickets", by="noor")

    assert issued.status == 201, issued
    assert sockets.knock(issued.json["ticket"]) == 200
    assert sockets.knock(issued.json["ticket"], "c2") == 401
    assert listeners(person(a_caller("noor").member_id)) == {"c1"}


def test_a_ticket_is_given_on_an_organizations_site_too(api, sockets, hub):
    ticket = api.post(f"/organizations/{hub.id}/live/tickets", by="noor").json["ticket"]

    assert sockets.knock(ticket) == 200
    assert api.post("/organizations/org_none/live/tickets", by="noor").code == "organization_not_found"


def test_a_guest_gets_a_ticket_where_they_are_a_guest_and_nowhere_else(api, sockets, hub):
    guest_id, now = "gst_" + "0" * 26, clock.now()
    token = guest_tokens.seal(
        guest_id=guest_id, organization_id=hub.id, origin="https://shop.example", is_verified=False,
        name=None, issued_at=now, expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    shown = {"Authorization": f"Bearer {token}", "Origin": "https://shop.example"}
    other = an_organization("potager", by="paul")

    ticket = api.post(f"/organizations/{hub.id}/live/tickets", **shown)

    assert ticket.status == 201, ticket
    assert sockets.knock(ticket.json["ticket"]) == 200
    assert Connection.find("c1").guest_of == hub.id
    assert api.post(f"/organizations/{other.id}/live/tickets", **shown).status == 404
    assert api.post("/live/tickets", **shown).code == "members_only"


def test_a_ticket_is_over_after_a_minute(api, sockets, later):
    ticket = api.post("/live/tickets", by="noor").json["ticket"]
    later(seconds=61)

    assert sockets.knock(ticket) == 401


@pytest.mark.parametrize("ticket", [None, "", "guessed", "é" * 500, "\ud800", ["a"], 3])
def test_nobody_comes_in_without_a_ticket(sockets, ticket):
    assert sockets.knock(ticket) == 401


def test_a_ticket_takes_an_account(api):
    assert api.post("/live/tickets").code == "token_missing"


def test_a_ping_is_answered_on_the_same_socket(sockets):
    noor = sockets.opened_by("noor")

    assert noor.say(kind="ping", ref="7") == {"kind": "pong", "ref": "7"}


NAUGHTY = [
    "", "no", "[]", "{}", "null", "3", '"ping"', '{"kind": "sing"}', '{"kind": []}', '{"kind": {}}',
    '{"kind": "Ping"}', '{"kind": "ping"', '{"kind": "__class__"}', "[" * 20000, '{"kind":NaN}',
]  # fmt: skip


@pytest.mark.parametrize("body", NAUGHTY)
def test_a_frame_that_is_none_is_refused_with_a_code(sockets, stored, body):
    noor = sockets.opened_by("noor")
    before = stored()

    assert noor.raw(body)["code"] == "frame_unknown"
    assert noor.heard[-1]["kind"] == "refused"
    assert stored() == before


def test_a_frame_that_is_too_large_or_binary_is_refused_with_a_code(sockets, stored):
    noor = sockets.opened_by("noor")
    before = stored()

    assert noor.raw('{"kind": "ping", "ref": "' + "x" * 40_000 + '"}')["code"] == "frame_too_large"
    assert noor.raw("eyJraW5kIjoicGluZyJ9", binary=True)["code"] == "frame_binary"
    assert stored() == before


@pytest.mark.parametrize(
    "frame",
    [
        {"kind": "ping", "more": 1},
        {"kind": "ping", "ref": 3},
        {"kind": "ping", "ref": "x" * 65},
        {"kind": "ping", "ref": {"a": "b"}},
        {"kind": "subscribe"},
        {"kind": "subscribe", "salon_id": "sal_" + "0" * 26},
        {"kind": "subscribe", "salon_id": "sal_" + "0" * 26, "notifications": True},
        {"kind": "subscribe", "notifications": False},
        {"kind": "subscribe", "organization_id": "../x", "salon_id": "sal_" + "0" * 26},
        {"kind": "resume", "organization_id": "org_" + "0" * 26, "salon_id": "sal_" + "0" * 26},
        {"kind": "typing", "salon_id": "sal_" + "0" * 26},
        {"kind": "presence"},
        {"kind": "presence", "state": "offline"},
        {"kind": "presence", "state": "active", "notifiable": "perhaps"},
    ],
)
def test_a_frame_of_another_shape_is_refused_with_what_is_wrong_with_it(sockets, stored, frame):
    noor = sockets.opened_by("noor")
    before = stored()

    answer = noor.say(**frame)

    assert (answer["kind"], answer["code"]) == ("refused", "invalid_request")
    assert answer["errors"][0].keys() == {"pointer", "code", "message"}
    assert stored() == before


@pytest.mark.parametrize("seq", [-1, 10**12, 1.5, "one", None, 1e400])
def test_resuming_after_what_is_no_number_is_refused(sockets, atelier, seq):
    noor = sockets.opened_by("noor")

    assert noor.say(kind="resume", **place(atelier), after_seq=seq)["kind"] == "refused"


def test_random_bytes_are_refused_one_after_the_other(sockets, stored):
    noor, chance = sockets.opened_by("noor"), random.Random(3)  # noqa: S311
    before = stored()

    for _ in range(60):
        text = "".join(chr(chance.choice((34, 44, 58, 91, 93, 123, 125, 0, 120, 233))) for _ in range(30))
        assert noor.raw(text)["kind"] == "refused"
    assert stored() == before


def test_a_refusal_carries_the_clients_own_reference(sockets, atelier):
    noor = sockets.opened_by("noor")

    answer = noor.say(kind="say", ref="q-1", **place(atelier), client_message_id="a", text="Bonjour")

    assert (answer["kind"], answer["ref"], answer["code"]) == ("refused", "q-1", "follow_first")


def test_a_flood_is_refused_until_the_minute_is_over(sockets, later, monkeypatch, calls, atelier):
    monkeypatch.setattr(connections, "MOST_FRAMES", 3)
    noor = sockets.opened_by("noor")
    answers = [noor.say(kind="ping") for _ in range(3)]
    calls.clear()

    flooded = noor.say(kind="say", **place(atelier), client_message_id="a", text="Bonjour")

    assert [answer["kind"] for answer in answers] == ["pong"] * 3
    assert (flooded["kind"], flooded["code"]) == ("refused", "too_many_frames")
    assert calls == ["dynamodb.UpdateItem"]
    later(minutes=1)
    assert noor.say(kind="ping")["kind"] == "pong"


def test_what_one_says_over_http_counts_with_what_one_says_here(sockets, monkeypatch, hub, atelier):
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    monkeypatch.setattr(channel.talking.limits, "WRITES", channel.talking.limits.Policy("writes", limit=2))

    answers = [
        noor.say(kind="say", **place(atelier), client_message_id=f"k{n}", text="Bonjour") for n in range(3)
    ]

    assert [answer.get("code", answer["kind"]) for answer in answers] == ["ack", "ack", "too_many_requests"]


def test_a_frame_of_a_connection_that_is_over_is_refused_and_the_socket_closed(sockets, stored):
    noor = sockets.opened_by("noor")
    channel.disconnect("noor")
    before = stored()

    assert noor.say(kind="ping")["code"] == "connection_over"
    assert sockets.closed == ["noor"]
    assert stored() == before


def test_a_mistake_of_ours_is_said_on_the_same_socket(sockets, monkeypatch):
    noor = sockets.opened_by("noor")
    monkeypatch.setattr(presence, "renew", lambda *_, **__: 1 / 0)

    assert noor.say(kind="presence", state="afk")["code"] == "frame_failed"


def test_a_connection_that_is_gone_is_forgotten(sockets, atelier):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))
    sockets.lose("noor")

    noor.say(kind="ping")

    assert Connection.find("noor") is None
    assert listeners(salon(atelier.id)) == set()
    assert presence.states_of([noor.member_id]) == {noor.member_id: "offline"}


def test_disconnecting_twice_is_no_matter(sockets, atelier):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))

    for _ in range(2):
        noor.leave()

    assert Connection.find("noor") is None
    assert listeners(salon(atelier.id)) | listeners(person(noor.member_id)) == set()


def test_subscribing_says_where_the_salon_is_and_repeating_changes_nothing(sockets, hub, atelier):
    a_message(a_follower("lou", hub), atelier)
    noor = sockets.opened_by("noor")

    answers = [noor.say(kind="subscribe", **place(atelier)) for _ in range(2)]

    assert [(answer["kind"], answer["seq"]) for answer in answers] == [("ack", 1)] * 2
    assert listeners(salon(atelier.id)) == {"noor"}


def test_unsubscribing_is_done_once_however_often_it_is_asked(sockets, atelier):
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))

    answers = [noor.say(kind="unsubscribe", **place(atelier)) for _ in range(2)]

    assert [answer["kind"] for answer in answers] == ["ack"] * 2
    assert listeners(salon(atelier.id)) == set()
    assert Connection.find("noor").channels == {person(noor.member_id)}


def test_a_draft_is_not_there_for_who_does_not_look_after_salons(sockets, hub):
    draft = a_salon(hub, state="draft")
    a_host("host", hub)
    noor, host = sockets.opened_by("noor"), sockets.opened_by("host")

    for kind in ({"kind": "subscribe"}, {"kind": "resume", "after_seq": 0}):
        assert noor.say(**kind, **place(draft))["code"] == "salon_not_found"
        assert host.say(**kind, **place(draft))["kind"] in ("ack", "page")
    assert listeners(salon(draft.id)) == {"host"}


def test_a_salon_is_not_found_through_another_organization(sockets, atelier):
    other = an_organization("potager", by="paul")
    noor = sockets.opened_by("noor")

    answer = noor.say(kind="subscribe", organization_id=other.id, salon_id=atelier.id)

    assert answer["code"] == "salon_not_found"
    assert listeners(salon(atelier.id)) == set()


def test_a_connection_listens_to_so_many_places(sockets, hub, monkeypatch):
    monkeypatch.setattr(rooms, "MOST_CHANNELS", 1)
    noor, one, two = sockets.opened_by("noor"), a_salon(hub), a_salon(hub)

    assert noor.say(kind="subscribe", **place(one))["kind"] == "ack"
    assert noor.say(kind="subscribe", **place(two))["code"] == "too_many_subscriptions"
    assert noor.say(kind="subscribe", **place(one))["kind"] == "ack"
    assert listeners(salon(two.id)) == set()


def test_what_is_said_is_acknowledged_with_its_number_once_per_key(sockets, hub, atelier):
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    words = {"client_message_id": "k1", "text": "Une clé de 15 ?"}

    first, again = (noor.say(kind="say", ref="1", **place(atelier), **words) for _ in range(2))

    assert (first["kind"], first["seq"], first["replayed"]) == ("ack", 1, False)
    assert again == {**first, "replayed": True}
    (said,) = messages.page_of(None, hub.id, atelier.id, rooms.Page()).items
    assert (said.id, said.text) == (first["message_id"], "Une clé de 15 ?")


@pytest.mark.parametrize(
    "words",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "\u202e"},
        {"text": "x" * 4001},
        {"text": 3},
        {"text": "Bonjour", "client_message_id": "é"},
        {"text": "Bonjour", "client_message_id": ""},
        {"text": "Bonjour", "reply_to": "nothing"},
        {"text": "Bonjour", "mentions": ["me"]},
        {"text": "Bonjour", "voice": "staff"},
        {"text": "\ud800"},
    ],
)
def test_words_that_http_refuses_are_refused_here(sockets, hub, atelier, stored, words):
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    before = stored()

    answer = noor.say(**{"kind": "say", **place(atelier), "client_message_id": "k", **words})

    assert answer["kind"] == "refused"
    assert stored() == before


def test_html_and_naughty_strings_come_back_as_they_were_said(sockets, hub, atelier):
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    text = "<script>alert('é')</script> ' OR 1=1 -- \u200b 🚲 {{7*7}}"

    noor.say(kind="say", **place(atelier), client_message_id="k", text=text)

    page = noor.say(kind="resume", **place(atelier), after_seq=0)
    assert [message["text"] for message in page["messages"]] == [text]


def test_slow_mode_gives_back_what_was_typed(sockets, hub):
    slow = a_salon(hub, slow_mode_seconds=60)
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    noor.say(kind="say", **place(slow), client_message_id="k1", text="Une")

    answer = noor.say(kind="say", **place(slow), client_message_id="k2", text="Deux")

    assert (answer["code"], answer["text"]) == ("slow_mode", "Deux")
    assert 0 < answer["retry_after"] <= 60


def test_resuming_gives_what_was_missed_and_listens_from_there(sockets, hub, atelier):
    lou = a_follower("lou", hub)
    for n in range(5):
        a_message(lou, atelier, f"Message {n}")
    noor = sockets.opened_by("noor")

    page = noor.say(kind="resume", **place(atelier), after_seq=2)

    assert [message["seq"] for message in page["messages"]] == [3, 4, 5]
    assert page["has_more"] is False
    assert listeners(salon(atelier.id)) == {"noor"}


def test_a_page_is_what_one_frame_carries_and_the_rest_comes_after_it(sockets, hub, atelier):
    lou = a_follower("lou", hub)
    for n in range(9):
        a_message(lou, atelier, "🚲" * 3999 + str(n))
    noor, seqs, more = sockets.opened_by("noor"), [], True

    while more:
        page = noor.say(kind="resume", **place(atelier), after_seq=seqs[-1] if seqs else 0)
        assert len(json.dumps(page, ensure_ascii=False).encode()) < 128 * 1024
        seqs += [message["seq"] for message in page["messages"]]
        more = page["has_more"]

    assert seqs == list(range(1, 10))


def test_a_message_reads_on_the_socket_as_it_reads_over_http(api, sockets, hub, atelier):
    lou, claire = a_follower("lou", hub), a_caller("claire")
    first = a_message(lou, atelier, "Une clé de 13 ?")
    a_message(claire, atelier, "De 15.", reply_to=first.id, mentions=[lou.member_id])
    messages.react(claire, hub.id, atelier.id, first.id, "heart")
    messages.edit(lou, hub.id, atelier.id, first.id, text="Une clé de 14 ?", version=1)
    noor = sockets.opened_by("noor")

    page = noor.say(kind="resume", **place(atelier), after_seq=0)

    asked = {"after_seq": 0}
    read = api.get(f"/organizations/{hub.id}/salons/{atelier.id}/messages", query=asked).json["data"]
    assert page["messages"] == read


def test_a_guest_hears_a_salon_as_anyone_and_says_nothing_there(sockets, hub, atelier):
    guest = sockets.opened_by_guest(hub, "gst_" + "0" * 26)

    assert guest.say(kind="subscribe", **place(atelier))["kind"] == "ack"
    refused = guest.say(kind="say", **place(atelier), client_message_id="k", text="Bonjour")
    assert refused["code"] == "follow_first"


def test_a_conversation_is_heard_by_those_in_it_alone(sockets, hub):
    noor, lou, eve = (sockets.opened_by(name) for name in ("noor", "lou", "eve"))
    question = a_question(hub, asker_id=noor.member_id, helper_id=lou.member_id)
    there = {"organization_id": hub.id, "conversation_id": ids.twin("cnv", question.id)}

    assert [noor.say(kind="subscribe", **there)["kind"], lou.say(kind="subscribe", **there)["kind"]] == [
        "ack",
        "ack",
    ]
    for kind in ("subscribe", "typing"):
        assert eve.say(kind=kind, **there)["code"] == "conversation_not_found"
    assert listeners(conversation(there["conversation_id"])) == {"noor", "lou"}


def test_a_guest_of_another_organization_is_nobody_in_a_conversation(sockets, hub):
    other = an_organization("potager", by="paul")
    question = a_question(hub, asker_id="gst_" + "0" * 26)
    there = {"organization_id": hub.id, "conversation_id": ids.twin("cnv", question.id)}
    here = sockets.opened_by_guest(hub, question.asker_id)
    elsewhere = sockets.opened_by_guest(other, question.asker_id)

    assert here.say(kind="subscribe", **there)["kind"] == "ack"
    assert elsewhere.say(kind="subscribe", **there)["code"] == "conversation_not_found"


def test_what_is_said_in_a_conversation_is_acknowledged_and_found_again(api, sockets, hub):
    noor, lou, eve = (sockets.opened_by(name) for name in ("noor", "lou", "eve"))
    question = a_question(hub, asker_id=noor.member_id, helper_id=lou.member_id)
    there = {"organization_id": hub.id, "conversation_id": question.conversation_id}
    words = {"kind": "say", **there, "client_message_id": "k", "text": "Essayez de dégraisser."}

    said, again = lou.say(**words), lou.say(**words)

    assert (said["kind"], said["seq"], said["replayed"], again["replayed"]) == ("ack", 1, False, True)
    page = noor.say(kind="resume", **there, after_seq=0)
    SERVER["page"].model_validate(page)
    path = f"/organizations/{hub.id}/questions/{question.id}/messages"
    assert page["messages"] == api.get(path, by="noor", query={"after_seq": 0}).json["data"]
    assert page["has_more"] is False
    for frame in (words, {"kind": "resume", **there, "after_seq": 0}):
        assert eve.say(**frame)["code"] == "conversation_not_found"
    assert listeners(conversation(question.conversation_id)) == {"noor"}


def test_a_guest_speaks_in_their_own_conversation_only(sockets, hub):
    other = an_organization("potager", by="paul")
    question = a_question(hub, asker_id="gst_" + "0" * 26)
    there = {"organization_id": hub.id, "conversation_id": question.conversation_id}
    words = {"kind": "say", **there, "client_message_id": "k", "text": "Elle saute encore."}

    elsewhere = sockets.opened_by_guest(other, question.asker_id)
    assert elsewhere.say(**words)["code"] == "conversation_not_found"
    assert sockets.opened_by_guest(hub, question.asker_id).say(**words)["kind"] == "ack"


def test_typing_is_told_to_the_other_side_and_to_nobody_else(sockets, hub):
    noor, lou = sockets.opened_by("noor"), sockets.opened_by("lou")
    question = a_question(hub, asker_id=noor.member_id, helper_id=lou.member_id)
    there = {"organization_id": hub.id, "conversation_id": ids.twin("cnv", question.id)}
    noor.say(kind="subscribe", **there)
    lou.say(kind="subscribe", **there)

    assert noor.say(kind="typing", **there)["kind"] == "ack"

    told = {"kind": "typing", "conversation_id": there["conversation_id"], "member_id": noor.member_id}
    assert lou.heard[-1] == told
    assert told not in noor.heard


def test_the_connections_of_who_may_no_longer_be_here_are_ended(sockets, atelier):
    noor, tab = sockets.opened_by("noor"), sockets.opened_by("noor", "tab")
    for one in (noor, tab):
        one.say(kind="subscribe", **place(atelier))

    channel.end_all(noor.member_id)

    assert sorted(sockets.closed) == ["noor", "tab"]
    assert listeners(salon(atelier.id)) == set()
    assert noor.say(kind="ping")["code"] == "connection_over"


@pytest.mark.parametrize(
    ("frame", "cost"),
    [
        ({"kind": "ping"}, 1),
        ({"kind": "say", "client_message_id": "k", "text": "Bonjour"}, 4),
        ({"kind": "unsubscribe"}, 3),
        ({"kind": "subscribe"}, 5),
        ({"kind": "resume", "after_seq": 0}, 7),
    ],
)
def test_a_frame_costs_few_calls(sockets, hub, atelier, calls, frame, cost):
    lou = a_follower("lou", hub)
    a_message(lou, atelier)
    a_message(a_follower("noor", hub), atelier)
    noor = sockets.opened_by("noor")
    noor.say(kind="ping")
    calls.clear()

    noor.say(**frame, **({} if frame["kind"] == "ping" else place(atelier)))

    assert len(calls) == cost, list(calls)


def test_every_answer_is_of_a_kind_and_a_shape_that_is_published(sockets, hub, atelier):
    a_follower("noor", hub)
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", **place(atelier))
    noor.say(kind="say", **place(atelier), client_message_id="k", text="Bonjour")
    noor.say(kind="resume", **place(atelier), after_seq=0)
    noor.say(kind="presence", state="afk")
    noor.say(kind="subscribe", notifications=True)
    noor.raw("no")

    assert {frame["kind"] for frame in noor.heard} == {"ack", "page", "presence", "refused"}
    for frame in noor.heard:
        SERVER[frame["kind"]].model_validate(frame)


def test_saying_is_held_to_the_same_contract_as_posting():
    from chalicelib.contracts.frames import Say

    assert issubclass(Say, PostMessage)
