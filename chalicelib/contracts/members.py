from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Language, Moment, Title
from chalicelib.contracts.ids import MemberId

Name = Annotated[Title, Field(min_length=1, max_length=80, examples=["Camille Le Goff"])]
Zone = Annotated[str, Field(max_length=64, examples=["Europe/Paris"])]


class Me(Contract):
    """The caller's own account."""

    id: MemberId
    name: Annotated[str, Field(examples=["Camille Le Goff"])]
    email: Annotated[str | None, Field(examples=["camille@example.org"])]
    language: Language
    time_zone: Zone
    created_at: Moment
    version: Annotated[int, Field(examples=[3])]


class EditMe(Input):
    """What a member changes of their account; what is left out stays as it is."""

    name: Name | None = None
    language: Language | None = None
    time_zone: Zone | None = None
