"""Who is written to when something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain import events, guests, mails, welcome
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


def welcome_newcomer(event: events.OrganizationFollowed) -> None:
    """Send a newcomer the personal welcome of the organization's community manager."""
    letter = welcome.write_to(event)
    if letter is None:
        return
    rendered = messages.welcome(
        language=letter.language,
        first_name=letter.first_name,
        organization_name=letter.organization_name,
        aim=letter.aim,
        manager_name=letter.manager_name,
        manager_story=letter.manager_story,
        default_salon_name=letter.salon_name,
        salon_url=letter.salon_url,
        unsubscribe_url=letter.unsubscribe_url,
    )
    _send(
        letter,
        rendered,
        sender_name=f"{letter.manager_name} — {letter.organization_name}",
        reply_to=(letter.manager_name, letter.manager_address),
    )


def mail_guest_code(event: events.GuestCodeRequested) -> None:
    """Send a guest the code that they asked for."""
    letter = guests.letter_for(event)
    if letter is None:
        return
    rendered = messages.guest_code(
        language=letter.language,
        organization_name=letter.organization_name,
        code=letter.code,
        minutes=letter.minutes,
        unsubscribe_url=letter.unsubscribe_url,
    )
    name = letter.organization_name
    _send(letter, rendered, sender_name=name, reply_to=(name, links.sender()))


def promise_answer(event: events.AnswerPromised) -> None:
    """Tell whoever asked that they will be written to: nobody is free yet."""
    letter = promise.letter_for(event)
    if letter is None:
        return
    rendered = messages.promise(
        language=letter.language,
        organization_name=letter.organization_name,
        question=letter.question,
        unsubscribe_url=letter.unsubscribe_url,
    )
    name = letter.organization_name
    _send(letter, rendered, sender_name=name, reply_to=(name, links.sender()))


def _send(letter: mails.Letter, rendered: Rendered, *, sender_name: str, reply_to: tuple[str, str]) -> None:
    """Send a letter and remember it; one that no mail can carry is remembered as such, not tried for ever."""
    reply_name, reply_address = reply_to
    try:
        raw = compose(
            rendered,
            sender_name=sender_name,
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


SUBSCRIPTIONS: Mapping[type[events.Event], Callable[[Any], None]] = {
    events.OrganizationFollowed: welcome_newcomer,
    events.GuestCodeRequested: mail_guest_code,
    events.AnswerPromised: promise_answer,
}


@emails.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def send_emails(batch: SQSEvent) -> dict[str, Any]:
    """Write to people about what happened."""
    return deliver(batch, SUBSCRIPTIONS)
