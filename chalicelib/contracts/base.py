"""The shapes that every contract is made of."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

T = TypeVar("T")

# C0 and C1 controls but for tab and line feed, line and paragraph separators, bidirectional overrides,
# noncharacters
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)


class Contract(BaseModel):
    """A shape on the wire. Built on first use, so that importing many costs little."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)


class Input(Contract):
    """A shape that clients send: a field that nobody reads is refused rather than lost."""

    # strict: "10" is no number and 1 is no truth, as the published schema says
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, strict=True)


class Listing(Contract, Generic[T]):
    """One page of a list, in the order that `order` names."""

    data: list[T]
    has_more: Annotated[bool, Field(examples=[True])]
    next_cursor: Annotated[
        str | None,
        Field(
            examples=["mD4vQ1o2c0J1eHh6IkZvbyI"], description="What to send as `cursor` for the next page."
        ),
    ]
    order: Annotated[str, Field(examples=["oldest_first@1"], description="The list’s order rule.")]


def printable(text: str) -> str:
    """Text in NFC, free of control characters; raises what pydantic turns into a fault of the field."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if _FORBIDDEN.search(text):
        raise PydanticCustomError("unprintable_text", "Text must not contain control characters")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("several_lines", "This must be a single line")
    return text


def _some_text(text: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise PydanticCustomError("blank_text", "This must not be blank")
    return text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_our_time(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2200:  # further away, clocks of other zones overflow
        raise PydanticCustomError("moment_out_of_range", "A moment is between the years 2000 and 2199")
    return moment


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment that someone gives, with its offset from UTC."""

Text = Annotated[str, AfterValidator(printable)]
"""Text of one or several lines, in NFC, free of control characters."""

Line = Annotated[str, AfterValidator(printable), AfterValidator(_one_line)]
"""Text of a single line."""

Words = Annotated[Text, AfterValidator(_some_text)]
"""Text that says something."""

Title = Annotated[Line, AfterValidator(_some_text)]
"""A single line that says something."""

Moment = Annotated[
    datetime,
    PlainSerializer(_utc, return_type=str),
    Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-20T08:30:00.000Z"]),
]
"""A moment in RFC 3339, in UTC, to the millisecond."""

Language = Annotated[str, Field(pattern="^(fr|en)$", examples=["fr"])]

Tags = Annotated[list[Annotated[Title, Field(min_length=1, max_length=40)]], Field(max_length=20)]
