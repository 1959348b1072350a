"""The e-mails that the application sent, kept as files so that they outlive the emulator."""

from __future__ import annotations

import base64
import binascii
import email.policy
import html
import json
import re
from email.message import EmailMessage
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

from infra.local.asgi import App, Message, Receive, Scope, Send, body_of, replaying

if TYPE_CHECKING:
    from pathlib import Path


class Mailbox:
    """A folder of messages, numbered in the order they were sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, raw: bytes) -> None:
        """Add a message."""
        (self.folder / f"{max(self.numbers(), default=0) + 1:06}.eml").write_bytes(raw)

    def numbers(self) -> list[int]:
        """Of every message, the first one first."""
        return sorted(int(file.stem) for file in self.folder.glob("*.eml"))

    def raw(self, number: int) -> bytes:
        """A message as it was sent; raises FileNotFoundError."""
        return (self.folder / f"{number:06}.eml").read_bytes()

    def described(self) -> list[dict[str, Any]]:
        """What a reader sees of each message, the last one first."""
        return [self._described(number) for number in reversed(self.numbers())]

    def _described(self, number: int) -> dict[str, Any]:
        parsed = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(self.raw(number))
        return {
            "number": number,
            "to": str(parsed["To"] or ""),
            "from": str(parsed["From"] or ""),
            "subject": str(parsed["Subject"] or ""),
            "date": str(parsed["Date"] or ""),
            "message_id": str(parsed["Message-ID"] or ""),
            "text": _content(parsed, "plain"),
            "html": _content(parsed, "html"),
        }


def _content(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return part.get_content() if part is not None else None


def watched(app: App, mailbox: Mailbox) -> App:
    """The emulator, with a copy of every message it accepts put into the mailbox."""

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        sends_mail = scope["type"] == "http" and scope["path"].rstrip("/") == "/v2/email/outbound-emails"
        if not sends_mail:
            return await app(scope, receive, send)
        body = await body_of(receive)

        async def send_watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                mailbox.keep(_raw(body))
            await send(message)

        return await app(scope, replaying(body, receive), send_watched)

    return watch


def _raw(body: bytes) -> bytes:
    try:
        return base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"])
    except (ValueError, KeyError, binascii.Error):
        return b"Subject: (not a raw message)\r\n\r\n" + body


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mailbox</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1d2330}
details{border:1px solid #d5d9e2;border-radius:.5rem;margin:.75rem 0;padding:.75rem 1rem}
summary{cursor:pointer}small{color:#5a6274}pre{white-space:pre-wrap}
iframe{width:100%;height:32rem;border:1px solid #d5d9e2;border-radius:.25rem;background:#fff}
</style><h1>Mailbox</h1><p>What this community has written to people, the latest first.
Nothing leaves this machine.</p>
"""


_LINK = re.compile(r"https?://(?:[^\s<>\"'&]|&amp;)+")
_LINKED = r'<a href="\g<0>" rel="noreferrer">\g<0></a>'


def page(mailbox: Mailbox) -> bytes:
    """The mailbox for people."""
    shown = "".join(_row(mail) for mail in mailbox.described()) or "<p>Nothing has been sent yet.</p>"
    return (_PAGE + shown + "</html>").encode()


def _row(mail: dict[str, Any]) -> str:
    said = {name: html.escape(str(value or "")) for name, value in mail.items()}
    # a sandbox without permissions: nothing in a message runs here; the links to follow are in its text
    body = f'<iframe sandbox srcdoc="{said["html"]}"></iframe>' if mail["html"] else ""
    return (
        f"<details><summary><strong>{said['subject']}</strong><br><small>to {said['to']} · {said['date']} · "
        f'<a href="/mail/{said["number"]}.eml">source</a></small></summary>'
        f"{body}<pre>{_LINK.sub(_LINKED, said['text'])}</pre></details>"
    )
