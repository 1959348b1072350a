from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events, members, roles, standing
from chalicelib.domain.memberships import Profile
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Following, Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Reading, Salon
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes
    from chalicelib.pages import Page


@dataclass(frozen=True)
class Followed:
    """An organization that someone follows, and what they are there."""

    organization: Organization
    membership: Membership

    def __getattr__(self, name: str) -> Any:
        return getattr(self.membership, name)

    @property
    def slug(self) -> str:
        return str(self.organization.slug)

    @property
    def name(self) -> str:
        """The organization's."""
        return str(self.organization.name)


def default_salon_of(organization_id: str) -> str:
    """The id of the salon that newcomers arrive in: known before the organization is read."""
    return ids.twin("sal", organization_id)


@retry_if_overtaken
def follow(caller: Caller, organization_id: str) -> Profile:
    """Follow an organization: a membership and a place in its default salon, once however often asked."""
    here = standing.of(caller, organization_id, Salon.key(default_salon_of(organization_id)))
    if here.membership is not None:
        return Profile(here.membership, here.member)
    (salon,) = here.also
    with changes() as change:
        membership = begin(
            change,
            here.organization,
            here.member.id,
            role="none",
            voice="member",
            seq=int(salon.seq) if salon else 0,
            at=clock.now(),
        )
        change.announce(events.OrganizationFollowed(organization_id=organization_id, actor_id=here.member.id))
    return Profile(membership, here.member, is_new=True)


def begin(
    change: Changes,
    organization: Organization,
    member_id: str,
    *,
    role: str,
    voice: str,
    seq: int,
    at: datetime,
) -> Membership:
    """Write a membership into a change, and a place in the default salon, whose newest message is `seq`."""
    membership = Membership.starting(organization.id, member_id, role=role, voice=voice, at=at)
    change.create(membership)
    change.create(Following.starting(member_id, organization.id, at=at))
    reading = Reading.starting(
        member_id, organization.default_salon_id, organization_id=organization.id, seq=seq, at=at
    )
    change.update(reading, *reading.joining())
    return membership


@retry_if_overtaken
def unfollow(caller: Caller, organization_id: str) -> None:
    """Stop following, once however often asked; what one said stays. Raises LastOwner."""
    here = standing.of(caller, organization_id)
    membership = here.membership
    if membership is None:
        return
    with changes() as change:
        change.delete(membership)
        change.delete(Following.starting(here.member.id, organization_id, at=membership.followed_at))
        if membership.role == "owner":
            roles.let_an_owner_go(change, here.organization)
        if membership.role != "none":
            member_id = here.member.id
            roles.tell(change, organization_id, member_id, member_id, membership.role, "none", "member")
        change.announce(
            events.OrganizationUnfollowed(organization_id=organization_id, actor_id=here.member.id)
        )


def mine(caller: Caller, page: Page) -> Slice[Followed]:
    """The organizations that the caller follows, and what they are there: two reads."""
    found = Following.by_member(caller.member_id, page)
    if not found.items:
        members.require(caller)  # nobody who follows something is new
        return Slice([])
    there = [following.organization_id for following in found.items]
    known = load(
        *(Organization.key(organization_id) for organization_id in there),
        *(Membership.key(organization_id, caller.member_id) for organization_id in there),
    )
    pairs = zip(known[: len(there)], known[len(there) :], strict=True)
    return Slice([Followed(*pair) for pair in pairs if None not in pair], found.last)
