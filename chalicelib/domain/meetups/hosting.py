"""Who looks after a meetup: its host, up to three people with them, and whoever takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, standing
from chalicelib.domain.meetups import recurring, standpoints
from chalicelib.domain.meetups.answering import RUSH, told
from chalicelib.domain.meetups.cancelling import call_off
from chalicelib.domain.meetups.seating import Seating
from chalicelib.domain.meetups.states import OnlyTheHost
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import AHEAD
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.rsvps import COMING, Rsvp
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.changes import Changes
    from chalicelib.models.tables import Key

MOST_CO_HOSTS = 3

NOBODY_LEFT = {
    "en": "Whoever hosted it cannot any more, and nobody looks after it with them.",
    "fr": "La personne qui l’organisait ne le peut plus, et personne ne s’en occupe avec elle.",
}
"""Why a meetup without a host is cancelled: nothing is said of them."""


class TooManyCoHosts(errors.Conflict):
    """`most` is how many people look after a meetup with its host."""

    reason: ClassVar = {
        "en": "{most} people at most look after a meetup with its host.",
        "fr": "Une rencontre a au plus {most} co-organisateurs ou co-organisatrices.",
    }
    example: ClassVar = {"most": MOST_CO_HOSTS}


class NotOneWhoComes(errors.Invalid):
    """It is not said why: whoever blocks someone need not explain it."""

    reason: ClassVar = {
        "en": "Nobody who comes, and may look after it with you, is meant by this.",
        "fr": "Ceci ne désigne personne qui vienne et puisse s’en occuper avec vous.",
    }
    example: ClassVar = {"pointer": "/member_id"}


class NotACoHost(errors.Invalid):
    reason: ClassVar = {
        "en": "A meetup is handed over to someone who looks after it with you.",
        "fr": "Une rencontre se confie à quelqu’un qui s’en occupe avec vous.",
    }
    example: ClassVar = {"pointer": "/member_id"}


@retry_if_overtaken
def add(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> Standpoint:
    """Have someone who comes look after a meetup with its host. Repeating changes nothing.

    Raises MeetupNotFound, OnlyTheHost, FollowFirst, Suspended, MeetupStateRefused, NotOneWhoComes,
    TooManyCoHosts.
    """
    stands = standpoints.find(
        caller, organization_id, meetup_id, *_about(organization_id, meetup_id, member_id)
    )
    _must_be_the_host(stands)
    meetup = stands.meetup
    if member_id in meetup.hosts():
        return stands
    stands.must_be(AHEAD - {"draft"})
    apart = stands.also[3]
    if not _can_host(stands) or (
        apart is not None and not (apart.people or set()).isdisjoint(meetup.hosts())
    ):
        raise NotOneWhoComes(pointer="/member_id")
    if len(meetup.co_host_ids) >= MOST_CO_HOSTS:
        raise TooManyCoHosts(most=MOST_CO_HOSTS)
    with changes() as change:
        _hold_to_them(change, stands, member_id)
        change.check(Rsvp.key(meetup_id, member_id), Rsvp.is_coming())
        _look_after(change, stands, [*meetup.co_host_ids, member_id], caller.member_id)
        # mailed once, however often it is taken back and said again
        _let_know(change, stands, member_id, "made_co_host", occasion="once")
    return stands


@retry_if_overtaken
def remove(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> None:
    """Have someone look after it no more: the host decides, or they do. They still come.

    Raises MeetupNotFound, OnlyTheHost, FollowFirst, Suspended.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    if caller.member_id != member_id:
        _must_be_the_host(stands)
    meetup = stands.meetup
    if member_id not in meetup.co_host_ids:
        return
    with changes() as change:
        staying = [one for one in meetup.co_host_ids if one != member_id]
        _look_after(change, stands, staying, caller.member_id)


@retry_if_overtaken(attempts=RUSH)
def hand_over(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> Standpoint:
    """Have a co-host be its host. Repeating changes nothing.

    A host has no seat that is counted: theirs are free with it. Whoever was host has one of them, as everyone
    who comes does; any other goes down the line.

    Raises MeetupNotFound, OnlyTheHost, FollowFirst, Suspended, MeetupStateRefused, NotACoHost.
    """
    stands = standpoints.find(
        caller, organization_id, meetup_id, *_about(organization_id, meetup_id, member_id)
    )
    meetup = stands.meetup
    if meetup.host_id == member_id:
        return stands
    _must_be_the_host(stands)
    stands.must_be(AHEAD)
    if member_id not in meetup.co_host_ids or not _can_host(stands):
        raise NotACoHost(pointer="/member_id")
    with changes() as change:
        _hold_to_them(change, stands, member_id)
        _change_host(change, stands, stands.rsvp, *stands.also[:2])
    return stands


def lose_host(stands: Standpoint, *, cause: str) -> None:
    """Have whoever looks after it with a host who is gone be its host; where nobody does, it is cancelled.

    A draft stays as it is: nobody waits for it. What has started goes on. Done again it changes nothing.
    """
    meetup = stands.meetup
    if stands.state not in AHEAD - {"draft"}:
        return
    organization_id, co_hosts = meetup.organization_id, list(meetup.co_host_ids)
    read = [_about(organization_id, meetup.id, member_id) for member_id in co_hosts]
    organization, *known = load(Organization.key(organization_id), *(key for keys in read for key in keys))
    able = [known[at : at + 2] for at in range(0, len(known), 4) if _is_able(*known[at : at + 3])]
    reason = NOBODY_LEFT[organization.language if organization else "en"]
    if meetup.series_id is not None:  # first: once the meetup has another host, this is not come to again
        recurring.lose_host(organization_id, meetup.series_id, stands.caller_id, reason=reason)
    with changes() as change:
        if able:
            _hold_to_them(change, stands, able[0][0].member_id)
            _change_host(change, stands, stands.rsvp, *able[0], cause=cause)
        else:
            call_off(change, stands, reason=reason, actor_id=meetup.host_id, cause="host_lost")


def _about(organization_id: str, meetup_id: str, member_id: str) -> tuple[Key[Any], ...]:
    """What decides whether someone looks after a meetup."""
    return (
        Rsvp.key(meetup_id, member_id),
        Membership.key(organization_id, member_id),
        RunningSuspension.key(organization_id, member_id),
        Apart.key(member_id),
    )


def _can_host(stands: Standpoint) -> bool:
    return _is_able(*stands.also[:3])


def _is_able(rsvp: Rsvp | None, membership: Membership | None, suspension: RunningSuspension | None) -> bool:
    """Whether they come, follow, and may speak to others there."""
    now = clock.now()
    suspended = suspension is not None and suspension.runs_at(now)
    return rsvp is not None and rsvp.state_at(now) in COMING and membership is not None and not suspended


def must_be_able_to_dismiss(stands: Standpoint, member_id: str) -> None:
    """Raise OnlyTheHost where a co-host would send another one away."""
    if member_id in stands.meetup.co_host_ids and stands.caller_id not in (stands.meetup.host_id, member_id):
        raise OnlyTheHost


def _must_be_the_host(stands: Standpoint) -> None:
    if stands.caller_id != stands.meetup.host_id:
        raise OnlyTheHost
    stands.must_host()


def _hold_to_them(change: Changes, stands: Standpoint, member_id: str) -> None:
    """Hold it to their following, and not being suspended, meanwhile."""
    organization_id = stands.meetup.organization_id
    change.check(Membership.key(organization_id, member_id), Membership.is_there())
    standing.hold_to_it(change, organization_id, member_id)


def _look_after(change: Changes, stands: Standpoint, co_host_ids: list[str], actor_id: str) -> None:
    meetup = stands.meetup
    change.edit(meetup, co_host_ids=co_host_ids, updated_at=stands.now)
    change.announce(
        events.CoHostsChanged(
            organization_id=meetup.organization_id, actor_id=actor_id, at=stands.now, meetup_id=meetup.id,
            host_id=meetup.host_id, co_host_ids=co_host_ids,
        )
    )  # fmt: skip


def _change_host(
    change: Changes,
    stands: Standpoint,
    former: Rsvp | None,
    following: Rsvp,
    membership: Membership,
    *,
    cause: str | None = None,
) -> None:
    """Have someone be the host; the former one comes like everyone, or, if gone by a cause, not at all."""
    meetup, before = stands.meetup, str(stands.meetup.host_id)
    staying = [one for one in meetup.co_host_ids if one != following.member_id]
    seating = Seating(meetup, stands.seats, now=stands.now, actor_id=before)
    kept = {"answered_by": None, "before": None}
    seating.turn(following, str(following.state), party=0, revision=meetup.revision, **kept)
    if former is not None and (cause is None or former.state == "checked_in"):
        seating.turn(former, str(former.state), party=1)
    elif former is not None:
        after = str(former.state)
        seating.turn(former, "declined", party=1)
        seating.tell(told(former, after, before, cause=cause or ""))
    change.edit(
        meetup, host_id=following.member_id, host_voice=membership.voice, co_host_ids=staying,
        updated_at=stands.now,
    )  # fmt: skip
    seating.pass_on()
    seating.write(change, check=False)
    changed = events.HostChanged(
        organization_id=meetup.organization_id, actor_id=before, at=stands.now, meetup_id=meetup.id,
        host_id=following.member_id, before=before,
    )  # fmt: skip
    change.announce(changed)
    _let_know(
        change, stands, following.member_id, "made_host", occasion=changed.id,
        cause="host" if cause is None else "host_lost",
    )  # fmt: skip


def _let_know(
    change: Changes, stands: Standpoint, member_id: str, about: str, *, occasion: str, cause: str = "host"
) -> None:
    """Tell someone that it is theirs to look after, wherever they are: they may not have been asked."""
    meetup = stands.meetup
    change.announce(
        events.AttendeeTold(
            organization_id=meetup.organization_id, actor_id=stands.caller_id, at=stands.now,
            meetup_id=meetup.id, host_id=meetup.host_id, member_id=member_id, about=about, occasion=occasion,
            revision=int(meetup.revision), cause=cause,
        )
    )  # fmt: skip
