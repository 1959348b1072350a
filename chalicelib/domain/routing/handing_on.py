"""A hand-over to anyone: whoever is there and could go on is told at once, everyone alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.live import presence
from chalicelib.domain.routing import candidates, running, telling
from chalicelib.domain.routing.waves import HAND_OVER, everyone_for
from chalicelib.gateways import clock, timers
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.hand_overs import HandOverOffer
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.models.helping import HelperCard
    from chalicelib.models.memberships import Membership

THERE = frozenset({"active", "afk"})
"""Two minutes are too short for whoever would have to come back first."""


def may_go_on(
    question: Question, card: HelperCard, membership: Membership, apart: Any, now: datetime
) -> bool:
    """Whether a volunteer, apart from these people, is one whom a hand-over to anyone is for."""
    member_id, there = card.member_id, {str(question.helper_id), *question.companions()}
    return (
        member_id not in question.askers() | {question.helper_id}
        and not question.keeps_out(member_id, apart)
        and there.isdisjoint(apart)
        and not question.skips(member_id, now)
        and any(telling.belongs(card, membership, why, question.topics) for why in ("topic", "follower"))
    )


def is_for_anyone(question: Question, now: datetime) -> bool:
    """Whether anyone may go on with a question at this moment."""
    return question.state_at(now) == "handing_over" and question.hand_over["to"] is None


def hand_on(event: events.HandOverProposed) -> None:
    """Tell of a hand-over that is for anyone; whoever it is for is told as it is."""
    if event.to is None:
        offer_hand_over(event.organization_id, event.question_id, event.proposal_id)


def offer_hand_over(
    organization_id: str, question_id: str, proposal_id: str, place: int = 0, after: str | None = None
) -> None:
    """Tell those who are there of a hand-over that still waits, from a place among the volunteers.

    Early, late or twice: everyone is told at most once.
    """
    (question,) = load(Question.key(organization_id, question_id))
    if question is None or not _waits(question, proposal_id):
        return
    pages = running.pages(organization_id, everyone_for(question.topics), place, after)
    for turn, page in enumerate(pages, start=1):
        states = presence.states_of(page.member_ids)
        there = [member_id for member_id in page.member_ids if states[member_id] in THERE]
        chunks = range(0, len(there), telling.MOST_AT_ONCE)
        if not all(_tell(question, there[at : at + telling.MOST_AT_ONCE]) for at in chunks):
            return
        if turn == running.PAGES_AT_ONCE and not page.is_last:
            told = {"organization_id": organization_id, "question_id": question_id}
            detail = {**told, "proposal_id": proposal_id, "place": page.place, "after": page.member_ids[-1]}
            timers.set_for(clock.now(), "hand_over_offer", f"{proposal_id}-on", detail)
            return


def _waits(question: Question, proposal_id: str) -> bool:
    return is_for_anyone(question, clock.now()) and question.hand_over["id"] == proposal_id


@retry_if_overtaken
def _tell(question: Question, member_ids: Sequence[str]) -> bool:
    """Tell those of these people who are to be told, all at once; False when it waits no more."""
    now, proposal_id = clock.now(), question.hand_over["id"]
    offers = [HandOverOffer.key(question, member_id) for member_id in member_ids]
    fresh, found = candidates.read(question, member_ids, offers)
    if fresh is None or not _waits(fresh, proposal_id):
        return False
    told = [
        candidate
        for candidate in found
        if may_go_on(fresh, candidate.card, candidate.membership, candidate.apart, now)
        and candidate.may_be_told(fresh, now)
    ]
    if told:
        with changes() as change:
            change.check(Question.key(fresh.organization_id, fresh.id), fresh.is_unchanged())
            for candidate in told:
                change.create(HandOverOffer.making(fresh, candidate.member_id, at=now))
                candidate.ping(change, fresh, now)
            change.announce(
                events.HandOverOffered(
                    organization_id=fresh.organization_id, actor_id=str(fresh.helper_id), at=now,
                    question_id=fresh.id, proposal_id=proposal_id, why=HAND_OVER,
                    member_ids=[candidate.member_id for candidate in told],
                )
            )  # fmt: skip
    return True
