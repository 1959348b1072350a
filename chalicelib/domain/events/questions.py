"""Questions, from one hand to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read with the type hints of its events

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """Someone asked a question: whoever can help may be told; `asker_id` is a member's or a guest's."""

    question_id: str
    asker_id: str
    topics: list[str]
    round: int
    language: str


@dataclass(frozen=True, kw_only=True)
class QuestionClaimed(Event):
    """Someone took a question in hand; without a word of theirs by `lease_until`, it returns to the queue."""

    question_id: str
    asker_id: str
    helper_id: str
    round: int
    claim_token: str
    lease_until: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerBegun(Event):
    """A helper said a first word to whoever asked, who had waited since `round_opened_at`.

    `is_first`: nobody had yet, in this round.
    """

    question_id: str
    asker_id: str
    helper_id: str
    round: int
    round_opened_at: datetime
    is_first: bool = True


@dataclass(frozen=True, kw_only=True)
class QuestionReturned(Event):
    """A question is back in the queue, its age kept.

    `reason` is released, lease_ended or helper_gone; `helper_id` had it, and is not offered it now.
    """

    question_id: str
    asker_id: str
    topics: list[str]
    round: int
    language: str
    reason: str
    helper_id: str


@dataclass(frozen=True, kw_only=True)
class HandOverProposed(Event):
    """A helper proposed that someone goes on in their place, and stays until then; to anyone if `to` is null.

    Without an acceptance by `until` everything stays as it is.
    """

    question_id: str
    asker_id: str
    helper_id: str
    proposal_id: str
    to: str | None
    topics: list[str]
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
    """Nobody took over: the helper goes on. `reason` is declined, taken_back or nobody_came."""

    question_id: str
    asker_id: str
    helper_id: str
    proposal_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """A helper said that they are done: whoever asked says whether it helped."""

    question_id: str
    asker_id: str
    helper_id: str
    round: int


@dataclass(frozen=True, kw_only=True)
class QuestionResolved(Event):
    """Whoever asked said that it helped; `outcome` is yes or partly."""

    question_id: str
    asker_id: str
    helper_id: str
    round: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class QuestionReopened(Event):
    """A new round of a question began: it did not help, or whoever asked came back.

    `helper_id` helped in the round before; `reason` is not_helped, and then they are not offered it again,
    or came_back.
    """

    question_id: str
    asker_id: str
    topics: list[str]
    round: int
    language: str
    reason: str
    helper_id: str


@dataclass(frozen=True, kw_only=True)
class QuestionClosedUnconfirmed(Event):
    """Whoever asked did not say whether it helped: the question is closed, and counts as solved nowhere."""

    question_id: str
    asker_id: str
    helper_id: str
    round: int


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(Event):
    """Whoever asked took their question back; `helper_id` is null if nobody had it."""

    question_id: str
    asker_id: str
    helper_id: str | None
    round: int


@dataclass(frozen=True, kw_only=True)
class QuestionMerged(Event):
    """Whoever asked said that a question repeats another one of theirs, `into`, which goes on."""

    question_id: str
    asker_id: str
    helper_id: str | None
    round: int
    into: str


@dataclass(frozen=True, kw_only=True)
class QuestionExpired(Event):
    """A question found no answer in its time."""

    question_id: str
    asker_id: str
    helper_id: str | None
    round: int


@dataclass(frozen=True, kw_only=True)
class HelperInvited(Event):
    """Someone in a conversation invited another member into it."""

    question_id: str
    asker_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class QuestionOffered(Event):
    """A wave of offers reached these members: `why` is topic, follower or on_duty."""

    question_id: str
    round: int
    wave: int
    why: str
    member_ids: list[str]


@dataclass(frozen=True, kw_only=True)
class AnswerPromised(Event):
    """Nobody came in time: whoever asked is told that they will be written to."""

    question_id: str
    asker_id: str
    round: int
    language: str
