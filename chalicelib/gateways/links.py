"""Addresses that leave in e-mails, and who they are sent from."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from chalicelib.gateways import signatures
from chalicelib.settings import settings


def api(path: str) -> str:
    """The public address of something in the API."""
    return f"{settings().public_url}/v1{path}"


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


def sender() -> str:
    """The address that this tenant's mails come from."""
    return settings().mail_sender


def mail_domain() -> str:
    """The domain that this tenant's mails come from."""
    return settings().mail_sender.rpartition("@")[2]
