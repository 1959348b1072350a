from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, PEOPLE, Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.sharing import (
    AgreeToShare,
    SharedExchangeView,
    SharedQuestionView,
    SharedWordsView,
    SharingView,
)
from chalicelib.domain import errors, questions, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Questions")

ORGANIZATION = "/organizations/{organization_id}"
QUESTION = ORGANIZATION + "/questions/{question_id}"

THIS = (questions.QuestionNotFound, errors.Busy)


@api.endpoint("GET", QUESTION + "/sharing", access=PEOPLE, refusals=[questions.QuestionNotFound])
def read_sharing(organization_id: str, question_id: str, caller: Caller) -> SharingView:
    """Read whether an exchange that you had is public, and who agrees that it is."""
    return questions.sharing.read(caller, organization_id, question_id)


@api.endpoint(
    "PUT",
    QUESTION + "/sharing",
    access=PEOPLE,
    refusals=[
        *THIS,
        standing.Suspended,
        questions.QuestionStateRefused,
        questions.WordsNoLongerKept,
        questions.NotSaidYet,
        questions.NotToBeShared,
    ],
)
def agree_to_share(organization_id: str, question_id: str, caller: Caller, body: AgreeToShare) -> SharingView:
    """Agree that a closed exchange becomes public. It does once whoever asked and whoever helped both agree.

    Nobody else can decide it, and not to answer costs nothing. What is said after `up_to_seq` stays private,
    as do the words of others who took part, until they agree too. Opening the question again ends it.
    """
    return questions.sharing.agree(caller, organization_id, question_id, **body.model_dump())


@api.endpoint("DELETE", QUESTION + "/sharing", access=PEOPLE, refusals=THIS)
def stop_sharing(organization_id: str, question_id: str, caller: Caller) -> None:
    """Agree no longer, at any moment and without a reason: what was public is private at once."""
    questions.sharing.take_back(caller, organization_id, question_id)


@api.endpoint(
    "GET",
    ORGANIZATION + "/shared-questions",
    access=EVERYONE,
    order="latest_shared_first@1",
    most=questions.shared.MOST,
    refusals=[standing.OrganizationNotFound],
)
def list_shared_questions(organization_id: str, page: Page) -> Listing[SharedQuestionView]:
    """List the questions that are public with their answers, because both sides agree.

    What is no longer public is left out: a page may hold fewer than its `limit`.
    """
    return questions.shared.every(organization_id, page)


@api.endpoint("GET", QUESTION + "/shared", access=EVERYONE, refusals=[questions.QuestionNotFound])
def read_shared_question(organization_id: str, question_id: str) -> SharedExchangeView:
    """Read a question that is public with its answer. Where it was asked is never part of it."""
    return questions.shared.find(organization_id, question_id)


@api.endpoint(
    "GET",
    QUESTION + "/shared/messages",
    access=EVERYONE,
    order="by_seq@1",
    refusals=[questions.QuestionNotFound],
)
def list_shared_messages(organization_id: str, question_id: str, page: Page) -> Listing[SharedWordsView]:
    """List what was said in a public exchange, as far as both sides agree."""
    return questions.shared.words_of(organization_id, question_id, page)
