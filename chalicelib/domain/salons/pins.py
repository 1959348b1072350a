from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.salons.keeping import must_be_alterable
from chalicelib.domain.salons.presence import enter
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.messages import Message, MessagePlace

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.salons import Salon


class NothingToPin(errors.Invalid):
    reason: ClassVar = {
        "en": "There is no such message in this salon, or none that can be read.",
        "fr": "Ce message n’existe pas dans ce salon, ou il ne peut plus être lu.",
    }
    example: ClassVar = {"pointer": "/message_id"}


@retry_if_overtaken
def pin(caller: Caller, organization_id: str, salon_id: str, *, message_id: str) -> Salon:
    """Pin a message in place of the one before. Repeating changes nothing.

    A message that is deleted or hidden later keeps its pin, and shows what became of it. Raises
    SalonNotFound, RoleRequired, LookedAfterElsewhere, SalonUnalterable, NothingToPin.
    """
    here = enter(caller, organization_id, salon_id, MessagePlace.key(salon_id, message_id))
    here.must_look_after()
    salon, (place,) = here.salon, here.also
    if salon.pinned_message_id == message_id:
        return salon
    must_be_alterable(salon)
    message = Message.at_seq(salon_id, place.seq) if place else None
    if message is None or message.is_withdrawn or message.is_over(clock.now()):
        raise NothingToPin(pointer="/message_id")
    pinned = events.MessagePinned(
        organization_id=salon.organization_id,
        actor_id=caller.member_id,
        salon_id=salon_id,
        message_id=message_id,
        before=salon.pinned_message_id,
    )
    with changes() as change:
        change.edit(salon, pinned_message_id=message_id)
        change.announce(pinned)
    return salon


@retry_if_overtaken
def unpin(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Take the pin away. Repeating changes nothing.

    Raises SalonNotFound, RoleRequired, LookedAfterElsewhere, SalonUnalterable.
    """
    here = enter(caller, organization_id, salon_id)
    here.must_look_after()
    salon = here.salon
    if salon.pinned_message_id is None:
        return
    must_be_alterable(salon)
    unpinned = events.MessageUnpinned(
        organization_id=salon.organization_id,
        actor_id=caller.member_id,
        salon_id=salon_id,
        message_id=salon.pinned_message_id,
    )
    with changes() as change:
        change.edit(salon, pinned_message_id=None)
        change.announce(unpinned)
