"""A live connection from its ticket to its end: who is at the other side, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.callers import Caller
from chalicelib.domain.live import leaving, presence
from chalicelib.domain.live.tickets import digest_of
from chalicelib.gateways import clock, push
from chalicelib.models import subscriptions
from chalicelib.models.live import Connection, Ticket
from chalicelib.models.subscriptions import Subscription
from chalicelib.models.suspensions import SOCKET

if TYPE_CHECKING:
    from datetime import datetime

LASTS = timedelta(seconds=SOCKET)
"""API Gateway closes every connection after two hours."""

MOST_FRAMES = 300
"""Frames that a connection says in a minute: whoever says more is refused once, then not answered until it is
over; whoever says twice as much is sent away."""

MOST_CONNECTIONS = 20
"""Connections that one person has: tabs and devices, and those that were lost without a word. Another one
ends the oldest, so that nobody is kept out by what they left open."""


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


class Unheard(Exception):  # noqa: N818
    """This frame is one of a flood that was refused already: it is not answered."""


def connect(ticket: str, connection_id: str) -> None:
    """Open a connection against its ticket, which is used up. Raises TicketRefused, Busy."""
    now = clock.now()
    found = Ticket.find(digest_of(ticket))
    if found is None or not found.use_up(now):
        raise TicketRefused
    presence.renew(found.member_id, connection_id, state="active")
    until = now + LASTS
    own = subscriptions.person(found.member_id)
    Connection.of(
        connection_id,
        member_id=found.member_id,
        until=until,
        guest_of=found.guest_of,
        only=found.only,
        is_verified=found.is_verified,
        language=found.language,
        minute=int(now.timestamp()) // 60,
        channels={own},
    ).save()
    expires_at = int(until.timestamp())
    Subscription.of(own, connection_id, member_id=found.member_id, expires_at=expires_at).save()
    _make_room(own)


def _make_room(own: str) -> None:
    """End the oldest of someone's connections, if they have too many now.

    A new one is noted before they are counted: of those that come at the same moment the last sees them all,
    and each takes the same ones for the oldest.
    """
    newest_first = sorted(_opened(own), key=lambda one: (one.expires_at, one.connection_id), reverse=True)
    for one in newest_first[MOST_CONNECTIONS:]:
        _end(one.connection_id, own)


def hear(connection_id: str) -> Connection:
    """The connection that a frame came from, and one frame more counted.

    Its first frame in a minute renews the presence of whoever it belongs to. A flood is refused once in a
    minute, then not answered, then ended. Raises ConnectionOver, TooManyFrames, Unheard, Busy.
    """
    now = int(clock.now().timestamp())
    minute, elapsed = divmod(now, 60)
    heard = Connection.hearing(connection_id, minute=minute)
    if heard is None or heard.expires_at <= now:
        raise ConnectionOver
    if heard.frames >= 2 * MOST_FRAMES:
        disconnect(connection_id)
        raise ConnectionOver
    if heard.frames > MOST_FRAMES + 1:
        raise Unheard
    if heard.frames > MOST_FRAMES:
        raise TooManyFrames(limit=MOST_FRAMES, retry_after=60 - elapsed)
    if heard.frames == 1:
        _renew(heard)
    return heard


def _renew(heard: Connection) -> None:
    try:
        presence.renew(heard.member_id, heard.id, asked=bool(heard.notified))
    except errors.Busy:
        heard.begin_minute_again()
        raise


def caller_at(connection: Connection) -> Caller:
    """Who is at the other side, as their token said when they asked for the ticket."""
    return Caller(
        member_id=connection.member_id,
        guest_of=connection.guest_of,
        only=connection.only,
        is_verified=connection.is_verified,
        language=connection.language,
    )


def disconnect(connection_id: str) -> None:
    """Forget a connection and all that it listened to, known or not."""
    leaving.forget([connection_id])


def end_all(member_id: str, *, opened_before: datetime | None = None) -> None:
    """End every connection of someone who may no longer be here, before they are told anything else."""
    own = subscriptions.person(member_id)
    latest = None if opened_before is None else (opened_before + LASTS).timestamp()
    for found in _opened(own):
        if latest is None or found.expires_at <= latest:
            _end(found.connection_id, own)


def _opened(own: str) -> list[Subscription]:
    return list(Subscription.to(own, now=clock.now().timestamp()))


def _end(connection_id: str, own: str) -> None:
    leaving.forget([connection_id], own)
    push.close(connection_id)
