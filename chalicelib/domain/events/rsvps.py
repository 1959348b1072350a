"""What someone says about coming to a meetup, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - read with the type hints of its events

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class RsvpEvent(Event):
    """Something about one person and one meetup.

    `actor_id` is who did it: they, a host, or the person whose leaving moved the line.
    """

    meetup_id: str
    member_id: str
    party: int
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class SeatTaken(RsvpEvent):
    """Someone comes: the seats are theirs. `after` is what they had said before."""

    after: str
    asked_by: str | None = None
    """The host who answered for them."""


@dataclass(frozen=True, kw_only=True)
class RsvpWaitlisted(RsvpEvent):
    """Someone waits for seats, under a number that nobody after them comes before."""

    number: int
    after: str
    asked_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class RsvpInterested(RsvpEvent):
    """Someone might come, and has no seat."""

    after: str
    asked_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class RsvpDeclined(RsvpEvent):
    """Someone does not come. `cause`: self, host, removed, suspended, unfollowed, erased."""

    after: str
    cause: str
    asked_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class RsvpPromoted(RsvpEvent):
    """Someone who waited has seats; `ahead` wait before them still, whose parties are too large for these."""

    number: int
    ahead: int = 0


@dataclass(frozen=True, kw_only=True)
class SeatOffered(RsvpEvent):
    """Someone who waited is offered seats, held for them until then."""

    number: int
    until: datetime
    offer_id: str
    ahead: int = 0


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(RsvpEvent):
    """Seats that were offered to someone went unanswered."""

    offer_id: str


@dataclass(frozen=True, kw_only=True)
class PartiesSkipped(Event):
    """Free seats passed over parties that are too large for them: they keep their rank."""

    meetup_id: str
    free: int
    member_ids: list[str] = field(default_factory=list)
