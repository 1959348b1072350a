from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Answer, Api, IfMatch
from chalicelib.contracts.base import Listing
from chalicelib.contracts.messages import (
    EarlierTextView,
    EditMessage,
    MessagesAsked,
    MessageView,
    PostedMessage,
    PostMessage,
)
from chalicelib.domain import errors, members, messages, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.pages import Page

api = Api(__name__, tag="Messages")

MESSAGES = "/organizations/{organization_id}/salons/{salon_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"
REACTION = MESSAGE + "/reactions/{reaction}"

HERE = (salons.SalonNotFound, members.IdentityUnavailable)
THIS = (*HERE, messages.MessageNotFound)


@api.endpoint(
    "POST",
    MESSAGES,
    status=201,
    receipts=False,
    refusals=[
        *HERE,
        salons.FollowFirst,
        standing.Suspended,
        messages.SalonClosedToWords,
        messages.SlowMode,
        messages.ReplyToUnknown,
        errors.Busy,
    ],
)
def post_message(organization_id: str, salon_id: str, caller: Caller, body: PostMessage) -> PostedMessage:
    """Say something in a salon. Anyone who follows may, from their first minute; nothing waits for approval.

    Sent again with the same `client_message_id`, it answers 200 with the message of the first time. In slow
    mode, what comes too early is refused with its `text` and `retry_after`: nothing typed is lost.
    """
    posted = messages.post(caller, organization_id, salon_id, **body.model_dump())
    if posted.is_replay:
        return Answer(posted.said, status=200, headers={"Idempotency-Replayed": "true"})
    return posted.said


@api.endpoint(
    "GET",
    MESSAGES,
    access=EVERYONE,
    order="by_seq@1",
    most=messages.MOST,
    refusals=[*HERE, messages.OneDirectionOnly],
)
def list_messages(
    organization_id: str, salon_id: str, caller: Caller | None, query: MessagesAsked, page: Page
) -> Listing[MessageView]:
    """List what was said in a salon: the public archive, for anyone.

    With `after_seq`, what follows that number, in its order: what a client missed. With `before_seq`, what
    precedes it, newest first; with neither, the newest first.
    """
    return messages.page_of(caller, organization_id, salon_id, page, **query.model_dump())


@api.endpoint("GET", MESSAGE, access=EVERYONE, refusals=THIS)
def read_message(organization_id: str, salon_id: str, message_id: str, caller: Caller | None) -> MessageView:
    """Read one message. Its address is for good: a deleted message leaves its place there."""
    return messages.read(caller, organization_id, salon_id, message_id)


@api.endpoint("GET", MESSAGE + "/history", access=EVERYONE, order="oldest_first@1", refusals=THIS)
def list_earlier_texts(
    organization_id: str, salon_id: str, message_id: str, caller: Caller | None, page: Page
) -> Listing[EarlierTextView]:
    """List what a message said before its edits, the first text first. Gone with the message."""
    return messages.earlier_texts(caller, organization_id, salon_id, message_id, page)


@api.endpoint(
    "PATCH",
    MESSAGE,
    refusals=[
        *THIS,
        messages.NotYourMessage,
        standing.Suspended,
        messages.MessageWithdrawn,
        messages.SalonClosedToWords,
        messages.TooManyEdits,
        errors.ChangedMeanwhile,
        errors.Busy,
    ],
)
def edit_message(
    organization_id: str, salon_id: str, message_id: str, caller: Caller, body: EditMessage, version: IfMatch
) -> MessageView:
    """Say it otherwise, if you wrote it.

    For five minutes nothing of it shows. Later the message is `edited`, and what it said before stays in its
    public history.
    """
    return messages.edit(caller, organization_id, salon_id, message_id, text=body.text, version=version)


@api.endpoint(
    "DELETE",
    MESSAGE,
    refusals=[
        *THIS,
        messages.NotYourMessage,
        messages.MessageWithdrawn,
        messages.SalonClosedToWords,
        errors.Busy,
    ],
)
def delete_message(organization_id: str, salon_id: str, message_id: str, caller: Caller) -> None:
    """Take your words back, with their history and every quote of them. The message's place stays."""
    messages.delete(caller, organization_id, salon_id, message_id)


@api.endpoint(
    "PUT",
    REACTION,
    refusals=[
        *THIS,
        messages.ReactionUnknown,
        salons.FollowFirst,
        standing.Suspended,
        messages.SalonClosedToWords,
        messages.MessageWithdrawn,
        errors.Busy,
    ],
)
def react_to_message(
    organization_id: str, salon_id: str, message_id: str, reaction: str, caller: Caller
) -> None:
    """React to a message. Repeating changes nothing.

    There are thumbs_up, heart, thanks_hands, celebrate, laugh, surprised, thinking, eyes, strength and sad.
    """
    messages.react(caller, organization_id, salon_id, message_id, reaction)


@api.endpoint(
    "DELETE",
    REACTION,
    refusals=[
        *THIS,
        messages.ReactionUnknown,
        messages.SalonClosedToWords,
        messages.MessageWithdrawn,
        errors.Busy,
    ],
)
def take_reaction_back(
    organization_id: str, salon_id: str, message_id: str, reaction: str, caller: Caller
) -> None:
    """Take a reaction of yours back. Repeating changes nothing."""
    messages.take_back(caller, organization_id, salon_id, message_id, reaction)
