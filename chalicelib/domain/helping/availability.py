"""Who could answer right now: told before anyone types, as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import standing
from chalicelib.domain.helping import moments, replies
from chalicelib.gateways import clock
from chalicelib.models.helping import HelperCard, about
from chalicelib.models.members import Member
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load
from chalicelib.models.volunteers import VolunteerPresence

if TYPE_CHECKING:
    from chalicelib.models.tables import Key

MOST_COUNTED = 80
"""Volunteers there at once that are counted: if there are more, fewer are told of, never more."""


@dataclass(frozen=True)
class Availability:
    """What someone may expect who asks now."""

    available: int
    """Volunteers who are there and would take a question."""
    median_first_reply_seconds: int | None
    topic: str | None = None

    @property
    def reason(self) -> str | None:
        """Why there is no median."""
        return "not_enough_data" if self.median_first_reply_seconds is None else None


def of(organization_id: str, topic: str | None = None) -> Availability:
    """Who is there for a question about this topic, or any. Raises OrganizationNotFound."""
    availability, *_ = look(organization_id, topic)
    return availability


def look(
    organization_id: str, topic: str | None = None, *also: Key[Any]
) -> tuple[Availability, Organization, tuple[Any, ...]]:
    """As `of`, with the organization and whatever else is to be read at the same moment."""
    now = clock.now()
    present = VolunteerPresence.active_in(organization_id, at=now, most=MOST_COUNTED)
    days = replies.days(organization_id, now)
    organization, *found = load(
        Organization.key(organization_id),
        *also,
        *days,
        *(HelperCard.key(organization_id, member_id) for member_id in present),
        *(Member.key(member_id) for member_id in present),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    others, found = tuple(found[: len(also)]), found[len(also) :]
    volunteers = zip(found[len(days) : len(days) + len(present)], found[-len(present) :], strict=False)
    available = sum(
        card is not None
        and member is not None
        and concerns(card, topic)
        and moments.is_available(card, member.time_zone, now)
        for card, member in volunteers
    )
    return Availability(available, replies.median(found[: len(days)]), topic), organization, others


def concerns(card: HelperCard, topic: str | None) -> bool:
    """Whether a volunteer may be asked about this, or for None about anything that they chose."""
    return topic is None or bool(card.all_topics) or about(topic) in map(about, card.topics)
