from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from chalice.app import Response

from chalicelib.api.endpoints import EVERYONE, Api

api = Api(__name__, tag="Documents")

OPENAPI = Path(__file__).parents[2] / "contracts" / "openapi.json"
"""Written by `python -m infra.contract`; the same as docs/openapi.json."""


@cache
def _openapi() -> str:
    return OPENAPI.read_text("utf-8")


@api.endpoint("GET", "/openapi.json", access=EVERYONE, raw=True, media_type="application/json")
def read_openapi() -> Response:
    """Read this document: everything that can be asked here, in OpenAPI 3.1."""
    headers: dict[str, Any] = {"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}
    return Response(_openapi(), headers=headers)
