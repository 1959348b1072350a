"""Items whose only content is that they exist: what makes a repeated call change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute

from chalicelib.gateways import clock
from chalicelib.models.tables import CommunityItem, Item, Key

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

DAY = 24 * 3600


def _now() -> int:
    return int(clock.now().timestamp())


class Seen(CommunityItem, discriminator="seen"):
    """A consumer has had this event's effect. Kept beyond the 14 days that any queue holds a message."""

    @classmethod
    def of(cls, consumer: str, event_id: str) -> Seen:
        return cls(f"SEEN#{consumer}#{event_id}", "SEEN", expires_at=_now() + 30 * DAY)


class Unique(CommunityItem, discriminator="unique"):
    """A name that only one thing may bear."""

    holder = UnicodeAttribute()

    @classmethod
    def key(cls, what: str, name: str) -> Key[Unique]:
        return Key(cls, f"UNIQUE#{what}#{name}", "UNIQUE")

    @classmethod
    def of(cls, what: str, name: str, holder: str) -> Unique:
        key = cls.key(what, name)
        return cls(key.pk, key.sk, holder=holder)


class Receipt(CommunityItem, discriminator="receipt"):
    """That a request was carried out, and what it created: the answer to its repetition, for a day."""

    fingerprint = UnicodeAttribute()
    created_pk = UnicodeAttribute(null=True)
    created_sk = UnicodeAttribute(null=True)
    """None when it created nothing: it moved something that was there."""

    @classmethod
    def of(cls, principal: str, route: str, key: str, fingerprint: str) -> Receipt:
        return cls(
            f"RECEIPT#{principal}#{route}#{key}", "RECEIPT",
            fingerprint=fingerprint, expires_at=_now() + DAY,
        )  # fmt: skip

    @classmethod
    def is_free(cls) -> Condition:
        """No such receipt, or one whose day is over and that the table has not yet swept away."""
        free: Condition = cls.pk.does_not_exist() | (cls.expires_at < _now())
        return free

    def creates(self, item: Item) -> None:
        self.created_pk, self.created_sk = item.pk, item.sk

    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at < _now()
