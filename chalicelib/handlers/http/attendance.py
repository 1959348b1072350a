"""Being at a meetup, and what is left of it."""

from __future__ import annotations

from chalicelib.api.endpoints import Api, IfMatch
from chalicelib.contracts.attendance import (
    CheckedInView,
    CheckIn,
    ContactView,
    KeepInTouch,
    RecapView,
    RecapWords,
    WriteRecap,
)
from chalicelib.contracts.base import Listing
from chalicelib.contracts.rsvps import RsvpView
from chalicelib.domain import errors, meetups, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import checking_in, keeping_in_touch, no_shows, recapping
from chalicelib.handlers.http.meetups import HOSTED, MEETUP
from chalicelib.pages import Page

api = Api(__name__, tag="Meetups")

SOMEONE = MEETUP + "/rsvps/{member_id}"
TOUCH = MEETUP + "/attendees/{member_id}/keep-in-touch"


@api.endpoint(
    "PUT",
    SOMEONE + "/check-in",
    refusals=[
        meetups.MeetupNotFound,
        meetups.NotComing,
        salons.FollowFirst,
        standing.Suspended,
        checking_in.NobodyElseSaysSo,
        meetups.MeetupStateRefused,
        checking_in.DoorsClosed,
        checking_in.WrongCode,
        meetups.NobodyExpected,
        errors.Busy,
    ],
)
def check_in(
    organization_id: str, meetup_id: str, member_id: str, caller: Caller, body: CheckIn
) -> CheckedInView:
    """Say that someone is there: as a host, or with the code that they show you if you come too.

    One code says it of both of you. From an hour before the start until two days after the end; twenty codes
    an hour at most, right or wrong. Repeating changes nothing.
    """
    rsvp, member = checking_in.check_in(caller, organization_id, meetup_id, member_id, code=body.code)
    return CheckedInView(
        meetup_id=meetup_id,
        member_id=member_id,
        name=member.name if member else None,
        checked_in_at=rsvp.checked_in_at,
    )


@api.endpoint(
    "PUT",
    SOMEONE + "/no-show",
    refusals=[*HOSTED, meetups.NobodyExpected, meetups.MeetupStateRefused, meetups.AlreadyThere],
)
def note_no_show(organization_id: str, meetup_id: str, member_id: str, caller: Caller) -> RsvpView:
    """Note that someone with a seat did not come, from the start until two days after the end.

    They and the hosts alone read it, nothing follows from it, and after ninety days it is erased. A check-in
    puts it right.
    """
    return meetups.answered(no_shows.note(caller, organization_id, meetup_id, member_id))


@api.endpoint("DELETE", SOMEONE + "/no-show", refusals=[*HOSTED, meetups.NobodyExpected])
def withdraw_no_show(organization_id: str, meetup_id: str, member_id: str, caller: Caller) -> None:
    """Take back that someone did not come."""
    no_shows.withdraw(caller, organization_id, meetup_id, member_id)


@api.endpoint(
    "PUT", MEETUP + "/recap", refusals=[*HOSTED, meetups.MeetupStateRefused, errors.ChangedMeanwhile]
)
def write_recap(
    organization_id: str, meetup_id: str, caller: Caller, body: WriteRecap, version: IfMatch
) -> RecapWords:
    """Tell what was, once it is over. Whoever came is told of it two days after the end."""
    return recapping.tell(caller, organization_id, meetup_id, words=body.words, version=version)


@api.endpoint(
    "GET", MEETUP + "/recap", refusals=[meetups.MeetupNotFound, meetups.NotComing, meetups.MeetupStateRefused]
)
def read_recap(organization_id: str, meetup_id: str, caller: Caller) -> RecapView:
    """Read what was, if you came: its host’s words, how many were there, and with whom you keep in touch."""
    return recapping.read(caller, organization_id, meetup_id)


@api.endpoint(
    "PUT",
    TOUCH,
    refusals=[
        meetups.MeetupNotFound,
        meetups.NotComing,
        keeping_in_touch.NobodyMet,
        standing.Suspended,
        errors.Busy,
    ],
)
def keep_in_touch(
    organization_id: str, meetup_id: str, member_id: str, caller: Caller, body: KeepInTouch
) -> None:
    """Wish to keep in touch with someone you met: once they wish it too, each reads what the other shares.

    Until then they are told nothing, and this answers the same whether they do or not.
    """
    keeping_in_touch.wish(caller, organization_id, meetup_id, member_id, share=body.share)


@api.endpoint("DELETE", TOUCH, refusals=[errors.Busy])
def stop_keeping_in_touch(organization_id: str, meetup_id: str, member_id: str, caller: Caller) -> None:
    """Take it back: neither of you reads any more what the other shared. They are told nothing."""
    keeping_in_touch.take_back(caller, organization_id, meetup_id, member_id)


@api.endpoint("GET", "/me/contacts", order="newest_first@1", most=30)
def list_contacts(caller: Caller, page: Page) -> Listing[ContactView]:
    """List those with whom you keep in touch since a meetup, with what they share with you."""
    return keeping_in_touch.contacts(caller, page)
