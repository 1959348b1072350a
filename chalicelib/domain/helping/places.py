"""Where waves find volunteers: kept with what they set, what they follow, and their role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.roles import STAFF
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import ANYTHING, DUTY, HelperCard, HelpingPlace, Volunteering, about
from chalicelib.models.memberships import Membership
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.events import OrganizationUnfollowed, RoleChanged
    from chalicelib.models.changes import Changes


def arrange(change: Changes, card: HelperCard, *, is_staff: bool, **values: Any) -> None:
    """Write settings, and stand in exactly the places that follow from them."""
    organization_id, member_id = card.organization_id, card.member_id
    before, was_willing = places_of(card), card.is_willing()
    change.update(card, *card.setting(**values))
    for place in sorted(before - places_of(card)):
        change.delete(Volunteering.of(organization_id, place, member_id))
    for place in sorted(places_of(card) - before):
        change.save(Volunteering.of(organization_id, place, member_id))
    if card.is_willing() and is_staff:
        change.save(Volunteering.of(organization_id, DUTY, member_id))
    if card.is_willing() and not was_willing:
        change.save(HelpingPlace.of(member_id, organization_id))
    elif was_willing and not card.is_willing():
        change.delete(HelpingPlace.of(member_id, organization_id))


def places_of(card: HelperCard) -> set[str]:
    """Where waves find this volunteer, but for the duty of staff, which goes with their role."""
    return {about(topic) for topic in card.topics} | ({ANYTHING} if card.all_topics else set())


@retry_if_overtaken
def leave(event: OrganizationUnfollowed) -> None:
    """Be asked nothing more in an organization that one stopped following."""
    card, membership = load(
        HelperCard.key(event.organization_id, event.actor_id),
        Membership.key(event.organization_id, event.actor_id),
    )
    if card is None or membership is not None or not card.is_willing():
        return
    with changes() as change:
        arrange(change, card, is_staff=False, topics=[], all_topics=False)


@retry_if_overtaken
def go_on_duty(event: RoleChanged) -> None:
    """Have staff who help found among those on duty, when their role comes after their settings.

    Those whose role went stay there unseen: a wave reads the role of whoever it finds.
    """
    card, membership = load(
        HelperCard.key(event.organization_id, event.member_id),
        Membership.key(event.organization_id, event.member_id),
    )
    if card is None or membership is None or membership.role not in STAFF or not card.is_willing():
        return
    with changes() as change:
        change.save(Volunteering.of(event.organization_id, DUTY, event.member_id))
