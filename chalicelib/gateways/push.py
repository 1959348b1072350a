"""Frames on their way to live connections, one at a time or hundreds from one event loop."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.gateways import aws
from chalicelib.gateways.posts import Poster, stamped
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 3
"""So many are told through the shared client, whose connection is open already."""


@dataclass(frozen=True)
class Outcome:
    """What became of one frame to many connections; all the others have it."""

    gone: Sequence[str] = ()
    failed: Sequence[str] = ()


def send(connection_id: str, frame: dict[str, Any], *, api_id: str = "", stage: str = "") -> bool:
    """Send a frame to one live connection; False when it is gone.

    Connections are reached at their API's own address, even where people reach it at a domain of the
    tenant's, unless the settings name another endpoint.
    """
    client = _client(api_id, stage)
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=_text(frame))
    except ClientError as failure:
        if _is_gone(failure):
            return False
        raise
    return True


def send_all(connection_ids: Sequence[str], frame: dict[str, Any]) -> Outcome:
    """Send a frame to many connections at once."""
    if len(connection_ids) <= FEW:
        return _send_few(connection_ids, frame)
    endpoint = settings().live_endpoint
    poster = Poster(endpoint, stamped(endpoint, _text(frame), region=settings().region))
    statuses = asyncio.run(poster.post(connection_ids))
    return Outcome(
        gone=[name for name, status in statuses.items() if status == 410],
        failed=[name for name, status in statuses.items() if status != 410 and not 200 <= status < 300],
    )


def close(connection_id: str, *, api_id: str = "", stage: str = "") -> None:
    """Close a connection, there or not."""
    try:
        _client(api_id, stage).delete_connection(ConnectionId=connection_id)
    except ClientError as failure:
        if not _is_gone(failure):
            raise


def most_per_second() -> int:
    """How many frames the tenant may send in a second: half of what its account may ask, for the rest."""
    return settings().account_request_rate // 2


def _send_few(connection_ids: Sequence[str], frame: dict[str, Any]) -> Outcome:
    gone, failed = [], []
    for connection_id in connection_ids:
        try:
            if not send(connection_id, frame):
                gone.append(connection_id)
        except ClientError:
            failed.append(connection_id)
    return Outcome(gone, failed)


def _client(api_id: str, stage: str) -> Any:
    known = settings()
    endpoint = known.live_endpoint or f"https://{api_id}.execute-api.{known.region}.amazonaws.com/{stage}"
    return aws.client("apigatewaymanagementapi", endpoint)


def _text(frame: dict[str, Any]) -> bytes:
    return json.dumps(frame, ensure_ascii=False).encode()


def _is_gone(failure: ClientError) -> bool:
    return bool(failure.response["Error"]["Code"] == "GoneException")
