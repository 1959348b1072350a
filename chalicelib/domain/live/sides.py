"""Whether the other side of a conversation is there: told to those who take part, and to nobody else.

Once the question is closed it is nobody's business any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import comings, conversations, delivery, frames, presence, sanctions
from chalicelib.models.guests import Guest
from chalicelib.models.questions import UNSETTLED
from chalicelib.models.subscriptions import conversation
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from chalicelib.domain.live.conversations import Place
    from chalicelib.models.live import Connection
    from chalicelib.models.questions import Question
    from chalicelib.models.subscriptions import Subscription
    from chalicelib.models.tables import Key

BEST_FIRST = ("active", "afk", "notifiable", "offline")


@dataclass(frozen=True)
class OtherSide:
    """Someone else in a conversation, and what they are now."""

    member_id: str
    state: str


@dataclass(frozen=True)
class Sides:
    """Who takes part in a question's conversation, whoever asked perhaps as guest and as member."""

    question: Question
    guest: Guest | None = None
    listeners: Sequence[Subscription] = field(default=())
    out: Collection[str] = frozenset()
    """Who was parted from someone in it, and takes part no more."""

    @property
    def people(self) -> list[str]:
        """Everyone who takes part, as the others know them."""
        question = self.question
        everyone = (question.asker_id, question.helper_id, *question.companions())
        return [person for person in everyone if person and person not in self.out]

    def faces_of(self, person_id: str) -> tuple[str, ...]:
        """Everyone whom this person may be there as."""
        guest = self.guest
        is_both = guest is not None and guest.member_id and person_id == self.question.asker_id
        return (person_id, guest.member_id) if guest is not None and is_both else (person_id,)

    def own_id(self, member_id: str) -> str | None:
        """Whom the others know someone as; None for someone who takes no part."""
        return next((person for person in self.people if member_id in self.faces_of(person)), None)

    def state_of(self, person_id: str, states: Mapping[str, str]) -> str:
        """The best that they are as anyone."""
        return min((states[face] for face in self.faces_of(person_id)), key=BEST_FIRST.index)

    def who_may_know(self, of: str, suspended: set[tuple[str, str]]) -> list[str]:
        """The connections at which a change of someone is told."""
        return [
            one.connection_id
            for one in self.listeners
            if one.person_id != of
            and conversations.is_in(self.question, one.person_id)
            and one.person_id not in self.out
            and (one.organization_id, one.member_id) not in suspended
        ]


def enter(connection: Connection, place: Place, *, is_back: bool) -> list[OtherSide]:
    """What the others in a conversation are now; they are told that one is there, unless they know.

    One read; one more where a guest asked or someone came along, and one where one has other connections.
    """
    if place.question.state not in UNSETTLED or place.is_watching:
        return []
    (sides,) = _completed([Sides(place.question)])
    others = [person for person in sides.people if person != place.own_id]
    asked = {face for person in others for face in sides.faces_of(person)}
    known = presence.known_of({connection.member_id, *asked})
    mine = known[connection.member_id]
    elsewhere = [name for name in mine.connections if name != connection.id]
    if not is_back and not comings.is_known_in(place.channel, elsewhere):
        comings.tell_in([place.channel], connection.member_id, mine.state)
    states = {member_id: now.state for member_id, now in known.items()}
    return [OtherSide(person, sides.state_of(person, states)) for person in others]


def tell(member_id: str, state: str, channels: Sequence[str]) -> None:
    """Tell a change of someone to those who listen now and are in these conversations with them.

    One read per conversation, and four in all. A state that is theirs no more is not told: the change that
    followed it is on its way.
    """
    every = _completed(_heard(channels))
    concerned = [(sides, own_id) for sides in every if (own_id := sides.own_id(member_id)) is not None]
    if not concerned:
        return
    faces = {face for sides, own_id in concerned for face in sides.faces_of(own_id)}
    states = presence.states_of({member_id, *faces})
    if states[member_id] != state:
        return
    suspended = sanctions.read(sorted({sides.question.organization_id for sides, _ in concerned}))
    for sides, own_id in concerned:
        if sides.state_of(own_id, states) == state:  # else they are there, better, as who else they are
            frame = frames.presence_of(sides.question.conversation_id, own_id, state)
            delivery.tell_connections(sides.who_may_know(own_id, suspended), frame)


def _heard(channels: Iterable[str]) -> list[Sides]:
    """The conversations among these to which anybody listens, and that are not closed."""
    heard = {channel: delivery.audience_of(channel).listeners for channel in channels}
    keys = [
        conversations.key(there[0].organization_id, channel.removeprefix(conversation("")))
        for channel, there in heard.items()
        if there and there[0].organization_id
    ]
    found = load(*keys) if keys else ()
    return [
        Sides(question, None, heard[conversation(question.conversation_id)])
        for question in found
        if question is not None and question.state in UNSETTLED
    ]


def _completed(every: list[Sides]) -> list[Sides]:
    """The same, with what is known of the guests who asked, and who was parted: one read if any may be."""
    keys: list[Key[Any]] = [
        Guest.key(sides.question.organization_id, sides.question.asker_id)
        for sides in every
        if sides.question.asker_id.startswith("gst_")
    ]
    asked = [conversations.aparts(sides.question) for sides in every]
    wanted = [*keys, *chain.from_iterable(asked)]
    found = iter(load(*wanted) if wanted else ())
    guests = {(guest.organization_id, guest.id): guest for guest in islice(found, len(keys)) if guest}
    return [
        replace(
            one,
            guest=guests.get((one.question.organization_id, one.question.asker_id)),
            out=conversations.parted_in(one.question, list(islice(found, len(aparts)))) if aparts else (),
        )
        for one, aparts in zip(every, asked, strict=True)
    ]
