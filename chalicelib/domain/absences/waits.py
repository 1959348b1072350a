"""A helper who is gone while whoever asked waits: after a quarter of an hour someone else may help."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain import questions
from chalicelib.domain.live import presence
from chalicelib.domain.questions.states import ABSENCE
from chalicelib.gateways import clock
from chalicelib.models.questions import IN_HAND, Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import timedelta

TALKING = IN_HAND - {"claimed"}
"""States in which a helper may keep someone waiting: a claim has its lease."""

LONGER = 1.25
"""How much longer a wait has lasted each time that it is looked at: some 35 looks in a month."""


def watch(organization_id: str, question_id: str, since: str) -> None:
    """Return a question to the queue if its helper is gone, and look at it again as long as the wait lasts.

    `since` is when the wait began: nothing is done about one that is over. Done again it changes nothing.
    """
    (question,) = load(Question.key(organization_id, question_id))
    began, now = datetime.fromisoformat(since), clock.now()
    if question is None or question.state not in TALKING or question.asker_waits_since != began:
        return
    helper_id = str(question.helper_id)
    gone_since = presence.gone_since(helper_id)
    if gone_since is None or _waits_willingly(question, now):
        due = began + _next(now - began)
    elif (due := max(began, gone_since) + ABSENCE) <= now:
        questions.lose_helper(organization_id, question_id, helper_id, away_since=gone_since)
        return
    questions.deadlines.for_look(organization_id, question_id, since=began, due=due)


def _waits_willingly(question: Question, now: datetime) -> bool:
    """Whether whoever asked agreed to wait until someone else takes over."""
    agrees = (question.hand_over or {}).get("asker_agrees")
    return bool(agrees) and question.state_at(now) == "handing_over"


def _next(waited: timedelta) -> timedelta:
    """When to look again, the same for everyone who looks within the same time: timers may ring twice."""
    due = ABSENCE
    while due <= waited:
        due *= LONGER
    return due
