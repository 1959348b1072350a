from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice


class Salon(CommunityItem, discriminator="salon"):
    """A place where an organization's followers talk about a theme.

    `seq` is the number of the newest message: messages are numbered without gaps, by the transaction that
    posts them. It moves without `version`, which guards what people decide about the salon.
    """

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The organization that opened it and looks after it."""
    shared_with = UnicodeSetAttribute(null=True)
    """Other organizations whose followers are at home here too."""
    title = UnicodeAttribute()
    theme = UnicodeAttribute(default="")
    state = UnicodeAttribute(default="open")
    off_topic = BooleanAttribute(default=False)
    """The salon for any subject, which nobody on staff can close."""
    slow_mode_seconds = NumberAttribute(default=0)
    retention_days = NumberAttribute(null=True)
    pinned_message_id = UnicodeAttribute(null=True)
    seq = NumberAttribute(default=0)
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, salon_id: str) -> Key[Salon]:
        return Key(cls, f"SALON#{salon_id}", "SALON")

    @classmethod
    def opening(
        cls, salon_id: str, *, organization_id: str, title: str, at: datetime, **values: Any
    ) -> Salon:
        """A salon of this instant, not saved yet."""
        key = cls.key(salon_id)
        return cls(
            key.pk, key.sk, id=salon_id, organization_id=organization_id, title=title, created_at=at, **values
        )  # fmt: skip

    def is_at_home_in(self, organization_id: str) -> bool:
        """Whether this organization opened the salon or shares it."""
        return organization_id == self.organization_id or organization_id in (self.shared_with or ())


class SalonPlace(CommunityItem, discriminator="salon_place"):
    """That a salon stands in an organization's list of salons."""

    salon_id = UnicodeAttribute()

    @classmethod
    def key(cls, organization_id: str, salon_id: str) -> Key[SalonPlace]:
        return Key(cls, f"ORG#{organization_id}#SALONS", salon_id)

    @classmethod
    def of(cls, organization_id: str, salon_id: str) -> SalonPlace:
        key = cls.key(organization_id, salon_id)
        return cls(key.pk, key.sk, salon_id=salon_id)

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[SalonPlace]:
        """The salons of an organization, oldest first."""
        return cls.slice(f"ORG#{organization_id}#SALONS", page)


class Reading(CommunityItem, discriminator="reading"):
    """A member's place in a salon they joined: how far they have read, and what is their own beyond that."""

    member_id = UnicodeAttribute()
    salon_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The organization through which they joined."""
    last_read_seq = NumberAttribute(default=0)
    own_seqs = NumberSetAttribute(null=True)
    """Numbers of their own messages beyond `last_read_seq`."""
    last_posted_at = UTCDateTimeAttribute(null=True)
    joined_at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, member_id: str, salon_id: str) -> Key[Reading]:
        return Key(cls, f"MEMBER#{member_id}#READINGS", salon_id)

    @classmethod
    def starting(
        cls, member_id: str, salon_id: str, *, organization_id: str, seq: int, at: datetime
    ) -> Reading:
        """A place taken now: what was said before is not unread."""
        key = cls.key(member_id, salon_id)
        return cls(
            key.pk, key.sk, member_id=member_id, salon_id=salon_id, organization_id=organization_id,
            last_read_seq=seq, joined_at=at,
        )  # fmt: skip

    def joining(self) -> list[Action]:
        """Take this place, or keep the one there is already."""
        return [
            Reading.kind.set(Reading),
            *(
                attribute.set(attribute | getattr(self, name))
                for name, attribute in (
                    ("member_id", Reading.member_id),
                    ("salon_id", Reading.salon_id),
                    ("organization_id", Reading.organization_id),
                    ("last_read_seq", Reading.last_read_seq),
                    ("joined_at", Reading.joined_at),
                )
            ),
        ]

    @classmethod
    def by_member(cls, member_id: str, page: Page) -> Slice[Reading]:
        """The salons that a member joined, oldest salon first."""
        return cls.slice(f"MEMBER#{member_id}#READINGS", page)
