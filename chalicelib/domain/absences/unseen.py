"""A helper spoke and whoever asked is not there: they are written to, once each time that they are away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import events
from chalicelib.domain.live import presence
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.guests import Guest
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

TAKEN_BACK = frozenset({"withdrawn", "merged"})
"""States in which whoever asked wants no more answer. In any other, resolved too, what is said may help."""


@retry_if_overtaken
def leave_unseen(organization_id: str, question_id: str, seq: int) -> None:
    """Have what a helper said from `seq` on mailed, unless whoever asked is there, or was since.

    Done again it changes nothing.
    """
    question, now = _question(organization_id, question_id), clock.now()
    if question is None or not is_unseen(question, seq, now) or question.unseen_mailed:
        return
    unchanged = question.is_unseen_and_unmailed()
    if _is_there(question):
        with changes() as change:
            change.update(question, *Question.unseen_since(0), condition=unchanged, versioned=False)
        return
    with changes() as change:
        change.update(question, Question.mailing_unseen(), condition=unchanged, versioned=False)
        change.announce(
            events.AnswerLeft(
                organization_id=organization_id, actor_id=question.asker_id, at=now, question_id=question_id,
                asker_id=question.asker_id, helper_id=question.helper_id, round=int(question.round), seq=seq,
            )
        )  # fmt: skip


def is_unseen(question: Question, seq: int, now: datetime) -> bool:
    """Whether whoever asked has not been there since these words, and may still read them."""
    return question.unseen_from == seq and question.state not in TAKEN_BACK and not question.is_over(now)


def _question(organization_id: str, question_id: str) -> Question | None:
    (question,) = load(Question.key(organization_id, question_id))
    return question


def _is_there(question: Question) -> bool:
    """Whether whoever asked does something at a connection: as they asked, or as the member they became."""
    (guest,) = load(Guest.key(question.organization_id, question.asker_id))
    people = [question.asker_id, guest.member_id if guest is not None else None]
    return "active" in presence.states_of(person for person in people if person).values()
