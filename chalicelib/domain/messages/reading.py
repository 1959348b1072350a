from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, salons
from chalicelib.domain.messages.places import find, quoted_by
from chalicelib.domain.messages.showing import Shown, reads_as, shown
from chalicelib.gateways import clock
from chalicelib.models.members import Member
from chalicelib.models.messages import EarlierText, Message
from chalicelib.models.reactions import Reactions
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.tables import Key
    from chalicelib.pages import Page

MOST = 48
"""Messages in a page: their authors, one's own reactions and one's standing are read in a single call."""


class OneDirectionOnly(errors.Invalid):
    reason: ClassVar = {
        "en": "Send after_seq or before_seq, not both.",
        "fr": "Envoyez after_seq ou before_seq, pas les deux.",
    }


def page_of(
    caller: Caller | None,
    organization_id: str,
    salon_id: str,
    page: Page,
    *,
    after_seq: int | None = None,
    before_seq: int | None = None,
) -> Slice[Shown]:
    """Messages of a salon: after a number, in their order; before one, or all of them, newest first.

    At most three reads, whatever the page holds. Raises SalonNotFound, OneDirectionOnly.
    """
    if after_seq is not None and before_seq is not None:
        raise OneDirectionOnly
    found = Message.in_salon(salon_id, page, after_seq=after_seq, before_seq=before_seq)
    now = clock.now()
    messages = [message for message in found.items if not message.is_over(now)]
    authors, mine = _beside(caller, organization_id, salon_id, messages)
    there = {message.id: message for message in messages}
    replied = [message.reply_to for message in messages if message.reply_to]
    there |= Message.at_seqs(
        salon_id, {quote["seq"] for quote in replied if quote["message_id"] not in there}
    )
    return Slice(
        [
            shown(
                message,
                author=authors.get(message.author_id),
                quoted=quoted_by(message, there),
                mine=mine.get(message.id),
                reader_id=reads_as(caller, message),
            )
            for message in messages
        ],
        found.last,
    )


def _beside(
    caller: Caller | None, organization_id: str, salon_id: str, messages: list[Message]
) -> tuple[dict[str, Member], dict[str, Reactions]]:
    """Who wrote these, and the caller's own reactions to those that have any, read while coming in."""
    authors: list[Key[Member]] = [Member.key(author) for author in {m.author_id for m in messages}]
    mine = [
        Reactions.key(caller.member_id, salon_id, message.id)
        for message in messages
        if caller is not None and any(message.counts.values())
    ]
    here = salons.enter(caller, organization_id, salon_id, *authors, *mine)
    read = [item for item in here.also if item is not None]
    return (
        {item.id: item for item in read if isinstance(item, Member)},
        {item.message_id: item for item in read if isinstance(item, Reactions)},
    )


def read(caller: Caller | None, organization_id: str, salon_id: str, message_id: str) -> Shown:
    """One message. Raises SalonNotFound, MessageNotFound."""
    found = find(caller, organization_id, salon_id, message_id)
    (author,) = load(Member.key(found.message.author_id))
    return shown(
        found.message,
        author=author,
        quoted=found.quoted,
        mine=found.mine,
        reader_id=reads_as(caller, found.message),
    )


def earlier_texts(
    caller: Caller | None, organization_id: str, salon_id: str, message_id: str, page: Page
) -> Slice[EarlierText]:
    """What a message said before it was edited, the first text first; nothing once it was withdrawn.

    Raises SalonNotFound, MessageNotFound.
    """
    message = find(caller, organization_id, salon_id, message_id).message
    return Slice([]) if message.is_withdrawn else EarlierText.of_message(message_id, page)
