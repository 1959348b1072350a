from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.api import callers, exchange, pages, problems, reading
from chalicelib.api.access import EVERYONE, GUESTS, MEMBERS, PEOPLE
from chalicelib.domain import errors, limits, receipts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.api.endpoints import Endpoint

Kind = type[errors.Refusal]


def of(endpoint: Endpoint) -> dict[int, list[Kind]]:
    """Everything that the operation may refuse, by status: what it declares, and what the kit adds to it."""
    every: list[Kind] = list(dict.fromkeys([*_of_the_kit(endpoint), *endpoint.refusals]))
    statuses = sorted({problems.status_of(kind) for kind in every})
    return {status: [kind for kind in every if problems.status_of(kind) == status] for status in statuses}


def _of_the_kit(endpoint: Endpoint) -> Iterator[Kind]:
    """In the order in which a request meets them."""
    yield from _of_the_caller(endpoint)
    yield from _of_the_request(endpoint)
    if endpoint.repeatable:
        yield from (reading.IdempotencyKeyInvalid, receipts.IdempotencyKeyReused)
    if endpoint.repeatable and endpoint.returns:
        yield exchange.DeletedSince
    if endpoint.method != "GET":
        yield errors.Busy
    yield exchange.InternalError


def _of_the_caller(endpoint: Endpoint) -> Iterator[Kind]:
    if endpoint.access is not None:
        yield callers.TokenMissing
    yield from (callers.TokenInvalid, callers.TokenExpired, callers.KeysUnavailable)
    if endpoint.access == GUESTS:
        yield callers.GuestsOnly
    if endpoint.access in (PEOPLE, GUESTS):
        yield callers.OneQuestionOnly
    if endpoint.access not in (EVERYONE, PEOPLE, GUESTS):
        yield callers.MembersOnly
    if endpoint.access not in (EVERYONE, PEOPLE, GUESTS, MEMBERS):
        yield callers.ScopeMissing
    if endpoint.policy:
        yield limits.TooManyRequests


def _of_the_request(endpoint: Endpoint) -> Iterator[Kind]:
    if endpoint.path_parameters:
        yield reading.NothingHere
    if endpoint.conditional:
        yield from (reading.IfMatchMissing, reading.IfMatchInvalid)
    if endpoint.listed or endpoint.query:
        yield reading.QueryMalformed
    if endpoint.listed:
        yield from (pages.LimitInvalid, pages.CursorInvalid)
    if endpoint.body:
        yield from (reading.UnsupportedMediaType, reading.BodyTooLarge, reading.MalformedJson)
    if endpoint.body or endpoint.query:
        yield errors.InvalidRequest


REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
INSTANCE = "/v1/organizations/org_01JD3Q7M5T8XW2RBN4CJ6HDPEA"


def problem(kind: Kind) -> dict[str, Any]:
    """The very problem that a client gets, as an example."""
    refusal = kind(**kind.example)
    response = problems.of_refusal(refusal, language="en", request_id=REQUEST_ID, instance=INSTANCE)
    body: dict[str, Any] = json.loads(response.body)
    return body
