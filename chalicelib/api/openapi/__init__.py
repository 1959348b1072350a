"""The published contract: OpenAPI 3.1 from the endpoints' own declarations. Only the build needs it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chalicelib.api.openapi import components, texts
from chalicelib.api.openapi.operations import Writer
from chalicelib.api.openapi.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.api.endpoints import Api


def document(apis: Sequence[Api], *, version: str) -> dict[str, Any]:
    """The whole API as an OpenAPI document.

    Raises ValueError when something cannot be documented: a contract's property without an example, a path
    parameter of an unknown kind, two refusals under one code.
    """
    endpoints = [endpoint for api in apis for endpoint in api.endpoints]
    shapes = Shapes(endpoints)
    writer = Writer(shapes)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = writer.operation(endpoint)
    if shapes.without_example:
        raise ValueError("without an example: " + ", ".join(sorted(shapes.without_example)))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Entraide",
            "version": version,
            "summary": texts.SUMMARY,
            "description": texts.DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "Wherever this document is served from."}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": paths,
        "components": {
            "securitySchemes": components.SECURITY,
            "parameters": components.PARAMETERS,
            "headers": components.HEADERS,
            "responses": _shared(paths),
            "examples": writer.problems,
            "schemas": {**shapes.definitions, "Problem": components.PROBLEM},
        },
    }


def _shared(paths: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Move the problems that several operations answer alike to where all of them find it."""
    answers = [operation["responses"] for path in paths.values() for operation in path.values()]
    alike = Counter(
        _name(status, response) for responses in answers for status, response in responses.items()
    )
    shared: dict[str, Any] = {}
    for responses in answers:
        for status, response in list(responses.items()):
            name = _name(status, response)
            if name is not None and alike[name] > 1:
                shared[name] = response
                responses[status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(shared.items()))


def _name(status: str, response: dict[str, Any]) -> str | None:
    problem = response.get("content", {}).get("application/problem+json")
    return ".".join([status, *sorted(problem["examples"])]) if problem else None
