from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, members, roles, standing
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership, RoleChange
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import Key, load
from chalicelib.pages import Page, Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


class MemberNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "Nobody with this id follows this organization.",
        "fr": "Personne avec cet identifiant ne suit cette organisation.",
    }


class OwnersDecide(errors.Forbidden):
    reason: ClassVar = {
        "en": "Only an owner makes or unmakes an owner.",
        "fr": "Seul un propriétaire en nomme ou en destitue un autre.",
    }


@dataclass(frozen=True)
class Profile:
    """A member as the people of one organization see them."""

    membership: Membership
    member: Member | None
    is_new: bool = False
    """Whether this call made them a follower."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.membership, name)

    @property
    def name(self) -> str | None:
        """Their name today; None once they have left for good."""
        return self.member.name if self.member else None


def profile(caller: Caller, organization_id: str, member_id: str) -> Profile:
    """Someone who follows the same organization. Raises FollowersOnly, MemberNotFound."""
    theirs, person = _among_followers(
        caller, organization_id, Membership.key(organization_id, member_id), Member.key(member_id)
    )
    if theirs is None:
        raise MemberNotFound
    return Profile(theirs, person)


def every(caller: Caller, organization_id: str, page: Page) -> Slice[Profile]:
    """The people of an organization, by id, for those who follow it. Raises FollowersOnly."""
    found = Membership.in_organization(organization_id, page)
    people = _among_followers(
        caller, organization_id, *(Member.key(membership.member_id) for membership in found.items)
    )
    return Slice([Profile(*pair) for pair in zip(found.items, people, strict=True)], found.last)


@retry_if_overtaken
def introduce(caller: Caller, organization_id: str, *, version: int, **values: Any) -> Profile:
    """Tell one organization what one knows, wants, and one's story; None leaves a value as it is.

    Raises FollowersOnly, ChangedMeanwhile.
    """
    here = standing.of(caller, organization_id)
    membership = here.must_follow()
    given = errors.still_to_change(membership, values, version=version)
    if given:
        with changes() as change:
            change.edit(membership, **given)
    return Profile(membership, here.member)


@retry_if_overtaken
def give_role(
    caller: Caller, organization_id: str, member_id: str, *, role: str, voice: str | None = None
) -> Profile:
    """Give someone a role, and the voice that goes with it; told to all in the organization.

    Raises RoleRequired, MemberNotFound, OwnersDecide, LastOwner.
    """
    organization, mine, theirs, person = load(
        Organization.key(organization_id),
        Membership.key(organization_id, caller.member_id),
        Membership.key(organization_id, member_id),
        Member.key(member_id),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    me = roles.require_role(mine, roles.MANAGERS)
    if theirs is None:
        raise MemberNotFound
    if "owner" in (role, theirs.role) and me.role != "owner" and role != theirs.role:
        raise OwnersDecide
    spoken = roles.voice_of(role, voice)
    if (theirs.role, theirs.voice) == (role, spoken):
        return Profile(theirs, person)
    before = theirs.role
    with changes() as change:
        change.edit(theirs, role=role, voice=spoken)
        if role == "owner" != before:
            roles.let_an_owner_come(change, organization)
        elif before == "owner" != role:
            roles.let_an_owner_go(change, organization)
        roles.tell(change, organization_id, me.member_id, member_id, before, role, spoken)
    return Profile(theirs, person)


def role_changes(caller: Caller, organization_id: str, page: Page) -> Slice[RoleChange]:
    """Who gave whom which role, newest first, for those who follow. Raises FollowersOnly."""
    _among_followers(caller, organization_id)
    return RoleChange.in_organization(organization_id, page)


def _among_followers(caller: Caller, organization_id: str, *also: Key[Any]) -> tuple[Any, ...]:
    """What is under these keys, for someone who follows the organization. Raises FollowersOnly."""
    member, mine, *found = load(
        Member.key(caller.member_id), Membership.key(organization_id, caller.member_id), *also
    )
    members.known(caller, member)
    if mine is None:
        raise standing.FollowersOnly
    return tuple(found)
