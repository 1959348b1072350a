from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.gateways import clock, ids
from chalicelib.models.memberships import RoleChange

if TYPE_CHECKING:
    from chalicelib.models.changes import Changes
    from chalicelib.models.memberships import Membership
    from chalicelib.models.organizations import Organization

MANAGERS = frozenset({"owner", "admin"})
"""Roles that decide for an organization."""

HOSTS = MANAGERS | {"community_manager", "moderator"}
"""Roles that look after its salons."""

STAFF = HOSTS | {"staff"}
"""Roles of those who work for the organization: they speak with its voice and earn nothing."""


class RoleRequired(errors.Forbidden):
    reason: ClassVar = {
        "en": "This takes one of these roles here: {roles}.",
        "fr": "Ceci demande ici l’un de ces rôles : {roles}.",
    }
    example: ClassVar = {"roles": "admin, owner"}


class LastOwner(errors.Conflict):
    reason: ClassVar = {
        "en": "An organization keeps at least one owner: name another first.",
        "fr": "Une organisation garde au moins un propriétaire : nommez-en un autre d’abord.",
    }


def require_role(membership: Membership | None, roles: frozenset[str]) -> Membership:
    """The membership, if it has one of these roles; raises RoleRequired."""
    if membership is None or membership.role not in roles:
        raise RoleRequired(roles=", ".join(sorted(roles)))
    return membership


def let_an_owner_go(change: Changes, organization: Organization) -> None:
    """Count one owner less, in the change that takes the role away; raises LastOwner when none would stay."""
    change.update(
        organization,
        organization.owners_by(-1),
        condition=organization.has_another_owner(),
        otherwise=LastOwner(),
        versioned=False,
    )


def let_an_owner_come(change: Changes, organization: Organization) -> None:
    """Count one owner more, in the change that gives the role."""
    change.update(organization, organization.owners_by(1), versioned=False)


def voice_of(role: str, voice: str | None) -> str:
    """The voice someone speaks with: staff cannot hide theirs, others are members unless told otherwise."""
    return "staff" if role in STAFF else voice or "member"


def tell(
    change: Changes, organization_id: str, actor_id: str, member_id: str, before: str, after: str, voice: str
) -> None:
    """Write who gave whom which role where everyone there can read it, in the change that gives it."""
    at = clock.now()
    told = {"member_id": member_id, "actor_id": actor_id, "before": before, "after": after, "voice": voice}
    change.create(RoleChange.of(organization_id, ids.new("rch"), at=at, **told))
    change.announce(events.RoleChanged(organization_id=organization_id, at=at, **told))
