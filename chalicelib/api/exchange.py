"""One request, one answer: the order in which everything is checked, and the end of every exception."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from aws_lambda_powertools import Logger

from chalicelib.api import answers, problems, reading
from chalicelib.api.callers import ScopeMissing, TokenMissing, caller_of
from chalicelib.domain import errors, limits, receipts
from chalicelib.gateways import ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.app import Request, Response

    from chalicelib.api.endpoints import Endpoint
    from chalicelib.domain.callers import Caller

logger = Logger(service="api")


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
    try:
        response: Response = _answer(endpoint, request, path_parameters, language)
    except errors.Refusal as refusal:
        response = problems.of_refusal(
            refusal, language=language, request_id=request_id, instance=request.path
        )
    except Exception as bug:  # noqa: BLE001 - whatever it is, the client gets a problem and the log gets the trace
        failure = bug
        response = problems.problem(
            500, "internal_error", InternalError(request_id=request_id).sentence(language),
            language=language, request_id=request_id, instance=request.path,
        )  # fmt: skip
    response.headers.update({"X-Request-Id": request_id, "Vary": "Accept-Language, Authorization"})
    response.headers.setdefault("Content-Language", language)
    response.headers.setdefault("Cache-Control", "no-store" if endpoint.access is not None else "no-cache")
    _log(endpoint, request_id, response, started, failure)
    return response


def _answer(endpoint: Endpoint, request: Request, path_parameters: dict[str, str], language: str) -> Any:
    caller = _authorized(endpoint, request, language)
    principal = caller.member_id if caller else _address(request)
    allowance = limits.spend(endpoint.policy, principal) if endpoint.policy else None
    query = {name: str(value) for name, value in (request.query_params or {}).items()}
    arguments = {
        **path_parameters,
        **reading.arguments_of(endpoint, request, query=query, principal=principal, language=language),
    }
    if "caller" in endpoint.takes:
        arguments["caller"] = caller
    result = receipts.carry_out(
        lambda: endpoint.function(**arguments),
        principal=principal,
        route=f"{endpoint.method} {request.path}",
        key=reading.idempotency_key_of(request) if endpoint.repeatable else None,
        fingerprint=reading.fingerprint_of(request),
    )
    if isinstance(result, receipts.Replay):
        result = answers.Answer(result.created, status=endpoint.status, replayed=True)
    response: Any = result
    if not endpoint.raw:
        response = answers.render(
            endpoint, result, query=query, principal=principal, path=request.path,
            if_none_match=request.headers.get("if-none-match"),
        )  # fmt: skip
    if allowance:
        response.headers.update(_allowance_headers(allowance))
    return response


def _authorized(endpoint: Endpoint, request: Request, language: str) -> Caller | None:
    caller = caller_of(request.headers.get("authorization"), language=language)
    if endpoint.access is None:
        return caller
    if caller is None:
        raise TokenMissing
    if endpoint.access and not caller.has(endpoint.access):
        raise ScopeMissing(scope=endpoint.access)
    return caller


def _address(request: Request) -> str:
    return "ip:" + str((request.context.get("identity") or {}).get("sourceIp", "unknown"))


def _allowance_headers(allowance: limits.Allowance) -> Mapping[str, str]:
    policy = allowance.policy
    return {
        "RateLimit-Policy": f'"{policy.name}";q={policy.limit};w={policy.window}',
        "RateLimit": f'"{policy.name}";r={allowance.remaining};t={allowance.resets_in}',
        "X-RateLimit-Limit": str(policy.limit),
        "X-RateLimit-Remaining": str(allowance.remaining),
        "X-RateLimit-Reset": str(allowance.resets_in),
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
