from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from infra.demo.cast import everyone
from infra.demo.client import Client
from infra.demo.conversations import Conversation
from infra.demo.hubs import Hub
from infra.demo.meetups import Gathering
from infra.demo.questions import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import httpx

    from infra.demo.cast import Cast, Person
    from infra.local.people import People

T = TypeVar("T")

_AT_ONCE = 4
"""How many people act at the same moment: a laptop serves them all."""

CREATORS = "organizations.create"
"""The group of those who may open organizations."""


def seed(
    people: People,
    api: str,
    progress: Callable[[str], None],
    *,
    cast: Cast | None = None,
    transport: httpx.BaseTransport | None = None,
) -> None:
    """Fill the community at `api` (its root, with the version) with the demonstration, through the API alone.

    Interrupted, it is run again: it adds what is missing and doubles nothing. Raises DemonstrationError when
    the API declines something.

    Args:
        people: who can be signed up and can sign in.
        api: root of the API, such as http://127.0.0.1:8000/v1.
        progress: is told what was done, a line at a time.
        cast: who says what; the whole demonstration when left out.
        transport: how requests travel; the network when left out.
    """
    told = cast or everyone()
    with Client(people, api, transport) as client, ThreadPoolExecutor(_AT_ONCE) as pool:
        owners = {organization.the("owner") for organization in told.organizations}

        def sign_up(person: Person) -> None:
            groups = [CREATORS] if person.username in owners else []
            people.sign_up(person.username, person.name, locale=person.language, groups=groups)

        _all(pool, sign_up, told.people.values())
        progress(f"{len(told.people)} people have an account")
        _Community(client, told, pool, progress).come_to_life()


class _Community:
    """Both organizations, in the order in which things happen there."""

    def __init__(
        self, client: Client, told: Cast, pool: ThreadPoolExecutor, progress: Callable[[str], None]
    ) -> None:
        self._client, self._told, self._pool, self._progress = client, told, pool, progress
        member_ids: dict[str, str] = {}
        self._hubs = {hub.slug: Hub(client, hub, member_ids) for hub in told.organizations}

    def come_to_life(self) -> None:
        hubs = list(self._hubs.values())
        for hub in hubs:
            hub.open()
        _all(self._pool, self._prepare, hubs)
        arrivals = [(hub, username) for hub in hubs for username in hub.told.people]
        _all(self._pool, lambda arrival: arrival[0].welcome(arrival[1]), arrivals)
        _all(self._pool, self._give_roles, hubs)
        _all(self._pool, lambda arrival: arrival[0].let_help(arrival[1]), arrivals)
        for hub in hubs:
            self._progress(f"{hub.told.name}: {len(hub.told.people)} people follow")
            self._share(hub)
        talks = [(hub, conversation) for hub in hubs for conversation in self._conversations(hub)]
        held = self._pool.map(lambda talk: talk[1].hold(), talks)
        for (hub, talk), what in zip(talks, held, strict=True):
            said = f"{what.messages} messages, {what.reactions} reactions, {what.thanks} thanks"
            self._progress(f"{hub.told.name}, {talk.title}: {said}")
        for hub in hubs:
            _all(self._pool, lambda asked: asked.hold(), self._exchanges(hub))
            self._progress(f"{hub.told.name}: {len(hub.told.questions)} questions")
        for hub in hubs:
            _all(self._pool, lambda gathering: gathering.hold(), self._gatherings(hub))
            self._progress(f"{hub.told.name}: {len(hub.told.meetups)} meetups")

    def _prepare(self, hub: Hub) -> None:
        hub.prepare()
        hub.set_up_widget()
        # whoever follows from now on is welcomed by someone who has spoken
        self._conversations(hub)[0].begin()

    def _give_roles(self, hub: Hub) -> None:
        for username in hub.told.people:
            hub.give_role(username)

    def _share(self, hub: Hub) -> None:
        for salon in hub.told.salons:
            if salon.shared_with is not None:
                hub.share(salon, self._hubs[salon.shared_with])

    def _exchanges(self, hub: Hub) -> list[Exchange]:
        return [Exchange(self._client, question, hub) for question in hub.told.questions]

    def _gatherings(self, hub: Hub) -> list[Gathering]:
        return [Gathering(self._client, meetup, hub) for meetup in hub.told.meetups]

    def _conversations(self, hub: Hub) -> list[Conversation]:
        return [
            Conversation(self._client, salon, hub, self._hubs.get(salon.shared_with or ""), self._told.people)
            for salon in hub.told.salons
        ]


def _all(pool: ThreadPoolExecutor, act: Callable[[T], None], things: Iterable[T]) -> None:
    """Do this for each of them, several at once; raises what the first failure raised."""
    for _ in pool.map(act, things):
        pass
