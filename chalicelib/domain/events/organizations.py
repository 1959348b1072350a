"""Organizations, and who is what in them."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.events.event import Event


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
