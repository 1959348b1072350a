"""What is told at live connections: plain, so that workers start fast. contracts/frames documents it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.conversations import Shown as SaidShown
from chalicelib.domain.messages.showing import shown

if TYPE_CHECKING:
    from chalicelib.domain.messages.showing import Shown
    from chalicelib.models.conversations import Said
    from chalicelib.models.members import Member
    from chalicelib.models.messages import Message

Frame = dict[str, Any]


def message_of(message: Shown) -> dict[str, Any]:
    """A message as everyone reads it, in the shape that the API has for it."""
    quote = message.reply_to
    restriction = message.restriction
    return {
        "id": message.id,
        "organization_id": message.organization_id,
        "salon_id": message.salon_id,
        "seq": int(message.seq),
        "author": vars(message.author),
        "text": message.text,
        "state": message.state,
        "restriction": {name: restriction[name] for name in ("rule", "statement_id")}
        if restriction
        else None,
        "reply_to": vars(quote) if quote else None,
        "mentions": message.mentions,
        "reactions": [vars(count) for count in message.reactions],
        "thanks": int(message.thanks),
        "at": moment(message.at),
        "edited_at": moment(message.edited_at),
        "version": int(message.version),
    }


def of_message(kind: str, message: Message, *, author: Member | None, quoted: Message | None) -> Frame:
    """A message that came or changed: message, edited, deleted, hidden or restored."""
    public = shown(message, author=author, quoted=quoted, mine=None, reader_id=None)
    return {"kind": kind, "message": message_of(public)}


def of_reactions(message: Message) -> Frame:
    """How many reactions and thanks a message has now."""
    counted = shown(message, author=None, quoted=None, mine=None, reader_id=None).reactions
    return {
        "kind": "reacted",
        "salon_id": message.salon_id,
        "message_id": message.id,
        "seq": int(message.seq),
        "reactions": [{"reaction": one.reaction, "emoji": one.emoji, "count": one.count} for one in counted],
        "thanks": int(message.thanks),
    }


def said_of(said: SaidShown) -> dict[str, Any]:
    """Something said in a conversation, in the shape that the API has for it."""
    return {
        "id": said.id,
        "organization_id": said.organization_id,
        "question_id": said.question_id,
        "conversation_id": said.conversation_id,
        "seq": int(said.seq),
        "round": int(said.round),
        "author": vars(said.author),
        "client_message_id": said.client_message_id,
        "text": said.text,
        "is_postscript": said.is_postscript,
        "at": moment(said.at),
    }


def of_said(said: Said, name: str | None) -> Frame:
    """Something said in a conversation by someone of this name."""
    return {"kind": "said", "message": said_of(SaidShown(said, name))}


def page_frame(messages: list[dict[str, Any]], *, has_more: bool) -> Frame:
    """What was missed somewhere, or the first of it."""
    return {"kind": "page", "messages": messages, "has_more": has_more}


def poke(salon_id: str, seq: int) -> Frame:
    """That a crowded salon has got as far as this number: whoever looks at it reads the rest."""
    return {"kind": "poke", "salon_id": salon_id, "seq": seq}


def typing(conversation_id: str, member_id: str) -> Frame:
    """That someone is writing in a conversation."""
    return {"kind": "typing", "conversation_id": conversation_id, "member_id": member_id}


def presence_of(conversation_id: str, member_id: str, state: str) -> Frame:
    """What someone in a conversation is now."""
    return {"kind": "presence", "conversation_id": conversation_id, "member_id": member_id, "state": state}


def moment(at: datetime | None) -> str | None:
    """A moment as clients read it."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
