"""Who is told of an open question, and when: everyone in a wave at once, in no order that means anything.

Being told is not being assigned: nobody has a question in hand who did not take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.models.helping import ANYTHING, DUTY, about

if TYPE_CHECKING:
    from collections.abc import Sequence

DELAYS = (timedelta(0), timedelta(seconds=60), timedelta(minutes=5), timedelta(minutes=30))
"""How long after a question is open each wave comes."""

PROMISE = 3
"""The wave that tells nobody but the asker."""

HAND_OVER = "hand_over"
"""Why someone sees a question that another helper has in hand."""

WHY = {
    "topic": {
        "en": "You help with one of its topics.",
        "fr": "Vous aidez sur l’un de ses sujets.",
    },
    "follower": {
        "en": "You help with anything here.",
        "fr": "Vous aidez ici sur tous les sujets.",
    },
    "on_duty": {
        "en": "You work for the organization, and nobody else has come yet.",
        "fr": "Vous travaillez pour l’organisation, et personne n’est encore venu.",
    },
    HAND_OVER: {
        "en": "Whoever helps with it looks for someone to go on: you help with such questions.",
        "fr": "La personne qui s’en occupe cherche quelqu’un pour la suite : vous aidez sur de tels sujets.",
    },
}
"""Why someone is asked, as they are told."""


@dataclass(frozen=True)
class Wave:
    """One wave of offers: why these people are asked, and the places where they are found."""

    number: int
    why: str
    places: tuple[str, ...]


def everyone_for(topics: Sequence[str]) -> Wave:
    """Those on any of these topics, and those for anything, at once: a hand-over waits two minutes."""
    return Wave(0, HAND_OVER, (*dict.fromkeys(map(about, topics)), ANYTHING))


def wave_of(number: int, topics: Sequence[str]) -> Wave:
    """The first wave is those on the topics, the second those for anything, the third staff."""
    if number == 0:
        return Wave(0, "topic", tuple(dict.fromkeys(map(about, topics))))
    return Wave(1, "follower", (ANYTHING,)) if number == 1 else Wave(2, "on_duty", (DUTY,))
