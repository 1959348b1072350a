"""Where an issuer's keys come from, and what happens when they do not come."""

from __future__ import annotations

import http.server
import json
import threading

import jwt
import pytest

from chalicelib.api import callers, keys
from chalicelib.domain.callers import Caller
from tests import tokens

pytestmark = pytest.mark.plain


class Issuer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *line):
        pass


def published(*kids):
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(tokens.private_key().public_key(), as_dict=True)
    return 200, json.dumps({"keys": [{**jwk, "kid": kid, "use": "sig"} for kid in kids]}).encode()


@pytest.fixture
def issuer():
    """A server of keys that can be told to fall silent."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        server.answer, server.asked = published("tests"), 0
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when told to, for our keys and for PyJWT's cache of them."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr("time.monotonic", lambda: Clock.now)
    return Clock


@pytest.fixture
def believe(issuer, monkeypatch, clock):
    """Reads a token against this issuer."""
    pool = callers.settings().user_pool_issuer
    url = f"http://127.0.0.1:{issuer.server_port}/jwks.json"
    trusted = callers.Issuer(pool, callers.settings().user_pool_client_id, url, is_user_pool=True)
    monkeypatch.setattr(callers, "trusted_issuers", lambda: {pool: trusted})

    def read(**token):
        return callers.caller_of(f"Bearer {tokens.token('noor', **token)}", language="fr")

    return read


BROKEN = {
    "an error": (500, b"oops"),
    "a page": (200, b"<!doctype html>"),
    "no object": (200, b"[]"),
    "no keys": (200, b'{"keys": []}'),
    "not UTF-8": (200, b"\xff"),
    "a redirect": (302, b""),
    "nothing": (200, b""),
}


def test_keys_are_asked_for_once_an_hour(believe, issuer, clock):
    for _ in range(5):
        assert isinstance(believe(), Caller)
    assert issuer.asked == 1

    clock.now += 3601
    believe()
    assert issuer.asked == 2


@pytest.mark.parametrize("broken", BROKEN)
def test_keys_last_seen_stay_good_while_the_issuer_is_out_of_order(believe, issuer, clock, broken):
    believe()
    issuer.answer = BROKEN[broken]
    clock.now += 3601

    assert isinstance(believe(), Caller)
    assert isinstance(believe(), Caller)
    assert issuer.asked == 2, "it is left alone for a moment"

    issuer.answer = published("tests", "next")
    clock.now += keys.COOLING
    assert isinstance(believe(kid="next"), Caller)


@pytest.mark.parametrize("broken", BROKEN)
def test_an_issuer_that_never_answered_makes_signing_in_unavailable_not_refused(
    believe, issuer, clock, broken
):
    issuer.answer = BROKEN[broken]

    for _ in range(3):
        with pytest.raises(callers.KeysUnavailable):
            believe()
    assert issuer.asked == 1

    issuer.answer = published("tests")
    clock.now += keys.COOLING
    assert isinstance(believe(), Caller)


def test_a_new_key_is_found_and_forged_ids_do_not_flood_the_issuer(believe, issuer, clock):
    believe()
    issuer.answer = published("tests", "next")
    for _ in range(20):
        with pytest.raises(callers.TokenInvalid):
            believe(kid="forged")
    assert issuer.asked == 1

    clock.now += 31
    assert isinstance(believe(kid="next"), Caller)
    assert issuer.asked == 2


def test_a_silent_issuer_is_not_asked_for_what_may_be_forged(believe, issuer, clock):
    believe()
    issuer.answer = BROKEN["an error"]
    clock.now += 31

    for _ in range(20):
        with pytest.raises(callers.TokenInvalid):
            believe(kid="forged")
    assert issuer.asked == 2


def test_a_key_that_is_withdrawn_is_not_believed_an_hour_later(believe, issuer, clock):
    believe()
    issuer.answer = published("next")
    clock.now += 3601

    with pytest.raises(callers.TokenInvalid):
        believe()


def test_a_token_of_another_issuer_never_asks_anyone(believe, issuer):
    with pytest.raises(callers.TokenInvalid):
        believe(iss="https://evil.example")

    assert issuer.asked == 0


def test_another_issuer_is_held_to_its_audience(monkeypatch):
    other = callers.Issuer("https://sso.example", "entraide", "https://sso.example/jwks.json")
    object.__setattr__(other, "keys", tokens.Keys())
    monkeypatch.setattr(callers, "trusted_issuers", lambda: {other.name: other})

    def read(**changed):
        said = tokens.token("noor", iss=other.name, **changed)
        return callers.caller_of(f"Bearer {said}", language="fr")

    granting = {"scope": "organizations.create", "cognito:groups": ["moderation"]}
    assert read(aud="entraide", **granting).scopes == frozenset()  # operators grant in their own user pool
    assert read(aud="entraide").access_token == ""  # nor is the pool asked about others' people
    assert read(aud=["entraide", "x"]).member_id == read(aud="entraide").member_id
    for wrong in ({"aud": "another"}, {"aud": []}, {"aud": None}, {}):
        with pytest.raises(callers.TokenInvalid):
            read(**wrong)


def test_one_person_at_two_issuers_is_two_members(monkeypatch):
    found = set()
    for name in ("https://a.example", "https://b.example"):
        issuer = callers.Issuer(name, "entraide", "https://x.example/jwks.json")
        object.__setattr__(issuer, "keys", tokens.Keys())
        monkeypatch.setattr(callers, "trusted_issuers", lambda name=name, issuer=issuer: {name: issuer})
        said = tokens.token("noor", iss=name, aud="entraide")
        found.add(callers.caller_of(f"Bearer {said}", language="fr").member_id)

    assert len(found) == 2
