"""Whom one brings into a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.handing_over import CannotBringIn
from chalicelib.domain.questions.parting import keep_apart
from chalicelib.domain.questions.queue import about
from chalicelib.domain.questions.states import QuestionNotFound, must_be
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import UNSETTLED, Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place, Seen
    from chalicelib.models.changes import Changes

MOST_INVITED = 3


class EnoughCompany(errors.Conflict):
    reason: ClassVar = {
        "en": "Three people are invited already.",
        "fr": "Trois personnes sont déjà invitées.",
    }


@retry_if_overtaken
def invite(caller: Caller, organization_id: str, question_id: str, member_id: str) -> Seen:
    """Invite someone who follows into a conversation; they come, or not. Whoever declined is not asked again.

    Raises QuestionNotFound, QuestionStateRefused, EnoughCompany, CannotBringIn.
    """
    place = places.find(caller, organization_id, question_id, Membership.key(organization_id, member_id))
    question = place.question
    if not place.is_inside:
        raise QuestionNotFound
    place.must_not_be_suspended()
    if member_id in question.expected():
        return places.seen(place)  # the same call, sent again
    must_be(question, UNSETTLED, place.now)
    refused = CannotBringIn(pointer="/member_id")
    if member_id in question.invited or place.also[0] is None:
        raise refused
    if member_id in question.askers() | {question.helper_id}:
        raise refused
    if len(question.expected()) >= MOST_INVITED:
        raise EnoughCompany
    with changes() as change:
        keep_apart(change, question, member_id, otherwise=refused, others=[question.helper_id])
        change.edit(question, invited={**question.invited, member_id: False})
        change.save(QuestionPlace.of(question, member_id, "companion"))
        change.announce(
            events.HelperInvited(
                actor_id=caller.member_id, at=place.now, member_id=member_id, **about(question)
            )
        )
    return places.seen(place)


@retry_if_overtaken
def come(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Come into a conversation that one is invited to: those in it are told. Raises QuestionNotFound."""
    place = _invited(caller, organization_id, question_id)
    place.must_not_be_suspended()
    question, me = place.question, caller.member_id
    if not question.invited[me]:
        with changes() as change:
            unknown = QuestionNotFound()
            follows = Membership.key(organization_id, me)
            change.check(follows, Membership.is_there(), otherwise=unknown)
            keep_apart(change, question, me, otherwise=unknown, others=[question.helper_id])
            change.edit(question, invited={**question.invited, me: True})
            _tell(change, events.CompanionCame, question, me, place.now)
    return places.seen(place, "companion")


@retry_if_overtaken
def stay_away(caller: Caller, organization_id: str, question_id: str) -> None:
    """Decline an invitation, or leave the conversation: one is out of it either way, and not asked again."""
    place = places.look(caller, organization_id, question_id)
    question, me = place.question, caller.member_id
    if me in question.expected():
        _go(question, me, {**question.invited, me: None}, place.now)


@retry_if_overtaken
def lose_companion(organization_id: str, question_id: str, member_id: str) -> None:
    """Have someone be in a conversation, or invited into it, no more. Done again it changes nothing."""
    (question,) = load(Question.key(organization_id, question_id))
    if question is not None and member_id in question.expected():
        left = {member: came for member, came in question.invited.items() if member != member_id}
        _go(question, member_id, left, clock.now())


def _go(question: Question, member_id: str, left: dict[str, Any], now: datetime) -> None:
    came = question.invited[member_id]
    with changes() as change:
        change.edit(question, invited=left)
        change.delete(QuestionPlace.of(question, member_id, "companion"))
        if came:
            _tell(change, events.CompanionLeft, question, member_id, now)


def _tell(change: Changes, kind: Any, question: Question, member_id: str, now: datetime) -> None:
    change.announce(kind(actor_id=member_id, at=now, member_id=member_id, **about(question)))


def _invited(caller: Caller, organization_id: str, question_id: str) -> Place:
    place = places.find(caller, organization_id, question_id)
    if caller.member_id not in place.question.expected():
        raise QuestionNotFound
    return place
