from __future__ import annotations

from datetime import datetime, timedelta
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
    from collections.abc import Collection

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice

IN_HAND = frozenset({"claimed", "in_progress", "handing_over"})
"""States in which a helper is at it: these count against how many questions they take at once."""

UNSETTLED = IN_HAND | {"open", "answered"}
"""States from which a question may still be withdrawn, or expire."""


class Question(CommunityItem, discriminator="question"):
    """What someone asked, whose turn it is, and how it ended.

    `version` guards every transition. `seq` numbers the conversation, `wave` the offers, and `unseen_from`
    tells where the asker left: these move without it.
    """

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    asker_id = UnicodeAttribute()
    """A member's or a guest's."""
    asker_member_id = UnicodeAttribute(null=True)
    """The member whom the guest who asked it turned out to be."""
    asker_is_verified = BooleanAttribute(default=True)
    """False for a guest whom nobody vouches for: whoever helps is told."""
    conversation_id = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    """None once its words are no longer kept."""
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
    retention_days = NumberAttribute(default=365)
    """How long its words are kept after it is closed: as was said when it was asked."""
    kept_until = UTCDateTimeAttribute(null=True)
    """When nobody reads its words any more; None while it is not closed."""
    purged_at = UTCDateTimeAttribute(null=True)
    """When its words were taken out of the table."""
    sharing: JSONAttribute = JSONAttribute(default=dict)
    """Person → `{shown_as, up_to_seq, by, at}`: who agrees that what was said until then is public."""
    shared_at = UTCDateTimeAttribute(null=True)
    """Since when everyone reads it."""
    outcome = UnicodeAttribute(null=True)
    """What the asker said of the latest answer: yes, partly or no."""
    last_helper_id = UnicodeAttribute(null=True)
    """Who had it in hand before it returned to the queue."""
    hand_over: JSONAttribute = JSONAttribute(null=True)
    """The last one proposed: `{id, by, to, note, until, outcome}`; outcome is null while it waits."""
    skipped: JSONAttribute = JSONAttribute(default=dict)
    """Helper → until when they are not offered it; null: for good."""
    invited: JSONAttribute = JSONAttribute(default=dict)
    """Member → whether they came; null: they declined, or left."""
    spectators: JSONAttribute = JSONAttribute(default=dict)
    """Member → `{agreed, after_seq}`, who lets them watch and from where on; null: they declined, or left."""
    helped_by: JSONAttribute = JSONAttribute(default=list)
    """Everyone who ever had it in hand."""
    kept_out: JSONAttribute = JSONAttribute(default=list)
    """Who helped, and is parted from the asker for good: they take no part any more."""
    proposed_to: JSONAttribute = JSONAttribute(default=dict)
    """Member → the claim under which they were last proposed to take over: they are once per claim."""
    wave = NumberAttribute(default=0)
    seq = NumberAttribute(default=0)
    """The number of the newest message of its conversation."""
    asker_waits_since = UTCDateTimeAttribute(null=True)
    """When the asker spoke, while nobody has answered that."""
    unseen_from = NumberAttribute(default=0)
    """The number of the first words of a helper that the asker may not have seen; 0: they saw all."""
    unseen_mailed = BooleanAttribute(default=False)
    """Whether those were mailed to the asker: once, however long they stay away."""
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

    @classmethod
    def at(cls, organization_id: str, question_id: str) -> Question:
        """A handle on one, to change what takes no reading."""
        key = cls.key(organization_id, question_id)
        return cls(key.pk, key.sk)

    @classmethod
    def is_there(cls) -> Condition:
        """It exists."""
        there: Condition = cls.pk.exists()
        return there

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

    def closing(self, at: datetime) -> dict[str, Any]:
        """What a question is told when it is closed: the words stay for as long as its asker was told."""
        kept_until = at + timedelta(days=int(self.retention_days))
        return {"closed_at": at, "kept_until": kept_until, "spectators": {}}

    def is_over(self, now: datetime) -> bool:
        """Whether nobody reads its words any more, even if they are still in the table."""
        return self.kept_until is not None and self.kept_until <= now

    def askers(self) -> set[str]:
        """Everyone who the person who asked it is known to be."""
        return {person for person in (self.asker_id, self.asker_member_id) if person}

    def is_asked_as_was_known(self) -> Condition:
        """Whoever asked is known to be nobody else since this was read."""
        known = Question.asker_member_id
        same: Condition = known == self.asker_member_id if self.asker_member_id else known.does_not_exist()
        return same

    def keeps_out(self, person_id: str, apart: Collection[str]) -> bool:
        """Whether someone parted from these people has no place in it: whoever asked it is one of them."""
        return person_id in self.kept_out or not self.askers().isdisjoint(apart)

    def helpers(self) -> set[str]:
        """Everyone who ever had it in hand."""
        return {*self.helped_by, *self.skipped} | {
            one for one in (self.helper_id, self.last_helper_id) if one
        }

    def awaits(self, member_id: str | None) -> bool:
        """Whether this person, or for None anyone, is proposed to take over."""
        return self.state == "handing_over" and self.hand_over["to"] == member_id

    def expected(self) -> list[str]:
        """Who was invited and neither declined nor left."""
        return sorted(member for member, came in self.invited.items() if came is not None)

    def companions(self) -> list[str]:
        """Who was invited and came."""
        return sorted(member for member, came in self.invited.items() if came)

    def skips(self, member_id: str, now: datetime) -> bool:
        """Whether this person is not offered it now."""
        if member_id not in self.skipped:
            return False
        until = self.skipped[member_id]
        return until is None or datetime.fromisoformat(until) > now

    def has_parted_from(self, member_id: str) -> bool:
        """Whether this person is not to have it in hand again: their answer did not help."""
        return member_id in self.skipped and self.skipped[member_id] is None

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
        """Nobody spoke, left or came back since this was read; it is where it was, in the same hands."""
        same = Question.claim_token
        silent: Condition = (
            (Question.seq == self.seq)
            & (Question.state == self.state)
            & Question.purged_at.does_not_exist()
            & self.is_unseen_as_it_was()
            & (same.does_not_exist() if self.claim_token is None else same == self.claim_token)
        )
        return silent

    @classmethod
    def unseen_since(cls, seq: int) -> list[Action]:
        """Note that the asker may have left before these words; 0: that they saw all."""
        return [cls.unseen_from.set(seq), cls.unseen_mailed.set(False)]

    @classmethod
    def mailing_unseen(cls) -> Action:
        """Note that what the asker may not have seen is being mailed to them."""
        return cls.unseen_mailed.set(True)

    def is_unseen_as_it_was(self) -> Condition:
        """The asker has neither left nor come back since this was read."""
        same: Condition = Question.unseen_from == self.unseen_from
        return same if self.unseen_from else same | Question.unseen_from.does_not_exist()

    def is_unseen_and_unmailed(self) -> Condition:
        """The asker has not come back since this was read, and nothing was mailed to them since."""
        unmailed: Condition = self.is_unseen_as_it_was() & (Question.unseen_mailed == False)  # noqa: E712 - an expression
        return unmailed

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
