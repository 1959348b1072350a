from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Answer, Api, IfMatch
from chalicelib.contracts.base import Listing
from chalicelib.contracts.salons import (
    EditSalon,
    OpenSalon,
    PinMessage,
    SalonOfferView,
    SalonView,
    ShareSalon,
)
from chalicelib.domain import errors, roles, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Salons")

LOOKED_AFTER = [
    salons.SalonNotFound,
    roles.RoleRequired,
    salons.LookedAfterElsewhere,
    standing.Suspended,
]


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/salons",
    access=EVERYONE,
    order="oldest_first@1",
    most=90,
    refusals=[standing.OrganizationNotFound],
)
def list_salons(caller: Caller | None, organization_id: str, page: Page) -> Listing[SalonView]:
    """List the salons where an organization's followers are at home, the oldest first.

    Drafts are there only for those who look after salons: for everyone else they shorten their page.
    """
    return salons.in_organization(caller, organization_id, page)


@api.endpoint(
    "POST",
    "/organizations/{organization_id}/salons",
    status=201,
    refusals=[standing.OrganizationNotFound, roles.RoleRequired, standing.Suspended],
)
def open_salon(caller: Caller, organization_id: str, body: OpenSalon) -> SalonView:
    """Open a salon, or prepare it as a draft. For those who look after the organization's salons."""
    return salons.create(caller, organization_id, **body.model_dump())


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/salons/{salon_id}",
    access=EVERYONE,
    refusals=[salons.SalonNotFound],
)
def read_salon(caller: Caller | None, organization_id: str, salon_id: str) -> SalonView:
    """Read one salon. It stays under this address for good, archived too."""
    return salons.find(caller, organization_id, salon_id)


@api.endpoint(
    "PATCH",
    "/organizations/{organization_id}/salons/{salon_id}",
    refusals=[
        *LOOKED_AFTER,
        errors.ChangedMeanwhile,
        salons.SalonStateRefused,
        salons.SalonUnalterable,
        salons.OffTopicSalonStaysOpen,
        salons.DefaultSalonStaysOpen,
    ],
)
def edit_salon(
    caller: Caller, organization_id: str, salon_id: str, body: EditSalon, version: IfMatch
) -> SalonView:
    """Change a salon's words, calm, retention or state. For those who look after it.

    A draft opens; an open salon can be made read-only and open again; either can be archived, for good.
    """
    given = {
        name: value
        for name, value in body.model_dump(exclude_unset=True).items()
        if value is not None or name == "retention_days"
    }
    return salons.edit(caller, organization_id, salon_id, version=version, **given)


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/salons/{salon_id}/pin",
    refusals=[*LOOKED_AFTER, salons.NothingToPin, salons.SalonUnalterable, errors.Busy],
)
def pin_message(caller: Caller, organization_id: str, salon_id: str, body: PinMessage) -> SalonView:
    """Pin a message: a salon has one pin, and a new one takes its place. Repeating changes nothing."""
    return salons.pin(caller, organization_id, salon_id, message_id=body.message_id)


@api.endpoint(
    "DELETE",
    "/organizations/{organization_id}/salons/{salon_id}/pin",
    refusals=[*LOOKED_AFTER, salons.SalonUnalterable, errors.Busy],
)
def unpin_message(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Take the pin away. Repeating changes nothing."""
    salons.unpin(caller, organization_id, salon_id)


@api.endpoint(
    "POST",
    "/organizations/{organization_id}/salons/{salon_id}/shares",
    status=201,
    refusals=[
        *LOOKED_AFTER,
        standing.OrganizationNotFound,
        salons.AlreadyAtHome,
        salons.SalonNotShareable,
        salons.SharedByTooMany,
    ],
)
def offer_salon(caller: Caller, organization_id: str, salon_id: str, body: ShareSalon) -> SalonOfferView:
    """Offer to share a salon with another organization. For owners and admins of the one that opened it."""
    offered = salons.offer(caller, organization_id, salon_id, offered_to=body.organization_id)
    return Answer(
        offered, location=f"/v1/organizations/{body.organization_id}/shared-salons/{offered.salon_id}"
    )


@api.endpoint(
    "GET",
    "/organizations/{organization_id}/salon-offers",
    order="oldest_salon_first@1",
    refusals=[standing.OrganizationNotFound, roles.RoleRequired],
)
def list_salon_offers(caller: Caller, organization_id: str, page: Page) -> Listing[SalonOfferView]:
    """List the salons that other organizations offer to share. For owners and admins."""
    return salons.offers(caller, organization_id, page)


@api.endpoint(
    "PUT",
    "/organizations/{organization_id}/shared-salons/{salon_id}",
    refusals=[
        roles.RoleRequired,
        salons.OfferNotFound,
        salons.SalonNotShareable,
        salons.SharedByTooMany,
        errors.Busy,
    ],
)
def accept_salon(caller: Caller, organization_id: str, salon_id: str) -> SalonView:
    """Accept a salon that was offered: your followers are at home in it. Repeating changes nothing."""
    return salons.accept(caller, organization_id, salon_id)


@api.endpoint(
    "DELETE",
    "/organizations/{organization_id}/shared-salons/{salon_id}",
    refusals=[roles.RoleRequired, errors.Busy],
)
def decline_salon(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Stop sharing a salon, or decline the offer of it. Repeating changes nothing."""
    salons.decline(caller, organization_id, salon_id)
