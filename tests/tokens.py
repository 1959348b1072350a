"""Access tokens as the user pool issues them, signed with a key of the tests."""

from __future__ import annotations

import time
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.api import callers
from chalicelib.settings import settings


@cache
def private_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Keys:
    """The issuer's key set, without a network."""

    def get_signing_key_from_jwt(self, token):
        if jwt.get_unverified_header(token).get("kid") != "tests":
            raise jwt.PyJWKClientError("unknown kid")
        return jwt.PyJWK.from_dict(
            jwt.algorithms.RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True), "RS256"
        )


def install(monkeypatch):
    callers.trusted_issuers.cache_clear()
    for issuer in callers.trusted_issuers().values():
        object.__setattr__(issuer, "keys", Keys())


def claims(name, /, **changed):
    """The claims of this person's access token. They carry e-mail and name, which the real pool's do not:
    with those the user pool need not be asked."""
    now = int(time.time())
    return {
        "iss": settings().user_pool_issuer,
        "sub": f"sub-of-{name}",
        "client_id": settings().user_pool_client_id,
        "token_use": "access",
        "iat": now,
        "exp": now + 3600,
        "email": f"{name}@example.org",
        "email_verified": "true",
        "name": name.capitalize(),
        "locale": "fr",
        **changed,
    }


def token(name, /, *, groups=(), key=None, algorithm="RS256", kid="tests", **changed):
    """An access token of this person, in these groups."""
    carried = claims(name, **{"cognito:groups": list(groups), **changed})
    return jwt.encode(carried, key or private_key(), algorithm=algorithm, headers={"kid": kid})
