"""A meetup as someone reads it: where it is exactly is for those who come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.codes import code_of
from chalicelib.domain.meetups.vicinity import blurred
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.members import Member
from chalicelib.models.questions import Question
from chalicelib.models.rsvps import RsvpPlace
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.meetups import Meetup, Seats
    from chalicelib.models.rsvps import Rsvp


@dataclass(frozen=True)
class Answered:
    """What the caller, or someone whom a host reads of, says about coming."""

    rsvp: Rsvp
    meetup: Meetup
    now: datetime
    position: int | None = None
    """How many wait until their turn, they included; None for who does not wait."""
    is_own: bool = True
    """Whether it is they who read it."""
    is_noted: bool = False
    """Whether a host noted that they did not come."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rsvp, name)

    @property
    def state(self) -> str:
        said = self.rsvp.state_at(self.now)
        return "no_show" if self.is_noted and said == "going" else said

    @property
    def asked_again(self) -> bool:
        """Whether date or place changed since they answered; whoever hosts it always comes."""
        if self.rsvp.member_id == self.meetup.host_id:
            return False
        stale = bool(self.rsvp.revision < self.meetup.revision)
        return stale and self.state in ("going", "waitlisted", "offered", "interested")

    @property
    def code(self) -> str | None:
        """What they show to another who comes; None for who has no seat, and for anyone else who reads this.

        A host who could read it here would attest their own presence with it.
        """
        if not self.is_own or not self.rsvp.is_expected_at(self.now):
            return None
        return code_of(self.meetup.id, self.rsvp.member_id)


@dataclass(frozen=True)
class Seen:
    """A meetup as one person reads it."""

    stands: Standpoint
    names: dict[str, str] = field(default_factory=dict)
    """Of those who host it, today."""
    position: int | None = None
    knows_question: bool = False
    kilometres: float | None = None
    """How far away it is, where that was asked."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stands.meetup, name)

    @property
    def meetup(self) -> Meetup:
        return self.stands.meetup

    @property
    def state(self) -> str:
        return self.stands.state

    @property
    def seats(self) -> Seats:
        return self.stands.seats

    @property
    def capacity(self) -> int | None:
        return None if self.seats.capacity is None else int(self.seats.capacity)

    @property
    def seats_left(self) -> int | None:
        """Seats that nobody has or holds; None: there is always another."""
        return None if self.seats.free is None else int(self.seats.free)

    @property
    def going(self) -> int:
        return int(self.seats.going)

    @property
    def waiting(self) -> int:
        return int(self.seats.waiting)

    @property
    def interested(self) -> int:
        return int(self.seats.interested)

    @property
    def hosts(self) -> list[dict[str, Any]]:
        """Who looks after it; without a name for whoever told none."""
        return [{"member_id": host, "name": self.names.get(host)} for host in self.meetup.hosts()]

    @property
    def place(self) -> dict[str, Any] | None:
        """Where it is: exactly for those who come, the district for everyone else."""
        place = self.meetup.place
        if place is None:
            return None
        if self.stands.is_coming:
            return {**place, "exact": True}
        latitude, longitude = blurred(place["latitude"], place["longitude"])
        known = {"district": place["district"], "public": place["public"]}
        return {
            **known,
            "name": None,
            "address": None,
            "latitude": latitude,
            "longitude": longitude,
            "exact": False,
        }

    @property
    def online_url(self) -> str | None:
        """The link to it, for those who come."""
        return self.meetup.online_url if self.stands.is_coming else None

    @property
    def is_online(self) -> bool:
        return self.meetup.online_url is not None

    @property
    def question_id(self) -> str | None:
        """The question it was born from, for those who talked there."""
        return self.meetup.question_id if self.knows_question else None

    @property
    def rsvp(self) -> Answered | None:
        """What the caller says about coming; None while they said nothing."""
        if self.stands.rsvp is None:
            return None
        return Answered(
            self.stands.rsvp, self.meetup, self.stands.now, self.position, is_noted=is_noted(self.stands)
        )


def read(caller: Caller | None, organization_id: str, meetup_id: str) -> Seen:
    """A meetup as the caller reads it. Raises MeetupNotFound. Three reads at most."""
    note = [NoShowNote.key(meetup_id, caller.member_id)] if caller else []
    return seen(standpoints.find(caller, organization_id, meetup_id, *note))


def seen(stands: Standpoint, **values: Any) -> Seen:
    """A meetup that is in hand, as the caller reads it now: with names, and their place in line.

    Whoever hosts alone what they read is in hand with it: nothing more is read.
    """
    meetup, known = stands.meetup, {stands.caller_id: stands.member} if stands.member is not None else {}
    keys: list[Key[Any]] = [Member.key(host) for host in meetup.hosts() if host not in known]
    if meetup.question_id is not None:
        keys.append(Question.key(meetup.organization_id, meetup.question_id))
    read = load(*keys) if keys else ()
    names = {one.id: one.name for one in (*known.values(), *read) if isinstance(one, Member)}
    question = next((one for one in read if isinstance(one, Question)), None)
    position = place_in_line(stands, stands.rsvp) if stands.rsvp is not None else None
    talked = talked_in(question, stands.caller_id)
    return Seen(stands, names, position=position, knows_question=talked, **values)


def is_noted(stands: Standpoint) -> bool:
    """Whether it was read with this that they did not come, and is remembered still."""
    if stands.rsvp is None:
        return False
    who = stands.rsvp.member_id
    notes = [one for one in stands.also if isinstance(one, NoShowNote)]
    return any(note.member_id == who and note.holds_at(stands.now) for note in notes)


def talked_in(question: Question | None, person_id: str) -> bool:
    """Whether someone is one of those who talked about a question."""
    return question is not None and person_id in {*question.askers(), *question.helpers()}


def place_in_line(stands: Standpoint, rsvp: Rsvp) -> int | None:
    """Someone's turn: 1 is next; None for whoever does not wait. One read, of a hundred at most."""
    if rsvp.state_at(stands.now) != "waitlisted":
        return None
    if rsvp.number == stands.seats.line:  # nobody came after them
        return int(stands.seats.waiting)
    before, start = stands.seats.ahead_of(int(rsvp.number))
    return before + RsvpPlace.waiting_before(rsvp.meetup_id, start, int(rsvp.number)) + 1
