from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, members, presets
from chalicelib.domain.roles import require_role
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.markers import Unique
from chalicelib.models.members import Member
from chalicelib.models.memberships import Following, Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Reading, Salon, SalonPlace
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes
    from chalicelib.pages import Page, Slice


class OrganizationNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such organization.",
        "fr": "Cette organisation n’existe pas.",
    }


class SlugTaken(errors.Conflict):
    reason: ClassVar = {
        "en": "Another organization is already called {slug}.",
        "fr": "Une autre organisation s’appelle déjà {slug}.",
    }
    example: ClassVar = {"slug": "cyclofil"}


@dataclass(frozen=True)
class Standing:
    """Who a caller is in an organization."""

    organization: Organization
    member: Member
    membership: Membership | None

    def must_be_one_of(self, roles: frozenset[str]) -> None:
        """Raise RoleRequired unless the caller has one of these roles here."""
        require_role(self.membership, roles)


def standing(caller: Caller, organization_id: str) -> Standing:
    """Who the caller is in this organization, in one read. Raises OrganizationNotFound."""
    organization, member, membership = load(
        Organization.key(organization_id),
        Member.key(caller.member_id),
        Membership.key(organization_id, caller.member_id),
    )
    if organization is None:
        raise OrganizationNotFound
    return Standing(organization, member or members.arrive(caller), membership)


def find(organization_id: str) -> Organization:
    """One organization. Raises OrganizationNotFound."""
    (organization,) = load(Organization.key(organization_id))
    if organization is None:
        raise OrganizationNotFound
    return organization


def every(page: Page) -> Slice[Organization]:
    """The organizations of this tenant, oldest first."""
    return Organization.all(page)


def create(caller: Caller, *, slug: str, presets_chosen: list[str], **values: Any) -> Organization:
    """Open an organization with its salons and settings, its creator as owner. Raises SlugTaken."""
    owner = members.require(caller)
    now = clock.now()
    organization = Organization.opening(
        ids.new("org"),
        at=now,
        slug=slug,
        settings=presets.settings_of(presets_chosen, at=now),
        default_salon_id=ids.new("sal"),
        community_manager_id=owner.id,
        **values,
    )
    with changes() as change:
        change.create(organization)
        change.create(Unique.of("slug", slug, organization.id), otherwise=SlugTaken(slug=slug))
        for salon in _salons_of(organization, presets_chosen, now):
            change.create(salon)
            change.create(SalonPlace.of(organization.id, salon.id))
        _begin(change, organization, owner.id, role="owner", voice="staff", at=now)
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
def follow(caller: Caller, organization_id: str) -> Membership:
    """Follow an organization: a membership and a place in its default salon, once however often asked."""
    here = standing(caller, organization_id)
    if here.membership is not None:
        return here.membership
    with changes() as change:
        membership = _begin(
            change, here.organization, here.member.id, role="none", voice="member", at=clock.now()
        )
        change.announce(events.OrganizationFollowed(organization_id=organization_id, actor_id=here.member.id))
    return membership


def _begin(
    change: Changes, organization: Organization, member_id: str, *, role: str, voice: str, at: datetime
) -> Membership:
    membership = Membership.starting(organization.id, member_id, role=role, voice=voice, at=at)
    change.create(membership)
    change.create(Following.starting(member_id, organization.id, at=at))
    reading = Reading.starting(
        member_id, organization.default_salon_id, organization_id=organization.id, seq=0, at=at
    )
    change.update(reading, *reading.joining())
    return membership
