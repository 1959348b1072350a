"""Chunks of live connections, each with a frame that they are to be told. Fed by us, not by the bus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.live import sides, spoken, working
from chalicelib.handlers.consumers.delivery import each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain import events

deliveries = Blueprint(__name__)
logger = Logger(service="deliveries")

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:deliveries-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {}
"""No event comes here: no rule of the bus feeds this queue."""


@deliveries.on_sqs_message(queue_arn=QUEUE, batch_size=1)
def deliver_frames(batch: SQSEvent) -> dict[str, Any]:
    """Tell hundreds of connections one frame, a crowd how far its salon has got, someone who is there."""
    return each(batch, _carry_out)


def _carry_out(record: Any) -> None:
    body = json.loads(record.body)
    if "poke" in body:
        spoken.poke(body["poke"])
    elif "presence" in body:
        sides.tell(body["presence"], body["state"], body["channels"])
    elif "over" in body:
        working.clean_up(body["over"], body["channel"], close=body.get("close", False))
    elif given_up := working.carry_out(body):
        logger.warning("given up", extra={"kind": body["frame"]["kind"], "connections": given_up})
