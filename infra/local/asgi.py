"""The few words of ASGI that the front and the guard need. Nothing here is imported by the application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def headers_of(scope: Scope) -> dict[str, str]:
    """The request's headers, by lower-case name."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


async def answer(
    send: Send, body: bytes, content_type: str = "text/plain; charset=utf-8", *, status: int = HTTPStatus.OK,
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> None:  # fmt: skip
    """Send a whole answer."""
    said = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": int(status), "headers": said})
    await send({"type": "http.response.body", "body": body})


async def refuse(scope: Scope, send: Send, reason: str, status: int = HTTPStatus.FORBIDDEN) -> None:
    """Turn down a request or a WebSocket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await answer(send, reason.encode(), status=status)


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def replaying(body: bytes, receive: Receive) -> Receive:
    """Give a body that was already read to the next reader."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
