from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DeleteError, UpdateError
from pynamodb.expressions.condition import size

from chalicelib.models.subscriptions import is_conversation
from chalicelib.models.tables import LiveItem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_REFUSED = "ConditionalCheckFailedException"


class Ticket(LiveItem, discriminator="ticket"):
    """The right to open one live connection, once."""

    member_id = UnicodeAttribute()
    guest_of = UnicodeAttribute(default="")
    only = UnicodeAttribute(default="")
    is_verified = BooleanAttribute(default=True)
    language = UnicodeAttribute(default="fr")

    @classmethod
    def of(cls, digest: str, *, member_id: str, until: datetime, **identity: Any) -> Ticket:
        key = f"TICKET#{digest}", "TICKET"
        return cls(*key, member_id=member_id, expires_at=int(until.timestamp()), **identity)

    @classmethod
    def find(cls, digest: str) -> Ticket | None:
        found: Ticket | None = cls.find_by(f"TICKET#{digest}", "TICKET")
        return found

    def use_up(self, at: datetime) -> bool:
        """Take the ticket; False when it was taken or is over."""
        try:
            self.delete(condition=Ticket.pk.exists() & (Ticket.expires_at > int(at.timestamp())))
        except DeleteError as refused:
            if refused.cause_response_code == _REFUSED:
                return False
            raise
        return True


class Connection(LiveItem, discriminator="connection"):
    """A live connection: whose it is, what it listens to, and how much it says.

    That it is here is the right to be heard: ending it takes effect at the next frame.
    """

    member_id = UnicodeAttribute()
    guest_of = UnicodeAttribute(default="")
    only = UnicodeAttribute(default="")
    is_verified = BooleanAttribute(default=True)
    language = UnicodeAttribute(default="fr")
    notified = BooleanAttribute(default=False)
    """Whether it asked to be told its person's notifications."""
    channels = UnicodeSetAttribute(null=True)
    """What it listens to, so that all of it can be forgotten with the connection."""
    conversations = UnicodeSetAttribute(null=True)
    """Those that it ever listened to: where it is told whether whoever it belongs to is there."""
    minute = NumberAttribute(default=0)
    frames = NumberAttribute(default=0)
    """How many frames came within `minute`."""

    @classmethod
    def of(cls, connection_id: str, *, member_id: str, until: datetime, **values: Any) -> Connection:
        expires_at = int(until.timestamp())
        return cls(*cls._place(connection_id), member_id=member_id, expires_at=expires_at, **values)

    @classmethod
    def find(cls, connection_id: str) -> Connection | None:
        found: Connection | None = cls.find_by(*cls._place(connection_id))
        return found

    @classmethod
    def of_many(cls, connection_ids: Iterable[str]) -> list[Connection]:
        """Those of these connections that are there: one call per hundred."""
        return list(cls.batch_get([cls._place(name) for name in connection_ids], consistent_read=True))

    @classmethod
    def delete_all(cls, connection_ids: Iterable[str]) -> None:
        """Delete these, there or not: one call per 25."""
        with cls.batch_write() as batch:
            for name in set(connection_ids):
                batch.delete(cls(*cls._place(name)))

    @classmethod
    def hearing(cls, connection_id: str, *, minute: int) -> Connection | None:
        """Count one more frame: the connection as it then is, None when it is over. One call, as a rule."""
        heard = cls(*cls._place(connection_id))
        if heard._try([cls.frames.add(1)], cls.minute == minute):
            return heard
        heard = cls(*cls._place(connection_id))
        turned = [cls.minute.set(minute), cls.frames.set(1)]
        return heard if heard._try(turned, cls.pk.exists()) else None

    def listen(self, channel: str, most: int) -> bool:
        """Note that it listens to this channel; False when it listens to too many, or is over."""
        channels = Connection.channels
        room = channels.does_not_exist() | channels.contains(channel) | (size(channels) < most)  # type: ignore[no-untyped-call]
        actions = [channels.add({channel})]
        if is_conversation(channel):
            actions.append(Connection.conversations.add({channel}))
        return self._try(actions, Connection.pk.exists() & room)

    def be_notified(self, wanted: bool) -> bool:
        """Note whether it is told notifications; False when it is over."""
        return self._try([Connection.notified.set(wanted)], Connection.pk.exists())

    def begin_minute_again(self) -> None:
        """Let its next frame count as the first of its minute."""
        self._try([Connection.minute.set(0)], Connection.pk.exists())

    def stop_listening(self, channel: str) -> None:
        """Note that it does not listen to this channel."""
        self._try([Connection.channels.delete({channel})], Connection.pk.exists())

    @property
    def id(self) -> str:
        return self.pk.partition("#")[2]

    def _try(self, actions: list[Any], condition: Any) -> bool:
        try:
            self.update(actions=actions, condition=condition)
        except UpdateError as refused:
            if refused.cause_response_code == _REFUSED:
                return False
            raise
        return True

    @staticmethod
    def _place(connection_id: str) -> tuple[str, str]:
        return f"CONNECTION#{connection_id}", "CONNECTION"
