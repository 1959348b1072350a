"""How long words are kept: readers go by the clock, and what the clock ended is then taken out for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import events
from chalicelib.domain.questions import sharing
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.conversations import Said, SaidPlace
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from datetime import datetime

AT_ONCE = 50
"""Words in one transaction: two items each."""


def purge(organization_id: str, question_id: str) -> None:
    """Take out of the tables what was said about a question whose words are no longer kept.

    Its states, times and topics stay, and so do thanks and merit. Whatever rings early, late or twice, or
    dies halfway, harms nothing: done again, it goes on.
    """
    question = _emptied(organization_id, question_id)
    while question is not None and _forget_some(question):
        pass


@retry_if_overtaken
def _emptied(organization_id: str, question_id: str) -> Question | None:
    """The question without its own words, None while they are kept: from here on nobody adds any."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or not question.is_over(now):
        return None
    if question.purged_at is None:
        _empty(question, now)
    return question


def _empty(question: Question, now: datetime) -> None:
    with changes() as change:
        actor_id = question.asker_id
        unshared = sharing.ended(change, question, actor_id=actor_id, at=now, reason="no_longer_kept")
        change.edit(question, text=None, page=None, hand_over=None, purged_at=now, **unshared)
        change.announce(
            events.WordsPurged(
                organization_id=question.organization_id, actor_id=actor_id, at=now, question_id=question.id,
                state=question.state, closed_at=question.closed_at, kept_until=question.kept_until,
            )
        )  # fmt: skip


@retry_if_overtaken
def _forget_some(question: Question) -> bool:
    """Delete a page of what was said; whether there may be more."""
    found = Said.in_conversation(question.conversation_id, Page(AT_ONCE), after_seq=0)
    with changes() as change:
        for said in found.items:
            change.delete(said)
            change.delete(SaidPlace.of(said))
    return found.last is not None
