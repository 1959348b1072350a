"""A live connection from its ticket to its end: who is at the other side, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from chalicelib.domain import errors
from chalicelib.domain.callers import Caller
from chalicelib.domain.live import presence
from chalicelib.domain.live.tickets import digest_of
from chalicelib.gateways import clock, push
from chalicelib.models import subscriptions
from chalicelib.models.live import Connection, Ticket
from chalicelib.models.subscriptions import Subscription

LASTS = timedelta(hours=2, minutes=15)
"""API Gateway closes every connection after two hours."""

MOST_FRAMES = 300
"""Frames that a connection says in a minute: whoever says more is refused until it is over."""


class TicketRefused(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This ticket was used, is over, or was never given: ask for another.",
        "fr": "Ce ticket a servi, a expiré ou n’a jamais été donné : demandez-en un autre.",
    }


class ConnectionOver(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This connection is over: open another with a new ticket.",
        "fr": "Cette connexion est terminée : ouvrez-en une autre avec un nouveau ticket.",
    }


class FrameFailed(errors.Unavailable):
    reason: ClassVar = {
        "en": "Something went wrong on our side: say it again in a moment.",
        "fr": "Une erreur est survenue de notre côté : redites-le dans un instant.",
    }


class TooManyFrames(errors.LimitReached):
    reason: ClassVar = {
        "en": "That is more than {limit} frames in a minute: wait {retry_after} seconds.",
        "fr": "Cela fait plus de {limit} trames en une minute : attendez {retry_after} secondes.",
    }
    example: ClassVar = {"limit": MOST_FRAMES, "retry_after": 17}


def connect(ticket: str, connection_id: str) -> None:
    """Open a connection against its ticket, which is used up. Raises TicketRefused."""
    now = clock.now()
    found = Ticket.find(digest_of(ticket))
    if found is None or not found.use_up(now):
        raise TicketRefused
    until = now + LASTS
    own = subscriptions.person(found.member_id)
    Connection.of(
        connection_id,
        member_id=found.member_id,
        until=until,
        guest_of=found.guest_of,
        is_verified=found.is_verified,
        language=found.language,
        minute=int(now.timestamp()) // 60,
        channels={own},
    ).save()
    expires_at = int(until.timestamp())
    Subscription.of(own, connection_id, member_id=found.member_id, expires_at=expires_at).save()
    presence.renew(found.member_id, connection_id, state="active")


def hear(connection_id: str) -> Connection:
    """The connection that a frame came from, and one frame more counted.

    Its first frame in a minute renews the presence of whoever it belongs to. Raises ConnectionOver,
    TooManyFrames.
    """
    now = int(clock.now().timestamp())
    minute, elapsed = divmod(now, 60)
    heard = Connection.hearing(connection_id, minute=minute)
    if heard is None or heard.expires_at <= now:
        raise ConnectionOver
    if heard.frames > MOST_FRAMES:
        raise TooManyFrames(limit=MOST_FRAMES, retry_after=60 - elapsed)
    if heard.frames == 1:
        presence.renew(heard.member_id, connection_id)
    return heard


def caller_at(connection: Connection) -> Caller:
    """Who is at the other side, as their token said when they asked for the ticket."""
    return Caller(
        member_id=connection.member_id,
        guest_of=connection.guest_of,
        is_verified=connection.is_verified,
        language=connection.language,
    )


def disconnect(connection_id: str) -> None:
    """Forget a connection and all that it listened to, known or not."""
    found = Connection.find(connection_id)
    if found is None:
        return
    for channel in found.channels or ():
        Subscription.forget(channel, connection_id)
    presence.leave(found.member_id, connection_id)
    found.delete()


def end_all(member_id: str) -> None:
    """End every connection of someone who may no longer be here, before they are told anything else."""
    own = subscriptions.person(member_id)
    for found in list(Subscription.to(own, now=clock.now().timestamp())):
        disconnect(found.connection_id)
        push.close(found.connection_id)
