"""One use case, one transaction: what it writes, and what it announces."""

from __future__ import annotations

import functools
import random
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.models import tables
from chalicelib.models.journal import JournalEntry
from chalicelib.models.markers import Receipt, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.models.tables import Item, Key

P = ParamSpec("P")
R = TypeVar("R")


class Overtaken(Exception):  # noqa: N818 - a fact about a race, not a fault
    """Another writer was first: what was decided was decided on a state that is gone."""


class AlreadySeen(Exception):  # noqa: N818
    """This consumer has already had this event's effect."""


class AlreadyAnswered(Exception):  # noqa: N818
    """A request under the same receipt has already been carried out."""


@dataclass
class Changes:
    """What one transaction will write; nothing is sent before the `with` block ends."""

    transaction: TransactWrite
    # PynamoDB sends checks, then deletes, puts and updates, whatever the order of the calls:
    # each list below keeps, in that same order, what to raise when its item's condition fails
    checks: list[BaseException] = field(default_factory=list)
    deletes: list[BaseException] = field(default_factory=list)
    puts: list[BaseException] = field(default_factory=list)
    updates: list[BaseException] = field(default_factory=list)
    created: Item | None = None

    def create(self, item: Item, *, otherwise: BaseException | None = None) -> None:
        """Put an item that must not exist yet; `otherwise` is raised if it does.

        The first one created is what a repeated request is answered with.
        """
        self.created = self.created or item
        self._put(item, type(item).pk.does_not_exist(), otherwise)

    def save(
        self, item: Item, *, condition: Condition | None = None, otherwise: BaseException | None = None
    ) -> None:
        """Put an item as it now is; a versioned one only if nobody changed it meanwhile."""
        self._put(item, condition, otherwise)

    def update(
        self,
        item: Item,
        *actions: Action,
        condition: Condition | None = None,
        otherwise: BaseException | None = None,
        versioned: bool = True,
    ) -> None:
        """Change some attributes, leaving the others to their own writers.

        A versioned item is changed only if nobody changed it meanwhile, unless `versioned` is False: then
        the condition is the only guard. The item in hand is not refreshed.
        """
        if not versioned:
            # PynamoDB counts a version at every update, and would break the If-Match of whoever read this
            item = type(item)(item.pk, item.sk)
            item._version_attribute_name = None  # noqa: SLF001
        self.transaction.update(item, list(actions), condition=condition)
        self.updates.append(otherwise or Overtaken())

    def edit(
        self,
        item: Item,
        *,
        condition: Condition | None = None,
        otherwise: BaseException | None = None,
        **values: Any,
    ) -> None:
        """Give attributes new values, in hand and in the table, if nobody changed the item meanwhile."""
        for name, value in values.items():
            setattr(item, name, value)
        self.update(item, *item.sets(**values), condition=condition, otherwise=otherwise)

    def delete(
        self, item: Item, *, condition: Condition | None = None, otherwise: BaseException | None = None
    ) -> None:
        """Delete an item that must still be there, and unchanged if it is versioned."""
        exists = type(item).pk.exists()
        self.transaction.delete(item, condition=exists & condition if condition is not None else exists)
        self.deletes.append(otherwise or Overtaken())

    def take_away(self, item: Item) -> None:
        """Delete an item, whether or not it is still there: one that the clock may have swept away."""
        self.transaction.delete(item)
        self.deletes.append(Overtaken())

    def check(self, key: Key[Any], condition: Condition, *, otherwise: BaseException | None = None) -> None:
        """Hold the whole change to a condition on an item that it does not write."""
        self.transaction.condition_check(key.model, key.pk, key.sk, condition=condition)
        self.checks.append(otherwise or Overtaken())

    def announce(self, event: Any) -> None:
        """Write the event into the journal, from where it will be published."""
        self._put(JournalEntry.of(event), None, None)

    def once(self, consumer: str, event_id: str) -> None:
        """Let this consumer have this event's effect a single time, however often it is delivered."""
        marker = Seen.of(consumer, event_id)
        self._put(marker, Seen.pk.does_not_exist(), AlreadySeen(consumer, event_id))

    def _put(self, item: Item, condition: Condition | None, otherwise: BaseException | None) -> None:
        self.transaction.save(item, condition=condition)
        self.puts.append(otherwise or Overtaken())

    def is_something(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.checks or self.deletes or self.puts or self.updates)

    def causes(self, failure: TransactWriteError) -> list[BaseException]:
        """What made the transaction fail, by item."""
        tagged = [*self.checks, *self.deletes, *self.puts, *self.updates]
        reasons = failure.cancellation_reasons
        return [
            cause
            for cause, reason in zip(tagged, reasons, strict=False)
            if reason and reason.code == "ConditionalCheckFailed"
        ]


receipt: ContextVar[Receipt | None] = ContextVar("receipt", default=None)
"""The receipt of the request under way: it joins the first transaction, which is what was asked for."""

_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


@contextmanager
def changes() -> Iterator[Changes]:
    """Commit what the block asked for, all or nothing.

    Raises what the failed item carries (`otherwise`), else `Overtaken`. A retry by the transport is safe:
    every transaction carries a client token.
    """
    change = Changes(TransactWrite(connection=tables.connection()))
    yield change
    if not change.is_something():
        return
    _join_receipt(change)
    try:
        change.transaction._commit()  # noqa: SLF001 - the context manager would commit outside this try
    except TransactWriteError as failure:
        causes = change.causes(failure)
        if causes:
            raise _foremost(causes) from failure
        if any(reason and reason.code in _PASSING for reason in failure.cancellation_reasons):
            raise Overtaken from failure  # another transaction held one of the items
        raise


def _join_receipt(change: Changes) -> None:
    held = receipt.get()
    if held is None:
        return
    if change.created is not None:
        held.creates(change.created)
    change._put(held, Receipt.is_free(), AlreadyAnswered())  # noqa: SLF001
    receipt.set(None)


def _foremost(causes: Sequence[BaseException]) -> BaseException:
    """Receipts and markers say that all is done already; a refusal is more telling than a lost race."""
    for kind in (AlreadyAnswered, AlreadySeen):
        for cause in causes:
            if isinstance(cause, kind):
                return cause
    told = [cause for cause in causes if not isinstance(cause, Overtaken)]
    return told[0] if told else causes[0]


ATTEMPTS = 12


@overload
def retry_if_overtaken(use_case: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def retry_if_overtaken(*, attempts: int) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def retry_if_overtaken(use_case: Any = None, /, *, attempts: int = ATTEMPTS) -> Any:
    """Decide again on fresh state when another writer was faster, a bounded number of times."""
    if use_case is None:
        return functools.partial(_retrying, attempts=attempts)
    return _retrying(use_case, attempts=attempts)


def _retrying(use_case: Callable[P, R], *, attempts: int) -> Callable[P, R]:
    @functools.wraps(use_case)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        held = receipt.get()
        for turn in range(attempts - 1):
            try:
                return use_case(*args, **kwargs)
            except Overtaken:
                receipt.set(held)
                time.sleep(random.uniform(0, min(0.4, 0.01 * 2**turn)))  # noqa: S311 - jitter, not a secret
        return use_case(*args, **kwargs)

    return attempt
