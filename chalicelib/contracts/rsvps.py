from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Moment, Words
from chalicelib.contracts.ids import MeetupId, MemberId

Party = Annotated[
    int, Field(ge=1, le=10, examples=[1], description="Seats: one’s own, and those of whom one brings.")
]
RsvpState = Annotated[
    Literal["going", "waitlisted", "interested", "declined", "offered", "lapsed", "checked_in", "no_show"],
    Field(examples=["going"]),
]
Says = Annotated[Literal["going", "interested", "declined"], Field(examples=["going"])]


class AnswerMeetup(Input):
    """Whether one comes."""

    answer: Says
    party: Party = 1


class RemoveAttendee(Input):
    """Why someone is asked not to come; they are told in these words."""

    reason: Annotated[
        Words, Field(min_length=10, max_length=500, examples=["Vous veniez avec dix personnes."])
    ]


class RsvpView(Contract):
    """What someone says about coming, and what became of it."""

    meetup_id: MeetupId
    member_id: MemberId
    state: RsvpState
    party: Annotated[int, Field(examples=[1], description="0 for the host, whose seat is not counted.")]
    position: Annotated[
        int | None,
        Field(
            description="While waiting: 1 is next. Null for whoever does not wait, and in lists of meetups.",
            examples=[None],
        ),
    ]
    offer_until: Annotated[Moment | None, Field(description="Until then offered seats are held.")]
    since: Moment
    asked_again: Annotated[
        bool,
        Field(description="Whether date or place changed since the answer: answer again.", examples=[False]),
    ]
    answered_by: Annotated[
        MemberId | None, Field(description="The host who answered in their place; they may undo it.")
    ]
    removed_reason: Annotated[
        str | None, Field(examples=[None], description="Why the host asked them not to come.")
    ]
    code: Annotated[
        str | None,
        Field(
            examples=["K7WQ3M"],
            description="To show to another who comes, who checks them in with it. Its owner alone reads it.",
        ),
    ]
    checked_in_at: Moment | None


class ListAttendees(Input):
    """Which list of a meetup to read."""

    listed: Annotated[
        Literal["going", "waitlisted", "offered", "interested"],
        Field(examples=["going"], description="All but `going` are for hosts."),
    ] = "going"


class AttendeeView(Contract):
    """Someone in a list of a meetup."""

    member_id: MemberId
    name: Annotated[str | None, Field(examples=["Awa"])]
    party: Annotated[int, Field(examples=[1])]
    since: Moment
    host: Annotated[bool, Field(description="Whether they look after it.", examples=[False])]
    checked_in: Annotated[bool, Field(description="Whether someone saw them there.", examples=[False])]
    no_show: Annotated[
        bool | None,
        Field(description="For hosts: whether one noted that they did not come.", examples=[None]),
    ]
