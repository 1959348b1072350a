"""Cursors: opaque, signed, and good only for whoever got them and the list they came from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from chalicelib.api.places import reachable
from chalicelib.domain import errors
from chalicelib.gateways import signatures
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT, MOST = 20, 100


class CursorInvalid(errors.Malformed):
    reason: ClassVar = {
        "en": "This cursor was not given to you for this list: start again without it.",
        "fr": "Ce curseur ne vous a pas été donné pour cette liste : recommencez sans lui.",
    }


class LimitInvalid(errors.Malformed):
    reason: ClassVar = {
        "en": "limit is a whole number from 1 to {most}.",
        "fr": "limit est un nombre entier de 1 à {most}.",
    }
    example: ClassVar = {"most": MOST}


def page_of(query: Mapping[str, str], *, principal: str, path: str, most: int = MOST) -> Page:
    """The page that this query asks for; raises CursorInvalid or LimitInvalid.

    Every list takes the same limits. One whose things are dear to read gives `most` at a time.
    """
    given = query.get("limit", str(DEFAULT))
    if not (given.isascii() and given.isdigit() and len(given) < 4 and 1 <= int(given) <= MOST):
        raise LimitInvalid(most=MOST)
    limit = min(int(given), most)
    cursor = query.get("cursor")
    if cursor is None:
        return Page(limit)
    payload = signatures.read(_purpose(query, principal, path), cursor)
    if payload is None:
        raise CursorInvalid
    return Page(limit, json.loads(payload))


def cursor_of(last: str, query: Mapping[str, str], *, principal: str, path: str) -> str:
    """The cursor that leads to what follows `last`."""
    return signatures.sign(_purpose(query, principal, path), json.dumps(last).encode())


def link_to(cursor: str, query: Mapping[str, str], path: str) -> str:
    """The Link header to the next page."""
    return f'<{reachable(path)}?{urlencode({**query, "cursor": cursor})}>; rel="next"'


def _purpose(query: Mapping[str, str], principal: str, path: str) -> str:
    asked = sorted((name, value) for name, value in query.items() if name not in ("cursor", "limit"))
    return "cursor " + hashlib.sha256(json.dumps([principal, path, asked]).encode()).hexdigest()
