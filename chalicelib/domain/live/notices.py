"""What becomes of a question, told at the connections of those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import delivery
from chalicelib.domain.live.frames import moment

if TYPE_CHECKING:
    from chalicelib.domain import events

_CONCERNED = ("asker_id", "helper_id", "before", "to", "member_id")
_TOLD = ("organization_id", "question_id", "round", "wave", "why", "reason", "outcome", "into", "proposal_id")
"""What they may know: never the token that a claim is fenced with."""


def offer(event: events.QuestionOffered) -> None:
    """Tell volunteers that a question waits for them, and why they are asked."""
    _tell(event, event.member_ids)


def follow(event: Any) -> None:
    """Tell those in a question's hands, or about to be, what became of it."""
    concerned = [getattr(event, name, None) for name in _CONCERNED]
    _tell(event, [person for person in concerned if person])


def _tell(event: events.Event, people: list[str]) -> None:
    detail = {name: getattr(event, name) for name in _TOLD if getattr(event, name, None) is not None}
    about = event.detail_type().rpartition(".")[0].replace(".", "_")
    delivery.notify(people, about, {**detail, "at": moment(event.at)})
