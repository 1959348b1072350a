"""Who is told at once, where they are, that something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events
from chalicelib.domain.live import notices as telling
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

notices = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:notices-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.QuestionOffered: telling.offer,
    events.QuestionClaimed: telling.follow,
    events.QuestionReturned: telling.follow,
    events.AnswerPromised: telling.follow,
    events.HandOverProposed: telling.follow,
    events.HandOverAccepted: telling.follow,
    events.HandOverDeclined: telling.follow,
    events.HelperInvited: telling.follow,
    events.QuestionAnswered: telling.follow,
    events.QuestionResolved: telling.follow,
    events.QuestionReopened: telling.follow,
    events.QuestionClosedUnconfirmed: telling.follow,
    events.QuestionWithdrawn: telling.follow,
    events.QuestionMerged: telling.follow,
    events.QuestionExpired: telling.follow,
}


@notices.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def give_notice(batch: SQSEvent) -> dict[str, Any]:
    """Tell people what happened, at the connections that asked for it."""
    return deliver(batch, SUBSCRIPTIONS)
