from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Instant, Moment, Words
from chalicelib.contracts.ids import MeetupId, MemberId, OrganizationId, SalonId, StatementId, SuspensionId

Rule = Annotated[
    Literal["illegal_content", "private_data", "threats", "harassment", "hate", "deception", "spam"],
    Field(
        description="Being off topic, or critical of an organization, is no ground.",
        examples=["private_data"],
    ),
]
Facts = Annotated[
    Words,
    Field(min_length=20, max_length=2000, examples=["Le message donne l’adresse d’une autre personne."]),
]
Plea = Annotated[
    Words, Field(min_length=1, max_length=5000, examples=["C’est ma propre adresse, pour le rendez-vous."])
]
Verdict = Annotated[
    Words, Field(min_length=20, max_length=2000, examples=["L’adresse est bien celle de son auteur : rendu."])
]


class Restrict(Input):
    """Why something is restricted: the rule, and the facts that it is applied to."""

    rule: Rule
    facts: Facts


class Suspend(Restrict):
    """Why someone is suspended, and until when: it ends by itself, within a year."""

    until: Annotated[Instant, Field(examples=["2026-11-27T08:00:00Z"])]


class Appeal(Input):
    """Why the decision should be taken again."""

    text: Plea


class Decide(Input):
    """What another person decides on an appeal."""

    outcome: Annotated[Literal["upheld", "overturned"], Field(examples=["overturned"])]
    text: Verdict


class StatementView(Contract):
    """A statement of reasons, and what became of it. It names nobody."""

    id: StatementId
    object_kind: Annotated[Literal["salon", "message", "picture", "suspension"], Field(examples=["message"])]
    object_id: Annotated[str, Field(examples=["msg_01M7W1B4C1ZJ1V5G0R8W9N3K2T"])]
    organization_id: OrganizationId
    salon_id: SalonId | None
    meetup_id: Annotated[MeetupId | None, Field(description="The one that a picture is of.")]
    rule: Rule
    facts: Facts
    decided_by_role: Annotated[str, Field(examples=["platform_moderation"])]
    automated: Annotated[bool, Field(examples=[False])]
    at: Moment
    until: Annotated[
        Moment | None, Field(description="When the restriction ends by itself.", examples=[None])
    ]
    appeal_until: Moment
    state: Annotated[
        Literal["decided", "appealed", "upheld", "overturned", "lifted"], Field(examples=["overturned"])
    ]
    appeal: Plea | None
    appealed_at: Moment | None
    review: Verdict | None
    reviewed_at: Moment | None
    lifted_at: Moment | None
    version: Annotated[int, Field(examples=[3])]


class SuspensionView(Contract):
    """A suspension of someone in one organization. Its statement of reasons says why, and can be appealed."""

    id: SuspensionId
    organization_id: OrganizationId
    member_id: MemberId
    statement_id: StatementId
    rule: Rule
    at: Moment
    until: Moment
    state: Annotated[
        Literal["running", "over", "lifted"],
        Field(
            description="over: by the clock; lifted: early, by moderation or an appeal.",
            examples=["running"],
        ),
    ]
    ended_at: Annotated[Moment | None, Field(description="When it was lifted, if it was.", examples=[None])]
