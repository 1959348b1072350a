"""Letting someone watch a conversation in hand, to learn: both whose it is agree, or it does not happen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, standing
from chalicelib.domain.questions import places, spectators
from chalicelib.domain.questions.handing_over import CannotBringIn
from chalicelib.domain.questions.parting import keep_apart
from chalicelib.domain.questions.queue import about
from chalicelib.domain.questions.states import PATIENCE, QuestionNotFound, must_be
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place, Seen
    from chalicelib.models.changes import Changes

MOST_WATCHING = 3

FORGOTTEN = PATIENCE + timedelta(days=1)
"""How long it is found that someone was to watch: a round, and so what they watch, is over before."""


class EnoughSpectators(errors.Conflict):
    reason: ClassVar = {
        "en": "Three people watch, or are to watch, already.",
        "fr": "Trois personnes observent, ou vont observer, déjà.",
    }


@retry_if_overtaken
def agree(caller: Caller, organization_id: str, question_id: str, member_id: str) -> Seen:
    """Agree that someone who follows watches, to learn: they are told once asker and helper both do.

    Whoever declined or left is not asked again in the same hands. Raises QuestionNotFound, Suspended,
    QuestionStateRefused, EnoughSpectators, CannotBringIn.
    """
    place = _side_of(
        caller,
        organization_id,
        question_id,
        Membership.key(organization_id, member_id),
        RunningSuspension.key(organization_id, member_id),
    )
    place.must_not_be_suspended()
    question, side, known = place.question, str(place.role), place.question.spectators.get(member_id)
    if known is not None and side in known["agreed"]:
        return places.seen(place)  # the same call, sent again
    must_be(question, spectators.WATCHED, place.now)
    if not _may_be_let_in(place, member_id):
        raise CannotBringIn
    if known is None and len(spectators.expected(question)) >= MOST_WATCHING:
        raise EnoughSpectators
    agreed = sorted({side, *(known["agreed"] if known else ())})
    both = set(agreed) >= spectators.BOTH
    with changes() as change:
        _keep_apart(change, question, member_id, otherwise=CannotBringIn())
        told = {"agreed": agreed, "after_seq": None}
        change.edit(question, spectators={**question.spectators, member_id: told})
        change.save(QuestionPlace.of(question, member_id, "spectator", until=place.now + FORGOTTEN))
        kind = events.SpectatorInvited if both else events.SpectatorProposed
        _tell(change, kind, question, member_id, actor_id=caller.member_id, at=place.now)
    return places.seen(place)


@retry_if_overtaken
def watch(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Come to watch what both agreed that one watches: one reads what is said from here on, and says nothing.

    Repeating changes nothing. Raises QuestionNotFound, Suspended.
    """
    place = places.look(caller, organization_id, question_id)
    question, me = place.question, caller.member_id
    if place.membership is None or place.is_apart or not spectators.is_invited(question, me):
        raise QuestionNotFound
    place.must_not_be_suspended()
    if spectators.watches_after(question, me) is None:
        unknown = QuestionNotFound()
        with changes() as change:
            change.check(Membership.key(organization_id, me), Membership.is_there(), otherwise=unknown)
            standing.hold_to_it(change, organization_id, me)
            _keep_apart(change, question, me, otherwise=unknown)
            told = {**question.spectators[me], "after_seq": int(question.seq)}
            silent = question.is_silent_since()  # what is said at this very moment is before, or after
            change.edit(question, condition=silent, spectators={**question.spectators, me: told})
            _tell(change, events.SpectatorCame, question, me, actor_id=me, at=place.now)
    return places.seen(place, "spectator")


@retry_if_overtaken
def stop_watching(caller: Caller, organization_id: str, question_id: str) -> None:
    """Decline to watch, or watch no longer: one is not asked again in the same hands."""
    place = places.look(caller, organization_id, question_id)
    question, me = place.question, caller.member_id
    if spectators.is_invited(question, me):
        _end(question, me, {**question.spectators, me: None}, actor_id=me, at=place.now)


@retry_if_overtaken
def dismiss(caller: Caller, organization_id: str, question_id: str, member_id: str) -> None:
    """Agree no longer that someone watches: either of the two ends it, at once. Raises QuestionNotFound."""
    place = _side_of(caller, organization_id, question_id)
    if place.question.spectators.get(member_id) is not None:
        left = _without(place.question, member_id)
        _end(place.question, member_id, left, actor_id=caller.member_id, at=place.now)


@retry_if_overtaken
def lose_spectator(organization_id: str, question_id: str, member_id: str) -> None:
    """Have someone watch no more, nor be asked to. Done again it changes nothing."""
    (question,) = load(Question.key(organization_id, question_id))
    if question is not None and question.spectators.get(member_id) is not None:
        left = _without(question, member_id)
        _end(question, member_id, left, actor_id=member_id, at=clock.now())


def _end(question: Question, member_id: str, left: dict[str, Any], *, actor_id: str, at: datetime) -> None:
    was_told = spectators.is_invited(question, member_id)
    with changes() as change:
        change.edit(question, spectators=left)
        kind = events.SpectatorLeft if was_told else events.SpectatorRefused
        _tell(change, kind, question, member_id, actor_id=actor_id, at=at)


def _without(question: Question, member_id: str) -> dict[str, Any]:
    return {member: told for member, told in question.spectators.items() if member != member_id}


def _side_of(caller: Caller, organization_id: str, question_id: str, *also: Any) -> Place:
    place = places.find(caller, organization_id, question_id, *also)
    if place.role not in spectators.BOTH:
        raise QuestionNotFound
    return place


def _may_be_let_in(place: Place, member_id: str) -> bool:
    """Whether someone follows, speaks there freely, is no part of it, and did not decline to be in it."""
    question, (follows, suspension) = place.question, place.also
    if follows is None or (suspension is not None and suspension.runs_at(place.now)):
        return False
    part = {*question.askers(), question.helper_id, *question.invited, *question.kept_out}
    declined = member_id in question.spectators and question.spectators[member_id] is None
    return member_id not in part and not declined


def _keep_apart(change: Changes, question: Question, member_id: str, *, otherwise: errors.Refusal) -> None:
    keep_apart(change, question, member_id, otherwise=otherwise, others=[question.helper_id])


def _tell(
    change: Changes, kind: Any, question: Question, member_id: str, *, actor_id: str, at: datetime
) -> None:
    change.announce(kind(actor_id=actor_id, at=at, spectator_id=member_id, **about(question)))
