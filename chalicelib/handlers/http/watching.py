from __future__ import annotations

from chalicelib.api.endpoints import PEOPLE, Api
from chalicelib.contracts.questions import QuestionView
from chalicelib.domain import errors, questions, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.questions import watching

api = Api(__name__, tag="Questions")

QUESTION = "/organizations/{organization_id}/questions/{question_id}"
SPECTATOR = QUESTION + "/spectators/{member_id}"

THIS = (questions.QuestionNotFound, errors.Busy)


@api.endpoint(
    "PUT",
    SPECTATOR,
    access=PEOPLE,
    refusals=[
        *THIS,
        standing.Suspended,
        questions.QuestionStateRefused,
        questions.EnoughSpectators,
        questions.CannotBringIn,
    ],
)
def agree_to_spectator(
    organization_id: str, question_id: str, member_id: str, caller: Caller
) -> QuestionView:
    """Let someone who follows watch this conversation, to learn: three people at most.

    Nothing happens before both, whoever asked and whoever helps, have said so. Then that person is told, and
    may come. Repeating changes nothing.
    """
    return watching.agree(caller, organization_id, question_id, member_id)


@api.endpoint("DELETE", SPECTATOR, access=PEOPLE, refusals=THIS)
def dismiss_spectator(organization_id: str, question_id: str, member_id: str, caller: Caller) -> None:
    """Let someone watch no longer, at once, if you asked or help. Repeating changes nothing."""
    watching.dismiss(caller, organization_id, question_id, member_id)


@api.endpoint("PUT", QUESTION + "/watching", refusals=[*THIS, standing.Suspended])
def begin_to_watch(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Come to watch a conversation that both let you watch: both are told.

    You read what is said from here on, nothing of before, and say nothing. It ends with the question, when it
    is in other hands, when either of the two says so, and when you leave. Repeating changes nothing.
    """
    return watching.watch(caller, organization_id, question_id)


@api.endpoint("DELETE", QUESTION + "/watching", refusals=THIS)
def stop_watching(organization_id: str, question_id: str, caller: Caller) -> None:
    """Decline to watch a conversation, or watch it no longer. Repeating changes nothing."""
    watching.stop_watching(caller, organization_id, question_id)
