"""The journal's stream → the event bus: the fast way. The sweeper is the guarantee."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint

from chalicelib.domain import announcements

relay = Blueprint(__name__)
logger = Logger(service="relay")

STREAM = "arn:aws:dynamodb:eu-west-3:000000000000:table/journal/stream/replaced-by-the-template"


@relay.on_dynamodb_record(stream_arn=STREAM, batch_size=100)
def relay_journal(event: Any) -> dict[str, Any]:
    """Publish what was just announced. A failure is left to the sweeper: it must not hold up the stream."""
    images = [record.new_image for record in event if record.event_name == "INSERT" and record.new_image]
    try:
        logger.info(
            "relayed", extra={"announced": len(images), "published": announcements.publish_images(images)}
        )
    except Exception:
        logger.exception("left to the sweeper")
    return {"batchItemFailures": []}
