"""Limits on how often anyone may write: the same for everyone, whoever they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.gateways import clock
from chalicelib.models.rates import RateWindow

if TYPE_CHECKING:
    from chalicelib.models.changes import Changes


class TooManyRequests(errors.LimitReached):
    reason: ClassVar = {
        "en": "That is more than {limit} requests in {window} seconds: wait {retry_after} seconds.",
        "fr": "Cela fait plus de {limit} demandes en {window} secondes : attendez {retry_after} secondes.",
    }
    example: ClassVar = {"limit": 120, "window": 60, "retry_after": 17}


@dataclass(frozen=True)
class Policy:
    """At most `limit` calls in each window of `window` seconds."""

    name: str
    limit: int
    window: int = 60
    by_address: bool = False
    """Whether it is held against the network address, whoever calls from there."""


WRITES = Policy("writes", limit=120)
ANONYMOUS = Policy("anonymous", limit=30)


@dataclass(frozen=True)
class Allowance:
    """What is left of a policy; `resets_in` is in seconds."""

    policy: Policy
    remaining: int
    resets_in: int


def spend(policy: Policy, principal: str) -> Allowance:
    """Count one call against a policy; raises TooManyRequests when nothing is left."""
    window, resets_in, ends_at = _window(policy)
    calls = RateWindow.add_call(policy.name, principal, window=window, ends_at=ends_at)
    if calls > policy.limit:
        raise _refusal(policy, resets_in)
    return Allowance(policy, policy.limit - calls, resets_in)


def spend_in(change: Changes, policy: Policy, principal: str) -> None:
    """Count one call against a policy with the change that it is for: what is not done is not counted.

    The change raises TooManyRequests when nothing is left.
    """
    window, resets_in, ends_at = _window(policy)
    counted = RateWindow.of(policy.name, principal, window=window)
    change.update(
        counted,
        *counted.counting(ends_at),
        condition=RateWindow.has_room(policy.limit),
        otherwise=_refusal(policy, resets_in),
    )


def _window(policy: Policy) -> tuple[int, int, int]:
    """Which window it is, in how many seconds it is over, and until when it is remembered."""
    now = int(clock.now().timestamp())
    window, elapsed = divmod(now, policy.window)
    return window, policy.window - elapsed, now + 2 * policy.window


def _refusal(policy: Policy, resets_in: int) -> TooManyRequests:
    return TooManyRequests(limit=policy.limit, window=policy.window, retry_after=resets_in)
