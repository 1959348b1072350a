"""Where members are in the salons they joined, and what they have not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, members, salons, standing
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Reading, Salon, SalonPlace
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page


class JoinFirst(errors.Conflict):
    reason: ClassVar = {
        "en": "Join the salon first: one call, no approval.",
        "fr": "Rejoignez d’abord le salon : un appel, sans approbation.",
    }


class ReadBeyondNewest(errors.Invalid):
    reason: ClassVar = {
        "en": "The newest message here has number {newest}: nobody has read beyond it.",
        "fr": "Le dernier message porte ici le numéro {newest} : personne n’a lu au-delà.",
    }
    example: ClassVar = {"newest": 412, "pointer": "/last_read_seq"}


@dataclass(frozen=True)
class Progress:
    """How far a member is in a salon."""

    salon: Salon
    reading: Reading

    @property
    def salon_id(self) -> str:
        return self.salon.id

    @property
    def last_seq(self) -> int:
        return int(self.salon.seq)

    @property
    def last_read_seq(self) -> int:
        return int(self.reading.last_read_seq)

    @property
    def unread(self) -> int:
        return unread(self.salon, self.reading)

    @property
    def joined_at(self) -> datetime:
        return self.reading.joined_at


def unread(salon: Salon, reading: Reading) -> int:
    """How many messages someone has to read: those beyond their watermark, less their own and the hidden.

    A deleted message still counts until the watermark passes it: its place tells that it was there.
    """
    beyond = range(int(reading.last_read_seq) + 1, int(salon.seq) + 1)
    not_to_read = set(reading.own_seqs or ()) | set(salon.hidden_seqs or ())
    return len(beyond) - sum(int(seq) in beyond for seq in not_to_read)


@retry_if_overtaken
def join(caller: Caller, organization_id: str, salon_id: str) -> Progress:
    """Take a place in a salon: what was said before is not unread. Repeating changes nothing.

    Raises SalonNotFound, FollowFirst.
    """
    here = salons.enter(caller, organization_id, salon_id, Reading.key(caller.member_id, salon_id))
    here.must_follow()
    salon, (before,) = here.salon, here.also
    if _is_joined(before):
        return Progress(salon, before)
    reading = Reading.starting(
        caller.member_id, salon_id, organization_id=organization_id, seq=int(salon.seq), at=clock.now()
    )
    with changes() as change:
        if before is None:
            change.create(reading)
        else:
            reading.last_posted_at = before.last_posted_at
            change.save(reading, condition=Reading.is_left())
    return Progress(salon, reading)


@retry_if_overtaken
def leave(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Give one's place up. Repeating changes nothing. Raises SalonNotFound."""
    here = salons.enter(caller, organization_id, salon_id, Reading.key(caller.member_id, salon_id))
    (reading,) = here.also
    if _is_joined(reading):
        with changes() as change:
            change.update(reading, *Reading.leaving(at=clock.now()), condition=Reading.is_joined())


@retry_if_overtaken
def mark(caller: Caller, organization_id: str, salon_id: str, *, last_read_seq: int) -> Progress:
    """Move one's watermark forward; one that is behind already changes nothing.

    Raises SalonNotFound, JoinFirst, ReadBeyondNewest.
    """
    here = salons.enter(caller, organization_id, salon_id, Reading.key(caller.member_id, salon_id))
    salon, (reading,) = here.salon, here.also
    if not _is_joined(reading):
        raise JoinFirst
    if last_read_seq > salon.seq:
        raise ReadBeyondNewest(newest=salon.seq, pointer="/last_read_seq")
    if last_read_seq > reading.last_read_seq:
        with changes() as change:
            change.update(
                reading, *reading.read_up_to(last_read_seq), condition=Reading.is_behind(last_read_seq)
            )
    return Progress(salon, reading)


def in_organization(caller: Caller, organization_id: str, page: Page) -> Slice[Progress]:
    """Where the caller is in each salon of an organization that they joined, oldest salon first.

    A salon they did not join shortens its page. Raises OrganizationNotFound.
    """
    places = SalonPlace.in_organization(organization_id, page)
    ids = [place.salon_id for place in places.items]
    organization, member, membership, *found = load(
        Organization.key(organization_id),
        Member.key(caller.member_id),
        Membership.key(organization_id, caller.member_id),
        *(Salon.key(salon_id) for salon_id in ids),
        *(Reading.key(caller.member_id, salon_id) for salon_id in ids),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    members.known(caller, member)
    joined = [
        Progress(salon, reading)
        for salon, reading in zip(found[: len(ids)], found[len(ids) :], strict=True)
        if salon is not None and _is_joined(reading) and salons.may_see(salon, membership)
    ]
    return Slice(joined, places.last)


def _is_joined(reading: Reading | None) -> bool:
    return reading is not None and reading.left_at is None
