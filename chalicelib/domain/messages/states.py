from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors

if TYPE_CHECKING:
    from chalicelib.models.messages import Message
    from chalicelib.models.salons import Salon


class SalonClosedToWords(errors.Conflict):
    """What is said here stays to be read, as it is; `state` tells why."""

    reason: ClassVar = {
        "en": "This salon ({state}) can be read, and takes no words for now.",
        "fr": "Ce salon (état {state}) peut être lu, mais ne reçoit pas de mots pour l’instant.",
    }
    example: ClassVar = {"state": "read_only"}


class MessageWithdrawn(errors.Conflict):
    reason: ClassVar = {
        "en": "This message was withdrawn: only its place is left.",
        "fr": "Ce message a été retiré : il n’en reste que la place.",
    }


TO_SPEAK = frozenset({"open"})
"""States of a salon in which words come and change."""

TO_REACT = TO_SPEAK | {"read_only"}

TO_DELETE = TO_REACT | {"archived", "draft"}
"""One's own words can be taken back everywhere, but where platform moderation holds the salon still."""


def must_be(salon: Salon, states: frozenset[str]) -> None:
    """Raise SalonClosedToWords unless the salon is in one of these states."""
    if salon.state not in states:
        raise SalonClosedToWords(state=salon.state)


def must_stand(message: Message) -> None:
    """Raise MessageWithdrawn unless the message's words are there to read."""
    if message.is_withdrawn:
        raise MessageWithdrawn
