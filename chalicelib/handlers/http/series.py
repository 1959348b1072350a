from __future__ import annotations

from typing import Any

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.meetups import MeetupView
from chalicelib.contracts.series import EndSeries, ProposeSeries, SeriesView
from chalicelib.domain import errors, meetups, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import finding, recurring
from chalicelib.handlers.http.meetups import PROPOSALS
from chalicelib.pages import Page

api = Api(__name__, tag="Meetups")

SERIES = "/organizations/{organization_id}/series"
ONE = SERIES + "/{series_id}"


def _proposed_before(proposed: Any, *, caller: Caller, organization_id: str, **_: Any) -> Any:
    return recurring.read(caller, organization_id, proposed.id if proposed else "none")


def _as_it_is(_: Any, *, organization_id: str, series_id: str, caller: Caller, **__: Any) -> Any:
    return recurring.read(caller, organization_id, series_id)


@api.endpoint(
    "POST",
    SERIES,
    status=201,
    refusals=PROPOSALS,
    again=_proposed_before,
    limit=recurring.PROPOSING,
)
def propose_series(organization_id: str, caller: Caller, body: ProposeSeries) -> SeriesView:
    """Propose a meetup that comes back, which you host. Its first time is there at once, the others follow.

    Each is a meetup of its own: people answer each, and to change one changes no other. All of them are
    within a year. A time that clocks jump over in spring is an hour later that day; one that they show twice
    in autumn is the first of the two.
    """
    said = body.model_dump(exclude={"starts_at", "ends_at", "rsvp_closes_at", "repeats"})
    times = meetups.Times(
        starts_at=body.starts_at, ends_at=body.ends_at, rsvp_closes_at=body.rsvp_closes_at
    )  # fmt: skip
    series = recurring.propose(
        caller, organization_id, times=times, every=body.repeats.every, count=body.repeats.times, **said
    )
    return recurring.seen(series)


@api.endpoint("GET", ONE, access=EVERYONE, refusals=[recurring.SeriesNotFound])
def read_series(organization_id: str, series_id: str, caller: Caller | None) -> SeriesView:
    """Read how a meetup comes back."""
    return recurring.read(caller, organization_id, series_id)


@api.endpoint(
    "GET",
    ONE + "/meetups",
    access=EVERYONE,
    order="soonest_first@1",
    most=finding.MOST,
    refusals=[recurring.SeriesNotFound],
)
def list_series_meetups(
    organization_id: str, series_id: str, caller: Caller | None, page: Page
) -> Listing[MeetupView]:
    """List the meetups of a series: those that are over or cancelled too."""
    return finding.in_series(caller, organization_id, series_id, page)


@api.endpoint(
    "POST",
    ONE + "/end",
    refusals=[
        recurring.SeriesNotFound,
        meetups.OnlyTheHost,
        salons.FollowFirst,
        standing.Suspended,
        errors.Busy,
    ],
    again=_as_it_is,
)
def end_series(organization_id: str, series_id: str, caller: Caller, body: EndSeries) -> SeriesView:
    """Have a series of yours come back no more, and say why. Repeating changes nothing.

    What is ahead of it is cancelled a moment later; a meetup that you handed over to someone else goes on.
    """
    return recurring.seen(recurring.end(caller, organization_id, series_id, reason=body.reason))
