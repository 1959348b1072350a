"""What a request says, held to its endpoint's contract."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ValidationError

from chalicelib.api import problems
from chalicelib.api.pages import page_of
from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.api.endpoints import Endpoint

LARGEST_BODY = 64 * 1024


class MalformedJson(errors.Malformed):
    reason: ClassVar = {
        "en": "The body is not JSON in UTF-8.",
        "fr": "Le corps de la requête n’est pas du JSON en UTF-8.",
    }


class BodyTooLarge(errors.TooLarge):
    reason: ClassVar = {
        "en": "The body is larger than {most} bytes.",
        "fr": "Le corps de la requête dépasse {most} octets.",
    }
    example: ClassVar = {"most": LARGEST_BODY}


class UnsupportedMediaType(errors.WrongMediaType):
    reason: ClassVar = {
        "en": "Send JSON, with Content-Type: application/json.",
        "fr": "Envoyez du JSON, avec Content-Type: application/json.",
    }


class QueryMalformed(errors.Malformed):
    reason: ClassVar = {
        "en": "In the query, {parameter} comes more than once, or is not UTF-8.",
        "fr": "Dans la requête, {parameter} figure plus d’une fois, ou n’est pas en UTF-8.",
    }
    example: ClassVar = {"parameter": "limit"}


class NothingHere(errors.NotFound):
    """What the path names cannot exist: no name or id given here has such characters or such a length."""

    reason: ClassVar = {
        "en": "There is nothing at this path.",
        "fr": "Il n’y a rien à ce chemin.",
    }


class IfMatchMissing(errors.Unconditional):
    reason: ClassVar = {
        "en": "Say which version you decided on: send its ETag as If-Match.",
        "fr": "Dites sur quelle version porte votre décision : envoyez son ETag dans If-Match.",
    }


class IfMatchInvalid(errors.Malformed):
    reason: ClassVar = {
        "en": "If-Match is not an ETag that was given here.",
        "fr": "If-Match n’est pas un ETag donné ici.",
    }


class IdempotencyKeyInvalid(errors.Malformed):
    reason: ClassVar = {
        "en": "An Idempotency-Key is 1 to 255 printable ASCII characters.",
        "fr": "Une Idempotency-Key compte de 1 à 255 caractères ASCII imprimables.",
    }


NAME = r"[A-Za-z0-9._~-]{1,255}"
"""What a path may name: what needs no escape in it, in keys or in logs."""


def path_of(endpoint: Endpoint, parameters: Mapping[str, str]) -> str:
    """The path that was asked for; raises NothingHere when it names something that cannot be."""
    if not all(re.fullmatch(NAME, value) for value in parameters.values()):
        raise NothingHere
    return endpoint.path.format(**parameters)


def query_of(endpoint: Endpoint, request: Any) -> dict[str, str]:
    """The query's parameters, none where none are read; raises QueryMalformed."""
    query: dict[str, str] = {}
    if endpoint.query is None and not endpoint.listed:
        return query
    for name in request.query_params or {}:
        (value, *others) = request.query_params.getlist(name)
        if others or not _is_text(name + value):
            raise QueryMalformed(parameter=name.encode("ascii", "replace").decode())
        query[name] = value
    return query


def _is_text(value: str) -> bool:
    """Whether this can be said in UTF-8: a lone surrogate cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def arguments_of(
    endpoint: Endpoint, request: Any, *, query: Mapping[str, str], principal: str, path: str, language: str
) -> dict[str, Any]:
    """The arguments that this request gives to its endpoint, beside the path's and the caller.

    Raises a refusal that names every field at fault.
    """
    arguments: dict[str, Any] = {}
    if "version" in endpoint.takes:
        arguments["version"] = _version(request.headers.get("if-match"))
    if "origin" in endpoint.takes:
        arguments["origin"] = request.headers.get("origin")
    if "page" in endpoint.takes:
        arguments["page"] = page_of(query, principal=principal, path=path, most=endpoint.most)
    if endpoint.query is not None:
        asked = {name: value for name, value in query.items() if name not in ("limit", "cursor")}
        try:
            arguments["query"] = endpoint.query.model_validate_strings(asked)
        except ValidationError as error:
            raise problems.invalid(problems.faults_of(error, language=language, parameter=True)) from error
    if endpoint.body is not None:
        arguments["body"] = _body(endpoint, request, language)
    return arguments


_JSON = re.compile(r'application/json *(; *charset *= *"?utf-?8"? *)?', re.IGNORECASE)


def _body(endpoint: Endpoint, request: Any, language: str) -> Any:
    if endpoint.body is None:
        return None
    if _JSON.fullmatch(request.headers.get("content-type", "").strip()) is None:
        raise UnsupportedMediaType
    raw = raw_body_of(request)
    if len(raw) > LARGEST_BODY:
        raise BodyTooLarge(most=LARGEST_BODY)
    try:
        return endpoint.body.model_validate_json(raw)
    except ValidationError as error:
        faults = problems.faults_of(error, language=language)
        if any(fault["code"] == "json_invalid" for fault in faults):
            raise MalformedJson from error
        raise problems.invalid(faults) from error


def _version(if_match: str | None) -> int:
    if if_match is None:
        raise IfMatchMissing
    matched = re.fullmatch(r'\s*"([0-9]{1,15})(-[0-9a-f]{12})?"\s*', if_match)
    if matched is None:
        raise IfMatchInvalid
    return int(matched[1])


def idempotency_key_of(request: Any) -> str | None:
    """The Idempotency-Key, None without one; raises IdempotencyKeyInvalid."""
    key: str | None = request.headers.get("idempotency-key")
    if key is not None and re.fullmatch(r"[\x21-\x7e]{1,255}", key) is None:
        raise IdempotencyKeyInvalid
    return key


def raw_body_of(request: Any) -> bytes:
    """The body's bytes; raises MalformedJson when it cannot have been UTF-8."""
    try:
        raw: bytes = request.raw_body
    except ValueError as broken:  # lone surrogates, or base64 that is none
        raise MalformedJson from broken
    return raw


def fingerprint_of(endpoint: Endpoint, request: Any, path: str) -> str:
    """What tells two requests under one key apart: what they are about, and what they say."""
    said = raw_body_of(request) if endpoint.body is not None else b""
    return hashlib.sha256(path.encode() + b"\n" + said).hexdigest()


def language_of(accept_language: str | None) -> str:
    """The language to answer in: the first of ours that the client accepts, else English."""
    wanted: list[tuple[float, str]] = []
    for part in (accept_language or "")[:200].replace(" ", "").split(","):
        tag, _, quality = part.partition(";q=")
        try:
            wanted.append((-float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    return next(
        (tag for weight, tag in sorted(wanted, key=lambda w: w[0]) if tag in ("fr", "en") and weight), "en"
    )
