"""Someone is to take over who is back later: whether to wait for them is the asker's to say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.handing_over import stay
from chalicelib.domain.questions.queue import about
from chalicelib.domain.questions.states import PROPOSAL, must_be
from chalicelib.gateways import clock
from chalicelib.models.changes import AlreadySeen, changes, retry_if_overtaken
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Seen


class NothingToWaitFor(errors.Conflict):
    reason: ClassVar = {
        "en": "This hand-over does not wait for your word any more: read the question again.",
        "fr": "Ce passage de relais n’attend plus votre avis : relisez la question.",
    }


@retry_if_overtaken
def wait(caller: Caller, organization_id: str, question_id: str, *, proposal_id: str, agrees: bool) -> Seen:
    """Say whether one waits for someone who takes over once they are back; one's helper stays until then.

    They have until their return, and two minutes as anyone has. Whoever agreed may still say no. Raises
    QuestionNotFound, OnlyTheAsker, NothingToWaitFor, QuestionStateRefused.
    """
    place = places.find(caller, organization_id, question_id)
    place.must_ask()
    question, proposal = place.question, place.question.hand_over or {}
    if proposal.get("id") != proposal_id or proposal.get("returns_at") is None:
        raise NothingToWaitFor
    if proposal["asker_agrees"] is agrees:
        return places.seen(place)  # the same call, sent again
    must_be(question, {"handing_over"}, place.now)
    if not agrees:
        question.hand_over = {**proposal, "asker_agrees": False}
        stay(question, "not_awaited", caller.member_id, place.now)
        return places.seen(place)
    returns_at = datetime.fromisoformat(proposal["returns_at"])
    until = returns_at + PROPOSAL
    with changes() as change:
        change.edit(question, hand_over={**proposal, "asker_agrees": True, "until": until.isoformat()})
        change.announce(
            events.HandOverAwaited(
                actor_id=caller.member_id, at=place.now, proposal_id=proposal_id, to=proposal["to"],
                returns_at=returns_at, until=until, **about(question),
            )
        )  # fmt: skip
    return places.seen(place)


@retry_if_overtaken
def call_back(organization_id: str, question_id: str, proposal_id: str) -> None:
    """Tell whoever said that they are back now, once, that a question still waits for them."""
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or question.state_at(now) != "handing_over":
        return
    proposal = question.hand_over
    if proposal["id"] != proposal_id or not proposal["asker_agrees"]:
        return
    if now < datetime.fromisoformat(proposal["returns_at"]):
        return
    try:
        with changes() as change:
            change.once("hand-over-due", proposal_id)
            change.check(Question.key(organization_id, question_id), question.is_unchanged())
            change.announce(
                events.HandOverDue(
                    actor_id=str(question.helper_id), at=now, proposal_id=proposal_id, to=proposal["to"],
                    until=datetime.fromisoformat(proposal["until"]), **about(question),
                )
            )  # fmt: skip
    except AlreadySeen:
        return
