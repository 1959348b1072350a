from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice

IN_HAND = frozenset({"claimed", "in_progress", "handing_over"})
"""States in which a helper is at it: these count against how many questions they take at once."""

UNSETTLED = IN_HAND | {"open", "answered"}
"""States from which a question may still be withdrawn, or expire."""


class Question(CommunityItem, discriminator="question"):
    """What someone asked, whose turn it is, and how it ended.

    `version` guards every transition. `seq` numbers the conversation, and `wave` the offers: both move
    without it.
    """

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    asker_id = UnicodeAttribute()
    """A member's or a guest's."""
    asker_is_verified = BooleanAttribute(default=True)
    """False for a guest whom nobody vouches for: whoever helps is told."""
    conversation_id = UnicodeAttribute()
    text = UnicodeAttribute()
    is_public = BooleanAttribute(default=False)
    """Whether its beginning may stand in the public list."""
    topics: JSONAttribute = JSONAttribute(default=list)
    page: JSONAttribute = JSONAttribute(null=True)
    """Where it was asked: `{title, url}`."""
    language = UnicodeAttribute()
    linked_to = UnicodeAttribute(null=True)
    """An earlier question of the same person that this one goes on from, or that it repeated."""
    state = UnicodeAttribute(default="open")
    round = NumberAttribute(default=1)
    asked_at = UTCDateTimeAttribute()
    """Set once: whatever happens, a question keeps its age."""
    round_opened_at = UTCDateTimeAttribute()
    helper_id = UnicodeAttribute(null=True)
    """Who has it in hand, or had it when it was closed."""
    helper_voice = UnicodeAttribute(null=True)
    """Frozen when they took it."""
    claim_token = UnicodeAttribute(null=True)
    """New at each claim: what was decided under an earlier one is decided no more."""
    lease_until = UTCDateTimeAttribute(null=True)
    first_reply_at = UTCDateTimeAttribute(null=True)
    answered_at = UTCDateTimeAttribute(null=True)
    closed_at = UTCDateTimeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    """What the asker said of this round: yes, partly or no."""
    last_helper_id = UnicodeAttribute(null=True)
    """Who had it in hand before it returned to the queue."""
    hand_over: JSONAttribute = JSONAttribute(null=True)
    """The last one proposed: `{id, by, to, note, until, outcome}`; outcome is null while it waits."""
    skipped: JSONAttribute = JSONAttribute(default=dict)
    """Helper → until when they are not offered it; null: for good."""
    invited: JSONAttribute = JSONAttribute(default=dict)
    """Member → whether they came."""
    wave = NumberAttribute(default=0)
    seq = NumberAttribute(default=0)
    """The number of the newest message of its conversation."""
    asker_waits_since = UTCDateTimeAttribute(null=True)
    """When the asker spoke, while nobody has answered that."""
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, question_id: str) -> Key[Question]:
        return Key(cls, f"ORG#{organization_id}#QUESTIONS", question_id)

    @classmethod
    def asking(cls, organization_id: str, question_id: str, *, at: datetime, **values: Any) -> Question:
        """A question of this instant, not saved yet."""
        key = cls.key(organization_id, question_id)
        return cls(
            key.pk, key.sk, id=question_id, organization_id=organization_id,
            asked_at=at, round_opened_at=at, **values,
        )  # fmt: skip

    def is_in_hand(self) -> bool:
        """Whether a helper is at it."""
        return self.state in IN_HAND

    def is_lapsed(self, now: datetime) -> bool:
        """Whether whoever claimed it let the lease end without a word."""
        return self.state == "claimed" and self.lease_until is not None and self.lease_until <= now

    def is_proposal_over(self, now: datetime) -> bool:
        """Whether nobody accepted the proposed hand-over in time."""
        return self.state == "handing_over" and datetime.fromisoformat(self.hand_over["until"]) <= now

    def state_at(self, now: datetime) -> str:
        """The state that its times have brought it to, whether or not anyone has written it down yet."""
        if self.is_lapsed(now):
            return "open"
        return "in_progress" if self.is_proposal_over(now) else str(self.state)

    def skips(self, member_id: str, now: datetime) -> bool:
        """Whether this person is not offered it now."""
        if member_id not in self.skipped:
            return False
        until = self.skipped[member_id]
        return until is None or datetime.fromisoformat(until) > now

    def skipping(self, member_id: str, until: datetime | None) -> dict[str, str | None]:
        """Who is not offered it, with this person among them."""
        return {**self.skipped, member_id: until.isoformat() if until else None}

    @classmethod
    def numbering(cls, seq: int) -> Action:
        """Give this number to the newest message."""
        return cls.seq.set(seq)

    @classmethod
    def waving(cls, wave: int) -> Action:
        """Note how far the offers have gone."""
        return cls.wave.set(wave)

    @classmethod
    def waiting_since(cls, at: datetime | None) -> Action:
        """Note since when the asker waits for a word; None: they do not."""
        waiting: Action = cls.asker_waits_since.remove() if at is None else cls.asker_waits_since.set(at)
        return waiting

    def is_silent_since(self) -> Condition:
        """Nobody spoke since this was read, and it is where it was, in the same hands."""
        same = Question.claim_token
        silent: Condition = (
            (Question.seq == self.seq)
            & (Question.state == self.state)
            & (same.does_not_exist() if self.claim_token is None else same == self.claim_token)
        )
        return silent

    def is_still(self) -> Condition:
        """It is in the state and in the round in which this was read."""
        still: Condition = (Question.state == self.state) & (Question.round == self.round)
        return still

    def is_unchanged(self) -> Condition:
        """Nothing was decided about it since this was read."""
        unchanged: Condition = Question.version == self.version
        return unchanged


class QuestionWaiting(CommunityItem, discriminator="question_waiting"):
    """That a question is open, exactly as long as it is: the queue, oldest first."""

    question_id = UnicodeAttribute()
    asker_id = UnicodeAttribute()
    topics: JSONAttribute = JSONAttribute(default=list)
    language = UnicodeAttribute()
    round = NumberAttribute()
    asked_at = UTCDateTimeAttribute()
    text = UnicodeAttribute(null=True)
    """Its beginning, if the asker let everyone read it."""

    @classmethod
    def of(cls, question: Question, *, text: str | None = None) -> QuestionWaiting:
        """The place of a question in the queue, which it always returns to."""
        asked_at = question.asked_at.isoformat(timespec="microseconds")
        return cls(
            f"ORG#{question.organization_id}#WAITING", f"{asked_at}#{question.id}",
            question_id=question.id, asker_id=question.asker_id, topics=question.topics,
            language=question.language, round=question.round, asked_at=question.asked_at, text=text,
        )  # fmt: skip

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[QuestionWaiting]:
        """The questions that wait for someone, oldest first."""
        return cls.slice(f"ORG#{organization_id}#WAITING", page)


class QuestionPlace(CommunityItem, discriminator="question_place"):
    """That someone asked a question, or helped with it, seen from them."""

    question_id = UnicodeAttribute()

    @classmethod
    def of(cls, question: Question, person_id: str, role: str) -> QuestionPlace:
        return cls(
            cls._collection(question.organization_id, person_id, role), question.id, question_id=question.id
        )

    def seen_by(self, organization_id: str, person_id: str, role: str) -> QuestionPlace:
        """The same question, seen from someone else."""
        pk = self._collection(organization_id, person_id, role)
        return QuestionPlace(pk, self.sk, question_id=self.question_id)

    @classmethod
    def of_person(cls, organization_id: str, person_id: str, role: str, page: Page) -> Slice[QuestionPlace]:
        """The questions that someone asked, or helped with, newest first."""
        return cls.slice(cls._collection(organization_id, person_id, role), page, newest_first=True)

    @staticmethod
    def _collection(organization_id: str, person_id: str, role: str) -> str:
        return f"PERSON#{person_id}#ORG#{organization_id}#QUESTIONS#{role.upper()}"
