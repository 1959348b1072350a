"""Every domain event: past tense, frozen, sufficient in itself. The journal keeps them for good.

`detail-type` on the bus is the name and version below. A field may be added with a default; anything else is
a new version beside the old one.
"""

from __future__ import annotations

import re
import typing
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Self

from chalicelib.gateways import clock, ids


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in an organization's community."""

    version: ClassVar[int] = 1

    id: str = field(default_factory=lambda: ids.new("evt"))
    organization_id: str
    actor_id: str
    at: datetime = field(default_factory=clock.now)

    @classmethod
    def detail_type(cls) -> str:
        """The name on the bus: `MemberWelcomed` is `member.welcomed.v1`."""
        words = re.sub(r"(?<!^)(?=[A-Z])", ".", cls.__name__).lower()
        noun, _, verb = words.rpartition(".")
        return f"{noun.replace('.', '_')}.{verb}.v{cls.version}"

    def detail(self) -> dict[str, Any]:
        """The event as JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: _plain(value) for name, value in values.items()}

    @classmethod
    def from_detail(cls, detail: dict[str, Any]) -> Self:
        """The event in this JSON; members it does not know, from a later release, are left aside.

        Raises ValueError when a required member is missing or `at` is no time.
        """
        hints = typing.get_type_hints(cls)
        known: dict[str, Any] = {}
        for f in fields(cls):
            if f.name in detail:
                value = detail[f.name]
                known[f.name] = datetime.fromisoformat(value) if hints[f.name] is datetime else value
            elif f.default is MISSING and f.default_factory is MISSING:
                raise ValueError(f"{cls.__name__} without {f.name}")
        return cls(**known)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True, kw_only=True)
class OrganizationCreated(Event):
    """A new organization opened its hub."""

    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class OrganizationFollowed(Event):
    """A member started to follow an organization; `actor_id` is the member."""


@dataclass(frozen=True, kw_only=True)
class OrganizationUnfollowed(Event):
    """A member stopped following an organization."""


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """Someone's role in an organization changed; everyone there may know."""

    member_id: str
    before: str
    after: str
    voice: str = "member"


@dataclass(frozen=True, kw_only=True)
class ThanksGiven(Event):
    """A member thanked the author of something."""

    thanks_id: str
    round: int
    object_kind: str
    object_id: str
    beneficiary_id: str
    beneficiary_voice: str


@dataclass(frozen=True, kw_only=True)
class ThanksWithdrawn(Event):
    """A member took their thanks back."""

    thanks_id: str
    round: int
    object_kind: str
    object_id: str
    beneficiary_id: str
    given_at: datetime
    """`at` of the ThanksGiven of this round."""


@dataclass(frozen=True, kw_only=True)
class MeritEarned(Event):
    """A member's merit rose; `actor_id` is who attested what for."""

    entry_id: str
    member_id: str
    amount: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class MeritReversed(Event):
    """What an attestation had earned a member went with it; `amount` is what went."""

    entry_id: str
    member_id: str
    amount: int
    rule: str


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
class StatementAppealed(Event):
    """Someone whose content was restricted asked for another decision."""

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


def every() -> list[type[Event]]:
    """Every event, in the order of this page."""
    return list(Event.__subclasses__())


def named(detail_type: str) -> type[Event] | None:
    """The event with this `detail-type`, or None."""
    return next((event for event in every() if event.detail_type() == detail_type), None)
