"""Into the queue and out of it, into someone's hands and out of them: every count moves with its rows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, standing
from chalicelib.domain.messages.showing import excerpt_of
from chalicelib.domain.questions.states import SKIPPED
from chalicelib.models.changes import Overtaken
from chalicelib.models.hand_overs import HandOverWaiting
from chalicelib.models.helping import HelperCard
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question, QuestionWaiting
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from chalicelib.models.changes import Changes

FOR_GOOD = None


class HandsFull(errors.Conflict):
    reason: ClassVar = {
        "en": "You have as many conversations in hand as you take: finish one, or take more at once.",
        "fr": "Vous avez déjà autant de conversations que vous en prenez : terminez-en une, ou augmentez "
        "votre capacité.",
    }


def waiting(question: Question) -> QuestionWaiting:
    """The question's place in the queue: what is private is not in it."""
    return QuestionWaiting.of(question, text=excerpt_of(question.text) if question.is_public else None)


def take(change: Changes, question: Question, helper_id: str) -> None:
    """Put a question into someone's hands. Raises HandsFull when they have no room."""
    standing.hold_to_it(change, question.organization_id, helper_id)
    card = HelperCard.of(question.organization_id, helper_id)
    taking = card.taking(question.id)
    change.update(card, *taking, condition=HelperCard.has_room(), otherwise=HandsFull(), versioned=False)
    change.save(QuestionPlace.of(question, helper_id, "helper"))


@contextmanager
def hands_free(question: Question) -> Iterator[None]:
    """Let HandsFull be said only of a question that is still as it was read: else decide on it again."""
    version = question.version
    try:
        yield
    except HandsFull:
        (fresh,) = load(Question.key(question.organization_id, question.id))
        if fresh is None or fresh.version != version:
            raise Overtaken from None
        raise


def without_company(change: Changes, question: Question, member_id: str) -> dict[str, bool | None]:
    """A question's company once someone is in it no more, nor invited; who declined is still not asked."""
    if question.invited.get(member_id) is None:
        return dict(question.invited)
    change.delete(QuestionPlace.of(question, member_id, "companion"))
    return {member: came for member, came in question.invited.items() if member != member_id}


def let_go(change: Changes, *questions: Question, condition: Any = None) -> None:
    """Count them out of the hands of the one helper whom they have, those that are in them."""
    held = [question for question in questions if question.is_in_hand() and question.helper_id is not None]
    for question in held:
        stop_offering(change, question)
    if held:
        card = HelperCard.of(held[0].organization_id, str(held[0].helper_id))
        ids = {question.id for question in held}
        holds = HelperCard.holds(ids) if condition is None else HelperCard.holds(ids) & condition
        change.update(card, *HelperCard.letting_go(ids), condition=holds, versioned=False)


def stop_offering(change: Changes, question: Question) -> None:
    """Have nobody find any more that anyone may go on with a question, if anyone may."""
    if question.awaits(None):
        change.delete(HandOverWaiting.of(question))


def leave_helper(change: Changes, *questions: Question, condition: Any = None) -> None:
    """Take questions out of the hands of the one helper whom they have: they are theirs no more."""
    let_go(change, *questions, condition=condition)
    for question in questions:
        if question.helper_id is not None:
            change.delete(QuestionPlace.of(question, question.helper_id, "helper"))


def put_back(
    change: Changes,
    question: Question,
    *,
    now: datetime,
    reason: str,
    actor_id: str,
    skip: timedelta | None = SKIPPED,
    condition: Any = None,
) -> None:
    """Return a question to its place in the queue, its age kept; its helper is not offered it for `skip`."""
    leave_helper(change, question)
    queue_again(change, question, now=now, reason=reason, actor_id=actor_id, skip=skip, condition=condition)


def queue_again(
    change: Changes,
    question: Question,
    *,
    now: datetime,
    reason: str,
    actor_id: str,
    skip: timedelta | None,
    condition: Any = None,
    **values: Any,
) -> None:
    """Return what its helper has left to its place in the queue, with `values` of its own."""
    helper_id = question.helper_id or ""
    change.edit(
        question,
        condition=condition,
        **emptied(question),
        **values,
        skipped=question.skipping(helper_id, now + skip if skip is not None else FOR_GOOD),
    )
    change.save(waiting(question))
    change.announce(
        events.QuestionReturned(
            actor_id=actor_id, at=now, topics=question.topics, round=int(question.round),
            language=question.language, reason=reason, **{**about(question), "helper_id": helper_id},
        )
    )  # fmt: skip


def emptied(question: Question) -> dict[str, Any]:
    """What a question is in nobody's hands."""
    return {
        "state": "open",
        "last_helper_id": question.helper_id,
        "helper_id": None,
        "helper_voice": None,
        "lease_until": None,
        "hand_over": None,
        "spectators": {},
        "answered_at": None,
    }


def about(question: Question) -> dict[str, Any]:
    """What every event of a question tells."""
    return {
        "organization_id": question.organization_id,
        "question_id": question.id,
        "asker_id": question.asker_id,
        "helper_id": question.helper_id,
    }
