"""What must not wait for ever: each deadline is set once what it is for has happened, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.questions.states import ABSENCE, PATIENCE, SILENCE, UNSEEN
from chalicelib.gateways import timers
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain import events


def for_lease(event: events.QuestionClaimed) -> None:
    """A helper has two minutes for a first word."""
    name = f"lease-{event.question_id}-{event.round}-{event.claim_token}"
    timers.set_for(event.lease_until, "lease", name, {**_about(event), "claim_token": event.claim_token})


def for_proposal(event: events.HandOverProposed) -> None:
    """Whoever is to take over has two minutes to."""
    detail = {**_about(event), "proposal_id": event.proposal_id}
    timers.set_for(event.until, "hand_over", event.proposal_id, detail)


def for_return(event: events.HandOverAwaited) -> None:
    """Whoever is to take over is told when they said that they are back, and has two minutes from there."""
    detail = {**_about(event), "proposal_id": event.proposal_id}
    timers.set_for(event.returns_at, "hand_over_due", f"due-{event.proposal_id}", detail)
    timers.set_for(event.until, "hand_over", f"wait-{event.proposal_id}", detail)


def for_silence(event: events.QuestionAnswered) -> None:
    """Whoever asked has three days to say whether it helped."""
    name = f"silence-{event.id}"  # a round may be answered, returned to the queue, and answered again
    timers.set_for(event.at + SILENCE, "silence", name, {**_about(event), "round": event.round})


def for_round(event: events.QuestionAsked | events.QuestionReopened) -> None:
    """A round waits a month for its end."""
    name = f"expiry-{event.question_id}-{event.round}"
    timers.set_for(event.at + PATIENCE, "expiry", name, {**_about(event), "round": event.round})


def for_words(event: Any) -> None:
    """What was said about a closed question is kept for as long as its asker was told."""
    (question,) = load(Question.key(event.organization_id, event.question_id))
    if question is None or question.kept_until is None:
        return  # it was opened again meanwhile: how that ends will be told too
    name = f"words-{event.question_id}-{int(question.round)}"
    timers.set_for(question.kept_until, "words", name, _about(event))


def for_unseen(event: events.HelperSpoke) -> None:
    """Whoever asked has two minutes to see what was said, before it is mailed."""
    name = f"unseen-{event.question_id}-{event.seq}"
    timers.set_for(event.at + UNSEEN, "unseen", name, {**_about(event), "seq": event.seq})


def for_wait(event: events.WaitBegun) -> None:
    """A helper may be away a quarter of an hour while whoever asked waits."""
    for_look(event.organization_id, event.question_id, since=event.at, due=event.at + ABSENCE)


def for_look(organization_id: str, question_id: str, *, since: datetime, due: datetime) -> None:
    """A wait that began at `since` is looked at when this is due."""
    detail = {"organization_id": organization_id, "question_id": question_id, "since": since.isoformat()}
    timers.set_for(due, "wait", f"look-{question_id}-{int(due.timestamp())}", detail)


def _about(event: Any) -> dict[str, Any]:
    return {"organization_id": event.organization_id, "question_id": event.question_id}
