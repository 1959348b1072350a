"""Frames on their way to live connections, one at a time or hundreds from one event loop.

Nobody is waited for: a socket that reads nothing gets a 429, like an account that asks too much.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

from chalicelib.gateways import aws
from chalicelib.gateways.posts import Poster, stamped
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEW = 3
"""So many are told through the shared client, whose connection is open already."""

GONE, DEAF, FORBIDDEN = 410, 429, 403


class NotSent(Exception):  # noqa: N818
    """A frame did not reach the gateway, or the gateway does not do its work."""


@dataclass(frozen=True)
class Outcome:
    """What became of one frame to many connections; all the others have it."""

    gone: Sequence[str] = field(default_factory=list)
    deaf: Sequence[str] = field(default_factory=list)
    """Who takes nothing now: they read too slowly, or not at all; or too much is asked of the gateway."""
    failed: Sequence[str] = field(default_factory=list)
    """For whom the gateway had no answer, or none of its work."""
    unfit: Sequence[str] = field(default_factory=list)
    """Who cannot be told this at all, now or later."""


def send(connection_id: str, frame: dict[str, Any], *, api_id: str = "", stage: str = "") -> bool:
    """Send a frame to one live connection; False when it is gone. Raises NotSent.

    One that takes nothing misses it. Connections are reached at their API's own address, even where people
    reach it at a domain of the tenant's, unless the settings name another endpoint.
    """
    client, text = _client(api_id, stage), _text(frame)
    status = _post(client, connection_id, text)
    if _passes(status):
        status = _post(client, connection_id, text)
    if status not in (GONE, DEAF) and not 200 <= status < 300:
        raise NotSent(status)
    return status != GONE


def send_all(connection_ids: Sequence[str], frame: dict[str, Any]) -> Outcome:
    """Send a frame to many connections at once."""
    if len(connection_ids) <= FEW:
        client, text = _client(), _text(frame)
        return _outcome({name: _post(client, name, text) for name in connection_ids})
    endpoint = settings().live_endpoint
    poster = Poster(endpoint, stamped(endpoint, _text(frame), region=settings().region))
    return _outcome(asyncio.run(poster.post(connection_ids)))


def close(connection_id: str, *, api_id: str = "", stage: str = "") -> None:
    """Close a connection, there or not."""
    try:
        aws.client("apigatewaymanagementapi", _endpoint(api_id, stage)).delete_connection(
            ConnectionId=connection_id
        )
    except ClientError as failure:
        if _status(failure) != GONE:
            raise


def most_per_second() -> int:
    """How many frames the tenant may send in a second: half of what it may ask, for the rest."""
    return settings().account_request_rate // 2


def _post(client: Any, connection_id: str, text: bytes) -> int:
    """The status of one post; 0 when it was not answered."""
    for _ in range(2):
        try:
            client.post_to_connection(ConnectionId=connection_id, Data=text)
        except ClientError as failure:
            return _status(failure)
        except ConnectionClosedError:
            continue  # the gateway closed what was open for too long: another connection is opened
        except BotoCoreError:
            return 0
        return 200
    return 0


def _outcome(statuses: Mapping[str, int]) -> Outcome:
    told: dict[str, list[str]] = {"gone": [], "deaf": [], "failed": [], "unfit": []}
    for name, status in statuses.items():
        if not 200 <= status < 300:
            told[_what_it_means(status)].append(name)
    return Outcome(**told)


def _what_it_means(status: int) -> str:
    if status == FORBIDDEN or _passes(status):
        return "failed"
    return {GONE: "gone", DEAF: "deaf"}.get(status, "unfit")


def _passes(status: int) -> bool:
    return status == 0 or status >= 500


def _client(api_id: str = "", stage: str = "") -> Any:
    return aws.client("apigatewaymanagementapi", _endpoint(api_id, stage), is_patient=False)


def _endpoint(api_id: str, stage: str) -> str:
    known = settings()
    return known.live_endpoint or f"https://{api_id}.execute-api.{known.region}.amazonaws.com/{stage}"


def _text(frame: dict[str, Any]) -> bytes:
    return json.dumps(frame, ensure_ascii=False).encode()


def _status(failure: ClientError) -> int:
    return int(failure.response["ResponseMetadata"]["HTTPStatusCode"])
