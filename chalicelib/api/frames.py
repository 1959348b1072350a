"""What comes over the socket, held to its contract; and how a refusal is said there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.api import problems
from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 32 * 1024


class FrameUnknown(errors.Malformed):
    reason: ClassVar = {
        "en": "A frame is a JSON object with a known kind.",
        "fr": "Une trame est un objet JSON d’un genre connu.",
    }


class FrameTooLarge(errors.TooLarge):
    reason: ClassVar = {
        "en": "A frame is of {most} bytes at most.",
        "fr": "Une trame compte au plus {most} octets.",
    }
    example: ClassVar = {"most": LARGEST}


class FrameBinary(errors.WrongMediaType):
    reason: ClassVar = {
        "en": "A frame is text, not binary.",
        "fr": "Une trame est du texte, pas du binaire.",
    }


def read(raw: str, *, is_binary: bool) -> Mapping[str, Any]:
    """The JSON object in a frame, with a known kind. Raises FrameBinary, FrameTooLarge, FrameUnknown."""
    # who only opens and closes connections starts in half the time without the contracts
    from chalicelib.contracts.frames import CLIENT  # noqa: PLC0415

    if is_binary:
        raise FrameBinary
    if len(raw.encode(errors="replace")) > LARGEST:
        raise FrameTooLarge(most=LARGEST)
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as broken:
        raise FrameUnknown from broken
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str) or said["kind"] not in CLIENT:
        raise FrameUnknown
    return said


def held(said: Mapping[str, Any], language: str) -> Any:
    """The frame in its contract's shape; raises a refusal that names every field at fault."""
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    from chalicelib.contracts.frames import CLIENT  # noqa: PLC0415

    try:
        return CLIENT[said["kind"]].model_validate_json(json.dumps(said))
    except (ValidationError, UnicodeEncodeError) as error:
        if isinstance(error, ValidationError):
            raise problems.invalid(problems.faults_of(error, language=language)) from error
        raise FrameUnknown from error


def ref_of(raw: str) -> str | None:
    """What a client calls a frame that is refused, as far as that can be read."""
    try:
        ref = json.loads(raw[:LARGEST])["ref"]
        ref.encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return str(ref) if len(ref) <= 64 else None


def refusal(refused: errors.Refusal, *, ref: str | None, language: str) -> dict[str, Any]:
    """The frame that tells a client why theirs was declined."""
    told = {"kind": "refused", "ref": ref, "code": refused.code(), "detail": refused.sentence(language)}
    return {**refused.context, **told}
