"""The live channel: who may open it. A ticket stands for a token, which has no business in an address."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, members
from chalicelib.gateways import clock
from chalicelib.models.live import Connection, Ticket

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller

TICKET_LASTS = timedelta(seconds=60)
CONNECTION_LASTS = timedelta(hours=2, minutes=15)
"""API Gateway closes every connection after two hours."""


class TicketRefused(errors.Unauthenticated):
    reason: ClassVar = {
        "en": "This ticket was used, is over, or was never given: ask for another.",
        "fr": "Ce ticket a servi, a expiré ou n’a jamais été donné : demandez-en un autre.",
    }


class FrameUnknown(errors.Malformed):
    reason: ClassVar = {
        "en": "A frame is a JSON object of at most 32 kB with a known kind.",
        "fr": "Une trame est un objet JSON d’au plus 32 ko, d’un genre connu.",
    }


@dataclass(frozen=True)
class IssuedTicket:
    """A ticket in the hands of whoever asked for it; we keep its digest only."""

    ticket: str
    expires_at: datetime


def issue(caller: Caller) -> IssuedTicket:
    """A ticket that opens one live connection within a minute."""
    member = members.require(caller)
    until = clock.now() + TICKET_LASTS
    ticket = secrets.token_urlsafe(32)
    Ticket.of(_digest(ticket), member_id=member.id, until=until).save()
    return IssuedTicket(ticket, until)


def connect(ticket: str, connection_id: str) -> None:
    """Open a connection against its ticket, which is used up. Raises TicketRefused."""
    now = clock.now()
    found = Ticket.find(_digest(ticket))
    if found is None or not found.use_up(now):
        raise TicketRefused
    Connection.of(connection_id, member_id=found.member_id, until=now + CONNECTION_LASTS).save()


def disconnect(connection_id: str) -> None:
    """Forget a connection, known or not."""
    found = Connection.find(connection_id)
    if found is not None:
        found.delete()


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
