"""active → afk (two minutes) → notifiable (connection lost, opted in) → offline: from connections alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors, helping
from chalicelib.domain.live import comings
from chalicelib.gateways import clock
from chalicelib.models.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AFK_AFTER = timedelta(minutes=2)
"""How long one is active after having done something."""

LEASE = timedelta(seconds=150)
"""How long a connection counts that says nothing: clients ping once a minute."""

REMEMBERED = timedelta(days=1)
"""How long it is known when someone left, and one who opted in may be notified."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

_ATTEMPTS = 6


def renew(
    member_id: str,
    connection_id: str,
    *,
    state: str | None = None,
    notified: bool | None = None,
    opted_in: bool | None = None,
    asked: bool = False,
) -> str:
    """Note that a connection is there, and what it says of whoever it belongs to; their state now.

    With `state`, they are active or afk at this connection; otherwise as active as they were. `notified`:
    this connection is told their notifications; left out, it is as it was, or as `asked` says of a connection
    that did not count any more. Raises Busy.
    """
    now = clock.now().timestamp()

    def change(presence: Presence) -> None:
        told = presence.connections.get(connection_id, {"active_until": 0, "notified": asked})
        if state is not None:
            told["active_until"] = int(now + AFK_AFTER.total_seconds()) if state == "active" else 0
        if notified is not None:
            told["notified"] = notified
        if opted_in is not None:
            presence.opted_in = opted_in
        presence.connections[connection_id] = {**told, "until": int(now + LEASE.total_seconds())}

    return _change(member_id, now, change)


def leave(member_id: str, connection_id: str) -> str:
    """Note that a connection is over; their state now. Raises Busy."""
    now = clock.now().timestamp()
    return _change(
        member_id, now, lambda presence: presence.connections.pop(connection_id, None), gone=connection_id
    )


@dataclass(frozen=True)
class Known:
    """What someone is now, and the live connections that say so."""

    state: str = "offline"
    connections: tuple[str, ...] = ()


def known_of(member_ids: Iterable[str]) -> dict[str, Known]:
    """What each of these members is now, and where. One read per hundred."""
    asked, now = list(member_ids), clock.now().timestamp()
    found = Presence.of_members(asked)
    nobody = Known()
    return {
        member_id: Known(
            found[member_id].state_at(now),
            tuple(name for name, told in found[member_id].connections.items() if told["until"] > now),
        )
        if member_id in found
        else nobody
        for member_id in asked
    }


def states_of(member_ids: Iterable[str]) -> dict[str, str]:
    """What each of these members is now: active, afk, notifiable or offline. One read per hundred."""
    return {member_id: known.state for member_id, known in known_of(member_ids).items()}


def gone_since(member_id: str) -> datetime | None:
    """Since when a member has no connection; None while they have one. It is told to nobody."""
    found = Presence.find(member_id)
    ended_at = found.ended_at(clock.now().timestamp()) if found is not None else 0
    if ended_at is None:
        return None
    return datetime.fromtimestamp(ended_at, UTC) if ended_at else LONG_AGO


def notified_connections(member_ids: Iterable[str]) -> list[str]:
    """The connections at which these members are told their notifications. One read per hundred."""
    now = clock.now().timestamp()
    return [
        connection_id
        for presence in Presence.of_members(member_ids).values()
        for connection_id, told in presence.connections.items()
        if told["notified"] and told["until"] > now
    ]


def _change(member_id: str, now: float, change: Callable[[Presence], Any], gone: str | None = None) -> str:
    """Change a presence, as often as others change it meanwhile: several tabs close at once.

    Only if they are something else than they were is it told, where they talk to someone.
    """
    for _ in range(_ATTEMPTS):
        presence = Presence.find(member_id) or Presence.of(member_id)
        before = _as_told(presence, now)
        presence.left_at = int(min(now, presence.ended_at(now) or now))
        presence.connections = {
            name: told for name, told in presence.connections.items() if told["until"] > now
        }
        change(presence)
        if _written(presence, now):
            _tell_where_they_help(presence, now)
            state = presence.state_at(now)
            if before != {state}:
                comings.tell(member_id, {*presence.connections, *([gone] if gone else [])}, state)
            return state
    raise errors.Busy


def _as_told(presence: Presence, now: float) -> set[str]:
    """What they were when it was last told, and what time has made of that."""
    return {presence.state if presence.version is not None else "offline", presence.state_at(now)}


def _tell_where_they_help(presence: Presence, now: float) -> None:
    """Have them counted among the volunteers who are there, as long as they are awake: a guest is none."""
    if _is_guest(presence):
        return
    awake = [min(told["until"], told["active_until"]) for told in presence.connections.values()]
    until = max(awake, default=0)
    if until > now:
        helping.appear(presence.member_id, until=until)
    else:
        helping.vanish(presence.member_id)


def _written(presence: Presence, now: float) -> bool:
    lasting = [told["until"] for told in presence.connections.values()]
    if not lasting and not presence.opted_in and (presence.version is None or _is_guest(presence)):
        presence.expires_at = 0
        return presence.drop() if presence.version is not None else True
    presence.expires_at = int(max(lasting, default=presence.left_at) + REMEMBERED.total_seconds())
    away = "notifiable" if presence.opted_in else "offline"
    presence.state = presence.state_at(now) if lasting else away
    return presence.keep()


def _is_guest(presence: Presence) -> bool:
    """Whether nobody ever waits for a word of theirs: guests only ask."""
    return presence.member_id.startswith("gst_")
