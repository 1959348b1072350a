from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from chalicelib.contracts.base import Contract, Input, Moment, Text, Title
from chalicelib.contracts.ids import (
    GivenMessageId,
    GivenOrganizationId,
    MessageId,
    OrganizationId,
    SalonId,
)

SalonTitle = Annotated[Title, Field(min_length=1, max_length=80, examples=["Atelier vélo"])]
Theme = Annotated[Text, Field(max_length=500, examples=["Crevaisons, freins, dérailleurs : on répare."])]
SlowMode = Annotated[int, Field(ge=0, le=21600, examples=[30])]
Retention = Annotated[int, Field(ge=30, le=3650, examples=[365])]
State = Annotated[
    Literal["draft", "open", "read_only", "archived", "frozen"],
    Field(examples=["open"]),
]
Seq = Annotated[int, Field(ge=0, examples=[412])]
OrganizationIds = Annotated[
    list[str],
    BeforeValidator(lambda ids: sorted(ids or ())),
    Field(examples=[["org_01M7W2V0E5R9Y3QK6T1B8D4GHN"]]),
]


class RestrictionView(Contract):
    """Why moderation restricts something, and where the whole statement is."""

    rule: Annotated[str, Field(examples=["private_data"])]
    statement_id: Annotated[str, Field(examples=["sta_01M7W3D2N8P6S4X0C5V7B9KQMJ"])]


class SalonView(Contract):
    """A salon as its organizations decided it; how far its messages are is in the readings."""

    id: SalonId
    organization_id: Annotated[
        OrganizationId, Field(description="The organization that opened it and looks after it.")
    ]
    title: SalonTitle
    theme: Theme
    state: State
    restriction: Annotated[RestrictionView | None, Field(description="Why it is frozen, while it is.")]
    off_topic: Annotated[
        bool, Field(description="The salon for any subject, which nobody can close.", examples=[False])
    ]
    slow_mode_seconds: Annotated[
        SlowMode, Field(description="How long everyone waits between two messages of theirs.")
    ]
    retention_days: Annotated[
        Retention | None, Field(description="How long messages are kept; null: for good.")
    ]
    pinned_message_id: MessageId | None
    shared_with: Annotated[
        OrganizationIds, Field(description="Other organizations whose followers are at home here too.")
    ]
    created_at: Moment
    version: Annotated[int, Field(examples=[3])]


class OpenSalon(Input):
    """A new salon."""

    title: SalonTitle
    theme: Theme = ""
    state: Annotated[Literal["draft", "open"], Field(examples=["open"])] = "open"
    slow_mode_seconds: Annotated[
        SlowMode | None, Field(description="Left out: as the organization's settings say.")
    ] = None
    retention_days: Annotated[
        Retention | None, Field(description="Left out or null: messages are kept for good.")
    ] = None


class EditSalon(Input):
    """What changes in a salon; what is left out stays as it is."""

    title: SalonTitle | None = None
    theme: Theme | None = None
    slow_mode_seconds: SlowMode | None = None
    retention_days: Annotated[
        Retention | None, Field(description="For what is said from now on; null: kept for good.")
    ] = None
    state: State | None = None


class PinMessage(Input):
    """The message to pin."""

    message_id: GivenMessageId


class ShareSalon(Input):
    """The organization to share a salon with."""

    organization_id: GivenOrganizationId


class SalonOfferView(Contract):
    """An organization's offer to share a salon of its own."""

    salon_id: SalonId
    title: SalonTitle
    offered_by: OrganizationId
    offered_to: OrganizationId
    offered_at: Moment


class ReadingView(Contract):
    """Where a member is in a salon that they joined."""

    salon_id: SalonId
    last_seq: Annotated[Seq, Field(description="The number of the newest message.")]
    last_read_seq: Annotated[Seq, Field(description="The number up to which they have read.")]
    unread: Annotated[
        int, Field(description="Messages beyond that, less their own and the hidden.", examples=[7])
    ]
    joined_at: Moment


class MarkRead(Input):
    """How far the caller has read."""

    last_read_seq: Seq
