from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any, ClassVar

from chalice.app import Response

from chalicelib.api import places
from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.domain import errors, standing, widgets

api = Api(__name__, tag="Widget")

CLIENT = Path(__file__).parents[3] / "clients" / "widget"
"""The modules of the client: beside the application, in the repository as in the archive."""

PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>$name</title>
<link rel="icon" href="data:,">
<script type="module" src="../client/page.js"></script>
</head>
<body>
<main>
<h1>$name</h1>
<p>$aim</p>
<noscript><p>$noscript</p></noscript>
</main>
<entraide-widget organization="$id" open></entraide-widget>
</body>
</html>
""")

NOSCRIPT = {
    "fr": "Cette page a besoin de JavaScript pour que l’on puisse s’y parler.",
    "en": "This page needs JavaScript for people to talk here.",
}


class ModuleNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "The widget’s client has no such module.",
        "fr": "Le client du widget n’a pas de tel module.",
    }


@dataclass(frozen=True)
class Module:
    """A module of the client, and what tells it from what it was before."""

    text: str
    etag: str


@cache
def modules() -> dict[str, Module]:
    """Every module, by the name that it is imported by."""
    found = {file.name: file.read_text("utf-8") for file in sorted(CLIENT.glob("*.js"))}
    return {
        name: Module(text, f'"1-{hashlib.sha256(text.encode()).hexdigest()[:12]}"')
        for name, text in found.items()
    }


@api.endpoint(
    "GET",
    "/widget/client/{module}",
    access=EVERYONE,
    raw=True,
    media_type="text/javascript",
    refusals=[ModuleNotFound],
)
def read_widget_module(module: str) -> Response:
    """Read a module of the widget's client: `v1.js` is the one that a page names, and brings the others.

    With it a page has the element `<entraide-widget organization="…">`.
    """
    found = modules().get(module)
    if found is None:
        raise ModuleNotFound
    headers: dict[str, Any] = {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
        "ETag": found.etag,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.text, headers=headers)


@api.endpoint(
    "GET",
    "/widget/{organization}/page",
    access=EVERYONE,
    raw=True,
    media_type="text/html",
    refusals=[standing.OrganizationNotFound],
)
def show_widget_page(organization: str) -> Response:
    """Show an organization's page of ours, its widget open: for those that have no site of their own.

    Links back to a conversation lead here too, unless the organization's own site takes them.
    """
    hosting = widgets.hosted_by(organization)
    page = PAGE.substitute(
        language=escape(hosting.language),
        name=escape(hosting.name),
        aim=escape(hosting.aim),
        id=escape(hosting.id),
        noscript=NOSCRIPT.get(hosting.language, NOSCRIPT["en"]),
    )
    allowed = (
        "default-src 'none'; script-src 'self'; img-src data:; "
        f"connect-src 'self' {places.live()}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers: dict[str, Any] = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=300",
        "Content-Security-Policy": allowed,
        "Referrer-Policy": "no-referrer",  # where a link back led is nobody's business
        "X-Content-Type-Options": "nosniff",
    }
    return Response(page, headers=headers)
