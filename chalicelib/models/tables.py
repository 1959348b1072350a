"""The four tables of a tenant, one per lifecycle, over one shared DynamoDB client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from pynamodb.attributes import (
    DiscriminatorAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.gateways import aws
from chalicelib.pages import Page, Slice
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pynamodb.connection.table import TableConnection
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

_settings = settings()


class Item(Model):
    """Anything stored: `pk` names its collection, `sk` its place in it."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        connection = super()._get_connection()
        # PynamoDB would build a private session and client per table: one client serves them all
        connection.connection._client = aws.client("dynamodb")  # noqa: SLF001
        return connection

    @classmethod
    def find_by(cls, pk: str, sk: str) -> Any:
        """The item under this key read consistently, or None."""
        try:
            return cls.get(pk, sk, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def sets(cls, **values: Any) -> list[Action]:
        """Actions that give these attributes these values, and leave the others to their own writers."""
        return [getattr(cls, name).set(value) for name, value in values.items()]

    @classmethod
    def slice(
        cls, pk: str, page: Page, *, newest_first: bool = False, before: str | None = None
    ) -> Slice[Self]:
        """One page of a collection, by `sk`; oldest first it may end before some place."""
        after: Condition | None = None
        if before is not None:
            # both ends are included: no key is between a place and the same with a space, nor is one bare
            after = cls.sk.between(f"{page.after or ''} ", before)
        elif page.after is not None:
            after = cls.sk < page.after if newest_first else cls.sk > page.after
        # one more than asked tells whether there is a next page
        found = list(
            cls.query(
                pk, after, limit=page.limit + 1, scan_index_forward=not newest_first, consistent_read=True
            )
        )
        kept = found[: page.limit]
        return Slice(kept, kept[-1].sk if len(found) > page.limit else None)


class CommunityItem(Item):
    """Every entity, edge, counter, marker and ledger entry."""

    class Meta:
        table_name = _settings.community_table
        region = _settings.region
        billing_mode = "PAY_PER_REQUEST"

    kind = DiscriminatorAttribute()
    expires_at = NumberAttribute(null=True)


class MessageItem(Item):
    """Messages of salons and conversations, and their public history."""

    class Meta:
        table_name = _settings.messages_table
        region = _settings.region
        billing_mode = "PAY_PER_REQUEST"

    kind = DiscriminatorAttribute()
    expires_at = NumberAttribute(null=True)


class PendingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call] # untyped in PynamoDB
    """The announcements not yet known to be published: sparse, emptied by the relay, swept by the clock."""

    class Meta:
        index_name = "pending"
        projection = KeysOnlyProjection()

    pending = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class JournalItem(Item):
    """Every domain event, for good."""

    class Meta:
        table_name = _settings.journal_table
        region = _settings.region
        billing_mode = "PAY_PER_REQUEST"


class LiveItem(Item):
    """What lasts minutes: rate buckets, tickets, connections."""

    class Meta:
        table_name = _settings.live_table
        region = _settings.region
        billing_mode = "PAY_PER_REQUEST"

    kind = DiscriminatorAttribute()
    expires_at = NumberAttribute()


def connection() -> Connection:
    """A connection for transactions, over the shared client."""
    shared = Connection(region=_settings.region)
    shared._client = aws.client("dynamodb")  # noqa: SLF001
    return shared


I = TypeVar("I", bound=CommunityItem)  # noqa: E741
J = TypeVar("J", bound=CommunityItem)
K = TypeVar("K", bound=CommunityItem)
L = TypeVar("L", bound=CommunityItem)


@dataclass(frozen=True)
class Key(Generic[I]):
    """Where an entity is, and what it will be."""

    model: type[I]
    pk: str
    sk: str


@overload
def load(first: Key[I], /) -> tuple[I | None]: ...
@overload
def load(first: Key[I], second: Key[J], /) -> tuple[I | None, J | None]: ...
@overload
def load(first: Key[I], second: Key[J], third: Key[K], /) -> tuple[I | None, J | None, K | None]: ...
@overload
def load(
    first: Key[I], second: Key[J], third: Key[K], fourth: Key[L], /
) -> tuple[I | None, J | None, K | None, L | None]: ...
@overload
def load(*keys: Key[Any]) -> tuple[Any, ...]: ...
def load(*keys: Key[Any]) -> tuple[Any, ...]:
    """The items under these keys, None for each that does not exist: consistent, one call up to 100 keys."""
    found = _batch({(key.pk, key.sk) for key in keys})
    return tuple(found.get((key.pk, key.sk)) for key in keys)


def _batch(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], CommunityItem]:
    items = CommunityItem.batch_get(sorted(keys), consistent_read=True)
    return {(item.pk, item.sk): item for item in items}
