from __future__ import annotations

from typing import Any

from chalicelib.api.endpoints import Api, IfMatch
from chalicelib.contracts.meetup_changes import NULLABLE, CancelMeetup, EditMeetup, HandOverMeetup
from chalicelib.contracts.meetups import MeetupView
from chalicelib.domain import errors, meetups
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import cancelling, hosting, revising
from chalicelib.handlers.http.meetups import HOSTED, MEETUP

api = Api(__name__, tag="Meetups")


def _as_it_is(_: Any, *, organization_id: str, meetup_id: str, caller: Caller, **__: Any) -> Any:
    return meetups.read(caller, organization_id, meetup_id)


@api.endpoint(
    "PATCH",
    MEETUP,
    refusals=[
        *HOSTED,
        errors.ChangedMeanwhile,
        meetups.MeetupStateRefused,
        meetups.TimesRefused,
        meetups.NowhereToMeet,
        revising.CapacityBelowTaken,
        revising.SomeoneIsThere,
    ],
)
def edit_meetup(
    organization_id: str, meetup_id: str, caller: Caller, body: EditMeetup, version: IfMatch
) -> MeetupView:
    """Change a meetup of yours that has not started. Nobody loses a seat by it.

    A new date or place, online or not, is a revision: whoever said that they come is asked again. More seats
    go down the line. A later moment for answers opens them again.
    """
    given = {
        name: value
        for name, value in body.model_dump(exclude_unset=True).items()
        if value is not None or name in NULLABLE
    }
    return meetups.seen(revising.revise(caller, organization_id, meetup_id, version=version, **given))


@api.endpoint("POST", MEETUP + "/cancel", refusals=[*HOSTED, meetups.MeetupStateRefused], again=_as_it_is)
def cancel_meetup(organization_id: str, meetup_id: str, caller: Caller, body: CancelMeetup) -> MeetupView:
    """Cancel a meetup of yours that has not started, and say why. It stays listed.

    What people said stays too; nobody moves up the line any more. Repeating changes nothing.
    """
    return meetups.seen(cancelling.cancel(caller, organization_id, meetup_id, reason=body.reason))


@api.endpoint(
    "PUT",
    MEETUP + "/co-hosts/{member_id}",
    refusals=[
        *HOSTED,
        meetups.OnlyTheHost,
        meetups.MeetupStateRefused,
        hosting.NotOneWhoComes,
        hosting.TooManyCoHosts,
    ],
)
def add_co_host(organization_id: str, meetup_id: str, member_id: str, caller: Caller) -> MeetupView:
    """Have someone who comes look after your meetup with you: whatever you do there, they may, but this.

    For its host. Three people at most; repeating changes nothing.
    """
    return meetups.seen(hosting.add(caller, organization_id, meetup_id, member_id))


@api.endpoint("DELETE", MEETUP + "/co-hosts/{member_id}", refusals=[*HOSTED, meetups.OnlyTheHost])
def remove_co_host(organization_id: str, meetup_id: str, member_id: str, caller: Caller) -> None:
    """Have someone look after it no more: its host does this, or they do themselves. They still come."""
    hosting.remove(caller, organization_id, meetup_id, member_id)


@api.endpoint(
    "PUT",
    MEETUP + "/host",
    refusals=[*HOSTED, meetups.OnlyTheHost, meetups.MeetupStateRefused, hosting.NotACoHost],
)
def hand_over_meetup(
    organization_id: str, meetup_id: str, caller: Caller, body: HandOverMeetup
) -> MeetupView:
    """Hand a meetup of yours over to a co-host: you still come, with one seat of those that they had."""
    return meetups.seen(hosting.hand_over(caller, organization_id, meetup_id, body.member_id))
