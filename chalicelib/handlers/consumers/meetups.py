"""What becomes of meetups once something happened: timers, the line that moves on, everyone who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events
from chalicelib.domain.meetups import deadlines, losing, recurring, telling
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

meetups = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:meetups-replaced-by-the-template"


# Each effect is harmless when repeated, so what dies between two of them is done from its beginning again.
# People come first: nobody goes to the wrong place because a schedule could not be moved.


def revised(event: events.MeetupRevised) -> None:
    """Everyone who wanted to come is asked again, and its timers move with its date."""
    telling.of_revision(event)
    deadlines.for_revision(event)


def cancelled(event: events.MeetupCancelled) -> None:
    """Everyone who wanted to come is told, and nobody is reminded of it any more."""
    telling.of_cancellation(event)
    deadlines.none_left(event)


def left(event: events.OrganizationUnfollowed) -> None:
    """What someone held who stopped following is given up, and passed on."""
    losing.lose_leaver(event)


def suspended(event: events.MemberSuspended) -> None:
    """The same for someone who is suspended."""
    losing.lose_suspended(event)


SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.MeetupProposed: deadlines.for_times,
    events.MeetupRevised: revised,
    events.MeetupEdited: deadlines.for_closing,
    events.MeetupStarted: deadlines.for_end,
    events.MeetupEnded: deadlines.for_recap,
    events.MeetupRecapped: telling.of_recap,
    events.MeetupCancelled: cancelled,
    events.SeatOffered: deadlines.for_offer,
    events.SeatsFreed: losing.pass_on,
    events.SeatsAnnounced: telling.of_free_seats,
    events.AttendeesToTell: telling.go_on,
    events.SeriesProposed: recurring.propose_rest,
    events.SeriesEnded: recurring.cancel_rest,
    events.OrganizationUnfollowed: left,
    events.MemberSuspended: suspended,
}


@meetups.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def tend_meetups(batch: SQSEvent) -> dict[str, Any]:
    """Do what meetups need: at least once, and harmless when done twice."""
    return deliver(batch, SUBSCRIPTIONS)
