from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.exceptions import DeleteError, PutError

from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from collections.abc import Iterable

_REFUSED = "ConditionalCheckFailedException"


class Presence(LiveItem, discriminator="presence"):
    """Whether a member is there: from their live connections alone, the best of them counts.

    `state` is what it was when last written; `state_at` what it is at a moment.
    """

    state = UnicodeAttribute(default="active")
    """active, afk, notifiable or offline; who has none is offline."""
    connections: JSONAttribute = JSONAttribute(default=dict)
    """Connection → `{until, active_until, notified}`, in seconds: nothing lasts that is not renewed."""
    opted_in = BooleanAttribute(default=False)
    """Whether they may be notified once their last connection is lost."""
    left_at = NumberAttribute(default=0)
    """When their last connection was over, in seconds: for questions that wait for them, told to nobody."""
    version = VersionAttribute()

    @classmethod
    def of(cls, member_id: str, **values: Any) -> Presence:
        """Someone's presence, not saved yet."""
        return cls(f"PRESENCE#{member_id}", "PRESENCE", **{"expires_at": 0, **values})

    @classmethod
    def find(cls, member_id: str) -> Presence | None:
        found: Presence | None = cls.find_by(f"PRESENCE#{member_id}", "PRESENCE")
        return found

    @classmethod
    def of_members(cls, member_ids: Iterable[str]) -> dict[str, Presence]:
        """The presence of those who have one, by member: one call per hundred."""
        keys = [(f"PRESENCE#{member_id}", "PRESENCE") for member_id in dict.fromkeys(member_ids)]
        return {found.member_id: found for found in cls.batch_get(keys, consistent_read=True)} if keys else {}

    @property
    def member_id(self) -> str:
        return self.pk.partition("#")[2]

    def state_at(self, now: float) -> str:
        """active, afk, notifiable or offline."""
        if self.expires_at <= now:
            return "offline"
        if not self.connections:
            return str(self.state)
        live = [told for told in self.connections.values() if told["until"] > now]
        if any(told["active_until"] > now for told in live):
            return "active"
        if live:
            return "afk"
        return "notifiable" if self.opted_in else "offline"

    def ended_at(self, now: float) -> float | None:
        """When their last connection was over; None while there is one."""
        last = max((told["until"] for told in self.connections.values()), default=self.left_at)
        return None if last > now else float(last)

    def keep(self) -> bool:
        """Save it as it now is; False when it was changed meanwhile."""
        try:
            self.save()
        except PutError as refused:
            if refused.cause_response_code == _REFUSED:
                return False
            raise
        return True

    def drop(self) -> bool:
        """Delete it; False when it was changed meanwhile."""
        try:
            self.delete()
        except DeleteError as refused:
            if refused.cause_response_code == _REFUSED:
                return False
            raise
        return True
