"""Guests who turn out to be members. Only what is proven on both sides makes two histories one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events, members
from chalicelib.domain.guests import addresses
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.guests import Guest, GuestLink
from chalicelib.models.members import Member
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.callers import Caller

MOST = 100
"""How many guests of a member are looked back at."""


class GuestUnproven(errors.Conflict):
    reason: ClassVar = {
        "en": "Nobody has shown yet whose address this guest’s is: confirm it with a mailed code first.",
        "fr": "Rien ne montre encore à qui est l’adresse de cet invité : confirmez-la d’abord par un code.",
    }


class AddressesDiffer(errors.Forbidden):
    reason: ClassVar = {
        "en": "Your account and this guest have not both proven to have the same e-mail address.",
        "fr": "Votre compte et cet invité n’ont pas prouvé tous deux avoir la même adresse e-mail.",
    }


class MergedElsewhere(errors.Conflict):
    reason: ClassVar = {
        "en": "This guest turned out to be another member.",
        "fr": "Cet invité s’est révélé être un autre membre.",
    }


@retry_if_overtaken
def adopt(caller: Caller, seen: Caller) -> GuestLink:
    """Take over what the caller asked as this guest, whose token they bring.

    Raises GuestUnproven, AddressesDiffer, MergedElsewhere.
    """
    member, guest, link = load(
        Member.key(caller.member_id),
        Guest.key(seen.guest_of, seen.member_id),
        GuestLink.key(caller.member_id, seen.guest_of, seen.member_id),
    )
    if link is not None:
        return link
    member = member or members.arrive(caller)
    if guest is None or guest.email is None:
        raise GuestUnproven
    if not member.email_verified or not addresses.are_same(member.email, guest.email):
        raise AddressesDiffer
    if guest.member_id is not None:
        raise MergedElsewhere
    link = GuestLink.of(member.id, guest.organization_id, guest.id, at=clock.now())
    with changes() as change:
        change.create(link)
        change.edit(guest, member_id=member.id)
        change.announce(
            events.GuestMerged(organization_id=guest.organization_id, actor_id=member.id, guest_id=guest.id)
        )
    return link


def identities_of(caller: Caller, organization_id: str | None = None) -> list[str]:
    """Every id that the caller asked under, their own first; only those of one organization if told so.

    One read for a member, none for a guest, who is nobody else.
    """
    if caller.is_guest:
        return [caller.member_id]
    links = GuestLink.of_member(caller.member_id, Page(MOST)).items
    return [
        caller.member_id,
        *(link.guest_id for link in links if organization_id in (None, link.organization_id)),
    ]


def members_behind(organization_id: str, person_ids: Iterable[str]) -> list[str]:
    """These people, and the members that guests among them turned out to be: one read if there is a guest."""
    people = list(person_ids)
    seen = [person for person in people if person.startswith("gst_")]
    found = load(*(Guest.key(organization_id, guest_id) for guest_id in seen)) if seen else ()
    return people + [guest.member_id for guest in found if guest is not None and guest.member_id]


def is_same_person(caller: Caller, organization_id: str, asker_id: str) -> bool:
    """Whether this asker is the caller, or was the caller before they signed in."""
    if asker_id == caller.member_id:
        return True
    if caller.is_guest or not asker_id.startswith("gst_"):
        return False
    (link,) = load(GuestLink.key(caller.member_id, organization_id, asker_id))
    return link is not None
