"""active → afk (two minutes) → notifiable (connection lost, opted in) → offline: from connections alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import helping
from chalicelib.domain.helping import appearing
from chalicelib.gateways import clock
from chalicelib.models.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AFK_AFTER = timedelta(minutes=2)
"""How long one is active after having done something."""

LEASE = timedelta(seconds=150)
"""How long a connection counts that says nothing: clients ping once a minute."""

NOTIFIABLE_FOR = timedelta(days=1)
"""How long one who opted in may be notified after having left."""

_ATTEMPTS = 6


def renew(
    member_id: str,
    connection_id: str,
    *,
    state: str | None = None,
    notified: bool | None = None,
    opted_in: bool | None = None,
) -> str:
    """Note that a connection is there, and what it says of whoever it belongs to; their state now.

    With `state`, they are active or afk at this connection; otherwise as active as they were. `notified`:
    this connection is told their notifications.
    """
    now = clock.now().timestamp()

    def change(presence: Presence) -> None:
        told = presence.connections.get(connection_id, {"active_until": 0, "notified": False})
        if state is not None:
            told["active_until"] = int(now + AFK_AFTER.total_seconds()) if state == "active" else 0
        if notified is not None:
            told["notified"] = notified
        if opted_in is not None:
            presence.opted_in = opted_in
        presence.connections[connection_id] = {**told, "until": int(now + LEASE.total_seconds())}

    now_is = _change(member_id, now, change)
    if state is not None:
        _show(member_id, now_is, until=int(now + AFK_AFTER.total_seconds()))
    return now_is


def leave(member_id: str, connection_id: str) -> str:
    """Note that a connection is over; their state now."""
    now = clock.now().timestamp()
    now_is = _change(member_id, now, lambda presence: presence.connections.pop(connection_id, None))
    if now_is != "active":
        _show(member_id, now_is)
    return now_is


def states_of(member_ids: Iterable[str]) -> dict[str, str]:
    """What each of these members is now: active, afk, notifiable or offline. One read per hundred."""
    asked, now = list(member_ids), clock.now().timestamp()
    known = Presence.of_members(asked)
    return {
        member_id: known[member_id].state_at(now) if member_id in known else "offline" for member_id in asked
    }


def notified_connections(member_ids: Iterable[str]) -> list[str]:
    """The connections at which these members are told their notifications. One read per hundred."""
    now = clock.now().timestamp()
    return [
        connection_id
        for presence in Presence.of_members(member_ids).values()
        for connection_id, told in presence.connections.items()
        if told["notified"] and told["until"] > now
    ]


def _show(member_id: str, state: str, *, until: int = 0) -> None:
    """Let those who look for volunteers see it: a guest is none."""
    if member_id.startswith("gst_"):
        return
    if state == "active":
        helping.appear(member_id, until=until)
    else:
        helping.vanish(member_id)


def _change(member_id: str, now: float, change: Callable[[Presence], Any]) -> str:
    """Change a presence, as often as others change it meanwhile: several tabs close at once."""
    for _ in range(_ATTEMPTS):
        presence = Presence.find(member_id) or Presence.of(member_id)
        presence.connections = {
            name: told for name, told in presence.connections.items() if told["until"] > now
        }
        change(presence)
        if _written(presence, now):
            _tell_where_they_help(presence, now)
            return presence.state_at(now)
    return "offline"  # every other connection that changes it renews it within a minute


def _tell_where_they_help(presence: Presence, now: float) -> None:
    """Have them counted among the volunteers who are there, as long as they are awake."""
    awake = [min(told["until"], told["active_until"]) for told in presence.connections.values()]
    until = max(awake, default=0)
    if until > now:
        appearing.appear(presence.member_id, until=until)
    else:
        appearing.vanish(presence.member_id)


def _written(presence: Presence, now: float) -> bool:
    lasting = [told["until"] for told in presence.connections.values()]
    if not lasting and not presence.opted_in:
        presence.expires_at = 0
        return presence.drop() if presence.version is not None else True
    after = NOTIFIABLE_FOR.total_seconds() if presence.opted_in else 0
    presence.expires_at = int(max(lasting, default=now) + after)
    presence.state = presence.state_at(now) if lasting else "notifiable"
    return presence.keep()
