from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, following, members, presets, standing
from chalicelib.domain.roles import HOSTS, MANAGERS
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.markers import Unique
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Salon, SalonPlace
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page


class SlugTaken(errors.Conflict):
    reason: ClassVar = {
        "en": "Another organization is already called {slug}.",
        "fr": "Une autre organisation s’appelle déjà {slug}.",
    }
    example: ClassVar = {"slug": "cyclofil"}


class ManagerUnknown(errors.Invalid):
    reason: ClassVar = {
        "en": "The community manager must have a role in this organization.",
        "fr": "La personne qui anime doit avoir un rôle dans cette organisation.",
    }
    example: ClassVar = {"pointer": "/community_manager_id"}


def find(organization_id: str) -> Organization:
    """One organization. Raises OrganizationNotFound."""
    (organization,) = load(Organization.key(organization_id))
    if organization is None:
        raise standing.OrganizationNotFound
    return organization


def every(page: Page, slug: str | None = None) -> Slice[Organization]:
    """The organizations of this tenant, oldest first, or the one with this slug."""
    if slug is None:
        return Organization.all(page)
    (name,) = load(Unique.key("slug", slug))
    return Slice([find(name.holder)] if name else [])


def create(caller: Caller, *, slug: str, presets_chosen: list[str], **values: Any) -> Organization:
    """Open an organization with its salons and settings, its creator as owner. Raises SlugTaken."""
    members.must_be_a_zone(values.get("time_zone"))
    owner = members.require(caller)
    now = clock.now()
    organization_id = ids.new("org")
    organization = Organization.opening(
        organization_id,
        at=now,
        slug=slug,
        settings=presets.settings_of(presets_chosen, language=values["language"], at=now),
        default_salon_id=following.default_salon_of(organization_id),
        community_manager_id=owner.id,
        **values,
    )
    with changes() as change:
        change.create(organization)
        change.create(Unique.of("slug", slug, organization.id), otherwise=SlugTaken(slug=slug))
        for salon in _salons_of(organization, presets_chosen, now):
            change.create(salon)
            change.create(SalonPlace.of(organization.id, salon.id))
        following.begin(change, organization, owner.id, role="owner", voice="staff", seq=0, at=now)
        change.announce(
            events.OrganizationCreated(
                organization_id=organization.id, actor_id=owner.id, slug=slug, name=organization.name
            )
        )
    return organization


def _salons_of(organization: Organization, chosen: list[str], at: datetime) -> list[Salon]:
    """The default salon, one per aim, and the one for everything else."""
    themes = [
        (organization.default_salon_id, presets.SALONS["default"], False),
        *((ids.new("sal"), presets.PRESETS[name].salon, False) for name in chosen),
        (ids.new("sal"), presets.SALONS["off_topic"], True),
    ]
    return [
        Salon.opening(
            salon_id,
            organization_id=organization.id,
            title=words[organization.language][0],
            theme=words[organization.language][1],
            off_topic=off_topic,
            at=at,
        )
        for salon_id, words, off_topic in themes
    ]


@retry_if_overtaken
def edit(
    caller: Caller, organization_id: str, *, version: int, cleared: Collection[str] = (), **values: Any
) -> Organization:
    """Change what an organization says of itself; values that are None stay as they are, unless `cleared`.

    Raises RoleRequired, ChangedMeanwhile, ManagerUnknown.
    """
    members.must_be_a_zone(values.get("time_zone"))
    here = standing.of(caller, organization_id)
    here.must_be_one_of(MANAGERS)
    organization = here.organization
    given = errors.still_to_change(organization, values, version=version, cleared=cleared)
    if "community_manager_id" in given:
        _must_host(organization_id, given["community_manager_id"])
    if given:
        with changes() as change:
            change.edit(organization, **given)
    return organization


def _must_host(organization_id: str, member_id: str) -> None:
    (membership,) = load(Membership.key(organization_id, member_id))
    if membership is None or membership.role not in HOSTS:
        raise ManagerUnknown(pointer="/community_manager_id")


@retry_if_overtaken
def decide(
    caller: Caller, organization_id: str, *, values: dict[str, Any], why: str, version: int
) -> Organization:
    """Set settings by hand, saying why. Raises RoleRequired, ChangedMeanwhile."""
    here = standing.of(caller, organization_id)
    here.must_be_one_of(MANAGERS)
    organization = here.organization
    decided = presets.decided(values, organization.settings, by=here.member.id, why=why, at=clock.now())
    if decided and organization.version != version:
        raise errors.ChangedMeanwhile
    if decided:
        with changes() as change:
            change.edit(organization, settings={**organization.settings, **decided})
    return organization
