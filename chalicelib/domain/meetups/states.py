"""How a meetup goes on, how long each thing takes, and what is refused in which state."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from chalicelib.domain import errors, limits

ANSWERING_FOR = limits.Policy("answering_for", limit=60, window=3600)
"""What a host says for others reaches people who stopped other mails."""

SURE = timedelta(hours=24)
"""Further ahead than this, whoever waited simply has the seat that is free, and may say no."""

SUDDEN = timedelta(hours=2)
"""Nearer than this, free seats are announced to everyone in line: the first to take them has them."""

OFFERED_FOR = timedelta(hours=6)
"""How long a seat is held for whom it is offered to, at most: never more than half of what is left."""

HEAD_START = timedelta(minutes=10)
"""How long those in line when seats were announced come before those who joined it since."""

RECAPPED_AFTER = timedelta(hours=48)
"""How long after its end a meetup is told."""

REMEMBERED = timedelta(days=90)
"""How long it is remembered that someone did not come."""

MOST_AT_ONCE = 16
"""How many people one transaction moves up the line: each takes up to five of the hundred items it holds."""

LOOKED_AT = 100
"""How many in line are looked at in one step for those who fit."""


class MeetupNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such meetup here.",
        "fr": "Cette rencontre n’existe pas ici.",
    }


class OnlyTheHosts(errors.Forbidden):
    reason: ClassVar = {
        "en": "Only those who host the meetup do this.",
        "fr": "Seules les personnes qui organisent la rencontre font ceci.",
    }


class OnlyTheHost(errors.Forbidden):
    """Who looks after a meetup, and whether it comes back, is for its host alone: not for those with them."""

    reason: ClassVar = {
        "en": "Only the host decides this; those who look after it with them do not.",
        "fr": "Seule la personne qui organise en décide, et non celles qui s’en occupent avec elle.",
    }


class MeetupStateRefused(errors.Conflict):
    """`state` is the one that it is in."""

    reason: ClassVar = {
        "en": "The meetup is in a state where this cannot be done: {state}.",
        "fr": "La rencontre est dans un état où ceci ne peut se faire : {state}.",
    }
    example: ClassVar = {"state": "ended"}


class AlreadyThere(errors.Conflict):
    """Being there is not taken back: others attested it."""

    reason: ClassVar = {
        "en": "They are there: others said so.",
        "fr": "Cette personne est là : d’autres l’ont dit.",
    }


class NobodyExpected(errors.NotFound):
    reason: ClassVar = {
        "en": "Nobody with a seat here is meant by this.",
        "fr": "Ceci ne désigne personne qui ait une place ici.",
    }


class RsvpsClosed(errors.Conflict):
    """Closing applies to every answer: to come, to leave, and to those that hosts give for others."""

    reason: ClassVar = {
        "en": "Answers to this meetup are closed since {closed_at}.",
        "fr": "Les réponses à cette rencontre sont closes depuis le {closed_at}.",
    }
    example: ClassVar = {"closed_at": "2026-11-28T15:00:00+00:00"}
