"""Many signed posts of one payload over a few open connections.

The shared client takes some fifteen times the processor for the same: a room of thousands would wait.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import re
import ssl
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from chalicelib.gateways import aws, clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST_OPEN = 32
"""Connections to the callback API at a time."""

EACH = 8
"""Posts for which it is worth opening one more."""

ATTEMPTS = 2
PATIENCE = 2
"""Seconds that one post may take."""

_SIGNED = "host;x-amz-date"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LAST = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


def stamped(endpoint: str, payload: bytes, *, region: str) -> Callable[[str], bytes]:
    """What posts this payload, signed at this moment: from a connection's id to the bytes of its request."""
    known = aws.credentials()
    address = urlsplit(endpoint)
    at = clock.now().strftime("%Y%m%dT%H%M%SZ")
    scope = f"{at[:8]}/{region}/execute-api/aws4_request"
    key = b"AWS4" + known.secret_key.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    headers, names = f"host:{address.netloc}\nx-amz-date:{at}\n", _SIGNED
    sent = f"Host: {address.netloc}\r\nX-Amz-Date: {at}\r\nContent-Length: {len(payload)}\r\n"
    if known.token:
        headers, names = headers + f"x-amz-security-token:{known.token}\n", f"{names};x-amz-security-token"
        sent += f"X-Amz-Security-Token: {known.token}\r\n"
    told = f"\n\n{headers}\n{names}\n{hashlib.sha256(payload).hexdigest()}"
    sealed = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n"
    sent += f"Authorization: AWS4-HMAC-SHA256 Credential={known.access_key}/{scope}, SignedHeaders={names}, "

    def request(connection_id: str) -> bytes:
        path = f"{address.path}/%40connections/{quote(connection_id, safe='')}"
        # what is signed is the path encoded once more
        canonical = f"POST\n{path.replace('%', '%25')}{told}".encode()
        text = sealed + hashlib.sha256(canonical).hexdigest()
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return f"POST {path} HTTP/1.1\r\n{sent}Signature={signature}\r\n\r\n".encode() + payload

    return request


class Poster:
    """Posts to many live connections from one event loop."""

    def __init__(self, endpoint: str, request: Callable[[str], bytes]) -> None:
        address = urlsplit(endpoint)
        self._host, self._tls = address.hostname or "", address.scheme == "https"
        self._port = address.port or (443 if self._tls else 80)
        self._request = request
        self._statuses: dict[str, int] = {}

    async def post(self, connection_ids: Sequence[str]) -> dict[str, int]:
        """The status of each post; 0 for one that was never answered."""
        waiting = iter(connection_ids)
        count = min(MOST_OPEN, -(-len(connection_ids) // EACH))
        await asyncio.gather(*(self._work(waiting) for _ in range(count)))
        return self._statuses

    async def _work(self, waiting: Iterator[str]) -> None:
        wire = _Wire(self._host, self._port, tls=self._tls)
        try:
            for connection_id in waiting:
                self._statuses[connection_id] = await self._one(wire, self._request(connection_id))
        finally:
            await wire.close()

    async def _one(self, wire: _Wire, request: bytes) -> int:
        status = 0
        for attempt in range(ATTEMPTS):
            try:
                async with asyncio.timeout(PATIENCE):
                    status = await wire.ask(request)
            except (OSError, EOFError, ValueError, TimeoutError):
                await wire.close()
                status = 0
            if status and status < 500:  # nor again for a 429: whoever reads nothing would hold up the others
                return status
            await asyncio.sleep(random.uniform(0, 0.05 * 4**attempt))  # noqa: S311 - jitter, not a secret
        return status


class _Wire:
    """One HTTP/1.1 connection, opened when it is needed and again when it was lost."""

    def __init__(self, host: str, port: int, *, tls: bool) -> None:
        self._host, self._port, self._tls = host, port, tls
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """Send a request and read its answer to the end; the status."""
        if self._open is None:
            context = _tls() if self._tls else None
            self._open = await asyncio.open_connection(self._host, self._port, ssl=context)
        reader, writer = self._open
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is not None and length[1] != b"0":
            await reader.readexactly(int(length[1]))
        if length is None or _LAST.search(head):
            await self.close()
        return int(head[len("HTTP/1.1 ") :][:3])

    async def close(self) -> None:
        if self._open is None:
            return
        _, writer = self._open
        self._open = None
        writer.close()
        try:
            await writer.wait_closed()
        except OSError:
            return


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
