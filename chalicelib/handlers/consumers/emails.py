"""Who is written to when something happens."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import absences, events, guests, mails, welcome
from chalicelib.domain.meetups import letters as about_meetups
from chalicelib.domain.moderation import letters
from chalicelib.domain.routing import promise
from chalicelib.emails import meetups, messages
from chalicelib.emails.compose import CalendarPart, UnmailableAddress, compose
from chalicelib.gateways import clock, links, mailer
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.emails.render import Rendered

emails = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:emails-replaced-by-the-template"


def _writer(
    letter_for: Callable[[Any], mails.Letter | None], message: Callable[..., Rendered]
) -> Callable[[Any], None]:
    """What writes about an event: who decides on the letter, which has all that the message says."""
    told = signature(message).parameters

    def write(event: events.Event) -> None:
        letter = letter_for(event)
        if letter is not None:
            _send(letter, message(**{name: getattr(letter, name) for name in told}))

    about, _, _ = (message.__doc__ or "").partition(".")
    write.__doc__ = f"Mail: {about}."  # the page of events says it
    return write


def _send(letter: mails.Letter, rendered: Rendered) -> None:
    """Send a letter and remember it; one that no mail can carry is remembered as such, not tried for ever."""
    reply_name, reply_address = letter.reply_to
    try:
        raw = compose(
            rendered,
            sender_name=letter.sender_name,
            sender_address=links.sender(),
            reply_to_name=reply_name,
            reply_to_address=reply_address,
            recipient=letter.recipient,
            message_id=letter.message_id,
            list_id=f"{letter.organization_id}.{links.mail_domain()}",
            unsubscribe_url=letter.unsubscribe_url,
            # replies reach whoever can also stop the mails
            unsubscribe_mailto=f"mailto:{quote(reply_address, safe='@')}?subject=unsubscribe",
            language=letter.language,
            date=clock.now(),
            calendar=_calendar(letter),
        )
    except UnmailableAddress:
        mails.skip(letter.reservation, "unmailable_address")
        return
    mailer.send(raw, sender=links.sender(), recipient=letter.recipient)
    mails.confirm(letter.reservation)


def _calendar(letter: mails.Letter) -> CalendarPart | None:
    """What goes with a letter into its reader's calendar."""
    # imported on first use: what reads requests is heavy, and few mails have a calendar
    from chalicelib.contracts import calendars  # noqa: PLC0415

    told = letter.calendar
    if told is None:
        return None
    return CalendarPart(
        told.method, calendars.rendered([calendars.Entry(**told.entry)], method=told.method)
    )  # fmt: skip


def _write_about_meetup(event: events.Event) -> None:
    """Mail: what becomes of a meetup, or of someone's seat at it, to whom it concerns."""
    letter = about_meetups.letter_for(event)
    if letter is not None:
        message = getattr(meetups, letter.message)
        _send(letter, message(**{name: getattr(letter, name) for name in signature(message).parameters}))


SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.OrganizationFollowed: _writer(welcome.write_to, messages.welcome),
    events.GuestCodeRequested: _writer(guests.letter_for, messages.guest_code),
    events.AnswerPromised: _writer(promise.letter_for, messages.promise),
    events.AnswerLeft: _writer(absences.letter_for, messages.answer_left),
    events.MemberSuspended: _writer(letters.letter_for, messages.suspension),
    events.SeatTaken: _write_about_meetup,
    events.RsvpPromoted: _write_about_meetup,
    events.SeatOffered: _write_about_meetup,
    events.RsvpDeclined: _write_about_meetup,
    events.RsvpWaitlisted: _write_about_meetup,
    events.RsvpInterested: _write_about_meetup,
    events.AttendeeTold: _write_about_meetup,
}


@emails.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def send_emails(batch: SQSEvent) -> dict[str, Any]:
    """Write to people about what happened."""
    return deliver(batch, SUBSCRIPTIONS)
