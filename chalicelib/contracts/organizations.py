from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Contract, Input, Language, Moment, Title, Words, printable
from chalicelib.contracts.ids import GivenMemberId, MeetupId, OrganizationId, SalonId
from chalicelib.contracts.meetups import District, MeetupTitle, TimeZone
from chalicelib.contracts.members import Zone
from chalicelib.contracts.questions import WaitingView

Slug = Annotated[
    str,
    Field(
        min_length=3,
        max_length=40,
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        examples=["cyclofil"],
        description="Its name in addresses: lower-case letters, digits and single hyphens. Never changes.",
    ),
]
RESERVED = frozenset({"client", "sessions"})
"""What follows /widget/ in addresses that are no organization's."""

Name = Annotated[Title, Field(min_length=1, max_length=80, examples=["Cyclofil"])]
Aim = Annotated[Words, Field(max_length=500, examples=["Réparer son vélo soi-même, ensemble."])]
Aims = Annotated[
    list[Literal["help", "ideas", "meet", "learn"]],
    Field(max_length=4, examples=[["help", "meet"]], description="What it wants to do: sets the rest up."),
]
Site = Annotated[
    str,
    AfterValidator(printable),
    Field(
        max_length=300,
        pattern=r"^https?://[^\s<>\"'/@]+(/[^\s<>\"']*)?$",
        examples=["https://cyclofil.example/entraide"],
    ),
]


class Resource(Input):
    """Something useful to whoever arrives."""

    title: Annotated[Title, Field(max_length=80, examples=["Régler ses freins"])]
    url: Annotated[Site, Field(examples=["https://cyclofil.example/freins"])]


class ResourceView(Contract):
    """Something useful to whoever arrives."""

    title: Annotated[str, Field(examples=["Régler ses freins"])]
    url: Annotated[str, Field(examples=["https://cyclofil.example/freins"])]


Resources = Annotated[list[Resource], Field(max_length=3)]


class CreateOrganization(Input):
    """What opening an organization takes."""

    slug: Slug
    name: Name
    aim: Aim
    presets: Aims = []
    language: Language = "fr"
    time_zone: Zone = "Europe/Paris"
    site_url: Site | None = None
    resources: Resources = []

    @field_validator("slug")
    @classmethod
    def _no_address_of_ours(cls, slug: str) -> str:
        if slug in RESERVED:
            raise PydanticCustomError("reserved_slug", "This name is kept for addresses of ours")
        return slug

    @model_validator(mode="after")
    def _each_aim_once(self) -> CreateOrganization:
        if len(set(self.presets)) != len(self.presets):
            raise PydanticCustomError("repeated_preset", "Each preset is named once")
        return self


class EditOrganization(Input):
    """What changes; what is left out stays as it is."""

    name: Name | None = None
    aim: Aim | None = None
    language: Language | None = None
    time_zone: Zone | None = None
    site_url: Site | None = None
    resources: Resources | None = None
    community_manager_id: GivenMemberId | None = None


class OrganizationQuery(Input):
    """Which organizations to list."""

    slug: Annotated[str | None, Field(max_length=40, examples=["cyclofil"])] = None


class OrganizationView(Contract):
    """An organization, as anyone sees it."""

    id: OrganizationId
    slug: Slug
    name: Name
    aim: Aim
    language: Language
    time_zone: Zone
    site_url: Annotated[str | None, Field(examples=["https://cyclofil.example/entraide"])]
    resources: list[ResourceView]
    default_salon_id: SalonId
    community_manager_id: Annotated[str | None, Field(examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"])]
    created_at: Moment
    version: Annotated[int, Field(examples=[3])]


class SettingView(Contract):
    """One setting: its value, who set it and why."""

    value: Annotated[Any, Field(examples=[24])]
    set_by: Annotated[
        str, Field(examples=["preset:help"], description="`default`, `preset:<name>` or a member's id.")
    ]
    why: Annotated[str, Field(examples=["The organization wants its community to help each other."])]
    set_at: Moment


class SettingsView(Contract):
    """Every setting of an organization."""

    settings: Annotated[
        dict[str, SettingView],
        Field(
            examples=[
                {
                    "reply_promise_hours": {
                        "value": 24,
                        "set_by": "preset:help",
                        "why": "The organization wants its community to help each other.",
                        "set_at": "2026-11-20T09:00:00.000Z",
                    }
                }
            ]
        ),
    ]
    version: Annotated[int, Field(examples=[3])]


class SettingValues(Input):
    """The settings that someone decides by hand."""

    welcome_email: Annotated[bool | None, Field(examples=[True])] = None
    reply_promise_hours: Annotated[int | None, Field(ge=1, le=336, examples=[48])] = None
    slow_mode_seconds: Annotated[int | None, Field(ge=0, le=21600, examples=[0])] = None
    conversation_retention_days: Annotated[
        int | None,
        Field(
            ge=30,
            le=1095,
            examples=[365],
            description="How long what was said about a question is kept once it is closed. It holds for "
            "what is asked from then on: whoever asked before was told otherwise.",
        ),
    ] = None
    questions: Annotated[bool | None, Field(examples=[True])] = None
    ideas: Annotated[bool | None, Field(examples=[False])] = None
    meetups: Annotated[bool | None, Field(examples=[True])] = None
    courses: Annotated[bool | None, Field(examples=[False])] = None


class DecideSettings(Input):
    """Settings, and why they are set so: the reason is shown to everyone."""

    values: SettingValues
    why: Annotated[Words, Field(max_length=500, examples=["Nous sommes trois : promettons ce qui tient."])]


class NextMeetup(Contract):
    """The next time that people meet, in a few words: by its id the whole of it is read."""

    id: MeetupId
    title: MeetupTitle
    starts_at: Moment
    time_zone: TimeZone
    district: Annotated[District | None, Field(description="Null for one that is online only.")]
    is_online: Annotated[bool, Field(description="Whether one may come by a link.", examples=[False])]
    seats_left: Annotated[
        int | None,
        Field(description="0: one waits in line. Null: as many as come.", examples=[3]),
    ]


class Landing(Contract):
    """What someone who arrives wants to know: what this is, what is in it for them, how they can help."""

    organization_id: OrganizationId
    name: Name
    aim: Aim
    resources: list[ResourceView]
    question_you_could_answer: Annotated[
        WaitingView | None,
        Field(
            description="The one that waits longest on a topic of yours, else the one that waits longest; "
            "never your own. None while nobody waits for an answer."
        ),
    ]
    next_meetup: Annotated[
        NextMeetup | None,
        Field(description="The soonest to which people say whether they come. None while there is none."),
    ]
    default_salon_id: SalonId
    following: Annotated[bool, Field(examples=[False])]
