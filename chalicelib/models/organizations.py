from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice


class Organization(CommunityItem, discriminator="organization"):
    """A hub that people follow. Its sort key in the directory is its id, which sorts by creation time."""

    id = UnicodeAttribute()
    slug = UnicodeAttribute()
    name = UnicodeAttribute()
    aim = UnicodeAttribute()
    language = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    resources: JSONAttribute = JSONAttribute(default=list)
    settings: JSONAttribute = JSONAttribute(default=dict)
    """Setting → `{value, set_by, why, set_at}`."""
    site_url = UnicodeAttribute(null=True)
    """Where its community lives on its own site."""
    default_salon_id = UnicodeAttribute()
    owners = NumberAttribute(default=1)
    """How many members own it; moved in the transactions that change roles, never to zero."""
    community_manager_id = UnicodeAttribute(null=True)
    """Who welcomes newcomers."""
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str) -> Key[Organization]:
        return Key(cls, "ORGANIZATIONS", organization_id)

    @classmethod
    def opening(cls, organization_id: str, *, at: datetime, **values: Any) -> Organization:
        """An organization of this instant, not saved yet."""
        key = cls.key(organization_id)
        return cls(key.pk, key.sk, id=organization_id, created_at=at, **values)

    @classmethod
    def all(cls, page: Page) -> Slice[Organization]:
        """Every organization, oldest first."""
        return cls.slice("ORGANIZATIONS", page)

    @classmethod
    def owners_by(cls, difference: int) -> Action:
        """One owner more, or one less."""
        return cls.owners.add(difference)

    @classmethod
    def has_another_owner(cls) -> Condition:
        """An owner may go only while another stays."""
        return cls.owners > 1
