from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.helping import (
    AvailabilityQuery,
    AvailabilityView,
    HelpingView,
    OfferView,
    Pause,
    SetHelping,
)
from chalicelib.domain import errors, helping, routing, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Helping")

HERE = [standing.OrganizationNotFound, standing.FollowersOnly]


@api.endpoint("GET", "/me/organizations/{organization_id}/helping", refusals=HERE)
def read_my_helping(caller: Caller, organization_id: str) -> HelpingView:
    """Read how you help in an organization. What you have not set is as for everyone."""
    return helping.read(caller, organization_id)


@api.endpoint(
    "PUT",
    "/me/organizations/{organization_id}/helping",
    refusals=[*HERE, standing.Suspended, helping.QuietHoursUnclear, errors.Busy],
)
def set_my_helping(caller: Caller, organization_id: str, body: SetHelping) -> HelpingView:
    """Set how you help: about what, how much at once, how often a day, and when not.

    It holds from this instant. With no topic you are asked nothing.
    """
    return helping.set_up(caller, organization_id, **body.model_dump())


@api.endpoint(
    "PUT",
    "/me/organizations/{organization_id}/helping/pause",
    refusals=[*HERE, helping.PauseIsOver, errors.Busy],
)
def pause_my_helping(caller: Caller, organization_id: str, body: Pause) -> HelpingView:
    """Take nothing more from this instant, until a moment or until you say so. It costs you nothing."""
    return helping.pause(caller, organization_id, until=body.until)


@api.endpoint("DELETE", "/me/organizations/{organization_id}/helping/pause", refusals=[*HERE, errors.Busy])
def resume_my_helping(caller: Caller, organization_id: str) -> HelpingView:
    """End your pause. Repeating changes nothing."""
    return helping.resume(caller, organization_id)


@api.endpoint(
    "GET",
    "/me/organizations/{organization_id}/offers",
    order="longest_waiting_first@1",
    most=50,
    refusals=[standing.FollowersOnly],
)
def list_my_offers(caller: Caller, organization_id: str, page: Page) -> Listing[OfferView]:
    """List the questions that concern you, the one that was asked first first, and why you see each.

    Those that are open, and those whose helper looks for anyone to go on.
    For whoever comes back: nobody is told of them twice. Empty while you are paused or have no room. A page
    may hold fewer than its limit while there are more.
    """
    return routing.waiting_for(caller, organization_id, page)


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/availability",
    access=EVERYONE,
    refusals=[standing.OrganizationNotFound],
)
def read_availability(
    organization_id: str, caller: Caller | None, query: AvailabilityQuery
) -> AvailabilityView:
    """Read what to expect when asking now: who is really there, and how long people wait for a first word.

    Nobody is counted who is away, paused, busy, in their quiet hours, or was told of as many questions today
    as they take; nor are you, if you are signed in. Zero is told as zero; a median of fewer than five replies
    is not told.
    """
    asker_id = caller.member_id if caller is not None else None
    return helping.availability(organization_id, query.topic, asker_id=asker_id)
