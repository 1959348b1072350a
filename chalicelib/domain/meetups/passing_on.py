"""How a free seat goes to whoever waits: what is decided, whatever freed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.meetups.states import OFFERED_FOR, SUDDEN, SURE
from chalicelib.models.rsvps import RsvpPlace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.models.meetups import Meetup
    from chalicelib.models.rsvps import Rsvp


@dataclass(frozen=True)
class Waiter:
    """Someone in line."""

    member_id: str
    party: int
    number: int
    listed: RsvpPlace | None = None
    """Their place in line, as the table has it."""
    rsvp: Rsvp | None = None
    """What they say at this moment, where it is they who do."""

    @classmethod
    def of(cls, place: RsvpPlace) -> Waiter:
        return cls(place.member_id, int(place.party), int(place.number), listed=place)

    @classmethod
    def in_hand(cls, rsvp: Rsvp) -> Waiter:
        return cls(rsvp.member_id, int(rsvp.party), int(rsvp.number), rsvp=rsvp)

    @property
    def place(self) -> str:
        """Where they are in line, as keys sort it."""
        return f"{RsvpPlace.numbered(self.number)}#{self.member_id}"


def manner(meetup: Meetup, now: datetime) -> str:
    """How free seats go to the line: given (they may still say no), offered until a moment, or announced."""
    left = meetup.starts_at - now
    if left > SURE:
        return "given"
    return "offered" if left > SUDDEN else "announced"


def offer_until(meetup: Meetup, now: datetime) -> datetime:
    """How long seats offered now are held: six hours, half of what is left, or as long as one may answer."""
    return min(now + min(OFFERED_FOR, (meetup.starts_at - now) / 2), meetup.rsvp_closes_at)


def fitting(
    free: int | None, waiting: Sequence[Waiter], most: int
) -> tuple[list[tuple[Waiter, int]], list[str]]:
    """Who has a seat now, each with how many before them have none, and who was passed over for their size.

    First come, first served. A party too large for what is left keeps its rank, and those behind it have
    their turn.
    """
    chosen: list[tuple[Waiter, int]] = []
    passed: list[str] = []
    skipped: list[str] = []
    for waiter in waiting:
        if len(chosen) == most or free == 0:
            break
        if free is None or waiter.party <= free:
            chosen.append((waiter, len(passed)))
            skipped = list(passed)
            free = None if free is None else free - waiter.party
        else:
            passed.append(waiter.member_id)
    return chosen, skipped
