from __future__ import annotations

from chalicelib.api.endpoints import PEOPLE, Api
from chalicelib.contracts.live import TicketView
from chalicelib.domain import live, standing
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="Live")


@api.endpoint("POST", "/live/tickets", status=201, receipts=False)
def issue_ticket(caller: Caller) -> TicketView:
    """Get a ticket that opens one live connection within a minute."""
    return live.issue(caller)


@api.endpoint(
    "POST",
    "/organizations/{organization_id}/live/tickets",
    access=PEOPLE,
    status=201,
    receipts=False,
    refusals=[standing.OrganizationNotFound],
)
def issue_ticket_here(organization_id: str, caller: Caller) -> TicketView:
    """Get a ticket as someone on an organization's site, with an account or without.

    It opens one live connection within a minute.
    """
    return live.issue_in(caller, organization_id)
