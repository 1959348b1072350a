"""What the community declines to do, in its own words; how a transport says it is not known here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Collection


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A request that is understood and declined.

    `reason` holds the sentence in each language; the keyword context fills it and travels with it, so that
    a client can act on it without reading the sentence. `code` is stable: clients may compare it.
    """

    reason: ClassVar[dict[str, str]] = {"en": "Refused.", "fr": "Refusé."}
    example: ClassVar[dict[str, object]] = {}
    """Context shown in the documentation."""

    def __init__(self, **context: object) -> None:
        self.context = context
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """The reason in this language, in English when it has no such translation."""
        return self.reason.get(language, self.reason["en"]).format(**self.context)

    @classmethod
    def code(cls) -> str:
        """The class's name in snake_case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class NotFound(Refusal):
    """There is no such thing, or it is not for this caller to know that there is."""


class Forbidden(Refusal):
    """The caller sees the thing, and may not do this to it."""


class Conflict(Refusal):
    """The thing is not in a state where this can be done."""


class Stale(Refusal):
    """The caller decided on a version that has been replaced since."""


class Invalid(Refusal):
    """The request says something that cannot be; `pointer` in the context names the field."""


class LimitReached(Refusal):
    """Too much for now; `retry_after` in the context is in seconds where waiting helps."""


class Unavailable(Refusal):
    """Something this depends on does not answer; nothing was done, the same request may be sent again."""


class ChangedMeanwhile(Stale):
    reason: ClassVar = {
        "en": "This was changed by someone else since you read it: read it again, then decide.",
        "fr": "Quelqu’un d’autre a modifié ceci depuis votre lecture : relisez, puis décidez.",
    }


def still_to_change(
    item: Any, values: dict[str, Any], *, version: int, cleared: Collection[str] = ()
) -> dict[str, Any]:
    """Which of these values are not yet the item's; those that are None are left out, unless `cleared`.

    Raises ChangedMeanwhile when there are some and the item is no longer at the version they were decided
    on. When there are none, whoever sends the same change again after a lost answer finds it made.
    """
    different = {
        name: value
        for name, value in values.items()
        if (value is not None or name in cleared) and value != getattr(item, name)
    }
    if different and item.version != version:
        raise ChangedMeanwhile
    return different


class Busy(Conflict):
    reason: ClassVar = {
        "en": "Many people are changing this at the same instant: send the same request again.",
        "fr": "Beaucoup de monde modifie ceci au même instant : renvoyez la même demande.",
    }


class Unauthenticated(Refusal):
    """The request does not prove who is asking."""


class Malformed(Refusal):
    """The request cannot be read."""


class TooLarge(Refusal):
    """The request is larger than anything that is accepted."""


class WrongMediaType(Refusal):
    """The request's body is not of a type that is read here."""


class Unconditional(Refusal):
    """The request must say on which version it was decided."""


class InvalidRequest(Invalid):
    """The request does not have the documented shape; `errors` in the context lists every field at fault."""

    reason: ClassVar = {
        "en": "Some of what was sent is not as documented: see errors.",
        "fr": "Une partie de la demande n’est pas conforme à la documentation : voir errors.",
    }
    example: ClassVar = {
        "errors": [{"pointer": "/name", "code": "missing", "message": "Ce champ est requis"}],
    }
