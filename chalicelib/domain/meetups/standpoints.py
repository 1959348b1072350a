"""A meetup as someone stands to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain import standing
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups.states import MeetupNotFound, MeetupStateRefused, OnlyTheHosts, RsvpsClosed
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.meetups import Meetup, Seats
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.rsvps import COMING, LISTED, Rsvp
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from chalicelib.domain.callers import Caller


@dataclass(frozen=True)
class Standpoint:
    """A meetup, what the caller is to it, and what was read at the same moment."""

    meetup: Meetup
    seats: Seats
    caller_id: str
    now: datetime
    rsvp: Rsvp | None = None
    membership: Membership | None = None
    member: Member | None = None
    suspension: RunningSuspension | None = None
    apart: frozenset[str] = frozenset()
    """Whom the caller is never brought together with."""
    also: tuple[Any, ...] = ()

    @property
    def state(self) -> str:
        return self.meetup.state_at(self.now)

    @property
    def is_host(self) -> bool:
        """Whether the caller looks after it."""
        return self.caller_id in self.meetup.hosts()

    @property
    def is_coming(self) -> bool:
        """Whether the caller is told where it is exactly, and who else comes: while they have a seat."""
        return self.is_host or (self.rsvp is not None and self.rsvp.state_at(self.now) in COMING)

    @property
    def is_visible(self) -> bool:
        """Whether the caller may know of it at all."""
        if self.meetup.is_hosts_only() and not self.is_host:
            return False
        stays = self.rsvp is not None and self.rsvp.state in LISTED  # until they say that they do not come
        return stays or not self.is_parted

    @property
    def is_parted(self) -> bool:
        """Whether the caller is never to meet someone who looks after it."""
        return not self.is_host and not self.apart.isdisjoint(self.meetup.hosts())

    def must_follow(self) -> Membership:
        """The caller's membership; raises FollowFirst."""
        if self.membership is None:
            raise FollowFirst
        return self.membership

    def must_not_be_suspended(self) -> None:
        """Raise Suspended unless the caller may speak to others in this organization."""
        standing.must_not_be_suspended(self.suspension)

    def must_host(self) -> None:
        """Raise OnlyTheHosts unless the caller looks after it, follows, and is not suspended."""
        if not self.is_host:
            raise OnlyTheHosts
        self.must_follow()
        self.must_not_be_suspended()

    def must_be(self, states: Collection[str]) -> None:
        """Raise MeetupStateRefused unless it is in one of these states."""
        if self.state not in states:
            raise MeetupStateRefused(state=self.state)

    def must_take_answers(self) -> None:
        """Raise MeetupStateRefused, or RsvpsClosed, unless people may say now whether they come."""
        if self.state in ("draft", "cancelled"):
            raise MeetupStateRefused(state=self.state)
        if not self.meetup.takes_answers(self.now):
            closed_at = min(self.meetup.rsvp_closes_at, self.meetup.starts_at, self.now)
            raise RsvpsClosed(closed_at=closed_at.isoformat(timespec="seconds"))


def find(caller: Caller | None, organization_id: str, meetup_id: str, *also: Key[Any]) -> Standpoint:
    """A meetup as the caller stands to it, in one read. Raises MeetupNotFound.

    A draft is there for its hosts only; nobody meets whom they are parted from.
    """
    stands = look(caller.member_id if caller else NOBODY, organization_id, meetup_id, *also)
    if not stands.is_visible:
        raise MeetupNotFound
    return stands


def look(member_id: str, organization_id: str, meetup_id: str, *also: Key[Any]) -> Standpoint:
    """A meetup as someone stands to it, whether or not they may know of it. Raises MeetupNotFound."""
    meetup, seats, rsvp, membership, member, suspension, apart, *rest = load(
        Meetup.key(organization_id, meetup_id),
        Seats.key(meetup_id),
        Rsvp.key(meetup_id, member_id),
        Membership.key(organization_id, member_id),
        Member.key(member_id),
        RunningSuspension.key(organization_id, member_id),
        Apart.key(member_id),
        *also,
    )
    if meetup is None or seats is None:
        raise MeetupNotFound
    parted = frozenset(apart.people or ()) if apart is not None else frozenset()
    return Standpoint(
        meetup, seats, member_id, clock.now(), rsvp=rsvp, membership=membership, member=member,
        suspension=suspension, apart=parted, also=tuple(rest),
    )  # fmt: skip


def now_that(stands: Standpoint, rsvp: Rsvp) -> Standpoint:
    """The same, once this answer is written."""
    return replace(stands, rsvp=rsvp)
