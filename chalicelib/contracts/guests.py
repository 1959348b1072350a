from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.contracts.base import Contract, Input, Moment
from chalicelib.contracts.ids import OrganizationId as Id

QuestionId = Annotated[str, Field(examples=["qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"])]
GuestId = Annotated[str, Field(examples=["gst_01JD3Q7M5T8XW2RBN4CJ6HDPEA"])]
Token = Annotated[
    str,
    Field(
        min_length=1,
        max_length=8192,
        pattern="^[A-Za-z0-9_.-]+$",
        examples=["eyJhbGciOi.eyJpc3MiOi.c2lnbmVk"],
    ),
]
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$",
        examples=["camille@example.org"],
    ),
    AfterValidator(str.lower),
]
Code = Annotated[
    str,
    Field(
        pattern="^[0-9A-Za-z -]{6,16}$",
        examples=["7H4-QX2"],
        description="As the e-mail says it; case, spaces and hyphens make no difference.",
    ),
]


class OpenSession(Input):
    """Where a guest comes in, and who vouches for them if anyone does."""

    organization_id: Id
    host_token: Annotated[
        Token | None,
        Field(
            description="A token of the site’s own, when it knows who its visitor is. Its `email` counts "
            "with `email_verified: true` only."
        ),
    ] = None


class GuestSession(Contract):
    """A guest’s session: send its token as a Bearer token, from the same site."""

    token: Token
    guest_id: GuestId
    organization_id: Id
    name: Annotated[str | None, Field(examples=["Camille"], description="As the site says.")]
    is_verified: Annotated[
        bool,
        Field(
            examples=[False], description="Whether anyone vouches for them: everyone sees when nobody does."
        ),
    ]
    expires_at: Moment


class ReturnToChat(Input):
    """The link that was mailed with an answer."""

    link: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1024,
            pattern="^[A-Za-z0-9_-]+$",
            examples=["q83vEjRWeJASNFZ4kBI0VniQb3JnXzAx"],
            description="What follows `#entraide=` in its address.",
        ),
    ]


class ReturnedSession(GuestSession):
    """A guest’s session, and the conversation that they come back to."""

    question_id: QuestionId


class SendCode(Input):
    """Where to mail a code."""

    email: Email


class CodeSent(Contract):
    """A code is on its way."""

    until: Moment
    tries_left: Annotated[int, Field(examples=[5])]


class ConfirmCode(Input):
    """The code that the e-mail says."""

    code: Code


class BringGuest(Input):
    """The guest that you were."""

    guest_token: Token


class GuestLinkView(Contract):
    """That a guest and a member are one."""

    guest_id: GuestId
    organization_id: Id
    member_id: Annotated[str, Field(examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"])]
    merged_at: Moment
