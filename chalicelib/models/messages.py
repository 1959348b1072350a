from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key, MessageItem
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Slice

READABLE = ("sent", "edited")
"""States of a message whose words are there to read."""


def _at(seq: int) -> str:
    """Numbers as sort keys: of one length, so that their order is the order of strings."""
    return f"{seq:012d}"


class Message(MessageItem, discriminator="message"):
    """Something said in a salon, at its place in the salon's numbering for good.

    `version` guards the words. Reactions and thanks are counted without it: nobody's edit fails because
    someone else smiled.
    """

    id = UnicodeAttribute()
    salon_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The organization as whose follower the author spoke."""
    seq = NumberAttribute()
    author_id = UnicodeAttribute()
    voice = UnicodeAttribute()
    """Frozen when written."""
    client_message_id = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    """None once its author deleted it."""
    state = UnicodeAttribute(default="sent")
    """sent, edited or deleted_by_author; moderation adds its own."""
    reply_to: JSONAttribute = JSONAttribute(null=True)
    """`{message_id, seq, author_id}`, never the words: those go when their author takes them back."""
    mentions: JSONAttribute = JSONAttribute(default=list)
    unreachable_mentions: JSONAttribute = JSONAttribute(default=list)
    """Whom the author named and who does not follow; only the author is told."""
    reactions: MapAttribute[str, Any] = MapAttribute(default=dict)  # type: ignore[no-untyped-call]
    """Reaction → how many members."""
    thanks = NumberAttribute(default=0)
    at = UTCDateTimeAttribute()
    edited_at = UTCDateTimeAttribute(null=True)
    edits = NumberAttribute(default=0)
    """How many earlier texts its public history holds."""
    restriction: JSONAttribute = JSONAttribute(null=True)
    """While moderation hides it: `{rule, statement_id}`, and the `before` and `expires_at` to give back."""
    version = VersionAttribute()

    @classmethod
    def at_seq(cls, salon_id: str, seq: int) -> Message | None:
        """The message with this number, or None."""
        found: Message | None = cls.find_by(f"SALON#{salon_id}", _at(seq))
        return found

    @classmethod
    def at_seqs(cls, salon_id: str, seqs: Iterable[int]) -> dict[str, Message]:
        """The messages with these numbers, by id, in one call; those that do not exist are left out."""
        keys = [(f"SALON#{salon_id}", _at(seq)) for seq in sorted(seqs)]
        if not keys:
            return {}
        return {message.id: message for message in cls.batch_get(keys, consistent_read=True)}

    @classmethod
    def in_salon(
        cls, salon_id: str, page: Page, *, after_seq: int | None = None, before_seq: int | None = None
    ) -> Slice[Message]:
        """Messages after a number, in their order; or before a number, or all of them, newest first."""
        start = after_seq if after_seq is not None else before_seq
        after = page.after or (None if start is None else _at(start))
        return cls.slice(f"SALON#{salon_id}", Page(page.limit, after), newest_first=after_seq is None)

    @classmethod
    def saying(cls, salon_id: str, seq: int, *, at: datetime, **values: Any) -> Message:
        """A message of this instant, not saved yet."""
        return cls(f"SALON#{salon_id}", _at(seq), salon_id=salon_id, seq=seq, at=at, **values)

    @classmethod
    def unread(cls, salon_id: str, seq: int) -> Message:
        """A handle on the message with this number, to change something of it that takes no reading."""
        return cls(f"SALON#{salon_id}", _at(seq))

    @property
    def counts(self) -> dict[str, int]:
        """Reaction → how many members, those that were taken back again included as zero."""
        return dict(self.reactions.attribute_values)

    @property
    def is_withdrawn(self) -> bool:
        """Whether its words may no longer be shown, whoever decided it."""
        return self.state not in READABLE

    def is_readable_by(self, member_id: str | None) -> bool:
        """Whether its words are there for this reader: its author still has those that moderation hides."""
        return not self.is_withdrawn or (self.state == "hidden" and self.author_id == member_id)

    def is_over(self, now: datetime) -> bool:
        """Whether the salon's retention has ended for it, even if the table has not yet swept it away."""
        return self.expires_at is not None and self.expires_at <= now.timestamp()

    @classmethod
    def is_readable(cls) -> Condition:
        return cls.state.is_in(*READABLE)

    @classmethod
    def is_kept(cls) -> Condition:
        """The salon's retention has not swept it away."""
        return cls.pk.exists()

    @classmethod
    def thanks_by(cls, difference: int) -> Action:
        """More or fewer members who thanked its author for it."""
        return cls.thanks.add(difference)

    @classmethod
    def reaction_by(cls, reaction: str, difference: int) -> Action:
        """More or fewer members with this reaction."""
        count = cls.reactions[reaction]
        moved: Action = count.set((count | 0) + difference)
        return moved

    @classmethod
    def deletion(cls) -> list[Action]:
        """Leave nothing of what was said but its number, its author and its time."""
        return [
            *cls.sets(state="deleted_by_author", mentions=[], unreachable_mentions=[], edits=0),
            cls.text.remove(),
            cls.reply_to.remove(),
            cls.edited_at.remove(),
        ]


class EarlierText(MessageItem, discriminator="earlier_text"):
    """What a message said before one of its edits: public, and gone with the message."""

    text = UnicodeAttribute()
    written_at = UTCDateTimeAttribute()
    replaced_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, message: Message, *, replaced_at: datetime) -> EarlierText:
        """What the message says now, as its history will hold it."""
        return cls(
            *cls._place(message.id, int(message.edits) + 1),
            text=message.text,
            written_at=message.edited_at or message.at,
            replaced_at=replaced_at,
            expires_at=message.expires_at,
        )

    @classmethod
    def all_of(cls, message: Message) -> list[EarlierText]:
        """A handle on each earlier text of the message, to delete it unread."""
        return [cls(*cls._place(message.id, number + 1)) for number in range(int(message.edits))]

    @classmethod
    def of_message(cls, message_id: str, page: Page) -> Slice[EarlierText]:
        """What the message said before, the first text first."""
        return cls.slice(f"MESSAGE#{message_id}#HISTORY", page)

    @staticmethod
    def _place(message_id: str, number: int) -> tuple[str, str]:
        return f"MESSAGE#{message_id}#HISTORY", _at(number)


class MessagePlace(CommunityItem, discriminator="message_place"):
    """Where the message with an id is in its salon's numbering; that it exists makes posting happen once."""

    message_id = UnicodeAttribute()
    seq = NumberAttribute()
    withdrawn = BooleanAttribute(default=False)
    """Its words are not there to read any more, or for now; moved with the message's state."""
    reply_to_seq = NumberAttribute(null=True)
    """Where what it replies to is, so that both are read in one call."""

    @classmethod
    def key(cls, salon_id: str, message_id: str) -> Key[MessagePlace]:
        return Key(cls, f"SALON#{salon_id}#MESSAGES", message_id)

    @property
    def seqs(self) -> set[int]:
        """Where the message is, and where what it replies to is."""
        return {int(seq) for seq in (self.seq, self.reply_to_seq) if seq is not None}

    @classmethod
    def of(cls, message: Message) -> MessagePlace:
        key = cls.key(message.salon_id, message.id)
        return cls(
            key.pk, key.sk, message_id=message.id, seq=message.seq,
            reply_to_seq=message.reply_to["seq"] if message.reply_to else None,
            expires_at=message.expires_at,
        )  # fmt: skip

    @classmethod
    def unread(cls, message: Message) -> MessagePlace:
        """A handle on a message's place, to keep it in step with the message."""
        key = cls.key(message.salon_id, message.id)
        return cls(key.pk, key.sk)

    @classmethod
    def following(cls, message: Message) -> list[Action]:
        """Be withdrawn, and last, as the message in hand is and does."""
        lasting = (
            cls.expires_at.remove() if message.expires_at is None else cls.expires_at.set(message.expires_at)
        )
        return [cls.withdrawn.set(message.is_withdrawn), lasting]
