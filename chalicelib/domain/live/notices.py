"""What becomes of a question, told at the connections of those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import guests
from chalicelib.domain.live import delivery
from chalicelib.domain.live.frames import moment

if TYPE_CHECKING:
    from chalicelib.domain import events

_CONCERNED = ("asker_id", "helper_id", "before", "to", "member_id")
_TOLD = ("organization_id", "question_id", "round", "wave", "why", "reason", "outcome", "into", "proposal_id")
"""What they may know: never the token that a claim is fenced with."""

_MOMENTS = ("returns_at",)


def offer(event: events.QuestionOffered | events.HandOverOffered) -> None:
    """Tell volunteers that a question, or a hand-over, waits for them, and why they are asked."""
    _tell(event, event.member_ids)


def follow(event: Any) -> None:
    """Tell those in a question's hands, or about to be, what became of it."""
    concerned = [getattr(event, name, None) for name in _CONCERNED]
    _tell(event, [person for person in concerned if person])


def follow_watching(event: Any) -> None:
    """Tell the two whose conversation it is who watches it or is to, and that person once both agreed."""
    _tell(event, [event.asker_id, event.helper_id, event.spectator_id])


def follow_all(event: Any) -> None:
    """Tell those in a conversation, whoever came into it included, what becomes of their words."""
    _tell(event, [event.asker_id, event.helper_id, *event.companion_ids])


def _tell(event: events.Event, people: list[str]) -> None:
    detail = {name: getattr(event, name) for name in _TOLD if getattr(event, name, None) is not None}
    moments = {name: getattr(event, name, None) for name in _MOMENTS}
    detail |= {name: moment(at) for name, at in moments.items() if at is not None}
    about = event.detail_type().rpartition(".")[0].replace(".", "_")
    known = guests.members_behind(event.organization_id, people)
    delivery.notify(known, about, {**detail, "at": moment(event.at)})
