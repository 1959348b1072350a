from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Moment
from chalicelib.contracts.ids import MessageId, OrganizationId
from chalicelib.contracts.memberships import Voice
from chalicelib.contracts.messages import ClientMessageId, Said
from chalicelib.contracts.questions import ConversationId, PersonId, QuestionId, Round
from chalicelib.contracts.salons import Seq


class SayInConversation(Input):
    """Something to say about a question."""

    client_message_id: ClientMessageId
    text: Said


class ParticipantView(Contract):
    """Who said something in a conversation."""

    member_id: PersonId
    name: Annotated[str | None, Field(examples=["Camille Le Goff"], description="Today; null if unknown.")]
    role: Annotated[Literal["asker", "helper", "invited"], Field(examples=["helper"])]
    voice: Annotated[Voice | None, Field(description="As it was then; null for a guest.")]
    is_verified: Annotated[
        bool, Field(examples=[True], description="False: nobody vouches for who this guest is.")
    ]


class SaidView(Contract):
    """Something said about a question."""

    id: MessageId
    organization_id: OrganizationId
    question_id: QuestionId
    conversation_id: ConversationId
    seq: Annotated[Seq, Field(description="Its number: without gaps, and its own for good.")]
    round: Round
    author: ParticipantView
    client_message_id: Annotated[str, Field(examples=["0190f3a2-5b1c-7d0e-9a41-93e8deadbeef"])]
    text: Annotated[str, Field(examples=["Essayez de dégraisser le disque."])]
    is_postscript: Annotated[
        bool, Field(examples=[False], description="Said once the question was closed: it changes nothing.")
    ]
    at: Moment
