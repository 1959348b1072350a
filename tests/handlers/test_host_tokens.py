"""Visitors whom an organization's own site vouches for."""

from __future__ import annotations

import hashlib
import hmac
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.api import guest_tokens
from chalicelib.domain import guests
from chalicelib.gateways import ids
from chalicelib.models.guests import HostTokenUsed
from tests import hosts
from tests.api.forgery import b64
from tests.factories import a_caller, an_organization
from tests.faults import Crash, installed
from tests.hosts import (
    SITE,
    a_session,
    a_widget,
    come,
    guest_of,
    host,
    host_token,
    public,
)


@pytest.fixture
def hub():
    organization = an_organization()
    a_widget(organization)
    return organization


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_visitor_whom_the_site_vouches_for_is_verified(api, hub, kind):
    answer = come(api, hub, host_token=host_token("zoe", kind=kind))

    assert answer.status == 201
    assert (answer.json["is_verified"], answer.json["name"]) == (True, "Zoe")
    assert guest_tokens.read(answer.json["token"], language="fr").is_verified
    kept = guest_of(hub, answer.json["guest_id"])
    assert (kept.name, kept.email, kept.email_verified_by) == ("Zoe", "zoe@example.org", "host")


def test_the_same_visitor_is_the_same_guest_at_each_visit(api, hub):
    first = come(api, hub, host_token=host_token("zoe")).json["guest_id"]

    assert come(api, hub, host_token=host_token("zoe", kind="RSA")).json["guest_id"] == first
    assert come(api, hub, host_token=host_token("max")).json["guest_id"] != first


def test_the_same_visitor_of_two_organizations_is_two_guests(api, hub):
    other = an_organization("other", by="paul")
    a_widget(other, by="paul")

    here, there = (come(api, o, host_token=host_token("zoe")).json["guest_id"] for o in (hub, other))

    assert here != there


def test_what_the_site_says_anew_is_what_is_known(api, hub):
    guest_id = come(api, hub, host_token=host_token("zoe")).json["guest_id"]
    come(api, hub, host_token=host_token("zoe", name="Zoé M.", email="new@example.org"))

    assert (guest_of(hub, guest_id).name, guest_of(hub, guest_id).email) == ("Zoé M.", "new@example.org")


def test_what_the_site_does_not_say_stays(api, hub):
    guest_id = come(api, hub, host_token=host_token("zoe")).json["guest_id"]
    answer = come(api, hub, host_token=host_token("zoe", name=..., email=...))

    assert answer.json["name"] == "Zoe"
    assert guest_of(hub, guest_id).email == "zoe@example.org"


@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "zoé@é.example"},
        {"email": "a b@example.org"},
        {"email": ["zoe@example.org"]},
        {"email": "x" * 250 + "@a.example"},
        {"email": 7},
    ],
)
def test_an_address_that_is_not_surely_theirs_is_not_kept(api, hub, said):
    answer = come(api, hub, host_token=host_token("zoe", **said))

    assert answer.status == 201
    assert guest_of(hub, answer.json["guest_id"]).email is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [("  Zoé \u202e\n M. ", "Zoé M."), ("x" * 300, "x" * 80), ("\x00", None), (7, None), (["Zoe"], None),
     ("<b>Zoé</b>", "<b>Zoé</b>")],
)  # fmt: skip
def test_a_name_is_kept_as_far_as_it_is_one(api, hub, said, kept):
    assert come(api, hub, host_token=host_token("zoe", name=said)).json["name"] == kept


def test_a_host_token_is_good_once(api, hub, stored):
    token = host_token("zoe")
    come(api, hub, host_token=token)
    before = stored()

    answer = come(api, hub, host_token=token)

    assert (answer.status, answer.code) == (409, "host_token_replayed")
    assert stored() == before


def test_the_same_jti_in_another_token_is_a_replay_too(api, hub):
    come(api, hub, host_token=host_token("zoe", jti="once"))

    assert come(api, hub, host_token=host_token("max", jti="once", kind="RSA")).code == "host_token_replayed"


def test_a_jti_is_known_beyond_the_end_of_its_token(hub):
    a_session(hub, vouched_for="zoe")
    (used,) = HostTokenUsed.scan()

    assert used.expires_at > time.time() + 240 + 30


def test_a_host_token_used_on_a_site_that_is_refused_is_not_used_up(api, hub):
    token = host_token("zoe")
    come(api, hub, host_token=token, origin="https://evil.example")

    assert come(api, hub, host_token=token).status == 201


def forged_host_tokens():
    now = int(time.time())
    other_ec, other_rsa = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    pem = hosts.key("RSA").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    good = host_token()
    head, body, signature = good.split(".")
    return {
        "no token": "token",
        "two parts": f"{head}.{body}",
        "no signature": f"{head}.{body}.",
        "alg none": f"{b64({'alg': 'none', 'kid': 'host-EC'})}.{body}.",
        "another payload": f"{head}.{host_token('max').split('.')[1]}.{signature}",
        "HS256 with the public key": _symmetric(pem),
        "another key": host_token(private=other_ec),
        "another RSA key": host_token(kind="RSA", private=other_rsa),
        "a key that comes along": host_token(
            private=other_ec, headers={"jwk": public("EC", other_ec), "jku": "https://evil.example/jwks"}
        ),
        "the kid of the other key": host_token(kid="host-RSA"),
        "an unknown kid": host_token(kid="host-3"),
        "a kid that is a path": host_token(kid="../host-EC"),
        "no kid": jwt.encode(hosts.claims(), hosts.key("EC"), algorithm="ES256"),
        "PS256": host_token(kind="RSA", algorithm="PS256"),
        "RS512": host_token(kind="RSA", algorithm="RS512"),
        "crit": host_token(headers={"crit": ["entraide"]}),
        "another issuer": host_token(iss="https://evil.example"),
        "no issuer": host_token(iss=...),
        "issuer a list": host_token(iss=["https://www.cyclofil.example"]),
        "another audience": host_token(aud="other"),
        "several audiences": host_token(aud=["entraide", "other"]),
        "no audience": host_token(aud=...),
        "no sub": host_token(sub=...),
        "sub empty": host_token(sub=""),
        "sub endless": host_token(sub="x" * 256),
        "sub with controls": host_token(sub="zoe\x1fmax"),
        "no jti": host_token(jti=...),
        "jti empty": host_token(jti=""),
        "no iat": host_token(iat=...),
        "no exp": host_token(exp=...),
        "issued tomorrow": host_token(iat=now + 86400, exp=now + 86460),
        "issued in words": host_token(iat="now"),
        "not yet": host_token(nbf=now + 86400),
        "a fraction of a second": host_token(iat=now - 0.5),
        "over": ("host_token_expired", host_token(iat=now - 300, exp=now - 31)),
        "ten minutes": ("host_token_too_long", host_token(exp=now + 6000)),
        "one second too long": ("host_token_too_long", host_token(iat=now, exp=now + 301)),
        "for ever": ("host_token_too_long", host_token(exp=2**40)),
        "issued long ago": ("host_token_too_long", host_token(iat=now - 86400)),
        "a guest's token of ours": jwt.encode(
            hosts.claims(), "x" * 32, algorithm="HS256", headers={"kid": "guests-1"}
        ),
    }


def _symmetric(secret):
    said = f"{b64({'alg': 'HS256', 'kid': 'host-RSA', 'typ': 'JWT'})}.{b64(hosts.claims())}"
    return f"{said}.{b64(hmac.new(secret, said.encode(), hashlib.sha256).digest())}"


FORGED = forged_host_tokens()


@pytest.mark.parametrize("flaw", FORGED)
def test_a_host_token_that_is_not_as_agreed_is_refused(api, hub, stored, flaw):
    made_now = forged_host_tokens()[flaw]  # and not when the tests were collected, minutes ago
    code, forged = made_now if isinstance(made_now, tuple) else ("host_token_invalid", made_now)
    before = stored()

    answer = come(api, hub, host_token=forged)

    assert (answer.status, answer.code) == (401, code), answer
    assert stored() == before


def test_the_corpus_of_host_tokens_is_no_smaller_than_it_was():
    assert len(FORGED) >= 40


def test_five_minutes_and_a_clock_that_is_slightly_off_are_fine(api, hub):
    now = int(time.time())

    assert come(api, hub, host_token=host_token(iat=now, exp=now + 300)).status == 201
    assert come(api, hub, host_token=host_token(iat=now + 20, exp=now + 300)).status == 201
    assert come(api, hub, host_token=host_token(iat=now - 200, exp=now - 20)).status == 201


def test_a_key_that_was_withdrawn_vouches_for_nobody(api, hub):
    a_widget(hub, host=host(jwks=[public("RSA")]), version=1)

    assert come(api, hub, host_token=host_token()).code == "host_token_invalid"
    assert come(api, hub, host_token=host_token(kind="RSA")).status == 201


def test_where_nobody_vouches_a_host_token_is_refused(api, hub):
    a_widget(hub, host=None, version=1)

    answer = come(api, hub, host_token=host_token())

    assert (answer.status, answer.code) == (409, "host_unknown")


def test_a_host_token_signs_nobody_in_by_itself(api, hub):
    answer = api.get("/me", Authorization=f"Bearer {host_token()}")

    assert (answer.status, answer.code) == (401, "token_invalid")


def test_the_key_of_one_organization_vouches_for_nobody_in_another(api, hub):
    other = an_organization("other", by="paul")
    a_widget(other, by="paul", host=host(jwks=[public("EC", ec.generate_private_key(ec.SECP256R1()))]))

    assert come(api, other, host_token=host_token()).code == "host_token_invalid"


def test_a_host_that_calls_itself_as_the_user_pool_does_makes_no_member(api, hub):
    pool = "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_Test"
    a_widget(hub, host=host(issuer=pool), version=1)

    answer = come(api, hub, host_token=host_token("sub-of-noor", iss=pool))

    assert answer.json["guest_id"].startswith("gst_")
    assert answer.json["guest_id"].partition("_")[2] != a_caller("noor").member_id.partition("_")[2]


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
def test_a_token_is_used_up_with_what_it_brought_or_not_at_all(hub, fault):
    token = host_token("zoe")
    verify = hosts.host_tokens.claims_of

    def enter():
        return guests.open_session(hub.id, origin=SITE, host_token=token, verify=verify)

    with installed() as injector, pytest.raises(Crash):
        injector.fail("TransactWriteItems", fault)
        enter()

    guest_id = ids.derived("gst", hub.id, hosts.ISSUER, "zoe")
    assert (guest_of(hub, guest_id) is None) == (fault == "crash-before")
    if fault == "crash-before":
        assert enter().is_verified
    else:
        with pytest.raises(guests.HostTokenReplayed):
            enter()
