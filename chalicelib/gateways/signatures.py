"""Signs what travels through clients' hands (cursors, links in e-mails) with the tenant's own key."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from chalicelib.gateways import aws
from chalicelib.settings import settings


@cache
def _key() -> bytes:
    answer = aws.client("secretsmanager").get_secret_value(SecretId=settings().signing_secret)
    return str(answer["SecretString"]).encode()


def key_for(purpose: str) -> bytes:
    """A key of 32 bytes for this purpose only, that this tenant can make again and nobody else can."""
    return hmac.new(_key(), b"key for " + purpose.encode(), hashlib.sha256).digest()


def _seal(purpose: str, payload: bytes) -> bytes:
    return hmac.new(_key(), purpose.encode() + b"\x00" + payload, hashlib.sha256).digest()[:16]


def sign(purpose: str, payload: bytes) -> str:
    """A URL-safe token that carries the payload, readable by anyone, forgeable by no one.

    A token signed for one purpose is worth nothing for another.
    """
    return urlsafe_b64encode(_seal(purpose, payload) + payload).decode().rstrip("=")


def read(purpose: str, token: str) -> bytes | None:
    """The payload of a token signed for this purpose, or None when it was not."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:  # not ASCII, or not base64
        return None
    seal, payload = raw[:16], raw[16:]
    if not hmac.compare_digest(seal, _seal(purpose, payload)):
        return None
    # base64 tolerates stray characters and bits: only the one spelling we gave is ours
    return payload if hmac.compare_digest(sign(purpose, payload), token) else None
