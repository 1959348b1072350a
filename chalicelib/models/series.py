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


class Series(CommunityItem, discriminator="series"):
    """A meetup that comes back, as it was proposed. Each time that it takes place is a meetup of its own."""

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    host_id = UnicodeAttribute()
    host_voice = UnicodeAttribute(default="member")
    state = UnicodeAttribute(default="running")
    """running, ended."""
    every = UnicodeAttribute()
    """week, two_weeks, month."""
    times = NumberAttribute()
    starts_at = UTCDateTimeAttribute()
    """Of the first one, as all that follows."""
    ends_at = UTCDateTimeAttribute()
    rsvp_closes_at = UTCDateTimeAttribute()
    time_zone = UnicodeAttribute()
    """Where the clock on the wall says the same each time."""
    said: JSONAttribute = JSONAttribute()
    """What each of its meetups begins with: title, about, place, online_url, and so on."""
    capacity = NumberAttribute(null=True)
    salon_id = UnicodeAttribute(null=True)
    question_id = UnicodeAttribute(null=True)
    ended_reason = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, series_id: str) -> Key[Series]:
        return Key(cls, f"ORG#{organization_id}#SERIES", series_id)

    @classmethod
    def proposing(cls, organization_id: str, series_id: str, *, at: datetime, **values: Any) -> Series:
        """A series of this instant, not saved yet."""
        key = cls.key(organization_id, series_id)
        return cls(key.pk, key.sk, id=series_id, organization_id=organization_id, created_at=at, **values)

    @classmethod
    def is_running(cls) -> Condition:
        """Nobody has ended it."""
        running: Condition = cls.state == "running"
        return running
