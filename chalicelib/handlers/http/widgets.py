from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Answer, Api, IfMatch
from chalicelib.contracts.widgets import ConfigureWidget, PublicWidget, WidgetView
from chalicelib.domain import errors, roles, standing, widgets
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="Widget")


@api.endpoint("GET", "/widget/{organization}", access=EVERYONE, refusals=[standing.OrganizationNotFound])
def read_public_widget(organization: str) -> PublicWidget:
    """Read all that a widget needs to show itself, by the organization's id or slug.

    It is the same for everyone and may be kept for a minute. When nobody answers at once it says why.
    """
    return Answer(widgets.shown(organization), headers={"Cache-Control": "public, max-age=60"})


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/widget",
    refusals=[standing.OrganizationNotFound, roles.RoleRequired],
)
def read_widget(caller: Caller, organization_id: str) -> WidgetView:
    """Read how the widget is set up. For owners and admins."""
    return widgets.find(caller, organization_id)


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/widget",
    refusals=[
        standing.OrganizationNotFound,
        roles.RoleRequired,
        errors.ChangedMeanwhile,
        widgets.ContrastTooLow,
    ],
)
def configure_widget(
    caller: Caller, organization_id: str, body: ConfigureWidget, version: IfMatch
) -> WidgetView:
    """Set the widget up: the sites that may carry it, its look, its words, who vouches for visitors.

    For owners and admins. The first time, `If-Match` is `"0"`. Keys are public: a private one is refused.
    """
    return widgets.configure(caller, organization_id, version=version, **body.model_dump(exclude_none=True))
