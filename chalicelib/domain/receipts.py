"""What makes a POST safe to send again: a receipt in the use case's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from chalicelib.domain import errors
from chalicelib.models import changes, tables
from chalicelib.models.markers import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R")


class IdempotencyKeyReused(errors.Invalid):
    """The same key came with another request."""

    reason: ClassVar = {
        "en": "This Idempotency-Key was already used for a different request.",
        "fr": "Cette Idempotency-Key a déjà servi pour une autre demande.",
    }


@dataclass(frozen=True)
class Replay:
    """The request was carried out before: this is what it created, as it is today.

    None when that was deleted since, or when it created nothing.
    """

    created: Any


def carry_out(
    use_case: Callable[[], R], *, principal: str, route: str, key: str | None, fingerprint: str
) -> R | Replay:
    """Carry out a request once per key, or find what it created before.

    Nothing is kept of a request that was refused. Raises IdempotencyKeyReused when the fingerprint differs,
    Busy when other writers were faster again and again.
    """
    if key is None:
        return _unless_overtaken(use_case)
    receipt = Receipt.of(principal, route, key, fingerprint)
    if (replay := _replay(receipt)) is not None:
        return replay
    held = changes.receipt.set(receipt)
    try:
        return _unless_overtaken(use_case)
    except changes.AlreadyAnswered:  # the same request, sent twice at once: the other one was first
        return _replay(receipt) or Replay(None)
    except errors.Refusal:  # it may be the other one's doing that this one is refused
        if (replay := _replay(receipt)) is not None:
            return replay
        raise
    finally:
        changes.receipt.reset(held)


def _replay(receipt: Receipt) -> Replay | None:
    (kept,) = tables.load(tables.Key(Receipt, receipt.pk, receipt.sk))
    if kept is None or kept.is_over():
        return None
    if kept.fingerprint != receipt.fingerprint:
        raise IdempotencyKeyReused
    if kept.created_pk is None:
        return Replay(None)
    (created,) = tables.load(tables.Key(tables.CommunityItem, kept.created_pk, kept.created_sk))
    return Replay(created)


def _unless_overtaken(use_case: Callable[[], R]) -> R:
    try:
        return use_case()
    except changes.Overtaken as race:
        raise errors.Busy from race
