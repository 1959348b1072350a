"""Thanks, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read with the type hints of its events

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class ThanksGiven(Event):
    """A member thanked the author of something."""

    thanks_id: str
    round: int
    object_kind: str
    object_id: str
    beneficiary_id: str
    beneficiary_voice: str
    giver_is_verified: bool = True
    """False for a guest of whom nothing is proven."""


@dataclass(frozen=True, kw_only=True)
class ThanksWithdrawn(Event):
    """A member took their thanks back."""

    thanks_id: str
    round: int
    object_kind: str
    object_id: str
    beneficiary_id: str
    given_at: datetime
    """`at` of the ThanksGiven of this round."""


@dataclass(frozen=True, kw_only=True)
class MeritEarned(Event):
    """A member's merit rose; `actor_id` is who attested what for."""

    entry_id: str
    member_id: str
    amount: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class MeritReversed(Event):
    """What an attestation had earned a member went with it; `amount` is what went."""

    entry_id: str
    member_id: str
    amount: int
    rule: str
