"""Limits on how often anyone may write: the same for everyone, whoever they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.domain import errors
from chalicelib.gateways import clock
from chalicelib.models.rates import RateWindow


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
    now = int(clock.now().timestamp())
    window, elapsed = divmod(now, policy.window)
    resets_in = policy.window - elapsed
    calls = RateWindow.add_call(policy.name, principal, window=window, ends_at=now + 2 * policy.window)
    if calls > policy.limit:
        raise TooManyRequests(limit=policy.limit, window=policy.window, retry_after=resets_in)
    return Allowance(policy, policy.limit - calls, resets_in)
