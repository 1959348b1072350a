"""How long people wait for a first word: of an organization as a whole, and of nobody in it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.gateways import clock, ids
from chalicelib.models.changes import AlreadySeen, changes, retry_if_overtaken
from chalicelib.models.replies import FirstReplies
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.events import AnswerBegun

DAYS = 30
FEWEST = 5
"""With fewer replies, or fewer people who gave them, a figure would tell of someone: there is none."""

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
STEPS = (
    10, 20, 30, 45, MINUTE, 90, 2 * MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 30 * DAY,
)  # fmt: skip
"""Seconds of waiting that replies are counted by, each up to and including; a round lasts no longer."""


@retry_if_overtaken
def note(event: AnswerBegun) -> None:
    """Count how long the asker waited in this round for a first word, once, whoever said it."""
    if not event.is_first:
        return
    waited = max(0.0, (event.at - event.round_opened_at).total_seconds())
    step = min(bisect_left(STEPS, waited), len(STEPS) - 1)
    day = event.at.date()
    (found,) = load(FirstReplies.key(event.organization_id, day))
    replies = found or FirstReplies.opening(event.organization_id, day, now=int(clock.now().timestamp()))
    replies.count_in(step, by=ids.derived("hlp", event.organization_id, event.helper_id))
    try:
        with changes() as change:
            change.once("first-replies", f"{event.question_id}#{event.round}")
            change.save(replies)
    except AlreadySeen:
        return


def days(organization_id: str, now: datetime) -> list[Key[FirstReplies]]:
    """Where the counts of the last thirty days are."""
    return [FirstReplies.key(organization_id, (now - timedelta(days=back)).date()) for back in range(DAYS)]


def median(found: Iterable[FirstReplies | None]) -> int | None:
    """Seconds within which half of the people had a first word; None when too few asked, or too few answered.

    Rounded up to a step, so that nobody is promised more than happened.
    """
    counts: Counter[int] = Counter()
    people: set[str] = set()
    for day in found:
        counts.update(day.by_step() if day else {})
        people.update(day.people if day else ())
    total = counts.total()
    if min(total, len(people)) < FEWEST:
        return None
    seen = 0
    for step in sorted(counts):
        seen += counts[step]
        if 2 * seen >= total:
            return STEPS[step]
    raise AssertionError("half of them are among them")
