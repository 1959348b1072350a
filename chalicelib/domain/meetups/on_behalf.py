"""What a host says for someone who told them otherwise: logged, and theirs to undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.meetups import hosting, standpoints
from chalicelib.domain.meetups.answering import RUSH, AskedNotToCome, HostComes, hold_to_coming, put, told
from chalicelib.domain.meetups.passing_on import offer_until
from chalicelib.domain.meetups.seating import Seating
from chalicelib.domain.meetups.states import AlreadyThere, MeetupNotFound
from chalicelib.gateways import ids
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.suspensions import RunningSuspension

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint


SEEKING = frozenset({"going", "offered", "waitlisted"})
"""What someone says who wants a seat."""


FREELY: dict[str, Any] = {"answered_by": None, "before": None}
"""An answer that is someone's own."""


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
    PartyTooLarge, NoRoomForMore, HostComes, AskedNotToCome, NoSuchFollower, OnlyTheHost.
    """
    stands = standpoints.find(
        caller,
        organization_id,
        meetup_id,
        Rsvp.key(meetup_id, member_id),
        Membership.key(organization_id, member_id),
        RunningSuspension.key(organization_id, member_id),
        Apart.key(member_id),
    )
    stands.must_host()
    rsvp, membership, suspension, apart = stands.also
    suspended = suspension is not None and suspension.runs_at(stands.now) and says != "declined"
    parted = apart is not None and not (apart.people or set()).isdisjoint(stands.meetup.hosts())
    if membership is None or suspended or parted:
        raise NoSuchFollower(pointer="/member_id")
    hosting.must_be_able_to_dismiss(stands, member_id)
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


def _put_back(stands: Standpoint, rsvp: Rsvp, before: dict[str, Any]) -> None:
    after, said = str(rsvp.state), str(before["state"])
    seating = Seating(stands.meetup, stands.seats, now=stands.now, actor_id=rsvp.member_id)
    if said == "going":
        _seat_again(seating, rsvp, int(before["party"]))
    elif said == "offered" and rsvp.state == "going":
        _offer_again(seating, rsvp)
    elif said in SEEKING:
        seating.to_the_line(rsvp, party=int(before["party"]), number=int(before["number"]), **FREELY)
    else:
        seating.turn(
            rsvp, said if said in ("interested", "declined") else "declined", party=1, number=0, **FREELY
        )
    seating.pass_on()
    if rsvp.state not in (after, "offered"):
        seating.tell(told(rsvp, after, rsvp.member_id))
    with changes() as change:
        if said in SEEKING:
            hold_to_coming(change, stands, rsvp.member_id)
        seating.write(change)


def _seat_again(seating: Seating, rsvp: Rsvp, party: int) -> None:
    """Give back the seats that someone had: they are theirs before they are anyone's who waits."""
    seats = seating.seats
    if rsvp.state == "going":
        more = party - int(rsvp.party)
        fits = more <= 0 or (seats.has_room_for(more) and not seats.anyone_fits())
        seating.turn(rsvp, "going", party=party if fits else int(rsvp.party), **FREELY)
    elif seats.has_room_for(party):
        seating.turn(rsvp, "going", party=party, number=0, **FREELY)
    else:
        seating.to_the_line(rsvp, party=party, number=0, **FREELY)  # before everyone


def _offer_again(seating: Seating, rsvp: Rsvp) -> None:
    """Hold the seats that a host took for someone as those that are offered to them, once more."""
    until, offer_id = offer_until(seating.meetup, seating.now), ids.new("ofr")
    seating.turn(rsvp, "offered", offer_until=until, offer_id=offer_id, **FREELY)
    seating.tell(
        events.SeatOffered(
            organization_id=rsvp.organization_id, actor_id=rsvp.member_id, at=seating.now,
            meetup_id=rsvp.meetup_id, member_id=rsvp.member_id, party=int(rsvp.party),
            revision=int(rsvp.revision), number=int(rsvp.number), until=until, offer_id=offer_id,
        )
    )  # fmt: skip
