"""People without an account."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class GuestCodeRequested(Event):
    """A guest asked for a code at an e-mail address, to show that it is theirs; `actor_id` is the guest."""

    code_id: str


@dataclass(frozen=True, kw_only=True)
class GuestMerged(Event):
    """A member proved to be the one who was here as a guest; `actor_id` is the member."""

    guest_id: str
