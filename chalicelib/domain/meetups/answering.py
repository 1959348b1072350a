"""Saying whether one comes: with a seat, in line, perhaps, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, standing
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.passing_on import manner
from chalicelib.domain.meetups.seating import Seating
from chalicelib.domain.meetups.states import HEAD_START, AlreadyThere, MeetupNotFound
from chalicelib.models.blocks import Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.rsvps import LISTED, Rsvp

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint

RUSH = 40
"""How often an answer is decided again when others are faster: a full coffee fills within a second."""


class PartyTooLarge(errors.Invalid):
    """`most` is how many seats one person takes here."""

    reason: ClassVar = {
        "en": "One person takes {most} seats at most here.",
        "fr": "Une personne prend au plus {most} places ici.",
    }
    example: ClassVar = {"pointer": "/party", "most": 2}


class NoRoomForMore(errors.Conflict):
    """What they had said before stands."""

    reason: ClassVar = {
        "en": "There is no seat for one more: you keep those that you have.",
        "fr": "Il n’y a pas de place de plus : vous gardez celles que vous avez.",
    }


class HostComes(errors.Conflict):
    reason: ClassVar = {
        "en": "You host it: hand it over to someone else, or cancel it.",
        "fr": "Vous l’organisez : confiez-la à quelqu’un d’autre, ou annulez-la.",
    }


class AskedNotToCome(errors.Forbidden):
    """`removed_reason` is what the host said."""

    reason: ClassVar = {
        "en": "The host asked you not to come: {removed_reason}",
        "fr": "La personne qui organise vous a demandé de ne pas venir : {removed_reason}",
    }
    example: ClassVar = {"removed_reason": "Vous aviez annoncé venir avec dix personnes."}


@dataclass(frozen=True)
class Said:
    """What someone says about coming, or a host says for them."""

    answer: str
    party: int
    by_whom: dict[str, Any]
    """Who answered for them, and what they had said before that, until they answer themselves."""

    def says_nothing_new(self, stands: Standpoint, rsvp: Rsvp) -> bool:
        """Whether an answer that stands is given again, and neither confirms a date nor becomes their own."""
        if self.by_whom["answered_by"] is not None:
            return True
        return bool(rsvp.revision == stands.meetup.revision and rsvp.answered_by is None)


@retry_if_overtaken(attempts=RUSH)
def answer(caller: Caller, organization_id: str, meetup_id: str, *, says: str, party: int = 1) -> Standpoint:
    """Say `going`, `interested` or `declined`. Whoever says `going` when all seats are taken waits in line.

    The same answer again changes nothing, but confirms it after a new date or place. Raises MeetupNotFound,
    FollowFirst, Suspended, MeetupStateRefused, RsvpsClosed, PartyTooLarge, NoRoomForMore, HostComes,
    AlreadyThere, AskedNotToCome.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    stands.must_follow()
    if says != "declined":
        stands.must_not_be_suspended()
        if stands.is_parted:  # whoever was to come may still say that they do not
            raise MeetupNotFound
    if stands.rsvp is not None and stands.rsvp.removed_reason is not None:
        raise AskedNotToCome(removed_reason=stands.rsvp.removed_reason)
    return put(stands, caller.member_id, says=says, party=party)


def put(
    stands: Standpoint, member_id: str, *, says: str, party: int, asked_by: str | None = None
) -> Standpoint:
    """Write what someone says, or a host says for them, with all that follows from it."""
    stands.must_take_answers()
    if member_id == stands.meetup.host_id:
        raise HostComes
    _must_be_small_enough(stands, says, party)
    if stands.rsvp is not None and stands.rsvp.state == "checked_in":
        raise AlreadyThere
    rsvp = stands.rsvp or Rsvp.of(stands.meetup, member_id, at=stands.now)
    before = rsvp.state_at(stands.now)
    by_whom = {"answered_by": asked_by, "before": _own_words(rsvp, before) if asked_by else None}
    seating = Seating(stands.meetup, stands.seats, now=stands.now, actor_id=asked_by or member_id)
    change_to = _go if says == "going" else _give_up
    if not change_to(seating, stands, rsvp, Said(says, party, by_whom)):
        return stands
    if asked_by is None or before not in LISTED:  # who came already is still asked again by themselves
        rsvp.revision = stands.meetup.revision
    if rsvp.state != before or asked_by is not None:
        seating.tell(told(rsvp, before, seating.actor_id, asked_by=asked_by))
    with changes() as change:
        if says != "declined":
            hold_to_coming(change, stands, member_id)
        seating.write(change)
    return standpoints.now_that(stands, rsvp)


def _own_words(rsvp: Rsvp, state: str) -> dict[str, Any]:
    """What someone said themselves, however often others answered for them since."""
    if rsvp.answered_by is not None and rsvp.before is not None:
        return dict(rsvp.before)
    return {"state": state, "party": int(rsvp.party), "number": int(rsvp.number)}


def _must_be_small_enough(stands: Standpoint, says: str, party: int) -> None:
    most, rsvp = int(stands.meetup.party_limit), stands.rsvp
    if stands.seats.capacity is not None:
        most = min(most, int(stands.seats.capacity))
    had = (
        int(rsvp.party) if rsvp is not None and rsvp.state in LISTED else 0
    )  # whoever comes with more still does
    if says == "going" and party > max(most, had):
        raise PartyTooLarge(pointer="/party", most=most)


def _go(seating: Seating, stands: Standpoint, rsvp: Rsvp, said: Said) -> bool:
    """Have them come, or wait: whether that changes anything."""
    state, party = rsvp.state_at(stands.now), said.party
    if state == "going":
        return _go_on(seating, stands, rsvp, said)
    if state == "waitlisted":
        return _go_on_waiting(seating, stands, rsvp, said)
    if state == "offered":
        _must_have_room_for_more(stands, party - int(rsvp.party))
    if state == "offered" or (stands.seats.has_room_for(party) and _nobody_comes_before(stands)):
        seating.turn(rsvp, "going", party=party, number=0, **said.by_whom)
    else:
        seating.to_the_line(rsvp, party=party, **said.by_whom)
    seating.pass_on()
    return True


def _nobody_comes_before(stands: Standpoint) -> bool:
    """Whether nobody waits; where seats are announced, whether they are too few for everyone who does."""
    if not stands.seats.waiting:
        return True
    return manner(stands.meetup, stands.now) == "announced" and not stands.seats.anyone_fits()


def _must_have_room_for_more(stands: Standpoint, more: int) -> None:
    """Raise NoRoomForMore where so many more seats are not free, or someone in line comes first."""
    if more > 0 and (not stands.seats.has_room_for(more) or stands.seats.anyone_fits()):
        raise NoRoomForMore


def _go_on(seating: Seating, stands: Standpoint, rsvp: Rsvp, said: Said) -> bool:
    """Have someone who comes confirm it, or come with more people, or fewer."""
    more = said.party - int(rsvp.party)
    _must_have_room_for_more(stands, more)
    if more == 0 and said.says_nothing_new(stands, rsvp):
        return False
    seating.turn(rsvp, "going", party=said.party, **said.by_whom)
    seating.pass_on()
    return True


def _go_on_waiting(seating: Seating, stands: Standpoint, rsvp: Rsvp, said: Said) -> bool:
    """Have someone in line take an announced seat, or wait for more of them, or fewer, at their rank."""
    if manner(stands.meetup, stands.now) == "announced" and _may_claim(stands, rsvp, said.party):
        seating.turn(rsvp, "going", party=said.party, number=0, **said.by_whom)
        return True
    if said.party == rsvp.party and said.says_nothing_new(stands, rsvp):
        return False
    seating.turn(rsvp, "waitlisted", party=said.party, **said.by_whom)
    seating.pass_on()
    return True


def _may_claim(stands: Standpoint, rsvp: Rsvp, party: int) -> bool:
    """Whether free seats that were announced are theirs to take: whoever was in line then comes first."""
    seats = stands.seats
    if not seats.has_room_for(party) or seats.announced_at is None:
        return seats.has_room_for(party)
    return rsvp.number <= seats.announced_up_to or stands.now - seats.announced_at >= HEAD_START


def _give_up(seating: Seating, stands: Standpoint, rsvp: Rsvp, said: Said) -> bool:
    """Have them be interested, or not come: their seats go on down the line."""
    if rsvp.state == said.answer and said.says_nothing_new(stands, rsvp):
        return False
    seating.turn(rsvp, said.answer, party=1, number=0, **said.by_whom)
    seating.pass_on()
    return True


def told(
    rsvp: Rsvp, after: str, actor_id: str, *, asked_by: str | None = None, cause: str = "self"
) -> events.Event:
    """What is announced of someone who has come to this state."""
    about: dict[str, Any] = {
        "organization_id": rsvp.organization_id, "actor_id": actor_id, "at": rsvp.since,
        "meetup_id": rsvp.meetup_id, "member_id": rsvp.member_id, "party": int(rsvp.party),
        "revision": int(rsvp.revision), "after": after, "asked_by": asked_by,
    }  # fmt: skip
    if rsvp.state == "going":
        return events.SeatTaken(**about)
    if rsvp.state == "waitlisted":
        return events.RsvpWaitlisted(**about, number=int(rsvp.number))
    if rsvp.state == "interested":
        return events.RsvpInterested(**about)
    reason = rsvp.removed_reason
    return events.RsvpDeclined(**about, cause="host" if asked_by else cause, reason=reason)


def hold_to_coming(change: Any, stands: Standpoint, member_id: str) -> None:
    """Let nobody come who meanwhile stops following, is suspended, or is parted from the host."""
    organization_id = stands.meetup.organization_id
    change.check(Membership.key(organization_id, member_id), Membership.is_there())
    standing.hold_to_it(change, organization_id, member_id)
    change.check(Block.key(member_id, stands.meetup.host_id), Block.is_absent())
