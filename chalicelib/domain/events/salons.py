"""Salons, and what is pinned in them."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class SalonOpened(Event):
    """A salon is there for everyone, from now on."""

    salon_id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class SalonStateChanged(Event):
    """A salon was opened, closed to new messages, reopened or archived by those who look after it."""

    salon_id: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class SalonOffered(Event):
    """An organization offered to share a salon with another one."""

    salon_id: str
    offered_to: str


@dataclass(frozen=True, kw_only=True)
class SalonShared(Event):
    """An organization accepted a salon: its followers, `organization_id`'s, are at home in it too."""

    salon_id: str
    offered_by: str


@dataclass(frozen=True, kw_only=True)
class SalonUnshared(Event):
    """A salon stopped being shared with `organization_id`."""

    salon_id: str
    offered_by: str


@dataclass(frozen=True, kw_only=True)
class MessagePinned(Event):
    """A message was pinned in its salon, in place of the one before if there was one."""

    salon_id: str
    message_id: str
    before: str | None = None


@dataclass(frozen=True, kw_only=True)
class MessageUnpinned(Event):
    """A salon has no pinned message any more."""

    salon_id: str
    message_id: str
