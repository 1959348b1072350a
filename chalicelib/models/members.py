from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute
from pynamodb.exceptions import PutError

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime


class Member(CommunityItem, discriminator="member"):
    """A person in this tenant, whatever organizations they follow."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute(null=True)
    email_verified = BooleanAttribute(default=False)
    language = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, member_id: str) -> Key[Member]:
        return Key(cls, f"MEMBER#{member_id}", "MEMBER")

    @classmethod
    def arriving(cls, member_id: str, *, name: str, language: str, time_zone: str, at: datetime) -> Member:
        """A member of this instant, not saved yet."""
        key = cls.key(member_id)
        return cls(
            key.pk, key.sk, id=member_id, name=name, language=language, time_zone=time_zone, created_at=at
        )  # fmt: skip

    def join(self) -> bool:
        """Save a new member; False when they were already there."""
        try:
            self.save(Member.pk.does_not_exist())
        except PutError as refused:
            if refused.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True
