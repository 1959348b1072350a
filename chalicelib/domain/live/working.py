"""What the deliveries' workers do, each body of their queue in turn: late, twice or in any order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import delivery, leaving
from chalicelib.gateways import clock, deliveries, push
from chalicelib.models.subscriptions import Broadcasts, Poke, is_salon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WAITS = 5
"""Seconds that a worker waits for the tenant's share before it puts its chunk back."""

STALE = 60
"""Seconds after which a frame is told no more: whoever missed it reads the rest."""

POKES_LAST = 300
"""Seconds after which even a poke is told no more."""


def carry_out(chunk: Mapping[str, Any]) -> int:
    """Tell a chunk of connections a frame, as soon as the tenant's share of requests allows it.

    What comes too late is told to nobody: what is newer is on its way. To how many it will never be told,
    though they may be there, is returned.
    """
    now = clock.now().timestamp()
    at, tried = float(chunk.get("at", now)), int(chunk.get("tried", 0))
    if not tried and _is_outrun(chunk, at):
        return 0
    if _is_over(chunk, now - at):
        return len(chunk["to"])
    if _has_room(len(chunk["to"])):
        return delivery.post(chunk["to"], chunk["frame"], chunk["channel"], tried=tried, at=at)
    deliveries.send([{**chunk, "at": at}], delay=2)
    return 0


def clean_up(connection_ids: Sequence[str], channel: str, *, close: bool) -> None:
    """Forget connections that are over; close those that took nothing for too long before."""
    for connection_id in connection_ids if close else ():
        push.close(connection_id)
    leaving.forget(connection_ids, channel)


def _is_outrun(chunk: Mapping[str, Any], at: float) -> bool:
    """Whether it is a poke after which another went out, to the same people. What is tried again is not."""
    return chunk["frame"]["kind"] == "poke" and Poke.begun_at(chunk["channel"]) > at


def _is_over(chunk: Mapping[str, Any], age: float) -> bool:
    """Whether it comes too late; those who listen to a salon are then poked instead."""
    if chunk["frame"]["kind"] == "poke":
        return age > POKES_LAST
    if age <= STALE:
        return False
    if is_salon(chunk["channel"]):
        delivery.poke_later(chunk["channel"], delivery.CROWD)  # a salon with more of them is only poked
    return True


def _has_room(posts: int) -> bool:
    """Take posts of a second's share; False when there was no room in any of the next few."""
    most = push.most_per_second()
    for _ in range(WAITS):
        now = clock.now()
        second = int(now.timestamp())
        taken = Broadcasts.add(second, posts)
        if taken <= most or taken == posts:
            return True
        Broadcasts.add(second, -posts)  # others may have room for less
        time.sleep(1 - now.microsecond / 1_000_000)
    return False
