from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute

from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action


class RateWindow(LiveItem, discriminator="rate_window"):
    """How often someone did something within one window of time. A lost answer may count a call twice."""

    calls = NumberAttribute(default=0)

    @classmethod
    def add_call(cls, policy: str, principal: str, *, window: int, ends_at: int) -> int:
        """Count one more call; how many there are now in this window."""
        item = cls.of(policy, principal, window=window)
        item.update(actions=item.counting(ends_at))
        return int(item.calls)

    @classmethod
    def of(cls, policy: str, principal: str, *, window: int) -> RateWindow:
        """A handle on where calls are counted."""
        return cls(f"RATE#{policy}#{principal}", str(window))

    def counting(self, ends_at: int) -> list[Action]:
        """One call more, remembered until then."""
        return [RateWindow.calls.add(1), RateWindow.expires_at.set(ends_at)]

    @classmethod
    def has_room(cls, limit: int) -> Condition:
        """There were fewer calls than so many."""
        room: Condition = cls.pk.does_not_exist() | (cls.calls < limit)
        return room
