"""What rings when something is due: nothing is trusted but the clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.gateways import clock, timers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def ring(told: Mapping[str, Any], starters: Mapping[str, Callable[..., Any]]) -> None:
    """Start what a timer was set for; one that rings early is set again.

    Raises ValueError, KeyError or TypeError when this is no timer of ours.
    """
    start, due, detail = starters[told["timer"]], datetime.fromisoformat(told["due"]), dict(told["detail"])
    if due > clock.now():
        timers.set_for(due, told["timer"], told["name"], detail)
    else:
        start(**detail)
