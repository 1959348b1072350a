"""Tokens that nobody should believe, each with the code that it is refused with."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.tokens import claims, private_key, token

HEADER = {"alg": "RS256", "typ": "JWT", "kid": "tests"}


def b64(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header, payload, key=None):
    """Signed as the issuer would, whatever the header and the payload say."""
    body = f"{b64(header)}.{b64(payload)}"
    signature = jwt.get_algorithm_by_name("RS256").sign(body.encode(), key or private_key())
    return f"{body}.{b64(signature)}"


def with_secret(secret, algorithm="HS256", digest=hashlib.sha256):
    body = f"{b64({**HEADER, 'alg': algorithm})}.{b64(claims('noor'))}"
    return f"{body}.{b64(hmac.new(secret, body.encode(), digest).digest())}"


def without(*names, **changed):
    kept = {name: value for name, value in claims("noor", **changed).items() if name not in names}
    return signed(HEADER, kept)


def forgeries():
    """Each forged token by what is wrong with it."""
    return {**_algorithms(), **_headers(), **_shapes(), **_claims()}


def _algorithms():
    good = token("noor")
    head, body, signature = good.split(".")
    public = private_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(public).encode()
    elliptic = ec.generate_private_key(ec.SECP256R1())
    nones = {
        f"alg {name}": f"{b64({**HEADER, 'alg': name})}.{body}." for name in ("none", "None", "NONE", "nOnE")
    }
    return {
        **nones,
        "alg none with a signature": f"{b64({**HEADER, 'alg': 'none'})}.{body}.{signature}",
        "no alg": signed({"typ": "JWT", "kid": "tests"}, claims("noor")),
        "alg null": signed({**HEADER, "alg": None}, claims("noor")),
        "alg list": signed({**HEADER, "alg": ["RS256"]}, claims("noor")),
        "HS256 with the public key's PEM": with_secret(pem),
        "HS256 with the PEM, stripped": with_secret(pem.strip()),
        "HS256 with the DER": with_secret(der),
        "HS256 with the JWK": with_secret(jwk),
        "HS256 with nothing": with_secret(b""),
        "HS384 with the PEM": with_secret(pem, "HS384", hashlib.sha384),
        "HS512 with the PEM": with_secret(pem, "HS512", hashlib.sha512),
        "the right key, RS512": token("noor", algorithm="RS512"),
        "the right key, PS256": token("noor", algorithm="PS256"),
        "another kind of key": token("noor", key=elliptic, algorithm="ES256"),
        "another key": token("noor", key=rsa.generate_private_key(65537, 2048)),
        "no signature": f"{head}.{body}.",
        "half a signature": f"{head}.{body}.{signature[: len(signature) // 2]}",
        "a bit flipped": f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "another payload": f"{head}.{b64(claims('claire'))}.{signature}",
    }


def _headers():
    other = rsa.generate_private_key(65537, 2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(other.public_key(), as_dict=True)
    kids = [
        "other",
        "../../dev/null",
        "' OR 1=1 --",
        "http://evil.example/keys",
        "",
        "a" * 5000,
        7,
        None,
        ["tests"],
    ]
    stolen = {
        "jku": "http://evil.example/jwks.json",
        "x5u": "http://evil.example/cert.pem",
        "jwk": jwk,
        "x5c": ["MIIB"],
    }
    return {
        **{f"kid {str(kid)[:20]!r}": signed({**HEADER, "kid": kid}, claims("noor")) for kid in kids},
        **{
            f"{name} of another": signed({**HEADER, name: v}, claims("noor"), other)
            for name, v in stolen.items()
        },
        **{
            f"{name} and no kid": signed({"alg": "RS256", name: v}, claims("noor"), other)
            for name, v in stolen.items()
        },
        "no kid": signed({"alg": "RS256"}, claims("noor")),
        "crit": signed({**HEADER, "crit": ["entraide"], "entraide": 1}, claims("noor")),
        "crit of nothing": signed({**HEADER, "crit": []}, claims("noor")),
        "b64 false": signed({**HEADER, "crit": ["b64"], "b64": False}, claims("noor")),
    }


def _shapes():
    good = token("noor")
    head, body, signature = good.split(".")
    deep = b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}"
    return {
        "nothing": "",
        "a word": "token",
        "dots": "..",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{signature}",
        "five parts": f"{head}.{body}.{body}.{body}.{signature}",
        "header no JSON": f"{b64(b'alg')}.{body}.{signature}",
        "header a list": f"{b64(['alg'])}.{body}.{signature}",
        "header of depths": f"{b64(deep)}.{body}.{signature}",
        "payload no JSON": signed(HEADER, b"sub"),
        "payload a list": signed(HEADER, ["sub"]),
        "payload a string": signed(HEADER, "sub"),
        "payload not UTF-8": signed(HEADER, b'{"sub": "\xff"}'),
        "payload of depths": f"{head}.{b64(deep)}.{signature}",
        "payload of a long number": signed(HEADER, b'{"exp": ' + b"9" * 5000 + b"}"),
        "100 KB": token("noor", padding="a" * 100_000),
        "standard base64": good.replace("-", "+").replace("_", "/") + "==",
    }


def _claims():
    now = int(time.time())
    return {
        "expired 31 seconds ago": ("token_expired", token("noor", exp=now - 31)),
        "expired for a day": ("token_expired", token("noor", exp=now - 86400)),
        "no exp": without("exp"),
        "exp in words": without(exp="never"),
        "exp null": without(exp=None),
        "exp without end": signed(HEADER, json.dumps(claims("noor", exp=float("inf"))).encode()),
        "exp a list": without(exp=[now + 60]),
        "not yet": without(nbf=now + 86400),
        "nbf in words": without(nbf="tomorrow"),
        "issued tomorrow": without(iat=now + 86400),
        "no iss": without("iss"),
        "iss null": without(iss=None),
        "iss a list": without(iss=[claims("noor")["iss"]]),
        "iss an object": without(iss={"a": 1}),
        "iss of another pool": without(iss="https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_Other"),
        "iss and a slash": without(iss=claims("noor")["iss"] + "/"),
        "iss in capitals": without(iss=claims("noor")["iss"].upper()),
        "an identity token": without("client_id", token_use="id", aud="client-of-the-tests"),
        "no token_use": without("token_use"),
        "token_use id, of our client": without(token_use="id"),
        "token_use refresh": without(token_use="refresh"),
        "token_use a list": without(token_use=["access"]),
        "another client": without(client_id="another"),
        "no client": without("client_id"),
        "aud in place of client_id": without("client_id", aud="client-of-the-tests"),
        "client a list": without(client_id=["client-of-the-tests"]),
        "no sub": without("sub"),
        "sub null": without(sub=None),
        "sub empty": without(sub=""),
        "sub a list": without(sub=["sub-of-noor"]),
        "sub an object": without(sub={"id": "sub-of-noor"}),
        "sub a number": without(sub=7),
    }
