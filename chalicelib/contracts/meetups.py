from __future__ import annotations

import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Contract, Input, Instant, Language, Line, Moment, Text, Title, Words
from chalicelib.contracts.ids import GivenSalonId, MeetupId, MemberId, OrganizationId, SalonId
from chalicelib.contracts.questions import AskedId, QuestionId
from chalicelib.contracts.rsvps import RsvpView

MOST_SEATS = 1000
MOST_IN_A_PARTY = 10


NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
"""Files of the database that are no zones: one says that none is set, the others what this machine’s is."""


def _known_zone(name: str) -> str:
    if name in NO_PLACES or name not in zoneinfo.available_timezones():
        raise PydanticCustomError("unknown_time_zone", "This is no time zone of the IANA database")
    return name


TimeZone = Annotated[str, Field(max_length=60), AfterValidator(_known_zone), Field(examples=["Europe/Paris"])]
State = Annotated[
    Literal["draft", "published", "rsvp_closed", "started", "ended", "recapped", "cancelled"],
    Field(examples=["published"]),
]
MeetupTitle = Annotated[Title, Field(min_length=3, max_length=120, examples=["Café réglage de freins"])]
About = Annotated[Text, Field(max_length=4000, examples=["On apporte son vélo, on repart en freinant."])]
District = Annotated[
    Title,
    Field(max_length=120, examples=["Lyon 7e, Guillotière"], description="What everyone may know of it."),
]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, examples=[45.7485])]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[4.8467])]
Capacity = Annotated[
    int,
    Field(
        ge=1,
        le=MOST_SEATS,
        examples=[8],
        description="Seats beside the host’s, who has none that is counted.",
    ),
]
PartyLimit = Annotated[
    int,
    Field(
        ge=1, le=MOST_IN_A_PARTY, examples=[2], description="How many seats one person takes, they included."
    ),
]
Languages = Annotated[list[Language], Field(max_length=2, examples=[["fr"]])]
Accessibility = Annotated[Text, Field(max_length=500, examples=["Plain-pied, toilettes accessibles."])]
Address = Annotated[Line, Field(max_length=300, examples=["12 rue de Marseille, 69007 Lyon"])]
PlaceName = Annotated[Line, Field(max_length=120, examples=["Café du Rond-Point"])]
OnlineUrl = Annotated[
    Line, Field(max_length=500, pattern="^https://[^ ]+$", examples=["https://visio.example.org/cafe"])
]
Public = Annotated[
    bool, Field(description="Whether it is a place where anyone may be, such as a café.", examples=[True])
]


StartsAt = Annotated[Instant, Field(examples=["2026-11-28T15:00:00+01:00"])]
EndsAt = Annotated[Instant, Field(examples=["2026-11-28T17:00:00+01:00"])]
ClosesAt = Annotated[Instant, Field(examples=["2026-11-28T09:00:00+01:00"])]


class MeetingPlace(Input):
    """Where people meet. Name and address are for those who come; everyone else reads the district."""

    district: District
    name: PlaceName = ""
    address: Annotated[Address, Field(min_length=3)]
    public: Public = True
    latitude: Latitude
    longitude: Longitude


class PlaceView(Contract):
    """Where it is: exactly for those who come, the district and its middle for everyone else."""

    district: District
    name: PlaceName | None
    address: Address | None
    public: Public
    latitude: Latitude
    longitude: Longitude
    exact: Annotated[bool, Field(description="Whether this is the place itself.", examples=[False])]


class HostView(Contract):
    """Someone who looks after it; the first of them is its host."""

    member_id: MemberId
    name: Annotated[str | None, Field(examples=["Hana"])]


class MeetupView(Contract):
    """A meetup as the caller reads it."""

    id: MeetupId
    organization_id: OrganizationId
    title: MeetupTitle
    about: About
    state: State
    starts_at: Moment
    ends_at: Moment
    time_zone: TimeZone
    rsvp_closes_at: Annotated[Moment, Field(description="From then on nobody answers any more.")]
    place: PlaceView | None
    is_online: Annotated[bool, Field(description="Whether one may come by a link.", examples=[False])]
    online_url: Annotated[OnlineUrl | None, Field(description="For those who come.")]
    capacity: Annotated[Capacity | None, Field(description="Seats beside the host’s; null: as many as come.")]
    seats_left: Annotated[int | None, Field(description="Nobody has or holds these.", examples=[3])]
    going: Annotated[
        int, Field(description="People who come, the host included, whoever they bring apart.", examples=[6])
    ]
    waiting: Annotated[int, Field(description="People in line.", examples=[0])]
    interested: Annotated[int, Field(examples=[2])]
    party_limit: PartyLimit
    languages: Languages
    accessibility: Accessibility
    hosts: list[HostView]
    salon_id: SalonId | None
    question_id: Annotated[QuestionId | None, Field(description="For those who talked there.")]
    series_id: Annotated[str | None, Field(examples=["ser_01M7WN066TK6FTK703WY8C5YNK"])]
    revision: Annotated[
        int, Field(description="Grows when date or place change: who comes is asked again.", examples=[0])
    ]
    cancelled_reason: Annotated[str | None, Field(examples=["Le café est fermé ce jour-là."])]
    kilometres: Annotated[
        float | None,
        Field(description="From where was asked, to the middle of its district.", examples=[1.4]),
    ]
    rsvp: Annotated[RsvpView | None, Field(description="What the caller said; null while they said nothing.")]
    version: Annotated[int, Field(examples=[1])]


class Proposal(Input):
    """What a meetup is proposed as."""

    title: MeetupTitle
    about: About = ""
    starts_at: StartsAt
    ends_at: EndsAt
    time_zone: TimeZone
    rsvp_closes_at: Annotated[ClosesAt | None, Field(description="Left out: when it starts.")] = None
    place: MeetingPlace | None = None
    online_url: OnlineUrl | None = None
    capacity: Annotated[Capacity | None, Field(description="Left out or null: as many as come.")] = None
    party_limit: PartyLimit = 2
    languages: Languages = []
    accessibility: Accessibility = ""
    salon_id: GivenSalonId | None = None
    question_id: AskedId | None = None


class ProposeMeetup(Proposal):
    """A meetup to propose."""

    draft: Annotated[
        bool, Field(description="Keep it to yourself until it is published.", examples=[False])
    ] = False


Reason = Annotated[Words, Field(min_length=3, max_length=500, examples=["Le café est fermé ce jour-là."])]
