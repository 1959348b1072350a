"""What moderation decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read with the type hints of its events

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class SalonFrozen(Event):
    """Platform moderation froze a salon; the statement says why."""

    salon_id: str
    statement_id: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class SalonUnfrozen(Event):
    """Platform moderation, or an appeal, gave a salon back."""

    salon_id: str
    statement_id: str


@dataclass(frozen=True, kw_only=True)
class MessageHidden(Event):
    """Platform moderation hid a message; the statement says why."""

    salon_id: str
    message_id: str
    author_id: str
    statement_id: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class MessageRestored(Event):
    """Platform moderation, or an appeal, showed a hidden message again."""

    salon_id: str
    message_id: str
    author_id: str
    statement_id: str


@dataclass(frozen=True, kw_only=True)
class PictureHidden(Event):
    """Platform moderation hid a picture of a meetup; the statement says why."""

    meetup_id: str
    picture_id: str
    member_id: str
    """Who sent it."""
    statement_id: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class PictureRestored(Event):
    """Platform moderation, or an appeal, showed a hidden picture again."""

    meetup_id: str
    picture_id: str
    member_id: str
    statement_id: str


@dataclass(frozen=True, kw_only=True)
class MemberSuspended(Event):
    """Platform moderation suspended someone in this organization; the statement says why."""

    suspension_id: str
    member_id: str
    statement_id: str
    rule: str
    until: datetime
    """When it ends by itself."""


@dataclass(frozen=True, kw_only=True)
class SuspensionLifted(Event):
    """Platform moderation, or an appeal, ended a suspension early."""

    suspension_id: str
    member_id: str
    statement_id: str


@dataclass(frozen=True, kw_only=True)
class StatementAppealed(Event):
    """Someone who was restricted, or whose content was, asked for another decision."""

    statement_id: str
    object_kind: str
    object_id: str


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Event):
    """Another person than the first decided on an appeal."""

    statement_id: str
    object_kind: str
    object_id: str
    appealed_by: str
    outcome: str
