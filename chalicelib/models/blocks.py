from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition


class Block(CommunityItem, discriminator="block"):
    """That two people are never brought together again, whichever of them decided it."""

    blocked_by = UnicodeAttribute()
    at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, one_id: str, other_id: str) -> Key[Block]:
        first, second = sorted((one_id, other_id))
        return Key(cls, f"BLOCK#{first}#{second}", "BLOCK")

    @classmethod
    def of(cls, one_id: str, other_id: str, *, by: str, at: datetime) -> Block:
        key = cls.key(one_id, other_id)
        return cls(key.pk, key.sk, blocked_by=by, at=at)

    @classmethod
    def is_absent(cls) -> Condition:
        """Nothing keeps the two apart."""
        absent: Condition = cls.pk.does_not_exist()
        return absent
