"""Alarm clocks: something that is put into the `timers` queue at a moment, at least once.

They ring late, early or twice: whatever they start must look at the clock and at the state by itself.
"""

from __future__ import annotations

import json
import math
from datetime import UTC
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.gateways import aws, clock
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LONGEST_DELAY = 900
"""Seconds that a queue holds a message back at most; a schedule takes what is further away."""


def set_for(due: datetime, kind: str, name: str, detail: Mapping[str, Any]) -> None:
    """Have `detail` handed to the timers of this kind when it is due.

    Args:
        due: when; a moment that has passed is now.
        kind: what is started.
        name: what the timer is for: setting the same one again changes nothing, or rings twice. Letters,
            digits, `-`, `_` and `.`, 64 at most.
        detail: whatever that needs to know, as JSON.
    """
    body = json.dumps({"timer": kind, "name": name, "due": due.isoformat(), "detail": dict(detail)})
    seconds = max(0, math.ceil((due - clock.now()).total_seconds()))
    if seconds <= LONGEST_DELAY:
        aws.client("sqs").send_message(
            QueueUrl=settings().timers_queue, MessageBody=body, DelaySeconds=seconds
        )
    else:
        _schedule(due, name, body)


def drop(name: str) -> None:
    """Have what was set under this name ring no more, if it is set at all and not in the queue already."""
    try:
        aws.client("scheduler").delete_schedule(Name=name, GroupName=settings().timers_group)
    except ClientError as failure:
        if failure.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def _schedule(due: datetime, name: str, body: str) -> None:
    known = settings()
    moment = due.astimezone(UTC)
    try:
        aws.client("scheduler").create_schedule(
            Name=name,
            GroupName=known.timers_group,
            # schedules know seconds only: one that rings within the second before is set again
            ScheduleExpression=f"at({moment.replace(microsecond=0).isoformat()[:19]})",
            ScheduleExpressionTimezone="UTC",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={"Arn": known.timers_queue_arn, "RoleArn": known.timers_role, "Input": body},
        )
    except ClientError as failure:
        if failure.response["Error"]["Code"] != "ConflictException":  # it is set already
            raise
