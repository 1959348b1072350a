"""Where it has to be told that someone came, went, or is away: only put on its way here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.gateways import deliveries
from chalicelib.models.live import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 20
"""Conversations in which a change is told: the newest."""


def tell(member_id: str, connection_ids: Iterable[str], state: str) -> None:
    """Have it told wherever these connections of someone ever listened: a read, and perhaps a call."""
    told: set[str] = set()
    for connection in Connection.of_many(connection_ids):
        told |= connection.conversations or set()
    if told:
        tell_in(told, member_id, state)


def tell_in(channels: Iterable[str], member_id: str, state: str) -> None:
    """Have it told in these conversations."""
    newest = sorted(channels, reverse=True)[:MOST]
    deliveries.send([{"presence": member_id, "state": state, "channels": newest}])


def is_known_in(channel: str, connection_ids: Iterable[str]) -> bool:
    """Whether one of these connections of theirs has it told there: no call for none."""
    others = list(connection_ids)
    return bool(others) and any(channel in (one.conversations or ()) for one in Connection.of_many(others))
