"""Tokens that an organization's own site signs for its visitors: believed once, and for minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import jwt

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
"""The one algorithm of each kind of key: what the token says of it must agree."""

LONGEST = 300
"""How many seconds such a token is good for, at most."""

LEEWAY = 30
"""How many seconds the site's clock may be off."""


class HostTokenInvalid(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This host token was not signed for this widget, as this organization’s site signs them.",
        "fr": "Ce jeton d’hôte n’a pas été signé pour ce widget comme le site de cette organisation le fait.",
    }


class HostTokenExpired(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This host token has expired: ask the organization’s site for another.",
        "fr": "Ce jeton d’hôte a expiré : demandez-en un autre au site de l’organisation.",
    }


class HostTokenTooLong(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "A host token is good for {most} seconds at most, from iat to exp.",
        "fr": "Un jeton d’hôte est valable {most} secondes au plus, de iat à exp.",
    }
    example: ClassVar = {"most": LONGEST}


def claims_of(token: str, host: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a token signed with one of this host's keys.

    Its header chooses among those keys and has no other say: a key that comes with the token is left aside.
    Raises HostTokenInvalid, HostTokenExpired, HostTokenTooLong.
    """
    try:
        claims = _verified(token, host)
    except jwt.ExpiredSignatureError as late:
        raise HostTokenExpired from late
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError) as forged:
        raise HostTokenInvalid from forged
    if not (_is_name(claims["sub"]) and _is_name(claims["jti"])):
        raise HostTokenInvalid
    if type(claims["iat"]) is not int or type(claims["exp"]) is not int:
        raise HostTokenInvalid
    if claims["exp"] - claims["iat"] > LONGEST:
        raise HostTokenTooLong(most=LONGEST)
    return claims


def _verified(token: str, host: Mapping[str, Any]) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    keys = {jwk["kid"]: jwk for jwk in host["jwks"]}
    jwk = keys.get(header.get("kid"))
    if jwk is None:
        raise jwt.InvalidKeyError
    algorithm = ALGORITHMS[jwk["kty"]]
    claims: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWK.from_dict(dict(jwk), algorithm).key,
        algorithms=[algorithm],
        issuer=host["issuer"],
        audience=host["audience"],
        leeway=LEEWAY,
        options={"require": ["exp", "iat", "iss", "sub", "aud", "jti"], "strict_aud": True},
    )
    return claims


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()
