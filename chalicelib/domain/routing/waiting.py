"""What waits for a volunteer who comes back: read when they ask, so that nobody is pinged for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import standing
from chalicelib.domain.helping import moments
from chalicelib.domain.routing.telling import belongs
from chalicelib.domain.routing.waves import WHY
from chalicelib.gateways import clock
from chalicelib.models.blocks import Block
from chalicelib.models.helping import HelperCard
from chalicelib.models.memberships import Membership
from chalicelib.models.questions import Question, QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page


@dataclass(frozen=True)
class OfferedQuestion:
    """An open question that a volunteer may take, and why they see it."""

    question: Question
    why: str
    language_told: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.question, name)

    @property
    def question_id(self) -> str:
        return str(self.question.id)

    @property
    def reason(self) -> str:
        """Why they are asked, in words."""
        return WHY[self.why][self.language_told]


def waiting_for(caller: Caller, organization_id: str, page: Page) -> Slice[OfferedQuestion]:
    """The open questions that concern the caller, oldest first; none while they are paused or have no room.

    Raises FollowersOnly.
    """
    now = clock.now()
    membership, card = load(
        Membership.key(organization_id, caller.member_id), HelperCard.key(organization_id, caller.member_id)
    )
    if membership is None:
        raise standing.FollowersOnly
    if card is None or not card.is_willing() or not card.is_free() or moments.is_paused(card, now):
        return Slice([])
    found = QuestionWaiting.in_organization(organization_id, page)
    if not found.items:
        return Slice([])
    each = len(found.items)
    read = load(
        *(Question.key(organization_id, waiting.question_id) for waiting in found.items),
        *(Block.key(waiting.asker_id, caller.member_id) for waiting in found.items),
    )
    offered = [
        OfferedQuestion(question, why, caller.language)
        for question, block in zip(read[:each], read[each:], strict=True)
        if question is not None
        and question.state == "open"
        and block is None
        and question.asker_id != caller.member_id
        and not question.skips(caller.member_id, now)
        and (why := _why(card, membership, question))
    ]
    return Slice(offered, found.last)


def _why(card: HelperCard, membership: Membership, question: Question) -> str | None:
    return next((why for why in WHY if belongs(card, membership, why, question.topics)), None)
