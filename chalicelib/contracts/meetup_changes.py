from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Input
from chalicelib.contracts.ids import GivenMemberId
from chalicelib.contracts.meetups import (
    About,
    Accessibility,
    Capacity,
    ClosesAt,
    EndsAt,
    Languages,
    MeetingPlace,
    MeetupTitle,
    OnlineUrl,
    PartyLimit,
    Reason,
    StartsAt,
    TimeZone,
)


class EditMeetup(Input):
    """What changes of a meetup; what is left out stays as it is."""

    title: MeetupTitle | None = None
    about: About | None = None
    starts_at: StartsAt | None = None
    ends_at: EndsAt | None = None
    time_zone: TimeZone | None = None
    rsvp_closes_at: Annotated[
        ClosesAt | None, Field(description="A moment that has passed: now. Null: when it starts.")
    ] = None
    place: Annotated[MeetingPlace | None, Field(description="Null: none, where a link remains.")] = None
    online_url: Annotated[OnlineUrl | None, Field(description="Null: none, where a place remains.")] = None
    capacity: Annotated[Capacity | None, Field(description="Null: as many as come.")] = None
    overbook: Annotated[
        bool,
        Field(description="Have fewer seats than are taken: nobody loses theirs.", examples=[False]),
    ] = False
    party_limit: Annotated[
        PartyLimit | None, Field(description="Whoever comes with more people still does.")
    ] = None
    languages: Languages | None = None
    accessibility: Accessibility | None = None


NULLABLE = frozenset({"rsvp_closes_at", "place", "online_url", "capacity"})
"""Where null is something to say, and not the same as nothing."""


class CancelMeetup(Input):
    """Why it does not take place; whoever wanted to come is told in these words."""

    reason: Reason


class HandOverMeetup(Input):
    """Who is its host from now on: one of its co-hosts."""

    member_id: GivenMemberId
