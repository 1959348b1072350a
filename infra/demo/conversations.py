from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.demo.client import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.demo.cast import Line, Person, Salon
    from infra.demo.client import Client
    from infra.demo.hubs import Hub

_MENTION = re.compile(r"@([a-z]+)")


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a conversation is made of."""

    messages: int
    reactions: int
    thanks: int


class Conversation:
    """What is told of a salon, said there in order. Said again, it finds what was said and adds the rest."""

    def __init__(
        self, client: Client, salon: Salon, home: Hub, guests: Hub | None, people: Mapping[str, Person]
    ) -> None:
        self._client, self._salon, self._home, self._guests = client, salon, home, guests
        self._people = people
        self._said: dict[int, dict[str, Any]] = {}

    @property
    def title(self) -> str:
        """The salon's."""
        return self._salon.title

    def begin(self) -> None:
        """Say the first line, alone."""
        self._say(0)

    def hold(self) -> Held:
        """Say everything, then react, thank, pin and read."""
        lines = self._salon.lines
        for number in range(len(lines)):
            self._say(number)
        for number, line in enumerate(lines):
            if self._said[number]["text"] is not None and not line.deleted:
                self._answer(number, line)
        self._pin()
        self._read()
        return Held(
            messages=len(lines),
            reactions=sum(len(who) for line in lines for who in line.reactions.values()),
            thanks=sum(len(line.thanks) for line in lines),
        )

    def _say(self, number: int) -> None:
        line = self._salon.lines[number]
        body: dict[str, Any] = {
            "client_message_id": self._key(line),
            "text": self._addressed(line.text),
            "mentions": [self._home.member_ids[username] for username in _MENTION.findall(line.text)],
        }
        if line.reply_to is not None:
            body["reply_to"] = self._named(line.reply_to)["id"]
        answer = self._client.call("POST", f"{self._path(line.by)}/messages", by=line.by, body=body)
        message = self._said[number] = answer.json()
        place = f"{self._path(line.by)}/messages/{message['id']}"
        if line.edited is not None and message["text"] == body["text"]:
            text = self._addressed(line.edited)
            self._client.call("PATCH", place, by=line.by, version=answer.headers["ETag"], body={"text": text})
        if line.deleted and message["text"] is not None:
            self._client.call("DELETE", place, by=line.by)

    def _answer(self, number: int, line: Line) -> None:
        message_id = self._said[number]["id"]
        for reaction, usernames in line.reactions.items():
            for username in usernames:
                place = f"{self._path(username)}/messages/{message_id}/reactions/{reaction}"
                self._client.call("PUT", place, by=username)
        for username, text in line.thanks.items():
            place = f"{self._path(username)}/messages/{message_id}/thanks"
            self._client.call("PUT", place, by=username, body={"text": self._addressed(text)})

    def _pin(self) -> None:
        manager = self._home.told.the("community_manager")
        path = self._path(manager)
        if self._salon.pinned is None:
            return
        if self._client.call("GET", path, by=manager).json()["pinned_message_id"] is None:
            body = {"message_id": self._named(self._salon.pinned)["id"]}
            self._client.call("PUT", f"{path}/pin", by=manager, body=body)

    def _read(self) -> None:
        newest = max(message["seq"] for message in self._said.values())
        for username in self._salon.read_by:
            self._client.call("PUT", f"{self._path(username)}/join", by=username)
            body = {"last_read_seq": newest}
            self._client.call("PUT", f"{self._path(username)}/reading", by=username, body=body)

    def _named(self, label: str) -> dict[str, Any]:
        lines = self._salon.lines
        return next(self._said[number] for number, line in enumerate(lines) if line.id == label)

    def _path(self, username: str) -> str:
        """The salon, from the organization as whose follower this person comes in."""
        at_home = username in self._home.told.people
        hub = self._home if at_home or self._guests is None else self._guests
        return f"{hub.path}/salons/{self._home.salon_id(self._salon)}"

    def _addressed(self, text: str) -> str:
        """The text with people called by their first names."""
        return _MENTION.sub(lambda found: f"@{self._people[found[1]].first_name}", text)

    def _key(self, line: Line) -> str:
        """The key that this line always has, wherever other lines are put."""
        return key_of(self._home.told.slug, self._salon.title, line.by, line.text)
