"""Keeps browsers away from the emulator's control port.

It answers every origin and asks for no credentials: without this, any web page that a developer opens could
create a function on their machine and run it.
"""

from __future__ import annotations

from infra.local.asgi import App, Receive, Scope, Send, headers_of, refuse

_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_HARMLESS = ("/_ministack/health", "/_ministack/ready")


def guarded(app: App) -> App:
    """The app, for programs of this machine only."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = headers_of(scope)
            if not is_named_locally(headers):
                return await refuse(scope, send, "unknown host")
            if _is_browser(headers) and not scope["path"].startswith(_HARMLESS):
                return await refuse(scope, send, "the control plane does not serve browsers")
        return await app(scope, receive, send)

    return guard


def is_named_locally(headers: dict[str, str]) -> bool:
    """Whether this machine was called by a name of its own.

    Any other name that resolves to it would make a hostile page of that name same-origin.
    """
    host = headers.get("host", "").rsplit(":", 1)[0]
    return host in _HOSTS or host.endswith(".localhost")


def _is_browser(headers: dict[str, str]) -> bool:
    return "origin" in headers or headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
