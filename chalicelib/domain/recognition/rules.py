"""What attested help is worth. Rules are public, and dated: what was attested keeps the rule of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What thanks earn their beneficiary."""

    name: str
    since: datetime
    merit: int
    most_per_pair: int
    """How many lines one member's thanks may earn another within `period`, whenever it starts."""
    period: timedelta

    def is_full_with(self, at: datetime, earlier: Iterable[datetime]) -> bool:
        """Whether one more at this moment would make too many within some period.

        Exact in whatever order attestations arrive: `earlier` are those that arrived, not those before it.
        """
        moments = sorted([*earlier, at])
        return any(
            last - first < self.period
            for first, last in zip(moments, moments[self.most_per_pair :], strict=False)
        )


THANKS = [
    Rule(
        name="thanks@1",
        since=datetime(2000, 1, 1, tzinfo=UTC),
        merit=1,
        most_per_pair=3,
        period=timedelta(days=30),
    )
]
"""Every rule there has been, oldest first. A change is a new rule at the end, never another number here."""


def in_force(at: datetime) -> Rule:
    """The rule of this moment: the same however late it is asked, so that a line written again is found."""
    return next(rule for rule in reversed(THANKS) if rule.since <= at)


REASONS: dict[str, dict[str, str]] = {
    "thanked": {
        "en": "Someone thanked you for this.",
        "fr": "Quelqu’un vous a dit merci pour ceci.",
    },
    "withdrawn": {
        "en": "These thanks were withdrawn: what they had earned goes with them.",
        "fr": "Ce merci a été repris : ce qu’il avait rapporté part avec lui.",
    },
    "withdrawn_first": {
        "en": "These thanks were withdrawn before they could earn anything.",
        "fr": "Ce merci a été repris avant d’avoir rapporté quoi que ce soit.",
    },
    "pair_limit": {
        "en": "One person’s thanks count a few times a month: this one was beyond that.",
        "fr": "Les mercis d’une même personne comptent quelques fois par mois : celui-ci vient au-delà.",
    },
    "staff_earn_none": {
        "en": "What is said with an organization’s voice earns no merit.",
        "fr": "Ce qui est dit avec la voix d’une organisation ne rapporte pas de mérite.",
    },
    "self_attested": {
        "en": "Merit comes only from what someone else attests.",
        "fr": "Le mérite ne vient que de ce que quelqu’un d’autre atteste.",
    },
}
"""Why a line is what it is, in words."""
