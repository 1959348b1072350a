"""What a connection listens to: salons, conversations, one's notifications."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import conversations as talk
from chalicelib.domain import errors, messages, salons
from chalicelib.domain.live import conversations, frames, presence
from chalicelib.domain.live.connections import caller_at
from chalicelib.models import subscriptions
from chalicelib.models.subscriptions import Subscription
from chalicelib.pages import Page

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.live import Connection

MOST_CHANNELS = 100
LARGEST_PAGE = 96 * 1024
"""API Gateway carries messages of 128 kB at most."""


class TooManySubscriptions(errors.Conflict):
    reason: ClassVar = {
        "en": "A connection listens to {most} places at most: leave one, or open another connection.",
        "fr": "Une connexion écoute au plus {most} lieux : quittez-en un, ou ouvrez-en une autre.",
    }
    example: ClassVar = {"most": MOST_CHANNELS}


@dataclass(frozen=True)
class Missed:
    """What was said after a number, and whether there is more after it."""

    messages: list[dict[str, Any]]
    has_more: bool


def listen_to_salon(connection: Connection, organization_id: str, salon_id: str) -> int:
    """Hear what is said in a salon from now on; the number of its newest message.

    It is read after the place is taken: what comes later is delivered, what came before can be read.
    Raises SalonNotFound, TooManySubscriptions.
    """
    reader = _reader(connection)
    salons.enter(reader, organization_id, salon_id)
    _listen(connection, subscriptions.salon(salon_id))
    return int(salons.enter(reader, organization_id, salon_id).salon.seq)


def listen_to_conversation(connection: Connection, organization_id: str, conversation_id: str) -> int:
    """Hear what is said in a conversation of one's own from now on; the number of its newest message.

    Raises ConversationNotFound, TooManySubscriptions.
    """
    caller = caller_at(connection)
    conversations.may_listen(caller, organization_id, conversation_id)
    _listen(connection, subscriptions.conversation(conversation_id))
    return int(conversations.may_listen(caller, organization_id, conversation_id).seq)


def listen_to_notifications(connection: Connection, *, wanted: bool) -> None:
    """Be told one's notifications at this connection, or no longer."""
    presence.renew(connection.member_id, connection.id, notified=wanted)


def leave_salon(connection: Connection, salon_id: str) -> None:
    """Hear a salon no longer, heard or not."""
    _leave(connection, subscriptions.salon(salon_id))


def leave_conversation(connection: Connection, conversation_id: str) -> None:
    """Hear a conversation no longer, heard or not."""
    _leave(connection, subscriptions.conversation(conversation_id))


def resume(connection: Connection, organization_id: str, salon_id: str, after_seq: int) -> Missed:
    """What was said in a salon after a number, as much as one answer holds; from here on the rest is heard.

    Raises SalonNotFound, TooManySubscriptions.
    """
    reader = _reader(connection)
    if subscriptions.salon(salon_id) not in (connection.channels or ()):
        salons.enter(reader, organization_id, salon_id)
        _listen(connection, subscriptions.salon(salon_id))
    page = Page(limit=messages.MOST)
    found = messages.page_of(reader, organization_id, salon_id, page, after_seq=after_seq)
    return _as_much_as_fits([frames.message_of(one) for one in found.items], is_all=found.last is None)


def resume_conversation(
    connection: Connection, organization_id: str, conversation_id: str, after_seq: int
) -> Missed:
    """What was said in a conversation of one's own after a number; from here on the rest is heard.

    Raises ConversationNotFound, TooManySubscriptions.
    """
    caller = caller_at(connection)
    question = conversations.may_listen(caller, organization_id, conversation_id)
    if subscriptions.conversation(conversation_id) not in (connection.channels or ()):
        _listen(connection, subscriptions.conversation(conversation_id))
    found = talk.page_of(caller, organization_id, question.id, Page(talk.MOST), after_seq=after_seq)
    return _as_much_as_fits([frames.said_of(one) for one in found.items], is_all=found.last is None)


def _as_much_as_fits(told: list[dict[str, Any]], *, is_all: bool) -> Missed:
    size = 0
    for count, message in enumerate(told):
        size += len(json.dumps(message, ensure_ascii=False).encode())
        if count and size > LARGEST_PAGE:
            return Missed(told[:count], has_more=True)
    return Missed(told, has_more=not is_all)


def _reader(connection: Connection) -> Caller | None:
    """Who reads a salon: a guest is anyone there."""
    return None if connection.guest_of else caller_at(connection)


def _listen(connection: Connection, channel: str) -> None:
    if channel not in (connection.channels or ()) and not connection.listen(channel, MOST_CHANNELS):
        raise TooManySubscriptions(most=MOST_CHANNELS)
    Subscription.of(
        channel, connection.id, member_id=connection.member_id, expires_at=int(connection.expires_at)
    ).save()


def _leave(connection: Connection, channel: str) -> None:
    Subscription.forget(channel, connection.id)
    connection.stop_listening(channel)
