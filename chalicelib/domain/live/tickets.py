"""Who may open the channel: a ticket stands for a token, which has no business in an address."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import members, standing
from chalicelib.gateways import clock, links
from chalicelib.models.live import Ticket

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller

TICKET_LASTS = timedelta(seconds=60)


@dataclass(frozen=True)
class IssuedTicket:
    """A ticket in the hands of whoever asked for it; we keep its digest only."""

    ticket: str
    expires_at: datetime
    url: str
    """Where to open the connection."""


def issue(caller: Caller) -> IssuedTicket:
    """A ticket that opens one live connection within a minute."""
    members.require(caller)
    return _given(caller)


def issue_in(caller: Caller, organization_id: str) -> IssuedTicket:
    """The same, for someone on an organization's site: a member or a guest. Raises OrganizationNotFound."""
    if not caller.is_guest:  # a guest's token was given by the organization
        standing.of(caller, organization_id)
    return _given(caller)


def _given(caller: Caller) -> IssuedTicket:
    until = clock.now() + TICKET_LASTS
    ticket = secrets.token_urlsafe(32)
    Ticket.of(
        digest_of(ticket),
        member_id=caller.member_id,
        until=until,
        guest_of=caller.guest_of,
        only=caller.only,
        is_verified=caller.is_verified,
        language=caller.language,
    ).save()
    return IssuedTicket(ticket, until, links.live())


def digest_of(ticket: str) -> str:
    """What we keep of a ticket."""
    return hashlib.sha256(ticket.encode(errors="replace")).hexdigest()
