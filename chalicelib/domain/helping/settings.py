"""What a volunteer decides for themself: what they are asked about, how much of it, when, and not now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, standing
from chalicelib.domain.helping.moments import is_paused
from chalicelib.domain.helping.places import arrange
from chalicelib.domain.roles import STAFF
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import HelperCard, about

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.models.members import Member


class QuietHoursUnclear(errors.Invalid):
    reason: ClassVar = {
        "en": "Quiet hours have a beginning and another time as their end; or neither.",
        "fr": "Des heures calmes ont un début et une autre heure pour fin ; ou ni l’un ni l’autre.",
    }
    example: ClassVar = {"pointer": "/quiet_to"}


class PauseIsOver(errors.Invalid):
    reason: ClassVar = {
        "en": "A pause ends in the future; without an end it lasts until you end it.",
        "fr": "Une pause finit dans le futur ; sans fin, elle dure jusqu’à ce que vous y mettiez fin.",
    }
    example: ClassVar = {"pointer": "/until"}


@dataclass(frozen=True)
class Helping:
    """How a member helps in one organization, as they see it."""

    card: HelperCard
    member: Member

    version: ClassVar = None
    """Settings are replaced as a whole, by one person: whoever has read them holds no version of them."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.card, name)

    @property
    def in_hand(self) -> int:
        """Conversations they are in now."""
        return int(self.card.active_count)

    @property
    def time_zone(self) -> str:
        """Whose hours and days are meant."""
        return str(self.member.time_zone)

    @property
    def paused(self) -> bool:
        """Whether they take nothing now."""
        return is_paused(self.card, clock.now())

    @property
    def paused_until(self) -> datetime | None:
        """When their pause ends by itself."""
        return self.card.paused_until if self.paused else None


def read(caller: Caller, organization_id: str) -> Helping:
    """How the caller helps there. Raises OrganizationNotFound, FollowersOnly."""
    here = _here(caller, organization_id)
    return Helping(_card(here), here.member)


@retry_if_overtaken
def set_up(caller: Caller, organization_id: str, **values: Any) -> Helping:
    """Set how the caller helps there, all of it. Repeating changes nothing.

    Raises OrganizationNotFound, FollowersOnly, Suspended, QuietHoursUnclear.
    """
    quiet = (values["quiet_from"], values["quiet_to"])
    if quiet != (None, None) and (None in quiet or quiet[0] == quiet[1]):
        raise QuietHoursUnclear(pointer="/quiet_to")
    here = _here(caller, organization_id)
    membership = here.must_follow()
    here.must_not_be_suspended()
    card = _card(here)
    values["topics"] = _each_once(values["topics"])
    if card.version is None or any(getattr(card, name) != value for name, value in values.items()):
        with changes() as change:
            arrange(change, card, is_staff=membership.role in STAFF, **values)
    return Helping(card, here.member)


def _each_once(topics: list[str]) -> list[str]:
    """Topics as they were written first."""
    known: dict[str, str] = {}
    for topic in topics:
        known.setdefault(about(topic), topic)
    return list(known.values())


@retry_if_overtaken
def pause(caller: Caller, organization_id: str, *, until: datetime | None) -> Helping:
    """Take nothing more from this instant, until told or by itself. It costs nothing.

    Raises OrganizationNotFound, FollowersOnly, PauseIsOver.
    """
    if until is not None and until <= clock.now():
        raise PauseIsOver(pointer="/until")
    here = _here(caller, organization_id)
    card = _card(here)
    with changes() as change:
        change.update(card, *card.pausing(until), versioned=False)
    card.paused, card.paused_until = True, until
    return Helping(card, here.member)


@retry_if_overtaken
def resume(caller: Caller, organization_id: str) -> Helping:
    """End a pause. Repeating changes nothing. Raises OrganizationNotFound, FollowersOnly."""
    here = _here(caller, organization_id)
    card = _card(here)
    if card.paused:
        with changes() as change:
            change.update(card, *HelperCard.resuming(), versioned=False)
        card.paused, card.paused_until = False, None
    return Helping(card, here.member)


def _here(caller: Caller, organization_id: str) -> standing.Standing:
    here = standing.of(caller, organization_id, HelperCard.key(organization_id, caller.member_id))
    here.must_follow()
    return here


def _card(here: standing.Standing) -> HelperCard:
    (card,) = here.also
    return card or HelperCard.of(here.organization.id, here.member.id)
