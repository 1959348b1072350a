from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Language, Moment
from chalicelib.contracts.ids import OrganizationId
from chalicelib.contracts.questions import PersonId, QuestionId, Topics

ShownAs = Annotated[
    Literal["name", "anonymous"],
    Field(examples=["anonymous"], description="Under one’s name, as it is on the day it is read, or none."),
]
UpToSeq = Annotated[
    int,
    Field(
        ge=1,
        le=10**9,
        examples=[12],
        description="The number of the last message that one agrees to make public.",
    ),
]
Role = Annotated[Literal["asker", "helper", "invited"], Field(examples=["helper"])]
Name = Annotated[str | None, Field(examples=["Camille Le Goff"], description="Null: they are not named.")]


class AgreeToShare(Input):
    """What someone agrees to make public of an exchange, and under what name."""

    shown_as: ShownAs
    up_to_seq: UpToSeq


class ConsentView(Contract):
    """What one agrees to."""

    shown_as: ShownAs
    up_to_seq: UpToSeq
    at: Moment


class SharingView(Contract):
    """Where an exchange stands between private and public, for those who had it."""

    question_id: QuestionId
    mine: Annotated[ConsentView | None, Field(description="Null: you do not agree, or not yet.")]
    agreed_ids: Annotated[
        list[PersonId],
        Field(
            examples=[["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"]],
            description="Who agrees. Who does not, and who has not answered, are told apart by nobody.",
        ),
    ]
    shared_at: Annotated[
        Moment | None, Field(examples=[None], description="Since when it is public; null: it is private.")
    ]
    up_to_seq: Annotated[
        int | None, Field(examples=[None], description="The number of the last message that is public.")
    ]


class SharedQuestionView(Contract):
    """A question that is public with its answer."""

    question_id: QuestionId
    organization_id: OrganizationId
    excerpt: Annotated[
        str | None,
        Field(examples=["Mes freins grincent depuis la pluie : que faire ?"], description="Its beginning."),
    ]
    topics: Topics
    language: Language
    asked_at: Moment
    shared_at: Moment


class SharedExchangeView(SharedQuestionView):
    """A question that is public, and who had the exchange, if they want to be named."""

    text: Annotated[str | None, Field(examples=["Mes freins grincent depuis la pluie : que faire ?"])]
    state: Annotated[Literal["resolved", "closed_unconfirmed"], Field(examples=["resolved"])]
    closed_at: Moment
    asker_name: Name
    helper_name: Name
    up_to_seq: UpToSeq


class SharedWordsView(Contract):
    """Something said in a public exchange."""

    seq: Annotated[int, Field(examples=[3])]
    role: Role
    name: Name
    text: Annotated[
        str | None, Field(examples=["Essayez de dégraisser le disque."], description="Null: withheld.")
    ]
    is_withheld: Annotated[
        bool, Field(examples=[False], description="Whoever said it does not agree that it is public.")
    ]
    at: Moment
