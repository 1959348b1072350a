"""What must not wait for ever: each deadline is set once what it is for has happened, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.questions.states import PATIENCE, SILENCE
from chalicelib.gateways import timers

if TYPE_CHECKING:
    from chalicelib.domain import events


def for_lease(event: events.QuestionClaimed) -> None:
    """A helper has two minutes for a first word."""
    name = f"lease-{event.question_id}-{event.round}-{event.claim_token}"
    timers.set_for(event.lease_until, "lease", name, {**_about(event), "claim_token": event.claim_token})


def for_proposal(event: events.HandOverProposed) -> None:
    """Whoever is to take over has two minutes to."""
    detail = {**_about(event), "proposal_id": event.proposal_id}
    timers.set_for(event.until, "hand_over", event.proposal_id, detail)


def for_silence(event: events.QuestionAnswered) -> None:
    """Whoever asked has three days to say whether it helped."""
    name = f"silence-{event.id}"  # a round may be answered, returned to the queue, and answered again
    timers.set_for(event.at + SILENCE, "silence", name, {**_about(event), "round": event.round})


def for_round(event: events.QuestionAsked | events.QuestionReopened) -> None:
    """A round waits a month for its end."""
    name = f"expiry-{event.question_id}-{event.round}"
    timers.set_for(event.at + PATIENCE, "expiry", name, {**_about(event), "round": event.round})


def _about(event: Any) -> dict[str, Any]:
    return {"organization_id": event.organization_id, "question_id": event.question_id}
