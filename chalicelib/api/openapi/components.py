"""What operations refer to."""

from __future__ import annotations

from typing import Any

from chalicelib.api.pages import DEFAULT, MOST

SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of this service's user pool, or of another issuer that it trusts.",
    }
}

_ETAG = {"type": "string", "pattern": '^"[0-9]{1,15}-[0-9a-f]{12}"$'}

PARAMETERS: dict[str, Any] = {
    "cursor": {
        "name": "cursor",
        "in": "query",
        "description": "Where to go on: `next_cursor` of the page before, good for this very list only.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": 'The ETag of what you decided on. Its version alone, `"3"`, will do.',
        "schema": {"type": "string", "pattern": '^"[0-9]{1,15}(-[0-9a-f]{12})?"$'},
        "example": '"3-9f86d081884c"',
    },
    "Origin": {
        "name": "Origin",
        "in": "header",
        "description": "The site of the page that calls: browsers say it themselves.",
        "schema": {"type": "string"},
        "example": "https://www.cyclofil.example",
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of the answer that you have.",
        "schema": {"type": "string"},
        "example": '"3-9f86d081884c"',
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "New for each thing to do, the same when the request is sent again: it is done once.",
        "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        "example": "0190f3a2-5b1c-7d0e-9a41-93e8deadbeef",
    },
    "Accept-Language": {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of sentences: `fr` or `en`.",
        "schema": {"type": "string"},
        "example": "fr",
    },
}


def _header(description: str, example: Any, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}, "example": example}


HEADERS: dict[str, Any] = {
    "X-Request-Id": _header("What support finds this request by.", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
    "Content-Language": _header("The language of the sentences in this answer.", "fr"),
    "ETag": _header("What version this is, for `If-Match` and `If-None-Match`.", '"3-9f86d081884c"', **_ETAG),
    "Link": _header("The next page, if there is one.", '</v1/organizations?cursor=mD4vQ1o2c0>; rel="next"'),
    "Location": _header("Where what was created is.", "/v1/organizations/org_01JD3Q7M5T8XW2RBN4CJ6HDPEA"),
    "Idempotency-Replayed": _header("This was carried out before, and not again.", "true", const="true"),
    "Retry-After": _header("Seconds to wait.", "17", pattern="^[0-9]+$"),
    "WWW-Authenticate": _header("What kind of token is asked for.", "Bearer"),
    "RateLimit-Policy": _header("How many calls (q) in how many seconds (w).", '"writes";q=120;w=60'),
    "RateLimit": _header("How many calls are left (r), and for how many seconds (t).", '"writes";r=119;t=42'),
    "X-RateLimit-Limit": _header("How many calls there are in each window.", "120", pattern="^[0-9]+$"),
    "X-RateLimit-Remaining": _header("How many are left.", "119", pattern="^[0-9]+$"),
    "X-RateLimit-Reset": _header("In how many seconds they all are there again.", "42", pattern="^[0-9]+$"),
}

RATE_HEADERS = [name for name in HEADERS if "RateLimit" in name]

RAW: dict[str, Any] = {
    "text/html": {"schema": {"type": "string"}, "example": "<!doctype html>…"},
    "text/javascript": {"schema": {"type": "string"}, "example": "import …"},
    "text/calendar": {"schema": {"type": "string"}, "example": "BEGIN:VCALENDAR…"},
    "application/json": {"schema": {"type": "object"}, "example": {"openapi": "3.1.0"}},
}
"""What is known of answers that are no contract's."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why a request was declined: RFC 9457. Compare `code`, which is stable; show `detail`.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:entraide:problem:invalid_request"]},
        "title": {"type": "string", "examples": ["Invalid request"]},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "examples": [422]},
        "detail": {
            "type": "string",
            "description": "In the language that was asked for.",
            "examples": ["Some of what was sent is not as documented: see errors."],
        },
        "instance": {"type": "string", "format": "uri-reference", "examples": ["/v1/me"]},
        "code": {"type": "string", "pattern": "^[a-z0-9_]+$", "examples": ["invalid_request"]},
        "request_id": {"type": "string", "examples": ["c6af9ac6-7b61-11e6-9a41-93e8deadbeef"]},
        "retry_after": {"type": "integer", "description": "Seconds to wait.", "examples": [17]},
        "errors": {
            "type": "array",
            "description": "Every fault that was found, up to fifty.",
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "format": "json-pointer",
                        "description": "Where in the body.",
                        "examples": ["/name"],
                    },
                    "parameter": {
                        "type": "string",
                        "description": "Which query parameter.",
                        "examples": ["slug"],
                    },
                    "code": {"type": "string", "examples": ["missing"]},
                    "message": {"type": "string", "examples": ["Field required"]},
                },
            },
        },
    },
    "additionalProperties": True,
}


def limit(most: int) -> dict[str, Any]:
    """The `limit` of a list."""
    return {
        "name": "limit",
        "in": "query",
        "description": "How many at most." if most == MOST else f"How many at most; a page holds {most}.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
    }


def parameter(name: str) -> dict[str, Any]:
    """A parameter that several operations take."""
    return {"$ref": f"#/components/parameters/{name}"}


def header(name: str) -> dict[str, Any]:
    """A header that several operations answer with."""
    return {"$ref": f"#/components/headers/{name}"}
