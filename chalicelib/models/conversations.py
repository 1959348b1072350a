from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key, MessageItem
from chalicelib.pages import Page

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.pages import Slice


def _at(seq: int) -> str:
    """Numbers as sort keys: of one length, so that their order is the order of strings."""
    return f"{seq:012d}"


class Said(MessageItem, discriminator="said"):
    """Something said in a question's conversation, at its place in its numbering for good."""

    id = UnicodeAttribute()
    conversation_id = UnicodeAttribute()
    question_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    seq = NumberAttribute()
    round = NumberAttribute()
    author_id = UnicodeAttribute()
    role = UnicodeAttribute()
    """asker, helper or invited: what the author was in this conversation when they said it."""
    voice = UnicodeAttribute(null=True)
    """Frozen when written; a guest has none."""
    is_verified = BooleanAttribute(default=True)
    client_message_id = UnicodeAttribute()
    text = UnicodeAttribute()
    is_postscript = BooleanAttribute(default=False)
    """Said once all was over: it changes nothing."""
    at = UTCDateTimeAttribute()

    @classmethod
    def at_seq(cls, conversation_id: str, seq: int) -> Said | None:
        """What was said under this number, or None."""
        found: Said | None = cls.find_by(f"CONVERSATION#{conversation_id}", _at(seq))
        return found

    @classmethod
    def in_conversation(
        cls, conversation_id: str, page: Page, *, after_seq: int | None = None, before_seq: int | None = None
    ) -> Slice[Said]:
        """What was said after a number, in its order; or before a number, or all of it, newest first."""
        start = after_seq if after_seq is not None else before_seq
        after = page.after or (None if start is None else _at(start))
        return cls.slice(
            f"CONVERSATION#{conversation_id}", Page(page.limit, after), newest_first=after_seq is None
        )

    @classmethod
    def saying(cls, conversation_id: str, seq: int, *, at: datetime, **values: Any) -> Said:
        """Words of this instant, not saved yet."""
        return cls(
            f"CONVERSATION#{conversation_id}", _at(seq),
            conversation_id=conversation_id, seq=seq, at=at, **values,
        )  # fmt: skip


class SaidPlace(CommunityItem, discriminator="said_place"):
    """Where the words with an id are in their conversation; that it exists makes saying happen once."""

    seq = NumberAttribute()

    @classmethod
    def key(cls, conversation_id: str, message_id: str) -> Key[SaidPlace]:
        return Key(cls, f"CONVERSATION#{conversation_id}#MESSAGES", message_id)

    @classmethod
    def of(cls, said: Said) -> SaidPlace:
        key = cls.key(said.conversation_id, said.id)
        return cls(key.pk, key.sk, seq=said.seq)
