"""What a guest asked, once they turned out to be a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.models.changes import changes
from chalicelib.models.questions import QuestionPlace
from chalicelib.pages import Page

if TYPE_CHECKING:
    from chalicelib.domain.events import GuestMerged

AT_ONCE = 50


def inherit(event: GuestMerged) -> None:
    """Let a member find what they asked as this guest among their own. Repeating changes nothing.

    The questions stay what they were, unverified ones too: only who may look for them is added.
    """
    page = Page(AT_ONCE)
    while True:
        found = QuestionPlace.of_person(event.organization_id, event.guest_id, "asker", page)
        with changes() as change:
            for place in found.items:
                change.save(place.seen_by(event.organization_id, event.actor_id, "asker"))
        if found.last is None:
            return
        page = Page(AT_ONCE, found.last)
