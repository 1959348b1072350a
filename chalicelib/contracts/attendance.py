from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Line, Moment, Words
from chalicelib.contracts.ids import MeetupId, MemberId, OrganizationId
from chalicelib.contracts.meetups import State

Name = Annotated[str | None, Field(examples=["Awa"], description="Theirs; null once they have left.")]
Share = Annotated[
    Words,
    Field(
        max_length=200,
        examples=["awa@example.org, ou le 06 12 34 56 78"],
        description="What they shall have: an address, a number, a name elsewhere.",
    ),
]
RecapText = Annotated[
    Words, Field(max_length=4000, examples=["Onze vélos freinent à nouveau. Merci au café !"])
]


class CheckIn(Input):
    """That someone is there."""

    code: Annotated[
        Line | None,
        Field(
            max_length=20,
            examples=["K7WQ3M"],
            description="The one that they show you, in any case and with any spaces. A host needs none.",
        ),
    ] = None


class CheckedInView(Contract):
    """Someone who is there."""

    meetup_id: MeetupId
    member_id: MemberId
    name: Name
    checked_in_at: Annotated[Moment, Field(description="When that was first said.")]


class WriteRecap(Input):
    """What to tell of a meetup that is over."""

    words: RecapText


class RecapWords(Contract):
    """What its host tells of a meetup."""

    meetup_id: MeetupId
    words: Annotated[RecapText | None, Field(description="Null while nothing is told.")]
    version: Annotated[int, Field(examples=[3], description="The meetup’s.")]


class KeepInTouch(Input):
    """What to share with someone whom one met, once they share something too."""

    share: Share


class ContactView(Contract):
    """Someone whom one met and keeps in touch with."""

    member_id: MemberId
    name: Name
    share: Share
    organization_id: OrganizationId
    meetup_id: MeetupId
    title: Annotated[
        str | None, Field(examples=["Café réglage de freins"], description="Of the meetup where they met.")
    ]
    made_at: Annotated[Moment, Field(description="Since when both wish it.")]


class RecapView(RecapWords):
    """What is told of a meetup to someone who came."""

    state: State
    came: Annotated[
        int, Field(examples=[7], description="How many were seen there: `checked_in` among who comes.")
    ]
    contacts: Annotated[
        list[ContactView],
        Field(max_length=30, description="With whom you keep in touch since, the newest first."),
    ]
