from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.api import pages
from chalicelib.api.places import reachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.api.endpoints import Endpoint


@dataclass(frozen=True)
class Answer:
    """A result with something to say beside it."""

    result: Any
    status: int | None = None
    location: str | None = None
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
    if endpoint.returns is None or answer.result is None:
        return Response("", status_code=answer.status or 204, headers=headers)

    body = answer.result
    if endpoint.listed:
        body = _listing(endpoint, answer.result, headers, query=query, principal=principal, path=path)
    shape = endpoint.returns.model_validate(body)
    text = shape.model_dump_json()
    status = answer.status or endpoint.status
    location = answer.location
    if location is None and status == 201 and endpoint.method == "POST" and hasattr(shape, "id"):
        location = f"{path}/{shape.id}"  # it is in the collection that it was posted to
    if location is not None:
        headers["Location"] = reachable(location)
    version = getattr(shape, "version", getattr(answer.result, "version", None))
    if version is not None:
        headers["ETag"] = _etag(version, text)
        if endpoint.method == "GET" and _is_held(headers["ETag"], if_none_match):
            return Response("", status_code=304, headers=headers)
    headers["Content-Type"] = "application/json"
    return Response(text, status_code=status, headers=headers)


def unless_held(response: Response, if_none_match: str | None) -> Response:
    """A whole response, or 304 when the client has what its ETag names."""
    etag = response.headers.get("ETag")
    if etag is None or not _is_held(str(etag), if_none_match):
        return response
    told = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return Response("", status_code=304, headers=told)


def _etag(version: int, text: str) -> str:
    """The version, which `If-Match` is compared with, and what tells two answers of one version apart.

    An answer may also hold what is not the thing's own: someone's name, whether the caller follows it.
    """
    return f'"{int(version)}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"'


def _is_held(etag: str, if_none_match: str | None) -> bool:
    """Whether the client has this very answer already."""
    held = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in held or "*" in held


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
        **found.beside,
        "data": list(found.items),
        "has_more": cursor is not None,
        "next_cursor": cursor,
        "order": endpoint.order,
    }
