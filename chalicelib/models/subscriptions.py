"""Who listens to what, and how much of it is sent: all of it lasts as long as the sockets do."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHARDS = 4
"""Collections that a salon's listeners are spread over, so that thousands can come in the same second."""


def salon(salon_id: str) -> str:
    """The channel of a salon."""
    return f"SALON#{salon_id}"


def conversation(conversation_id: str) -> str:
    """The channel of a conversation."""
    return f"CONVERSATION#{conversation_id}"


def is_salon(channel: str) -> bool:
    """Whether it is the channel of a salon."""
    return channel.startswith(salon(""))


def is_conversation(channel: str) -> bool:
    """Whether it is the channel of a conversation."""
    return channel.startswith(conversation(""))


def person(member_id: str) -> str:
    """The channel that every connection of a person listens to."""
    return f"PERSON#{member_id}"


class Subscription(LiveItem, discriminator="subscription"):
    """That a connection listens to a channel."""

    member_id = UnicodeAttribute()
    organization_id = UnicodeAttribute(null=True)
    """Through which organization it listens; to what is one's own, through none."""
    as_id = UnicodeAttribute(null=True)
    """Who they are in a conversation, if they asked as a guest before they had an account."""

    @classmethod
    def of(
        cls, channel: str, connection_id: str, *, member_id: str, expires_at: int,
        organization_id: str | None = None, as_id: str | None = None,
    ) -> Subscription:  # fmt: skip
        return cls(
            *cls._place(channel, connection_id), member_id=member_id, expires_at=expires_at,
            organization_id=organization_id, as_id=as_id,
        )  # fmt: skip

    @classmethod
    def forget(cls, channel: str, connection_id: str) -> None:
        """Delete it, there or not."""
        cls(*cls._place(channel, connection_id)).delete()

    @classmethod
    def forget_all(cls, places: Iterable[tuple[str, str]]) -> None:
        """Delete these, each a channel and a connection, there or not: one call per 25."""
        with cls.batch_write() as batch:
            for channel, connection_id in set(places):
                batch.delete(cls(*cls._place(channel, connection_id)))

    @classmethod
    def to(cls, channel: str, *, now: float) -> Iterator[Subscription]:
        """Everyone who listens to a channel: one call for each shard, further pages when it is crowded."""
        for shard in range(_shards(channel)):
            for found in cls.query(f"{channel}#{shard}", consistent_read=True):
                if found.expires_at > now:
                    yield found

    @property
    def connection_id(self) -> str:
        return str(self.sk)

    @property
    def person_id(self) -> str:
        """Who listens, as the others there know them."""
        return str(self.as_id or self.member_id)

    @staticmethod
    def _place(channel: str, connection_id: str) -> tuple[str, str]:
        return f"{channel}#{zlib.crc32(connection_id.encode()) % _shards(channel)}", connection_id


def _shards(channel: str) -> int:
    return SHARDS if channel.startswith("SALON#") else 1


class Poke(LiveItem, discriminator="poke"):
    """That a crowd will be told of what is said from this second on, or when it was last told."""

    at = NumberAttribute(default=0)

    @classmethod
    def is_set(cls, channel: str, second: int) -> bool:
        """Whether one was put on its way for what is said from this second on."""
        return cls.find_by(f"{channel}#POKES", str(second)) is not None

    @classmethod
    def set_for(cls, channel: str, second: int, *, until: int) -> None:
        """Note that one is on its way for what is said from this second on, until another."""
        cls(f"{channel}#POKES", str(second), expires_at=until + 60).save()

    @classmethod
    def begun_at(cls, channel: str) -> float:
        """When the newest one was handed out; 0 when that is long ago."""
        found: Poke | None = cls.find_by(f"{channel}#POKES", "NEWEST")
        return 0 if found is None else float(found.at)

    @classmethod
    def begin(cls, channel: str, at: float) -> None:
        """Note that one was handed out: those handed out before it need not be told any more."""
        cls(f"{channel}#POKES", "NEWEST", at=at, expires_at=int(at) + 3600).save()


class Broadcasts(LiveItem, discriminator="broadcasts"):
    """How many frames the tenant posts within one second."""

    posts = NumberAttribute(default=0)

    @classmethod
    def add(cls, second: int, posts: int) -> int:
        """Count posts that are about to be made, or take some back; how many there are then."""
        item = cls("BROADCASTS", str(second))
        item.update(actions=[cls.posts.add(posts), cls.expires_at.set(second + 60)])
        return int(item.posts)
