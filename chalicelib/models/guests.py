from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition

    from chalicelib.pages import Page, Slice


class Guest(CommunityItem, discriminator="guest"):
    """What is known, and proven, of a guest of an organization. Of most guests there is nothing to keep."""

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    name = UnicodeAttribute(null=True)
    """As the organization's site says."""
    email = UnicodeAttribute(null=True)
    """Proven to be theirs: never what they merely claim."""
    email_verified_by = UnicodeAttribute(null=True)
    """`host`, the organization's site, or `code`, a code mailed there."""
    member_id = UnicodeAttribute(null=True)
    """The member that they turned out to be."""
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, guest_id: str) -> Key[Guest]:
        return Key(cls, f"ORG#{organization_id}#GUESTS", guest_id)

    @classmethod
    def arriving(cls, organization_id: str, guest_id: str, *, at: datetime, **values: Any) -> Guest:
        """A guest of this instant, not saved yet."""
        key = cls.key(organization_id, guest_id)
        return cls(key.pk, key.sk, id=guest_id, organization_id=organization_id, created_at=at, **values)


class GuestLink(CommunityItem, discriminator="guest_link"):
    """That a member and a guest of an organization are the same person, seen from the member."""

    organization_id = UnicodeAttribute()
    guest_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    merged_at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, member_id: str, organization_id: str, guest_id: str) -> Key[GuestLink]:
        return Key(cls, f"MEMBER#{member_id}#GUESTS", f"{organization_id}#{guest_id}")

    @classmethod
    def of(cls, member_id: str, organization_id: str, guest_id: str, *, at: datetime) -> GuestLink:
        key = cls.key(member_id, organization_id, guest_id)
        return cls(
            key.pk, key.sk, member_id=member_id, organization_id=organization_id, guest_id=guest_id,
            merged_at=at,
        )  # fmt: skip

    @classmethod
    def is_absent(cls) -> Condition:
        """Nobody has shown that the two are one."""
        absent: Condition = cls.pk.does_not_exist()
        return absent

    @classmethod
    def of_member(cls, member_id: str, page: Page) -> Slice[GuestLink]:
        """The guests that a member was, by organization."""
        return cls.slice(f"MEMBER#{member_id}#GUESTS", page)


class GuestCode(CommunityItem, discriminator="guest_code"):
    """A code on its way to an address; the code itself is in the mail alone, and derived from `code_id`."""

    guest_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    code_id = UnicodeAttribute()
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    tries_left = NumberAttribute()
    until = UTCDateTimeAttribute()
    confirmed_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def key(cls, guest_id: str) -> Key[GuestCode]:
        return Key(cls, f"GUEST#{guest_id}#CODE", "CODE")

    @classmethod
    def of(cls, guest_id: str, *, until: datetime, **values: Any) -> GuestCode:
        """A code of this instant, not saved yet."""
        key = cls.key(guest_id)
        return cls(
            key.pk, key.sk, guest_id=guest_id, until=until, expires_at=int(until.timestamp()), **values
        )  # fmt: skip


class HostTokenUsed(CommunityItem, discriminator="host_token_used"):
    """That an organization's token was used: it is good once."""

    @classmethod
    def of(cls, organization_id: str, issuer: str, jti: str, *, until: datetime) -> HostTokenUsed:
        digest = hashlib.sha256(f"{issuer}\x1f{jti}".encode()).hexdigest()
        pk = f"ORG#{organization_id}#HOST_TOKEN#{digest}"
        return cls(pk, "USED", expires_at=int(until.timestamp()))
