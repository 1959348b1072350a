"""Addresses that leave in e-mails, and who they are sent from."""

from __future__ import annotations

import json
import re
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from chalicelib.gateways import signatures
from chalicelib.settings import settings

_RETURN = "a way back into a conversation"
_ANSWER = "an answer to a meetup in one click"
_ULID = b"[0-7][0-9A-HJKMNP-TV-Z]{25}"
_SAID = re.compile(b"(org_%b) (gst_%b) (qst_%b) ([0-9]{10})" % (_ULID, _ULID, _ULID))
_CALENDAR = "a calendar of one's own"
_FOLLOWED = re.compile(b"(mem_%b) (cal_%b)" % (_ULID, _ULID))


def api(path: str) -> str:
    """The public address of something in the API."""
    return f"{settings().public_url}/v1{path}"


def live() -> str:
    """Where clients open the WebSocket."""
    return settings().live_url


def unsubscribe(member_id: str, organization_id: str) -> str:
    """Where a member stops an organization's mails without signing in."""
    token = signatures.sign("unsubscribe", json.dumps([member_id, organization_id]).encode())
    return api("/unsubscribe?") + urlencode({"token": token})


def read_unsubscribe(token: str) -> tuple[str, str] | None:
    """Who a token unsubscribes from which organization, or None when it was not given by us."""
    payload = signatures.read("unsubscribe", token)
    if payload is None:
        return None
    member_id, organization_id = json.loads(payload)
    return member_id, organization_id


@dataclass(frozen=True)
class Return:
    """What a link back into a conversation says."""

    organization_id: str
    guest_id: str
    question_id: str
    until: datetime


def return_to(question_id: str, *, organization_id: str, guest_id: str, until: datetime) -> str:
    """The token that brings a guest back into the conversation about their question."""
    said = f"{organization_id} {guest_id} {question_id} {int(until.timestamp())}"
    return signatures.sign(_RETURN, said.encode())


def read_return(token: str) -> Return | None:
    """What a token of `return_to` says, or None when it was not given by us."""
    payload = signatures.read(_RETURN, token)
    said = _SAID.fullmatch(payload) if payload is not None else None
    if said is None:
        return None
    organization_id, guest_id, question_id, until = (part.decode() for part in said.groups())
    return Return(organization_id, guest_id, question_id, datetime.fromtimestamp(int(until), UTC))


def calendar(member_id: str, serial: str) -> str:
    """Where a calendar application follows someone's own meetups, until there is another serial."""
    return api("/calendars/") + signatures.sign(_CALENDAR, f"{member_id} {serial}".encode())


def read_calendar(token: str) -> tuple[str, str] | None:
    """Whose calendar a token of `calendar` is for, and its serial; None when it was not given by us."""
    payload = signatures.read(_CALENDAR, token)
    said = _FOLLOWED.fullmatch(payload) if payload is not None else None
    return (said[1].decode(), said[2].decode()) if said is not None else None


@dataclass(frozen=True)
class OneClick:
    """What a link that answers for a meetup says."""

    organization_id: str
    meetup_id: str
    member_id: str
    says: str
    """going or declined."""
    about: str
    """The answer, or the offer, that it was written about: it changes no other."""
    revision: int
    until: int
    """Seconds since 1970."""


def one_click(said: OneClick) -> str:
    """The token that answers for a meetup without signing in: this one answer, and nothing else."""
    return signatures.sign(_ANSWER, json.dumps(astuple(said), separators=(",", ":")).encode())


def read_one_click(token: str) -> OneClick | None:
    """What a token of `one_click` says, or None when it was not given by us."""
    payload = signatures.read(_ANSWER, token)
    return None if payload is None else OneClick(*json.loads(payload))


def answering(token: str) -> str:
    """Where a token of `one_click` is shown, and used."""
    return api("/rsvps/one-click?") + urlencode({"token": token})


def own_origin() -> str:
    """Our own site, as a browser names it."""
    return origin_of(settings().public_url) or ""


def origin_of(address: str) -> str | None:
    """The site that a page is on, as a browser names it; None when this is no address of a page."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if usual is None or not parts.hostname:
        return None
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port not in (None, usual) else "")


def sender() -> str:
    """The address that this tenant's mails come from."""
    return settings().mail_sender


def mail_domain() -> str:
    """The domain that this tenant's mails come from."""
    return settings().mail_sender.rpartition("@")[2]
