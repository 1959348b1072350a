from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, members
from chalicelib.domain.roles import require_role
from chalicelib.gateways import clock
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes


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


class Suspended(errors.Forbidden):
    """`statement_id` names the statement of reasons, which is there to be read and appealed against."""

    reason: ClassVar = {
        "en": "You are suspended here until {until}: you read, leave and appeal, and speak again then.",
        "fr": "Vous êtes suspendu·e ici jusqu’au {until} : vous pouvez lire, partir et faire appel ; "
        "la parole vous revient ensuite.",
    }
    example: ClassVar = {
        "until": "2026-11-27T08:00:00+00:00",
        "statement_id": "sta_01M7W3D2N8P6S4X0C5V7B9KQMJ",
    }


def must_not_be_suspended(suspension: RunningSuspension | None) -> None:
    """Let nobody speak to others who is suspended there; the clock alone ends it. Raises Suspended."""
    if suspension is not None and suspension.runs_at(clock.now()):
        until = suspension.until.isoformat(timespec="seconds")
        raise Suspended(until=until, statement_id=suspension.statement_id)


def hold_to_it(change: Changes, organization_id: str, person_id: str) -> None:
    """Hold what someone says to their not being suspended meanwhile: then it is decided again."""
    change.check(RunningSuspension.key(organization_id, person_id), RunningSuspension.is_over(clock.now()))


def is_suspended(organization_id: str, member_id: str) -> bool:
    """Whether someone is suspended there at this moment, in one read."""
    (suspension,) = load(RunningSuspension.key(organization_id, member_id))
    return suspension is not None and suspension.runs_at(clock.now())


@dataclass(frozen=True)
class Standing:
    """Who a caller is in an organization."""

    organization: Organization
    member: Member
    membership: Membership | None
    also: tuple[Any, ...] = ()
    """Whatever else was read at the same moment."""
    suspension: RunningSuspension | None = None

    def must_not_be_suspended(self) -> None:
        """Raise Suspended unless the caller may speak to others here."""
        must_not_be_suspended(self.suspension)

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
    organization, member, membership, suspension, *rest = load(
        Organization.key(organization_id),
        Member.key(caller.member_id),
        Membership.key(organization_id, caller.member_id),
        RunningSuspension.key(organization_id, caller.member_id),
        *also,
    )
    if organization is None:
        raise OrganizationNotFound
    return Standing(organization, member or members.arrive(caller), membership, tuple(rest), suspension)
