"""What a guest asked, and whom they never want to meet, once they turned out to be a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.questions.losing import lose_helper
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import HelperCard
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.events import GuestMerged

AT_ONCE = 40
"""Questions in one transaction: two items each; or people, two items each."""


def inherit(event: GuestMerged) -> None:
    """Let a member find what they asked as this guest among their own, and meet nobody they are parted from.

    The questions stay what they were, unverified ones too: only who asked them is noted. Repeating changes
    nothing.
    """
    page = Page(AT_ONCE)
    while True:
        found = QuestionPlace.of_person(event.organization_id, event.guest_id, "asker", page)
        _inherit_questions(event, found.items)
        if found.last is None:
            break
        page = Page(AT_ONCE, found.last)
    _inherit_parted(event)


@retry_if_overtaken
def _inherit_questions(event: GuestMerged, places: Sequence[QuestionPlace]) -> None:
    with changes() as change:
        for place in places:
            change.save(place.seen_by(event.organization_id, event.actor_id, "asker"))
            question, there = Question.at(event.organization_id, place.question_id), Question.is_there()
            asked = Question.sets(asker_member_id=event.actor_id)
            change.update(question, *asked, condition=there, versioned=False)
    keys = [Question.key(event.organization_id, place.question_id) for place in places]
    apart, *questions = load(Apart.key(event.actor_id), *keys)
    parted = apart.people or () if apart is not None else ()
    _give_back(event, (question for question in questions if question and question.helper_id in parted))


def _inherit_parted(event: GuestMerged) -> None:
    """Keep the member from whomever the guest is kept from, whichever of them wanted it."""
    (apart,) = load(Apart.key(event.guest_id))
    people = sorted(set(apart.people or ()) - {event.actor_id}) if apart is not None else []
    for start in range(0, len(people), AT_ONCE):
        _inherit_some(event, people[start : start + AT_ONCE])


@retry_if_overtaken
def _inherit_some(event: GuestMerged, people: list[str]) -> None:
    found = load(
        *(Block.key(event.guest_id, person) for person in people),
        *(HelperCard.key(event.organization_id, person) for person in people),
    )
    blocks, cards = found[: len(people)], found[len(people) :]
    with changes() as change:
        for person, block in zip(people, blocks, strict=True):
            by = person if block.blocked_by == person else event.actor_id
            change.save(Block.of(event.actor_id, person, by=by, at=block.at))
            change.update(Apart.of(person), *Apart.from_too({event.actor_id}))
        change.update(Apart.of(event.actor_id), *Apart.from_too(people))
    held = {question_id for card in cards if card is not None for question_id in card.held or ()}
    keys = [Question.key(event.organization_id, question_id) for question_id in sorted(held)]
    questions = load(*keys) if keys else ()
    _give_back(
        event, (question for question in questions if question and event.actor_id in question.askers())
    )


def _give_back(event: GuestMerged, questions: Iterable[Question]) -> None:
    """Take what the two are about to meet in out of the hands of whoever is parted from the asker."""
    for question in questions:
        if question.is_in_hand():
            lose_helper(event.organization_id, question.id, str(question.helper_id))
