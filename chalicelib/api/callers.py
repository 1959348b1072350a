"""Tokens → Caller: verified in this process, against the issuers that this tenant trusts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import jwt

from chalicelib.api import guest_tokens
from chalicelib.api.keys import Keys
from chalicelib.domain import errors
from chalicelib.domain.callers import Caller
from chalicelib.gateways import ids
from chalicelib.settings import settings

LONGEST_TOKEN = 8192


class TokenMissing(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "Sign in first: send an access token in the Authorization header, as a Bearer token.",
        "fr": "Connectez-vous d’abord : envoyez un jeton d’accès Bearer dans l’en-tête Authorization.",
    }


class TokenInvalid(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This access token was not issued for this service.",
        "fr": "Ce jeton d’accès n’a pas été émis pour ce service.",
    }


class TokenExpired(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This access token has expired: sign in again.",
        "fr": "Ce jeton d’accès a expiré : reconnectez-vous.",
    }


class ScopeMissing(errors.Forbidden):
    reason: ClassVar = {
        "en": "This takes the scope {scope}, which an operator grants.",
        "fr": "Ceci demande le droit {scope}, accordé par un opérateur.",
    }
    example: ClassVar = {"scope": "organizations.create"}


class MembersOnly(errors.Forbidden):
    reason: ClassVar = {
        "en": "This takes an account: guests ask questions, members do the rest.",
        "fr": "Ceci demande un compte : on pose ses questions sans, on fait le reste avec.",
    }


class GuestsOnly(errors.Forbidden):
    reason: ClassVar = {
        "en": "This is for guests: send the token of a widget’s session.",
        "fr": "Ceci est pour les personnes sans compte : envoyez le jeton d’une session du widget.",
    }


class OneQuestionOnly(errors.Forbidden):
    reason: ClassVar = {
        "en": "A mailed link leads into one conversation: start another session for anything else.",
        "fr": "Un lien reçu par e-mail mène à une seule conversation : ouvrez une autre session pour le "
        "reste.",
    }


class KeysUnavailable(errors.Unavailable):
    reason: ClassVar = {
        "en": "The identity provider does not answer: send the same request again in a moment.",
        "fr": "Le fournisseur d’identité ne répond pas : renvoyez la même demande dans un instant.",
    }


@dataclass(frozen=True)
class Issuer:
    """Someone whose tokens are believed, for what they are believed."""

    name: str
    audience: str
    jwks_url: str
    is_user_pool: bool = False
    keys: Keys = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", Keys(self.jwks_url))

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token of this issuer; raises a jwt.PyJWTError."""
        key = self.keys.get_signing_key_from_jwt(token)
        required = ["exp", "iss", "sub"] if self.is_user_pool else ["exp", "iss", "sub", "aud"]
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["RS256", "ES256"],
            issuer=self.name,
            # a user pool's access tokens carry their audience as client_id: checked below
            audience=None if self.is_user_pool else self.audience,
            leeway=30,
            options={"require": required, "verify_aud": not self.is_user_pool},
        )
        if self.is_user_pool and (claims.get("token_use"), claims.get("client_id")) != (
            "access",
            self.audience,
        ):
            raise jwt.InvalidAudienceError
        return claims


@cache
def trusted_issuers() -> dict[str, Issuer]:
    """The trusted-issuer table: the tenant's user pool, and those that its settings add."""
    known = settings()
    pool = Issuer(
        known.user_pool_issuer, known.user_pool_client_id, known.user_pool_jwks_url, is_user_pool=True
    )
    others = [Issuer(i["issuer"], i["audience"], i["jwks_url"]) for i in known.trusted_issuers]
    return {issuer.name: issuer for issuer in (pool, *others)}


def caller_of(authorization: str | None, *, language: str, origin: str | None = None) -> Caller | None:
    """Who this Authorization header proves the caller to be, None without a header.

    A guest's token is good on the site it was given on: a page of another `origin` has stolen it.
    Raises TokenInvalid, TokenExpired, or KeysUnavailable when the issuer's keys cannot be had.
    """
    if authorization is None:
        return None
    matched = re.fullmatch(r"Bearer +([A-Za-z0-9_.-]+)", authorization.strip(), re.IGNORECASE)
    if matched is None or len(matched[1]) > LONGEST_TOKEN:
        raise TokenInvalid
    claims = _verified(matched[1])
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise TokenInvalid
    if claims["iss"] == guest_tokens.issuer():
        if origin is not None and origin != claims["origin"]:
            raise TokenInvalid
        return guest_tokens.caller_of(claims, language=language)
    is_ours = trusted_issuers()[claims["iss"]].is_user_pool
    return Caller(
        member_id=ids.derived("mem", claims["iss"], claims["sub"]),
        issuer=claims["iss"],
        scopes=_scopes(claims) if is_ours else frozenset(),
        claims=claims,
        access_token=matched[1] if is_ours else "",
        language=language,
    )


def _verified(token: str) -> dict[str, Any]:
    try:
        claimed = jwt.decode(token, options={"verify_signature": False})
        if claimed.get("iss") == guest_tokens.issuer():
            return guest_tokens.verify(token)
        issuer = trusted_issuers().get(claimed.get("iss", ""))
        if issuer is None:
            raise TokenInvalid
        return issuer.verify(token)
    except jwt.ExpiredSignatureError as late:
        raise TokenExpired from late
    except jwt.PyJWKClientConnectionError as silence:
        raise KeysUnavailable from silence
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as forged:
        raise TokenInvalid from forged


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    """What an operator granted, which the user pool says as groups. No other issuer speaks for operators."""
    groups = claims.get("cognito:groups")
    return (
        frozenset(name for name in groups if isinstance(name, str))
        if isinstance(groups, list)
        else frozenset()
    )
