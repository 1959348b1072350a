"""Tokens that we give to guests: who is believed to be one, where, and for how long."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.api import callers, guest_tokens
from chalicelib.gateways import ids, signatures
from tests import tokens
from tests.api import kit as kits
from tests.api.forgery import b64

SITE = "https://www.cyclofil.example"
HOME, AWAY = ids.new("org"), ids.new("org")
GUEST = ids.new("gst")
THERE = f"/organizations/{HOME}/people"
SECRET = b"the key of the tests"


def key():
    return hmac.new(SECRET, b"key for the tokens of guests", hashlib.sha256).digest()


def claims(**changed):
    now = int(time.time())
    told = {
        "iss": "urn:entraide:test",
        "aud": "entraide-widget",
        "sub": GUEST,
        "org": HOME,
        "origin": SITE,
        "verified": False,
        "iat": now,
        "exp": now + 86400,
        **changed,
    }
    return {name: value for name, value in told.items() if value is not ...}


def token(*, header=(), secret=None, digest=hashlib.sha256, payload=None, **changed):
    head = {"alg": "HS256", "typ": "JWT", "kid": "guests-1", **dict(header)}
    head = {name: value for name, value in head.items() if value is not ...}
    said = f"{b64(head)}.{b64(payload if payload is not None else claims(**changed))}"
    return f"{said}.{b64(hmac.new(secret or key(), said.encode(), digest).digest())}"


def of_the_pool(**changed):
    """A token with the signature of the user pool's key, and a guest's claims."""
    kid = changed.pop("kid", "tests")
    return jwt.encode(claims(**changed), tokens.private_key(), algorithm="RS256", headers={"kid": kid})


def forgeries():
    public = tokens.private_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body, signature = token().split(".")
    now = int(time.time())
    pool = "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_Test"
    return {
        "alg none": f"{b64({'alg': 'none', 'kid': 'guests-1'})}.{body}.",
        "alg None with the signature": f"{b64({'alg': 'None', 'kid': 'guests-1'})}.{body}.{signature}",
        "no signature": f"{head}.{body}.",
        "half a signature": f"{head}.{body}.{signature[:20]}",
        "another payload": f"{head}.{b64(claims(sub=ids.new('gst')))}.{signature}",
        "HS384": token(header={"alg": "HS384"}, digest=hashlib.sha384),
        "HS512": token(header={"alg": "HS512"}, digest=hashlib.sha512),
        "HS512 said, HS256 done": token(header={"alg": "HS512"}),
        "no alg": token(header={"alg": ...}),
        "the tenant's secret itself": token(secret=SECRET),
        "the key of another purpose": token(
            secret=hmac.new(SECRET, b"key for cursors", hashlib.sha256).digest()
        ),
        "a secret of no length": token(secret=b"\x00"),
        "the pool's public key": token(secret=pem),
        "the pool's key": of_the_pool(),
        "the pool's key under our kid": of_the_pool(kid="guests-1"),
        "our key for the pool's issuer": token(
            iss=pool, client_id="client-of-the-tests", token_use="access", sub="sub-of-noor"
        ),
        "our key and the pool's kid, for the pool's issuer": token(
            header={"kid": "tests"}, iss=pool, client_id="client-of-the-tests", token_use="access"
        ),
        "another kid": token(header={"kid": "guests-2"}),
        "no kid": token(header={"kid": ...}),
        "kid a list": token(header={"kid": ["guests-1"]}),
        "kid a path": token(header={"kid": "../../dev/null"}),
        "crit": token(header={"crit": ["entraide"], "entraide": 1}),
        "the issuer of another tenant": token(iss="urn:entraide:other"),
        "no issuer": token(iss=...),
        "iss a list": token(iss=["urn:entraide:test"]),
        "another audience": token(aud="entraide"),
        "several audiences": token(aud=["entraide-widget", "entraide"]),
        "no audience": token(aud=...),
        "over for a second": ("token_expired", token(iat=now - 86401, exp=now - 1)),
        "no end": token(exp=...),
        "end in words": token(exp="tomorrow"),
        "longer than a day": token(exp=now + 86401 + 60),
        "for ever": token(exp=2**40),
        "without a beginning": token(iat=...),
        "begins tomorrow": token(iat=now + 86400, exp=now + 90000),
        "begins in words": token(iat="now"),
        "begins within a second": token(iat=now + 0.5),
        "not yet": token(nbf=now + 3600),
        "sub a member": token(sub=ids.new("mem")),
        "sub any string": token(sub="gst_1"),
        "sub a guest and more": token(sub=f"{GUEST}\n"),
        "sub a list": token(sub=[GUEST]),
        "no sub": token(sub=...),
        "no organization": token(org=...),
        "organization empty": token(org=""),
        "organization a list": token(org=[HOME]),
        "organization of another shape": token(org="ORG#1"),
        "no origin": token(origin=...),
        "origin a list": token(origin=[SITE]),
        "verified in words": token(verified="true"),
        "verified a number": token(verified=1),
        "verified unsaid": token(verified=...),
        "payload a list": token(payload=["sub"]),
        "payload no JSON": token(payload=b"sub"),
        "payload of depths": token(payload=b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"),
    }


FORGED = forgeries()


def call(kit, path, said, *, origin=SITE, method="GET"):
    return kit.call(method, path, Authorization=f"Bearer {said}", Origin=origin)


@pytest.mark.parametrize("flaw", FORGED)
@pytest.mark.usefixtures("real_keys")
def test_a_forged_guest_token_is_refused_before_anything_is_done(kit, calls, flaw):
    code, forged = FORGED[flaw] if isinstance(FORGED[flaw], tuple) else ("token_invalid", FORGED[flaw])

    for method, path in (("GET", THERE), ("POST", "/guests"), ("GET", "/open")):
        answer = call(kit, path, forged, method=method)
        assert (answer.status, answer.code) == (401, code), answer
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'

    assert (calls, kits.made) == ([], [])


def test_the_corpus_is_no_smaller_than_it_was():
    assert len(FORGED) >= 50


def test_a_guest_is_believed_to_be_who_their_token_says(kit):
    answer = call(kit, THERE, token())

    assert answer.status == 200
    assert (answer.json["id"], answer.json["name"]) == (GUEST, "verified: False")
    assert call(kit, THERE, token(verified=True)).json["name"] == "verified: True"


def sealed(**changed):
    now = datetime.now(UTC)
    said = {"guest_id": GUEST, "organization_id": HOME, "origin": SITE, "is_verified": False, "name": None}
    return guest_tokens.seal(**{**said, "issued_at": now, "expires_at": now + timedelta(hours=24), **changed})


def test_what_we_seal_is_what_we_believe():
    guest = guest_tokens.read(sealed(is_verified=True, name="Zoé"), language="fr")

    assert (guest.member_id, guest.guest_of, guest.is_verified) == (GUEST, HOME, True)
    assert guest.claims["name"] == "Zoé"
    assert guest.scopes == frozenset()


@pytest.mark.parametrize(
    "other",
    [
        "https://evil.example",
        "http://www.cyclofil.example",
        f"{SITE}/",
        f"{SITE}:443",
        SITE.upper(),
        "null",
        "",
    ],
)
def test_a_guests_token_is_worth_nothing_on_another_site(kit, other):
    answer = call(kit, THERE, token(), origin=other)

    assert (answer.status, answer.code) == (401, "token_invalid")


def test_outside_of_browsers_there_is_no_site_to_compare(kit):
    assert call(kit, THERE, token(), origin=None).status == 200


def test_a_members_token_is_good_on_any_site(kit):
    assert kit.get(THERE, by="noor", Origin="https://any.example").status == 200


def test_a_guest_is_nobody_in_another_organization(kit):
    answer = call(kit, f"/organizations/{AWAY}/people", token())

    assert (answer.status, answer.code) == (404, "nothing_here")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/scoped"), ("POST", "/scoped"), ("GET", "/shelves/a/things"), ("POST", "/shelves/a/things")],
)
def test_a_guest_is_no_member(kit, calls, method, path):
    answer = call(kit, path, token(), method=method)

    assert (answer.status, answer.code) == (403, "members_only")
    assert (calls, kits.made) == ([], [])


def test_where_anyone_may_come_a_guest_is_anyone(kit):
    assert call(kit, "/open", token()).json["id"] == "anyone"


def test_what_is_for_guests_is_not_for_members(kit):
    answer = kit.post("/guests", by="noor")

    assert (answer.status, answer.code) == (403, "guests_only")
    assert kits.made == []


def test_what_is_for_guests_takes_a_token(kit):
    answer = kit.post("/guests")

    assert (answer.status, answer.code) == (401, "token_missing")


def test_a_guest_is_served_and_told_from_where_they_call(kit):
    answer = call(kit, "/guests", token(), method="POST")

    assert (answer.status, answer.json["id"], answer.json["name"]) == (200, GUEST, HOME)
    assert kits.made == [SITE]


def test_the_key_of_guests_is_no_other_key():
    purposes = ["the tokens of guests", "cursors", "", "the tokens of guests "]

    assert len({signatures.key_for(purpose) for purpose in purposes}) == len(purposes)
    assert all(len(signatures.key_for(purpose)) == 32 for purpose in purposes)


def test_no_other_issuer_may_be_trusted_under_our_name(monkeypatch):
    settings = callers.settings()
    impostor = [
        {"issuer": "urn:entraide:test", "audience": "entraide-widget", "jwks_url": "https://x.example"}
    ]
    changed = type(settings)(**{**vars(settings), "trusted_issuers": tuple(impostor)})
    monkeypatch.setattr(callers, "settings", lambda: changed)
    callers.trusted_issuers.cache_clear()
    tokens.install(monkeypatch)

    with pytest.raises(callers.TokenInvalid):
        callers.caller_of(f"Bearer {of_the_pool()}", language="fr")
    callers.trusted_issuers.cache_clear()


def test_the_token_says_what_it_must_and_no_more():
    said = jwt.decode(sealed(), options={"verify_signature": False})

    assert set(said) == {"iss", "aud", "sub", "org", "origin", "verified", "iat", "exp"}
    assert said["exp"] - said["iat"] == 24 * 3600
