"""E-mail addresses as proofs: what counts as one, and when two are the same."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)

_DOTLESS = "gmail.com"
"""Dots make no difference there."""

_ONE_DOMAIN = {"googlemail.com": _DOTLESS}


def kept(value: object) -> str | None:
    """The address as it is kept, None for what is none.

    ASCII alone: other scripts have letters that become one another when compared without case.
    """
    if not isinstance(value, str) or len(value) > 254 or ADDRESS.fullmatch(value) is None:
        return None
    return value.lower()


def mailbox(address: str) -> str:
    """Where mails to an address arrive, as far as that is known: only to count them by."""
    name, _, domain = address.lower().partition("@")
    name, domain = name.partition("+")[0], _ONE_DOMAIN.get(domain, domain)
    return f"{name.replace('.', '') if domain == _DOTLESS else name}@{domain}"


def are_same(one: str | None, other: str | None) -> bool:
    """Whether two addresses are certainly the same."""
    return kept(one) is not None and kept(one) == kept(other)
