"""From what happened to the sockets: few at once, hundreds through workers, a crowd is only poked.

A connection may be told the same twice, or later things first: a number says where each belongs.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import connections, presence
from chalicelib.gateways import clock, deliveries, push
from chalicelib.models.subscriptions import Broadcasts, Poke, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.domain.live.frames import Frame

INLINE = 50
"""Sockets that are told at once, where something happened."""

CHUNK = 500
"""Sockets that one worker tells."""

CROWD = 2000
"""Beyond so many, a salon's listeners are told at most once a second that there is something to read."""

WAITS = 5
"""Seconds that a worker waits for the tenant's share before it puts its chunk back."""


class NobodyReached(Exception):  # noqa: N818
    """Not one of these connections could be told, and none is gone: it is not they who are at fault."""


@dataclass(frozen=True)
class Audience:
    """Who listens to a channel now."""

    channel: str
    listeners: Sequence[Subscription]

    @property
    def is_crowd(self) -> bool:
        return len(self.listeners) > CROWD

    @property
    def is_small(self) -> bool:
        return len(self.listeners) <= INLINE


def audience_of(channel: str) -> Audience:
    """Everyone who listens to a channel now."""
    return Audience(channel, list(Subscription.to(channel, now=clock.now().timestamp())))


def tell(audience: Audience, frame: Frame) -> None:
    """Tell a frame to an audience; a crowd is poked within a second instead."""
    if audience.is_crowd:
        now = int(clock.now().timestamp())
        # the poke is sent when the second is over: it covers all that was said in it
        if Poke.claim(audience.channel, now):
            deliveries.send([{"poke": audience.channel}], delay=1)
        return
    tell_connections([found.connection_id for found in audience.listeners], frame, audience.channel)


def tell_connections(connection_ids: Sequence[str], frame: Frame, channel: str = "") -> None:
    """Tell a frame to these connections: a few at once, more of them through workers."""
    if len(connection_ids) <= INLINE:
        _post(connection_ids, frame, channel)
        if connection_ids:
            Broadcasts.add(int(clock.now().timestamp()), len(connection_ids))
        return
    hand_out(connection_ids, frame, channel)


def notify(member_ids: Iterable[str], about: str, detail: Mapping[str, Any]) -> None:
    """Tell members something of theirs, at each connection that asked for it. One read per hundred."""
    told = presence.notified_connections(member_ids)
    tell_connections(told, {"kind": "notification", "about": about, "detail": dict(detail)})


def hand_out(connection_ids: Iterable[str], frame: Frame, channel: str) -> None:
    """Give a frame to workers, in chunks."""
    chunks = iter(connection_ids)
    bodies: list[dict[str, Any]] = []
    while some := list(itertools.islice(chunks, CHUNK)):
        bodies.append({"to": some, "frame": frame, "channel": channel})
    deliveries.send(bodies)


def carry_out(chunk: Mapping[str, Any]) -> None:
    """Tell a chunk of connections a frame, as soon as the tenant's share of requests allows it."""
    if not _has_room(len(chunk["to"])):
        deliveries.send([dict(chunk)], delay=2)
        return
    _post(chunk["to"], chunk["frame"], chunk["channel"])


def _has_room(posts: int) -> bool:
    """Take posts of a second's share; False when there was no room in any of the next few."""
    most = push.most_per_second()
    for _ in range(WAITS):
        now = clock.now()
        taken = Broadcasts.add(int(now.timestamp()), posts)
        if taken <= most or taken == posts:
            return True
        time.sleep(1 - now.microsecond / 1_000_000)
    return False


def _post(connection_ids: Sequence[str], frame: Frame, channel: str) -> None:
    outcome = push.send_all(connection_ids, frame)
    if outcome.failed and len(outcome.failed) == len(connection_ids):
        raise NobodyReached
    for gone in outcome.gone:
        if channel:
            Subscription.forget(channel, gone)
        connections.disconnect(gone)
