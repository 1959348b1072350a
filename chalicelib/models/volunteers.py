from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MOST_PLACES = 25
"""Organizations that a volunteer is shown in: as many as one call writes."""

MOST_READ = 300
"""Rows read at once: some may be over and not swept away yet."""


class VolunteerPresence(LiveItem, discriminator="volunteer_presence"):
    """That a volunteer of an organization is there and awake, until it expires or is shown again."""

    @classmethod
    def of(cls, organization_id: str, member_id: str, *, until: int = 0) -> VolunteerPresence:
        return cls(f"ORG#{organization_id}#PRESENT_VOLUNTEERS", member_id, expires_at=until)

    @classmethod
    def active_in(cls, organization_id: str, *, at: datetime, most: int) -> list[str]:
        """Volunteers who are there and awake at this moment: so many at most, in one call."""
        found, _ = cls.some_in(organization_id, at=at, most=most)
        return found

    @classmethod
    def some_in(cls, organization_id: str, *, at: datetime, most: int) -> tuple[list[str], bool]:
        """The same, and whether that is everyone."""
        rows = list(cls.query(cls.of(organization_id, "").pk, limit=MOST_READ))
        found = [row.sk for row in rows if row.expires_at > at.timestamp()]
        return found[:most], len(found) <= most and len(rows) < MOST_READ


def show(member_id: str, organization_ids: Sequence[str], *, until: int) -> None:
    """Show a member as awake, until this second, among the volunteers of these organizations: one call."""
    with VolunteerPresence.batch_write() as batch:
        for organization_id in organization_ids[:MOST_PLACES]:
            batch.save(VolunteerPresence.of(organization_id, member_id, until=until))


def hide(member_id: str, organization_ids: Sequence[str]) -> None:
    """Show a member no more: one call."""
    with VolunteerPresence.batch_write() as batch:
        for organization_id in organization_ids[:MOST_PLACES]:
            batch.delete(VolunteerPresence.of(organization_id, member_id))
