"""Someone who watches a conversation in hand, to learn, with the agreement of both whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class SpectatorProposed(Event):
    """One of the two agrees that someone watches; the other one is asked, and nobody else is told."""

    question_id: str
    asker_id: str
    helper_id: str
    spectator_id: str


@dataclass(frozen=True, kw_only=True)
class SpectatorInvited(Event):
    """Both agree that someone watches: that person is asked whether they come."""

    question_id: str
    asker_id: str
    helper_id: str
    spectator_id: str


@dataclass(frozen=True, kw_only=True)
class SpectatorCame(Event):
    """Someone watches: they read what is said from here on, and say nothing."""

    question_id: str
    asker_id: str
    helper_id: str
    spectator_id: str


@dataclass(frozen=True, kw_only=True)
class SpectatorRefused(Event):
    """Someone is not to watch after all, before they were told: only the two learn of it."""

    question_id: str
    asker_id: str
    helper_id: str
    spectator_id: str


@dataclass(frozen=True, kw_only=True)
class SpectatorLeft(Event):
    """Someone whom both let watch declined, left, or is let watch no longer."""

    question_id: str
    asker_id: str
    helper_id: str
    spectator_id: str
