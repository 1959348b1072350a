from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.models.tables import MessageItem

if TYPE_CHECKING:
    from collections.abc import Mapping


def read(image: Mapping[str, Any]) -> MessageItem:
    """What the messages table's stream carries, as what it is."""
    return MessageItem.from_raw_data(dict(image))
