from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import ListAttribute, UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice


class Membership(CommunityItem, discriminator="membership"):
    """A member's place in one organization: what they tell it, their role, the voice they speak with."""

    organization_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    role = UnicodeAttribute(default="none")
    voice = UnicodeAttribute(default="member")
    knows: ListAttribute[Any] = ListAttribute(default=list)
    wants: ListAttribute[Any] = ListAttribute(default=list)
    story = UnicodeAttribute(default="")
    followed_at = UTCDateTimeAttribute()
    first_posted_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, member_id: str) -> Key[Membership]:
        return Key(cls, f"ORG#{organization_id}#MEMBERS", member_id)

    @classmethod
    def starting(
        cls, organization_id: str, member_id: str, *, role: str, voice: str, at: datetime
    ) -> Membership:
        """A membership of this instant, not saved yet."""
        key = cls.key(organization_id, member_id)
        return cls(
            key.pk, key.sk, organization_id=organization_id, member_id=member_id,
            role=role, voice=voice, followed_at=at,
        )  # fmt: skip

    @classmethod
    def speaking(cls, at: datetime) -> list[Action]:
        """Have said something in the organization for the first time."""
        return cls.sets(first_posted_at=at)

    @classmethod
    def is_there(cls) -> Condition:
        """They follow still."""
        there: Condition = cls.pk.exists()
        return there

    @classmethod
    def is_silent(cls) -> Condition:
        """Still a member, who has not said anything yet."""
        silent: Condition = cls.pk.exists() & cls.first_posted_at.does_not_exist()
        return silent

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[Membership]:
        """The members of an organization, by id."""
        return cls.slice(f"ORG#{organization_id}#MEMBERS", page)


class Following(CommunityItem, discriminator="following"):
    """That a member follows an organization, seen from the member."""

    organization_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    followed_at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, member_id: str, organization_id: str) -> Key[Following]:
        return Key(cls, f"MEMBER#{member_id}#FOLLOWING", organization_id)

    @classmethod
    def starting(cls, member_id: str, organization_id: str, *, at: datetime) -> Following:
        key = cls.key(member_id, organization_id)
        return cls(key.pk, key.sk, organization_id=organization_id, member_id=member_id, followed_at=at)

    @classmethod
    def by_member(cls, member_id: str, page: Page) -> Slice[Following]:
        """The organizations that a member follows, by id."""
        return cls.slice(f"MEMBER#{member_id}#FOLLOWING", page)


class RoleChange(CommunityItem, discriminator="role_change"):
    """Who gave whom which role: visible to every member of the organization."""

    member_id = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    before = UnicodeAttribute()
    after = UnicodeAttribute()
    voice = UnicodeAttribute(default="member")
    """The voice they speak with since."""
    at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, organization_id: str, change_id: str, *, at: datetime, **values: Any) -> RoleChange:
        return cls(f"ORG#{organization_id}#ROLE_CHANGES", change_id, at=at, **values)

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[RoleChange]:
        """The role changes of an organization, newest first."""
        return cls.slice(f"ORG#{organization_id}#ROLE_CHANGES", page, newest_first=True)
