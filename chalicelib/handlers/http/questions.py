from __future__ import annotations

from typing import Any

from chalicelib.api.endpoints import EVERYONE, PEOPLE, Answer, Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.company import BlockSomeone, Invite
from chalicelib.contracts.questions import (
    AskedView,
    AskQuestion,
    Confirm,
    HandOver,
    MineAsked,
    QuestionView,
    WaitForThem,
    WaitingView,
    Withdraw,
)
from chalicelib.contracts.recognition import Thank, ThanksView
from chalicelib.domain import errors, questions, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Questions")

QUESTIONS = "/organizations/{organization_id}/questions"
QUESTION = QUESTIONS + "/{question_id}"

THIS = (questions.QuestionNotFound, errors.Busy)
MINE = (*THIS, questions.OnlyTheAsker, questions.QuestionStateRefused)
IN_HAND = (*THIS, questions.OnlyTheHelper, questions.QuestionStateRefused)


def _as_it_is(_: Any, *, organization_id: str, question_id: str, caller: Caller, **__: Any) -> Any:
    """How a step that was taken before is answered: with the question as it is now."""
    return questions.read(caller, organization_id, question_id)


def _asked_before(asked: Any, *, organization_id: str, caller: Caller, **_: Any) -> Any:
    return questions.read(caller, organization_id, asked.id if asked else "none")


@api.endpoint(
    "POST",
    QUESTIONS,
    access=PEOPLE,
    status=201,
    refusals=[standing.OrganizationNotFound, standing.Suspended, questions.LinkedQuestionUnknown],
    again=_asked_before,
    limit=questions.ASKING,
)
def ask_question(organization_id: str, caller: Caller, body: AskQuestion) -> AskedView:
    """Ask whoever can help, with or without an account. Nobody is kept from asking.

    It is private: those who take it in hand read it, and the staff does not unless invited. `availability`
    says honestly who is there now.
    """
    return questions.ask(caller, organization_id, **body.model_dump())


@api.endpoint(
    "GET",
    QUESTIONS,
    access=EVERYONE,
    order="oldest_first@1",
    refusals=[standing.OrganizationNotFound],
)
def list_waiting_questions(organization_id: str, page: Page) -> Listing[WaitingView]:
    """List what waits for an answer: since when, and about what. The longest wait comes first."""
    return questions.waiting_in(organization_id, page)


@api.endpoint("GET", QUESTION, access=PEOPLE, refusals=[questions.QuestionNotFound])
def read_question(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Read a question that you asked, have in hand, or are offered."""
    return questions.read(caller, organization_id, question_id)


@api.endpoint(
    "GET", "/me/organizations/{organization_id}/questions", access=PEOPLE, order="newest_first@1", most=50
)
def list_my_questions(
    organization_id: str, caller: Caller, query: MineAsked, page: Page
) -> Listing[QuestionView]:
    """List what you asked in an organization, or, as `helper`, what you have in hand or helped with."""
    return questions.of_person(caller, organization_id, page, role=query.role)


@api.endpoint(
    "POST",
    QUESTION + "/claim",
    refusals=[
        *THIS,
        salons.FollowFirst,
        standing.Suspended,
        questions.CannotHelpYourself,
        questions.QuestionAlreadyClaimed,
        questions.QuestionStateRefused,
        questions.NotOfferedToYou,
        questions.HandsFull,
    ],
    again=_as_it_is,
)
def claim_question(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Take a question in hand. One person gets it; whoever comes second learns what else waits.

    Without a first word by `lease_until` it returns to the queue, and you are not offered it for a while.
    """
    return questions.claim(caller, organization_id, question_id)


@api.endpoint("POST", QUESTION + "/release", refusals=IN_HAND)
def release_question(organization_id: str, question_id: str, caller: Caller) -> None:
    """Give a question back, freely: it keeps its age. Repeating changes nothing."""
    questions.release(caller, organization_id, question_id)


@api.endpoint(
    "POST",
    QUESTION + "/hand-over",
    refusals=[*IN_HAND, standing.Suspended, questions.CannotBringIn],
    again=_as_it_is,
)
def propose_hand_over(organization_id: str, question_id: str, caller: Caller, body: HandOver) -> QuestionView:
    """Propose that someone else goes on, with a note for them. You stay until they have come.

    They have two minutes. If they are paused, or in their quiet hours, and that ends within a day, whoever
    asked is asked whether they wait that long.
    """
    return questions.propose(caller, organization_id, question_id, **body.model_dump())


@api.endpoint(
    "POST",
    QUESTION + "/hand-over/accept",
    refusals=[
        *THIS,
        salons.FollowFirst,
        standing.Suspended,
        questions.QuestionStateRefused,
        questions.CannotHelpYourself,
        questions.CannotBringIn,
        questions.HandsFull,
    ],
    again=_as_it_is,
)
def accept_hand_over(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Go on with a question in someone's place. It keeps its age and all that was said."""
    return questions.accept(caller, organization_id, question_id)


@api.endpoint("POST", QUESTION + "/hand-over/decline", refusals=[*THIS, questions.QuestionStateRefused])
def decline_hand_over(organization_id: str, question_id: str, caller: Caller) -> None:
    """Say no to a hand-over, or take back yours. Repeating changes nothing."""
    questions.decline(caller, organization_id, question_id)


@api.endpoint(
    "POST",
    QUESTION + "/hand-over/wait",
    access=PEOPLE,
    refusals=[*MINE, questions.NothingToWaitFor],
    again=_as_it_is,
)
def wait_for_hand_over(
    organization_id: str, question_id: str, caller: Caller, body: WaitForThem
) -> QuestionView:
    """Say whether you wait until someone is back who may go on: your helper stays with you meanwhile.

    Without a word by `awaited.until` nothing changes. Whoever agreed may still say no.
    """
    return questions.wait(caller, organization_id, question_id, **body.model_dump())


@api.endpoint("POST", QUESTION + "/answered", refusals=IN_HAND, again=_as_it_is)
def finish_answer(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Say that you are done: whoever asked says whether it helped. Your hands are free for another one."""
    return questions.answered(caller, organization_id, question_id)


@api.endpoint("POST", QUESTION + "/confirm", access=PEOPLE, refusals=MINE, again=_as_it_is)
def confirm_answer(organization_id: str, question_id: str, caller: Caller, body: Confirm) -> QuestionView:
    """Say whether it helped. With `no` the question goes back to its place in the queue, to others."""
    return questions.confirm(caller, organization_id, question_id, outcome=body.outcome)


@api.endpoint(
    "POST",
    QUESTION + "/reopen",
    access=PEOPLE,
    refusals=[*MINE, standing.Suspended, questions.ReopenTooLate],
    again=_as_it_is,
)
def reopen_question(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Open a closed question again, within seven days. Later, ask one that is `linked_to` it."""
    return questions.reopen(caller, organization_id, question_id)


@api.endpoint(
    "POST", QUESTION + "/withdraw", access=PEOPLE, refusals=[*MINE, questions.NotADuplicate], again=_as_it_is
)
def withdraw_question(organization_id: str, question_id: str, caller: Caller, body: Withdraw) -> QuestionView:
    """Take your question back, or, with `duplicate_of`, go on with another one of yours."""
    return questions.withdraw(caller, organization_id, question_id, duplicate_of=body.duplicate_of)


@api.endpoint("POST", QUESTION + "/block", access=PEOPLE, refusals=[*THIS, questions.NobodyToBlock])
def block_other_party(organization_id: str, question_id: str, caller: Caller, body: BlockSomeone) -> None:
    """Never meet the other person again. It reports nobody, and nobody is told; the question goes on.

    All that they have in hand between the two of you goes back to the queue, and to others. Repeating changes
    nothing.
    """
    questions.block(caller, organization_id, question_id, body.member_id)


@api.endpoint(
    "POST",
    QUESTION + "/invite",
    access=PEOPLE,
    refusals=[
        *THIS,
        standing.Suspended,
        questions.QuestionStateRefused,
        questions.EnoughCompany,
        questions.CannotBringIn,
    ],
    again=_as_it_is,
)
def invite_to_question(organization_id: str, question_id: str, caller: Caller, body: Invite) -> QuestionView:
    """Invite someone who follows into the conversation: three people at most. They come, or not."""
    return questions.invite(caller, organization_id, question_id, body.member_id)


@api.endpoint("PUT", QUESTION + "/invitation", refusals=[*THIS, standing.Suspended])
def accept_invitation(organization_id: str, question_id: str, caller: Caller) -> QuestionView:
    """Come into a conversation that you are invited to. Repeating changes nothing."""
    return questions.come(caller, organization_id, question_id)


@api.endpoint("DELETE", QUESTION + "/invitation", refusals=THIS)
def decline_invitation(organization_id: str, question_id: str, caller: Caller) -> None:
    """Decline an invitation, or leave the conversation. Repeating changes nothing."""
    questions.stay_away(caller, organization_id, question_id)


@api.endpoint(
    "PUT",
    QUESTION + "/thanks",
    access=PEOPLE,
    status=201,
    refusals=[*THIS, questions.OnlyTheAsker, standing.Suspended, questions.ThanksComeLater],
)
def thank_helper(organization_id: str, question_id: str, caller: Caller, body: Thank) -> ThanksView:
    """Thank whoever helped, once the question is resolved.

    Sent again it answers 200 and changes nothing, or only the text if that is another one.
    """
    given = questions.thank(caller, organization_id, question_id, text=body.text)
    return Answer(given, status=201 if given.is_new else 200)
