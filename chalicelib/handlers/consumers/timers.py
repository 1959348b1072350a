"""What is due, done when it is due."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import absences, errors, questions, routing
from chalicelib.domain import timers as due
from chalicelib.domain.meetups import lapse, lifecycle, reminding
from chalicelib.handlers.consumers.delivery import PASSING, each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain import events

timers = Blueprint(__name__)
logger = Logger(service="timers")

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:timers-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {}
"""What rings here is no event: the bus sends nothing to this queue."""

TIMERS: Mapping[str, Callable[..., Any]] = {
    "lease": questions.end_lease,
    "hand_over": questions.end_hand_over,
    "hand_over_due": questions.call_back,
    "hand_over_offer": routing.offer_hand_over,
    "silence": questions.close_unconfirmed,
    "expiry": questions.expire,
    "words": questions.purge,
    "wave": routing.run_wave,
    "unseen": absences.leave_unseen,
    "wait": absences.watch,
    "rsvps_close": lifecycle.go_on,
    "meetup_start": lifecycle.go_on,
    "meetup_end": lifecycle.go_on,
    "meetup_recap": lifecycle.go_on,
    "offer": lapse,
    "reminder": reminding.remind,
}
"""What each kind of timer starts: harmless when it rings late, early or twice."""


@timers.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def ring_timers(batch: SQSEvent) -> dict[str, Any]:
    """Do what is due. What cannot be read or fails is retried, then parked for a human."""
    return each(batch, _ring)


def _ring(record: Any) -> None:
    try:
        due.ring(json.loads(record.body), TIMERS)
    except PASSING:
        raise
    except errors.Refusal as refusal:  # it is final: ringing again would not change it
        logger.warning("refused", extra={"code": refusal.code()})
    except Exception:
        logger.exception("failed")
        raise
