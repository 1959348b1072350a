from __future__ import annotations

from chalicelib.api.endpoints import Api
from chalicelib.contracts.live import TicketView
from chalicelib.domain import live
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="Live")


@api.endpoint("POST", "/live/tickets", status=201, receipts=False)
def issue_ticket(caller: Caller) -> TicketView:
    """Get a ticket that opens one live connection within a minute."""
    return live.issue(caller)
