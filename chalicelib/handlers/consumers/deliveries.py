"""Chunks of live connections, each with a frame that they are to be told. Fed by us, not by the bus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.live import delivery, spoken
from chalicelib.handlers.consumers.delivery import each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain import events

deliveries = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:deliveries-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {}
"""No event comes here: no rule of the bus feeds this queue."""


@deliveries.on_sqs_message(queue_arn=QUEUE, batch_size=1)
def deliver_frames(batch: SQSEvent) -> dict[str, Any]:
    """Tell hundreds of connections one frame, or a crowd how far its salon has got."""
    return each(batch, _carry_out)


def _carry_out(record: Any) -> None:
    body = json.loads(record.body)
    if "poke" in body:
        spoken.poke(body["poke"])
    else:
        delivery.carry_out(body)
