"""A salon may be at home in several organizations: one opened it, the others accepted its offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, standing
from chalicelib.domain.roles import MANAGERS, require_role
from chalicelib.domain.salons.presence import enter
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Salon, SalonOffer, SalonPlace
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page, Slice

MOST_ORGANIZATIONS = 10
"""How many organizations a salon is at home in, the one that opened it among them."""


class SalonNotShareable(errors.Conflict):
    reason: ClassVar = {
        "en": "A salon is shared while it is open or read-only: this one is {state}.",
        "fr": "Un salon se partage tant qu’il reçoit ou montre des mots : celui-ci est dans l’état {state}.",
    }
    example: ClassVar = {"state": "draft"}


class AlreadyAtHome(errors.Conflict):
    reason: ClassVar = {
        "en": "This organization is at home in this salon already.",
        "fr": "Cette organisation est déjà chez elle dans ce salon.",
    }


class SharedByTooMany(errors.Conflict):
    reason: ClassVar = {
        "en": "At most {most} organizations share a salon.",
        "fr": "Au plus {most} organisations partagent un salon.",
    }
    example: ClassVar = {"most": MOST_ORGANIZATIONS}


class OfferNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "This salon was not offered to this organization.",
        "fr": "Ce salon n’a pas été proposé à cette organisation.",
    }


@retry_if_overtaken
def offer(caller: Caller, organization_id: str, salon_id: str, *, offered_to: str) -> SalonOffer:
    """Offer to share a salon with another organization. Repeating changes nothing.

    Raises SalonNotFound, RoleRequired, LookedAfterElsewhere, OrganizationNotFound, AlreadyAtHome,
    SalonNotShareable, SharedByTooMany.
    """
    here = enter(
        caller, organization_id, salon_id, Organization.key(offered_to), SalonOffer.key(offered_to, salon_id)
    )
    here.must_look_after(MANAGERS)
    salon, (invited, standing_offer) = here.salon, here.also
    if invited is None:
        raise standing.OrganizationNotFound
    if standing_offer is not None:
        return standing_offer  # type: ignore[no-any-return]
    if salon.is_at_home_in(offered_to):
        raise AlreadyAtHome
    _must_be_shareable(salon)
    offered = SalonOffer.of(salon, offered_to, at=clock.now())
    with changes() as change:
        change.create(offered)
        change.announce(
            events.SalonOffered(
                organization_id=salon.organization_id,
                actor_id=caller.member_id,
                salon_id=salon_id,
                offered_to=offered_to,
            )
        )
    return offered


def offers(caller: Caller, organization_id: str, page: Page) -> Slice[SalonOffer]:
    """What an organization was offered and has not answered. Raises OrganizationNotFound, RoleRequired."""
    standing.of(caller, organization_id).must_be_one_of(MANAGERS)
    return SalonOffer.to_organization(organization_id, page)


@retry_if_overtaken
def accept(caller: Caller, organization_id: str, salon_id: str) -> Salon:
    """Make an organization at home in a salon that it was offered. Repeating changes nothing.

    Raises RoleRequired, OfferNotFound, SalonNotShareable, SharedByTooMany.
    """
    salon, offered = _at_the_door(caller, organization_id, salon_id)
    if salon is not None and organization_id in (salon.shared_with or ()):
        return salon
    if salon is None or offered is None:
        raise OfferNotFound
    _must_be_shareable(salon)
    with changes() as change:
        change.edit(salon, shared_with={*(salon.shared_with or ()), organization_id})
        change.create(SalonPlace.of(organization_id, salon_id))
        change.delete(offered)
        change.announce(events.SalonShared(**_told(caller, organization_id, salon)))
    return salon


@retry_if_overtaken
def decline(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Stop sharing a salon, or refuse the offer of it. Repeating changes nothing. Raises RoleRequired."""
    salon, offered = _at_the_door(caller, organization_id, salon_id)
    shared = salon is not None and organization_id in (salon.shared_with or ())
    if salon is None or not (shared or offered):
        return
    with changes() as change:
        if offered is not None:
            change.delete(offered)
        if shared:
            change.edit(salon, shared_with=set(salon.shared_with or ()) - {organization_id} or None)
            change.delete(SalonPlace.of(organization_id, salon_id))
            change.announce(events.SalonUnshared(**_told(caller, organization_id, salon)))


def _at_the_door(
    caller: Caller, organization_id: str, salon_id: str
) -> tuple[Salon | None, SalonOffer | None]:
    membership, salon, offered = load(
        Membership.key(organization_id, caller.member_id),
        Salon.key(salon_id),
        SalonOffer.key(organization_id, salon_id),
    )
    require_role(membership, MANAGERS)
    return salon, offered


def _must_be_shareable(salon: Salon) -> None:
    if salon.state not in ("open", "read_only"):
        raise SalonNotShareable(state=salon.state)
    if 1 + len(salon.shared_with or ()) >= MOST_ORGANIZATIONS:
        raise SharedByTooMany(most=MOST_ORGANIZATIONS)


def _told(caller: Caller, organization_id: str, salon: Salon) -> dict[str, Any]:
    return {
        "organization_id": organization_id,
        "actor_id": caller.member_id,
        "salon_id": salon.id,
        "offered_by": salon.organization_id,
    }
