from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Contract, Input

Token = Annotated[
    str,
    Field(max_length=512, examples=["q83vEjRWeJq83vEjRWeJkWyJtZW1fNyIsIm9yZ18wMSJd"]),
]


class LinkQuery(Input):
    """What a link in an e-mail carries."""

    token: Token


class MailChoice(Input):
    """Whether an organization may write."""

    wanted: Annotated[bool, Field(examples=[True])]


class MailChoiceView(Contract):
    """Whether an organization may write."""

    wanted: Annotated[bool, Field(examples=[True])]
