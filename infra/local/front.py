"""http://localhost:8000: the API as on its own domain, the WebSocket, and the pages of this machine."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
from typing import TYPE_CHECKING

from infra.local import mailbox as mailboxes
from infra.local.asgi import App, Receive, Scope, Send, answer, headers_of, refuse
from infra.local.guard import is_named_locally
from infra.local.localise import FILES, LIVE_ID, REST_ID

if TYPE_CHECKING:
    from pathlib import Path

    from infra.local.mailbox import Mailbox

_HTML = "text/html; charset=utf-8"
_FRESH = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
# what was sent to people is shown without fetching anything that it points at
_CAREFUL = (*_FRESH, (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"))


AT_ONCE = 12
"""Calls that the emulator is given at once. Beyond sixteen functions it refuses in words of its own, which no
client of ours should meet: here they wait, and four are left for the consumers."""


class Front:
    """What people and clients talk to."""

    def __init__(self, emulator: App, docs: Path, mailbox: Mailbox, demonstration: App) -> None:
        self.emulator, self.docs, self.mailbox = emulator, docs.resolve(), mailbox
        self.pages = {
            r"/docs(/.*)?": self._documentation,
            r"/mail(\.json|/.*)?": self._mail,
            r"/demo(/.*)?": demonstration,
        }
        self.places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        path = scope.get("path", "")
        if scope["type"] == "websocket":
            return await self._live(scope, path, receive, send)
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            if path == "/":
                return await answer(send, b"", status=302, headers=((b"location", b"/docs/"),))
            for place, served in self.pages.items():
                if re.fullmatch(place, path):
                    return await served(scope, receive, send)
        if scope["type"] == "http" and f"{path}/".startswith(f"/{FILES}/"):
            return await self._file(scope, receive, send)
        if scope["type"] == "http":
            async with self.places:
                under = _under(scope, f"/_aws/execute-api/{REST_ID}/api")
                return await self.emulator(under, receive, send)
        return await self.emulator(scope, receive, send)

    async def _live(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        if path.rstrip("/") != "/ws":
            return await refuse(scope, send, "")
        return await self.emulator(_at(scope, f"/_aws/execute-api/{LIVE_ID}/api"), receive, send)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The bucket as on its own domain: a form that was signed, and addresses that were.

        Nothing else of it is for browsers: where no roles are enforced, the emulator lets anyone do anything.
        """
        method, asked = scope["method"], scope["query_string"]
        is_form = method == "POST" and scope["path"].rstrip("/") == f"/{FILES}" and not asked
        is_signed = method in ("GET", "HEAD") and b"X-Amz-Signature=" in asked
        if not (is_form or is_signed or method == "OPTIONS"):
            return await refuse(scope, send, "only what was signed")
        return await self.emulator(scope, receive, send)

    async def _documentation(self, scope: Scope, _receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/docs":  # the page's own links are relative
            return await answer(send, b"", status=302, headers=((b"location", b"/docs/"),))
        file = (self.docs / (path.removeprefix("/docs/") or "index.html")).resolve()
        if not file.is_relative_to(self.docs) or not file.is_file():
            return await answer(send, b"There is no such page.", status=404)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return await answer(send, file.read_bytes(), kind, headers=_FRESH)

    async def _mail(self, scope: Scope, _receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not is_named_locally(headers_of(scope)):
            return await refuse(scope, send, "unknown host")
        numbered = re.fullmatch(r"/mail/(\d+)\.eml", path)
        if path == "/mail.json":
            found = json.dumps(self.mailbox.described(), ensure_ascii=False).encode()
            return await answer(send, found, "application/json", headers=_CAREFUL)
        if path in ("/mail", "/mail/"):
            return await answer(send, mailboxes.page(self.mailbox), _HTML, headers=_CAREFUL)
        if numbered and int(numbered[1]) in self.mailbox.numbers():
            raw = self.mailbox.raw(int(numbered[1]))
            return await answer(send, raw, "text/plain; charset=utf-8", headers=_CAREFUL)
        return await answer(send, b"There is no such message.", status=404)


def _at(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode()}


def _under(scope: Scope, prefix: str) -> Scope:
    # the raw path keeps what the client escaped
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": prefix + scope["path"], "raw_path": prefix.encode() + raw}
