"""Offers: at most one per volunteer and question, in the transaction that counts it against their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import events
from chalicelib.domain.roles import STAFF
from chalicelib.domain.routing import candidates
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import about
from chalicelib.models.offers import Offer
from chalicelib.models.questions import Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.routing.candidates import Candidate
    from chalicelib.domain.routing.waves import Wave
    from chalicelib.models.changes import Changes
    from chalicelib.models.helping import HelperCard
    from chalicelib.models.memberships import Membership

MOST_AT_ONCE = 49
"""Volunteers in one transaction: two items each, the question, and the event."""


def belongs(card: HelperCard, membership: Membership, why: str, topics: Sequence[str]) -> bool:
    """Whether this is, today, a reason to ask them."""
    if why == "topic":
        return not {about(topic) for topic in topics}.isdisjoint(about(topic) for topic in card.topics)
    return bool(card.all_topics) if why == "follower" else membership.role in STAFF


@retry_if_overtaken
def tell(question: Question, wave: Wave, member_ids: Sequence[str]) -> bool:
    """Offer an open question to those of these people who are to be told, all at once.

    False when the question is no longer open in the round in which it was read.
    """
    now = clock.now()
    offers = [Offer.key(question.id, member_id) for member_id in member_ids]
    fresh, found = candidates.read(question, member_ids, offers)
    if fresh is None or (fresh.state, fresh.round) != ("open", question.round):
        return False
    told = [candidate for candidate in found if _is_to_be_told(candidate, fresh, wave, now)]
    if told:
        with changes() as change:
            change.check(Question.key(fresh.organization_id, fresh.id), fresh.is_unchanged())
            for candidate in told:
                _offer(change, fresh, wave, candidate, now)
            change.announce(_offered(fresh, wave, told, now))
    return True


def _is_to_be_told(candidate: Candidate, question: Question, wave: Wave, now: datetime) -> bool:
    """Whether they are asked about this question, now, and were not before."""
    return (
        candidate.member_id not in question.askers()
        and not question.keeps_out(candidate.member_id, candidate.apart)
        and not question.skips(candidate.member_id, now)
        and belongs(candidate.card, candidate.membership, wave.why, question.topics)
        and candidate.may_be_told(question, now)
    )


def _offer(change: Changes, question: Question, wave: Wave, candidate: Candidate, now: datetime) -> None:
    change.create(
        Offer.making(
            question.id,
            candidate.member_id,
            round=question.round,
            wave=wave.number,
            why=wave.why,
            at=now,
        )
    )
    candidate.ping(change, question, now)


def _offered(
    question: Question, wave: Wave, told: Sequence[Candidate], now: datetime
) -> events.QuestionOffered:
    return events.QuestionOffered(
        organization_id=question.organization_id,
        actor_id=question.asker_id,
        at=now,
        question_id=question.id,
        round=int(question.round),
        wave=wave.number,
        why=wave.why,
        member_ids=[candidate.member_id for candidate in told],
    )
