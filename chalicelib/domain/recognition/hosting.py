"""What hosting a meetup earns: one merit, once someone else who was there says that the host was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.recognition import merit, rules
from chalicelib.gateways import ids
from chalicelib.models.meetups import Meetup
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain import events

OBJECT = "meetup"


@dataclass(frozen=True, kw_only=True)
class Hosting:
    """That someone says of a host that they were at their meetup."""

    id: str
    """Of the event that tells it."""
    organization_id: str
    actor_id: str
    """Who says so."""
    beneficiary_id: str
    beneficiary_voice: str
    object_id: str
    at: datetime
    """When the meetup began, whenever it was said: the line of a meetup is the same whoever says it first."""
    object_kind: str = OBJECT
    thanks_id: None = None


def earn(event: events.PresenceAttested) -> None:
    """Write what a host earns who is seen at their meetup; before it begins, that waits for it to begin."""
    if event.member_id != event.host_id or event.at < event.starts_at:
        return
    _earn(
        Hosting(
            id=event.id, organization_id=event.organization_id, actor_id=event.attested_by,
            beneficiary_id=event.host_id, beneficiary_voice=event.beneficiary_voice,
            object_id=event.meetup_id, at=event.starts_at,
        )
    )  # fmt: skip


def earn_for_before(event: events.MeetupStarted) -> None:
    """The same for a host who was seen before it began: what is cancelled in its last hour earns nothing.

    Whoever is seen later than this was read is told of by themselves.
    """
    meetup, rsvp = load(
        Meetup.key(event.organization_id, event.meetup_id), Rsvp.key(event.meetup_id, event.host_id)
    )
    if meetup is None or rsvp is None or rsvp.state != "checked_in":
        return
    for witness in rsvp.attested_by:
        _earn(
            Hosting(
                id=f"{event.id}#{witness}", organization_id=event.organization_id, actor_id=witness,
                beneficiary_id=event.host_id, beneficiary_voice=meetup.host_voice,
                object_id=event.meetup_id, at=meetup.starts_at,
            )
        )  # fmt: skip


def _earn(about: Hosting) -> None:
    """Write it once a meetup: with the word of the first who says so, or of the first whose word counts."""
    rule = rules.of_hosting(about.at)
    whose = rule.name, OBJECT, about.object_id, about.beneficiary_id
    lines = (ids.derived_at("ent", about.at, *whose, *nth) for nth in ((), ("after_nothing",)))
    merit.attest(about, rule, *lines, giver=about.actor_id, reason="hosted")
