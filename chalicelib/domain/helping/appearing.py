"""What live connections show of a volunteer: said at each sign of life, and unsaid when they go."""

from __future__ import annotations

from chalicelib.models import volunteers
from chalicelib.models.helping import HelpingPlace
from chalicelib.pages import Page


def appear(member_id: str, *, until: int) -> None:
    """Count a member, until this second, among those who are there wherever they help: two calls at most."""
    if places := _helps_in(member_id):
        volunteers.show(member_id, places, until=until)


def vanish(member_id: str) -> None:
    """Count a member no more: two calls at most."""
    if places := _helps_in(member_id):
        volunteers.hide(member_id, places)


def _helps_in(member_id: str) -> list[str]:
    places = HelpingPlace.of_member(member_id, Page(volunteers.MOST_PLACES))
    return [place.organization_id for place in places.items]
