from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import conversations as talk
from chalicelib.domain import errors, limits, messages, questions, salons
from chalicelib.domain.live import conversations, delivery, frames
from chalicelib.domain.live.connections import caller_at
from chalicelib.gateways import ids
from chalicelib.models import subscriptions
from chalicelib.models.changes import Overtaken

if TYPE_CHECKING:
    from chalicelib.domain.conversations import Posted as TalkPosted
    from chalicelib.domain.messages.posting import Posted
    from chalicelib.models.live import Connection


TYPING = limits.Policy("typing", limit=60)
"""How often one person says that they are typing, at all their connections: each time others are told."""


def say(connection: Connection, organization_id: str, salon_id: str, **words: Any) -> Posted:
    """Say something in a salon, as over HTTP and counted with it: once per `client_message_id`.

    Raises what `messages.post` does, FollowFirst for a guest, TooManyRequests, Busy.
    """
    caller = caller_at(connection)
    if caller.is_guest:
        raise salons.FollowFirst
    limits.spend(limits.WRITES, caller.member_id)
    try:
        return messages.post(caller, organization_id, salon_id, **words)
    except Overtaken as race:
        raise errors.Busy from race


def say_in_conversation(
    connection: Connection, organization_id: str, conversation_id: str, *, client_message_id: str, text: str
) -> TalkPosted:
    """Say something in a conversation of one's own, as over HTTP and counted with it.

    Raises ConversationNotFound, TooManyRequests, Busy.
    """
    caller = caller_at(connection)
    if caller.is_guest and caller.guest_of != organization_id:
        raise conversations.ConversationNotFound
    limits.spend(limits.WRITES, caller.member_id)
    try:
        return talk.post(
            caller,
            organization_id,
            ids.twin("qst", conversation_id),
            client_message_id=client_message_id,
            text=text,
        )
    except Overtaken as race:
        raise errors.Busy from race
    except questions.QuestionNotFound as refused:
        raise conversations.ConversationNotFound from refused


def type_in(connection: Connection, organization_id: str, conversation_id: str) -> None:
    """Let the other side of a conversation know that one is writing: nobody else, and nothing is kept.

    Raises ConversationNotFound, Suspended, TooManyRequests.
    """
    limits.spend(TYPING, connection.member_id)
    place = conversations.place_of(caller_at(connection), organization_id, conversation_id)
    if place.is_watching:
        raise conversations.ConversationNotFound
    heard = delivery.audience_of(subscriptions.conversation(conversation_id))
    others = [
        one.connection_id
        for one in conversations.taking_part(place.question, heard.listeners)
        if one.person_id != place.own_id
    ]
    delivery.tell_connections(others, frames.typing(conversation_id, place.own_id), heard.channel)
