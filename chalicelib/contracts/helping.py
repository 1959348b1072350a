from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Instant, Language, Moment, Tags, Title
from chalicelib.contracts.ids import OrganizationId
from chalicelib.contracts.members import Zone

Topics = Annotated[Tags, Field(examples=[["freins", "roues"]], description="What they may be asked about.")]
AllTopics = Annotated[bool, Field(examples=[False], description="Whether they may be asked about anything.")]
Capacity = Annotated[
    int, Field(ge=0, le=5, examples=[2], description="How many conversations they take at once.")
]
DailyCap = Annotated[
    int,
    Field(ge=0, le=20, examples=[5], description="How many questions a day they are told of; 0: none."),
]
Hour = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["21:00"], description="On their own clock."),
]
Dawn = Annotated[Hour, Field(examples=["07:30"])]
Seconds = Annotated[
    int | None,
    Field(
        examples=[120],
        description="Half of the people who asked in the last thirty days had a first word within this time.",
    ),
]


class SetHelping(Input):
    """How a member helps, as a whole: what is left out of the optional part is not set."""

    topics: Topics
    all_topics: AllTopics
    capacity: Capacity
    daily_cap: DailyCap
    quiet_from: Hour | None = None
    quiet_to: Dawn | None = None


class HelpingView(Contract):
    """How a member helps in one organization. For their eyes only."""

    organization_id: OrganizationId
    topics: Topics
    all_topics: AllTopics
    capacity: Capacity
    daily_cap: DailyCap
    quiet_from: Hour | None
    quiet_to: Dawn | None
    time_zone: Annotated[Zone, Field(description="Whose hours and days are meant: their account’s.")]
    paused: Annotated[bool, Field(examples=[False], description="Whether they take nothing now.")]
    paused_until: Annotated[
        Moment | None, Field(description="When their pause ends by itself; null: when they end it.")
    ]
    in_hand: Annotated[int, Field(examples=[1], description="How many conversations they are in now.")]


class Pause(Input):
    """A pause, until a moment or until told."""

    until: Annotated[Instant | None, Field(examples=["2027-01-04T08:00:00Z"])] = None


class AvailabilityQuery(Input):
    """What someone wants to ask about."""

    topic: Annotated[Title | None, Field(max_length=40, examples=["freins"])] = None


class AvailabilityView(Contract):
    """What to expect when asking now: never better than it is."""

    topic: Annotated[str | None, Field(examples=["freins"])]
    available: Annotated[
        int,
        Field(
            examples=[2],
            description="Volunteers who are there now and would take such a question: others than you. "
            "Without a topic: a question on something of theirs; once asked, only those who help with "
            "anything are told of it.",
        ),
    ]
    is_at_least: Annotated[
        bool,
        Field(
            examples=[False],
            description="True: more than twenty are there; `available` counts among twenty of them.",
        ),
    ] = False
    median_first_reply_seconds: Seconds
    reason: Annotated[
        Literal["not_enough_data"] | None, Field(examples=[None], description="Why there is no median.")
    ]


class OfferView(Contract):
    """A question that the caller may take, or go on with in someone's place."""

    question_id: Annotated[str, Field(examples=["qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"])]
    text: Annotated[str, Field(examples=["Mon frein avant frotte, que faire ?"])]
    topics: Topics
    language: Language
    asker_is_verified: Annotated[
        bool, Field(examples=[True], description="False for a guest whom nobody vouches for.")
    ]
    round: Annotated[int, Field(examples=[1])]
    asked_at: Moment
    why: Annotated[
        Literal["topic", "follower", "on_duty", "hand_over"],
        Field(
            examples=["topic"],
            description="hand_over: someone has it in hand and looks for anyone to go on: accept that, do "
            "not claim it. What they wrote for whoever does is in the answer.",
        ),
    ]
    reason: Annotated[
        str,
        Field(examples=["Vous aidez sur l’un de ses sujets."], description="Why they are asked, in words."),
    ]
    until: Annotated[
        Moment | None, Field(examples=[None], description="Of a hand-over: until when it waits.")
    ]
