from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime


class Feed(CommunityItem, discriminator="feed"):
    """The calendar that a member follows their own meetups with: which of its addresses is good."""

    serial = UnicodeAttribute()
    """Said in the address: one that says another is good no more."""
    renewed_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, member_id: str) -> Key[Feed]:
        return Key(cls, f"MEMBER#{member_id}#CALENDAR", "CALENDAR")

    @classmethod
    def of(cls, member_id: str, *, serial: str, at: datetime) -> Feed:
        key = cls.key(member_id)
        return cls(key.pk, key.sk, serial=serial, renewed_at=at)
