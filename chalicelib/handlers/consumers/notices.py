"""Who is told at once, where they are, that something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events, live
from chalicelib.domain.live import notices as telling
from chalicelib.domain.live import tidings
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

notices = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:notices-replaced-by-the-template"

SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.QuestionOffered: telling.offer,
    events.QuestionClaimed: telling.follow,
    events.QuestionReturned: telling.follow,
    events.AnswerPromised: telling.follow,
    events.HandOverProposed: telling.follow,
    events.HandOverOffered: telling.offer,
    events.HandOverAwaited: telling.follow,
    events.HandOverDue: telling.follow,
    events.HandOverAccepted: telling.follow,
    events.HandOverDeclined: telling.follow,
    events.HelperInvited: telling.follow,
    events.CompanionCame: telling.follow,
    events.CompanionLeft: telling.follow,
    events.SpectatorProposed: telling.follow,
    events.SpectatorInvited: telling.follow_watching,
    events.SpectatorCame: telling.follow_watching,
    events.SpectatorRefused: telling.follow,
    events.SpectatorLeft: telling.follow_watching,
    events.SharingAgreed: telling.follow_all,
    events.QuestionShared: telling.follow_all,
    events.QuestionUnshared: telling.follow_all,
    events.QuestionAnswered: telling.follow,
    events.QuestionResolved: telling.follow,
    events.QuestionReopened: telling.follow,
    events.QuestionClosedUnconfirmed: telling.follow,
    events.QuestionWithdrawn: telling.follow,
    events.QuestionMerged: telling.follow,
    events.QuestionExpired: telling.follow,
    events.SeatTaken: tidings.follow_rsvp,
    events.RsvpWaitlisted: tidings.follow_rsvp,
    events.RsvpInterested: tidings.follow_rsvp,
    events.RsvpDeclined: tidings.follow_rsvp,
    events.RsvpPromoted: tidings.follow_rsvp,
    events.SeatOffered: tidings.follow_rsvp,
    events.OfferLapsed: tidings.follow_rsvp,
    events.AttendeeTold: tidings.follow_meetup,
    events.MeetupProposed: tidings.follow_origin,
    events.MemberSuspended: live.close_to,
    events.SuspensionLifted: telling.follow,
    events.RoleChanged: live.close_drafts_to,
}


@notices.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def give_notice(batch: SQSEvent) -> dict[str, Any]:
    """Tell people what happened, at the connections that asked for it."""
    return deliver(batch, SUBSCRIPTIONS)
