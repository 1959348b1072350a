"""From what happened to the sockets: few at once, hundreds through workers, a crowd is only poked.

A connection may be told the same twice, or later things first: a number says where each belongs.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import presence
from chalicelib.gateways import clock, deliveries, push
from chalicelib.models.subscriptions import Broadcasts, Poke, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.domain.live.frames import Frame

INLINE = 50
"""Sockets that are told at once, where something happened."""

CHUNK = 500
"""Sockets that one worker tells at most."""

CROWD = 2000
"""Beyond so many, a salon's listeners are told at most once a second that there is something to read."""

TRIES = 4
"""How often a frame is tried again for those who did not take it: after 2, 4, 8 and 16 seconds."""

TOGETHER = 50
"""Connections that are cleaned up after at a time."""

LONGEST_PERIOD = 900
"""Seconds between two pokes at most: no queue holds anything back for longer."""

FLEETING = frozenset({"typing", "presence"})
"""Kinds of frames that are worth nothing a moment later."""


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
    """Tell a frame to an audience; a crowd is poked within a second or a few instead."""
    if audience.is_crowd:
        poke_later(audience.channel, len(audience.listeners))
    else:
        tell_connections([found.connection_id for found in audience.listeners], frame, audience.channel)


def tell_connections(connection_ids: Sequence[str], frame: Frame, channel: str = "") -> None:
    """Tell a frame to these connections: a few at once, more of them through workers."""
    if len(connection_ids) <= INLINE:
        post(connection_ids, frame, channel)
        if connection_ids:
            Broadcasts.add(int(clock.now().timestamp()), len(connection_ids))
        return
    hand_out(connection_ids, frame, channel)


def notify(member_ids: Iterable[str], about: str, detail: Mapping[str, Any]) -> None:
    """Tell members something of theirs, at each connection that asked for it. One read per hundred."""
    told = presence.notified_connections(member_ids)
    tell_connections(told, {"kind": "notification", "about": about, "detail": dict(detail)})


def hand_out(connection_ids: Iterable[str], frame: Frame, channel: str) -> float:
    """Give a frame to workers, in chunks that the tenant's share of requests has room for; when that was."""
    size = min(CHUNK, max(INLINE, push.most_per_second() // 2))
    at = clock.now().timestamp()
    deliveries.send(
        [{"to": some, "frame": frame, "channel": channel, "at": at} for some in _by(size, connection_ids)]
    )
    return at


def poke(audience: Audience, frame: Frame) -> None:
    """Poke an audience; chunks of an earlier poke that are not told yet need not be."""
    at = hand_out([found.connection_id for found in audience.listeners], frame, audience.channel)
    Poke.begin(audience.channel, at)


def poke_later(channel: str, listeners: int) -> None:
    """Have a salon's listeners told how far it has got: once for all that is said until they are.

    Once a second, or as often as the tenant's share of requests allows telling so many.
    """
    now = int(clock.now().timestamp())
    period = min(LONGEST_PERIOD, max(1, math.ceil(listeners / push.most_per_second())))
    begun = now - now % period
    if Poke.is_set(channel, begun):
        return
    # the poke is sent when the period is over: it covers all that was said in it. It is noted last: rather
    # twice than never
    deliveries.send([{"poke": channel}], delay=begun + period - now)
    Poke.set_for(channel, begun, until=begun + period)


def post(
    connection_ids: Sequence[str], frame: Frame, channel: str, *, tried: int = 0, at: float | None = None
) -> int:
    """Tell a frame to these connections now; workers try again for some, and clean up after others.

    Args:
        connection_ids: who is told.
        frame: what.
        channel: what they listen to, if it is that.
        tried: how often it was tried again for them.
        at: when it was to be told first, if that was not now.

    To how many it will never be told, though they may be there, is returned. Raises NobodyReached, at the
    first attempt; it is not raised for connections that take nothing.
    """
    outcome = push.send_all(connection_ids, frame)
    is_fleeting = frame["kind"] in FLEETING
    if outcome.failed and len(outcome.failed) == len(connection_ids) and not (tried or is_fleeting):
        raise NobodyReached
    left = [] if is_fleeting else [*outcome.deaf, *outcome.failed]
    is_last = tried >= TRIES
    if left and not is_last:
        since = clock.now().timestamp() if at is None else at
        again = {"to": left, "frame": frame, "channel": channel, "at": since, "tried": tried + 1}
        deliveries.send([again], delay=2 ** (tried + 1))
    clean_up_after(outcome.gone, channel)
    if is_last:
        _drop(outcome.deaf, channel)
    return len(outcome.unfit) + (len(left) if is_last else 0)


def clean_up_after(connection_ids: Sequence[str], channel: str, **how: Any) -> None:
    """Have workers forget connections that are over."""
    bodies = [{"over": some, "channel": channel, **how} for some in _by(TOGETHER, connection_ids)]
    if bodies:
        deliveries.send(bodies)


def _drop(deaf: Sequence[str], channel: str) -> None:
    """Have connections closed that took nothing for half a minute: their clients come back, and resume."""
    if len(deaf) <= TOGETHER:  # if it is more of them, it is the gateway that is asked too much
        clean_up_after(deaf, channel, close=True)


def _by(size: int, connection_ids: Iterable[str]) -> list[list[str]]:
    remaining = iter(connection_ids)
    return list(iter(lambda: list(itertools.islice(remaining, size)), []))
