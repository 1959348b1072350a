"""Back into a conversation by the link that was mailed with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, guests, mails, questions, standing, widgets
from chalicelib.gateways import clock, links
from chalicelib.models.guests import Guest
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from chalicelib.models.widgets import Widget

if TYPE_CHECKING:
    from chalicelib.domain.guests import Session


class LinkOver(errors.Conflict):
    reason: ClassVar = {
        "en": "This link was good for seven days, and they are over: ask a new question.",
        "fr": "Ce lien valait sept jours, qui sont passés : posez une nouvelle question.",
    }


@dataclass(frozen=True)
class Return:
    """A guest who is back, and where."""

    session: Session
    question_id: str


def come_back(link: str, *, origin: str | None) -> Return:
    """Let a guest in again, on a site that carries the widget, into the conversation that the link is about.

    As often as they like within seven days: mails are opened twice, on two devices. The session is good for
    that conversation alone, and for as long as any, so that it may outlast the link by its 24 hours.
    Raises LinkInvalid, LinkOver, OrganizationNotFound, OriginRefused.
    """
    said = links.read_return(link)
    if said is None:
        raise mails.LinkInvalid
    if said.until <= clock.now():
        raise LinkOver
    organization, widget, guest, question = load(
        Organization.key(said.organization_id),
        Widget.key(said.organization_id),
        Guest.key(said.organization_id, said.guest_id),
        Question.key(said.organization_id, said.question_id),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    if origin is None or not widgets.may_be_on(widget, origin):
        raise guests.OriginRefused
    if guest is None or question is None or question.asker_id != guest.id:
        raise mails.LinkInvalid  # what it led to is no more
    questions.see(question)
    return Return(guests.again(guest, origin, question.id), question.id)
