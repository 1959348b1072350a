"""The last wave's only letter: nobody came yet, and whoever asked need not wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import mails
from chalicelib.domain.messages.showing import excerpt_of
from chalicelib.gateways import links
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.events import AnswerPromised


@dataclass(frozen=True, kw_only=True)
class Letter(mails.Letter):
    """A promise that is to be mailed."""

    question: str
    """How their question begins."""


def letter_for(event: AnswerPromised) -> Letter | None:
    """The letter that this promise is made with, None when there is none to send (any more).

    It is mailed to an address that is known to be theirs only. Raises MailUnderWay while another delivery
    is at it.
    """
    asker_id, about = event.asker_id, f"{event.question_id}#{event.round}"
    reservation = mails.reserve(asker_id, event.organization_id, f"promise@1#{about}")
    if reservation is None:
        return None
    organization, question, member, guest = load(
        Organization.key(event.organization_id),
        Question.key(event.organization_id, event.question_id),
        Member.key(asker_id),
        Guest.key(event.organization_id, asker_id),
    )
    if organization is None or question is None or (question.state, question.round) != ("open", event.round):
        mails.skip(reservation, "over")
        return None
    address = mails.address_of(member, guest)
    reader = mails.reader_of(asker_id, address or "", organization.id)
    recipient = mails.reachable_at(reservation, address, reader, organization.id)
    if recipient is None:
        return None
    return Letter(
        reservation=reservation,
        message_id=f"<promise.{event.question_id}.{event.round}@{links.mail_domain()}>",
        language=event.language,
        recipient=recipient,
        organization_id=organization.id,
        organization_name=organization.name,
        question=excerpt_of(question.text) or "",
        unsubscribe_url=links.unsubscribe(reader, organization.id),
    )
