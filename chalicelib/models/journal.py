from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Protocol

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import JournalItem, PendingIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

SHARDS = 8
"""Collections that pending announcements are spread over, so that none of them is written too often."""


class Announceable(Protocol):
    """What the journal needs to know of a domain event."""

    @property
    def id(self) -> str: ...
    @property
    def organization_id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @classmethod
    def detail_type(cls) -> str: ...
    def detail(self) -> dict[str, Any]: ...


class JournalEntry(JournalItem):
    """One domain event: outbox while `pending` is there, and for good the audit and the source of replays.

    `pk` is the organization's journal, `sk` the event's id, which sorts by time.
    """

    detail_type = UnicodeAttribute()
    detail: JSONAttribute = JSONAttribute()
    at = UTCDateTimeAttribute()
    pending = UnicodeAttribute(null=True)
    by_pending = PendingIndex()

    @classmethod
    def of(cls, event: Announceable) -> JournalEntry:
        return cls(
            f"ORG#{event.organization_id}",
            event.id,
            detail_type=event.detail_type(),
            detail=event.detail(),
            at=event.at,
            pending=str(secrets.randbelow(SHARDS)),
        )

    @classmethod
    def read(cls, image: Mapping[str, Any]) -> JournalEntry:
        """The entry in an item image, as a table's stream carries it."""
        entry = cls()
        entry.deserialize(dict(image))
        return entry

    def mark_published(self) -> None:
        """Clear the pending mark: the sweeper will not publish this entry again."""
        self.update(actions=[JournalEntry.pending.remove()])

    @classmethod
    def pending_before(cls, event_id: str, limit: int) -> Iterator[JournalEntry]:
        """Entries announced before this event id and not known to be published, at most `limit` per shard."""
        for shard in range(SHARDS):
            keys = [
                (entry.pk, entry.sk)
                for entry in cls.by_pending.query(str(shard), PendingIndex.sk < event_id, limit=limit)
            ]
            # the index may lag: what was published meanwhile is left alone
            yield from (e for e in cls.batch_get(keys, consistent_read=True) if e.pending is not None)
