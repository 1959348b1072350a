from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import members, standing
from chalicelib.domain.callers import NOBODY
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


def of(caller: Caller | None, organization_id: str) -> dict[str, Any]:
    """What someone who arrives wants to know. Raises OrganizationNotFound."""
    who = caller.member_id if caller else NOBODY
    organization, member, membership = load(
        Organization.key(organization_id), Member.key(who), Membership.key(organization_id, who)
    )
    if organization is None:
        raise standing.OrganizationNotFound
    members.known(caller, member)
    return {
        "organization_id": organization.id,
        "name": organization.name,
        "aim": organization.aim,
        "resources": organization.resources,
        "question_you_could_answer": None,
        "next_meetup": None,
        "default_salon_id": organization.default_salon_id,
        "following": membership is not None,
    }
