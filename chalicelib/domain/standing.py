from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, members
from chalicelib.domain.roles import require_role
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


class OrganizationNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such organization.",
        "fr": "Cette organisation n’existe pas.",
    }


class FollowersOnly(errors.NotFound):
    reason: ClassVar = {
        "en": "Only those who follow an organization see this.",
        "fr": "Seules les personnes qui suivent une organisation voient ceci.",
    }


@dataclass(frozen=True)
class Standing:
    """Who a caller is in an organization."""

    organization: Organization
    member: Member
    membership: Membership | None
    also: tuple[Any, ...] = ()
    """Whatever else was read at the same moment."""

    def must_be_one_of(self, roles: frozenset[str]) -> None:
        """Raise RoleRequired unless the caller has one of these roles here."""
        require_role(self.membership, roles)

    def must_follow(self) -> Membership:
        """The caller's membership; raises FollowersOnly."""
        if self.membership is None:
            raise FollowersOnly
        return self.membership


def of(caller: Caller, organization_id: str, *also: Key[Any]) -> Standing:
    """Who the caller is in this organization, in one read. Raises OrganizationNotFound."""
    organization, member, membership, *rest = load(
        Organization.key(organization_id),
        Member.key(caller.member_id),
        Membership.key(organization_id, caller.member_id),
        *also,
    )
    if organization is None:
        raise OrganizationNotFound
    return Standing(organization, member or members.arrive(caller), membership, tuple(rest))
