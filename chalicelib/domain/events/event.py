"""What every domain event is."""

from __future__ import annotations

import re
import typing
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Self

from chalicelib.gateways import clock, ids


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in an organization's community."""

    version: ClassVar[int] = 1

    id: str = field(default_factory=lambda: ids.new("evt"))
    organization_id: str
    actor_id: str
    at: datetime = field(default_factory=clock.now)

    @classmethod
    def detail_type(cls) -> str:
        """The name on the bus: `MemberWelcomed` is `member.welcomed.v1`."""
        words = re.sub(r"(?<!^)(?=[A-Z])", ".", cls.__name__).lower()
        noun, _, verb = words.rpartition(".")
        return f"{noun.replace('.', '_')}.{verb}.v{cls.version}"

    def detail(self) -> dict[str, Any]:
        """The event as JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: _plain(value) for name, value in values.items()}

    @classmethod
    def from_detail(cls, detail: dict[str, Any]) -> Self:
        """The event in this JSON; members it does not know, from a later release, are left aside.

        Raises ValueError when a required member is missing or `at` is no time.
        """
        hints = typing.get_type_hints(cls)
        known: dict[str, Any] = {}
        for f in fields(cls):
            if f.name in detail:
                value = detail[f.name]
                known[f.name] = datetime.fromisoformat(value) if _is_moment(hints[f.name], value) else value
            elif f.default is MISSING and f.default_factory is MISSING:
                raise ValueError(f"{cls.__name__} without {f.name}")
        return cls(**known)


def _is_moment(hint: Any, value: object) -> bool:
    return value is not None and (hint is datetime or datetime in typing.get_args(hint))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
