"""What the messages table's stream carries, told to those who listen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.domain.live import conversations, delivery, frames, sanctions
from chalicelib.models import subscriptions
from chalicelib.models.conversations import Said
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.messages import Message
from chalicelib.models.salons import Salon
from chalicelib.models.stream import read
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    suspended: set[tuple[str, str]]
    """Who was lately suspended where: their sockets may not be closed yet, and hear nothing more there."""
    known: set[str]
    """The organizations whose suspended members these are."""
    _audiences: dict[str, delivery.Audience] = field(default_factory=dict)

    @classmethod
    def of(cls, news: Sequence[News]) -> Telling:
        """Read, in one call, who wrote these, whose conversations they are in, who must not hear them."""
        people: dict[str, Key[Any]] = {}
        talks: dict[str, Key[Any]] = {}
        there = sorted({one.item.organization_id for one in news})
        for item in [one.item for one in news if one.kind != "reacted"]:
            is_guest = item.author_id.startswith("gst_")
            person: Key[Any] = Member.key(item.author_id)
            people[item.author_id] = Guest.key(item.organization_id, item.author_id) if is_guest else person
            if isinstance(item, Said):
                talks[item.conversation_id] = conversations.key(item.organization_id, item.conversation_id)
        found = load(*people.values(), *talks.values(), *sanctions.keys(there)) if there else ()
        told, lately = len(people), len(people) + len(talks)
        return cls(
            dict(zip(people, found[:told], strict=True)),
            dict(zip(talks, found[told:lately], strict=True)),
            sanctions.among(there, found[lately:]),
            set(there),
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
        present = conversations.present(question, heard.listeners, seq=int(said.seq))
        delivery.tell(
            delivery.Audience(heard.channel, present), frames.of_said(said, author.name if author else None)
        )

    def _audience(self, channel: str) -> delivery.Audience:
        if channel not in self._audiences:
            self._audiences[channel] = self._without_suspended(delivery.audience_of(channel))
        return self._audiences[channel]

    def _without_suspended(self, heard: delivery.Audience) -> delivery.Audience:
        """Those who may hear it: where a salon is shared, one read more for those who come from elsewhere."""
        through = {one.organization_id for one in heard.listeners if one.organization_id}
        if elsewhere := through - self.known:
            self.suspended |= sanctions.read(sorted(elsewhere))
            self.known |= elsewhere
        if not self.suspended:
            return heard
        kept = [one for one in heard.listeners if (one.organization_id, one.member_id) not in self.suspended]
        return delivery.Audience(heard.channel, kept)


def poke(channel: str) -> None:
    """Tell a crowd how far its salon has got."""
    salon_id = channel.partition("#")[2]
    (salon,) = load(Salon.key(salon_id))
    if salon is not None:
        delivery.poke(delivery.audience_of(channel), frames.poke(salon_id, int(salon.seq)))


def _quoted(message: Message) -> Message | None:
    if message.reply_to is None:
        return None
    return Message.at_seq(message.salon_id, int(message.reply_to["seq"]))
