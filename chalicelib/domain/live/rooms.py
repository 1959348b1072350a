"""What a connection listens to: salons, conversations, one's notifications."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import conversations as talk
from chalicelib.domain import errors, limits, messages, questions, salons
from chalicelib.domain.live import conversations, frames, presence, sides
from chalicelib.domain.live.connections import ConnectionOver, caller_at
from chalicelib.models import subscriptions
from chalicelib.models.live import Connection
from chalicelib.models.subscriptions import Subscription
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.live.sides import OtherSide

MOST_CHANNELS = 100
"""Places beside one's own channel, which every connection listens to."""

CATCHING_UP = limits.Policy("resumes", limit=240)
"""How often one person resumes, at all their connections: everything they listen to, and further pages."""

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
    Raises SalonNotFound, Suspended, TooManySubscriptions.
    """
    reader, channel = _reader(connection), subscriptions.salon(salon_id)
    salons.enter(reader, organization_id, salon_id).must_not_be_suspended()
    with _listening(connection, organization_id, channel):
        return int(salons.enter(reader, organization_id, salon_id).salon.seq)


def listen_to_conversation(
    connection: Connection, organization_id: str, conversation_id: str
) -> tuple[int, list[OtherSide]]:
    """Hear what is said in a conversation of one's own from now on.

    The number of its newest message, and whether the others in it are there.
    Raises ConversationNotFound, Suspended, TooManySubscriptions.
    """
    caller = caller_at(connection)
    place = conversations.place_of(caller, organization_id, conversation_id)
    was_here = place.channel in (connection.conversations or ())
    with _listening(connection, organization_id, place.channel, as_id=place.as_id):
        question = conversations.may_listen(caller, organization_id, conversation_id)
    questions.see(question, caller)
    return int(question.seq), sides.enter(connection, place.of(question), is_back=was_here)


def listen_to_notifications(connection: Connection, *, wanted: bool) -> None:
    """Be told one's notifications at this connection, or no longer. Raises ConnectionOver, Busy."""
    if not connection.be_notified(wanted):
        raise ConnectionOver
    presence.renew(connection.member_id, connection.id, notified=wanted)


def leave_salon(connection: Connection, salon_id: str) -> None:
    """Hear a salon no longer, heard or not."""
    _leave(connection, subscriptions.salon(salon_id))


def leave_conversation(connection: Connection, conversation_id: str) -> None:
    """Hear a conversation no longer, heard or not."""
    _leave(connection, subscriptions.conversation(conversation_id))


def resume(connection: Connection, organization_id: str, salon_id: str, after_seq: int) -> Missed:
    """What was said in a salon after a number, as much as one answer holds; from here on the rest is heard.

    Raises SalonNotFound, Suspended, TooManySubscriptions, TooManyRequests.
    """
    limits.spend(CATCHING_UP, connection.member_id)
    reader, page = _reader(connection), Page(limit=messages.MOST)
    salons.enter(reader, organization_id, salon_id).must_not_be_suspended()
    with _listening(connection, organization_id, subscriptions.salon(salon_id)):
        found = messages.page_of(reader, organization_id, salon_id, page, after_seq=after_seq)
    return _as_much_as_fits([frames.message_of(one) for one in found.items], is_all=found.last is None)


def resume_conversation(
    connection: Connection, organization_id: str, conversation_id: str, after_seq: int
) -> Missed:
    """What was said in a conversation of one's own after a number; from here on the rest is heard.

    Raises ConversationNotFound, Suspended, TooManySubscriptions, TooManyRequests.
    """
    limits.spend(CATCHING_UP, connection.member_id)
    caller = caller_at(connection)
    place = conversations.place_of(caller, organization_id, conversation_id)
    listens = place.channel in (connection.channels or ())
    was_here = place.channel in (connection.conversations or ())
    with _listening(connection, organization_id, place.channel, as_id=place.as_id):
        if not listens:
            sides.enter(connection, place, is_back=was_here)
        questions.see(place.question, caller)
        found = talk.page_of(caller, organization_id, place.question.id, Page(talk.MOST), after_seq=after_seq)
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


@contextmanager
def _listening(
    connection: Connection, organization_id: str, channel: str, *, as_id: str | None = None
) -> Iterator[None]:
    """Listen, unless what is read next says that one may not: whatever ended that meanwhile found nothing."""
    _listen(connection, organization_id, channel, as_id=as_id)
    try:
        yield
    except errors.Refusal:
        _leave(connection, channel)
        raise


def _listen(connection: Connection, organization_id: str, channel: str, *, as_id: str | None) -> None:
    """Note it at the connection, then where it is looked up: done by halves, it is done again.

    Raises ConnectionOver, TooManySubscriptions.
    """
    if channel not in (connection.channels or ()) and not connection.listen(channel, MOST_CHANNELS + 1):
        if Connection.find(connection.id) is None:
            raise ConnectionOver
        raise TooManySubscriptions(most=MOST_CHANNELS)
    Subscription.of(
        channel,
        connection.id,
        member_id=connection.member_id,
        expires_at=int(connection.expires_at),
        organization_id=organization_id,
        as_id=as_id,
    ).save()


def _leave(connection: Connection, channel: str) -> None:
    Subscription.forget(channel, connection.id)
    connection.stop_listening(channel)
