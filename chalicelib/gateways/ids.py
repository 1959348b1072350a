from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ulid import ULID

if TYPE_CHECKING:
    from datetime import datetime


def new(prefix: str) -> str:
    """A new identifier: a type prefix and a ULID, sortable by creation time, opaque to clients."""
    return f"{prefix}_{ULID()}"


def first_at(prefix: str, moment: datetime) -> str:
    """An identifier that sorts before every one made after this moment."""
    return f"{prefix}_{ULID.from_timestamp(moment.timestamp())!s:.10}{'0' * 16}"


def derived(prefix: str, *parts: str) -> str:
    """The one identifier that these parts always give: the same shape as `new`, found without a look-up.

    Used where the identity *is* the parts: a person at an issuer, an author's message under a client key.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"{prefix}_{ULID.from_bytes(digest[:16])}"


def derived_at(prefix: str, moment: datetime, *parts: str) -> str:
    """As `derived`, and sorting by a moment that is as fixed as the parts are."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    milliseconds = int(moment.timestamp() * 1000)
    return f"{prefix}_{ULID.from_bytes(milliseconds.to_bytes(6) + digest[:10])}"


def twin(prefix: str, identifier: str) -> str:
    """The identifier of what is born with something, and as its only one: the same ULID, another prefix."""
    return f"{prefix}_{identifier.rpartition('_')[2]}"
