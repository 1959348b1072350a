from __future__ import annotations

from typing import Any

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.meetups import MeetupView, ProposeMeetup
from chalicelib.domain import errors, meetups, salons, standing
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="Meetups")

MEETUPS = "/organizations/{organization_id}/meetups"
MEETUP = MEETUPS + "/{meetup_id}"

HOSTED = (meetups.MeetupNotFound, meetups.OnlyTheHosts, salons.FollowFirst, standing.Suspended, errors.Busy)
"""What everything that hosts do may be refused with."""


PROPOSALS = (
    standing.OrganizationNotFound,
    salons.FollowFirst,
    standing.Suspended,
    meetups.TimesRefused,
    meetups.NowhereToMeet,
    meetups.OriginUnknown,
)
"""What a proposal may be refused with, of one meetup or of many."""


def _proposed_before(proposed: Any, *, organization_id: str, caller: Caller, **_: Any) -> Any:
    return meetups.read(caller, organization_id, proposed.id if proposed else "none")


def _as_it_is(_: Any, *, organization_id: str, meetup_id: str, caller: Caller, **__: Any) -> Any:
    return meetups.read(caller, organization_id, meetup_id)


@api.endpoint(
    "POST",
    MEETUPS,
    status=201,
    refusals=PROPOSALS,
    again=_proposed_before,
    limit=meetups.PROPOSING,
)
def propose_meetup(organization_id: str, caller: Caller, body: ProposeMeetup) -> MeetupView:
    """Propose a meetup that you host: from a salon, from a question resolved with you, or out of the blue.

    Everyone reads the district; name and address of the place, and the link, are for those who come.
    """
    said = body.model_dump(exclude={"starts_at", "ends_at", "rsvp_closes_at"})
    times = meetups.Times(
        starts_at=body.starts_at, ends_at=body.ends_at, rsvp_closes_at=body.rsvp_closes_at
    )  # fmt: skip
    return meetups.seen(meetups.propose(caller, organization_id, times=times, **said))


@api.endpoint("GET", MEETUP, access=EVERYONE, refusals=[meetups.MeetupNotFound])
def read_meetup(organization_id: str, meetup_id: str, caller: Caller | None) -> MeetupView:
    """Read one meetup: with what you said about coming, and, if you come, where it is exactly."""
    return meetups.read(caller, organization_id, meetup_id)


@api.endpoint(
    "POST",
    MEETUP + "/publish",
    refusals=[*HOSTED, meetups.MeetupStateRefused, meetups.TimesRefused],
    again=_as_it_is,
)
def publish_meetup(organization_id: str, meetup_id: str, caller: Caller) -> MeetupView:
    """Show a draft of yours to everyone. Repeating changes nothing."""
    return meetups.seen(meetups.publish(caller, organization_id, meetup_id))
