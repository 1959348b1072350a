"""Who comes: for those who come too, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.seeing import Answered, place_in_line
from chalicelib.domain.meetups.states import OnlyTheHosts
from chalicelib.models.members import Member
from chalicelib.models.rsvps import LISTED, Rsvp, RsvpPlace
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.pages import Page


class NotComing(errors.Forbidden):
    reason: ClassVar = {
        "en": "Who comes is for those who come too.",
        "fr": "La liste de celles et ceux qui viennent est pour qui vient aussi.",
    }


class NothingSaid(errors.NotFound):
    reason: ClassVar = {
        "en": "You have not said yet whether you come.",
        "fr": "Vous n’avez pas encore dit si vous venez.",
    }


def rsvp_of(caller: Caller, organization_id: str, meetup_id: str) -> Answered:
    """What the caller says about coming. Raises MeetupNotFound, NothingSaid."""
    stands = standpoints.find(caller, organization_id, meetup_id)
    if stands.rsvp is None:
        raise NothingSaid
    return answered(stands)


def answered(stands: Standpoint) -> Answered:
    """What stands in hand says about coming, with their position if they wait."""
    rsvp = stands.rsvp
    if rsvp is None:
        raise NothingSaid
    is_own = rsvp.member_id == stands.caller_id
    return Answered(rsvp, stands.meetup, stands.now, place_in_line(stands, rsvp), is_own)


def attendees(
    caller: Caller, organization_id: str, meetup_id: str, page: Page, *, listed: str
) -> Slice[dict[str, object]]:
    """One page of a list of a meetup, in the order in which people came to it.

    Raises MeetupNotFound, NotComing, OnlyTheHosts.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    if listed != "going" and not stands.is_host:
        raise OnlyTheHosts
    if not stands.is_coming:
        raise NotComing
    found = RsvpPlace.in_list(meetup_id, LISTED[listed], page)
    people = [place.member_id for place in found.items]
    members, rsvps = map(Member.key, people), (Rsvp.key(meetup_id, one) for one in people)
    read = load(*members, *rsvps) if people else ()
    return Slice(
        [
            {
                "member_id": place.member_id, "name": member.name if member else None, "since": place.since,
                "party": int(place.party), "host": place.member_id in stands.meetup.hosts(),
                # that someone was not there is told to nobody: only that others saw them
                "checked_in": rsvp is not None and rsvp.state == "checked_in",
            }
            for place, member, rsvp in zip(
                found.items, read[: len(people)], read[len(people) :], strict=True
            )
        ],
        found.last,
    )  # fmt: skip
