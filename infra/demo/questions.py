from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.demo.client import key_of

if TYPE_CHECKING:
    from infra.demo.cast import Question
    from infra.demo.client import Client
    from infra.demo.hubs import Hub


class Exchange:
    """What is told of a question, done step by step. Done again, it goes on from the state it finds."""

    def __init__(self, client: Client, told: Question, hub: Hub) -> None:
        self._client, self._told, self._hub = client, told, hub
        self._path = ""

    def hold(self) -> None:
        """Ask; and where someone helps: claim, talk, end, and thank."""
        told = self._told
        asked = {
            "text": told.text, "topics": list(told.topics), "language": told.language, "public": told.public,
            **({"page": dict(told.page)} if told.page else {}),
        }  # fmt: skip
        questions = f"{self._hub.path}/questions"
        key = key_of(self._hub.told.slug, told.by, told.text)
        answer = self._client.call("POST", questions, by=told.by, body=asked, key=key)
        self._path = f"{questions}/{answer.json()['id']}"
        if told.helper is not None:
            self._be_helped(told.helper)

    def _be_helped(self, helper: str) -> None:
        told = self._told
        if self._state() == "open":
            self._do("claim", by=helper)
        for words in told.said:
            body = {"client_message_id": key_of(self._path, words.by, words.text), "text": words.text}
            self._client.call("POST", f"{self._path}/messages", by=words.by, body=body)
        if told.outcome is None:
            return
        if self._state() == "in_progress":
            self._do("answered", by=helper)
        if self._state() == "answered":
            self._do("confirm", by=told.by, body={"outcome": told.outcome})
        if told.thanks is not None:
            self._client.call("PUT", f"{self._path}/thanks", by=told.by, body={"text": told.thanks})

    def _state(self) -> str:
        return str(self._client.call("GET", self._path, by=self._told.by).json()["state"])

    def _do(self, what: str, *, by: str, body: Any = None) -> None:
        self._client.call("POST", f"{self._path}/{what}", by=by, body=body, key=key_of(self._path, what))
