from __future__ import annotations

from typing import Any

from chalicelib.api.endpoints import Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.rsvps import (
    AnswerMeetup,
    AttendeeView,
    ListAttendees,
    RemoveAttendee,
    RsvpView,
)
from chalicelib.domain import errors, meetups, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import attending
from chalicelib.handlers.http.meetups import HOSTED, MEETUP
from chalicelib.pages import Page

api = Api(__name__, tag="Meetups")

ANSWERS = (meetups.MeetupStateRefused, meetups.RsvpsClosed, meetups.HostComes, meetups.AlreadyThere)
SEATS = (meetups.PartyTooLarge, meetups.NoRoomForMore, meetups.AskedNotToCome)
ME = (meetups.MeetupNotFound, salons.FollowFirst, errors.Busy)


def _as_it_is(_: Any, *, organization_id: str, meetup_id: str, caller: Caller, **__: Any) -> Any:
    return meetups.rsvp_of(caller, organization_id, meetup_id)


@api.endpoint("PUT", MEETUP + "/rsvp", refusals=[*ME, standing.Suspended, *ANSWERS, *SEATS])
def answer_meetup(organization_id: str, meetup_id: str, caller: Caller, body: AnswerMeetup) -> RsvpView:
    """Say whether you come. With `going` when every seat is taken you wait in line, and read your position.

    The same answer again changes nothing; after a new date or place it confirms that you still come. In the
    last two hours it takes a free seat that was announced.
    """
    return meetups.answered(
        meetups.answer(caller, organization_id, meetup_id, says=body.answer, party=body.party)
    )


@api.endpoint("GET", MEETUP + "/rsvp", refusals=[meetups.MeetupNotFound, meetups.NothingSaid])
def read_my_rsvp(organization_id: str, meetup_id: str, caller: Caller) -> RsvpView:
    """Read what you said about coming, your position in line, and the code that you show there."""
    return meetups.rsvp_of(caller, organization_id, meetup_id)


@api.endpoint(
    "POST",
    MEETUP + "/rsvp/undo",
    refusals=[*ME, standing.Suspended, *ANSWERS, meetups.NothingToUndo],
    again=_as_it_is,
)
def undo_answer_for_me(organization_id: str, meetup_id: str, caller: Caller) -> RsvpView:
    """Go back to what you had said before a host answered for you, at the rank that you had."""
    return meetups.answered(meetups.undo(caller, organization_id, meetup_id))


@api.endpoint(
    "GET",
    MEETUP + "/rsvps",
    order="oldest_first@1",
    most=attending.MOST,
    refusals=[meetups.MeetupNotFound, meetups.NotComing, meetups.OnlyTheHosts],
)
def list_attendees(
    organization_id: str, meetup_id: str, caller: Caller, query: ListAttendees, page: Page
) -> Listing[AttendeeView]:
    """List who comes, for those who come too; for hosts, also who waits, is offered one, or is interested.

    Hosts read with it of whom it is noted that they did not come.
    """
    return meetups.attendees(caller, organization_id, meetup_id, page, listed=query.listed)


@api.endpoint(
    "PUT",
    MEETUP + "/rsvps/{member_id}",
    refusals=[*HOSTED, *ANSWERS, *SEATS, meetups.NoSuchFollower],
    limit=meetups.ANSWERING_FOR,
)
def answer_for_someone(
    organization_id: str, meetup_id: str, member_id: str, caller: Caller, body: AnswerMeetup
) -> RsvpView:
    """Say for someone whether they come, as they told you. It is logged, they are told, and may undo it."""
    theirs = meetups.answer_for(
        caller, organization_id, meetup_id, member_id, says=body.answer, party=body.party
    )
    return meetups.answered(theirs)


@api.endpoint(
    "POST", MEETUP + "/rsvps/{member_id}/removal", refusals=[*HOSTED, *ANSWERS, meetups.AttendeeNotFound]
)
def remove_attendee(
    organization_id: str, meetup_id: str, member_id: str, caller: Caller, body: RemoveAttendee
) -> None:
    """Ask someone not to come, in words that they read. Their seat goes on down the line."""
    meetups.remove(caller, organization_id, meetup_id, member_id, reason=body.reason)
