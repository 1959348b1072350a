from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime


class Widget(CommunityItem, discriminator="widget"):
    """What an organization decided of the widget on its own site."""

    organization_id = UnicodeAttribute()
    origins: JSONAttribute = JSONAttribute(default=list)
    """The sites it may be on, each exactly as a browser says it in `Origin`."""
    theme: JSONAttribute = JSONAttribute(default=dict)
    texts: JSONAttribute = JSONAttribute(default=dict)
    """Language → what the widget says."""
    allowed_query_parameters: JSONAttribute = JSONAttribute(default=list)
    """What of a page's address may be told to helpers; the rest of its query is nobody's business."""
    topics: JSONAttribute = JSONAttribute(default=list)
    """What the organization suggests to ask about; whoever asks may choose anything else."""
    host: JSONAttribute = JSONAttribute(null=True)
    """Who vouches for visitors: `{issuer, audience, jwks}`."""
    updated_by = UnicodeAttribute()
    updated_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str) -> Key[Widget]:
        return Key(cls, f"ORG#{organization_id}#WIDGET", "WIDGET")

    @classmethod
    def of(cls, organization_id: str, *, by: str, at: datetime, **values: Any) -> Widget:
        """A widget set up at this instant, not saved yet."""
        key = cls.key(organization_id)
        return cls(
            key.pk, key.sk, organization_id=organization_id, updated_by=by, updated_at=at, **values
        )  # fmt: skip
