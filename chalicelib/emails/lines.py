"""What may enter a line of mail: values that others wrote, made unable to break out of their place."""

from __future__ import annotations

import re
from urllib.parse import quote

# controls (C0, DEL, C1 with NEL), line and paragraph separators, direction overrides, lone surrogates
_DISRUPTIVE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=%-._~"


def one_line(value: str, *, limit: int | None = None) -> str:
    """The value on a single line: runs of whatever breaks or reorders lines become one space.

    No-break spaces are kept, for they are typography. Past the limit, the end is an ellipsis.
    """
    line = _DISRUPTIVE.sub(" ", value).strip()
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def paragraphs(value: str) -> tuple[str, ...]:
    """The lines that say something, each cleaned by `one_line`."""
    return tuple(line for line in map(one_line, value.splitlines()) if line)


def web_address(value: str) -> str:
    """The address with whatever URLs may not contain percent-encoded; ValueError unless http or https."""
    return _uri(value, "https://", "http://")


def mailto_address(value: str) -> str:
    """Like `web_address`, for a `mailto:` URI."""
    return _uri(value, "mailto:")


def _uri(value: str, *beginnings: str) -> str:
    if not value.startswith(beginnings):
        raise ValueError(f"not an address that starts with {' or '.join(beginnings)}")
    path, mark, query = quote(value, safe=_URI_CHARACTERS).partition("?")
    # in a query `?` and `%3F` are the same, but four bare ones could be read as a header's encoded word
    return path + mark + query.replace("?", "%3F")
