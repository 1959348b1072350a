from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.claiming import CannotHelpYourself, must_be_another
from chalicelib.domain.questions.queue import about, hands_free, leave_helper, take
from chalicelib.domain.questions.states import PROPOSAL, QuestionNotFound, must_be
from chalicelib.domain.salons import FollowFirst
from chalicelib.gateways import clock, ids
from chalicelib.models.blocks import Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Seen


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

    Someone busy or away may be asked as well: it waits for them two minutes. Raises QuestionNotFound,
    OnlyTheHelper, QuestionStateRefused, CannotBringIn.
    """
    place = places.find(caller, organization_id, question_id, Membership.key(organization_id, to or "nobody"))
    place.must_help()
    question, now = place.question, place.now
    waits = question.state_at(now) == "handing_over"
    if waits and (question.hand_over["to"], question.hand_over["note"]) == (to, note):
        return places.seen(place)  # the same call, sent again
    must_be(question, {"in_progress"}, now)
    if to is not None and (place.also[0] is None or to in (caller.member_id, question.asker_id)):
        raise CannotBringIn(pointer="/to")
    until = now + PROPOSAL
    proposal_id = ids.new("hnd")
    proposal = {
        "id": proposal_id, "by": caller.member_id, "to": to, "note": note, "until": until.isoformat(),
        "outcome": None,
    }  # fmt: skip
    with changes() as change:
        if to is not None:
            change.check(
                Block.key(question.asker_id, to), Block.is_absent(), otherwise=CannotBringIn(pointer="/to")
            )
        change.edit(question, state="handing_over", hand_over=proposal)
        change.announce(
            events.HandOverProposed(
                actor_id=caller.member_id, at=now, proposal_id=proposal_id, to=to, topics=question.topics,
                until=until, **about(question),
            )
        )  # fmt: skip
    return places.seen(place)


@retry_if_overtaken
def accept(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Go on with a question in someone's place, who leaves as you join: its age and its words stay.

    Raises QuestionNotFound, FollowFirst, CannotHelpYourself, QuestionStateRefused, CannotBringIn, HandsFull.
    """
    place = places.look(
        caller, organization_id, question_id, Membership.key(organization_id, caller.member_id)
    )
    question, (membership,) = place.question, place.also
    proposal = question.hand_over or {}
    if place.role == "helper" and proposal.get("outcome") == "accepted":
        return places.seen(place)  # the same call, sent again
    if place.role == "asker":
        raise CannotHelpYourself
    if place.role == "helper" or proposal.get("to") not in (None, caller.member_id) or not proposal:
        raise QuestionNotFound
    if membership is None:
        raise FollowFirst
    must_be(question, {"handing_over"}, place.now)
    before = question.helper_id
    with hands_free(question), changes() as change:
        absent = Block.is_absent()
        change.check(Block.key(question.asker_id, caller.member_id), absent, otherwise=CannotBringIn())
        must_be_another(change, question, caller.member_id)
        leave_helper(change, question)
        take(change, question, caller.member_id)
        change.edit(
            question, state="in_progress", helper_id=caller.member_id, helper_voice=membership.voice,
            claim_token=secrets.token_urlsafe(9), hand_over={**proposal, "outcome": "accepted"},
        )  # fmt: skip
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
    _stay(question, reason, caller.member_id, place.now)


@retry_if_overtaken
def end_hand_over(organization_id: str, question_id: str, proposal_id: str) -> None:
    """Leave a question where it is when nobody came for it in time, if that proposal still waits."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or not question.is_proposal_over(now) or question.hand_over["id"] != proposal_id:
        return
    _stay(question, "nobody_came", str(question.helper_id), now)


def _stay(question: Question, reason: str, actor_id: str, now: datetime) -> None:
    with changes() as change:
        change.edit(question, state="in_progress", hand_over={**question.hand_over, "outcome": reason})
        change.announce(
            events.HandOverDeclined(
                actor_id=actor_id, at=now, proposal_id=question.hand_over["id"], reason=reason,
                **about(question),
            )
        )  # fmt: skip
