"""Running a wave: page after page of volunteers, as many calls for a thousand as pages of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.live import presence
from chalicelib.domain.routing import telling
from chalicelib.domain.routing.waves import DELAYS, PROMISE, wave_of
from chalicelib.gateways import clock, timers
from chalicelib.models.changes import AlreadySeen, changes, retry_if_overtaken
from chalicelib.models.helping import Volunteering
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.routing.waves import Wave

PAGE = 98
"""Volunteers read at once: two transactions of those who are to be told."""

PAGES_AT_ONCE = 10
"""Pages in one go: the rest of a wave goes on in another."""


def begin(event: events.QuestionAsked | events.QuestionReturned | events.QuestionReopened) -> None:
    """Have the later waves come in their time, and run the first one at once."""
    for number, delay in enumerate(DELAYS[1:], start=1):
        detail = {
            "organization_id": event.organization_id,
            "question_id": event.question_id,
            "round": event.round,
            "wave": number,
        }
        timers.set_for(event.at + delay, "wave", f"wave-{event.id}-{number}", detail)
    run_wave(event.organization_id, event.question_id, event.round, 0)


def run_wave(
    organization_id: str,
    question_id: str,
    round: int,  # noqa: A002 - a question's rounds have no other name
    wave: int,
    place: int = 0,
    after: str | None = None,
) -> None:
    """Tell one wave of an open question, from a place in it; nothing once it is taken, closed or reopened.

    Early, late or twice: everyone is told at most once.
    """
    (question,) = load(Question.key(organization_id, question_id))
    if question is None or (question.state, question.round) != ("open", round):
        return
    if wave >= PROMISE:
        _promise(question)
        return
    _note(question, wave)
    offers = wave_of(wave, question.topics)
    for turn, page in enumerate(pages(organization_id, offers, place, after), start=1):
        if not _tell(question, offers, page.member_ids):
            return
        if turn == PAGES_AT_ONCE and not page.is_last:
            detail = {"organization_id": organization_id, "question_id": question_id, "round": round}
            _go_on({**detail, "wave": wave, "place": page.place, "after": page.member_ids[-1]})
            return


@dataclass(frozen=True)
class Found:
    """Some of those that a wave finds, and in which of its places."""

    place: int
    member_ids: list[str]
    is_last: bool


def pages(organization_id: str, wave: Wave, place: int, after: str | None) -> Iterator[Found]:
    """Those whom a wave finds, some at a time, from one of its places and someone in it."""
    for number in range(place, len(wave.places)):
        page = Page(PAGE, after if number == place else None)
        is_last_place = number == len(wave.places) - 1
        while True:
            found = Volunteering.at(organization_id, wave.places[number], page)
            if found.items:
                member_ids = [one.member_id for one in found.items]
                yield Found(number, member_ids, is_last_place and found.last is None)
            if found.last is None:
                break
            page = Page(PAGE, found.last)


def _tell(question: Question, wave: Wave, member_ids: list[str]) -> bool:
    """Offer it to those of them who are there or may be notified; False when it is open no more."""
    reachable = [who for who, state in presence.states_of(member_ids).items() if state != "offline"]
    chunks = range(0, len(reachable), telling.MOST_AT_ONCE)
    return all(telling.tell(question, wave, reachable[at : at + telling.MOST_AT_ONCE]) for at in chunks)


def _go_on(detail: dict[str, Any]) -> None:
    name = f"wave-{detail['question_id']}-{detail['wave']}-on"
    timers.set_for(clock.now(), "wave", name, detail)


def _note(question: Question, wave: int) -> None:
    """Keep how far the offers have gone, for whoever waits."""
    if question.wave >= wave:
        return
    with changes() as change:
        change.update(question, Question.waving(wave), condition=question.is_still(), versioned=False)


@retry_if_overtaken
def _promise(question: Question) -> None:
    """Tell whoever asked, once a round, that they will be written to."""
    (fresh,) = load(Question.key(question.organization_id, question.id))
    if fresh is None or (fresh.state, fresh.round) != ("open", question.round):
        return
    try:
        with changes() as change:
            change.once("promise", f"{fresh.id}#{fresh.round}")
            change.update(fresh, Question.waving(PROMISE), condition=fresh.is_still(), versioned=False)
            change.announce(
                events.AnswerPromised(
                    organization_id=fresh.organization_id,
                    actor_id=fresh.asker_id,
                    question_id=fresh.id,
                    asker_id=fresh.asker_id,
                    round=int(fresh.round),
                    language=fresh.language,
                )
            )
    except AlreadySeen:
        return
