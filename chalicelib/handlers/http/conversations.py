from __future__ import annotations

from chalicelib.api.endpoints import PEOPLE, Answer, Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.conversations import SaidView, SayInConversation
from chalicelib.contracts.messages import MessagesAsked
from chalicelib.domain import conversations, errors, messages, questions, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Conversations")

MESSAGES = "/organizations/{organization_id}/questions/{question_id}/messages"


@api.endpoint(
    "POST",
    MESSAGES,
    access=PEOPLE,
    status=201,
    receipts=False,
    refusals=[questions.QuestionNotFound, questions.WordsNoLongerKept, standing.Suspended, errors.Busy],
)
def post_conversation_message(
    organization_id: str, question_id: str, caller: Caller, body: SayInConversation
) -> SaidView:
    """Say something about a question, to those who take part: nobody else reads it.

    Sent again with the same `client_message_id`, it answers 200 with the message of the first time. Once the
    question is closed, what is said is a postscript: it reopens nothing.
    """
    posted = conversations.post(caller, organization_id, question_id, **body.model_dump())
    if posted.is_replay:
        return Answer(posted.said, status=200, headers={"Idempotency-Replayed": "true"})
    return posted.said


@api.endpoint(
    "GET",
    MESSAGES,
    access=PEOPLE,
    order="by_seq@1",
    most=conversations.MOST,
    refusals=[questions.QuestionNotFound, messages.OneDirectionOnly],
)
def list_conversation_messages(
    organization_id: str, question_id: str, caller: Caller, query: MessagesAsked, page: Page
) -> Listing[SaidView]:
    """List what was said about a question, if you take part in it.

    With `after_seq`, what follows that number, in its order: what a client missed. With `before_seq`, what
    precedes it, newest first; with neither, the newest first.
    """
    return conversations.page_of(caller, organization_id, question_id, page, **query.model_dump())
