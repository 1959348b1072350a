from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice


class LedgerEntry(CommunityItem, discriminator="ledger_entry"):
    """One line of a member's merit: written once, never changed.

    Its id is derived from what it is about and sorts by its time, so that the same line written again is
    found to be there.
    """

    id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    movement = UnicodeAttribute()
    """earn or reverse."""
    amount = NumberAttribute()
    """As applied; negative when reversed."""
    reason = UnicodeAttribute()
    rule = UnicodeAttribute()
    """The rule's name and version."""
    organization_id = UnicodeAttribute()
    object_kind = UnicodeAttribute()
    object_id = UnicodeAttribute()
    thanks_id = UnicodeAttribute(null=True)
    """None for what was attested otherwise than with thanks."""
    actor_id = UnicodeAttribute()
    """Who attested it."""
    at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, member_id: str, entry_id: str) -> Key[LedgerEntry]:
        return Key(cls, _ledger(member_id), entry_id)

    @classmethod
    def writing(cls, member_id: str, entry_id: str, **values: Any) -> LedgerEntry:
        """A line, not saved yet."""
        return cls(_ledger(member_id), entry_id, id=entry_id, member_id=member_id, **values)

    @classmethod
    def of_member(cls, member_id: str, page: Page) -> Slice[LedgerEntry]:
        """A member's lines, newest first."""
        return cls.slice(_ledger(member_id), page, newest_first=True)

    @classmethod
    def every_amount(cls, member_id: str) -> Iterator[int]:
        """What each of a member's lines moved."""
        for entry in cls.query(_ledger(member_id), consistent_read=True):
            yield int(entry.amount)


def _ledger(member_id: str) -> str:
    return f"MEMBER#{member_id}#LEDGER"


class Account(CommunityItem, discriminator="account"):
    """What a member's lines come to; moved only in the transactions that write one."""

    balance = NumberAttribute(default=0)

    @classmethod
    def key(cls, member_id: str) -> Key[Account]:
        return Key(cls, f"MEMBER#{member_id}", "ACCOUNT#MERIT")

    @classmethod
    def of(cls, member_id: str) -> Account:
        """A member's account, as a thing to move; what it holds is not read."""
        key = cls.key(member_id)
        return cls(key.pk, key.sk)

    @classmethod
    def balance_by(cls, amount: int) -> list[Action]:
        """More merit, or less; the first movement opens the account."""
        return [cls.kind.set(cls), cls.balance.add(amount)]


class PairWindow(CommunityItem, discriminator="pair_window"):
    """The lines that one member's word lately earned another."""

    earned: JSONAttribute = JSONAttribute(default=dict)
    """Entry id → when it was attested."""
    version = VersionAttribute()

    @classmethod
    def key(cls, giver_id: str, beneficiary_id: str) -> Key[PairWindow]:
        return Key(cls, f"PAIR#{giver_id}#{beneficiary_id}", "MERIT")

    @classmethod
    def opening(cls, giver_id: str, beneficiary_id: str) -> PairWindow:
        """A window onto nothing, not saved yet."""
        key = cls.key(giver_id, beneficiary_id)
        return cls(key.pk, key.sk, earned={})

    def moments(self) -> list[datetime]:
        """When each line was attested."""
        return [datetime.fromisoformat(at) for at in self.earned.values()]

    def take_in(self, entry_id: str, at: datetime) -> None:
        self.earned = {**self.earned, entry_id: at.astimezone(UTC).isoformat()}

    def let_go(self, entry_id: str) -> None:
        self.earned = {known: at for known, at in self.earned.items() if known != entry_id}

    def forget_before(self, moment: datetime, *, until: datetime) -> None:
        """Keep only lines attested since this moment, and nothing at all after `until`."""
        kept = {known: at for known, at in self.earned.items() if datetime.fromisoformat(at) >= moment}
        self.earned, self.expires_at = kept, int(until.timestamp())
