"""Who is written to when something happens."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import absences, events, guests, mails, welcome
from chalicelib.domain.moderation import letters
from chalicelib.domain.routing import promise
from chalicelib.emails import messages
from chalicelib.emails.compose import UnmailableAddress, compose
from chalicelib.gateways import clock, links, mailer
from chalicelib.handlers.consumers.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.emails.render import Rendered

emails = Blueprint(__name__)

QUEUE = "arn:aws:sqs:eu-west-3:000000000000:emails-replaced-by-the-template"


LETTERS: Mapping[type[events.Event], tuple[Callable[[Any], mails.Letter | None], Callable[..., Rendered]]] = {
    events.OrganizationFollowed: (welcome.write_to, messages.welcome),
    events.GuestCodeRequested: (guests.letter_for, messages.guest_code),
    events.AnswerPromised: (promise.letter_for, messages.promise),
    events.AnswerLeft: (absences.letter_for, messages.answer_left),
    events.MemberSuspended: (letters.letter_for, messages.suspension),
}
"""What is written when something happens: who decides on the letter, and the message that says it."""


def _write(event: events.Event) -> None:
    """Send the letter about what happened, if there is one to send: it has all that its message says."""
    letter_for, message = LETTERS[type(event)]
    letter = letter_for(event)
    if letter is not None:
        _send(letter, message(**{name: getattr(letter, name) for name in signature(message).parameters}))


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
        )
    except UnmailableAddress:
        mails.skip(letter.reservation, "unmailable_address")
        return
    mailer.send(raw, sender=links.sender(), recipient=letter.recipient)
    mails.confirm(letter.reservation)


SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = dict.fromkeys(LETTERS, _write)


@emails.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def send_emails(batch: SQSEvent) -> dict[str, Any]:
    """Write to people about what happened."""
    return deliver(batch, SUBSCRIPTIONS)
