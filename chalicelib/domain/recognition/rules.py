"""What attested help is worth. Rules are public, and dated: what was attested keeps the rule of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What an attestation earns its beneficiary."""

    name: str
    since: datetime
    merit: int
    most_per_pair: int
    """How many lines one member's word may earn another within `period`, whenever it starts."""
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

HOSTING = [
    Rule(
        name="hosting@1",
        since=datetime(2000, 1, 1, tzinfo=UTC),
        merit=1,
        most_per_pair=3,
        period=timedelta(days=30),
    )
]
"""What hosting a meetup earns, once, when someone else who was there says that its host was. Likewise."""


def in_force(at: datetime) -> Rule:
    """What thanks of this moment earn: the same however late it is asked, so that a line is found again."""
    return _latest(THANKS, at)


def of_hosting(at: datetime) -> Rule:
    """What hosting at this moment earns."""
    return _latest(HOSTING, at)


def _latest(known: Sequence[Rule], at: datetime) -> Rule:
    return next(rule for rule in reversed(known) if rule.since <= at)


REASONS: dict[str, dict[str, str]] = {
    "thanked": {
        "en": "Someone thanked you for this.",
        "fr": "Quelqu’un vous a dit merci pour ceci.",
    },
    "hosted": {
        "en": "You hosted a meetup, attested by someone who was there.",
        "fr": "Vous avez organisé une rencontre, ce qu’atteste quelqu’un qui y était.",
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
        "en": "What one person attests counts a few times a month: this was beyond that.",
        "fr": "Ce qu’une même personne atteste compte quelques fois par mois : ceci vient au-delà.",
    },
    "staff_earn_none": {
        "en": "What is said or done with an organization’s voice earns no merit.",
        "fr": "Ce qui est dit ou fait avec la voix d’une organisation ne rapporte pas de mérite.",
    },
    "self_attested": {
        "en": "Merit comes only from what someone else attests.",
        "fr": "Le mérite ne vient que de ce que quelqu’un d’autre atteste.",
    },
}
"""Why a line is what it is, in words."""
