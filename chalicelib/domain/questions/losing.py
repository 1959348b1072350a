"""When a helper is gone, whoever asked is not left waiting: the question returns to the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.questions.queue import put_back
from chalicelib.domain.questions.states import ABSENCE
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.questions import Question, QuestionPlace
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.domain import events


@retry_if_overtaken
def lose_helper(
    organization_id: str, question_id: str, helper_id: str, *, away_since: datetime | None = None
) -> None:
    """Take a question out of the hands of someone who is gone: banned, erased, no follower any more.

    With `away_since` they are merely away: then only if that is fifteen minutes ago, and whoever asked has
    waited for a word of theirs as long. Done again it changes nothing.
    """
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or question.helper_id != helper_id or not question.is_in_hand():
        return
    if away_since is not None:
        waits = question.asker_waits_since
        if waits is None or now - max(waits, away_since) < ABSENCE:
            return
    with changes() as change:
        put_back(change, question, now=now, reason="helper_gone", actor_id=helper_id)


def lose_leaver(event: events.OrganizationUnfollowed) -> None:
    """Take everything out of the hands of someone who stopped following."""
    for question_id in _held_by(event.organization_id, event.actor_id):
        lose_helper(event.organization_id, question_id, event.actor_id)


def lose_absent(organization_id: str, helper_id: str, *, away_since: datetime) -> None:
    """Take out of the hands of someone who is away since then what waits for a word of theirs."""
    for question_id in _held_by(organization_id, helper_id):
        lose_helper(organization_id, question_id, helper_id, away_since=away_since)


def _held_by(organization_id: str, helper_id: str) -> Iterator[str]:
    page = Page(100)
    while True:
        found = QuestionPlace.of_person(organization_id, helper_id, "helper", page)
        yield from (place.question_id for place in found.items)
        if found.last is None:
            return
        page = Page(100, found.last)
