from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

KEPT = 60 * 24 * 3600
"""Longer than a question stays open and may be reopened."""


class Offer(CommunityItem, discriminator="offer"):
    """That a member was told once of a question: never twice, whatever becomes of it."""

    question_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    round = NumberAttribute()
    wave = NumberAttribute()
    why = UnicodeAttribute()
    at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, question_id: str, member_id: str) -> Key[Offer]:
        return Key(cls, f"QUESTION#{question_id}#OFFERS", member_id)

    @classmethod
    def making(cls, question_id: str, member_id: str, *, at: datetime, **values: Any) -> Offer:
        """An offer of this instant, not saved yet."""
        key = cls.key(question_id, member_id)
        expires_at = int(at.timestamp()) + KEPT
        return cls(
            key.pk, key.sk, question_id=question_id, member_id=member_id, at=at, expires_at=expires_at,
            **values,
        )  # fmt: skip
