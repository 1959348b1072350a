"""How a question ends without an answer: taken back, merged into another one, or out of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.queue import about, let_go, waiting
from chalicelib.domain.questions.states import PATIENCE, must_be
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.questions import UNSETTLED, Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Seen


class NotADuplicate(errors.Invalid):
    reason: ClassVar = {
        "en": "That is not another question of yours here.",
        "fr": "Ce n’est pas une autre de vos questions ici.",
    }
    example: ClassVar = {"pointer": "/duplicate_of"}


@retry_if_overtaken
def withdraw(
    caller: Caller, organization_id: str, question_id: str, *, duplicate_of: str | None = None
) -> Seen:
    """Take one's question back, at any moment before it is closed; `duplicate_of`: another one goes on.

    Raises QuestionNotFound, OnlyTheAsker, QuestionStateRefused, NotADuplicate.
    """
    place = places.find(
        caller, organization_id, question_id, Question.key(organization_id, duplicate_of or "none")
    )
    place.must_ask()
    question, (other,) = place.question, place.also
    into = "merged" if duplicate_of else "withdrawn"
    if question.state == into:
        return places.seen(place)  # the same call, sent again
    must_be(question, UNSETTLED, place.now)
    if duplicate_of is None:
        _end(question, "withdrawn", events.QuestionWithdrawn, caller.member_id, place.now)
        return places.seen(place)
    if other is None or other.id == question.id or not places.has_asked(caller, other):
        raise NotADuplicate(pointer="/duplicate_of")
    question.linked_to = other.id
    _end(question, "merged", events.QuestionMerged, caller.member_id, place.now, into=other.id)
    return places.seen(place)


@retry_if_overtaken
def expire(organization_id: str, question_id: str, round: int) -> None:  # noqa: A002 - as it is called
    """Close a question that found no end within a month of its round's beginning."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or question.state not in UNSETTLED or int(question.round) != round:
        return
    if now - question.round_opened_at < PATIENCE:
        return
    _end(question, "expired", events.QuestionExpired, question.asker_id, now)


def _end(question: Question, state: str, kind: Any, actor_id: str, now: datetime, **more: Any) -> None:
    with changes() as change:
        if question.state == "open":
            change.delete(waiting(question))
        let_go(change, question)
        change.edit(question, state=state, linked_to=question.linked_to, **question.closing(now))
        told = {"actor_id": actor_id, "at": now, "round": int(question.round), **about(question), **more}
        change.announce(kind(**told))
