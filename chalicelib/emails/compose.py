"""Raw MIME for SES. Our header lines are written here, not by the standard library.

It encodes long `List-Unsubscribe` addresses into words that no mailbox provider follows, and passes `=?…?=`
in a name through as if we had encoded it. The body is its `EmailMessage`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from chalicelib.emails.lines import mailto_address, one_line, web_address
from chalicelib.emails.render import spoken

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.emails.render import Rendered

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = rf"(?!.*=\?){_ATOM}(?:\.{_ATOM})*"  # an encoded word is made of atom characters: never ours
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_DOT_ATOM}@{_DOMAIN}")
_MESSAGE_ID = re.compile(rf"(?=.{{5,250}}\Z)<{_DOT_ATOM}@{_DOMAIN}>")
_LIST_ID = re.compile(rf"(?=.{{3,250}}\Z){_DOT_ATOM}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 '_-]{0,50}")
_PLAIN_SUBJECT = re.compile(r"(?!.*=\?)[\x20-\x7e]{0,60}")
_NAME_LIMIT = 200
_BOUNDARY = "=_entraide"  # `=_` never occurs in quoted-printable, so no body can contain it
_OUTER_BOUNDARY = "=_with_attachment"  # nor in base64; neither of the two begins like the other
_METHODS = frozenset({"REQUEST", "CANCEL"})


class UnmailableAddress(ValueError):  # noqa: N818 - it names the thing refused
    """An address, Message-ID or List-Id that cannot stand in a header as it is."""


@dataclass(frozen=True)
class CalendarPart:
    """What a mail tells its reader's calendar (RFC 6047), and the same as a file, for who keeps another."""

    method: str
    """REQUEST or CANCEL, as the calendar itself says."""
    content: bytes

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            raise ValueError(f"no mail has a calendar {self.method!r} anything")


def compose(  # noqa: PLR0913 - keyword-only: each is a header
    rendered: Rendered,
    *,
    sender_name: str,
    sender_address: str,
    reply_to_name: str,
    reply_to_address: str,
    recipient: str,
    message_id: str,
    list_id: str,
    unsubscribe_url: str,
    unsubscribe_mailto: str,
    language: str,
    date: datetime,
    calendar: CalendarPart | None = None,
) -> bytes:
    """The message as SES's `SendEmail` takes it raw: the same arguments always give the same bytes.

    Names may hold anything. Addresses are ASCII (a domain with accents in its `xn--` form), `message_id` has
    its angle brackets, `list_id` has none, `unsubscribe_mailto` is a `mailto:` URI, `date` is aware.
    Raises UnmailableAddress, or ValueError for the two unsubscribe addresses.
    """
    unsubscribe = (f"<{web_address(unsubscribe_url)}>", f"<{mailto_address(unsubscribe_mailto)}>")
    headers = {
        "From": _mailbox(sender_name, sender_address),
        "Reply-To": _mailbox(reply_to_name, reply_to_address),
        "To": _checked(_ADDRESS, recipient),
        "Subject": _words(_PLAIN_SUBJECT, one_line(rendered.subject)),
        "Date": format_datetime(date),
        "Message-ID": _checked(_MESSAGE_ID, message_id),
        "List-Id": f"<{_checked(_LIST_ID, list_id)}>",
        "List-Unsubscribe": ",\r\n ".join(unsubscribe),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Content-Language": spoken(language),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("ascii") + _body(rendered, calendar)


def _body(rendered: Rendered, calendar: CalendarPart | None) -> bytes:
    body = EmailMessage(policy=SMTP)
    body.set_content(rendered.text, cte="quoted-printable")
    body.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        # base64: the lines of a calendar end as they end, whatever mail makes of lines
        told = {"method": calendar.method, "charset": "utf-8"}
        body.add_alternative(calendar.content, maintype="text", subtype="calendar", params=told)
    body.set_boundary(_BOUNDARY)
    if calendar is not None:
        body.add_attachment(
            calendar.content, maintype="application", subtype="ics", filename="invite.ics"
        )  # fmt: skip
        body.set_boundary(_OUTER_BOUNDARY)
    return body.as_bytes()


def _mailbox(name: str, address: str) -> str:
    words = _words(_PLAIN_NAME, one_line(name, limit=_NAME_LIMIT))
    mailbox = f"<{_checked(_ADDRESS, address)}>"
    return f"{words}\r\n {mailbox}" if words else mailbox


def _words(plain: re.Pattern[str], text: str) -> str:
    """The text itself when it is plain, else encoded words, folded: nothing in it can act on the header."""
    return (
        text
        if plain.fullmatch(text)
        else Header(text, "utf-8", header_name="Reply-To").encode(linesep="\r\n")
    )


def _checked(shape: re.Pattern[str], value: str) -> str:
    if not shape.fullmatch(value):
        raise UnmailableAddress(f"{value!r} cannot stand in a header")
    return value
