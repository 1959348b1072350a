"""What frames have in common: whom and what they are about."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Ref = Annotated[
    str | None,
    Field(max_length=64, examples=["7"], description="The client’s own: the answer carries it."),
]
OrganizationId = Annotated[
    str, Field(pattern="^org_[0-9A-Z]{26}$", examples=["org_01M7W0SX285MNJE8W71FKXGBTV"])
]
SalonId = Annotated[str, Field(pattern="^sal_[0-9A-Z]{26}$", examples=["sal_01M7W0SX285MNJE8W71FKXGBTW"])]
ConversationId = Annotated[
    str, Field(pattern="^cnv_[0-9A-Z]{26}$", examples=["cnv_01M7W5Q8R2T6V9X3Z1B4D7FHJK"])
]
PersonId = Annotated[
    str, Field(examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"], description="A member’s, or a guest’s.")
]
PresenceState = Annotated[
    Literal["active", "afk", "notifiable", "offline"],
    Field(
        examples=["active"],
        description="notifiable: gone, and may be notified for a day. From live connections alone.",
    ),
]
AfterSeq = Annotated[int, Field(ge=0, le=10**12 - 1, examples=[412])]
