from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.api import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.api.endpoints import Endpoint


@dataclass(frozen=True)
class Answer:
    """A result with something to say beside it."""

    result: Any
    status: int | None = None
    location: str | None = None
    replayed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def render(
    endpoint: Endpoint,
    result: Any,
    *,
    query: Mapping[str, str],
    principal: str,
    path: str,
    if_none_match: str | None,
) -> Response:
    """The response that carries a result in its contract's shape."""
    answer = result if isinstance(result, Answer) else Answer(result)
    headers: dict[str, Any] = dict(answer.headers)
    if answer.location:
        headers["Location"] = answer.location
    if answer.replayed:
        headers["Idempotency-Replayed"] = "true"
    if endpoint.returns is None or answer.result is None:
        return Response("", status_code=answer.status or 204, headers=headers)

    body = answer.result
    if endpoint.listed:
        body = _listing(endpoint, answer.result, headers, query=query, principal=principal, path=path)
    shape = endpoint.returns.model_validate(body)
    version = getattr(answer.result, "version", None)
    if version is not None:
        headers["ETag"] = f'"{int(version)}"'
        if endpoint.method == "GET" and if_none_match is not None and headers["ETag"] in if_none_match:
            return Response("", status_code=304, headers=headers)
    headers["Content-Type"] = "application/json"
    return Response(shape.model_dump_json(), status_code=answer.status or endpoint.status, headers=headers)


def _listing(
    endpoint: Endpoint,
    found: Any,
    headers: dict[str, Any],
    *,
    query: Mapping[str, str],
    principal: str,
    path: str,
) -> dict[str, Any]:
    cursor = None
    if found.last is not None:
        cursor = pages.cursor_of(found.last, query, principal=principal, path=path)
        headers["Link"] = pages.link_to(cursor, query, path)
    return {
        "data": list(found.items),
        "has_more": cursor is not None,
        "next_cursor": cursor,
        "order": endpoint.order,
    }
