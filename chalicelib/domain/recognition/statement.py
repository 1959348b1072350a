"""What a member's merit is, told to its member and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import members
from chalicelib.domain.recognition import rules
from chalicelib.models.ledger import Account, LedgerEntry
from chalicelib.models.members import Member
from chalicelib.models.tables import load
from chalicelib.models.thanks import Thanks
from chalicelib.pages import Page, Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


@dataclass(frozen=True)
class Line:
    """A line of someone's merit, with its reason in their language."""

    entry: LedgerEntry
    explanation: str
    thanks: Thanks | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)

    @property
    def kind(self) -> str:
        return self.entry.movement

    @property
    def text(self) -> str | None:
        """What they were thanked with; None once that was taken back."""
        return self.thanks.text if self.thanks else None

    @property
    def object(self) -> dict[str, str]:
        """What was attested."""
        return {"kind": self.entry.object_kind, "id": self.entry.object_id}


def read(caller: Caller, page: Page) -> Slice[Line]:
    """The caller's own merit: every line, newest first, and beside them what they come to."""
    found = LedgerEntry.of_member(caller.member_id, page)
    account, member, *thanks = load(
        Account.key(caller.member_id),
        Member.key(caller.member_id),
        *(Thanks.key(entry.thanks_id or "none") for entry in found.items),
    )
    members.known(caller, member)
    words = [rules.REASONS[entry.reason] for entry in found.items]
    lines = [
        Line(entry, reason.get(caller.language, reason["en"]), given)
        for entry, reason, given in zip(found.items, words, thanks, strict=True)
    ]
    return Slice(lines, found.last, beside={"balance": int(account.balance) if account else 0})


def recount(member_id: str) -> int:
    """What a member's lines come to, counted from the lines: what the balance must be."""
    return sum(LedgerEntry.every_amount(member_id))
