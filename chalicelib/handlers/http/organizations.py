from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Answer, Api, IfMatch
from chalicelib.contracts.base import Listing
from chalicelib.contracts.organizations import (
    CreateOrganization,
    DecideSettings,
    EditOrganization,
    Landing,
    OrganizationQuery,
    OrganizationView,
    SettingsView,
)
from chalicelib.domain import errors, landing, members, organizations, roles, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Organizations")


@api.endpoint(
    "POST",
    "/organizations",
    access="organizations.create",
    status=201,
    refusals=[organizations.SlugTaken, members.TimeZoneUnknown, members.IdentityUnavailable],
)
def create_organization(caller: Caller, body: CreateOrganization) -> OrganizationView:
    """Open an organization.

    Its presets set everything up in this one call: settings, each with who set it and why, and salons, among
    them one for any subject that nobody can close. You become its owner and welcome its newcomers.
    """
    values = body.model_dump(exclude={"presets"})
    created = organizations.create(caller, presets_chosen=list(body.presets), **values)
    return Answer(created, location=f"/v1/organizations/{created.id}")


@api.endpoint("GET", "/organizations", access=EVERYONE, order="oldest_first@1")
def list_organizations(page: Page, query: OrganizationQuery) -> Listing[OrganizationView]:
    """List the organizations, or find one by its slug."""
    return organizations.every(page, query.slug)


@api.endpoint(
    "GET", "/organizations/{organization_id}", access=EVERYONE, refusals=[standing.OrganizationNotFound]
)
def read_organization(organization_id: str) -> OrganizationView:
    """Read one organization."""
    return organizations.find(organization_id)


@api.endpoint(
    "PATCH",
    "/organizations/{organization_id}",
    refusals=[
        standing.OrganizationNotFound,
        roles.RoleRequired,
        errors.ChangedMeanwhile,
        organizations.ManagerUnknown,
        members.TimeZoneUnknown,
    ],
)
def edit_organization(
    caller: Caller, organization_id: str, body: EditOrganization, version: IfMatch
) -> OrganizationView:
    """Change what an organization says of itself, or who welcomes newcomers. For its owners and admins.

    A `site_url` of null takes its site away; null is as good as left out elsewhere.
    """
    cleared = {"site_url"} & body.model_fields_set
    return organizations.edit(caller, organization_id, version=version, cleared=cleared, **body.model_dump())


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/settings",
    access=EVERYONE,
    refusals=[standing.OrganizationNotFound],
)
def read_settings(organization_id: str) -> SettingsView:
    """Read every setting of an organization, with who set it and why."""
    return organizations.find(organization_id)


@api.endpoint(
    "PATCH",
    "/organizations/{organization_id}/settings",
    refusals=[standing.OrganizationNotFound, roles.RoleRequired, errors.ChangedMeanwhile],
)
def decide_settings(
    caller: Caller, organization_id: str, body: DecideSettings, version: IfMatch
) -> SettingsView:
    """Set settings by hand, saying why. For owners and admins."""
    values = body.values.model_dump(exclude_none=True)
    return organizations.decide(caller, organization_id, values=values, why=body.why, version=version)


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/landing",
    access=EVERYONE,
    refusals=[standing.OrganizationNotFound],
)
def read_landing(caller: Caller | None, organization_id: str) -> Landing:
    """Read all that someone who arrives wants to know, in one call."""
    return landing.of(caller, organization_id)
