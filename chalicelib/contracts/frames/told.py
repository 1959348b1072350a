"""What clients are told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Moment
from chalicelib.contracts.conversations import SaidView
from chalicelib.contracts.frames.names import ConversationId, PersonId, PresenceState, Ref, SalonId
from chalicelib.contracts.messages import MessageView
from chalicelib.contracts.salons import Seq


class Pong(Contract):
    """You are still here."""

    kind: Literal["pong"]
    ref: Ref


class OtherSide(Contract):
    """Someone else in a conversation, and whether they are there."""

    member_id: PersonId
    state: PresenceState


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
    others: Annotated[
        list[OtherSide] | None,
        Field(
            examples=[None],
            description="When a conversation was subscribed to: the others in it; nobody once it is closed.",
        ),
    ]


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
    """Something was said in a conversation of yours, or that you watch: as the API shows it."""

    kind: Literal["said"]
    message: SaidView


class TypingFrame(Contract):
    """The other side of a conversation is writing."""

    kind: Literal["typing"]
    conversation_id: ConversationId
    member_id: PersonId


class PresenceFrame(Contract):
    """What you are now, from all your connections: the best of them counts.

    With a `conversation_id` it is told, and says what someone else in it is now: to those who listen to it,
    when that changes, and in the newest twenty of theirs. Nobody outside a conversation is told, nor anybody
    once it is closed.
    """

    kind: Literal["presence"]
    ref: Ref = None
    conversation_id: Annotated[ConversationId | None, Field(examples=[None])] = None
    member_id: Annotated[PersonId | None, Field(examples=[None])] = None
    state: PresenceState


class Poke(Contract):
    """A crowded salon has got as far as this number: read the rest over HTTP when someone looks at it.

    Where more than two thousand listen, this comes instead of messages, at most once a second.
    """

    kind: Literal["poke"]
    salon_id: SalonId
    seq: Seq


class Notification(Contract):
    """Something for you: `about` names it, `detail` holds it.

    `question_offered` says `why` you are asked: topic, follower or on_duty; `hand_over_offered` that anyone
    may go on with a question in someone's place: what it is about is among your offers. Of a question in your
    hands, or that you asked, you are told each step: `question_claimed`, `question_answered` and so on;
    `spectator_proposed` asks you to let someone watch, and `spectator_invited` may ask you to come and watch.
    Someone who is suspended is written to; `suspension_lifted` says that it was ended early.

    Of a meetup, `rsvp_promoted` says that you have the seat you waited for, `seat_offered` that one is held
    for you `until` then, `offer_lapsed` that it is no longer, `seats_announced` that the first to take one
    has it. `seat_taken`, `rsvp_waitlisted`, `rsvp_interested` and `rsvp_declined` say what a host answered
    for you (`asked_by`), or that they ask you not to come (`reason`). `meetup_revised` asks you again,
    `meetup_cancelled` says that it does not take place, `meetup_reminder` (`why`: reminder_week,
    reminder_day, reminder_hour) that it comes near, `meetup_recapped` that it is told of. `meetup_hosting`
    says that it is yours to host (`why`: made_host), or to look after with its host (made_co_host).
    `meetup_proposed` is for the other person of the question that it was born from.
    """

    kind: Literal["notification"]
    about: Annotated[str, Field(examples=["question_offered"])]
    detail: Annotated[dict[str, Any], Field(examples=[{"question_id": "qst_01M7W5Q8R2T6V9X3Z1B4D7FHJK"}])]
