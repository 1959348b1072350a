from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, salons
from chalicelib.domain.messages import states
from chalicelib.domain.messages.places import MessageNotFound
from chalicelib.domain.messages.showing import REACTIONS
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.reactions import Reactions

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.salons import Presence


class ReactionUnknown(errors.Invalid):
    reason: ClassVar = {
        "en": "There is no such reaction. There are: {known}.",
        "fr": "Cette réaction n’existe pas. Il y a : {known}.",
    }
    example: ClassVar = {"known": ", ".join(REACTIONS)}


@retry_if_overtaken
def react(caller: Caller, organization_id: str, salon_id: str, message_id: str, reaction: str) -> None:
    """React to a message, once however often asked.

    Raises ReactionUnknown, SalonNotFound, MessageNotFound, FollowFirst, Suspended, SalonClosedToWords,
    MessageWithdrawn.
    """
    here, place, mine = _look(caller, organization_id, salon_id, message_id, reaction)
    here.must_speak()
    states.must_be(here.salon, states.TO_REACT)
    if mine.include(reaction):
        return
    with changes() as change:
        change.update(mine, *mine.adding(reaction), condition=Reactions.lacks(reaction))
        change.update(
            Message.unread(salon_id, int(place.seq)),
            Message.reaction_by(reaction, 1),
            condition=Message.is_readable(),
            otherwise=states.MessageWithdrawn(),
            versioned=False,
        )


@retry_if_overtaken
def take_back(caller: Caller, organization_id: str, salon_id: str, message_id: str, reaction: str) -> None:
    """Take a reaction back, once however often asked, still following or not.

    Raises ReactionUnknown, SalonNotFound, MessageNotFound, SalonClosedToWords, MessageWithdrawn.
    """
    here, place, mine = _look(caller, organization_id, salon_id, message_id, reaction)
    states.must_be(here.salon, states.TO_REACT)
    if not mine.include(reaction):
        return
    with changes() as change:
        change.update(mine, Reactions.removing(reaction), condition=Reactions.has(reaction))
        change.update(
            Message.unread(salon_id, int(place.seq)),
            Message.reaction_by(reaction, -1),
            condition=Message.is_readable(),
            otherwise=states.MessageWithdrawn(),
            versioned=False,
        )


def _look(
    caller: Caller, organization_id: str, salon_id: str, message_id: str, reaction: str
) -> tuple[Presence, MessagePlace, Reactions]:
    """Where the message is and what the caller thinks of it, in one read."""
    if reaction not in REACTIONS:
        raise ReactionUnknown(known=", ".join(REACTIONS))
    here = salons.enter(
        caller,
        organization_id,
        salon_id,
        MessagePlace.key(salon_id, message_id),
        Reactions.key(caller.member_id, salon_id, message_id),
    )
    place, mine = here.also
    if place is None:
        raise MessageNotFound
    fresh = Reactions.of(caller.member_id, salon_id, message_id, expires_at=place.expires_at)
    return here, place, mine or fresh
