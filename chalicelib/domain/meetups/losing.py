"""When someone does not come who would have: removed, suspended, gone, or silent to an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.meetups import hosting, standpoints
from chalicelib.domain.meetups.answering import RUSH, HostComes, told
from chalicelib.domain.meetups.proposing import LONGEST
from chalicelib.domain.meetups.seating import Seating
from chalicelib.domain.meetups.states import AlreadyThere, MeetupNotFound
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import AHEAD, moment_key
from chalicelib.models.memberships import Membership
from chalicelib.models.rsvps import LISTED, MemberMeetup, Rsvp
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint


class AttendeeNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "This person neither comes, nor waits, nor is interested.",
        "fr": "Cette personne ne vient pas, n’attend pas de place et n’est pas intéressée.",
    }


@retry_if_overtaken(attempts=RUSH)
def remove(caller: Caller, organization_id: str, meetup_id: str, member_id: str, *, reason: str) -> None:
    """Ask someone not to come, and say why: they are told, and do not answer again. Repeats change nothing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, AttendeeNotFound, OnlyTheHost,
    MeetupStateRefused, RsvpsClosed, HostComes, AlreadyThere.
    """
    stands = standpoints.find(caller, organization_id, meetup_id, Rsvp.key(meetup_id, member_id))
    stands.must_host()
    if member_id == stands.meetup.host_id:
        raise HostComes
    rsvp = stands.also[0]
    if rsvp is not None and rsvp.removed_reason is not None:
        return
    if rsvp is None or rsvp.state not in LISTED:
        raise AttendeeNotFound
    hosting.must_be_able_to_dismiss(stands, member_id)
    stands.must_take_answers()
    if rsvp.state == "checked_in":
        raise AlreadyThere
    _drop(stands, rsvp, cause="removed", actor_id=caller.member_id, removed_reason=reason)


@retry_if_overtaken(attempts=RUSH)
def lose(organization_id: str, meetup_id: str, member_id: str, *, cause: str) -> None:
    """Free what someone holds who is gone: suspended, unfollowed, erased. Done again it changes nothing.

    What was, stays: whoever was at a meetup that is over, was; so was whoever is there already. What they
    host has another host, or is cancelled.
    """
    try:
        stands = standpoints.look(member_id, organization_id, meetup_id)
    except MeetupNotFound:
        return
    if member_id == stands.meetup.host_id:
        hosting.lose_host(stands, cause=cause)
        return
    if stands.rsvp is None or stands.rsvp.state not in LISTED or stands.state not in AHEAD:
        return
    if stands.rsvp.state == "checked_in":
        return
    _drop(stands, stands.rsvp, cause=cause, actor_id=member_id)


def _drop(stands: Standpoint, rsvp: Rsvp, *, cause: str, actor_id: str, **values: Any) -> None:
    before = str(rsvp.state)
    seating = Seating(stands.meetup, stands.seats, now=stands.now, actor_id=actor_id)
    seating.turn(rsvp, "declined", party=1, number=0, answered_by=None, before=None, **values)
    seating.tell(told(rsvp, before, actor_id, cause=cause))
    seating.pass_on()
    with changes() as change:
        seating.write(change)


@retry_if_overtaken(attempts=RUSH)
def lapse(organization_id: str, meetup_id: str, member_id: str, offer_id: str) -> None:
    """Pass on the seats that someone was offered and did not answer to, if that offer is still the one."""
    try:
        stands = standpoints.look(member_id, organization_id, meetup_id)
    except MeetupNotFound:
        return
    rsvp = stands.rsvp
    if rsvp is None or rsvp.offer_id != offer_id or rsvp.state_at(stands.now) != "lapsed":
        return
    if stands.state == "cancelled":
        return
    seating = Seating(stands.meetup, stands.seats, now=stands.now, actor_id=member_id)
    seating.tell(
        events.OfferLapsed(
            organization_id=organization_id, actor_id=member_id, at=stands.now, meetup_id=meetup_id,
            member_id=member_id, party=int(rsvp.party), revision=int(rsvp.revision), offer_id=offer_id,
        )
    )  # fmt: skip
    seating.turn(rsvp, "lapsed", party=1, number=0, answered_by=None, before=None)
    seating.pass_on()
    with changes() as change:
        seating.write(change)


@retry_if_overtaken(attempts=RUSH)
def pass_on(event: events.SeatsFreed) -> None:
    """Move the line further: as many as one step takes, and what is left of it is announced again."""
    stands = standpoints.look(event.host_id, event.organization_id, event.meetup_id)
    if not stands.seats.anyone_fits():
        return
    seating = Seating(stands.meetup, stands.seats, now=stands.now, actor_id=event.actor_id)
    seating.pass_on(after=event.after, since=event.at)
    with changes() as change:
        seating.write(change)


def lose_leaver(event: events.OrganizationUnfollowed) -> None:
    """Free the seats of someone who stopped following, unless they follow again meanwhile."""
    (membership,) = load(Membership.key(event.organization_id, event.actor_id))
    if membership is None:
        lose_everywhere(event.actor_id, cause="unfollowed", organization_id=event.organization_id)


def lose_suspended(event: events.MemberSuspended) -> None:
    """The same for someone who is suspended there still."""
    (suspension,) = load(RunningSuspension.key(event.organization_id, event.member_id))
    if suspension is not None and suspension.runs_at(clock.now()):
        lose_everywhere(event.member_id, cause="suspended", organization_id=event.organization_id)


def lose_everywhere(member_id: str, *, cause: str, organization_id: str | None = None) -> None:
    """Free what someone holds in every meetup ahead: of one organization, or of all."""
    for own in _ahead_of(member_id):
        if organization_id in (None, own.organization_id):
            lose(own.organization_id, own.meetup_id, member_id, cause=cause)


def _ahead_of(member_id: str) -> Iterator[MemberMeetup]:
    page: Page | None = Page(100, moment_key(clock.now() - LONGEST))
    while page is not None:
        found = MemberMeetup.of_member(member_id, page)
        yield from found.items
        page = Page(100, found.last) if found.last is not None else None
