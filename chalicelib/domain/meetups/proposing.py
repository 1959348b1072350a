"""Proposing a meetup: from a salon, from a question that was resolved, or out of the blue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, limits, standing
from chalicelib.domain.meetups import agenda, standpoints
from chalicelib.domain.meetups.seating import Seating
from chalicelib.domain.meetups.standpoints import Standpoint
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import Meetup, Seats
from chalicelib.models.questions import Question
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.salons import Salon

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.standing import Standing
    from chalicelib.models.changes import Changes

PROPOSING = limits.Policy("proposing", limit=10, window=3600)
"""Meetups of one person in an hour: each of them is told to everyone around."""

FURTHEST = timedelta(days=366)
"""How far ahead a meetup may be proposed."""

LONGEST = timedelta(days=3)


class TimesRefused(errors.Invalid):
    """`problem` names what is wrong: starts_in_the_past, ends_before_start, too_long, and so on."""

    reason: ClassVar = {
        "en": "These times cannot be: {problem}. A meetup is ahead, within a year, and lasts three days at "
        "most.",
        "fr": "Ces horaires sont impossibles : {problem}. Une rencontre est à venir, d’ici un an, et dure "
        "trois jours au plus.",
    }
    example: ClassVar = {"pointer": "/ends_at", "problem": "ends_before_start"}


class NowhereToMeet(errors.Invalid):
    reason: ClassVar = {
        "en": "A meetup has a place, a link, or both.",
        "fr": "Une rencontre a un lieu, un lien, ou les deux.",
    }
    example: ClassVar = {"pointer": "/place"}


class OriginUnknown(errors.Invalid):
    """`pointer` names the salon or the question that this person may not propose a meetup from."""

    reason: ClassVar = {
        "en": "No meetup can be born from this: it takes an open salon here, or a resolved question of "
        "yours.",
        "fr": "Aucune rencontre ne peut naître de ceci : il faut un salon ouvert ici, ou une question "
        "résolue dont vous étiez.",
    }
    example: ClassVar = {"pointer": "/salon_id"}


@dataclass(frozen=True, kw_only=True)
class Times:
    """When a meetup takes place, and until when people answer."""

    starts_at: datetime
    ends_at: datetime
    rsvp_closes_at: datetime | None = None

    def checked(self, now: datetime) -> Times:
        """These, with nothing left open. Raises TimesRefused."""
        closes_at = self.rsvp_closes_at or self.starts_at
        for pointer, problem, is_so in (
            ("/starts_at", "starts_in_the_past", self.starts_at <= now),
            ("/starts_at", "too_far_ahead", self.starts_at > now + FURTHEST),
            ("/ends_at", "ends_before_start", self.ends_at <= self.starts_at),
            ("/ends_at", "too_long", self.ends_at - self.starts_at > LONGEST),
            ("/rsvp_closes_at", "closes_after_start", closes_at > self.starts_at),
        ):
            if is_so:
                raise TimesRefused(pointer=pointer, problem=problem)
        return Times(starts_at=self.starts_at, ends_at=self.ends_at, rsvp_closes_at=closes_at)


def propose(caller: Caller, organization_id: str, *, capacity: int | None, **asked: Any) -> Standpoint:
    """Propose a meetup that its proposer hosts: any follower, in one call. `asked` is as for `compose`.

    Raises OrganizationNotFound, FollowFirst, Suspended, TimesRefused, NowhereToMeet, OriginUnknown.
    """
    now = clock.now()
    return write(compose(caller, organization_id, now=now, **asked), capacity=capacity, now=now)


def compose(
    caller: Caller,
    organization_id: str,
    *,
    times: Times,
    now: datetime,
    meetup_id: str | None = None,
    draft: bool = False,
    salon_id: str | None = None,
    question_id: str | None = None,
    **said: Any,
) -> Meetup:
    """A meetup that this person may host, not written yet.

    `said` are the meetup's own words: title, about, time_zone, place, online_url, party_limit, languages,
    accessibility. Raises what `propose` does.
    """
    here = standing.of(
        caller,
        organization_id,
        Salon.key(salon_id or "none"),
        Question.key(organization_id, question_id or "none"),
    )
    if here.membership is None:
        raise FollowFirst
    here.must_not_be_suspended()
    when = times.checked(now)
    if said.get("place") is None and said.get("online_url") is None:
        raise NowhereToMeet(pointer="/place")
    if when.rsvp_closes_at is not None and when.rsvp_closes_at <= now:
        raise TimesRefused(pointer="/rsvp_closes_at", problem="closes_in_the_past")
    _must_be_born_here(here, caller, salon_id, question_id)
    return Meetup.proposing(
        organization_id, meetup_id or ids.new("mtg"), at=now, host_id=caller.member_id,
        host_voice=here.membership.voice, salon_id=salon_id, question_id=question_id,
        state="draft" if draft else "published",
        starts_at=when.starts_at, ends_at=when.ends_at, rsvp_closes_at=when.rsvp_closes_at, **said,
    )  # fmt: skip


def write(meetup: Meetup, *, capacity: int | None, now: datetime) -> Standpoint:
    """Put a meetup where it is found, with its host among those who come."""
    with changes() as change:
        return put(change, meetup, capacity=capacity, now=now)


def put(change: Changes, meetup: Meetup, *, capacity: int | None, now: datetime) -> Standpoint:
    """Do so with a change."""
    seats, rsvp = Seats.of(meetup.id, capacity=capacity), Rsvp.of(meetup, meetup.host_id, at=now)
    seating = Seating(meetup, seats, now=now, actor_id=meetup.host_id)
    seating.turn(rsvp, "going", party=0)
    if meetup.state == "published":
        agenda.enter(change, meetup)
    change.create(meetup)
    seating.write(change, check=False)
    change.announce(proposed(meetup, now) if meetup.state == "published" else _drafted(meetup, now))
    return Standpoint(meetup, seats, meetup.host_id, now, rsvp=rsvp)


@retry_if_overtaken
def publish(caller: Caller, organization_id: str, meetup_id: str) -> Standpoint:
    """Show a draft to everyone. Repeating changes nothing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, MeetupStateRefused, TimesRefused.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    stands.must_host()
    meetup = stands.meetup
    if meetup.state == "published":
        return stands
    stands.must_be(["draft"])
    Times(
        starts_at=meetup.starts_at, ends_at=meetup.ends_at, rsvp_closes_at=meetup.rsvp_closes_at
    ).checked(stands.now)  # fmt: skip
    with changes() as change:
        agenda.enter(change, meetup)
        change.edit(meetup, state="published", agenda=meetup.agenda, updated_at=stands.now)
        change.announce(proposed(meetup, stands.now))
    return stands


def proposed(meetup: Meetup, at: datetime) -> events.MeetupProposed:
    """What is announced when a meetup is there for everyone."""
    return events.MeetupProposed(
        organization_id=meetup.organization_id, actor_id=meetup.host_id, at=at, meetup_id=meetup.id,
        host_id=meetup.host_id, title=meetup.title, starts_at=meetup.starts_at, ends_at=meetup.ends_at,
        rsvp_closes_at=meetup.rsvp_closes_at, revision=int(meetup.revision), salon_id=meetup.salon_id,
        question_id=meetup.question_id, series_id=meetup.series_id,
        occurrence=None if meetup.occurrence is None else int(meetup.occurrence),
    )  # fmt: skip


def _drafted(meetup: Meetup, at: datetime) -> events.MeetupDrafted:
    return events.MeetupDrafted(
        organization_id=meetup.organization_id, actor_id=meetup.host_id, at=at, meetup_id=meetup.id,
        host_id=meetup.host_id,
    )  # fmt: skip


def _must_be_born_here(here: Standing, caller: Caller, salon_id: str | None, question_id: str | None) -> None:
    salon, question = here.also
    if salon_id is not None and not (
        salon is not None and salon.is_at_home_in(here.organization.id) and salon.state == "open"
    ):
        raise OriginUnknown(pointer="/salon_id")
    part_of_it = question is not None and caller.member_id in {*question.askers(), question.helper_id}
    if question_id is not None and not (part_of_it and question.state == "resolved"):
        raise OriginUnknown(pointer="/question_id")
