"""What members do for each other, turned into merit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events
from chalicelib.domain.recognition import hosting, merit
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

rewards = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:rewards-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.ThanksGiven: merit.earn,
    events.ThanksWithdrawn: merit.reverse,
    events.PresenceAttested: hosting.earn,
    events.MeetupStarted: hosting.earn_for_before,
}


@rewards.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def reward(batch: SQSEvent) -> dict[str, Any]:
    """Keep the merit ledger in step with what was attested."""
    return deliver(batch, SUBSCRIPTIONS)
