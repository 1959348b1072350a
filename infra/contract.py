"""Writes what we publish about ourselves: `python -m infra.contract`, with --check to only compare."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from typing import TYPE_CHECKING, Any

from infra import announced, socket
from infra.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
SERVED = ROOT / "chalicelib" / "contracts" / "openapi.json"
"""The copy that is packaged: symbolic links do not survive packaging."""


def openapi() -> dict[str, Any]:
    """The document of the application as it is composed now."""
    from app import APIS  # noqa: PLC0415 - composing the application is only needed here
    from chalicelib.api.openapi import document  # noqa: PLC0415

    return document(APIS, version=version())


def version() -> str:
    """The version of this release."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def published() -> dict[Path, str]:
    """Each published file with what it must be."""
    described = _json(openapi())
    return {
        DOCS / "openapi.json": described,
        SERVED: described,
        DOCS / "asyncapi.json": _json(announced.asyncapi(version())),
        DOCS / "live.asyncapi.json": _json(socket.asyncapi(version())),
        DOCS / "events.md": announced.page(),
    }


def drift() -> list[Path]:
    """The published files that are not what the code says."""
    return [
        path for path, text in published().items() if not (path.is_file() and path.read_text("utf-8") == text)
    ]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the files, or only say which of them are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    if parser.parse_args().check:
        stale = drift()
        for path in stale:
            print(f"stale: {path.relative_to(ROOT)}")
        return 1 if stale else 0
    for path, text in published().items():
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
