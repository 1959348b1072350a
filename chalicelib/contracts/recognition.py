from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Listing, Moment, Words
from chalicelib.contracts.ids import MemberId, OrganizationId, ThanksId

ThanksText = Annotated[
    Words, Field(min_length=1, max_length=500, examples=["Merci, mes freins ne grincent plus !"])
]


class Thank(Input):
    """What to thank the author of something with."""

    text: ThanksText


class ThanksView(Contract):
    """Thanks that someone gave, as anyone may read them."""

    thanks_id: ThanksId
    giver_id: MemberId
    name: Annotated[
        str | None, Field(examples=["Camille Le Goff"], description="The giver’s; None once they have left.")
    ]
    text: ThanksText
    at: Moment


class Attested(Contract):
    """What merit was attested for."""

    kind: Annotated[Literal["message", "question", "meetup"], Field(examples=["message"])]
    id: Annotated[str, Field(max_length=40, examples=["msg_01M7W1B4C1ZJ1V5G0R8W9N3K2T"])]


class LedgerLine(Contract):
    """One line of a member's merit, written for good."""

    id: Annotated[str, Field(examples=["ent_01JD3Q7M9V8XW2RBN4CJ6HDPED"])]
    kind: Annotated[Literal["earn", "reverse"], Field(examples=["earn"])]
    amount: Annotated[
        int, Field(examples=[1], description="As applied: 0 when a limit applied, below when reversed.")
    ]
    reason: Annotated[
        Literal[
            "thanked",
            "hosted",
            "withdrawn",
            "withdrawn_first",
            "pair_limit",
            "staff_earn_none",
            "self_attested",
        ],
        Field(examples=["thanked"]),
    ]
    explanation: Annotated[
        str,
        Field(
            examples=["Quelqu’un vous a dit merci pour ceci."], description="The reason, in your language."
        ),
    ]
    text: Annotated[
        ThanksText | None, Field(description="What you were thanked with; null once that was taken back.")
    ]
    rule: Annotated[str, Field(examples=["thanks@1"], description="The rule’s name and version.")]
    organization_id: OrganizationId
    object: Attested
    thanks_id: Annotated[ThanksId | None, Field(description="Null for what was not attested with thanks.")]
    actor_id: Annotated[MemberId, Field(description="Who attested it.")]
    at: Moment


class Recognition(Listing[LedgerLine]):
    """A page of one's merit, and the balance of all of it. Merit opens, hurries and orders nothing."""

    balance: Annotated[
        int, Field(examples=[1], description="What all lines come to, not those of this page.")
    ]
