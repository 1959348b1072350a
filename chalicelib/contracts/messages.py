from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Moment, Words
from chalicelib.contracts.ids import (
    GivenMemberId,
    GivenMessageId,
    MemberId,
    MessageId,
    OrganizationId,
    SalonId,
)
from chalicelib.contracts.memberships import Voice
from chalicelib.contracts.salons import RestrictionView, Seq

ClientMessageId = Annotated[
    str,
    Field(
        pattern="^[A-Za-z0-9_-]{1,64}$",
        examples=["0190f3a2-5b1c-7d0e-9a41-93e8deadbeef"],
        description="Made by the client, new for each message, the same when that message is sent again.",
    ),
]
Said = Annotated[Words, Field(min_length=1, max_length=4000, examples=["Et avec une clé de 15, ça passe ?"])]
Asked = Annotated[int | None, Field(ge=0, le=10**12 - 1, examples=[412])]


class PostMessage(Input):
    """Something to say in a salon."""

    client_message_id: ClientMessageId
    text: Said
    reply_to: Annotated[GivenMessageId | None, Field(examples=[None])] = None
    mentions: Annotated[
        list[GivenMemberId],
        Field(max_length=5, examples=[["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"]]),
    ] = []


class EditMessage(Input):
    """What a message should say instead."""

    text: Said


class MessagesAsked(Input):
    """Which messages: after a number, or before one."""

    after_seq: Asked = None
    before_seq: Asked = None


class AuthorView(Contract):
    """Who wrote a message."""

    member_id: MemberId
    name: Annotated[
        str | None,
        Field(examples=["Camille Le Goff"], description="Today; null once they left for good."),
    ]
    voice: Annotated[Voice, Field(description="As it was when the message was written.")]


class QuoteView(Contract):
    """The message that another one replies to."""

    message_id: MessageId
    seq: Seq
    author_id: MemberId
    excerpt: Annotated[
        str | None,
        Field(
            examples=["Quelqu’un a une clé de 13 ?"],
            description="The beginning of what it says today; null once it was withdrawn.",
        ),
    ]


class ReactionView(Contract):
    """How many members had one reaction."""

    reaction: Annotated[str, Field(examples=["heart"])]
    emoji: Annotated[str, Field(examples=["❤️"])]
    count: Annotated[int, Field(examples=[3])]
    mine: Annotated[bool, Field(examples=[True])]


class MessageView(Contract):
    """Something said in a salon."""

    id: MessageId
    organization_id: Annotated[
        OrganizationId, Field(description="The organization as whose follower the author spoke.")
    ]
    salon_id: SalonId
    seq: Annotated[Seq, Field(description="Its number in the salon: without gaps, and its own for good.")]
    author: AuthorView
    text: Annotated[
        str | None,
        Field(
            examples=["Et avec une clé de 15, ça passe ?"],
            description="Null once it was withdrawn; its author still has what moderation hides.",
        ),
    ]
    state: Annotated[
        str,
        Field(
            examples=["sent"],
            description="sent, edited, deleted_by_author, or hidden by platform moderation.",
        ),
    ]
    restriction: Annotated[RestrictionView | None, Field(description="Why it is hidden, while it is.")]
    reply_to: QuoteView | None
    mentions: Annotated[list[MemberId], Field(examples=[["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"]])]
    reactions: list[ReactionView]
    thanks: Annotated[int, Field(examples=[2])]
    at: Annotated[Moment, Field(examples=["2026-11-20T08:30:00.000Z"])]
    edited_at: Annotated[Moment | None, Field(examples=[None])]
    version: Annotated[
        int,
        Field(examples=[1], description="Moves with the text; reactions and thanks do not move it."),
    ]


class PostedMessage(MessageView):
    """A message as its author gets it."""

    unreachable_mentions: Annotated[
        list[MemberId],
        Field(examples=[[]], description="Those of `mentions` who do not follow, and will not be told."),
    ]


class EarlierTextView(Contract):
    """What a message said before one of its edits."""

    text: Annotated[str, Field(examples=["Et avec une clé de 14, ça passe ?"])]
    written_at: Annotated[Moment, Field(examples=["2026-11-20T08:30:00.000Z"])]
    replaced_at: Annotated[Moment, Field(examples=["2026-11-20T09:12:00.000Z"])]
