"""The whole road on the local cloud: the real template, the real functions, HTTP only."""

from __future__ import annotations

import email
import email.policy
import json
import uuid

import httpx
import pytest

from tests.cloud.people import Person, at_once, eventually


@pytest.fixture(scope="module")
def claire(cloud):
    return Person(cloud, "Claire", groups=["organizations.create"])


@pytest.fixture(scope="module")
def cyclofil(claire):
    """An organization whose community manager has said hello."""
    opened = claire.post(
        "/organizations",
        {
            "slug": f"cyclofil-{uuid.uuid4().hex[:8]}",
            "name": "Cyclofil",
            "aim": "Réparer son vélo soi-même, ensemble.",
            "presets": ["help"],
        },
    )
    assert opened.status_code == 201, opened.text
    hub = opened.json()
    said = claire.post(
        f"/organizations/{hub['id']}/salons/{hub['default_salon_id']}/messages",
        {"client_message_id": "hello", "text": "Bienvenue à l’atelier !"},
    )
    assert said.status_code == 201, said.text
    return hub


def salon_of(hub):
    return f"/organizations/{hub['id']}/salons/{hub['default_salon_id']}"


def mails_to(cloud, person):
    return [mail for mail in cloud.mail() if person.address in str(mail["to"])]


def entries_of(person):
    return person.get("/me/recognition").json()


def test_from_sign_up_to_a_merit_entry(cloud, claire, cyclofil):
    noor, sacha = Person(cloud, "Noor"), Person(cloud, "Sacha")

    assert noor.put(f"/organizations/{cyclofil['id']}/follow").status_code == 201
    assert sacha.put(f"/organizations/{cyclofil['id']}/follow").status_code == 201
    (mail,) = eventually(lambda: mails_to(cloud, noor))
    assert "Claire" in mail["text"]

    said = noor.post(
        f"{salon_of(cyclofil)}/messages",
        {"client_message_id": "m1", "text": "Pour un dévoilage : un quart de tour à la fois."},
    )
    assert said.status_code == 201, said.text
    message = said.json()
    anyone = httpx.get(f"{cloud.api}{salon_of(cyclofil)}/messages?after_seq={message['seq'] - 1}", timeout=30)
    assert [m["text"] for m in anyone.json()["data"]] == [message["text"]]

    thanked = sacha.put(
        f"{salon_of(cyclofil)}/messages/{message['id']}/thanks", {"text": "Ma roue tourne rond !"}
    )
    assert thanked.status_code == 201, thanked.text

    found = eventually(lambda: entries_of(noor)["data"] and entries_of(noor))
    assert (found["balance"], [(e["amount"], e["reason"]) for e in found["data"]]) == (1, [(1, "thanked")])
    assert entries_of(sacha)["balance"] == 0
    assert len(mails_to(cloud, noor)) == 1

    assert sacha.delete(f"{salon_of(cyclofil)}/messages/{message['id']}/thanks").status_code == 204
    assert eventually(lambda: entries_of(noor)["balance"] == 0)


def test_fifty_identical_posts_at_once_are_one_message(cloud, cyclofil):
    lou = Person(cloud, "Lou")
    lou.put(f"/organizations/{cyclofil['id']}/follow")
    path = f"{salon_of(cyclofil)}/messages"
    before = lou.get(path).json()["data"][0]["seq"]

    answers = at_once(50, lambda _: lou.post(path, {"client_message_id": "once", "text": "Bonjour !"}))

    assert {answer.status_code for answer in answers} <= {200, 201}, {a.text for a in answers}
    assert [answer.status_code for answer in answers].count(201) == 1
    assert len({(a.json()["id"], a.json()["seq"]) for a in answers}) == 1
    assert [m["seq"] for m in lou.get(f"{path}?after_seq={before}").json()["data"]] == [before + 1]


def test_thirty_different_posts_at_once_are_numbered_without_gap_or_repetition(cloud, cyclofil):
    lou = Person(cloud, "Lou")
    lou.put(f"/organizations/{cyclofil['id']}/follow")
    path = f"{salon_of(cyclofil)}/messages"
    before = lou.get(path).json()["data"][0]["seq"]

    def say(n):
        body = {"client_message_id": f"n{n}", "text": f"Message {n}"}
        while (answer := lou.post(path, body)).status_code == 409:
            assert answer.json()["code"] == "busy", answer.text
        return answer

    answers = at_once(30, say)

    seqs = sorted(answer.json()["seq"] for answer in answers)
    assert seqs == list(range(before + 1, before + 31))


def test_fifty_follows_at_once_are_one_membership_and_one_mail(cloud, cyclofil):
    max_ = Person(cloud, "Max")

    answers = at_once(50, lambda _: max_.put(f"/organizations/{cyclofil['id']}/follow"))

    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201], {a.text for a in answers}
    assert len({answer.json()["followed_at"] for answer in answers}) == 1
    assert [f["organization_id"] for f in max_.get("/me/organizations").json()["data"]] == [cyclofil["id"]]
    assert eventually(lambda: mails_to(cloud, max_))
    # whatever else would come has come when somebody who follows later has their mail
    late = Person(cloud, "Ana")
    late.put(f"/organizations/{cyclofil['id']}/follow")
    assert eventually(lambda: mails_to(cloud, late))
    assert len(mails_to(cloud, max_)) == 1


def test_the_link_in_the_mail_unsubscribes_with_one_click(cloud, claire, cyclofil):
    eve = Person(cloud, "Eve")
    eve.put(f"/organizations/{cyclofil['id']}/follow")
    (mail,) = eventually(lambda: mails_to(cloud, eve))
    source = httpx.get(f"{cloud.origin}/mail/{mail['number']}.eml", timeout=30).content
    headers = email.message_from_bytes(source, policy=email.policy.default)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Reply-To"].addresses[0].addr_spec == claire.address
    link = headers["List-Unsubscribe"].split(">", 1)[0].lstrip("<")

    done = httpx.post(
        f"{cloud.api}/unsubscribe?{link.partition('?')[2]}",
        data={"List-Unsubscribe": "One-Click"},
        timeout=30,
    )

    assert done.status_code == 200, done.text
    assert eve.get(f"/me/organizations/{cyclofil['id']}/mails").json() == {"wanted": False}


def test_a_repeated_request_under_one_key_is_carried_out_once(claire, cyclofil):
    path = f"/organizations/{cyclofil['id']}/salons"
    key = {"Idempotency-Key": uuid.uuid4().hex}

    answers = at_once(8, lambda _: claire.post(path, {"title": "Balades"}, **key))

    assert {answer.status_code for answer in answers} == {201}, {a.text for a in answers}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1


def test_a_live_connection_takes_a_ticket_once(cloud, claire):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    ticket = claire.post("/live/tickets").json()["ticket"]

    with connect(f"{cloud.live}?ticket={ticket}") as socket:
        socket.send('{"kind": "ping"}')
        assert json.loads(socket.recv(timeout=10))["kind"] == "pong"
    with pytest.raises(InvalidStatus), connect(f"{cloud.live}?ticket={ticket}"):
        pass
