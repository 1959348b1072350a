from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Moment
from chalicelib.contracts.ids import MeetupId, OrganizationId, SalonId
from chalicelib.contracts.meetups import About, HostView, MeetupTitle, Proposal, Reason, TimeZone

MOST_TIMES = 26

SeriesId = Annotated[str, Field(examples=["ser_01M7WN066TK6FTK703WY8C5YNK"])]
Every = Annotated[
    Literal["week", "two_weeks", "month"],
    Field(
        examples=["month"],
        description="`month`: on the same weekday of the month, such as the 2nd Thursday; from the 29th on, "
        "the last such weekday.",
    ),
]
Times = Annotated[
    int, Field(ge=2, le=MOST_TIMES, examples=[6], description="How often it takes place, the first included.")
]


class Repeats(Input):
    """How a meetup comes back: always at the same time by the clock on the wall of its time zone."""

    every: Every
    times: Times


class ProposeSeries(Proposal):
    """A meetup that comes back; what is said of it is said of its first time."""

    repeats: Repeats


class SeriesView(Contract):
    """A meetup that comes back. Each time that it takes place is a meetup, which one answers by itself."""

    id: SeriesId
    organization_id: OrganizationId
    state: Annotated[Literal["running", "ended"], Field(examples=["running"])]
    title: MeetupTitle
    about: About
    host: HostView
    every: Every
    times: Times
    time_zone: TimeZone
    starts: Annotated[
        list[Moment],
        Field(description="When it takes place as it was planned; a meetup of it may have moved since."),
    ]
    first_meetup_id: MeetupId
    salon_id: SalonId | None
    ended_reason: Annotated[str | None, Field(examples=[None])]
    created_at: Moment


class EndSeries(Input):
    """Why it comes back no more; whoever wanted to come is told in these words."""

    reason: Reason
