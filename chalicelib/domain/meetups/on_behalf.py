"""What a host says for someone who told them otherwise: logged, and theirs to undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.answering import RUSH, AskedNotToCome, HostComes, hold_to_coming, put, told
from chalicelib.domain.meetups.seating import Seating
from chalicelib.domain.meetups.states import AlreadyThere, MeetupNotFound
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.rsvps import Rsvp

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint


SEEKING = frozenset({"going", "offered", "waitlisted"})
"""What someone says who wants a seat."""


class NoSuchFollower(errors.Invalid):
    """It is not said why: whoever blocks someone need not explain it."""

    reason: ClassVar = {
        "en": "Nobody who follows, and may come, is meant by this.",
        "fr": "Ceci ne désigne personne qui suive l’organisation et puisse venir.",
    }
    example: ClassVar = {"pointer": "/member_id"}


class NothingToUndo(errors.Conflict):
    reason: ClassVar = {
        "en": "Nobody answered for you, or you answered yourself since.",
        "fr": "Personne n’a répondu pour vous, ou vous avez répondu depuis.",
    }


@retry_if_overtaken(attempts=RUSH)
def answer_for(
    caller: Caller, organization_id: str, meetup_id: str, member_id: str, *, says: str, party: int = 1
) -> Standpoint:
    """Say for someone who follows whether they come. It is logged, they are told, and may undo it.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, MeetupStateRefused, RsvpsClosed,
    PartyTooLarge, NoRoomForMore, HostComes, AskedNotToCome, NoSuchFollower.
    """
    stands = standpoints.find(
        caller,
        organization_id,
        meetup_id,
        Rsvp.key(meetup_id, member_id),
        Membership.key(organization_id, member_id),
        Apart.key(member_id),
    )
    stands.must_host()
    rsvp, membership, apart = stands.also
    if membership is None or (apart is not None and apart.people & set(stands.meetup.hosts())):
        raise NoSuchFollower(pointer="/member_id")
    if rsvp is not None and rsvp.removed_reason is not None:
        raise AskedNotToCome(removed_reason=rsvp.removed_reason)
    theirs = replace(stands, rsvp=rsvp)
    return put(theirs, member_id, says=says, party=party, asked_by=caller.member_id)


@retry_if_overtaken(attempts=RUSH)
def undo(caller: Caller, organization_id: str, meetup_id: str) -> Standpoint:
    """Go back to what one had said before a host answered for one: to a seat if there is one, at one's rank.

    Whoever came before and finds no seat any more waits before everyone. Raises MeetupNotFound, FollowFirst,
    Suspended, MeetupStateRefused, RsvpsClosed, HostComes, AlreadyThere, NothingToUndo.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    stands.must_follow()
    rsvp = stands.rsvp
    if rsvp is None or rsvp.answered_by is None or rsvp.before is None:
        raise NothingToUndo
    stands.must_take_answers()
    if caller.member_id == stands.meetup.host_id:
        raise HostComes
    if rsvp.state == "checked_in":
        raise AlreadyThere
    if rsvp.before["state"] in SEEKING:
        stands.must_not_be_suspended()
        if stands.is_parted:
            raise MeetupNotFound
    _put_back(stands, rsvp, rsvp.before)
    return standpoints.now_that(stands, rsvp)


def _put_back(stands: Standpoint, rsvp: Rsvp, before: dict[str, int | str]) -> None:
    after, state, party = str(rsvp.state), str(before["state"]), int(before["party"])
    seating = Seating(stands.meetup, stands.seats, now=stands.now, actor_id=rsvp.member_id)
    freely = {"answered_by": None, "before": None}
    if state in SEEKING and rsvp.state != "going":
        number = int(before["number"]) if state == "waitlisted" else 0  # 0: before everyone in line
        seating.to_the_line(rsvp, party=party, number=number, **freely)
        # what they held may be free still; it is theirs before it is anyone's
        if number == 0 and stands.seats.has_room_for(party):
            seating.turn(rsvp, "going")
        seating.pass_on(freed=False)
    elif state == "waitlisted":
        seating.to_the_line(rsvp, party=party, number=int(before["number"]), **freely)
        seating.pass_on()
    elif state in ("interested", "declined"):
        seating.turn(rsvp, state, party=1, number=0, **freely)
        seating.pass_on()
    elif state == "going":
        seating.turn(rsvp, "going", party=min(party, int(rsvp.party)), **freely)
        seating.pass_on()
    else:
        seating.turn(rsvp, "declined", party=1, number=0, **freely)
        seating.pass_on()
    if rsvp.state != after:
        seating.tell(told(rsvp, after, rsvp.member_id))
    with changes() as change:
        if state in SEEKING:
            hold_to_coming(change, stands, rsvp.member_id)
        seating.write(change)
