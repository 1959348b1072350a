"""A guest goes on as the same guest, a day at a time, for thirty days."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from chalicelib.api import guest_tokens
from chalicelib.domain import guests
from chalicelib.gateways import clock
from tests import hosts
from tests.factories import an_organization
from tests.hosts import SITE, a_session, a_widget, code_mailed_to, come, host_token, token_of

RENEW = "/widget/sessions/renew"


@pytest.fixture
def hub():
    organization = an_organization()
    a_widget(organization)
    return organization


@pytest.fixture
def travel(monkeypatch):
    """Moves the server's clock, and the one that tokens are held against."""
    real, ahead = clock.now, [timedelta(0)]

    def forward(**by):
        ahead[0] += timedelta(**by)
        monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])

    class Later(jwt.api_jwt.datetime):
        @classmethod
        def now(cls, tz=None):
            return real().astimezone(tz) + ahead[0]

    monkeypatch.setattr(jwt.api_jwt, "datetime", Later)
    return forward


def headers(token, origin=SITE):
    return {"Authorization": f"Bearer {token}", **({"Origin": origin} if origin else {})}


def renewed(api, token):
    answer = api.post(RENEW, **headers(token))
    assert answer.status == 201, answer
    return answer.json


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_guest_goes_on_as_the_same_guest_for_another_day(api, hub, travel):
    session = a_session(hub)
    travel(hours=23)

    answer = renewed(api, token_of(session))

    assert answer["guest_id"] == session.guest_id
    assert (answer["organization_id"], answer["is_verified"]) == (hub.id, False)
    travel(hours=23)
    again = guest_tokens.read(answer["token"], language="fr")
    assert (again.member_id, again.guest_of, again.claims["origin"]) == (session.guest_id, hub.id, SITE)


def test_what_was_proven_of_them_stays_proven(api, hub):
    vouched = come(api, hub, host_token=host_token()).json

    answer = renewed(api, vouched["token"])

    assert {name: answer[name] for name in ("guest_id", "name", "is_verified")} == {
        "guest_id": vouched["guest_id"],
        "name": "Zoe",
        "is_verified": True,
    }


def test_nothing_is_written_when_a_guest_goes_on(api, hub, stored, calls):
    token = token_of(a_session(hub))
    before = stored()
    calls.clear()

    renewed(api, token)

    assert calls == ["dynamodb.UpdateItem", "dynamodb.BatchGetItem"]
    assert stored() == before


def test_thirty_days_after_the_first_token_a_guest_begins_anew(api, hub, travel):
    token, days = token_of(a_session(hub)), 0
    first = claims(token)["iat"]
    while (answer := api.post(RENEW, **headers(token))).status == 201:
        token = answer.json["token"]
        assert claims(token)["exp"] - claims(token)["iat"] == 24 * 3600
        travel(hours=23)
        days += 23 / 24

    assert (answer.status, answer.code) == (409, "session_too_old")
    assert 30 <= days < 31
    assert claims(token)["since"] == first


def test_proving_an_address_meanwhile_gives_no_further_thirty_days(api, hub, travel):
    session = a_session(hub)
    travel(hours=20)
    caller = guest_tokens.read(renewed(api, token_of(session))["token"], language="fr")
    guests.send_code(caller, "zoe@example.org")

    proven = guests.confirm(caller, code_mailed_to(caller.member_id))

    assert proven.is_verified
    assert claims(token_of(proven))["since"] == int(session.issued_at.timestamp())


def test_a_first_token_says_no_more_than_it_did(hub):
    assert "since" not in claims(token_of(a_session(hub)))


def test_a_session_that_is_over_is_not_renewed(api, hub, travel):
    token = token_of(a_session(hub))
    travel(hours=24, seconds=1)

    answer = api.post(RENEW, **headers(token))

    assert (answer.status, answer.code) == (401, "token_expired")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://www.cyclofil.example"])
def test_another_site_renews_nothing(api, hub, origin):
    answer = api.post(RENEW, **headers(token_of(a_session(hub)), origin))

    assert (answer.status, answer.code) == (401, "token_invalid")


def test_whoever_says_no_site_renews_nothing(api, hub):
    answer = api.post(RENEW, **headers(token_of(a_session(hub)), None))

    assert (answer.status, answer.code) == (403, "origin_refused")


def test_a_site_that_was_taken_off_the_list_renews_nothing(api, hub):
    token = token_of(a_session(hub))
    a_widget(hub, origins=["https://new.example"], version=1)

    answer = api.post(RENEW, **headers(token))

    assert (answer.status, answer.code) == (403, "origin_refused")


def test_only_guests_renew_a_guests_session(api, hub):
    assert api.post(RENEW, Origin=SITE).code == "token_missing"
    assert api.post(RENEW, by="noor", Origin=SITE).code == "guests_only"
    head, body, signature = token_of(a_session(hub)).split(".")
    forged = api.post(RENEW, **headers(f"{head}.{body}.{signature[:-4]}AAAA"))
    assert (forged.status, forged.code) == (401, "token_invalid")


@pytest.mark.parametrize("since", ["yesterday", 1.5, True, None, 2**40, -1])
def test_a_token_whose_beginning_makes_no_sense_is_none_of_ours(api, hub, since):
    said = {**claims(token_of(a_session(hub))), "since": since}
    token = jwt.encode(said, guest_tokens._key(), algorithm="HS256", headers={"kid": guest_tokens.KEY_ID})

    assert api.post(RENEW, **headers(token)).code == "token_invalid"


def test_a_host_that_does_not_say_so_has_not_proven_an_address(api, hub):
    for unsaid in (..., None, "true", 1):
        told = come(api, hub, host_token=host_token("zoe", email_verified=unsaid)).json
        assert told["is_verified"] is True  # who they are, not where they read
        assert hosts.guest_of(hub, told["guest_id"]).email is None
    said = come(api, hub, host_token=host_token("zoe", email_verified=True)).json
    assert hosts.guest_of(hub, said["guest_id"]).email == "zoe@example.org"
