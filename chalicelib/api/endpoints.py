"""One declaration per endpoint: it routes, authorizes, validates, maps refusals and documents."""

from __future__ import annotations

import functools
import inspect
import re
import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, CORSConfig
from pydantic import BaseModel

from chalicelib.api import answers, exchange
from chalicelib.api.access import EVERYONE, GUESTS, MEMBERS, PEOPLE
from chalicelib.contracts.base import Listing
from chalicelib.domain.callers import Caller
from chalicelib.domain.limits import ANONYMOUS, WRITES, Policy
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.domain import errors

CORS = CORSConfig(
    allow_origin="*",  # Bearer tokens and no cookies: another origin has nothing to ride on
    allow_headers=[
        "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language",
    ],
    expose_headers=[
        "ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy",
        "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "X-Request-Id", "Content-Language", "Idempotency-Replayed",
    ],
    max_age=600,
)  # fmt: skip


class IfMatch(int):
    """Annotates the parameter that receives the version in `If-Match`, which the request must carry."""


class Origin(str):
    """Annotates the parameter that receives the site of the page that calls, None outside of browsers."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """All there is to know about one operation."""

    method: str
    path: str
    tag: str
    function: Callable[..., Any]
    access: str | None
    status: int
    refusals: tuple[type[errors.Refusal], ...]
    order: str | None
    most: int
    raw: bool = False
    media_type: str = "application/json"
    receipts: bool = True
    again: Callable[..., Any] | None = None
    counted: bool = True
    limit: Policy | None = None
    body: type[BaseModel] | None = field(init=False)
    query: type[BaseModel] | None = field(init=False)
    returns: type[BaseModel] | None = field(init=False)
    takes: frozenset[str] = field(init=False)
    """Names of the parameters that are not in the path: caller, body, query, page, version, origin."""

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(self.function)
        returns = hints.get("return")
        read = {
            "body": hints.get("body"),
            "query": hints.get("query"),
            "returns": returns if isinstance(returns, type) and issubclass(returns, BaseModel) else None,
            "takes": frozenset(inspect.signature(self.function).parameters) - set(self.path_parameters),
        }
        for name, value in read.items():
            object.__setattr__(self, name, value)
        expected = {
            "body": self.body,
            "query": self.query,
            "caller": Caller,
            "page": Page,
            "version": IfMatch,
            "origin": Origin,
        }
        if unknown := self.takes - set(expected):
            raise TypeError(f"{self.name}: no such parameter: {sorted(unknown)}")
        if self.listed != ("page" in self.takes) or self.listed != (self.order is not None):
            raise TypeError(f"{self.name}: a list takes a page and publishes its order")

    @property
    def name(self) -> str:
        """The operation's id, unique in the whole API."""
        return self.function.__name__

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def listed(self) -> bool:
        """Whether the answer is a page of a list."""
        return self.returns is not None and issubclass(self.returns, Listing)

    @property
    def tagged(self) -> bool:
        """Whether it is a file, with an ETag of its own: whoever holds it is answered 304."""
        return self.media_type in ("text/javascript", "text/calendar")

    @property
    def repeatable(self) -> bool:
        """Whether an Idempotency-Key makes it safe to send again: PUT and DELETE are so by themselves."""
        return self.method == "POST" and self.access is not EVERYONE and self.receipts

    def is_by_link(self, question_id: str | None, only: str) -> bool:
        """Whether whom a mailed link let into `only` that conversation may call it: there, or to hear it."""
        return question_id == only or self.path.endswith("/live/tickets")

    @property
    def scope(self) -> str | None:
        """The scope that it takes, granted by an operator; None when it takes none."""
        return None if self.access in (EVERYONE, PEOPLE, GUESTS, MEMBERS) else self.access

    @property
    def conditional(self) -> bool:
        """Whether it takes `If-Match`."""
        return "version" in self.takes

    @property
    def policy(self) -> Policy | None:
        """What its calls count against."""
        if self.method == "GET" or not self.counted:
            return None
        return self.limit or (ANONYMOUS if self.access is EVERYONE else WRITES)


class Api(Blueprint):
    """The endpoints of one capability."""

    def __init__(self, import_name: str, *, tag: str) -> None:
        super().__init__(import_name)
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def endpoint(  # noqa: PLR0913 - one declaration says everything
        self,
        method: str,
        path: str,
        *,
        access: str | None = MEMBERS,
        status: int = 200,
        refusals: Sequence[type[errors.Refusal]] = (),
        order: str | None = None,
        most: int = 100,
        raw: bool = False,
        media_type: str = "application/json",
        receipts: bool = True,
        again: Callable[..., Any] | None = None,
        counted: bool = True,
        limit: Policy | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Serve a function under `/v1`.

        Its docstring is the documentation. Its parameters say what it needs: those of the path by their
        names, and `caller: Caller` (`Caller | None` when access is EVERYONE), `body` and `query` of a
        contract each, `page: Page` for lists, `version: IfMatch`, `origin: Origin`. It returns
        what its return annotation, a contract, is read from; a `Slice` for a Listing; `Answer` to add a
        status or a Location; None for 204.

        Args:
            method: the HTTP method.
            path: the path after `/v1`.
            access: EVERYONE, PEOPLE, GUESTS, MEMBERS, or the name of a scope that an operator grants.
            status: the status of success.
            refusals: what the use case may raise, for the documentation.
            order: the published order rule of a list, as `name@version`.
            most: how many things a page of this list holds at most, whatever its `limit`.
            raw: the function returns a whole Chalice response, not JSON of a contract.
            media_type: what a raw response is, for the documentation.
            counted: whether calls count against a rate limit at all.
            receipts: whether a POST takes an Idempotency-Key; False where the body carries a key of its own.
            again: answers a POST that was carried out before, where that is not simply with what it created:
                takes what it created, if anything, and the function's own parameters by their names.
            limit: what calls count against, where the common limit would be too much.
        """

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            endpoint = Endpoint(
                method=method, path="/v1" + path, tag=self.tag, function=function, access=access,
                status=204 if typing.get_type_hints(function).get("return") is type(None) else status,
                refusals=tuple(refusals), order=order, most=most, raw=raw, media_type=media_type,
                receipts=receipts, again=again, counted=counted, limit=limit,
            )  # fmt: skip
            self._serve(endpoint)
            return function

        return declare

    def _serve(self, endpoint: Endpoint) -> None:
        self.endpoints.append(endpoint)

        @functools.wraps(endpoint.function)
        def view(**path_parameters: str) -> Any:
            return exchange.serve(endpoint, self.current_request, path_parameters)

        # Chalice reads the names of the path here
        named: Any = view
        named.__signature__ = inspect.Signature(
            [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in endpoint.path_parameters]
        )
        # no content types: Chalice's own 415 would not be a problem document, so the check is ours
        self.route(endpoint.path, methods=[endpoint.method], content_types=[], cors=CORS)(view)


Answer = answers.Answer

__all__ = [
    "CORS",
    "EVERYONE",
    "GUESTS",
    "MEMBERS",
    "PEOPLE",
    "Answer",
    "Api",
    "Endpoint",
    "IfMatch",
    "Origin",
]
