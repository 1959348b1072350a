"""What clients say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Input
from chalicelib.contracts.frames.names import AfterSeq, ConversationId, OrganizationId, Ref, SalonId
from chalicelib.contracts.messages import PostMessage


class Ping(Input):
    """I am still here. To be said once a minute: a connection that is silent for longer does not count.

    It counts again, and is told its notifications again if it had asked for them, once it says something.
    """

    kind: Literal["ping"]
    ref: Ref = None


def _one_of(*places: object) -> None:
    if sum(place is not None for place in places) != 1:
        raise PydanticCustomError("one_place", "Name one place, and one only")


class _Room(Input):
    """A salon, or a conversation of one's own."""

    ref: Ref = None
    organization_id: OrganizationId
    salon_id: SalonId | None = None
    conversation_id: Annotated[ConversationId | None, Field(examples=[None])] = None

    @model_validator(mode="after")
    def _one_room(self) -> _Room:
        _one_of(self.salon_id, self.conversation_id)
        return self


class _Place(Input):
    """A room, or one's notifications."""

    ref: Ref = None
    organization_id: OrganizationId | None = None
    salon_id: SalonId | None = None
    conversation_id: Annotated[ConversationId | None, Field(examples=[None])] = None
    notifications: Annotated[Literal[True] | None, Field(examples=[None])] = None

    @model_validator(mode="after")
    def _one_place(self) -> _Place:
        _one_of(self.salon_id, self.conversation_id, self.notifications)
        if self.notifications is None and self.organization_id is None:
            raise PydanticCustomError("organization_missing", "Name the organization_id of the place")
        return self


class Subscribe(_Place):
    """Let me hear a salon, a conversation of mine or that I watch, or my notifications.

    The answer has the number of the newest message there: what is said later is told, what was said before
    is for `resume`.
    """

    kind: Literal["subscribe"]


class Unsubscribe(_Place):
    """Let me hear a place no longer. Repeating changes nothing."""

    kind: Literal["unsubscribe"]


class Resume(_Room):
    """Tell me what was said there after this number, and from then on whatever is said.

    Answered with a `page`; while it has more, resume again after its last number. That is the number up to
    which nothing is missing, not the largest one that was told. Messages that are told meanwhile may be in a
    page too: have each number once. It says that whoever resumes looks: what they asked for is not mailed to
    them then. A page that nobody looks at does not resume.
    """

    kind: Literal["resume"]
    after_seq: AfterSeq


class Say(_Room, PostMessage):
    """Say something there, as over HTTP. Repeat it, key and all, until it is acknowledged.

    Frames are carried out side by side, whatever their order on the socket: wait for the `ack` before the
    next `say` if the order of your own words matters. Replies and mentions are for salons.
    """

    kind: Literal["say"]

    @model_validator(mode="after")
    def _plain_in_conversations(self) -> Say:
        if self.conversation_id is not None and (self.reply_to is not None or self.mentions):
            raise PydanticCustomError("salon_only", "Replies and mentions are for salons")
        return self


class Typing(Input):
    """I am writing, in a conversation of mine: its other side is told, nobody else. Not in salons."""

    kind: Literal["typing"]
    ref: Ref = None
    organization_id: OrganizationId
    conversation_id: ConversationId


class TellPresence(Input):
    """I am active, or away from the keyboard. Activity lasts two minutes unless it is told again."""

    kind: Literal["presence"]
    ref: Ref = None
    state: Annotated[Literal["active", "afk"], Field(examples=["active"])]
    notifiable: Annotated[
        bool | None,
        Field(examples=[None], description="Whether I may be notified once my last connection is lost."),
    ] = None
