from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.parting import keep_apart
from chalicelib.domain.questions.queue import (
    about,
    hands_free,
    leave_helper,
    put_back,
    take,
    waiting,
    without_company,
)
from chalicelib.domain.questions.states import (
    LEASE,
    SKIPPED,
    OnlyTheHelper,
    QuestionNotFound,
    QuestionStateRefused,
)
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.guests import GuestLink
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import IN_HAND, Question, QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place, Seen
    from chalicelib.models.changes import Changes

MOST_COUNTED = 20


class QuestionAlreadyClaimed(errors.Conflict):
    """`next_question_id` waits longest among the others, of which there are `others_waiting`, 20 at most."""

    reason: ClassVar = {
        "en": "Someone else was first. Other questions that wait for an answer: {others_waiting}.",
        "fr": "Quelqu’un d’autre a été plus rapide. Autres questions en attente d’une réponse : "
        "{others_waiting}.",
    }
    example: ClassVar = {"others_waiting": 3, "next_question_id": "qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"}


class CannotHelpYourself(errors.Forbidden):
    reason: ClassVar = {
        "en": "This is your own question: someone else helps with it.",
        "fr": "C’est votre propre question : quelqu’un d’autre y aide.",
    }


class NotOfferedToYou(errors.Conflict):
    """It is not said why: whoever asked need not explain whom they would rather talk to."""

    reason: ClassVar = {
        "en": "This question is offered to others for now.",
        "fr": "Cette question est proposée à d’autres pour l’instant.",
    }


@retry_if_overtaken
def claim(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Take a question in hand: one person gets it, and says a first word within two minutes.

    Raises QuestionNotFound, FollowFirst, Suspended, CannotHelpYourself, QuestionAlreadyClaimed,
    QuestionStateRefused, NotOfferedToYou, HandsFull.
    """
    place = places.look(caller, organization_id, question_id)
    question = place.question
    place.must_not_be_suspended()
    if place.membership is None:
        raise FollowFirst
    if place.role == "asker":
        raise CannotHelpYourself
    if place.role == "helper" and question.is_in_hand() and not question.is_lapsed(place.now):
        return places.seen(place)  # the same call, sent again
    _must_wait(place)
    with hands_free(question):
        _take(place, place.membership)
    return places.seen(place, "helper")


def must_be_another(change: Changes, question: Question, helper_id: str) -> None:
    """Let nobody take in hand what they asked themselves before they had an account."""
    link = GuestLink.key(helper_id, question.organization_id, question.asker_id)
    change.check(link, GuestLink.is_absent(), otherwise=CannotHelpYourself())


def must_follow(change: Changes, question: Question, helper_id: str) -> None:
    """Let nobody take in hand what they may not see any more, if they stop following meanwhile."""
    follows = Membership.key(question.organization_id, helper_id)
    change.check(follows, Membership.is_there(), otherwise=FollowFirst())


def _must_wait(place: Place) -> None:
    question, member_id, now = place.question, place.caller.member_id, place.now
    state = question.state_at(now)
    if state in IN_HAND:
        raise _taken(question)
    if state != "open":
        if place.role is None and (not place.was_offered or question.keeps_out(member_id, place.apart)):
            raise QuestionNotFound  # what became of it is for those whom it concerned
        raise QuestionStateRefused(state=state)
    if question.skips(member_id, now) or (question.is_lapsed(now) and question.helper_id == member_id):
        raise NotOfferedToYou


def _taken(question: Question) -> QuestionAlreadyClaimed:
    """Who comes second learns what else waits."""
    found = QuestionWaiting.in_organization(question.organization_id, Page(MOST_COUNTED + 1)).items
    others = [item.question_id for item in found if item.question_id != question.id][:MOST_COUNTED]
    return QuestionAlreadyClaimed(others_waiting=len(others), next_question_id=others[0] if others else None)


def _take(place: Place, membership: Membership) -> None:
    question, now, helper_id = place.question, place.now, membership.member_id
    with changes() as change:
        must_follow(change, question, helper_id)
        keep_apart(change, question, helper_id, otherwise=NotOfferedToYou())
        must_be_another(change, question, helper_id)
        skipped = question.skipped
        if question.is_lapsed(now):  # its lease is over, and nobody has written that down yet
            before = str(question.helper_id)
            skipped = question.skipping(before, now + SKIPPED)
            leave_helper(change, question)
            change.announce(
                events.QuestionReturned(
                    actor_id=before, at=now, topics=question.topics, round=int(question.round),
                    language=question.language, reason="lease_ended", **about(question),
                )
            )  # fmt: skip
        else:
            change.delete(waiting(question))
        take(change, question, helper_id)
        change.edit(
            question, state="claimed", helper_id=helper_id, helper_voice=membership.voice, skipped=skipped,
            claim_token=secrets.token_urlsafe(9), lease_until=now + LEASE,
            helped_by=sorted({*question.helped_by, helper_id}),
            invited=without_company(change, question, helper_id),
        )  # fmt: skip
        change.announce(
            events.QuestionClaimed(
                actor_id=helper_id, at=now, round=int(question.round), claim_token=question.claim_token,
                lease_until=question.lease_until, **about(question),
            )
        )  # fmt: skip


@retry_if_overtaken
def release(caller: Caller, organization_id: str, question_id: str) -> None:
    """Give a question back: it keeps its age, and its helper is not offered it for ten minutes.

    Raises QuestionNotFound, OnlyTheHelper, QuestionStateRefused.
    """
    place = places.look(caller, organization_id, question_id)
    question = place.question
    if place.role != "helper":
        if caller.member_id in question.skipped:
            return  # it was given back before
        raise QuestionNotFound if place.role is None else OnlyTheHelper
    if question.state not in IN_HAND:
        raise QuestionStateRefused(state=question.state)
    with changes() as change:
        put_back(change, question, now=place.now, reason="released", actor_id=caller.member_id)


@retry_if_overtaken
def end_lease(organization_id: str, question_id: str, claim_token: str) -> None:
    """Return to the queue what whoever claimed it let lie, if that claim is still the one that counts."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or question.claim_token != claim_token or not question.is_lapsed(now):
        return
    with changes() as change:
        put_back(change, question, now=now, reason="lease_ended", actor_id=str(question.helper_id))
