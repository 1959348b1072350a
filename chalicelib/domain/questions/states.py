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

CONSIDERING = timedelta(minutes=15)
"""What the asker has to say whether they wait for someone who comes back later."""

LONGEST_RETURN = timedelta(hours=24)
"""How far away a return may be that an asker is asked to wait for."""

SILENCE = timedelta(hours=72)
"""What the asker has to say whether an answer helped."""

REOPENING = timedelta(days=7)
"""How long what was closed may be opened again."""

PATIENCE = timedelta(days=30)
"""How long a round waits for its end."""

UNSEEN = timedelta(minutes=2)
"""How long the asker may be away before what a helper says is mailed to them."""

ABSENCE = timedelta(minutes=15)
"""How long a helper may be away while the asker waits."""


CLOSED = frozenset({"resolved", "closed_unconfirmed"})
"""States that the asker may open again, and in which an exchange may be shared."""


class QuestionNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such question, or it is not for you to read.",
        "fr": "Cette question n’existe pas, ou il ne vous appartient pas de la lire.",
    }


class QuestionStateRefused(errors.Conflict):
    """`state` is what the question is in now."""

    reason: ClassVar = {
        "en": "This cannot be done to the question as it is now ({state}).",
        "fr": "Ceci n’est pas possible dans l’état actuel de la question ({state}).",
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


class WordsNoLongerKept(errors.Conflict):
    """`linked_to` is what to ask a new question with, so that it goes on from this one."""

    reason: ClassVar = {
        "en": "This was closed so long ago that its words are no longer kept: ask a new question.",
        "fr": "C’est clos depuis si longtemps que les mots n’en sont plus conservés : posez une nouvelle "
        "question.",
    }
    example: ClassVar = {"linked_to": "qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"}


def must_be_kept(question: Question, now: datetime) -> None:
    """Raise WordsNoLongerKept when nobody reads, or adds to, what was said about a question any more."""
    if question.is_over(now):
        raise WordsNoLongerKept(linked_to=question.id)


def must_be(question: Question, allowed: Collection[str], now: datetime) -> str:
    """The state that the question is in, when it is one of these; raises QuestionStateRefused."""
    state = question.state_at(now)
    if state not in allowed:
        raise QuestionStateRefused(state=state)
    return state
