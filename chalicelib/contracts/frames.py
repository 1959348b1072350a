"""Every frame of the live channel, declared once: what is read, and what the AsyncAPI document says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Contract, Input, Moment
from chalicelib.contracts.conversations import SaidView
from chalicelib.contracts.messages import MessageView, PostMessage
from chalicelib.contracts.salons import Seq

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
AfterSeq = Annotated[int, Field(ge=0, le=10**12 - 1, examples=[412])]


class Ping(Input):
    """I am still here. To be said once a minute: a connection that is silent for longer does not count."""

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
    """Let me hear a salon, a conversation of mine, or my notifications.

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
    page too: have each number once.
    """

    kind: Literal["resume"]
    after_seq: AfterSeq


class Say(_Room, PostMessage):
    """Say something there, as over HTTP. Repeat it, key and all, until it is acknowledged.

    Replies and mentions are for salons.
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


class Pong(Contract):
    """You are still here."""

    kind: Literal["pong"]
    ref: Ref


class Ack(Contract):
    """It is done."""

    kind: Literal["ack"]
    ref: Ref
    seq: Annotated[
        int | None,
        Field(
            examples=[412],
            description="Of what was said; when a place was subscribed to, of the newest message there.",
        ),
    ]
    message_id: Annotated[str | None, Field(examples=["msg_01M7W1B4C1ZJ1V5G0R8W9N3K2T"])]
    at: Annotated[Moment | None, Field(examples=["2026-11-20T08:30:00.000Z"])]
    replayed: Annotated[bool, Field(examples=[False], description="Whether it had been said before.")]


class Refused(Contract):
    """It was not done, and nothing was written: `code` is stable, further members are the refusal’s own."""

    kind: Literal["refused"]
    ref: Ref
    code: Annotated[str, Field(examples=["slow_mode"])]
    detail: Annotated[str, Field(examples=["Ici, un message toutes les 30 secondes."])]


class PageFrame(Contract):
    """What was said after a number, in its order: in a salon, or in a conversation."""

    kind: Literal["page"]
    ref: Ref
    messages: list[MessageView] | list[SaidView]
    has_more: Annotated[bool, Field(examples=[False])]


class MessageFrame(Contract):
    """A message came, or is no longer what it was.

    It is in the shape that the API has for it, as someone who is not signed in reads it. `seq` says where it
    belongs: frames may come twice, or in another order, and a number that is missing is for `resume`.
    """

    kind: Annotated[
        Literal["message", "edited", "deleted", "hidden", "restored"], Field(examples=["message"])
    ]
    message: MessageView


class ReactionCount(Contract):
    """How many members had one reaction."""

    reaction: Annotated[str, Field(examples=["heart"])]
    emoji: Annotated[str, Field(examples=["❤️"])]
    count: Annotated[int, Field(examples=[3])]


class Reacted(Contract):
    """Reactions to a message or thanks for it were counted anew. Told where at most fifty listen."""

    kind: Literal["reacted"]
    salon_id: SalonId
    message_id: Annotated[str, Field(examples=["msg_01M7W1B4C1ZJ1V5G0R8W9N3K2T"])]
    seq: Seq
    reactions: list[ReactionCount]
    thanks: Annotated[int, Field(examples=[2])]


class SaidFrame(Contract):
    """Something was said in a conversation of yours: as the API shows it."""

    kind: Literal["said"]
    message: SaidView


class TypingFrame(Contract):
    """The other side of a conversation is writing."""

    kind: Literal["typing"]
    conversation_id: ConversationId
    member_id: PersonId


class PresenceFrame(Contract):
    """What you are now, from all your connections: the best of them counts."""

    kind: Literal["presence"]
    ref: Ref
    state: Annotated[Literal["active", "afk"], Field(examples=["active"])]


class Poke(Contract):
    """A crowded salon has got as far as this number: read the rest over HTTP when someone looks at it.

    Where more than two thousand listen, this comes instead of messages, at most once a second.
    """

    kind: Literal["poke"]
    salon_id: SalonId
    seq: Seq


class Notification(Contract):
    """Something for you: `about` names it, `detail` holds it.

    `question_offered` says `why` you are asked: topic, follower or on_duty. Of a question in your hands, or
    that you asked, you are told each step: `question_claimed`, `question_answered` and so on.
    """

    kind: Literal["notification"]
    about: Annotated[str, Field(examples=["question_offered"])]
    detail: Annotated[dict[str, Any], Field(examples=[{"question_id": "qst_01M7W5Q8R2T6V9X3Z1B4D7FHJK"}])]


CLIENT: dict[str, type[Input]] = {
    "ping": Ping,
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
    "resume": Resume,
    "say": Say,
    "typing": Typing,
    "presence": TellPresence,
}
"""What clients say, by kind."""

SERVER: dict[str, type[Contract]] = {
    "pong": Pong,
    "ack": Ack,
    "refused": Refused,
    "page": PageFrame,
    **dict.fromkeys(("message", "edited", "deleted", "hidden", "restored"), MessageFrame),
    "reacted": Reacted,
    "said": SaidFrame,
    "typing": TypingFrame,
    "presence": PresenceFrame,
    "poke": Poke,
    "notification": Notification,
}
"""What clients are told, by kind."""
