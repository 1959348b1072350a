"""From a queue to the domain: parsing, partial failures, final refusals. Written once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from chalicelib.domain import errors, events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.app import SQSEvent

logger = Logger(service="consumers")


PASSING = (errors.Unavailable, errors.Busy, errors.LimitReached)
"""Refusals that the same request may not meet later."""


class Unreadable(Exception):  # noqa: N818
    """A message that is no event of ours: retried, then parked in the dead-letter queue for a human."""


def deliver(
    batch: SQSEvent, subscriptions: Mapping[type[events.Event], Callable[[Any], None]]
) -> dict[str, Any]:
    """Hand each queued event to its subscriber; only those that failed go back to the queue.

    A refusal is final and acknowledged, unless it says to come back later: delivering again would not change
    it. Anything else is retried, then parked.
    """

    def handle(record: Any) -> None:
        event = _read(record.body)
        subscriber = subscriptions.get(type(event))
        if subscriber is None:
            raise Unreadable(f"nobody here subscribes to {type(event).detail_type()}")
        try:
            subscriber(event)
        except PASSING:
            raise
        except errors.Refusal as refusal:
            logger.warning("refused", extra={"event_id": event.id, "code": refusal.code()})
        except Exception:
            logger.exception("failed", extra={"event_id": event.id, "detail_type": event.detail_type()})
            raise

    return each(batch, handle)


def each(batch: SQSEvent, handle: Callable[[Any], None]) -> dict[str, Any]:
    """Handle each queued message; only those whose handling raised go back to the queue."""
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    answer: Any = process_partial_response(batch.to_dict(), handle, processor, context=None)
    logger.info(
        "delivered",
        extra={"records": len(processor.success_messages), "failed": len(processor.fail_messages)},
    )
    return dict(answer)


def _read(body: str) -> events.Event:
    try:
        envelope = json.loads(body)
        kind = events.named(envelope["detail-type"])
        if kind is None:
            raise Unreadable(f"unknown event {envelope['detail-type']}")
        return kind.from_detail(envelope["detail"])
    except (ValueError, KeyError, TypeError) as broken:
        raise Unreadable(str(broken)) from broken
