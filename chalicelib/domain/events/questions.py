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
class HelperSpoke(Event):
    """A helper said something that whoever asked may be too far away to see; `seq` is its number.

    What they say further, until whoever asked is back, is not announced.
    """

    question_id: str
    asker_id: str
    helper_id: str
    round: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class AnswerLeft(Event):
    """Whoever asked was away when their helper spoke: what was said from `seq` on is mailed to them."""

    question_id: str
    asker_id: str
    helper_id: str | None
    round: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class WaitBegun(Event):
    """Whoever asked waits, since `at`, for a word of whoever has their question in hand."""

    question_id: str
    asker_id: str
    helper_id: str


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
    """Someone in a conversation invited another member into it; `helper_id` is null if nobody has it."""

    question_id: str
    asker_id: str
    helper_id: str | None
    member_id: str


@dataclass(frozen=True, kw_only=True)
class CompanionCame(Event):
    """Someone invited into a conversation came: they read all that was and is said there."""

    question_id: str
    asker_id: str
    helper_id: str | None
    member_id: str


@dataclass(frozen=True, kw_only=True)
class CompanionLeft(Event):
    """Someone who had come into a conversation left it: they read it no longer."""

    question_id: str
    asker_id: str
    helper_id: str | None
    member_id: str


@dataclass(frozen=True, kw_only=True)
class SharingAgreed(Event):
    """Someone in a closed exchange agrees that it is public, or agrees otherwise than before.

    `party_id` is under whom they had it: a member who asked as a guest is that guest here.
    """

    question_id: str
    asker_id: str
    helper_id: str
    companion_ids: list[str]
    round: int
    party_id: str


@dataclass(frozen=True, kw_only=True)
class QuestionShared(Event):
    """Whoever asked and whoever helped both agree: everyone reads their exchange from now on."""

    question_id: str
    asker_id: str
    helper_id: str
    companion_ids: list[str]
    round: int


@dataclass(frozen=True, kw_only=True)
class QuestionUnshared(Event):
    """An exchange is private again; `reason` is taken_back, came_back or no_longer_kept."""

    question_id: str
    asker_id: str
    helper_id: str
    companion_ids: list[str]
    round: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class WordsPurged(Event):
    """What was said about a closed question is kept no longer; its states, times and topics are."""

    question_id: str
    state: str
    closed_at: datetime
    kept_until: datetime


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
