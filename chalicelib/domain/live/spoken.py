"""What the messages table's stream carries, told to those who listen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import conversations, delivery, frames
from chalicelib.models import subscriptions
from chalicelib.models.conversations import Said
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.messages import Message
from chalicelib.models.salons import Salon
from chalicelib.models.stream import read
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.models.questions import Question
    from chalicelib.models.tables import Key

Image = dict[str, Any]


@dataclass(frozen=True)
class News:
    """A message that came or changed: how, and what it is now."""

    kind: str
    item: Message | Said


def news_in(new: Image, old: Image | None) -> News | None:
    """What a change of the messages table is to those who listen; None when it is nothing to them."""
    now, before = read(new), read(old) if old else None
    if isinstance(now, Said):
        return News("said", now) if before is None else None
    if not isinstance(now, Message):
        return None
    if not isinstance(before, Message):
        return News("message", now)
    kind = _change(now, before)
    return News(kind, now) if kind else None


def _change(now: Message, before: Message) -> str | None:
    if now.state != before.state:
        if now.state == "deleted_by_author":
            return "deleted"
        if "hidden" in (now.state, before.state):
            return "hidden" if now.state == "hidden" else "restored"
        return "edited"
    if now.text != before.text:
        return "edited"
    counted = (now.counts, now.thanks) != (before.counts, before.thanks)
    return "reacted" if counted else None


@dataclass
class Telling:
    """News of one batch on their way: what they need beside them is read once."""

    authors: Mapping[str, Any]
    """Members and guests; None for each that is no more."""
    questions: Mapping[str, Question | None]
    _audiences: dict[str, delivery.Audience] = field(default_factory=dict)

    @classmethod
    def of(cls, news: Iterable[News]) -> Telling:
        """Read, in one call, who wrote these, and whose conversations they are in."""
        people: dict[str, Key[Any]] = {}
        talks: dict[str, Key[Any]] = {}
        for item in [one.item for one in news if one.kind != "reacted"]:
            is_guest = item.author_id.startswith("gst_")
            person: Key[Any] = Member.key(item.author_id)
            people[item.author_id] = Guest.key(item.organization_id, item.author_id) if is_guest else person
            if isinstance(item, Said):
                talks[item.conversation_id] = conversations.key(item.organization_id, item.conversation_id)
        found = load(*people.values(), *talks.values()) if people else ()
        return cls(
            dict(zip(people, found[: len(people)], strict=True)),
            dict(zip(talks, found[len(people) :], strict=True)),
        )

    def tell(self, news: News) -> None:
        """Tell everyone who listens and may."""
        if isinstance(news.item, Said):
            self._tell_conversation(news.item)
        else:
            self._tell_salon(news.kind, news.item)

    def _tell_salon(self, kind: str, message: Message) -> None:
        audience = self._audience(subscriptions.salon(message.salon_id))
        if not audience.listeners:
            return
        if kind == "reacted":
            if audience.is_small:  # in larger rooms there would be more smiles than words to deliver
                delivery.tell(audience, frames.of_reactions(message))
            return
        author, quoted = self.authors.get(message.author_id), _quoted(message)
        delivery.tell(audience, frames.of_message(kind, message, author=author, quoted=quoted))

    def _tell_conversation(self, said: Said) -> None:
        question = self.questions.get(said.conversation_id)
        if question is None:
            return
        author = self.authors.get(said.author_id)
        heard = self._audience(subscriptions.conversation(said.conversation_id))
        present = [one for one in heard.listeners if conversations.is_in(question, one.member_id)]
        delivery.tell(
            delivery.Audience(heard.channel, present), frames.of_said(said, author.name if author else None)
        )

    def _audience(self, channel: str) -> delivery.Audience:
        if channel not in self._audiences:
            self._audiences[channel] = delivery.audience_of(channel)
        return self._audiences[channel]


def poke(channel: str) -> None:
    """Tell a crowd how far its salon has got."""
    salon_id = channel.partition("#")[2]
    (salon,) = load(Salon.key(salon_id))
    if salon is not None:
        told = [found.connection_id for found in delivery.audience_of(channel).listeners]
        delivery.hand_out(told, frames.poke(salon_id, int(salon.seq)), channel)


def _quoted(message: Message) -> Message | None:
    if message.reply_to is None:
        return None
    return Message.at_seq(message.salon_id, int(message.reply_to["seq"]))
