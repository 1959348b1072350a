"""Whoever a wave or a hand-over finds, with all that decides whether they are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.helping import moments
from chalicelib.models.blocks import Apart
from chalicelib.models.helping import HelperCard
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from chalicelib.models.changes import Changes
    from chalicelib.models.tables import Key

MOST_FOR_ONE = 2
"""Pings a day that one volunteer has for one person's questions: nobody uses up a volunteer's day."""


@dataclass(frozen=True)
class Candidate:
    """A volunteer who follows."""

    member_id: str
    card: HelperCard
    membership: Membership
    member: Member
    was_told: bool
    apart: Collection[str]
    """Whom they are never brought together with."""

    def may_be_told(self, question: Question, now: datetime) -> bool:
        """Whether they take being told of this question now, and were not before."""
        day = moments.day_of(self.member.time_zone, now)
        return (
            not self.was_told
            and moments.may_be_pinged(self.card, self.member.time_zone, now)
            and self.card.pings_about(question.asker_id, day) < MOST_FOR_ONE
        )

    def ping(self, change: Changes, question: Question, now: datetime) -> None:
        """Count that they are told of a question against their day, if they still take it."""
        day = moments.day_of(self.member.time_zone, now)
        change.update(
            self.card,
            *self.card.pinging(day, question.asker_id),
            condition=self.card.may_be_pinged(day, at=now),
            versioned=False,
        )


def read(
    question: Question, member_ids: Sequence[str], offers: Sequence[Key[Any]]
) -> tuple[Question | None, list[Candidate]]:
    """The question and these people as they are now: one call for each hundred items.

    `offers` are where it stands that each of them was told before.
    """
    organization_id = question.organization_id
    fresh, *found = load(
        Question.key(organization_id, question.id),
        *(HelperCard.key(organization_id, member_id) for member_id in member_ids),
        *(Membership.key(organization_id, member_id) for member_id in member_ids),
        *(Member.key(member_id) for member_id in member_ids),
        *offers,
        *(Apart.key(member_id) for member_id in member_ids),
    )
    each = len(member_ids)
    kinds = [found[start : start + each] for start in range(0, 5 * each, each)]
    return fresh, [
        Candidate(member_id, card, membership, member, offer is not None, apart.people or () if apart else ())
        for member_id, card, membership, member, offer, apart in zip(member_ids, *kinds, strict=True)
        if card is not None and membership is not None and member is not None
    ]
