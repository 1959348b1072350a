from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.agenda import FindMeetups, FindMeetupsNear
from chalicelib.contracts.base import Listing
from chalicelib.contracts.meetups import MeetupView
from chalicelib.domain import salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import finding
from chalicelib.handlers.http.meetups import MEETUPS
from chalicelib.pages import Page

api = Api(__name__, tag="Meetups")

SOONEST_FIRST = "soonest_first@1"


@api.endpoint(
    "GET",
    MEETUPS,
    access=EVERYONE,
    order=SOONEST_FIRST,
    most=finding.MOST,
    refusals=[standing.OrganizationNotFound],
)
def list_meetups(
    organization_id: str, caller: Caller | None, query: FindMeetups, page: Page
) -> Listing[MeetupView]:
    """List an organization's meetups: those that are not over, or all of a month.

    By their start, then by their id. Cancelled ones stay, with their state. What changed at this very
    instant is left out where it is no more: a page may hold fewer than its `limit`.
    """
    if query.month is None:
        return finding.upcoming(caller, organization_id, page)
    return finding.in_month(caller, organization_id, page, month=query.month, time_zone=query.time_zone)


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/salons/{salon_id}/meetups",
    access=EVERYONE,
    order=SOONEST_FIRST,
    most=finding.MOST,
    refusals=[salons.SalonNotFound],
)
def list_salon_meetups(
    organization_id: str, salon_id: str, caller: Caller | None, page: Page
) -> Listing[MeetupView]:
    """List the meetups that were born from a salon and are not over.

    In a shared salon they are those of every organization that is at home there.
    """
    return finding.in_salon(caller, organization_id, salon_id, page)


@api.endpoint("GET", "/meetups/near", access=EVERYONE, order=SOONEST_FIRST, most=finding.MOST)
def list_meetups_near(caller: Caller | None, query: FindMeetupsNear, page: Page) -> Listing[MeetupView]:
    """List the meetups near a place that are not over, whichever organization they are of.

    Distances are to the middle of a meetup's district, never to where it is exactly. A page may hold fewer
    than its `limit`, or none, and still have a next one.
    """
    return finding.near(caller, page, **query.model_dump())


@api.endpoint("GET", "/me/meetups", order=SOONEST_FIRST, most=finding.MOST)
def list_my_meetups(caller: Caller, page: Page) -> Listing[MeetupView]:
    """List the meetups that you come to, wait for, are interested in or host, and that are not over."""
    return finding.mine(caller, page)


@api.endpoint("GET", "/me/meetups/past", order="latest_first@1", most=finding.MOST)
def list_my_past_meetups(caller: Caller, page: Page) -> Listing[MeetupView]:
    """List the meetups of yours that are over."""
    return finding.past(caller, page)
