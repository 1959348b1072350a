"""What a helper said to someone who had left, as it is mailed, with the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import mails, widgets
from chalicelib.domain.absences.unseen import is_unseen
from chalicelib.domain.messages.showing import excerpt_of
from chalicelib.gateways import clock, links
from chalicelib.models.blocks import Block
from chalicelib.models.conversations import Said
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from chalicelib.models.widgets import Widget
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.events import AnswerLeft

RETURNABLE = timedelta(days=7)
"""How long a link brings someone back who has no account."""

READ, MOST, LONGEST = 50, 5, 1000
"""Messages that are looked at, that are mailed (the last), and characters of each."""


@dataclass(frozen=True, kw_only=True)
class Letter(mails.Letter):
    """Words that are to be mailed."""

    question: str
    """How their question begins."""
    helper_name: str
    words: str
    """What was said, one after the other."""
    chat_url: str
    days: int | None
    """How long the link lasts; None: they sign in, and it lasts."""


def letter_for(event: AnswerLeft) -> Letter | None:
    """The letter with these words, and those said since; None when there is none to send (any more).

    It is mailed to an address that is known to be theirs only. Raises MailUnderWay while another delivery
    is at it.
    """
    asker_id, now = event.asker_id, clock.now()
    about = f"{event.question_id}#{event.seq}"
    reservation = mails.reserve(asker_id, event.organization_id, f"answer-left@1#{about}")
    if reservation is None:
        return None
    organization, question, member, guest, widget = load(
        Organization.key(event.organization_id),
        Question.key(event.organization_id, event.question_id),
        Member.key(asker_id),
        Guest.key(event.organization_id, asker_id),
        Widget.key(event.organization_id),
    )
    unseen = question is not None and is_unseen(question, event.seq, now)
    helper_names, said = _said(question, event.seq) if unseen else ("", [])
    if organization is None or not said:
        mails.skip(reservation, "over")
        return None
    address = mails.address_of(member, guest)
    reader = mails.reader_of(asker_id, address or "", organization.id)
    recipient = mails.reachable_at(reservation, address, reader, organization.id)
    if recipient is None:
        return None
    return Letter(
        reservation=reservation,
        message_id=f"<answer-left.{event.question_id}.{event.seq}@{links.mail_domain()}>",
        language=question.language,
        recipient=recipient,
        organization_id=organization.id,
        organization_name=organization.name,
        question=excerpt_of(question.text) or "",
        helper_name=helper_names or organization.name,
        words="\n".join(_as_mailed(one.text) for one in said),
        unsubscribe_url=links.unsubscribe(reader, organization.id),
        **_way_back(question, guest, widget),
    )


def _said(question: Question, seq: int) -> tuple[str, Sequence[Said]]:
    """What helpers said from this number on, the last of it in its order, and what they are called today.

    Nothing of someone whom whoever asked never wants to meet again.
    """
    found = Said.in_conversation(question.conversation_id, Page(READ)).items
    missed = [said for said in found if said.seq >= seq and said.role == "helper"]
    authors = list(dict.fromkeys(said.author_id for said in reversed(missed)))
    if not authors:
        return "", []
    known: Sequence[Any] = load(
        *(Member.key(author) for author in authors),
        *(Block.key(question.asker_id, author) for author in authors),
    )
    welcome = {
        author: member
        for author, member, block in zip(authors, known, known[len(authors) :], strict=False)
        if block is None
    }
    names = ", ".join(member.name for member in welcome.values() if member is not None)
    return names, [said for said in missed if said.author_id in welcome][:MOST][::-1]


def _as_mailed(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _way_back(question: Question, guest: Guest | None, widget: Widget | None) -> dict[str, Any]:
    """Where the conversation goes on: the page it began on if that may still carry the widget, else ours.

    What opens it is in the fragment, which browsers send to no server. No mail carries what would let someone
    in as a member: whoever has an account signs in as always, for a mailbox that others read, or a forwarded
    mail, would otherwise open all that they do here. A guest has that one question, for seven days.
    """
    page = str((question.page or {}).get("url", ""))
    hosted = links.api(f"/widget/{question.organization_id}/page")
    there = page.partition("#")[0] if widgets.may_be_on(widget, links.origin_of(page)) else hosted
    if guest is None:
        return {"chat_url": f"{there}#entraide-question={question.id}", "days": None}
    token = links.return_to(
        question.id, organization_id=guest.organization_id, guest_id=guest.id, until=clock.now() + RETURNABLE
    )
    return {"chat_url": f"{there}#entraide={token}", "days": RETURNABLE.days}
