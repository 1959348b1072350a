"""What a question may become, and how long it may take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from chalicelib.models.questions import Question

LEASE = timedelta(seconds=120)
"""What whoever claims has for a first word."""

SKIPPED = timedelta(minutes=10)
"""How long whoever gave a question back is not offered it."""

PROPOSAL = timedelta(seconds=120)
"""What whoever is to take over has to accept."""

SILENCE = timedelta(hours=72)
"""What the asker has to say whether an answer helped."""

REOPENING = timedelta(days=7)
"""How long what was closed may be opened again."""

PATIENCE = timedelta(days=30)
"""How long a round waits for its end."""

ABSENCE = timedelta(minutes=15)
"""How long a helper may be away while the asker waits."""


class QuestionNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such question, or it is not for you to read.",
        "fr": "Cette question n’existe pas, ou il ne vous appartient pas de la lire.",
    }


class QuestionStateRefused(errors.Conflict):
    """`state` is what the question is in now."""

    reason: ClassVar = {
        "en": "This cannot be done to a question that is {state}.",
        "fr": "Ceci n’est pas possible pour une question dans l’état {state}.",
    }
    example: ClassVar = {"state": "withdrawn"}


class OnlyTheAsker(errors.Forbidden):
    reason: ClassVar = {
        "en": "Only the person who asked decides this.",
        "fr": "Seule la personne qui a posé la question en décide.",
    }


class OnlyTheHelper(errors.Forbidden):
    reason: ClassVar = {
        "en": "Only the person who has the question in hand does this.",
        "fr": "Seule la personne qui s’occupe de la question fait ceci.",
    }


def must_be(question: Question, allowed: Collection[str], now: datetime) -> str:
    """The state that the question is in, when it is one of these; raises QuestionStateRefused."""
    state = question.state_at(now)
    if state not in allowed:
        raise QuestionStateRefused(state=state)
    return state
