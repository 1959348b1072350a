from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.meetups import moment_key
from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from chalicelib.models.meetups import Meetup
    from chalicelib.pages import Page, Slice


class Tie(CommunityItem, discriminator="tie"):
    """What two people who met would like each other to have: neither reads it before both wish it.

    One row for both, so that whoever wishes second finds the first.
    """

    organization_id = UnicodeAttribute()
    meetup_id = UnicodeAttribute()
    shares: JSONAttribute = JSONAttribute(default=dict)
    """Member id → what they share."""
    made_at = UTCDateTimeAttribute(null=True)
    """Since when each reads the other's; None while one of them has not wished it, or no more."""
    told = BooleanAttribute(default=False)
    """Whether it was announced once: taking back and wishing again tells nobody anything."""
    version = VersionAttribute()

    @classmethod
    def key(cls, meetup_id: str, one_id: str, other_id: str) -> Key[Tie]:
        first, second = sorted((one_id, other_id))
        return Key(cls, f"MEETUP#{meetup_id}#TIES", f"{first}#{second}")

    @classmethod
    def of(cls, meetup: Meetup, one_id: str, other_id: str) -> Tie:
        """Nothing shared yet, not saved."""
        key = cls.key(meetup.id, one_id, other_id)
        return cls(key.pk, key.sk, organization_id=meetup.organization_id, meetup_id=meetup.id, shares={})

    def people(self) -> list[str]:
        """The two."""
        return str(self.sk).split("#")


class Contact(CommunityItem, discriminator="contact"):
    """That someone has what another shared with them: on their own list, and on that of the meetup."""

    organization_id = UnicodeAttribute()
    meetup_id = UnicodeAttribute()
    with_id = UnicodeAttribute()
    made_at = UTCDateTimeAttribute()

    @classmethod
    def every_entry(cls, tie: Tie) -> list[Contact]:
        """Where a tie that is made stands: twice for each of the two."""
        one, other = tie.people()
        return [
            cls(
                collection, f"{moment_key(tie.made_at)}#{tie.meetup_id}#{with_id}", with_id=with_id,
                organization_id=tie.organization_id, meetup_id=tie.meetup_id, made_at=tie.made_at,
            )
            for owner, with_id in ((one, other), (other, one))
            for collection in (cls.of_everywhere(owner), cls.of_meetup(tie.meetup_id, owner))
        ]  # fmt: skip

    @staticmethod
    def of_everywhere(member_id: str) -> str:
        """The collection of someone's contacts."""
        return f"MEMBER#{member_id}#CONTACTS"

    @staticmethod
    def of_meetup(meetup_id: str, member_id: str) -> str:
        """The collection of those whom they made at one meetup."""
        return f"MEETUP#{meetup_id}#CONTACTS#{member_id}"

    @classmethod
    def in_list(cls, collection: str, page: Page) -> Slice[Contact]:
        """One page of contacts, the newest first."""
        return cls.slice(collection, page, newest_first=True)
