from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


def see(question: Question, caller: Caller | None = None) -> None:
    """Note that whoever asked is in the conversation again; nothing, if it is not they who come.

    Two calls, and none when they missed nothing.
    """
    if question.unseen_from and (caller is None or caller.member_id in question.askers()):
        _see(question.organization_id, question.id, int(question.unseen_from))


@retry_if_overtaken
def _see(organization_id: str, question_id: str, seq: int) -> None:
    (question,) = load(Question.key(organization_id, question_id))
    if question is None or question.unseen_from != seq:
        return
    with changes() as change:
        same = question.is_unseen_as_it_was()
        change.update(question, *Question.unseen_since(0), condition=same, versioned=False)
