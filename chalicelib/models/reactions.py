from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action


class Reactions(CommunityItem, discriminator="reactions"):
    """One member's reactions to one message: what the message's counts are made of."""

    member_id = UnicodeAttribute()
    salon_id = UnicodeAttribute()
    message_id = UnicodeAttribute()
    names = UnicodeSetAttribute(null=True)

    @classmethod
    def key(cls, member_id: str, salon_id: str, message_id: str) -> Key[Reactions]:
        return Key(cls, f"MEMBER#{member_id}#REACTIONS#{salon_id}", message_id)

    @classmethod
    def of(
        cls, member_id: str, salon_id: str, message_id: str, *, expires_at: int | None = None
    ) -> Reactions:
        """No reaction yet, not saved; kept as long as the message is."""
        key = cls.key(member_id, salon_id, message_id)
        return cls(
            key.pk, key.sk, member_id=member_id, salon_id=salon_id, message_id=message_id,
            expires_at=expires_at,
        )  # fmt: skip

    def include(self, reaction: str) -> bool:
        return reaction in (self.names or ())

    def adding(self, reaction: str) -> list[Action]:
        """Have this reaction too."""
        return [
            Reactions.kind.set(Reactions),
            *self.sets(member_id=self.member_id, salon_id=self.salon_id, message_id=self.message_id),
            *(self.sets(expires_at=self.expires_at) if self.expires_at is not None else []),
            Reactions.names.add({reaction}),
        ]

    @classmethod
    def removing(cls, reaction: str) -> Action:
        return cls.names.delete({reaction})

    @classmethod
    def lacks(cls, reaction: str) -> Condition:
        lacking: Condition = cls.names.does_not_exist() | ~cls.names.contains(reaction)
        return lacking

    @classmethod
    def has(cls, reaction: str) -> Condition:
        return cls.names.contains(reaction)
