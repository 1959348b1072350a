"""Codes that show whose address it is."""

from __future__ import annotations

import email
from datetime import timedelta

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.api import guest_tokens
from chalicelib.domain import events, guests, mails
from chalicelib.domain.guests import codes
from chalicelib.gateways import clock
from chalicelib.models.guests import GuestCode
from chalicelib.models.journal import JournalEntry
from chalicelib.models.tables import load
from tests import hosts, queues
from tests.factories import an_organization
from tests.faults import Crash, installed
from tests.hosts import (
    a_session,
    a_widget,
    bearer,
    code_mailed_to,
    guest_of,
)

SESSIONS = "/widget/sessions"


@pytest.fixture
def hub():
    organization = an_organization()
    a_widget(organization)
    return organization


def mailbox():
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(message.raw_data) for message in sent]


def asked_for_codes():
    return [
        queues.envelope(events.named(entry.detail_type).from_detail(entry.detail))
        for entry in sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
        if entry.detail_type == "guest_code.requested.v1"
    ]


def later(monkeypatch, **passed):
    now = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_a_guest_is_mailed_a_code_and_confirms_their_address(api, hub):
    session = a_session(hub)
    sent = api.post(f"{SESSIONS}/email", body={"email": "Zoe@Example.org"}, **bearer(session))
    assert queues.deliver("send_emails", *asked_for_codes()) == []

    (mail,) = mailbox()
    code = code_mailed_to(session.guest_id)
    answer = api.post(f"{SESSIONS}/email/confirm", body={"code": code}, **bearer(session))

    assert (sent.status, sent.json["tries_left"]) == (200, 5)
    assert mail["To"] == "zoe@example.org"
    assert code in mail["Subject"]
    assert mail["Message-ID"].startswith("<guest-code.cod_")
    assert answer.status == 200
    assert (answer.json["guest_id"], answer.json["is_verified"]) == (session.guest_id, True)
    assert guest_tokens.read(answer.json["token"], language="fr").is_verified
    kept = guest_of(hub, session.guest_id)
    assert (kept.email, kept.email_verified_by) == ("zoe@example.org", "code")


@pytest.mark.parametrize(("language", "words"), [("fr", "Voici votre code"), ("en", "Here is your code")])
def test_the_code_is_mailed_in_the_language_that_was_asked_for(api, hub, language, words):
    headers = {**bearer(a_session(hub)), "Accept-Language": language}
    api.post(f"{SESSIONS}/email", body={"email": "zoe@example.org"}, **headers)
    queues.deliver("send_emails", *asked_for_codes())

    (mail,) = mailbox()
    assert mail["Content-Language"] == language
    assert words in mail.get_payload()[0].get_payload(decode=True).decode()


def test_a_code_is_kept_nowhere_and_has_no_look_alikes(hub, stored):
    drawn = set()
    for n in range(30):
        session = a_session(hub)
        guests.send_code(hosts.as_caller(session), f"zoe{n}@example.org")
        drawn.add(code_mailed_to(session.guest_id))

    everything = str(stored())
    assert len(drawn) == 30
    assert all(len(code) == 6 and not set(code) & set("01OILSZ5AEU") - {"5"} for code in drawn)
    assert not [code for code in drawn if f"'{code}'" in everything]


def test_a_code_is_taken_as_people_type_it(hub):
    session = a_session(hub)
    guests.send_code(hosts.as_caller(session), "zoe@example.org")
    code = code_mailed_to(session.guest_id)

    assert guests.confirm(hosts.as_caller(session), f" {code[:3].lower()}-{code[3:]} ").is_verified


def test_a_wrong_code_costs_a_try_and_the_sixth_is_one_too_many(api, hub):
    session = a_session(hub)
    guests.send_code(hosts.as_caller(session), "zoe@example.org")
    right = code_mailed_to(session.guest_id)

    answers = [
        api.post(f"{SESSIONS}/email/confirm", body={"code": "222222"}, **bearer(session)) for _ in range(5)
    ]
    last = api.post(f"{SESSIONS}/email/confirm", body={"code": right}, **bearer(session))

    assert {(answer.status, answer.code) for answer in answers} == {(422, "code_wrong")}
    assert [answer.json["tries_left"] for answer in answers] == [4, 3, 2, 1, 0]
    assert answers[0].json["errors"][0]["pointer"] == "/code"
    assert (last.status, last.code) == (409, "code_over")
    assert guest_of(hub, session.guest_id) is None


def test_guesses_sent_all_at_once_are_counted_each(hub, monkeypatch):
    session = a_session(hub)
    caller = hosts.as_caller(session)
    guests.send_code(caller, "zoe@example.org")
    right = code_mailed_to(session.guest_id)
    real, nested = codes.load, []

    def overtaken(*keys):
        found = real(*keys)
        if len(nested) < 5:
            nested.append("while this one was read, another was written")
            with pytest.raises(guests.CodeWrong):
                guests.confirm(caller, "222222")
        return found

    monkeypatch.setattr(codes, "load", overtaken)

    with pytest.raises(guests.CodeOver):
        guests.confirm(caller, right)
    assert guest_of(hub, session.guest_id) is None


def test_a_code_is_over_after_ten_minutes(hub, monkeypatch):
    session = a_session(hub)
    caller = hosts.as_caller(session)
    guests.send_code(caller, "zoe@example.org")
    code = code_mailed_to(session.guest_id)
    later(monkeypatch, minutes=10)

    with pytest.raises(guests.CodeOver):
        guests.confirm(caller, code)


def test_only_the_latest_code_counts(hub):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")
    first = code_mailed_to(caller.member_id)
    guests.send_code(caller, "max@example.org")

    with pytest.raises(guests.CodeWrong):
        guests.confirm(caller, first)
    guests.confirm(caller, code_mailed_to(caller.member_id))
    assert guest_of(hub, caller.member_id).email == "max@example.org"


def test_the_code_of_one_guest_is_worth_nothing_to_another(hub):
    one, other = (hosts.as_caller(a_session(hub)) for _ in range(2))
    guests.send_code(one, "zoe@example.org")

    with pytest.raises(guests.CodeOver):
        guests.confirm(other, code_mailed_to(one.member_id))


def test_without_a_code_on_its_way_none_is_right(api, hub):
    answer = api.post(f"{SESSIONS}/email/confirm", body={"code": "222222"}, **bearer(a_session(hub)))

    assert (answer.status, answer.code) == (409, "code_over")


def test_a_mailbox_gets_three_codes_in_ten_minutes_whoever_asks(api, hub, monkeypatch):
    later(monkeypatch, seconds=0)
    answers = [
        api.post(f"{SESSIONS}/email", body={"email": "zoe@example.org"}, **bearer(a_session(hub)))
        for _ in range(4)
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[3].code == "too_many_codes"
    assert int(answers[3].headers["retry-after"]) <= 600
    assert len(asked_for_codes()) == 3


def test_codes_are_limited_by_network_address_too(api, hub, monkeypatch):
    later(monkeypatch, seconds=0)
    answers = [
        api.post(f"{SESSIONS}/email", body={"email": f"z{n}@example.org"}, **bearer(a_session(hub)))
        for n in range(21)
    ]

    assert {answer.status for answer in answers[:20]} == {200}
    assert (answers[20].status, answers[20].code) == (429, "too_many_requests")


@pytest.mark.parametrize(
    "address",
    ["", "zoe", "zoe@", "@example.org", "zoe@example", "zoe@exa mple.org", "zoé@example.org",
     "zoe@exämple.org", "\u212aim@example.org", "zoe@example.org\nBcc: a@evil.example",
     "zoe@example.org,a@evil.example",
     "<zoe@example.org>", "x" * 65 + "@example.org", 7, None],
)  # fmt: skip
def test_what_is_no_address_gets_no_code(api, hub, stored, address):
    before = stored()

    assert api.post(f"{SESSIONS}/email", body={"email": address}, **bearer(a_session(hub))).status == 422
    assert stored() == before


@pytest.mark.parametrize("code", ["", "2222", "2" * 17, "22222é", "222222\n2;", 222222, None])
def test_what_is_no_code_costs_no_try(api, hub, code):
    session = a_session(hub)
    guests.send_code(hosts.as_caller(session), "zoe@example.org")

    assert api.post(f"{SESSIONS}/email/confirm", body={"code": code}, **bearer(session)).status == 422
    assert load(GuestCode.key(session.guest_id))[0].tries_left == 5


def test_members_are_asked_for_no_code(api, hub):
    answer = api.post(f"{SESSIONS}/email", body={"email": "zoe@example.org"}, by="noor")

    assert (answer.status, answer.code) == (403, "guests_only")


def test_a_confirmation_whose_answer_was_lost_is_confirmed_again(hub, stored):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")
    code = code_mailed_to(caller.member_id)
    with installed() as injector, pytest.raises(Crash):
        injector.fail("TransactWriteItems", "crash-after")
        guests.confirm(caller, code)
    before = stored()

    assert guests.confirm(caller, code).is_verified
    assert stored() == before


def test_a_new_code_to_another_address_proves_nothing_by_the_old_one(hub):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")
    old = code_mailed_to(caller.member_id)
    guests.send_code(caller, "victim@example.org")

    with pytest.raises(guests.CodeWrong):
        guests.confirm(caller, old)
    assert guest_of(hub, caller.member_id) is None


def test_an_address_that_was_proven_stays_whoever_has_the_session_now(hub, stored):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")
    guests.confirm(caller, code_mailed_to(caller.member_id))

    with pytest.raises(guests.AddressProven):
        guests.send_code(caller, "mallory@example.org")
    guests.send_code(caller, "Zoe@Example.org")

    assert guest_of(hub, caller.member_id).email == "zoe@example.org"


def test_a_code_is_mailed_once_however_often_it_is_delivered(hub):
    guests.send_code(hosts.as_caller(a_session(hub)), "zoe@example.org")
    (asked,) = asked_for_codes()

    assert queues.deliver("send_emails", asked, asked) == []
    assert queues.deliver("send_emails", asked) == []
    assert len(mailbox()) == 1


def test_a_code_that_was_replaced_or_is_over_is_not_mailed(hub, monkeypatch):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")
    guests.send_code(caller, "zoe@example.org")
    first, second = asked_for_codes()

    queues.deliver("send_emails", first)
    later(monkeypatch, minutes=11)
    queues.deliver("send_emails", second)

    assert mailbox() == []


def test_whoever_wants_no_mails_of_this_guest_gets_none(hub):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")
    mails.unsubscribe(guests.letter_for(_first_request()).unsubscribe_url.partition("token=")[2])
    guests.send_code(caller, "zoe@example.org")

    queues.deliver("send_emails", asked_for_codes()[1])

    assert mailbox() == []


def _first_request():
    entry = next(entry for entry in JournalEntry.scan() if entry.detail_type == "guest_code.requested.v1")
    return events.GuestCodeRequested.from_detail(entry.detail)


def test_the_journal_knows_neither_the_code_nor_the_address(hub):
    caller = hosts.as_caller(a_session(hub))
    guests.send_code(caller, "zoe@example.org")

    journal = str([entry.detail for entry in JournalEntry.scan()])
    assert "zoe@example.org" not in journal
    assert code_mailed_to(caller.member_id) not in journal
