from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action


class Statement(CommunityItem, discriminator="statement"):
    """A statement of reasons: what was restricted, under which rule, on which facts, and what became of it.

    It is written by the transaction that restricts, and moves with the one that gives back.
    """

    id = UnicodeAttribute()
    object_kind = UnicodeAttribute()
    """salon, message, picture or suspension."""
    object_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The one that opened the salon, or as whose follower the message's author spoke, or was suspended."""
    salon_id = UnicodeAttribute(null=True)
    meetup_id = UnicodeAttribute(null=True)
    """The one that a picture is of."""
    until = UTCDateTimeAttribute(null=True)
    """When the restriction ends by itself, if it does."""
    seq = NumberAttribute(null=True)
    """The number of the message in its salon."""
    author_id = UnicodeAttribute(null=True)
    """Whose words are restricted, or who is; a salon is nobody's."""
    rule = UnicodeAttribute()
    facts = UnicodeAttribute()
    decided_by = UnicodeAttribute()
    """Who decided: never shown, only kept from deciding twice."""
    decided_by_role = UnicodeAttribute(default="platform_moderation")
    automated = BooleanAttribute(default=False)
    at = UTCDateTimeAttribute()
    appeal_until = UTCDateTimeAttribute()
    state = UnicodeAttribute(default="decided")
    """decided, appealed, upheld or overturned; lifted when moderation gave back what nobody appealed for."""
    appeal = UnicodeAttribute(null=True)
    appealed_by = UnicodeAttribute(null=True)
    appealed_at = UTCDateTimeAttribute(null=True)
    review = UnicodeAttribute(null=True)
    reviewed_by = UnicodeAttribute(null=True)
    reviewed_at = UTCDateTimeAttribute(null=True)
    lifted_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, statement_id: str) -> Key[Statement]:
        return Key(cls, f"ORG#{organization_id}#STATEMENTS", statement_id)

    @classmethod
    def deciding(cls, organization_id: str, statement_id: str, **values: Any) -> Statement:
        """A statement of this instant, not saved yet."""
        key = cls.key(organization_id, statement_id)
        return cls(key.pk, key.sk, id=statement_id, organization_id=organization_id, **values)

    @classmethod
    def unread(cls, organization_id: str, statement_id: str) -> Statement:
        """A handle on a statement, to change something of it that takes no reading."""
        key = cls.key(organization_id, statement_id)
        return cls(key.pk, key.sk)

    @classmethod
    def lifting(cls, *, at: datetime) -> list[Action]:
        """The restriction ended without an appeal deciding it."""
        return [*cls.sets(state="lifted", lifted_at=at), cls.version.add(1)]

    @classmethod
    def is_in_force(cls) -> Condition:
        return cls.state.is_in("decided", "appealed", "upheld")
