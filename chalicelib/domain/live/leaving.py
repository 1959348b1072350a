from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.live import presence
from chalicelib.models.live import Connection
from chalicelib.models.subscriptions import Subscription

if TYPE_CHECKING:
    from collections.abc import Sequence


def forget(connection_ids: Sequence[str], channel: str = "") -> None:
    """Forget connections, known or not, and what they listened to: at least this channel, if one is named.

    All that takes a call per 25; that whoever they belonged to is there no more, some for each.
    """
    found = Connection.of_many(connection_ids)
    places = [(own, known.id) for known in found for own in known.channels or ()]
    Subscription.forget_all(places + [(channel, name) for name in connection_ids if channel])
    for known in found:
        with suppress(errors.Busy):  # what is not noted now is over with its lease
            presence.leave(known.member_id, known.id)
    Connection.delete_all([known.id for known in found])  # last: until then all of it can be done again
