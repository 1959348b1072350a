"""Who could answer right now: told before anyone types, as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import standing
from chalicelib.domain.helping import moments, replies
from chalicelib.gateways import clock
from chalicelib.models.guests import Guest
from chalicelib.models.helping import HelperCard, about
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load
from chalicelib.models.volunteers import VolunteerPresence

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.models.tables import Key

MOST_LOOKED_AT = 20
"""Volunteers there at once that are looked at: all that is read with them still comes in one call."""


NO_TOPIC = ""
"""What a question is about that names no topic: only those who help with anything are told of it."""


@dataclass(frozen=True)
class Availability:
    """What someone may expect who asks now."""

    available: int
    """Volunteers who are there and would take a question: counted one by one, never more than there are."""
    median_first_reply_seconds: int | None
    topic: str | None = None
    is_at_least: bool = False
    """More are there than were looked at: there may be more who would take it."""

    @property
    def reason(self) -> str | None:
        """Why there is no median."""
        return "not_enough_data" if self.median_first_reply_seconds is None else None


def of(organization_id: str, topic: str | None = None, *, asker_id: str | None = None) -> Availability:
    """Who is there for a question about this topic, or any, of this person. Raises OrganizationNotFound."""
    availability, *_ = look(organization_id, topic, asker_id=asker_id)
    return availability


def look(
    organization_id: str, topic: str | None = None, *also: Key[Any], asker_id: str | None = None
) -> tuple[Availability, Organization, tuple[Any, ...]]:
    """As `of`, with the organization and whatever else is to be read at the same moment.

    Nobody answers themself: whoever asks is not counted, nor the member whom a guest turned out to be.
    """
    now = clock.now()
    present, is_everyone = VolunteerPresence.some_in(organization_id, at=now, most=MOST_LOOKED_AT)
    days = replies.days(organization_id, now)
    organization, guest, *found = load(
        Organization.key(organization_id),
        Guest.key(organization_id, asker_id or "nobody"),
        *also,
        *days,
        *(HelperCard.key(organization_id, member_id) for member_id in present),
        *(Membership.key(organization_id, member_id) for member_id in present),
        *(Member.key(member_id) for member_id in present),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    others, found = tuple(found[: len(also)]), found[len(also) :]
    counted, found = found[: len(days)], found[len(days) :]
    each = len(present)
    volunteers = zip(present, found[:each], found[each : 2 * each], found[2 * each :], strict=True)
    askers = {asker_id, guest.member_id if guest is not None else None}
    available = sum(
        member_id not in askers and _would_take(card, membership, member, topic, now)
        for member_id, card, membership, member in volunteers
    )
    median = replies.median(counted)
    return Availability(available, median, topic or None, is_at_least=not is_everyone), organization, others


def _would_take(
    card: HelperCard | None,
    membership: Membership | None,
    member: Member | None,
    topic: str | None,
    now: datetime,
) -> bool:
    """Whether someone who is there would be told of such a question now."""
    if card is None or membership is None or member is None:
        return False
    return concerns(card, topic) and moments.may_be_pinged(card, member.time_zone, now)


def concerns(card: HelperCard, topic: str | None) -> bool:
    """Whether a volunteer may be asked about this; None: whatever they chose, before anyone says what."""
    return topic is None or bool(card.all_topics) or about(topic) in map(about, card.topics)
