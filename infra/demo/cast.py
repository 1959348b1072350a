"""Who lives in the demonstration and what they say, as the files beside this one tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).parent
SLUGS = ("cyclofil", "potager-voisin")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone with an account."""

    username: str
    name: str
    language: Literal["fr", "en"] = "fr"
    role: str = ""
    """What they are and where, in a line."""

    @property
    def first_name(self) -> str:
        """What others call them."""
        return self.name.split()[0]


@dataclass(frozen=True, kw_only=True)
class Follower:
    """What someone is in an organization, and what they tell it of themself."""

    username: str
    story: str
    knows: Sequence[str]
    wants: Sequence[str]
    role: str = "none"
    voice: str | None = None
    helps: Mapping[str, Any] | None = None
    """About what, and how much at once; None for who does not volunteer."""

    @property
    def title(self) -> str:
        """Their role or their voice, in words."""
        return (self.voice or "member") if self.role == "none" else self.role.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something said in a salon. `@username` in its text mentions someone."""

    by: str
    text: str
    id: str | None = None
    """What other lines of the salon reply to it by."""
    reply_to: str | None = None
    edited: str | None = None
    """What its author makes of it afterwards."""
    deleted: bool = False
    language: Literal["fr", "en"] = "fr"
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Reaction → usernames."""
    thanks: Mapping[str, str] = field(default_factory=dict)
    """Username → what they thank its author with."""


@dataclass(frozen=True, kw_only=True)
class Salon:
    """A salon and its conversation, in order."""

    title: str
    lines: Sequence[Line]
    theme: str | None = None
    """Said of a salon that the organization's presets do not open."""
    shared_with: str | None = None
    pinned: str | None = None
    read_by: Sequence[str] = ()
    """Who has read all of it."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """Something said about a question."""

    by: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, and what came of it: without a helper it waits."""

    by: str
    text: str
    topics: Sequence[str]
    language: Literal["fr", "en"] = "fr"
    page: Mapping[str, str] | None = None
    public: bool = False
    helper: str | None = None
    said: Sequence[Words] = ()
    outcome: Literal["yes", "partly"] | None = None
    thanks: str | None = None


@dataclass(frozen=True, kw_only=True)
class Meetup:
    """People who are to meet, so many days from when the demonstration is made."""

    by: str
    title: str
    about: str
    in_days: int
    at: str
    """Local time, as `18:30`."""
    hours: float
    place: Mapping[str, Any]
    salon: str | None = None
    """The title of the salon that it was born from."""
    seats: int | None = None
    accessibility: str = ""
    languages: Sequence[str] = ("fr",)
    going: Mapping[str, int] = field(default_factory=dict)
    """Username → with how many seats, in the order in which they answer: who comes too late waits."""
    interested: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Organization:
    """An organization, its people, salons, questions and meetups; the default salon is the first."""

    slug: str
    name: str
    aim: str
    presets: Sequence[str]
    site_url: str
    resources: Sequence[Mapping[str, str]]
    people: Mapping[str, Follower]
    salons: Sequence[Salon]
    widget: Mapping[str, Any] = field(default_factory=dict)
    """How it is set up on the organization's own site."""
    questions: Sequence[Question] = ()
    meetups: Sequence[Meetup] = ()

    def the(self, role: str) -> str:
        """Username of the one with this role."""
        return next(follower.username for follower in self.people.values() if follower.role == role)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everyone, and everything that they say."""

    people: Mapping[str, Person]
    organizations: Sequence[Organization]


@cache
def everyone() -> Cast:
    """The whole demonstration."""
    organizations = [_organization(_read(slug)) for slug in SLUGS]
    people = {
        known["username"]: Person(**known, role=_role(known, organizations)) for known in _read("people")
    }
    return Cast(people=people, organizations=organizations)


def persons() -> list[Person]:
    """Whoever one may be here, by username."""
    return sorted(everyone().people.values(), key=lambda person: person.username)


def _organization(told: dict[str, Any]) -> Organization:
    people = {username: Follower(username=username, **said) for username, said in told.pop("people").items()}
    salons = [
        Salon(lines=[Line(**line) for line in salon.pop("messages")], **salon) for salon in told.pop("salons")
    ]
    questions = [
        Question(said=[Words(**words) for words in question.pop("said", ())], **question)
        for question in told.pop("questions")
    ]
    meetups = [Meetup(**meetup) for meetup in told.pop("meetups", ())]
    return Organization(people=people, salons=salons, questions=questions, meetups=meetups, **told)


def _role(person: Mapping[str, str], organizations: Sequence[Organization]) -> str:
    def titles() -> Iterator[str]:
        for organization in organizations:
            if follower := organization.people.get(person["username"]):
                yield f"{follower.title} of {organization.name}"

    return ", ".join(titles())


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
