"""Who comes: for those who come too, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.seeing import Answered, is_noted, place_in_line
from chalicelib.domain.meetups.states import OnlyTheHosts
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.members import Member
from chalicelib.models.rsvps import LISTED, Rsvp, RsvpPlace
from chalicelib.models.tables import Key, load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.pages import Page


MOST = 33
"""People on a page: they, what they answered, and for hosts whether they came, are read at once."""


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
    note = NoShowNote.key(meetup_id, caller.member_id)
    return answered(standpoints.find(caller, organization_id, meetup_id, note))


def answered(stands: Standpoint) -> Answered:
    """What stands in hand says about coming, with their position if they wait."""
    rsvp = stands.rsvp
    if rsvp is None:
        raise NothingSaid
    is_own = rsvp.member_id == stands.caller_id
    position = place_in_line(stands, rsvp)
    return Answered(rsvp, stands.meetup, stands.now, position, is_own, is_noted(stands))


def attendees(
    caller: Caller, organization_id: str, meetup_id: str, page: Page, *, listed: str
) -> Slice[dict[str, object]]:
    """One page of a list of a meetup, in the order in which people came to it.

    Hosts read there of whom it is noted that they did not come; everyone else only who was seen.

    Raises MeetupNotFound, NotComing, OnlyTheHosts.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    if listed != "going" and not stands.is_host:
        raise OnlyTheHosts
    if not stands.is_coming:
        raise NotComing
    found = RsvpPlace.in_list(meetup_id, LISTED[listed], page)
    people = [place.member_id for place in found.items]
    keys: list[Key[Any]] = [*map(Member.key, people), *(Rsvp.key(meetup_id, one) for one in people)]
    if stands.is_host:
        keys += [NoShowNote.key(meetup_id, one) for one in people]
    read = load(*keys) if people else ()
    many = len(people)
    noted = {note.member_id for note in read[2 * many :] if note is not None and note.holds_at(stands.now)}
    return Slice(
        [
            {
                "member_id": place.member_id, "name": member.name if member else None, "since": place.since,
                "party": int(place.party), "host": place.member_id in stands.meetup.hosts(),
                "checked_in": rsvp is not None and rsvp.state == "checked_in",
                "no_show": place.member_id in noted if stands.is_host else None,
            }
            for place, member, rsvp in zip(
                found.items, read[:many], read[many : 2 * many], strict=True
            )
        ],
        found.last,
    )  # fmt: skip
