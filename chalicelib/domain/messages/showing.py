"""A message as it is shown: what was said, and what it refers to as that is today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.members import Member
    from chalicelib.models.messages import Message
    from chalicelib.models.reactions import Reactions

REACTIONS = {
    "thumbs_up": "👍",
    "heart": "❤️",
    "thanks_hands": "🙏",
    "celebrate": "🎉",
    "laugh": "😂",
    "surprised": "😮",
    "thinking": "🤔",
    "eyes": "👀",
    "strength": "💪",
    "sad": "😢",
}
"""Every reaction there is, in the order in which they are shown. They count nothing but themselves."""

EXCERPT = 140


@dataclass(frozen=True)
class Author:
    member_id: str
    name: str | None
    """Their name today; None once they have left for good."""
    voice: str


@dataclass(frozen=True)
class Quote:
    message_id: str
    seq: int
    author_id: str
    excerpt: str | None
    """None once the quoted words were withdrawn."""


@dataclass(frozen=True)
class ReactionCount:
    reaction: str
    emoji: str
    count: int
    mine: bool


@dataclass(frozen=True)
class Shown:
    """A message as its readers see it."""

    message: Message
    author: Author
    reply_to: Quote | None
    reactions: list[ReactionCount]
    reader_id: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)

    @property
    def text(self) -> str | None:
        """What it says; None once withdrawn, but for the author of words that moderation hides."""
        return self.message.text if self.message.is_readable_by(self.reader_id) else None


def reads_as(caller: Caller | None, message: Message) -> str | None:
    """As whom someone reads: those who moderate read sealed words as their author does, to judge of them."""
    if caller is not None and caller.has("moderation"):
        return message.author_id
    return caller.member_id if caller else None


def shown(
    message: Message,
    *,
    author: Member | None,
    quoted: Message | None,
    mine: Reactions | None,
    reader_id: str | None,
) -> Shown:
    """A message as this reader, with these reactions, sees it."""
    return Shown(
        message,
        Author(message.author_id, author.name if author else None, message.voice),
        _quote(message, quoted),
        _counts(message, mine),
        reader_id,
    )


def _quote(message: Message, quoted: Message | None) -> Quote | None:
    """What it replies to, in the words that are still there to quote."""
    if message.reply_to is None:
        return None
    text = quoted.text if quoted is not None and not quoted.is_withdrawn else None
    return Quote(**message.reply_to, excerpt=excerpt_of(text))


def excerpt_of(text: str | None) -> str | None:
    """The beginning of a text."""
    if text is None or len(text) <= EXCERPT:
        return text
    return text[: EXCERPT - 1].rstrip() + "…"


def _counts(message: Message, mine: Reactions | None) -> list[ReactionCount]:
    if message.is_withdrawn:
        return []
    counts = message.counts
    return [
        ReactionCount(name, emoji, counts[name], mine is not None and mine.include(name))
        for name, emoji in REACTIONS.items()
        if counts.get(name)
    ]
