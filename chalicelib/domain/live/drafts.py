"""Drafts are heard by those who look after salons, for as long as they do: no salon becomes a draft again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import salons
from chalicelib.domain.live import rooms
from chalicelib.domain.roles import HOSTS
from chalicelib.gateways import clock
from chalicelib.models import subscriptions
from chalicelib.models.live import Connection
from chalicelib.models.memberships import Membership
from chalicelib.models.salons import Salon
from chalicelib.models.subscriptions import Subscription
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain import events


def close(event: events.RoleChanged) -> None:
    """Let someone who no longer looks after an organization's salons hear its drafts no longer.

    Whoever subscribes at this moment finds out by themselves: they are asked again once they listen.
    """
    if event.after in HOSTS:
        return
    own = subscriptions.person(event.member_id)
    opened = [one.connection_id for one in Subscription.to(own, now=clock.now().timestamp())]
    heard = {connection: _salons(connection) for connection in Connection.of_many(opened)}
    wanted = sorted({salon_id for salon_ids in heard.values() for salon_id in salon_ids})
    if not wanted:
        return
    membership, *found = load(
        Membership.key(event.organization_id, event.member_id), *(Salon.key(one) for one in wanted)
    )
    closed = {
        salon.id
        for salon in found
        if salon is not None
        and salon.is_at_home_in(event.organization_id)
        and not salons.may_see(salon, membership)
    }
    for connection, salon_ids in heard.items():
        for salon_id in closed & salon_ids:
            rooms.leave_salon(connection, salon_id)


def _salons(connection: Connection) -> set[str]:
    channels = connection.channels or ()
    return {name.partition("#")[2] for name in channels if name.startswith(subscriptions.salon(""))}
