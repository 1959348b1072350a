"""Tokens that we issue ourselves, to guests: one algorithm, one key, one audience, one site each.

The key is derived from the tenant's signing secret for this purpose alone. Nothing that another issuer signs
is ever held against it, nor the other way round: whoever verifies goes by the issuer first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import jwt

from chalicelib.domain import errors
from chalicelib.domain.callers import Caller
from chalicelib.gateways import signatures
from chalicelib.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

AUDIENCE = "entraide-widget"
ALGORITHM = "HS256"
KEY_ID = "guests-1"
LASTS = 24 * 3600
"""No token of ours is good for longer, whatever it says."""

_GUEST = re.compile(r"gst_[0-7][0-9A-HJKMNP-TV-Z]{25}")
_ONE_QUESTION = re.compile(r"|qst_[0-7][0-9A-HJKMNP-TV-Z]{25}")
_ORGANIZATION = re.compile(r"org_[0-7][0-9A-HJKMNP-TV-Z]{25}")


class GuestTokenInvalid(errors.Invalid):
    reason: ClassVar = {
        "en": "This guest token was not given here, or is over.",
        "fr": "Ce jeton d’invité n’a pas été donné ici, ou a expiré.",
    }
    example: ClassVar = {"pointer": "/guest_token"}


def issuer() -> str:
    """Who we are, as the issuer of guests' tokens."""
    return f"urn:entraide:{settings().tenant}"


def seal(  # noqa: PLR0913 - keyword-only: each is something the token says
    *,
    guest_id: str,
    organization_id: str,
    origin: str,
    is_verified: bool,
    name: str | None,
    issued_at: datetime,
    expires_at: datetime,
    since: datetime | None = None,
    only: str = "",
) -> str:
    """The token of a guest's session; `since`, if it is a further one, says when the first was given.

    With `only` it is good for that question's conversation alone.
    """
    claims: dict[str, Any] = {
        "iss": issuer(),
        "aud": AUDIENCE,
        "sub": guest_id,
        "org": organization_id,
        "origin": origin,
        "verified": is_verified,
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
        **({"name": name} if name else {}),
        **({"only": only} if only else {}),
    }
    if since is not None and int(since.timestamp()) < claims["iat"]:
        claims["since"] = int(since.timestamp())
    return jwt.encode(claims, _key(), algorithm=ALGORITHM, headers={"kid": KEY_ID})


def verify(token: str) -> dict[str, Any]:
    """The claims of a token of ours; raises a jwt.PyJWTError."""
    if jwt.get_unverified_header(token).get("kid") != KEY_ID:
        raise jwt.InvalidTokenError
    claims: dict[str, Any] = jwt.decode(
        token,
        _key(),
        algorithms=[ALGORITHM],
        issuer=issuer(),
        audience=AUDIENCE,
        options={"require": ["exp", "iat", "iss", "sub", "aud", "org", "origin"], "strict_aud": True},
    )
    sound = (
        type(claims["iat"]) is int
        and type(claims["exp"]) is int
        and claims["exp"] - claims["iat"] <= LASTS
        and type(since := claims.get("since", claims["iat"])) is int
        and 0 < since <= claims["iat"]
        and _GUEST.fullmatch(claims["sub"])
        and _ORGANIZATION.fullmatch(claims["org"])
        and isinstance(claims["origin"], str)
        and isinstance(claims.get("verified"), bool)
        and _ONE_QUESTION.fullmatch(claims.get("only", ""))
    )
    if not sound:
        raise jwt.InvalidTokenError
    return claims


def read(token: str, *, language: str) -> Caller:
    """The guest whose token someone else brings; raises GuestTokenInvalid."""
    try:
        return caller_of(verify(token), language=language)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as forged:
        raise GuestTokenInvalid(pointer="/guest_token") from forged


def caller_of(claims: dict[str, Any], *, language: str) -> Caller:
    """The guest whom these claims, once verified, are about."""
    return Caller(
        member_id=claims["sub"],
        issuer=claims["iss"],
        claims=claims,
        guest_of=claims["org"],
        is_verified=claims["verified"],
        only=claims.get("only", ""),
        language=language,
    )


def _key() -> bytes:
    return signatures.key_for("the tokens of guests")
