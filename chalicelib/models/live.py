from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError

from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from datetime import datetime


class Ticket(LiveItem, discriminator="ticket"):
    """The right to open one live connection, once."""

    member_id = UnicodeAttribute()

    @classmethod
    def of(cls, digest: str, *, member_id: str, until: datetime) -> Ticket:
        return cls(f"TICKET#{digest}", "TICKET", member_id=member_id, expires_at=int(until.timestamp()))

    @classmethod
    def find(cls, digest: str) -> Ticket | None:
        found: Ticket | None = cls.find_by(f"TICKET#{digest}", "TICKET")
        return found

    def use_up(self, at: datetime) -> bool:
        """Take the ticket; False when it was taken or is over."""
        try:
            self.delete(condition=Ticket.pk.exists() & (Ticket.expires_at > int(at.timestamp())))
        except DeleteError as refused:
            if refused.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True


class Connection(LiveItem, discriminator="connection"):
    """A live connection and whose it is."""

    member_id = UnicodeAttribute()

    @classmethod
    def of(cls, connection_id: str, *, member_id: str, until: datetime) -> Connection:
        return cls(
            f"CONNECTION#{connection_id}",
            "CONNECTION",
            member_id=member_id,
            expires_at=int(until.timestamp()),
        )

    @classmethod
    def find(cls, connection_id: str) -> Connection | None:
        found: Connection | None = cls.find_by(f"CONNECTION#{connection_id}", "CONNECTION")
        return found
