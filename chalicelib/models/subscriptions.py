"""Who listens to what, and how much of it is sent: all of it lasts as long as the sockets do."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARDS = 4
"""Collections that a salon's listeners are spread over, so that thousands can come in the same second."""


def salon(salon_id: str) -> str:
    """The channel of a salon."""
    return f"SALON#{salon_id}"


def conversation(conversation_id: str) -> str:
    """The channel of a conversation."""
    return f"CONVERSATION#{conversation_id}"


def person(member_id: str) -> str:
    """The channel that every connection of a person listens to."""
    return f"PERSON#{member_id}"


class Subscription(LiveItem, discriminator="subscription"):
    """That a connection listens to a channel."""

    member_id = UnicodeAttribute()

    @classmethod
    def of(cls, channel: str, connection_id: str, *, member_id: str, expires_at: int) -> Subscription:
        return cls(*cls._place(channel, connection_id), member_id=member_id, expires_at=expires_at)

    @classmethod
    def forget(cls, channel: str, connection_id: str) -> None:
        """Delete it, there or not."""
        cls(*cls._place(channel, connection_id)).delete()

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

    @staticmethod
    def _place(channel: str, connection_id: str) -> tuple[str, str]:
        return f"{channel}#{zlib.crc32(connection_id.encode()) % _shards(channel)}", connection_id


def _shards(channel: str) -> int:
    return SHARDS if channel.startswith("SALON#") else 1


class Poke(LiveItem, discriminator="poke"):
    """That a crowd will be told of what is said in this second."""

    @classmethod
    def claim(cls, channel: str, second: int) -> bool:
        """Take the second; False when somebody did."""
        poke = cls(f"{channel}#POKES", str(second), expires_at=second + 60)
        try:
            poke.save(condition=cls.pk.does_not_exist())
        except PutError as refused:
            if refused.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True


class Broadcasts(LiveItem, discriminator="broadcasts"):
    """How many frames the tenant posts within one second."""

    posts = NumberAttribute(default=0)

    @classmethod
    def add(cls, second: int, posts: int) -> int:
        """Count posts that are about to be made; how many there are with them."""
        item = cls("BROADCASTS", str(second))
        item.update(actions=[cls.posts.add(posts), cls.expires_at.set(second + 60)])
        return int(item.posts)
