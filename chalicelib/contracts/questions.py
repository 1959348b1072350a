from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Contract, Input, Language, Line, Moment, Title, Words
from chalicelib.contracts.company import SpectatorView
from chalicelib.contracts.helping import AvailabilityView
from chalicelib.contracts.ids import OrganizationId
from chalicelib.contracts.memberships import Voice

QuestionId = Annotated[str, Field(max_length=40, examples=["qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"])]
AskedId = Annotated[str, Field(pattern="^qst_[0-9A-Z]{26}$", examples=["qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"])]
ConversationId = Annotated[str, Field(examples=["cnv_01M7W4E9T6R2Q5Y8B1D3F7HJKN"])]
PersonId = Annotated[
    str, Field(max_length=40, examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"], description="A member or guest.")
]
MemberAsked = Annotated[str, Field(pattern="^mem_[0-9A-Z]{26}$", examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"])]
Topics = Annotated[
    list[Annotated[Title, Field(min_length=1, max_length=40)]],
    Field(max_length=5, examples=[["freins"]], description="Chosen by whoever asks."),
]
Round = Annotated[int, Field(examples=[1])]
State = Annotated[
    Literal[
        "open",
        "claimed",
        "in_progress",
        "handing_over",
        "answered",
        "resolved",
        "closed_unconfirmed",
        "withdrawn",
        "merged",
        "expired",
    ],
    Field(examples=["open"]),
]
Outcome = Annotated[Literal["yes", "partly", "no"], Field(examples=["yes"])]
Role = Annotated[
    str,
    Field(
        examples=["asker"],
        description="What you are to it: asker, helper, proposed (to take over), invited, companion (an "
        "invited one who came), spectator or offered.",
    ),
]
Note = Annotated[
    Words, Field(min_length=10, max_length=1000, examples=["Câble changé, il reste à régler la tension."])
]


class AskedFrom(Input):
    """The page on which someone asks; what its address carries about a person is not kept."""

    title: Annotated[Line, Field(max_length=200, examples=["Frein à disque Cyclofil"])] = ""
    url: Annotated[
        Line,
        Field(max_length=1600, pattern="^https?://[^ ]+$", examples=["https://cyclofil.example/freins"]),
    ]

    @field_validator("url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if len(url.encode()) > 1600:
            raise PydanticCustomError("address_too_long", "The address is longer than 1600 bytes")
        try:
            urlsplit(url)
        except ValueError:  # a host that becomes another one when it is normalized
            raise PydanticCustomError("no_address", "This is no address of a page") from None
        host = url.partition("://")[2].partition("/")[0]
        if any(mark in host for mark in "[]") or not host.strip("@:"):
            raise PydanticCustomError("no_address", "This is no address of a page")
        return url


class AskQuestion(Input):
    """A question to whoever can help."""

    text: Annotated[
        Words,
        Field(min_length=1, max_length=2000, examples=["Mes freins grincent depuis la pluie : que faire ?"]),
    ]
    topics: Topics = []
    page: AskedFrom | None = None
    language: Annotated[
        Language | None, Field(description="Left out: the one of Accept-Language.", examples=["fr"])
    ] = None
    public: Annotated[
        bool, Field(examples=[False], description="Let anyone read its beginning in the list of questions.")
    ] = False
    linked_to: Annotated[
        AskedId | None, Field(examples=[None], description="An earlier question of yours it goes on from.")
    ] = None


class PageView(Contract):
    """Where a question was asked."""

    title: Annotated[str, Field(examples=["Frein à disque Cyclofil"])]
    url: Annotated[str, Field(examples=["https://cyclofil.example/freins"])]


class ProposalView(Contract):
    """A hand-over, waiting or over; for the helpers it concerns."""

    id: Annotated[str, Field(examples=["hnd_01M7W5K2V8N4X6Z9C3B7M1QSWE"])]
    by: PersonId
    to: Annotated[
        str | None, Field(examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEB"], description="Null: to anyone.")
    ]
    note: Annotated[str, Field(examples=["Câble changé, il reste à régler la tension."])]
    until: Moment
    returns_at: Annotated[
        Moment | None,
        Field(
            examples=[None],
            description="When they said they are back: whoever asked is asked whether they wait that long.",
        ),
    ] = None
    asker_agrees: Annotated[
        bool | None, Field(examples=[None], description="Whether they wait; null: they have not said.")
    ] = None
    outcome: Annotated[
        str | None,
        Field(
            examples=[None],
            description="accepted, declined, taken_back, not_awaited, nobody_came; null: it waits.",
        ),
    ]


class AwaitedView(Contract):
    """Someone who may go on with a question once they are back; for whoever asked it."""

    proposal_id: Annotated[str, Field(examples=["hnd_01M7W5K2V8N4X6Z9C3B7M1QSWE"])]
    member_id: PersonId
    name: Annotated[str | None, Field(examples=["Camille Le Goff"])]
    returns_at: Annotated[Moment, Field(description="As they set it themselves: a pause, or quiet hours.")]
    asker_agrees: Annotated[
        bool | None, Field(examples=[None], description="Whether you wait; null: you have not said.")
    ]
    until: Annotated[
        Moment, Field(description="Until when you may say so; then, until when they may take over.")
    ]


class QuestionView(Contract):
    """A question, for those it concerns."""

    id: QuestionId
    organization_id: OrganizationId
    conversation_id: ConversationId
    role: Role = "asker"
    state: State
    explanation: Annotated[
        str | None,
        Field(examples=["La question attend quelqu’un qui puisse aider ; elle garde sa place."]),
    ] = None
    text: Annotated[
        str | None,
        Field(
            examples=["Mes freins grincent depuis la pluie : que faire ?"],
            description="Null once its words are no longer kept, as is all that was said about it.",
        ),
    ]
    topics: Topics
    page: PageView | None
    language: Language
    is_public: Annotated[bool, Field(examples=[False])]
    linked_to: Annotated[QuestionId | None, Field(examples=[None])]
    round: Round
    asked_at: Annotated[Moment, Field(description="For good: a question keeps its age.")]
    round_opened_at: Moment
    asker_id: PersonId
    asker_name: Annotated[str | None, Field(examples=["Sam Petit"])] = None
    asker_is_verified: Annotated[
        bool, Field(examples=[True], description="False: nobody vouches for who this guest is.")
    ]
    helper_id: PersonId | None
    helper_name: Annotated[str | None, Field(examples=["Camille Le Goff"])] = None
    helper_voice: Voice | None
    lease_until: Annotated[
        Moment | None, Field(examples=[None], description="Until when the helper says a first word.")
    ]
    first_reply_at: Annotated[Moment | None, Field(examples=[None])]
    answered_at: Annotated[Moment | None, Field(examples=[None])]
    closed_at: Annotated[Moment | None, Field(examples=[None])]
    retention_days: Annotated[
        int, Field(examples=[365], description="How long its words are kept once it is closed.")
    ]
    kept_until: Annotated[
        Moment | None,
        Field(examples=[None], description="When its words are gone; null while it is not closed."),
    ]
    outcome: Annotated[
        Outcome | None,
        Field(
            examples=[None],
            description="What whoever asked said of the latest answer: `no`, that it did not help, stands "
            "until the next one is finished. Null: nothing yet.",
        ),
    ]
    proposal: ProposalView | None = None
    awaited: AwaitedView | None = None
    invited_ids: Annotated[list[PersonId], Field(examples=[[]])] = []
    companion_ids: Annotated[
        list[PersonId], Field(examples=[[]], description="Those of them who came: they read all of it.")
    ] = []
    spectators: Annotated[
        list[SpectatorView],
        Field(examples=[[]], description="Who watches, or is to: for whoever asked and whoever helps."),
    ] = []
    version: Annotated[int, Field(examples=[1])]


class AskedView(QuestionView):
    """A question just asked, and who can help right now."""

    availability: AvailabilityView | None = None


class WaitingView(Contract):
    """A question that waits for someone, without what is private of it."""

    question_id: QuestionId
    topics: Annotated[
        list[str],
        Field(
            examples=[["freins"]],
            description="All of them, or, of a private question, those that the organization suggests.",
        ),
    ]
    language: Language
    round: Round
    asked_at: Moment
    text: Annotated[
        str | None,
        Field(
            examples=["Mes freins grincent depuis la pluie : que faire ?"],
            description="Its beginning, if whoever asked lets everyone read it.",
        ),
    ]


class MineAsked(Input):
    """Which of one's questions."""

    role: Annotated[Literal["asker", "helper"], Field(examples=["asker"])] = "asker"


class HandOver(Input):
    """Who should go on, and what they need to know."""

    to: Annotated[
        MemberAsked | None,
        Field(description="Left out: anyone who follows. Volunteers who are there and could go on are told."),
    ] = None
    note: Note


class WaitForThem(Input):
    """Whether you wait for someone who goes on once they are back."""

    proposal_id: Annotated[str, Field(max_length=40, examples=["hnd_01M7W5K2V8N4X6Z9C3B7M1QSWE"])]
    agrees: Annotated[
        bool, Field(examples=[True], description="With false nothing changes: your helper goes on.")
    ]


class Confirm(Input):
    """Whether an answer helped."""

    outcome: Outcome


class Withdraw(Input):
    """Why a question ends here."""

    duplicate_of: Annotated[
        AskedId | None, Field(examples=[None], description="Another question of yours, which goes on.")
    ] = None
