from __future__ import annotations

from chalicelib.api.endpoints import Answer, Api, IfMatch
from chalicelib.contracts.base import Listing
from chalicelib.contracts.memberships import (
    FollowingView,
    GiveRole,
    Introduce,
    MembershipView,
    RoleChangeView,
)
from chalicelib.domain import errors, following, members, memberships, roles, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Memberships")


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/follow",
    status=201,
    refusals=[standing.OrganizationNotFound, members.IdentityUnavailable, errors.Busy],
)
def follow_organization(caller: Caller, organization_id: str) -> MembershipView:
    """Follow an organization: you are in its default salon at once, no approval.

    Answers 201 the first time. Repeating changes nothing, and answers 200.
    """
    followed = following.follow(caller, organization_id)
    return Answer(followed, status=201 if followed.is_new else 200)


@api.endpoint(
    "DELETE",
    "/organizations/{organization_id}/follow",
    refusals=[standing.OrganizationNotFound, roles.LastOwner, errors.Busy],
)
def unfollow_organization(caller: Caller, organization_id: str) -> None:
    """Stop following an organization. What you said there stays. Repeating changes nothing."""
    following.unfollow(caller, organization_id)


@api.endpoint("GET", "/me/organizations", order="by_organization@1", most=50)
def list_my_organizations(caller: Caller, page: Page) -> Listing[FollowingView]:
    """List the organizations you follow, and what you are there; the oldest organization first."""
    return following.mine(caller, page)


@api.endpoint("GET", "/me/organizations/{organization_id}", refusals=[standing.FollowersOnly])
def read_my_membership(caller: Caller, organization_id: str) -> MembershipView:
    """Read what one organization knows of you."""
    return memberships.profile(caller, organization_id, caller.member_id)


@api.endpoint(
    "PATCH",
    "/me/organizations/{organization_id}",
    refusals=[standing.OrganizationNotFound, standing.FollowersOnly, errors.ChangedMeanwhile],
)
def introduce_myself(
    caller: Caller, organization_id: str, body: Introduce, version: IfMatch
) -> MembershipView:
    """Tell one organization what you know, what you want, and your story."""
    return memberships.introduce(caller, organization_id, version=version, **body.model_dump())


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/members",
    order="by_member_id@1",
    refusals=[standing.FollowersOnly],
)
def list_members(caller: Caller, organization_id: str, page: Page) -> Listing[MembershipView]:
    """List the people of an organization, by id. For those who follow it."""
    return memberships.every(caller, organization_id, page)


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/members/{member_id}",
    refusals=[standing.FollowersOnly, memberships.MemberNotFound],
)
def read_member(caller: Caller, organization_id: str, member_id: str) -> MembershipView:
    """Read someone's profile in an organization that you both follow."""
    return memberships.profile(caller, organization_id, member_id)


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/members/{member_id}/role",
    refusals=[
        standing.OrganizationNotFound,
        memberships.MemberNotFound,
        roles.RoleRequired,
        memberships.OwnersDecide,
        roles.LastOwner,
        errors.Busy,
    ],
)
def give_role(caller: Caller, organization_id: str, member_id: str, body: GiveRole) -> MembershipView:
    """Give someone a role. Everyone there can see who did. Repeating changes nothing."""
    return memberships.give_role(caller, organization_id, member_id, role=body.role, voice=body.voice)


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/role-changes",
    order="newest_first@1",
    refusals=[standing.FollowersOnly],
)
def list_role_changes(caller: Caller, organization_id: str, page: Page) -> Listing[RoleChangeView]:
    """List who gave whom which role, newest first. For those who follow the organization."""
    return memberships.role_changes(caller, organization_id, page)
