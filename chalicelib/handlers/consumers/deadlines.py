"""What questions need once something happened: a timer for every deadline first of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events, questions
from chalicelib.domain.questions import deadlines as set_deadline
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

deadlines = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:deadlines-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.QuestionAsked: set_deadline.for_round,
    events.QuestionReopened: set_deadline.for_round,
    events.QuestionClaimed: set_deadline.for_lease,
    events.HandOverProposed: set_deadline.for_proposal,
    events.HandOverAwaited: set_deadline.for_return,
    events.QuestionAnswered: set_deadline.for_silence,
    events.HelperSpoke: set_deadline.for_unseen,
    events.WaitBegun: set_deadline.for_wait,
    events.QuestionResolved: set_deadline.for_words,
    events.QuestionClosedUnconfirmed: set_deadline.for_words,
    events.QuestionWithdrawn: set_deadline.for_words,
    events.QuestionMerged: set_deadline.for_words,
    events.QuestionExpired: set_deadline.for_words,
    events.OrganizationUnfollowed: questions.lose_leaver,
    events.MemberSuspended: questions.lose_suspended,
    events.GuestMerged: questions.inherit,
}


@deadlines.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def set_deadlines(batch: SQSEvent) -> dict[str, Any]:
    """Do what questions need: at least once, and harmless when done twice."""
    return deliver(batch, SUBSCRIPTIONS)
