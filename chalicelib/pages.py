"""What every list is asked with and answered with, on every shelf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """At most `limit` things, after the place where the previous page ended."""

    limit: int = 20
    after: str | None = None


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some things, in the list's published order, and where the next page starts, if there is one."""

    items: Sequence[T]
    last: str | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Members that the list's contract has beside its page."""
