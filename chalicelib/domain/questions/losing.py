"""When a helper is gone, whoever asked is not left waiting: the question returns to the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.questions.company import lose_companion
from chalicelib.domain.questions.handing_over import lose_taker
from chalicelib.domain.questions.queue import put_back
from chalicelib.domain.questions.states import ABSENCE
from chalicelib.domain.questions.watching import lose_spectator
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import HelperCard
from chalicelib.models.memberships import Membership
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.domain import events


@retry_if_overtaken
def lose_helper(
    organization_id: str, question_id: str, helper_id: str, *, away_since: datetime | None = None
) -> None:
    """Take a question out of the hands of someone who is gone: banned, erased, no follower any more.

    With `away_since` they are merely away: then only if that is fifteen minutes ago, and whoever asked has
    waited for a word of theirs as long. Done again it changes nothing.
    """
    (question,) = load(Question.key(organization_id, question_id))
    now = clock.now()
    if question is None or question.helper_id != helper_id or not question.is_in_hand():
        return
    in_silence = None
    if away_since is not None:
        waits = question.asker_waits_since
        if waits is None or now - max(waits, away_since) < ABSENCE:
            return
        in_silence = question.is_silent_since()  # a word of theirs at the last moment keeps it theirs
    with changes() as change:
        put_back(change, question, now=now, reason="helper_gone", actor_id=helper_id, condition=in_silence)


def lose_leaver(event: events.OrganizationUnfollowed) -> None:
    """Have someone who stopped following hold nothing, be in no conversation, and be asked to take over none.

    Nothing, if they follow again meanwhile. Done again it changes nothing.
    """
    here = (event.organization_id, event.actor_id)
    membership, card = load(Membership.key(*here), HelperCard.key(*here))
    if membership is None:
        _lose_all(*here, card)


def lose_suspended(event: events.MemberSuspended) -> None:
    """The same for someone who is suspended there still; what they ask stays asked."""
    here = (event.organization_id, event.member_id)
    suspension, card = load(RunningSuspension.key(*here), HelperCard.key(*here))
    if suspension is not None and suspension.runs_at(clock.now()):
        _lose_all(*here, card)


def _lose_all(organization_id: str, member_id: str, card: HelperCard | None) -> None:
    for question_id in _held(card):
        lose_helper(organization_id, question_id, member_id)
    for question in _placed(organization_id, member_id, "companion"):
        lose_companion(organization_id, question.id, member_id)
    for question in _placed(organization_id, member_id, "spectator"):
        lose_spectator(organization_id, question.id, member_id)
    for question in _placed(organization_id, member_id, "proposed"):
        if question.awaits(member_id):
            lose_taker(organization_id, question.id, member_id)


def _held(card: HelperCard | None) -> list[str]:
    """What someone has in hand: never more than they take at once, however much they ever helped with."""
    return sorted(card.held or ()) if card is not None else []


def _placed(organization_id: str, person_id: str, role: str) -> Iterator[Question]:
    """The questions in which someone has this place: two reads for a hundred."""
    page = Page(100)
    while True:
        found = QuestionPlace.of_person(organization_id, person_id, role, page)
        keys = [Question.key(organization_id, place.question_id) for place in found.items]
        yield from (question for question in (load(*keys) if keys else ()) if question is not None)
        if found.last is None:
            return
        page = Page(100, found.last)
