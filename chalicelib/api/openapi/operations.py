from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from chalicelib.api import reading
from chalicelib.api.openapi import components, refusals
from chalicelib.api.openapi.components import header, parameter

if TYPE_CHECKING:
    from chalicelib.api.endpoints import Endpoint
    from chalicelib.api.openapi.shapes import Shapes

ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
PREFIXES = {
    "organization_id": "org",
    "member_id": "mem",
    "salon_id": "sal",
    "message_id": "msg",
    "statement_id": "sta",
    "suspension_id": "sus",
    "thanks_id": "thx",
    "question_id": "qst",
    "meetup_id": "mtg",
    "series_id": "ser",
    "picture_id": "pic",
}
"""How the ids that paths name begin."""

EXAMPLES = {
    "reaction": "heart",
    "setting": "reply_promise_hours",
    "slug": "cyclofil",
    "organization": "cyclofil",
    "module": "v1.js",
    "token": "q83vEjRWeJq83vEjRWeJkWyJtZW1fNyIsIm9yZ18wMSJd",
}
"""Examples of what paths name otherwise than by id."""

MEANINGS = {
    200: "Done.",
    201: "Created.",
    204: "Done; there is nothing to say.",
}


class Writer:
    """Writes operations, and keeps every problem that they mention."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.problems: dict[str, Any] = {}
        self._kinds: dict[str, refusals.Kind] = {}

    def operation(self, endpoint: Endpoint) -> dict[str, Any]:
        """One endpoint as an operation."""
        summary, _, rest = (inspect.getdoc(endpoint.function) or "").partition("\n")
        order = [f"The order is `{endpoint.order}`."] if endpoint.order else []
        scope = [f"This takes the scope `{endpoint.scope}`."] if endpoint.scope else []
        description = "\n\n".join(part for part in (rest.strip(), *order, *scope) if part)
        told: dict[str, Any] = {
            "operationId": endpoint.name,
            "tags": [endpoint.tag],
            "summary": summary,
            **({"description": description} if description else {}),
            "security": [{"bearer": []}] if endpoint.access is not None else [{}, {"bearer": []}],
            **({"x-scope": endpoint.scope} if endpoint.scope else {}),
            **({"x-order": endpoint.order} if endpoint.order else {}),
            "parameters": self._parameters(endpoint),
        }
        if endpoint.body:
            told["requestBody"] = {
                "required": True,
                "content": {"application/json": self._shape(endpoint.body)},
            }
        told["responses"] = {**self._successes(endpoint), **self._problems(endpoint)}
        return told

    def _parameters(self, endpoint: Endpoint) -> list[dict[str, Any]]:
        told = [_in_path(name, endpoint) for name in endpoint.path_parameters]
        if endpoint.query:
            told += self.shapes.parameters(endpoint.query)
        if endpoint.listed:
            told += [components.limit(endpoint.most), parameter("cursor")]
        if endpoint.conditional:
            told.append(parameter("If-Match"))
        if "origin" in endpoint.takes:
            told.append(parameter("Origin"))
        if endpoint.method == "GET" and _versioned(endpoint):
            told.append(parameter("If-None-Match"))
        if endpoint.repeatable:
            told.append(parameter("Idempotency-Key"))
        return [*told, parameter("Accept-Language")]

    def _successes(self, endpoint: Endpoint) -> dict[str, Any]:
        statuses = [endpoint.status]
        # a PUT, or a POST whose body carries a key of its own, finds that it is there already
        if endpoint.status == 201 and (endpoint.method == "PUT" or (endpoint.body and not endpoint.receipts)):
            statuses.insert(0, 200)
        told = {str(status): self._success(endpoint, status) for status in statuses}
        if endpoint.method == "GET" and _versioned(endpoint):
            told["304"] = {
                "description": "You have this very answer already.",
                "headers": _headers("ETag", "X-Request-Id"),
            }
        return told

    def _success(self, endpoint: Endpoint, status: int) -> dict[str, Any]:
        names = ["X-Request-Id", "Content-Language"]
        if endpoint.listed:
            names.insert(0, "Link")
        if _versioned(endpoint):
            names.insert(0, "ETag")
        if status == 201:
            names.insert(0, "Location")
        if endpoint.repeatable or (status == 200 and endpoint.status == 201):
            names.append("Idempotency-Replayed")
        if endpoint.policy:
            names += components.RATE_HEADERS
        told: dict[str, Any] = {"description": MEANINGS[status], "headers": _headers(*names)}
        if endpoint.status == 201 and status == 200:
            told["description"] = "It was there already: nothing was created."
        if endpoint.raw:
            told["content"] = {endpoint.media_type: components.RAW[endpoint.media_type]}
        elif endpoint.returns:
            told["content"] = {"application/json": self._shape(endpoint.returns, order=endpoint.order)}
        return told

    def _shape(self, model: Any, *, order: str | None = None) -> dict[str, Any]:
        example = self.shapes.example(model)
        if order:
            example = {**example, "order": order}
        return {"schema": self.shapes.ref(model), "example": example}

    def _problems(self, endpoint: Endpoint) -> dict[str, Any]:
        told = {}
        for status, kinds in refusals.of(endpoint).items():
            for kind in kinds:
                self._keep(kind)
            names = ["X-Request-Id", "Content-Language"]
            names += ["WWW-Authenticate"] if status == 401 else []
            names += ["Retry-After"] if any("retry_after" in kind.example for kind in kinds) else []
            names += components.RATE_HEADERS if status == 429 else []
            told[str(status)] = {
                "description": "\n".join(f"- `{kind.code()}`: {self._sentence(kind)}" for kind in kinds),
                "headers": _headers(*names),
                "content": {
                    "application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {
                            kind.code(): {"$ref": f"#/components/examples/{kind.code()}"} for kind in kinds
                        },
                    }
                },
            }
        return told

    def _keep(self, kind: refusals.Kind) -> None:
        if self._kinds.setdefault(kind.code(), kind) is not kind:
            raise ValueError(f"two refusals are called {kind.code()}")
        self.problems[kind.code()] = {"summary": self._sentence(kind), "value": refusals.problem(kind)}

    def _sentence(self, kind: refusals.Kind) -> str:
        return kind(**kind.example).sentence("en")


def _versioned(endpoint: Endpoint) -> bool:
    return endpoint.tagged or (endpoint.returns is not None and "version" in endpoint.returns.model_fields)


def _headers(*names: str) -> dict[str, Any]:
    return {name: header(name) for name in names}


def _in_path(name: str, endpoint: Endpoint) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "in": "path", "required": True}
    if name in PREFIXES:
        prefix = PREFIXES[name]
        words = re.sub(r"_id$", "", name).replace("_", " ")
        return {
            **told,
            "description": f"The id of the {words}.",
            "schema": {"type": "string", "pattern": f"^{prefix}_{ULID}$"},
            "example": f"{prefix}_01JD3Q7M5T8XW2RBN4CJ6HDPEA",
        }
    if name not in EXAMPLES:
        raise ValueError(f"{endpoint.name}: what kind of name is {name}? Tell it here, beside the others")
    return {**told, "schema": {"type": "string", "pattern": f"^{reading.NAME}$"}, "example": EXAMPLES[name]}
