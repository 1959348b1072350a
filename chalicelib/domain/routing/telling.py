"""Offers: at most one per volunteer and question, in the transaction that counts it against their day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.helping import moments
from chalicelib.domain.roles import STAFF
from chalicelib.gateways import clock
from chalicelib.models.blocks import Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import HelperCard, about
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.offers import Offer
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.routing.waves import Wave
    from chalicelib.models.changes import Changes

MOST_AT_ONCE = 49
"""Volunteers in one transaction: two items each, the question, and the event."""

MOST_FOR_ONE = 2
"""Pings a day that one volunteer has for one person's questions: nobody uses up a volunteer's day."""


@dataclass(frozen=True)
class Candidate:
    """Someone a wave found, with all that decides whether they are told."""

    member_id: str
    card: HelperCard | None
    membership: Membership | None
    member: Member | None
    offer: Offer | None
    block: Block | None
    block_with_member: Block | None
    """With the member whom the guest who asked turned out to be."""

    def is_to_be_told(self, question: Question, wave: Wave, now: datetime) -> bool:
        """Whether they are asked about this question, now, and were not before."""
        if self.card is None or self.member is None or self.membership is None:
            return False
        return (
            self.member_id not in question.askers()
            and self.offer is None
            and self.block is None
            and self.block_with_member is None
            and not question.skips(self.member_id, now)
            and belongs(self.card, self.membership, wave.why, question.topics)
            and moments.may_be_pinged(self.card, self.member.time_zone, now)
            and self.card.pings_about(question.asker_id, moments.day_of(self.member.time_zone, now))
            < MOST_FOR_ONE
        )


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
    fresh, candidates = _read(question, member_ids)
    if fresh is None or (fresh.state, fresh.round) != ("open", question.round):
        return False
    told = [found for found in candidates if found.is_to_be_told(fresh, wave, now)]
    if told:
        with changes() as change:
            change.check(Question.key(fresh.organization_id, fresh.id), fresh.is_unchanged())
            for candidate in told:
                _offer(change, fresh, wave, candidate, now)
            change.announce(_offered(fresh, wave, told, now))
    return True


def _read(question: Question, member_ids: Sequence[str]) -> tuple[Question | None, list[Candidate]]:
    """The question and these people as they are now: one call for each hundred items."""
    organization_id = question.organization_id
    fresh, *found = load(
        Question.key(organization_id, question.id),
        *(HelperCard.key(organization_id, member_id) for member_id in member_ids),
        *(Membership.key(organization_id, member_id) for member_id in member_ids),
        *(Member.key(member_id) for member_id in member_ids),
        *(Offer.key(question.id, member_id) for member_id in member_ids),
        *(Block.key(question.asker_id, member_id) for member_id in member_ids),
        *(Block.key(question.asker_member_id or "nobody", member_id) for member_id in member_ids),
    )
    each = len(member_ids)
    kinds = [found[start : start + each] for start in range(0, 6 * each, each)]
    return fresh, [Candidate(*values) for values in zip(member_ids, *kinds, strict=True)]


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
    ping(change, question, candidate.card, candidate.member, now)


def ping(change: Changes, question: Question, card: Any, member: Any, now: datetime) -> None:
    """Count that someone is told of a question against their day, if they still take it."""
    day = moments.day_of(member.time_zone, now)
    change.update(
        card,
        *card.pinging(day, question.asker_id),
        condition=card.may_be_pinged(day, at=now),
        versioned=False,
    )


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
