from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Moment, Tags, Text
from chalicelib.contracts.ids import MemberId, OrganizationId

Knows = Annotated[Tags, Field(examples=[["freins", "roues"]], description="What they can help with.")]
Wants = Annotated[Tags, Field(examples=[["apprendre à rayonner"]], description="What they look for.")]
Story = Annotated[Text, Field(max_length=1000, examples=["Je répare des vélos depuis l’enfance."])]
Role = Annotated[
    Literal["owner", "admin", "community_manager", "moderator", "staff", "none"], Field(examples=["none"])
]
Voice = Annotated[Literal["member", "staff", "champion", "partner"], Field(examples=["member"])]


class MembershipView(Contract):
    """Someone in an organization, as the people there see them."""

    organization_id: OrganizationId
    member_id: MemberId
    name: Annotated[str | None, Field(examples=["Camille Le Goff"], description="None once they have left.")]
    role: Role
    voice: Voice
    knows: Knows
    wants: Wants
    story: Story
    followed_at: Moment
    version: Annotated[int, Field(examples=[1])]


class FollowingView(Contract):
    """An organization that the caller follows, and what they are there."""

    organization_id: OrganizationId
    slug: Annotated[str, Field(examples=["cyclofil"])]
    name: Annotated[str, Field(examples=["Cyclofil"], description="The organization’s.")]
    role: Role
    voice: Voice
    followed_at: Moment


class Introduce(Input):
    """What a member tells one organization of themself; what is left out stays as it is."""

    knows: Knows | None = None
    wants: Wants | None = None
    story: Story | None = None


class GiveRole(Input):
    """A role, and for those without one the voice they speak with."""

    role: Role
    voice: Annotated[Literal["member", "champion", "partner"] | None, Field(examples=["champion"])] = None


class RoleChangeView(Contract):
    """A role given or taken, as everyone there may know."""

    member_id: MemberId
    actor_id: MemberId
    before: Role
    after: Role
    voice: Annotated[Voice, Field(description="The voice they speak with since.")]
    at: Moment
