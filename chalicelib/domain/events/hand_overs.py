"""One helper in another one's place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read with the type hints of its events

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class HandOverProposed(Event):
    """A helper proposed that someone goes on in their place, and stays until then; to anyone if `to` is null.

    Without an acceptance by `until` everything stays as it is. With `returns_at`, when `to` said they are
    back, whoever asked is asked whether they wait for them.
    """

    question_id: str
    asker_id: str
    helper_id: str
    proposal_id: str
    to: str | None
    topics: list[str]
    until: datetime
    returns_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HandOverOffered(Event):
    """Volunteers who are there are told at once that anyone may go on with a question, in no order.

    `why` is hand_over. What the helper wrote for whoever goes on is not for them yet.
    """

    question_id: str
    proposal_id: str
    why: str
    member_ids: list[str]


@dataclass(frozen=True, kw_only=True)
class HandOverAwaited(Event):
    """Whoever asked waits for someone back at `returns_at`: the helper stays, until `until` at most."""

    question_id: str
    asker_id: str
    helper_id: str
    proposal_id: str
    to: str
    returns_at: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class HandOverDue(Event):
    """Someone who is to take over is back, by what they said, and whoever asked still waits for them."""

    question_id: str
    asker_id: str
    helper_id: str
    proposal_id: str
    to: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class HandOverAccepted(Event):
    """Another helper goes on with a question in hand."""

    question_id: str
    asker_id: str
    before: str
    helper_id: str
    proposal_id: str


@dataclass(frozen=True, kw_only=True)
class HandOverDeclined(Event):
    """Nobody took over: the helper goes on. `reason` is declined, taken_back, not_awaited or nobody_came."""

    question_id: str
    asker_id: str
    helper_id: str
    proposal_id: str
    reason: str
