"""Whom one brings into a conversation, and whom one never wants to meet in one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.handing_over import CannotBringIn
from chalicelib.domain.questions.queue import FOR_GOOD, about, put_back
from chalicelib.domain.questions.states import QuestionNotFound, must_be
from chalicelib.models.blocks import Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import IN_HAND, UNSETTLED

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place, Seen

MOST_INVITED = 3


class EnoughCompany(errors.Conflict):
    reason: ClassVar = {
        "en": "Three people are invited already.",
        "fr": "Trois personnes sont déjà invitées.",
    }


class NobodyToBlock(errors.Conflict):
    reason: ClassVar = {
        "en": "Nobody has helped with this question yet.",
        "fr": "Personne n’a encore aidé à cette question.",
    }


@retry_if_overtaken
def block(caller: Caller, organization_id: str, question_id: str) -> None:
    """Never meet the other one again: whoever asked, or whoever helps. It reports nobody, and is not told.

    A question that they were at returns to the queue. Raises QuestionNotFound, NobodyToBlock.
    """
    place = places.look(caller, organization_id, question_id)
    question, me = place.question, caller.member_id
    helper_id = question.helper_id or question.last_helper_id
    if me not in (question.asker_id, helper_id):
        raise QuestionNotFound
    if helper_id is None:
        raise NobodyToBlock
    other = helper_id if me == question.asker_id else question.asker_id
    with changes() as change:
        change.save(Block.of(me, other, by=me, at=place.now))
        if question.helper_id is not None and question.state in IN_HAND | {"answered"}:
            # told as any return is: that it was a block shows nowhere
            put_back(change, question, now=place.now, reason="released", actor_id=helper_id, skip=FOR_GOOD)


@retry_if_overtaken
def invite(caller: Caller, organization_id: str, question_id: str, member_id: str) -> Seen:
    """Invite someone who follows into a conversation; they come, or not.

    Raises QuestionNotFound, QuestionStateRefused, EnoughCompany, CannotBringIn.
    """
    place = places.find(caller, organization_id, question_id, Membership.key(organization_id, member_id))
    question = place.question
    if not place.is_inside:
        raise QuestionNotFound
    if member_id in question.invited:
        return places.seen(place)  # the same call, sent again
    must_be(question, UNSETTLED, place.now)
    if len(question.invited) >= MOST_INVITED:
        raise EnoughCompany
    refused = CannotBringIn(pointer="/member_id")
    if place.also[0] is None or member_id in (question.asker_id, question.helper_id):
        raise refused
    with changes() as change:
        change.check(Block.key(question.asker_id, member_id), Block.is_absent(), otherwise=refused)
        change.edit(question, invited={**question.invited, member_id: False})
        told = {name: value for name, value in about(question).items() if name != "helper_id"}
        change.announce(
            events.HelperInvited(actor_id=caller.member_id, at=place.now, member_id=member_id, **told)
        )
    return places.seen(place)


@retry_if_overtaken
def come(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """Come into a conversation that one is invited to. Raises QuestionNotFound."""
    place = _invited(caller, organization_id, question_id)
    question = place.question
    if not question.invited[caller.member_id]:
        with changes() as change:
            change.edit(question, invited={**question.invited, caller.member_id: True})
    return places.seen(place, "companion")


@retry_if_overtaken
def stay_away(caller: Caller, organization_id: str, question_id: str) -> None:
    """Decline an invitation, or leave the conversation; one is out of it either way."""
    place = places.look(caller, organization_id, question_id)
    question = place.question
    if caller.member_id not in question.invited:
        return
    left = {member: came for member, came in question.invited.items() if member != caller.member_id}
    with changes() as change:
        change.edit(question, invited=left)


def _invited(caller: Caller, organization_id: str, question_id: str) -> Place:
    place = places.find(caller, organization_id, question_id)
    if caller.member_id not in place.question.invited:
        raise QuestionNotFound
    return place
