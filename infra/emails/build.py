"""Compiles the e-mails' MJML to the HTML templates that are packaged: `python -m infra.emails.build`."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import mrml

_ROOT = Path(__file__).parents[2]
_SOURCES = Path(__file__).parent
_TEMPLATES = _ROOT / "chalicelib" / "emails" / "templates"
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def compiled() -> dict[Path, str]:
    """Each HTML template with what its source says it must be; Jinja's tags pass through untouched."""
    parsing = mrml.ParserOptions(include_loader=mrml.local_loader(str(_SOURCES)))
    rendering = mrml.RenderOptions(fonts={})  # else naming a well-known font links to its web server
    pages = {}
    for source in sorted(_SOURCES.glob("*/*.mjml")):
        output = mrml.to_html(source.read_text("utf-8"), parsing, rendering)
        if output.warnings:
            raise ValueError(f"{source.relative_to(_ROOT)}: {output.warnings}")
        content = _unescaped(output.content)
        if "\\u{" in content:
            raise ValueError(f"{source.relative_to(_ROOT)}: an escape is left that readers would read")
        pages[_TEMPLATES / source.parent.name / source.stem / "body.html"] = content.strip() + "\n"
    return pages


def _unescaped(content: str) -> str:
    """The compiler writes some characters of a title as its language does, where a reader hears them."""
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), content)


def drift() -> list[Path]:
    """The templates that are not what their sources say: stale, missing, or without a source."""
    pages = compiled()
    known = pages.keys() | set(_TEMPLATES.glob("*/*/body.html"))
    return sorted(page for page in known if not _is(page, pages.get(page)))


def _is(page: Path, content: str | None) -> bool:
    return page.is_file() and page.read_text("utf-8") == content


def main() -> int:
    """Write the templates, or with `--check` only say which ones drifted and exit 1 if any did."""
    parser = argparse.ArgumentParser(prog="python -m infra.emails.build", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if parser.parse_args().check:
        drifted = drift()
        for page in drifted:
            print(f"drifted: {page.relative_to(_ROOT)}", file=sys.stderr)
        return 1 if drifted else 0
    for page, content in compiled().items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, "utf-8")
        print(f"{page.relative_to(_ROOT)}  {len(content)} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
