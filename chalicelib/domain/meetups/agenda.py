"""Where a meetup is found: in its organization, in its salon, near a place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.meetups import vicinity
from chalicelib.models.meetups import AgendaEntry

if TYPE_CHECKING:
    from chalicelib.models.changes import Changes
    from chalicelib.models.meetups import Meetup

NEAR_UNTIL = timedelta(days=1)
"""How long after its end a meetup is still in the lists of what is near."""


MOST = 88
"""Entries that one change writes or takes away, of the hundred items of a transaction. Only in the far north,
where cells are narrow, are there more: of what is near, the clock sweeps away what is left behind, and until
then it leads to a meetup that says itself where and when it is.
"""


def of_organization(organization_id: str) -> str:
    """The collection of an organization's meetups."""
    return f"ORG#{organization_id}#AGENDA"


def of_salon(salon_id: str) -> str:
    """The collection of the meetups that were born from a salon."""
    return f"SALON#{salon_id}#AGENDA"


def near(cell: str) -> str:
    """The collection of the meetups within reach of a cell."""
    return f"NEAR#{cell}"


def of_series(series_id: str) -> str:
    """The collection of the meetups of a series."""
    return f"SERIES#{series_id}#AGENDA"


def enter(change: Changes, meetup: Meetup) -> None:
    """Have a meetup found where and when it is, and no more where it was; it keeps where it is listed.

    A single transaction writes no item twice: an entry that stays under its key is written over.
    """
    entries = _entries(meetup)
    places = [[entry.pk, entry.sk] for entry in entries]
    left = [place for place in meetup.agenda if place not in places]
    for collection, place in left[: MOST - len(entries)]:
        change.take_away(AgendaEntry.at(collection, place))
    for entry in entries:
        change.save(entry)
    meetup.agenda = places


def _entries(meetup: Meetup) -> list[AgendaEntry]:
    entries = [AgendaEntry.of(of_organization(meetup.organization_id), meetup)]
    if meetup.salon_id is not None:
        entries.append(AgendaEntry.of(of_salon(meetup.salon_id), meetup))
    if meetup.series_id is not None:
        entries.append(AgendaEntry.of(of_series(meetup.series_id), meetup))
    if meetup.place is not None:
        over = int((meetup.ends_at + NEAR_UNTIL).timestamp())
        where = (meetup.place["latitude"], meetup.place["longitude"])
        entries += [
            AgendaEntry.of(near(cell), meetup, expires_at=over, district=vicinity.district_of(*where))
            for cell in vicinity.cells_around(*where)
        ]
    return entries
