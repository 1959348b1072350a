from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.helping import moments
from chalicelib.domain.questions import places
from chalicelib.domain.questions.claiming import CannotHelpYourself, must_be_another, must_follow
from chalicelib.domain.questions.parting import keep_apart
from chalicelib.domain.questions.queue import (
    about,
    hands_free,
    leave_helper,
    stop_offering,
    take,
    without_company,
)
from chalicelib.domain.questions.states import (
    CONSIDERING,
    LONGEST_RETURN,
    PROPOSAL,
    QuestionNotFound,
    must_be,
)
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.hand_overs import HandOverWaiting
from chalicelib.models.helping import HelperCard
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place, Seen
    from chalicelib.models.changes import Changes

FORGOTTEN = timedelta(days=1)
"""How long after its end it is found that someone was proposed to take over: whoever leaves is heeded."""


class CannotBringIn(errors.Invalid):
    """It is not said why: it may be that someone does not want to talk to someone."""

    reason: ClassVar = {
        "en": "This person cannot be brought into this conversation.",
        "fr": "Cette personne ne peut pas rejoindre cette conversation.",
    }
    example: ClassVar = {"pointer": "/to"}


@retry_if_overtaken
def propose(
    caller: Caller, organization_id: str, question_id: str, *, note: str, to: str | None = None
) -> Seen:
    """Propose that someone, or anyone, goes on with a question; its helper stays until they do.

    Anyone: volunteers who are there and could are told, and find it among their offers while it waits.
    Someone busy or away may be asked as well: it waits for them two minutes, or, if they said when they are
    back, for the asker to say whether they wait that long. Raises QuestionNotFound, OnlyTheHelper,
    QuestionStateRefused, CannotBringIn.
    """
    other = to or "nobody"
    place = places.find(
        caller,
        organization_id,
        question_id,
        Membership.key(organization_id, other),
        HelperCard.key(organization_id, other),
        Member.key(other),
    )
    place.must_help()
    place.must_not_be_suspended()
    question, now = place.question, place.now
    waits = question.state_at(now) == "handing_over"
    if waits and (question.hand_over["to"], question.hand_over["note"]) == (to, note):
        return places.seen(place)  # the same call, sent again
    must_be(question, {"in_progress"}, now)
    if to is not None and not _may_be_asked(place, to):
        raise CannotBringIn(pointer="/to")
    _, card, member = place.also
    returns_at = _returns_at(card, member, now)
    until = min(now + CONSIDERING, returns_at) if returns_at else now + PROPOSAL
    proposal_id = ids.new("hnd")
    proposal = {
        "id": proposal_id, "by": caller.member_id, "to": to, "note": note, "until": until.isoformat(),
        "returns_at": returns_at.isoformat() if returns_at else None, "asker_agrees": None, "outcome": None,
    }  # fmt: skip
    with changes() as change:
        asked = _ask(change, question, to, until)
        change.edit(question, state="handing_over", hand_over=proposal, proposed_to=asked)
        change.announce(
            events.HandOverProposed(
                actor_id=caller.member_id, at=now, proposal_id=proposal_id, to=to, topics=question.topics,
                until=until, returns_at=returns_at, **about(question),
            )
        )  # fmt: skip
    return places.seen(place)


def _may_be_asked(place: Place, to: str) -> bool:
    """Whether someone may be asked to take over: once per claim, whatever became of that."""
    question, follows = place.question, place.also[0] is not None
    is_there = to in question.askers() | {place.caller.member_id}
    return follows and not is_there and not question.has_parted_from(to) and to not in _proposed_to(question)


def _ask(change: Changes, question: Question, to: str | None, until: datetime) -> dict[str, str]:
    """Ask anyone, or someone whom neither the asker, the helper nor the company is parted from."""
    if to is None:
        change.save(HandOverWaiting.of(question))  # in the place of one that nobody came for, if there is one
        return _proposed_to(question)
    stop_offering(change, question)
    refused = CannotBringIn(pointer="/to")
    keep_apart(change, question, to, otherwise=refused, others=[question.helper_id])
    change.save(QuestionPlace.of(question, to, "proposed", until=until + FORGOTTEN))
    return {**_proposed_to(question), to: str(question.claim_token)}


def _proposed_to(question: Question) -> dict[str, str]:
    """Who was asked to take over while it is in these hands."""
    return {who: token for who, token in question.proposed_to.items() if token == question.claim_token}


def _returns_at(card: HelperCard | None, member: Member | None, now: datetime) -> datetime | None:
    """When whoever is to take over is back, if they said so: within a day, but too late to just wait."""
    if card is None or member is None:
        return None
    back = moments.back_at(card, member.time_zone, now)
    return back if back and PROPOSAL < back - now <= LONGEST_RETURN else None


@retry_if_overtaken
def accept(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Go on with a question in someone's place, who leaves as you join: its age and its words stay.

    Raises QuestionNotFound, FollowFirst, CannotHelpYourself, QuestionStateRefused, CannotBringIn, HandsFull.
    """
    place = places.look(caller, organization_id, question_id)
    question, membership = place.question, place.membership
    place.must_not_be_suspended()
    proposal = question.hand_over or {}
    if place.role == "helper" and proposal.get("outcome") == "accepted":
        return places.seen(place)  # the same call, sent again
    if place.role == "asker":
        raise CannotHelpYourself
    if place.role == "helper" or proposal.get("to") not in (None, caller.member_id) or not proposal:
        raise QuestionNotFound
    if membership is None:
        raise FollowFirst
    if question.has_parted_from(caller.member_id):
        raise CannotBringIn
    if place.role is None and proposal["to"] is None and not question.is_in_hand():
        raise QuestionNotFound  # what became of it is for those whom it concerned
    must_be(question, {"handing_over"}, place.now)
    me, before = caller.member_id, question.helper_id
    with hands_free(question), changes() as change:
        must_follow(change, question, me)
        keep_apart(change, question, me, otherwise=CannotBringIn())
        must_be_another(change, question, me)
        leave_helper(change, question)
        take(change, question, me)
        change.edit(
            question, state="in_progress", helper_id=me, helper_voice=membership.voice,
            claim_token=secrets.token_urlsafe(9), hand_over={**proposal, "outcome": "accepted"},
            asker_waits_since=place.now,  # whoever joins is not late with what was asked of another
            helped_by=sorted({*question.helped_by, me}), invited=without_company(change, question, me),
            spectators={},  # whoever joins did not agree to anyone who watches
        )  # fmt: skip
        change.announce(events.WaitBegun(actor_id=question.asker_id, at=place.now, **about(question)))
        change.announce(
            events.HandOverAccepted(
                actor_id=caller.member_id, at=place.now, before=before, proposal_id=proposal["id"],
                **about(question),
            )
        )  # fmt: skip
    return places.seen(place, "helper")


@retry_if_overtaken
def decline(caller: Caller, organization_id: str, question_id: str) -> None:
    """Say no to a hand-over, or take it back if it is yours: everything stays as it is.

    Raises QuestionNotFound, QuestionStateRefused.
    """
    place = places.look(caller, organization_id, question_id)
    question = place.question
    proposal = question.hand_over or {}
    if caller.member_id not in (proposal.get("to"), proposal.get("by")):
        raise QuestionNotFound
    if question.state != "handing_over":
        if proposal["outcome"] in ("declined", "taken_back"):
            return  # the same call, sent again
        must_be(question, {"handing_over"}, place.now)
    reason = "taken_back" if caller.member_id == proposal["by"] else "declined"
    stay(question, reason, caller.member_id, place.now)


@retry_if_overtaken
def end_hand_over(organization_id: str, question_id: str, proposal_id: str) -> None:
    """Leave a question where it is when nobody came for it in time, if that proposal still waits."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or not question.is_proposal_over(now) or question.hand_over["id"] != proposal_id:
        return
    stay(question, "nobody_came", str(question.helper_id), now)


@retry_if_overtaken
def lose_taker(organization_id: str, question_id: str, member_id: str) -> None:
    """Have someone who is gone be asked to take over no more. Done again it changes nothing."""
    (question,) = load(Question.key(organization_id, question_id))
    if question is not None and question.awaits(member_id):
        stay(question, "declined", member_id, clock.now())


def stay(question: Question, reason: str, actor_id: str, now: datetime) -> None:
    """Leave a question with its helper: the hand-over under way is over."""
    with changes() as change:
        stop_offering(change, question)
        change.edit(question, state="in_progress", hand_over={**question.hand_over, "outcome": reason})
        change.announce(
            events.HandOverDeclined(
                actor_id=actor_id, at=now, proposal_id=question.hand_over["id"], reason=reason,
                **about(question),
            )
        )  # fmt: skip
