from __future__ import annotations

from pynamodb.attributes import NumberAttribute

from chalicelib.models.tables import LiveItem


class RateWindow(LiveItem, discriminator="rate_window"):
    """How often someone did something within one window of time. A lost answer may count a call twice."""

    calls = NumberAttribute(default=0)

    @classmethod
    def add_call(cls, policy: str, principal: str, *, window: int, ends_at: int) -> int:
        """Count one more call; how many there are now in this window."""
        item = cls(f"RATE#{policy}#{principal}", str(window))
        item.update(actions=[cls.calls.add(1), cls.expires_at.set(ends_at)])
        return int(item.calls)
