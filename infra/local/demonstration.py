"""http://localhost:8000/demo: an organization's page with the widget, beside someone who helps there."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from infra.local.asgi import answer, headers_of, refuse
from infra.local.guard import is_named_locally
from infra.local.people import NobodyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from infra.local.asgi import Receive, Scope, Send

    TokenOf = Callable[[str], str]
    """An access token of someone of the local pool, by username; raises NobodyError."""

_FRESH = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
_POLICY = (
    b"default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_PAGES = {"": "index.html", "shop": "shop.html", "helper": "helper.html"}


class Demonstration:
    """The pages of the demonstration, from a folder, and the tokens of its people, for those pages alone."""

    def __init__(self, folder: Path, token_of: TokenOf) -> None:
        self.folder, self.token_of = folder.resolve(), token_of

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = headers_of(scope)
        if not is_named_locally(headers):
            return await refuse(scope, send, "unknown host")
        path = scope["path"].removeprefix("/demo").strip("/")
        if path == "token":
            # a page of another site may not even ask; without a browser there is `make token`
            if headers.get("sec-fetch-site", "same-origin") != "same-origin":
                return await refuse(scope, send, "this is for the demonstration's own pages")
            return await self._token(scope, send)
        return await self._file(_PAGES.get(path, path), send)

    async def _file(self, name: str, send: Send) -> None:
        file = (self.folder / name).resolve()
        if not file.is_relative_to(self.folder) or not file.is_file():
            return await answer(send, b"There is no such page.", status=404)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        told = (*_FRESH, (b"content-security-policy", _POLICY))
        return await answer(send, file.read_bytes(), kind, headers=told)

    async def _token(self, scope: Scope, send: Send) -> None:
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("as", [""])[0]
        try:
            # an address is no username: only those of the demonstration sign in here
            token = await asyncio.to_thread(self.token_of, asked) if re.fullmatch("[a-z]+", asked) else None
        except NobodyError:
            token = None
        if token is None:
            return await answer(send, b"Nobody is called that here.", status=404)
        return await answer(send, json.dumps({"token": token}).encode(), "application/json", headers=_FRESH)
