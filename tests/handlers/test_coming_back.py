"""The link that was mailed with an answer: the same guest, the same chat, for seven days."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict

import pytest

from chalicelib.api import guest_tokens
from chalicelib.domain import absences, conversations, guests, questions
from chalicelib.domain.live import conversations as conversations_live
from chalicelib.gateways import clock, ids, links, signatures
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from tests import hosts
from tests.factories import a_follower, an_organization
from tests.hosts import SITE

RETURN = "/widget/sessions/return"
OURS = "https://api.entraide.test"


class Chat:
    def __init__(self):
        self.hub = an_organization()
        hosts.a_widget(self.hub)
        self.noor = a_follower("noor", self.hub)
        self.zoe = hosts.as_caller(hosts.proven(self.hub, "zoe@example.org"))
        self.id = questions.ask(self.zoe, self.hub.id, text="Mes freins ?", topics=[]).id
        questions.claim(self.noor, *self.this)
        self.says(self.noor, "Dégraissez.")

    @property
    def this(self):
        return self.hub.id, self.id

    @property
    def question(self):
        return load(Question.key(*self.this))[0]

    @property
    def link(self):
        return hosts.link_back(self.hub, self.zoe, self.id)

    def says(self, who, text):
        key = f"key-{text}"
        return conversations.post(who, *self.this, client_message_id=key, text=text)


@pytest.fixture
def chat():
    return Chat()


def follow(api, link, *, origin=SITE):
    return api.post(RETURN, body={"link": link}, Origin=origin)


def test_the_link_opens_a_session_of_the_same_guest_on_the_site_that_it_is_followed_on(api, chat):
    back = follow(api, chat.link)

    assert back.status == 201, back
    assert back.json["guest_id"] == chat.zoe.member_id
    assert (back.json["organization_id"], back.json["question_id"]) == chat.this
    assert back.json["is_verified"]
    seen = guest_tokens.read(back.json["token"], language="fr")
    assert (seen.member_id, seen.guest_of) == (chat.zoe.member_id, chat.hub.id)
    assert seen.claims["origin"] == SITE


def test_it_may_be_followed_again_and_on_another_device(api, chat):
    link = chat.link

    assert [follow(api, link).status for _ in range(3)] == [201] * 3


def test_our_own_page_may_always_carry_it_even_when_no_widget_was_configured(api):
    bare = an_organization("bare")

    assert hosts.come(api, bare, origin=OURS).status == 201
    assert hosts.come(api, bare).code == "origin_refused"
    assert hosts.come(api, bare, origin=f"{OURS}.evil.example").code == "origin_refused"
    assert hosts.come(api, bare, origin=OURS, host_token="a.b.c").code == "host_unknown"
    assert "not_configured" in api.get("/widget/bare").json["unavailable"]


def test_it_may_be_followed_on_our_own_page(api, chat):
    back = follow(api, chat.link, origin=OURS)

    assert guest_tokens.read(back.json["token"], language="fr").claims["origin"] == OURS


@pytest.mark.parametrize(
    "origin", [None, "", "null", "https://evil.example", f"{SITE}/", f"{SITE}:443", OURS.upper()]
)
def test_a_page_of_another_site_gets_nothing_from_it(api, chat, stored, origin):
    link, before = chat.link, stored()
    answer = follow(api, link, origin=origin)

    assert (answer.status, answer.code) == (403, "origin_refused")
    assert stored() == before


def test_it_is_good_for_seven_days_and_the_session_for_its_own_24_hours(chat, time_passes):
    link = chat.link
    time_passes(days=6, hours=23, minutes=59)
    last = absences.come_back(link, origin=SITE).session

    assert last.expires_at - last.issued_at == guests.sessions.LASTS
    time_passes(minutes=2)
    with pytest.raises(absences.LinkOver):
        absences.come_back(link, origin=SITE)


def test_a_link_whose_days_are_over_says_so(api, chat):
    answer = follow(api, hosts.link_back(chat.hub, chat.zoe, chat.id, until=clock.now()))

    assert (answer.status, answer.code) == (409, "link_over")


def altered(link):
    """The same seal over another end."""
    raw = urlsafe_b64decode(link + "=" * (-len(link) % 4))
    return urlsafe_b64encode(raw[:-10] + b"9" * 10).decode().rstrip("=")


FORGED = {
    "of nobody": lambda chat: "x" * 150,
    "altered": lambda chat: altered(chat.link),
    "shortened": lambda chat: chat.link[:-1],
    "prolonged": lambda chat: chat.link + "AAAA",
    "for unsubscribing": lambda chat: links.unsubscribe(chat.zoe.member_id, chat.hub.id).partition("token=")[
        2
    ],
    "of another purpose": lambda chat: signatures.sign("cursor", signatures.read(links._RETURN, chat.link)),
    "of another shape": lambda chat: signatures.sign(links._RETURN, b"org_x gst_x qst_x 1"),
    "a question of someone else": lambda chat: hosts.link_back(
        chat.hub, chat.zoe, questions.ask(chat.noor, chat.hub.id, text="La mienne ?", topics=[]).id
    ),
    "a guest who is no more": lambda chat: hosts.link_back(chat.hub, hosts.a_guest(chat.hub), chat.id),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_link_that_we_did_not_mail_opens_nothing(api, chat, stored, forged):
    link = FORGED[forged](chat)
    before = stored()
    answer = follow(api, link)

    assert (answer.status, answer.code) == (400, "link_invalid")
    assert stored() == before


def test_a_link_of_another_tenant_opens_nothing(api, chat, monkeypatch):
    link = chat.link
    monkeypatch.setattr(signatures, "_key", lambda: b"the key of another tenant")

    assert follow(api, link).code == "link_invalid"


@pytest.mark.parametrize("link", [None, "", " ", 3, ["a"], "é", "a b", "a" * 1025, "a.b"])
def test_what_is_no_link_at_all_is_refused(api, chat, link):
    assert follow(api, link).code == "invalid_request"


def test_of_an_organization_that_is_no_more_nothing_is_left_to_come_back_to(api, chat):
    other = type("Gone", (), {"id": "org_" + "0" * 26})

    assert follow(api, hosts.link_back(other, chat.zoe, chat.id)).code == "organization_not_found"


def test_a_token_of_a_guest_is_no_link_and_a_link_is_no_token(api, chat):
    session = {"Authorization": f"Bearer {chat.link}", "Origin": SITE}

    assert api.get(f"/organizations/{chat.hub.id}/questions/{chat.id}", **session).code == "token_invalid"


def test_what_the_refusals_say_is_said_in_french_too(api, chat):
    answer = api.post(RETURN, body={"link": "x" * 99}, Origin=SITE, Accept_Language="fr")

    assert "lien" in answer.json["detail"]
    assert "sept jours" in absences.LinkOver().sentence("fr")


@pytest.mark.parametrize("state", ["in_progress", "answered", "resolved"])
def test_whatever_became_of_it_who_is_back_may_speak(chat, state):
    if state != "in_progress":
        questions.answered(chat.noor, *chat.this)
    if state == "resolved":
        questions.confirm(chat.zoe, *chat.this, outcome="yes")
    back = hosts.as_caller(absences.come_back(chat.link, origin=SITE).session)

    posted = chat.says(back, "Merci !")

    assert (posted.said.is_postscript, chat.question.state) == (state == "resolved", state)
    if state == "resolved":
        questions.reopen(back, *chat.this)
        assert chat.question.state == "open"


def bearer(back):
    return {"Authorization": f"Bearer {back.json['token']}", "Origin": SITE}


def test_whoever_holds_the_link_is_in_that_one_conversation_and_in_nothing_else_of_the_guest(
    api, chat, stored
):
    other = questions.ask(chat.zoe, chat.hub.id, text="Et ma chaîne ?", topics=[]).id
    back, here = follow(api, chat.link), f"/organizations/{chat.hub.id}"
    before = stored()

    refused = [
        api.get(f"{here}/questions/{other}", **bearer(back)),
        api.get(f"{here}/questions/{other}/messages", **bearer(back)),
        api.get(f"/me{here}/questions", **bearer(back)),
        api.post(f"{here}/questions", body={"text": "Une autre ?"}, **bearer(back)),
        api.post("/widget/sessions/renew", **bearer(back)),
        api.post("/widget/sessions/email", body={"email": "mallory@example.org"}, **bearer(back)),
        api.post("/widget/sessions/email/confirm", body={"code": "CFGHJM"}, **bearer(back)),
    ]
    adopted = api.post("/me/guests", by="noor", body={"guest_token": back.json["token"]})

    assert {(one.status, one.code) for one in refused} == {(403, "one_question_only")}
    assert (adopted.status, adopted.code) == (403, "addresses_differ")
    assert stored() == before
    assert api.get(f"{here}/questions/{chat.id}", **bearer(back)).json["role"] == "asker"
    assert api.get(f"{here}/questions/{chat.id}/messages", **bearer(back)).status == 200


def test_whoever_holds_the_link_hears_that_one_conversation_live(chat):
    other = questions.ask(chat.zoe, chat.hub.id, text="Et ma chaîne ?", topics=[]).id
    session = absences.come_back(chat.link, origin=SITE).session
    caller = guest_tokens.caller_of(guest_tokens.verify(guest_tokens.seal(**asdict(session))), language="fr")

    assert conversations_live.may_listen(caller, chat.hub.id, ids.twin("cnv", chat.id)).id == chat.id
    with pytest.raises(conversations_live.ConversationNotFound):
        conversations_live.may_listen(caller, chat.hub.id, ids.twin("cnv", other))


def test_coming_back_costs_four_calls_with_words_missed_and_two_without(api, chat, calls):
    link = chat.link
    calls.clear()
    follow(api, link)
    missed = list(calls)
    calls.clear()
    follow(api, link)

    count, read = "dynamodb.UpdateItem", "dynamodb.BatchGetItem"
    assert missed == [count, read, read, "dynamodb.TransactWriteItems"]
    assert calls == [count, read]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://a.example/b?c#d", "https://a.example"),
        ("https://A.example:443/", "https://a.example"),
        ("http://localhost:8000/v1", "http://localhost:8000"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("ftp://a.example/", None),
        ("https://a.example:port/", None),
        ("https://[bad/", None),
        ("//a.example", None),
        ("", None),
    ],
)
def test_the_site_of_a_page_is_named_as_browsers_do(address, origin):
    assert links.origin_of(address) == origin
