from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors

if TYPE_CHECKING:
    from chalicelib.models.memberships import Membership

MANAGERS = frozenset({"owner", "admin"})
"""Roles that decide for an organization."""

HOSTS = MANAGERS | {"community_manager", "moderator"}
"""Roles that look after its salons."""

STAFF = HOSTS | {"staff"}
"""Roles of those who work for the organization: they speak with its voice and earn nothing."""

ROLES = STAFF | {"none"}


class RoleRequired(errors.Forbidden):
    reason: ClassVar = {
        "en": "This takes one of these roles here: {roles}.",
        "fr": "Ceci demande ici l’un de ces rôles : {roles}.",
    }
    example: ClassVar = {"roles": "admin, owner"}


def require_role(membership: Membership | None, roles: frozenset[str]) -> Membership:
    """The membership, if it has one of these roles; raises RoleRequired."""
    if membership is None or membership.role not in roles:
        raise RoleRequired(roles=", ".join(sorted(roles)))
    return membership
