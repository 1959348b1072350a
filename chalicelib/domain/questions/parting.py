"""Two people of whom one wants it are never brought together again, wherever they would meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, guests
from chalicelib.domain.questions import places, sharing
from chalicelib.domain.questions.queue import FOR_GOOD, leave_helper, queue_again, without_company
from chalicelib.domain.questions.states import QuestionNotFound
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import HelperCard
from chalicelib.models.questions import IN_HAND, Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place
    from chalicelib.models.changes import Changes
    from chalicelib.models.tables import Key


class NobodyToBlock(errors.Conflict):
    reason: ClassVar = {
        "en": "This person has not been the other side of this question.",
        "fr": "Cette personne n’a pas été de l’autre côté de cette question.",
    }


def keep_apart(
    change: Changes,
    question: Question,
    member_id: str,
    *,
    otherwise: errors.Refusal,
    others: Collection[str | None] = (),
) -> None:
    """Hold what brings someone into a question to nobody being there, nor among `others`, whom they left."""
    there = {*question.askers(), *question.companions(), *others}
    must_never_part(change, there, member_id, otherwise=otherwise)


def must_never_part(
    change: Changes, people: Collection[str | None], member_id: str, *, otherwise: errors.Refusal
) -> None:
    """Hold what someone does to none of these people being parted from them."""
    for person_id in sorted({person for person in people if person and person != member_id}):
        change.check(Block.key(person_id, member_id), Block.is_absent(), otherwise=otherwise)


@retry_if_overtaken
def block(caller: Caller, organization_id: str, question_id: str, member_id: str) -> None:
    """Never meet someone again: whoever asked, or whoever helps or helped. It reports nobody; nobody is told.

    What the helper has in hand of this asker here returns to the queue, and they are out of this question.
    Raises QuestionNotFound, NobodyToBlock.
    """
    me = caller.member_id
    cards = (HelperCard.key(organization_id, person) for person in (me, member_id))
    place = places.look(caller, organization_id, question_id, *cards)
    question, (mine, theirs) = place.question, place.also
    is_asker = _has_asked(place)
    helper_id, card = (member_id, theirs) if is_asker else (me, mine)
    is_other = is_asker or member_id == question.asker_id
    if not is_other or helper_id not in question.helpers():
        raise NobodyToBlock
    askers = question.askers() | ({me} if is_asker else set())
    held = _held(card, askers, question)
    party = question.asker_id if is_asker else me
    parted = {helper_id} if is_asker else askers
    if (
        parted <= place.apart
        and not held
        and helper_id in question.kept_out
        and party not in question.sharing
    ):
        return  # the same call, sent again
    with changes() as change:
        _part(change, helper_id, askers, by=me, at=place.now)
        _count_out(change, HelperCard.key(organization_id, helper_id), card, held)
        for one in held:
            # told as any return is: that it was a block shows nowhere
            queue_again(
                change, one, now=place.now, reason="released", actor_id=helper_id, skip=FOR_GOOD,
                condition=one.is_asked_as_was_known(), **_without(change, one, helper_id),
            )  # fmt: skip
        if question not in held:
            left = _without(change, question, helper_id)
            if party in question.sharing:
                left |= sharing.without(change, question, party, actor_id=me, at=place.now)
            change.edit(question, condition=question.is_asked_as_was_known(), **left)


def _has_asked(place: Place) -> bool:
    """Whether the caller is the asker, and not one of the helpers. Raises QuestionNotFound if neither."""
    question, caller = place.question, place.caller
    if place.role == "asker":
        return True
    if caller.member_id in question.helpers():
        return False
    if guests.is_same_person(caller, question.organization_id, question.asker_id):
        return True
    raise QuestionNotFound


def _held(card: HelperCard | None, askers: set[str], question: Question) -> list[Question]:
    """What a helper has of someone's questions: this one too if they are done and it is not confirmed.

    What changed hands since their card was read is not theirs: the card tells when this is written.
    """
    if card is None:
        return []
    others = set(card.held or ()) - {question.id}
    found = load(*(Question.key(question.organization_id, other) for other in others)) if others else ()
    theirs = [one for one in found if one is not None and one.helper_id == card.member_id]
    held = [one for one in theirs if one.is_in_hand() and one.askers() & askers]
    is_theirs = question.helper_id == card.member_id and question.state in IN_HAND | {"answered"}
    return [question, *held] if is_theirs else held


def _count_out(
    change: Changes, key: Key[HelperCard], card: HelperCard | None, questions: list[Question]
) -> None:
    """Take these out of someone's hands, if those hold what they held: nothing more of the asker's either."""
    as_read = HelperCard.holds_only(set(card.held or ()) if card is not None else set())
    counts = any(one.is_in_hand() for one in questions)
    leave_helper(change, *questions, condition=as_read)
    if not counts:
        change.check(key, as_read)


def _part(change: Changes, helper_id: str, askers: set[str], *, by: str, at: datetime) -> None:
    for asker_id in sorted(askers):
        change.save(Block.of(helper_id, asker_id, by=by, at=at))
        change.update(Apart.of(asker_id), *Apart.from_too({helper_id}))
    change.update(Apart.of(helper_id), *Apart.from_too(askers))


def _without(change: Changes, question: Question, helper_id: str) -> dict[str, Any]:
    """What is left of a question's company without this person, for good."""
    return {
        "kept_out": sorted({*question.kept_out, helper_id}),
        "invited": without_company(change, question, helper_id),
    }
