from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.gateways import aws
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_AT_ONCE = 10


def publish(events: Sequence[tuple[str, dict[str, Any]]]) -> list[bool]:
    """Put up to ten `(detail-type, detail)` on the tenant's bus; which of them it accepted."""
    known = settings()
    answer = aws.client("events").put_events(
        Entries=[
            {
                "EventBusName": known.event_bus,
                "Source": f"entraide.{known.tenant}",
                "DetailType": detail_type,
                "Detail": json.dumps(detail),
            }
            for detail_type, detail in events
        ]
    )
    return ["ErrorCode" not in entry for entry in answer["Entries"]]
