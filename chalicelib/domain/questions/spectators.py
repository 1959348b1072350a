"""Who watches a conversation in hand, to learn: while both whose it is agree, and as no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.models.questions import Question

BOTH = frozenset({"asker", "helper"})

WATCHED = frozenset({"in_progress", "handing_over", "answered"})
"""States in which there are two who can agree."""


def expected(question: Question) -> list[str]:
    """Whom one of the two or both want to let watch; they watch once both do, and they came."""
    return sorted(member for member, told in question.spectators.items() if told is not None)


def is_invited(question: Question, member_id: str) -> bool:
    """Whether both agree that someone watches, here and now: only then is that person told."""
    told = question.spectators.get(member_id)
    if told is None or question.state not in WATCHED or member_id in question.kept_out:
        return False
    is_part = member_id in question.askers() | {question.helper_id} or question.invited.get(member_id)
    return not is_part and BOTH.issubset(told["agreed"])


def watches_after(question: Question, member_id: str) -> int | None:
    """After which number someone reads what is said; None: they do not watch."""
    if not is_invited(question, member_id):
        return None
    seq: int | None = question.spectators[member_id]["after_seq"]
    return seq


def watchers(question: Question) -> list[str]:
    """Who watches now."""
    return [member for member in expected(question) if watches_after(question, member) is not None]


def hears(question: Question, member_id: str, seq: int) -> bool:
    """Whether someone watched already when this number was said."""
    after = watches_after(question, member_id)
    return after is not None and seq > after
