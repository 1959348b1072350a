"""What was sent as a picture: looked at before anyone sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events
from chalicelib.domain.meetups import stripping
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pictures = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:pictures-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.PictureSent: stripping.look_at,
    events.PictureRemoved: stripping.clean_up,
}

AT_LAST: Mapping[type[events.Event], Callable[[Any], None]] = {
    **SUBSCRIPTIONS,
    events.PictureSent: stripping.give_up,
}
"""What is done with what is received for the last time before it is parked."""

LAST = 5
"""How often the queue hands out what is not done: `maxReceiveCount` of its redrive policy."""


# one at a time: a picture that takes all the memory there is takes no other with it
@pictures.on_sqs_message(queue_arn=QUEUE, batch_size=1)
def look_at_pictures(batch: SQSEvent) -> dict[str, Any]:
    """Show pictures without what cameras wrote into them; refuse what is none, or cannot be looked at."""
    received = [int(record["attributes"]["ApproximateReceiveCount"]) for record in batch.to_dict()["Records"]]
    return deliver(batch, AT_LAST if max(received) >= LAST else SUBSCRIPTIONS)
