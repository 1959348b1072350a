from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action


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


class Apart(CommunityItem, discriminator="apart"):
    """Everyone whom someone is never brought together with: read at once with what they come to.

    It moves in the transactions that write these blocks. Some ten thousand people fit in it.
    """

    people = UnicodeSetAttribute(null=True)

    @classmethod
    def key(cls, person_id: str) -> Key[Apart]:
        return Key(cls, f"PERSON#{person_id}#APART", "APART")

    @classmethod
    def of(cls, person_id: str) -> Apart:
        """A handle on what takes no reading to change."""
        key = cls.key(person_id)
        return cls(key.pk, key.sk)

    @classmethod
    def from_too(cls, people: Iterable[str]) -> list[Action]:
        """Keep these people apart from them as well."""
        return [cls.kind.set(cls), cls.people.add(set(people))]
