from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, members, standing
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.roles import HOSTS, require_role
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.salons import Salon
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


class SalonNotFound(errors.NotFound):
    reason: ClassVar = {"en": "There is no such salon here.", "fr": "Ce salon n’existe pas ici."}


class FollowFirst(errors.Forbidden):
    reason: ClassVar = {
        "en": "Follow the organization first: one call, no approval.",
        "fr": "Suivez d’abord l’organisation : un appel, sans approbation.",
    }


class LookedAfterElsewhere(errors.Forbidden):
    reason: ClassVar = {
        "en": "Another organization opened this salon and looks after it: {organization_id}.",
        "fr": "Une autre organisation a ouvert ce salon et s’en occupe : {organization_id}.",
    }
    example: ClassVar = {"organization_id": "org_01M7W0SX285MNJE8W71FKXGBTV"}


@dataclass(frozen=True)
class Presence:
    """Someone in a salon: who they are there, and whatever else was read at the same moment."""

    salon: Salon
    member: Member | None
    membership: Membership | None
    also: tuple[Any, ...] = ()
    suspension: RunningSuspension | None = None

    def must_follow(self) -> Membership:
        """The membership without which nobody speaks; raises FollowFirst."""
        if self.membership is None:
            raise FollowFirst
        return self.membership

    def must_not_be_suspended(self) -> None:
        """Raise Suspended unless they may speak to others through this organization."""
        standing.must_not_be_suspended(self.suspension)

    def must_speak(self) -> Membership:
        """The membership that they speak with; raises FollowFirst, Suspended."""
        self.must_not_be_suspended()
        return self.must_follow()

    def must_look_after(self, roles: frozenset[str] = HOSTS) -> Membership:
        """The membership that decides here: one of these roles in the organization that opened the salon.

        Raises RoleRequired, LookedAfterElsewhere, Suspended.
        """
        membership = require_role(self.membership, roles)
        self.must_not_be_suspended()
        if membership.organization_id != self.salon.organization_id:
            raise LookedAfterElsewhere(organization_id=self.salon.organization_id)
        return membership


def enter(caller: Caller | None, organization_id: str, salon_id: str, *also: Key[Any]) -> Presence:
    """Come into a salon of an organization, reading `also` in the same call.

    Anyone may come in and read; a draft is there only for those who look after salons. Raises SalonNotFound.
    """
    who = caller.member_id if caller else NOBODY
    salon, member, membership, suspension, *rest = load(
        Salon.key(salon_id),
        Member.key(who),
        Membership.key(organization_id, who),
        RunningSuspension.key(organization_id, who),
        *also,
    )
    if salon is None or not salon.is_at_home_in(organization_id) or not may_see(salon, membership):
        raise SalonNotFound
    return Presence(salon, members.known(caller, member), membership, tuple(rest), suspension)


def may_see(salon: Salon, membership: Membership | None) -> bool:
    """Whether the salon is there for someone with this membership, or with none."""
    return salon.state != "draft" or (membership is not None and membership.role in HOSTS)
