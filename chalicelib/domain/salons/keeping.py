from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, members, standing
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.roles import HOSTS
from chalicelib.domain.salons.presence import enter, may_see
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Salon, SalonPlace
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page

TRANSITIONS = {
    "draft": {"open"},
    "open": {"read_only", "archived"},
    "read_only": {"open", "archived"},
}
"""What those who look after a salon may make of it; archived is final, frozen is not theirs."""


CALM = 60
"""Seconds of slow mode that calm the salon for any subject; more would be a way of closing it."""


class SalonStateRefused(errors.Conflict):
    reason: ClassVar = {
        "en": "A salon that is {before} cannot become {after}.",
        "fr": "Un salon dans l’état {before} ne peut pas passer à l’état {after}.",
    }
    example: ClassVar = {"before": "archived", "after": "open"}


class OffTopicSalonStaysOpen(errors.Conflict):
    reason: ClassVar = {
        "en": "The salon for any subject stays open, debates included: nobody in the organization closes it.",
        "fr": "Le salon hors-sujet reste ouvert, débats compris : personne dans l’organisation ne le ferme.",
    }


class DefaultSalonStaysOpen(errors.Conflict):
    reason: ClassVar = {
        "en": "Newcomers arrive in this salon: it cannot be archived.",
        "fr": "C’est ici qu’arrivent les nouveaux : ce salon ne peut pas être archivé.",
    }


class SalonUnalterable(errors.Conflict):
    reason: ClassVar = {
        "en": "Nothing about a salon changes while it is {state}.",
        "fr": "Rien ne change dans un salon tant qu’il est dans l’état {state}.",
    }
    example: ClassVar = {"state": "archived"}


def in_organization(caller: Caller | None, organization_id: str, page: Page) -> Slice[Salon]:
    """The salons of an organization, oldest first; drafts only for those who look after them.

    A draft that is left out shortens its page. Raises OrganizationNotFound.
    """
    places = SalonPlace.in_organization(organization_id, page)
    who = caller.member_id if caller else NOBODY
    organization, member, membership, *salons = load(
        Organization.key(organization_id),
        Member.key(who),
        Membership.key(organization_id, who),
        *(Salon.key(place.salon_id) for place in places.items),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    members.known(caller, member)
    return Slice([salon for salon in salons if salon is not None and may_see(salon, membership)], places.last)


def find(caller: Caller | None, organization_id: str, salon_id: str) -> Salon:
    """One salon. Raises SalonNotFound."""
    return enter(caller, organization_id, salon_id).salon


def create(caller: Caller, organization_id: str, *, slow_mode_seconds: int | None, **values: Any) -> Salon:
    """Make a salon, as a draft or open at once; its slow mode is the organization's unless it says so.

    Raises OrganizationNotFound, RoleRequired, Suspended.
    """
    here = standing.of(caller, organization_id)
    here.must_be_one_of(HOSTS)
    here.must_not_be_suspended()
    if slow_mode_seconds is None:
        slow_mode_seconds = here.organization.settings.get("slow_mode_seconds", {}).get("value", 0)
    salon = Salon.opening(
        ids.new("sal"),
        organization_id=organization_id,
        slow_mode_seconds=slow_mode_seconds,
        at=clock.now(),
        **values,
    )
    with changes() as change:
        change.create(salon)
        change.create(SalonPlace.of(organization_id, salon.id))
        if salon.state == "open":
            change.announce(_opened(salon, caller))
    return salon


@retry_if_overtaken
def edit(caller: Caller, organization_id: str, salon_id: str, *, version: int, **given: Any) -> Salon:
    """Change what is said of a salon, its calm, its retention or its state; what is not given stays.

    Raises SalonNotFound, RoleRequired, LookedAfterElsewhere, ChangedMeanwhile, SalonUnalterable,
    SalonStateRefused, OffTopicSalonStaysOpen, DefaultSalonStaysOpen.
    """
    here = enter(caller, organization_id, salon_id, Organization.key(organization_id))
    here.must_look_after()
    salon, (organization,) = here.salon, here.also
    changed = {name: value for name, value in given.items() if value != getattr(salon, name)}
    if not changed:
        return salon
    if salon.version != version:
        raise errors.ChangedMeanwhile
    before, after = salon.state, changed.get("state")
    if salon.off_topic and ("retention_days" in changed or changed.get("slow_mode_seconds", 0) > CALM):
        raise OffTopicSalonStaysOpen
    if after is None:
        must_be_alterable(salon)
    else:
        _must_become(salon, after, organization)
    with changes() as change:
        change.edit(salon, **changed)
        if after is not None:
            change.announce(_changed(salon, caller, before, after))
        if before == "draft" and after == "open":
            change.announce(_opened(salon, caller))
    return salon


def must_be_alterable(salon: Salon) -> None:
    """Raise SalonUnalterable when those who look after the salon cannot change it any more, or for now."""
    if salon.state not in TRANSITIONS:
        raise SalonUnalterable(state=salon.state)


def _must_become(salon: Salon, after: str, organization: Organization) -> None:
    if salon.off_topic and after != "open":
        raise OffTopicSalonStaysOpen
    if after not in TRANSITIONS.get(salon.state, ()):
        raise SalonStateRefused(before=salon.state, after=after)
    if after == "archived" and salon.id == organization.default_salon_id:
        raise DefaultSalonStaysOpen


def _opened(salon: Salon, caller: Caller) -> events.SalonOpened:
    return events.SalonOpened(
        organization_id=salon.organization_id, actor_id=caller.member_id, salon_id=salon.id, title=salon.title
    )


def _changed(salon: Salon, caller: Caller, before: str, after: str) -> events.SalonStateChanged:
    return events.SalonStateChanged(
        organization_id=salon.organization_id,
        actor_id=caller.member_id,
        salon_id=salon.id,
        before=before,
        after=after,
    )
