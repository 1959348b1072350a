from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import JSONAttribute, ListAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import date

KEPT = 40 * 24 * 3600


class FirstReplies(CommunityItem, discriminator="first_replies"):
    """How long people waited for a first word in an organization on one day: counts, and of nobody."""

    counts: JSONAttribute = JSONAttribute(default=dict)
    """Number of a step of waiting → how many waited that long."""
    people: ListAttribute[Any] = ListAttribute(default=list)
    """Marks of those who replied, which only tell how many they were."""
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, day: date) -> Key[FirstReplies]:
        return Key(cls, f"ORG#{organization_id}#FIRST_REPLIES", day.isoformat())

    @classmethod
    def opening(cls, organization_id: str, day: date, *, now: int) -> FirstReplies:
        """A day without a reply yet, not saved yet."""
        key = cls.key(organization_id, day)
        return cls(key.pk, key.sk, counts={}, expires_at=now + KEPT)

    def count_in(self, step: int, *, by: str) -> None:
        """One more who waited that long, for someone with this mark."""
        self.people = sorted({*self.people, by})
        self.counts = {**self.counts, str(step): self.counts.get(str(step), 0) + 1}

    def by_step(self) -> dict[int, int]:
        """How many waited how long."""
        return {int(step): int(count) for step, count in self.counts.items()}
