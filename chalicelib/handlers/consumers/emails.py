"""Who is written to when something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

emails = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:emails-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {}


@emails.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def send_emails(batch: SQSEvent) -> dict[str, Any]:
    """Write to people about what happened."""
    return deliver(batch, SUBSCRIPTIONS)
