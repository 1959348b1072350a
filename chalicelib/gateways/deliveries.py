from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from chalicelib.gateways import aws
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_ONCE = 5
"""Messages per call: with the largest frames they stay below what the queue takes."""


class NotQueued(Exception):  # noqa: N818
    """The queue did not take everything: what led here is to be done again."""


def send(bodies: Sequence[dict[str, Any]], *, delay: int = 0) -> None:
    """Hand work to those who deliver frames, after some seconds. Raises NotQueued."""
    remaining = iter(bodies)
    while some := list(itertools.islice(remaining, AT_ONCE)):
        answer = aws.client("sqs").send_message_batch(
            QueueUrl=settings().deliveries_queue,
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": json.dumps(body, ensure_ascii=False),
                    "DelaySeconds": delay,
                }
                for number, body in enumerate(some)
            ],
        )
        if answer.get("Failed"):
            raise NotQueued
