from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key, MessageItem

if TYPE_CHECKING:
    from datetime import datetime


def _at(seq: int) -> str:
    """Numbers as sort keys: of one length, so that their order is the order of strings."""
    return f"{seq:012d}"


class Message(MessageItem, discriminator="message"):
    """Something said in a salon, at its place in the salon's numbering for good."""

    id = UnicodeAttribute()
    salon_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The organization as whose follower the author spoke."""
    seq = NumberAttribute()
    author_id = UnicodeAttribute()
    voice = UnicodeAttribute()
    """Frozen when written."""
    client_message_id = UnicodeAttribute()
    text = UnicodeAttribute()
    state = UnicodeAttribute(default="sent")
    """sent, edited or deleted."""
    reply_to: JSONAttribute = JSONAttribute(null=True)
    mentions: JSONAttribute = JSONAttribute(default=list)
    reactions: MapAttribute[str, Any] = MapAttribute(default=dict)  # type: ignore[no-untyped-call]
    """Reaction → how many members."""
    thanks = NumberAttribute(default=0)
    at = UTCDateTimeAttribute()
    edited_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def at_seq(cls, salon_id: str, seq: int) -> Message | None:
        """The message with this number, or None."""
        found: Message | None = cls.find_by(f"SALON#{salon_id}", _at(seq))
        return found

    @classmethod
    def saying(cls, salon_id: str, seq: int, *, at: datetime, **values: Any) -> Message:
        """A message of this instant, not saved yet."""
        return cls(f"SALON#{salon_id}", _at(seq), salon_id=salon_id, seq=seq, at=at, **values)


class MessagePlace(CommunityItem, discriminator="message_place"):
    """Where the message with an id is in its salon's numbering; that it exists makes posting happen once."""

    message_id = UnicodeAttribute()
    seq = NumberAttribute()

    @classmethod
    def key(cls, salon_id: str, message_id: str) -> Key[MessagePlace]:
        return Key(cls, f"SALON#{salon_id}#MESSAGES", message_id)

    @classmethod
    def of(cls, message: Message) -> MessagePlace:
        key = cls.key(message.salon_id, message.id)
        return cls(key.pk, key.sk, message_id=message.id, seq=message.seq)
