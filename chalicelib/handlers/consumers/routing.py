"""Questions, on their way to someone; and volunteers, kept where waves find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events
from chalicelib.domain import routing as waves
from chalicelib.domain.helping import places, replies
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

routing = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:routing-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.QuestionAsked: waves.begin,
    events.QuestionReturned: waves.begin,
    events.QuestionReopened: waves.begin,
    events.HandOverProposed: waves.hand_on,
    events.AnswerBegun: replies.note,
    events.OrganizationUnfollowed: places.leave,
    events.RoleChanged: places.go_on_duty,
}


@routing.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def route(batch: SQSEvent) -> dict[str, Any]:
    """Tell volunteers of open questions, and of those that anyone may go on with."""
    return deliver(batch, SUBSCRIPTIONS)
