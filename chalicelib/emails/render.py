from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.emails.lines import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

LANGUAGES = ("fr", "en")
_FALLBACK = "en"
_TEXT_WIDTH = 76
_SUBJECT_LIMIT = 200


@dataclass(frozen=True)
class Rendered:
    """A message in one language, ready for `compose`: the same words as text and as HTML."""

    subject: str
    text: str
    html: str


def spoken(language: str) -> str:
    """The language we write for someone who asks for this one: `fr-CA` reads French, `de` reads English."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else _FALLBACK


def render(message: str, language: str, context: Mapping[str, object]) -> Rendered:
    """The message in the language, or in English when we do not write it.

    Raises jinja2's UndefinedError when the context lacks something that the templates name. Text values must
    come through `lines`: HTML is escaped here, line breaks are not.
    """
    folder = f"{spoken(language)}/{message}"

    def part(name: str) -> str:
        return _environment().get_template(f"{folder}/{name}").render(context)

    return Rendered(
        subject=one_line(part("subject.txt"), limit=_SUBJECT_LIMIT),
        text=_wrapped(part("body.txt")),
        html=part("body.html"),
    )


def _wrapped(text: str) -> str:
    """Lines folded for terminals, addresses kept whole, one blank line at most between paragraphs."""
    folded = (
        textwrap.fill(line, _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
    blocks = "\n".join(folded).split("\n\n")
    return "\n\n".join(block.strip("\n") for block in blocks if block.strip("\n")) + "\n"


@cache
def _environment() -> Environment:
    # imported on first use: every function imports this module, only the e-mail consumer renders
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"], default_for_string=False),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
