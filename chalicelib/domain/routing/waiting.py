"""What waits for a volunteer who comes back: read when they ask, so that nobody is pinged for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import standing
from chalicelib.domain.helping import moments
from chalicelib.domain.routing.handing_on import is_for_anyone, may_go_on
from chalicelib.domain.routing.telling import belongs
from chalicelib.domain.routing.waves import HAND_OVER, WHY
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.hand_overs import HandOverWaiting
from chalicelib.models.helping import HelperCard
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import Question, QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from collections.abc import Collection

    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page

ASKED = ("topic", "follower", "on_duty")
"""Why someone is asked about an open question, the nearest reason first."""


@dataclass(frozen=True)
class OfferedQuestion:
    """A question that a volunteer may take, or go on with in someone's place, and why they see it."""

    question: Question
    why: str
    language_told: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.question, name)

    @property
    def question_id(self) -> str:
        return str(self.question.id)

    @property
    def until(self) -> datetime | None:
        """Until when they may go on with it in someone's place; None: nobody has it in hand."""
        return datetime.fromisoformat(self.question.hand_over["until"]) if self.why == HAND_OVER else None

    @property
    def reason(self) -> str:
        """Why they are asked, in words."""
        return WHY[self.why][self.language_told]


def waiting_for(caller: Caller, organization_id: str, page: Page) -> Slice[OfferedQuestion]:
    """The questions that concern the caller, oldest first; none while they are paused or have no room.

    Those that are open, and those that anyone may go on with: three reads. Raises FollowersOnly.
    """
    now, me = clock.now(), caller.member_id
    found = _waiting_in(organization_id, page)
    membership, card, apart, *questions = load(
        Membership.key(organization_id, me),
        HelperCard.key(organization_id, me),
        Apart.key(me),
        *(Question.key(organization_id, waiting.question_id) for waiting in found.items),
    )
    if membership is None:
        raise standing.FollowersOnly
    if card is None or not card.is_willing() or not card.is_free():
        return Slice([])
    if moments.is_paused(card, now) or moments.is_suspended(card, now):
        return Slice([])
    people = set(apart.people or ()) if apart is not None else set()
    offered = [
        OfferedQuestion(question, why, caller.language)
        for question in questions
        if question is not None and (why := _why(question, card, membership, people, now))
    ]
    return Slice(offered, found.last)


def _waiting_in(organization_id: str, page: Page) -> Slice[Any]:
    """Of both kinds, those that were asked first: each is in one place only, and by its age in either."""
    waiting = QuestionWaiting.in_organization(organization_id, page)
    handed_over = HandOverWaiting.in_organization(organization_id, page)
    both = sorted((*waiting.items, *handed_over.items), key=lambda item: str(item.sk))
    kept = both[: page.limit]
    has_more = len(both) > len(kept) or waiting.last or handed_over.last
    return Slice(kept, str(kept[-1].sk) if has_more else None)


def _why(
    question: Question, card: HelperCard, membership: Membership, apart: Collection[str], now: datetime
) -> str | None:
    """Why this question concerns a volunteer; None: it does not."""
    me = card.member_id
    if is_for_anyone(question, now):
        return HAND_OVER if may_go_on(question, card, membership, apart, now) else None
    if question.state != "open" or me in question.askers():
        return None
    if question.keeps_out(me, apart) or question.skips(me, now):
        return None
    return next((why for why in ASKED if belongs(card, membership, why, question.topics)), None)
