from __future__ import annotations

from chalicelib.api.endpoints import Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.salons import MarkRead, ReadingView
from chalicelib.domain import errors, readings, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Readings")


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/salons/{salon_id}/join",
    refusals=[salons.SalonNotFound, salons.FollowFirst, errors.Busy],
)
def join_salon(caller: Caller, organization_id: str, salon_id: str) -> ReadingView:
    """Join a salon: what was said before is not unread. For followers. Repeating changes nothing."""
    return readings.join(caller, organization_id, salon_id)


@api.endpoint(
    "DELETE",
    "/organizations/{organization_id}/salons/{salon_id}/join",
    refusals=[salons.SalonNotFound, errors.Busy],
)
def leave_salon(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Leave a salon. What you said there stays. Repeating changes nothing."""
    readings.leave(caller, organization_id, salon_id)


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/readings",
    order="oldest_salon_first@1",
    most=45,
    refusals=[standing.OrganizationNotFound],
)
def list_readings(caller: Caller, organization_id: str, page: Page) -> Listing[ReadingView]:
    """List how far you are in the salons you joined, with exact unread counts, the oldest salon first.

    Salons that you did not join shorten their page.
    """
    return readings.in_organization(caller, organization_id, page)


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/salons/{salon_id}/reading",
    refusals=[salons.SalonNotFound, readings.JoinFirst, readings.ReadBeyondNewest, errors.Busy],
)
def mark_read(caller: Caller, organization_id: str, salon_id: str, body: MarkRead) -> ReadingView:
    """Say how far you have read. It only moves forward: a smaller number changes nothing."""
    return readings.mark(caller, organization_id, salon_id, last_read_seq=body.last_read_seq)
