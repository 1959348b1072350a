from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, salons
from chalicelib.domain.callers import NOBODY
from chalicelib.gateways import clock
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.reactions import Reactions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.salons import Presence
    from chalicelib.models.tables import Key


class MessageNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such message in this salon.",
        "fr": "Ce message n’existe pas dans ce salon.",
    }


@dataclass(frozen=True)
class Found:
    """A message, and what its reader needs to see beside it."""

    here: Presence
    message: Message
    quoted: Message | None
    """What it replies to."""
    mine: Reactions | None
    """The caller's own reactions to it."""


def find(
    caller: Caller | None, organization_id: str, salon_id: str, message_id: str, *also: Key[Any]
) -> Found:
    """One message of a salon, in two reads. Raises SalonNotFound, MessageNotFound."""
    here = salons.enter(
        caller,
        organization_id,
        salon_id,
        MessagePlace.key(salon_id, message_id),
        Reactions.key(caller.member_id if caller else NOBODY, salon_id, message_id),
        *also,
    )
    place, mine, *rest = here.also
    if place is None:
        raise MessageNotFound
    there = Message.at_seqs(salon_id, place.seqs)
    message = there.get(message_id)
    if message is None or message.is_over(clock.now()):
        raise MessageNotFound
    return Found(dataclasses.replace(here, also=tuple(rest)), message, quoted_by(message, there), mine)


def quoted_by(message: Message, there: Mapping[str, Message]) -> Message | None:
    """What a message replies to, if it is among these and kept still."""
    quoted = there.get(message.reply_to["message_id"]) if message.reply_to else None
    return None if quoted is None or quoted.is_over(clock.now()) else quoted


def locate(
    caller: Caller | None, organization_id: str, salon_id: str, message_id: str, *also: Key[Any]
) -> tuple[Presence, Message]:
    """The salon as the caller stands in it, with `also`, and one message of it, withdrawn or not.

    Two reads. Raises SalonNotFound, MessageNotFound.
    """
    found = find(caller, organization_id, salon_id, message_id, *also)
    return found.here, found.message
