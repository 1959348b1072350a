"""A suspension closes the channel there: sockets that were open before it hear nothing after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import standing
from chalicelib.domain.live import connections
from chalicelib.gateways import clock
from chalicelib.models import volunteers
from chalicelib.models.suspensions import LatelySuspended
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain import events
    from chalicelib.models.tables import Key


def close(event: events.MemberSuspended) -> None:
    """End the connections that someone opened before they were suspended; they may open others at once.

    Where they are suspended they cannot listen again, nor are they among the volunteers who are there.
    """
    if standing.is_suspended(event.organization_id, event.member_id):
        connections.end_all(event.member_id, opened_before=event.at)
        volunteers.hide(event.member_id, [event.organization_id])


def keys(organization_ids: Iterable[str]) -> list[Key[LatelySuspended]]:
    """Where it is told who was lately suspended in these organizations."""
    now = clock.now()
    return [key for organization_id in organization_ids for key in LatelySuspended.keys(organization_id, now)]


def among(organization_ids: Iterable[str], found: Iterable[LatelySuspended | None]) -> set[tuple[str, str]]:
    """Who is, by organization and member, from what was found under `keys` of these organizations."""
    now, told = clock.now(), iter(found)
    return {
        (organization_id, member_id)
        for organization_id in organization_ids
        for lately in (next(told), next(told))
        if lately is not None
        for member_id in lately.at(now)
    }


def read(organization_ids: Iterable[str]) -> set[tuple[str, str]]:
    """Who was lately suspended in these organizations and still is, in one read."""
    there = list(organization_ids)
    return among(there, load(*keys(there))) if there else set()
