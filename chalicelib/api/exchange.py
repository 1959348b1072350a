"""One request, one answer: the order in which everything is checked, and the end of every exception."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from aws_lambda_powertools import Logger

from chalicelib.api import answers, problems, reading
from chalicelib.api.access import EVERYONE, GUESTS, MEMBERS, PEOPLE
from chalicelib.api.callers import (
    GuestsOnly,
    MembersOnly,
    OneQuestionOnly,
    ScopeMissing,
    TokenMissing,
    caller_of,
)
from chalicelib.domain import errors, limits, receipts
from chalicelib.gateways import ids

if TYPE_CHECKING:
    from chalice.app import Request, Response

    from chalicelib.api.endpoints import Endpoint
    from chalicelib.domain.callers import Caller

logger = Logger(service="api")


class DeletedSince(errors.NotFound):
    """A request is repeated, and there is nothing left to answer it with."""

    reason: ClassVar = {
        "en": "This request was carried out before; what it created has been deleted since.",
        "fr": "Cette demande a déjà été exécutée ; ce qu’elle avait créé a été supprimé depuis.",
    }


class InternalError(errors.Refusal):
    """A mistake of ours; the request id is what support needs."""

    reason: ClassVar = {
        "en": "Something went wrong on our side. Give this request id to support: {request_id}.",
        "fr": "Une erreur est survenue de notre côté. Donnez cet identifiant au support : {request_id}.",
    }
    example: ClassVar = {"request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}


def serve(endpoint: Endpoint, request: Request, path_parameters: dict[str, str]) -> Response:
    """Answer a request; never raises."""
    started = time.perf_counter()
    request_id = request.context.get("requestId") or ids.new("req")
    language = reading.language_of(request.headers.get("accept-language"))
    failure: BaseException | None = None
    instance = quote(endpoint.path.format(**path_parameters), safe="/~", errors="replace")
    told: dict[str, str] = {"X-Request-Id": request_id, "Vary": "Accept-Language, Authorization"}
    try:
        response: Response = _answer(endpoint, request, path_parameters, language, told)
    except errors.Refusal as refusal:
        response = problems.of_refusal(refusal, language=language, request_id=request_id, instance=instance)
    except Exception as bug:  # noqa: BLE001 - whatever it is, the client gets a problem and the log gets the trace
        failure = bug
        response = problems.problem(
            500, "internal_error", InternalError(request_id=request_id).sentence(language),
            language=language, request_id=request_id, instance=instance,
        )  # fmt: skip
    response.headers.update(told)
    response.headers.setdefault("Content-Language", language)
    response.headers.setdefault("Cache-Control", "no-store" if endpoint.access is not None else "no-cache")
    _log(endpoint, request_id, response, started, failure)
    return response


def _answer(
    endpoint: Endpoint, request: Request, named: dict[str, str], language: str, told: dict[str, str]
) -> Any:
    caller = _authorized(endpoint, request, named, language)
    principal = caller.member_id if caller else ""
    if endpoint.policy:
        by_address = endpoint.policy.by_address or not principal
        _spend(endpoint.policy, _address(request) if by_address else principal, told)
    path = reading.path_of(endpoint, named)
    query = reading.query_of(endpoint, request)
    arguments = reading.arguments_of(
        endpoint, request, query=query, principal=principal, path=path, language=language
    )
    if "caller" in endpoint.takes:
        arguments["caller"] = caller
    result = _carry_out(endpoint, request, {**named, **arguments}, principal=principal, path=path, told=told)
    if endpoint.raw:
        return answers.unless_held(result, request.headers.get("if-none-match"))
    return answers.render(
        endpoint, result, query=query, principal=principal, path=path,
        if_none_match=request.headers.get("if-none-match"),
    )  # fmt: skip


def _carry_out(
    endpoint: Endpoint,
    request: Request,
    arguments: dict[str, Any],
    *,
    principal: str,
    path: str,
    told: dict[str, str],
) -> Any:
    """What the use case answers; what it created before, to a repeated request."""
    key = reading.idempotency_key_of(request) if endpoint.repeatable else None
    result = receipts.carry_out(
        lambda: endpoint.function(**arguments),
        principal=principal,
        route=f"{endpoint.method} {endpoint.path}",
        key=key,
        fingerprint=reading.fingerprint_of(endpoint, request, path) if key else "",
    )
    if not isinstance(result, receipts.Replay):
        return result
    told["Idempotency-Replayed"] = "true"
    if endpoint.again is not None:
        return endpoint.again(result.created, **arguments)
    if result.created is None and endpoint.returns is not None:
        raise DeletedSince
    return result.created


def _authorized(endpoint: Endpoint, request: Request, named: dict[str, str], language: str) -> Caller | None:
    said = request.headers
    caller = caller_of(said.get("authorization"), language=language, origin=said.get("origin"))
    if endpoint.access is EVERYONE:
        # where anyone may come in a guest is anyone: they have no account to be known by
        return None if caller is None or caller.is_guest else caller
    if caller is None:
        raise TokenMissing
    if caller.is_guest:
        if endpoint.access not in (PEOPLE, GUESTS):
            raise MembersOnly
        if endpoint.access == PEOPLE and named.get("organization_id") != caller.guest_of:
            raise reading.NothingHere
        if caller.only and not endpoint.is_by_link(named.get("question_id"), caller.only):
            raise OneQuestionOnly
    elif endpoint.access == GUESTS:
        raise GuestsOnly
    elif endpoint.access not in (PEOPLE, MEMBERS) and not caller.has(endpoint.access):
        raise ScopeMissing(scope=endpoint.access)
    return caller


def _address(request: Request) -> str:
    return "ip:" + str((request.context.get("identity") or {}).get("sourceIp", "unknown"))


def _spend(policy: limits.Policy, principal: str, told: dict[str, str]) -> None:
    """Count this call; whatever comes of it, the answer tells what is left."""
    try:
        allowance = limits.spend(policy, principal)
    except limits.TooManyRequests as refusal:
        told.update(_left(policy, 0, refusal.context["retry_after"]))
        raise
    told.update(_left(policy, allowance.remaining, allowance.resets_in))


def _left(policy: limits.Policy, remaining: int, resets_in: object) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"{policy.name}";q={policy.limit};w={policy.window}',
        "RateLimit": f'"{policy.name}";r={remaining};t={resets_in}',
        "X-RateLimit-Limit": str(policy.limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(resets_in),
    }


def _log(
    endpoint: Endpoint, request_id: str, response: Response, started: float, failure: BaseException | None
) -> None:
    line = {
        "request_id": request_id,
        "operation": endpoint.name,
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - started) * 1000, 1),
    }
    if failure is None:
        logger.info("request", extra=line)
    else:
        logger.error("request failed", exc_info=failure, extra=line)
