"""Who is in a conversation, as far as the channel needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.gateways import ids
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
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
    """The question of a conversation that the caller takes part in. Raises ConversationNotFound."""
    (question,) = load(key(organization_id, conversation_id))
    elsewhere = caller.is_guest and caller.guest_of != organization_id
    if question is None or elsewhere or not is_in(question, caller.member_id):
        raise ConversationNotFound
    return question


def is_in(question: Question, person_id: str) -> bool:
    """Whether someone takes part in a question's conversation now: whoever handed it over has left it."""
    return person_id in (question.asker_id, question.helper_id) or bool(question.invited.get(person_id))
