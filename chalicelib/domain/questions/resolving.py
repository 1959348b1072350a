from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places, sharing
from chalicelib.domain.questions.queue import FOR_GOOD, about, emptied, leave_helper, let_go, waiting
from chalicelib.domain.questions.states import CLOSED, REOPENING, SILENCE, must_be
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place, Seen


class ReopenTooLate(errors.Conflict):
    """`linked_to` is what to ask a new question with, so that it goes on from this one."""

    reason: ClassVar = {
        "en": "This was closed more than seven days ago: ask a new question, linked to this one.",
        "fr": "C’est clos depuis plus de sept jours : posez une nouvelle question, liée à celle-ci.",
    }
    example: ClassVar = {"linked_to": "qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"}


@retry_if_overtaken
def answered(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Say that one is done with a question: whoever asked says whether it helped.

    Raises QuestionNotFound, OnlyTheHelper, QuestionStateRefused.
    """
    place = places.find(caller, organization_id, question_id)
    place.must_help()
    question = place.question
    if question.state == "answered":
        return places.seen(place)
    must_be(question, {"in_progress"}, place.now)
    with changes() as change:
        let_go(change, question)
        change.edit(question, state="answered", answered_at=place.now, outcome=None)
        change.announce(_told(events.QuestionAnswered, place))
    return places.seen(place)


@retry_if_overtaken
def confirm(caller: Caller, organization_id: str, question_id: str, *, outcome: str) -> Seen:
    """Say whether an answer helped: yes or partly resolves the question, no puts it back into the queue.

    Raises QuestionNotFound, OnlyTheAsker, QuestionStateRefused.
    """
    place = places.find(caller, organization_id, question_id)
    place.must_ask()
    question = place.question
    if question.state in ("resolved", "open") and question.outcome == outcome:
        return places.seen(place)  # the same call, sent again
    must_be(question, {"answered"}, place.now)
    if outcome == "no":
        _begin_round(place, reason="not_helped", outcome="no")
        return places.seen(place)
    with changes() as change:
        change.edit(question, state="resolved", outcome=outcome, unseen_from=0, **question.closing(place.now))
        change.announce(_told(events.QuestionResolved, place, outcome=outcome))
    return places.seen(place)


@retry_if_overtaken
def reopen(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Open again what was closed, within seven days: a new round, for whoever can help then.

    Raises QuestionNotFound, OnlyTheAsker, QuestionStateRefused, ReopenTooLate.
    """
    place = places.find(caller, organization_id, question_id)
    place.must_ask()
    question = place.question
    if question.state == "open" and question.round > 1 and question.outcome is None:
        return places.seen(place)  # the same call, sent again
    place.must_not_be_suspended()
    must_be(question, CLOSED, place.now)
    if place.now - question.closed_at > REOPENING:
        raise ReopenTooLate(linked_to=question.id)
    _begin_round(place, reason="came_back", outcome=None)
    return places.seen(place)


def _begin_round(place: Place, *, reason: str, outcome: str | None) -> None:
    """Put a question back into the queue, at its age, for another round with times of its own."""
    question, now = place.question, place.now
    helper_id, skipped = str(question.helper_id), question.skipped
    if reason == "not_helped":
        skipped = question.skipping(helper_id, FOR_GOOD)
    with changes() as change:
        leave_helper(change, question)
        unshared = sharing.ended(change, question, actor_id=question.asker_id, at=now, reason="came_back")
        change.edit(
            question, **emptied(question), **unshared, skipped=skipped, round=int(question.round) + 1,
            round_opened_at=now, first_reply_at=None, closed_at=None, kept_until=None, outcome=outcome,
            wave=0, unseen_from=0,
        )  # fmt: skip
        change.save(waiting(question))
        change.announce(
            events.QuestionReopened(
                actor_id=question.asker_id, at=now, topics=question.topics, round=int(question.round),
                language=question.language, reason=reason, **{**about(question), "helper_id": helper_id},
            )
        )  # fmt: skip


@retry_if_overtaken
def close_unconfirmed(organization_id: str, question_id: str, round: int) -> None:  # noqa: A002
    """Close what was answered and never confirmed, once its three days are over; it is not solved."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or question.state != "answered" or int(question.round) != round:
        return
    if now - question.answered_at < SILENCE:
        return
    with changes() as change:
        change.edit(question, state="closed_unconfirmed", **question.closing(now))
        change.announce(
            events.QuestionClosedUnconfirmed(
                actor_id=question.asker_id, at=now, round=round, **about(question)
            )
        )


def _told(kind: Any, place: Place, **more: Any) -> events.Event:
    event: events.Event = kind(
        actor_id=place.caller.member_id, at=place.now, round=int(place.question.round),
        **about(place.question), **more,
    )  # fmt: skip
    return event
