from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.models.questions import Question
    from chalicelib.pages import Page, Slice

KEPT = 60 * 24 * 3600
"""Longer than a question stays in the same hands."""


class HandOverWaiting(CommunityItem, discriminator="hand_over_waiting"):
    """That anyone may go on with a question in hand, exactly as long as that is proposed."""

    question_id = UnicodeAttribute()

    @classmethod
    def of(cls, question: Question) -> HandOverWaiting:
        """The place of a question among these: by its age, as in the queue."""
        asked_at = question.asked_at.isoformat(timespec="microseconds")
        pk = f"ORG#{question.organization_id}#HAND_OVERS"
        return cls(pk, f"{asked_at}#{question.id}", question_id=question.id)

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[HandOverWaiting]:
        """The questions that anyone may go on with, oldest first."""
        return cls.slice(f"ORG#{organization_id}#HAND_OVERS", page)


class HandOverOffer(CommunityItem, discriminator="hand_over_offer"):
    """That a member was told once that they may go on with a question, while it is in these hands."""

    question_id = UnicodeAttribute()
    proposal_id = UnicodeAttribute()
    at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, question: Question, member_id: str) -> Key[HandOverOffer]:
        pk = f"QUESTION#{question.id}#HAND_OVER_OFFERS#{question.claim_token}"
        return Key(cls, pk, member_id)

    @classmethod
    def making(cls, question: Question, member_id: str, *, at: datetime) -> HandOverOffer:
        """An offer of this instant, not saved yet."""
        key = cls.key(question, member_id)
        return cls(
            key.pk, key.sk, question_id=question.id, proposal_id=question.hand_over["id"], at=at,
            expires_at=int(at.timestamp()) + KEPT,
        )  # fmt: skip
