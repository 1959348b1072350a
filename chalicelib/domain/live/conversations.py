"""Who is in a conversation, as far as the channel needs to know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, guests, standing
from chalicelib.domain.questions import spectators
from chalicelib.gateways import ids
from chalicelib.models import subscriptions
from chalicelib.models.blocks import Apart
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import Question
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.callers import Caller
    from chalicelib.models.subscriptions import Subscription
    from chalicelib.models.tables import Key


class ConversationNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such conversation, or it is not yours.",
        "fr": "Cette conversation n’existe pas, ou n’est pas la vôtre.",
    }


def key(organization_id: str, conversation_id: str) -> Key[Question]:
    """Where the question is that a conversation is about."""
    return Question.key(organization_id, ids.twin("qst", conversation_id))


def may_listen(caller: Caller, organization_id: str, conversation_id: str) -> Question:
    """The question of a conversation that the caller takes part in, or watches.

    Raises ConversationNotFound, Suspended.
    """
    question, suspension, apart, membership = load(
        key(organization_id, conversation_id),
        RunningSuspension.key(organization_id, caller.member_id),
        Apart.key(caller.member_id),
        Membership.key(organization_id, caller.member_id),
    )
    elsewhere = caller.is_guest and caller.guest_of != organization_id
    elsewhere = elsewhere or (question is not None and caller.only not in ("", question.id))
    if question is None or elsewhere:
        raise ConversationNotFound
    if watches(question, caller.member_id):
        if membership is None or (apart is not None and question.helper_id in (apart.people or ())):
            raise ConversationNotFound
    elif not _takes_part(caller, question):
        raise ConversationNotFound
    if is_parted(question, caller.member_id, apart):
        raise ConversationNotFound
    standing.must_not_be_suspended(suspension)
    return question


def _takes_part(caller: Caller, question: Question) -> bool:
    """Whether the caller is in it, or asked it before they had an account: only then one read more."""
    return is_in(question, caller.member_id) or guests.is_same_person(
        caller, question.organization_id, question.asker_id
    )


@dataclass(frozen=True)
class Place:
    """Someone's own place in a conversation that they take part in, or watch."""

    question: Question
    member_id: str

    @property
    def channel(self) -> str:
        return subscriptions.conversation(self.question.conversation_id)

    @property
    def own_id(self) -> str:
        """Who they are to the others there."""
        return self.as_id or self.member_id

    @property
    def as_id(self) -> str | None:
        """The guest who asked it, if they were that guest."""
        is_known = self.is_watching or is_in(self.question, self.member_id)
        return None if is_known else str(self.question.asker_id)

    @property
    def is_watching(self) -> bool:
        """Whether they only hear what is said: of nobody there are they told whether they are there."""
        return watches(self.question, self.member_id)

    def of(self, question: Question) -> Place:
        """The same place, in what the question is now."""
        return replace(self, question=question)


def place_of(caller: Caller, organization_id: str, conversation_id: str) -> Place:
    """The caller's place in a conversation. Raises ConversationNotFound, Suspended."""
    return Place(may_listen(caller, organization_id, conversation_id), caller.member_id)


def is_in(question: Question, person_id: str) -> bool:
    """Whether someone takes part in a question's conversation now: whoever handed it over has left it."""
    if person_id in question.kept_out:
        return False
    return person_id in (question.asker_id, question.helper_id) or bool(question.invited.get(person_id))


def watches(question: Question, person_id: str) -> bool:
    """Whether someone hears what is said without taking part."""
    return spectators.watches_after(question, person_id) is not None


def is_parted(question: Question, person_id: str, apart: Apart | None) -> bool:
    """Whether someone, who is apart from these, is never to meet whoever asked, or, as company, who helps."""
    people = set(apart.people or ()) if apart is not None else set()
    if question.invited.get(person_id) and question.helper_id in people:
        return True
    return person_id not in question.askers() and question.keeps_out(person_id, people)


def present(question: Question, listeners: Sequence[Subscription], *, seq: int = 0) -> list[Subscription]:
    """Those of them who take part now, or watched already when this number was said.

    One read more where someone is there who may have been parted from another in it, and where someone
    watches.
    """
    watching = [one for one in listeners if spectators.hears(question, one.person_id, seq)]
    return taking_part(question, listeners) + (_still_watching(question, watching) if watching else [])


def taking_part(question: Question, listeners: Sequence[Subscription]) -> list[Subscription]:
    """Those of them who take part now: one read where someone may have been parted from another in it."""
    there = [one for one in listeners if is_in(question, one.person_id)]
    keys = aparts(question) if {one.person_id for one in there} - question.askers() else []
    out = parted_in(question, load(*keys)) if keys else set()
    return [one for one in there if one.person_id not in out]


def aparts(question: Question) -> list[Key[Apart]]:
    """What tells who was parted, through another question, from someone in this one: nothing for most.

    Whoever has it in hand was not, from whoever asked: two who talk alone need no reading.
    """
    if not question.companions() and (question.is_in_hand() or question.helper_id is None):
        return []
    return [Apart.key(person_id) for person_id in _both(question)]


def parted_in(question: Question, found: Sequence[Apart | None]) -> set[str]:
    """Who is out of it, as these `aparts` tell: parted from whoever asked, or, as company, whoever helps."""
    askers, company = question.askers(), set(question.companions())
    out: set[str] = set()
    for person_id, apart in zip(_both(question), found, strict=True):
        people = set(apart.people or ()) if apart is not None else set()
        out |= people - askers if person_id in askers else people & company
    return out


def _both(question: Question) -> list[str]:
    return sorted(question.askers() | ({question.helper_id} if question.helper_id else set()))


def _still_watching(question: Question, watching: list[Subscription]) -> list[Subscription]:
    """Those of them who follow, and whom neither of the two is never to meet."""
    both = _both(question)
    found = load(
        *(Apart.key(one) for one in both),
        *(Membership.key(question.organization_id, one.person_id) for one in watching),
    )
    parted = {person for apart in found[: len(both)] if apart is not None for person in apart.people or ()}
    follows = zip(watching, found[len(both) :], strict=True)
    return [one for one, there in follows if there is not None and one.person_id not in parted]
