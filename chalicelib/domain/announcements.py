"""The way of every announcement from the journal to the bus: at least once, whatever dies on the way."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.gateways import clock, event_bus, ids
from chalicelib.models.journal import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GRACE = timedelta(minutes=1)
"""How long the relay is left to publish what was announced."""

SWEPT_AT_ONCE = 200


def publish(entries: Iterable[JournalEntry]) -> int:
    """Put entries on the bus, then clear the pending mark of those it accepted; how many that is.

    Dying in between publishes again later: consumers have each event's effect once.
    """
    published = 0
    for some in _tens(entries):
        accepted = event_bus.publish([(entry.detail_type, entry.detail) for entry in some])
        for entry, good in zip(some, accepted, strict=True):
            if good:
                entry.mark_published()
                published += 1
    return published


def publish_images(images: Iterable[Mapping[str, Any]]) -> int:
    """Publish journal entries as the table's stream carries them; how many the bus accepted."""
    return publish(JournalEntry.read(image) for image in images)


def sweep() -> int:
    """Publish what the relay did not: what is still pending after its grace, so many at a time."""
    return publish(JournalEntry.pending_before(ids.first_at("evt", clock.now() - GRACE), SWEPT_AT_ONCE))


def _tens(entries: Iterable[JournalEntry]) -> Iterator[list[JournalEntry]]:
    remaining = iter(entries)
    while some := list(itertools.islice(remaining, event_bus.MOST_AT_ONCE)):
        yield some
