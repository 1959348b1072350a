"""What everyone may read of a question and its answer, because both who had the exchange agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.messages.showing import excerpt_of
from chalicelib.domain.questions.sharing import public_up_to
from chalicelib.domain.questions.states import CLOSED, QuestionNotFound
from chalicelib.domain.standing import OrganizationNotFound
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.conversations import Said
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import Question
from chalicelib.models.shared import SharedQuestion
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.models.tables import Key
    from chalicelib.pages import Page

MOST = 45
"""Exchanges on a page of the list: all that decides on them is read at once."""


@dataclass(frozen=True)
class Exchange:
    """A question that is public, with the names of those who want to be named."""

    question: Question
    names: dict[str, str | None]
    """Person → name today, for those who agree under their name."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.question, name)

    @property
    def question_id(self) -> str:
        return self.question.id

    @property
    def excerpt(self) -> str | None:
        return excerpt_of(self.question.text)

    @property
    def asker_name(self) -> str | None:
        return self.names.get(self.question.asker_id)

    @property
    def helper_name(self) -> str | None:
        return self.names.get(str(self.question.helper_id))

    @property
    def up_to_seq(self) -> int:
        return public_up_to(self.question)


@dataclass(frozen=True)
class Words:
    """Something said in a public exchange; withheld when whoever said it does not agree."""

    said: Said
    name: str | None
    is_withheld: bool

    @property
    def seq(self) -> int:
        return int(self.said.seq)

    @property
    def role(self) -> str:
        return str(self.said.role)

    @property
    def text(self) -> str | None:
        return None if self.is_withheld else self.said.text

    @property
    def at(self) -> datetime:
        return self.said.at


def every(organization_id: str, page: Page) -> Slice[Exchange]:
    """The public exchanges of an organization, the latest shared first: two reads. Names are in each.

    Raises OrganizationNotFound.
    """
    found = SharedQuestion.in_organization(organization_id, page)
    keys: list[Key[Any]] = []
    for shared in found.items:
        keys.append(Question.key(organization_id, shared.question_id))
        keys.append(Apart.key(shared.helper_id))
    organization, *read = load(Organization.key(organization_id), *keys)
    if organization is None:
        raise OrganizationNotFound
    pairs = zip(read[::2], read[1::2], strict=True)
    now = clock.now()
    return Slice(
        [Exchange(question, {}) for question, apart in pairs if _is_public(question, now, apart)],
        found.last,
    )


def find(organization_id: str, question_id: str) -> Exchange:
    """A question that is public, whoever asks: two reads. Raises QuestionNotFound."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or not _is_public(question, now):
        raise QuestionNotFound
    named = {
        person: consent["by"] for person, consent in question.sharing.items() if consent["shown_as"] == "name"
    }
    apart, *people = load(
        Apart.key(str(question.helper_id)),
        *(_key_of(organization_id, who) for who in named.values()),
    )
    if not _is_public(question, now, apart):
        raise QuestionNotFound
    known = zip(named, people, strict=True)
    return Exchange(question, {person: who.name if who is not None else None for person, who in known})


def words_of(organization_id: str, question_id: str, page: Page) -> Slice[Words]:
    """What was said in a public exchange, as far as it is public, in its order: three reads.

    Raises QuestionNotFound.
    """
    exchange = find(organization_id, question_id)
    question, end = exchange.question, exchange.up_to_seq
    found = Said.in_conversation(question.conversation_id, page, after_seq=0)
    public = [said for said in found.items if int(said.seq) <= end]
    is_all = len(public) < len(found.items) or (bool(public) and int(public[-1].seq) == end)
    return Slice([_shown(exchange, said) for said in public], None if is_all else found.last)


def _shown(exchange: Exchange, said: Said) -> Words:
    question = exchange.question
    # a guest who became a member meanwhile is one person under two ids
    author_id = question.asker_id if said.role == "asker" else said.author_id
    agreed = question.sharing.get(author_id)
    is_withheld = agreed is None or int(agreed["up_to_seq"]) < int(said.seq)
    return Words(said, None if is_withheld else exchange.names.get(author_id), is_withheld)


def _is_public(question: Question | None, now: datetime, apart: Apart | None = None) -> bool:
    """Whether everyone reads it: the two may have been parted in another question meanwhile."""
    if question is None or question.shared_at is None:
        return False
    people = set(apart.people or ()) if apart is not None else set()
    is_parted = question.keeps_out(str(question.helper_id), people)
    return question.state in CLOSED and not question.is_over(now) and not is_parted


def _key_of(organization_id: str, person_id: str) -> Key[Any]:
    return Guest.key(organization_id, person_id) if person_id.startswith("gst_") else Member.key(person_id)
