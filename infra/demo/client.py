"""The public API as people call it: with a token, again when asked to wait, and never twice for nothing."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from types import TracebackType

    from infra.local.people import People

_ATTEMPTS = 8
_LONGEST_WAIT = 60.0


class DemonstrationError(Exception):
    """The API declined something that the demonstration is made of."""


class Client:
    """Calls the API as this or that person. Whatever it sends is safe to send again."""

    def __init__(self, people: People, api: str, transport: httpx.BaseTransport | None = None) -> None:
        self._people, self._api = people, api.rstrip("/")
        self._http = httpx.Client(timeout=30, transport=transport)
        self._tokens: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def call(
        self, method: str, path: str, *, by: str, body: Any = None, version: str | None = None, key: str = ""
    ) -> httpx.Response:
        """Call as `by`; `version` is the ETag to match, `key` what makes a POST safe to repeat.

        Raises DemonstrationError when the answer is no, or nothing passes for too long.
        """
        headers = {"Authorization": f"Bearer {self._token(by)}"}
        if version:
            headers["If-Match"] = version
        if key:
            headers["Idempotency-Key"] = key
        wait, said, lost = 0.0, "nothing", False
        for attempt in range(_ATTEMPTS):
            time.sleep(wait)
            wait = 0.2 * 2**attempt
            try:
                answer = self._http.request(method, self._api + path, headers=headers, json=body)
            except httpx.TransportError as silence:
                said, lost = repr(silence), True
                continue
            if answer.is_success or (lost and answer.status_code == httpx.codes.PRECONDITION_FAILED):
                return answer  # after a lost answer, the version has moved because it was done
            said = f"{answer.status_code} {answer.text[:500]}"
            if not _passes(answer):
                break
            wait = min(float(answer.headers.get("Retry-After", wait)), _LONGEST_WAIT)
        raise DemonstrationError(f"{method} {path} by {by} was answered {said}")

    def _token(self, username: str) -> str:
        if username not in self._tokens:
            self._tokens[username] = self._people.token(username)
        return self._tokens[username]


def key_of(*parts: str) -> str:
    """The one key that what these parts name is sent with, however often."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts)))


def _passes(answer: httpx.Response) -> bool:
    """Whether the same request may be accepted in a moment."""
    if answer.status_code == httpx.codes.CONFLICT:
        return bool(answer.json().get("code") == "busy")
    return answer.status_code in (
        httpx.codes.TOO_MANY_REQUESTS,
        httpx.codes.BAD_GATEWAY,
        httpx.codes.SERVICE_UNAVAILABLE,
        httpx.codes.GATEWAY_TIMEOUT,
    )
