"""Refusals and mistakes as RFC 9457 problems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import ValidationError

STATUS: dict[type[errors.Refusal], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.WrongMediaType: 415,
    errors.Invalid: 422,
    errors.Unconditional: 428,
    errors.LimitReached: 429,
    errors.Unavailable: 503,
}
"""How each kind of refusal is said over HTTP: the only place that knows."""

TITLES: dict[int, dict[str, str]] = {
    400: {"en": "Malformed request", "fr": "Requête mal formée"},
    401: {"en": "Not signed in", "fr": "Non connecté"},
    403: {"en": "Not allowed", "fr": "Non permis"},
    404: {"en": "Not found", "fr": "Introuvable"},
    409: {"en": "Conflict", "fr": "Conflit"},
    412: {"en": "Changed meanwhile", "fr": "Modifié entre-temps"},
    413: {"en": "Too large", "fr": "Trop volumineux"},
    415: {"en": "Unsupported media type", "fr": "Type de contenu non pris en charge"},
    422: {"en": "Invalid request", "fr": "Requête invalide"},
    428: {"en": "Precondition required", "fr": "Précondition requise"},
    429: {"en": "Too many requests", "fr": "Trop de demandes"},
    500: {"en": "Our fault", "fr": "C’est de notre faute"},
    503: {"en": "Unavailable for a moment", "fr": "Indisponible un instant"},
}

FRENCH: dict[str, str] = {
    "missing": "Ce champ est requis",
    "extra_forbidden": "Ce champ n’existe pas",
    "string_type": "Une chaîne de caractères est attendue",
    "int_type": "Un nombre entier est attendu",
    "int_parsing": "Un nombre entier est attendu",
    "bool_type": "true ou false est attendu",
    "bool_parsing": "true ou false est attendu",
    "list_type": "Une liste est attendue",
    "dict_type": "Un objet est attendu",
    "model_type": "Un objet est attendu",
    "model_attributes_type": "Un objet est attendu",
    "too_long": "Au plus {max_length} éléments",
    "too_short": "Au moins {min_length} éléments",
    "float_type": "Un nombre est attendu",
    "float_parsing": "Un nombre est attendu",
    "finite_number": "Un nombre fini est attendu",
    "greater_than": "Plus que {gt}",
    "greater_than_equal": "Au moins {ge}",
    "less_than_equal": "Au plus {le}",
    "string_pattern_mismatch": "Cette forme n’est pas reconnue",
    "literal_error": "Valeurs possibles : {expected}",
    "unprintable_text": "Le texte ne doit pas contenir de caractères de contrôle",
    "several_lines": "Une seule ligne est attendue",
    "blank_text": "Ceci ne doit pas être vide",
    "moment_out_of_range": "Un moment se situe entre les années 2000 et 2199",
    "inexact_origin": "Une origine s’écrit comme les navigateurs l’envoient",
    "repeated_value": "Chaque valeur n’est donnée qu’une fois",
    "unusable_key": "Ce n’est pas une clé publique pour RS256 ou ES256",
    "address_too_long": "L’adresse dépasse 1600 octets",
    "no_address": "Ce n’est pas l’adresse d’une page",
    "one_place": "Nommez un lieu, et un seul",
    "organization_missing": "Nommez l’organization_id du lieu",
    "salon_only": "Réponses et mentions sont pour les salons",
    "unknown_time_zone": "Ce fuseau horaire n’est pas dans la base de l’IANA",
    "zone_without_month": "Un fuseau horaire se donne avec un mois",
    "reserved_slug": "Ce nom est réservé à des adresses à nous",
    "repeated_preset": "Chaque modèle n’est nommé qu’une fois",
}
"""pydantic's messages, for those who read French; the others stay in English, their code is the same."""


TEXT_LENGTHS = {
    "too_long": {"en": "At most {max_length} characters", "fr": "Au plus {max_length} caractères"},
    "too_short": {"en": "At least {min_length} characters", "fr": "Au moins {min_length} caractères"},
}
"""One code and one sentence, where pydantic has two of each, by the order in which a text is checked."""

MOST_FAULTS = 50
"""How many faults are told at once: a body of nothing but faults must not make a far larger answer."""


def status_of(refusal: type[errors.Refusal]) -> int:
    """The HTTP status of a refusal; 500 for one of no kind, which is a mistake of ours."""
    return next((status for kind, status in STATUS.items() if issubclass(refusal, kind)), 500)


def of_refusal(refusal: errors.Refusal, *, language: str, request_id: str, instance: str) -> Response:
    """The problem that tells a caller why their request was declined."""
    members = dict(refusal.context)
    pointer = members.pop("pointer", None)
    if pointer is not None:
        detail = refusal.sentence(language)
        members["errors"] = [{"pointer": pointer, "code": refusal.code(), "message": detail}]
    response = problem(
        status_of(type(refusal)),
        refusal.code(),
        refusal.sentence(language),
        language=language,
        request_id=request_id,
        instance=instance,
        members=members,
    )
    if "retry_after" in members:
        response.headers["Retry-After"] = str(members["retry_after"])
    if isinstance(refusal, errors.Unauthenticated):
        # RFC 6750: nothing is wrong with a token that is not there
        missing = refusal.code() == "token_missing"
        response.headers["WWW-Authenticate"] = "Bearer" if missing else 'Bearer error="invalid_token"'
    return response


def invalid(faults: Sequence[Mapping[str, Any]]) -> errors.Invalid:
    """The refusal that lists every field at fault."""
    return errors.InvalidRequest(errors=list(faults))


def faults_of(error: ValidationError, *, language: str, parameter: bool = False) -> list[dict[str, Any]]:
    """What pydantic found, each fault with a JSON pointer into the body, or the name of the parameter."""
    return [
        {
            **(
                {"parameter": str(fault["loc"][0])}
                if parameter and fault["loc"]
                else {"pointer": _pointer(fault["loc"])}
            ),
            "code": _code(fault),
            "message": _message(fault, language),
        }
        for fault in error.errors(include_url=False, include_input=False)[:MOST_FAULTS]
    ]


def _code(fault: Mapping[str, Any]) -> str:
    code = str(fault["type"])
    return code.removeprefix("string_") if code.removeprefix("string_") in TEXT_LENGTHS else code


def _pointer(location: Sequence[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def _message(fault: Mapping[str, Any], language: str) -> str:
    context = fault.get("ctx", {})
    sentence = FRENCH.get(fault["type"]) if language == "fr" else None
    if _code(fault) in TEXT_LENGTHS and context.get("field_type", "Value") == "Value":
        sentence = TEXT_LENGTHS[_code(fault)][language]
    return str(fault["msg"]) if sentence is None else sentence.format(**context)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    language: str,
    request_id: str,
    instance: str,
    members: Mapping[str, Any] | None = None,
) -> Response:
    """A problem document, with further members of its own."""
    title = TITLES[status]
    standard = {
        "type": f"urn:entraide:problem:{code}",
        "title": title.get(language, title["en"]),
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
        "request_id": request_id,
    }
    body = {**standard, **(members or {}), **standard}  # in the usual order, and never replaced by context
    headers: dict[str, Any] = {"Content-Type": "application/problem+json", "Content-Language": language}
    return Response(json.dumps(body, ensure_ascii=False, default=str), headers=headers, status_code=status)
