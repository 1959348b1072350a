from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice

ANYTHING = "ANYTHING"
"""The place of those who may be asked about anything."""

DUTY = "DUTY"
"""The place of those who work for the organization."""


def about(topic: str) -> str:
    """The place of those who may be asked about a topic, however it is spelled: "Freins" is "freins"."""
    return f"TOPIC#{' '.join(topic.split()).casefold()}"


class HelperCard(CommunityItem, discriminator="helper_card"):
    """What a member set for helping in one organization, and what they have in hand there.

    `version` guards what they set. What they have in hand and their pings move without it, in the
    transactions that claim, let go and offer. The first claim of someone who set nothing opens a card for
    one conversation at a time.
    """

    organization_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    topics: ListAttribute[Any] = ListAttribute(default=list)
    all_topics = BooleanAttribute(default=False)
    """Whether they may be asked about anything."""
    capacity = NumberAttribute(default=1)
    """Conversations they take at once."""
    daily_cap = NumberAttribute(default=5)
    """Pings they take a day."""
    quiet_from = UnicodeAttribute(null=True)
    quiet_to = UnicodeAttribute(null=True)
    """Hours, as HH:MM on their own clock, in which nobody pings them."""
    paused = BooleanAttribute(default=False)
    paused_until = UTCDateTimeAttribute(null=True)
    """When their pause ends by itself; None: when they end it."""
    suspended_until = UTCDateTimeAttribute(null=True)
    """Until when they are suspended here, as last decided: counted and offered nothing before."""
    active_count = NumberAttribute(default=0)
    """Conversations in hand."""
    held = UnicodeSetAttribute(null=True)
    """The questions that those are about."""
    pings_day = UnicodeAttribute(null=True)
    """The day, on their own clock, that `pings` counts."""
    pings = NumberAttribute(default=0)
    pinged_for: ListAttribute[Any] = ListAttribute(default=list)
    """Whose questions those pings were about."""
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, member_id: str) -> Key[HelperCard]:
        return Key(cls, f"ORG#{organization_id}#HELPERS", member_id)

    @classmethod
    def of(cls, organization_id: str, member_id: str) -> HelperCard:
        """The card of someone who set nothing; also a handle on one, to change what takes no reading."""
        key = cls.key(organization_id, member_id)
        return cls(key.pk, key.sk, organization_id=organization_id, member_id=member_id)

    def is_willing(self) -> bool:
        """Whether they asked to be asked, about anything at all."""
        return bool(self.topics or self.all_topics)

    def is_free(self) -> bool:
        """Whether they have room for another conversation."""
        return bool(self.active_count < self.capacity)

    def taking(self, question_id: str) -> list[Action]:
        """One conversation more in hand; opens the card of someone who set nothing."""
        more = [HelperCard.active_count.add(1), HelperCard.held.add({question_id})]
        return [*self._opening(), _kept(HelperCard.capacity, 1), *more]

    @classmethod
    def has_room(cls) -> Condition:
        """They have fewer conversations in hand than they take; someone who set nothing takes one."""
        room: Condition = cls.pk.does_not_exist() | (cls.active_count < cls.capacity)
        return room

    @classmethod
    def letting_go(cls, question_ids: set[str]) -> list[Action]:
        """So many conversations less in hand."""
        return [cls.active_count.add(-len(question_ids)), cls.held.delete(question_ids)]

    @classmethod
    def holds(cls, question_ids: Collection[str]) -> Condition:
        """They have these conversations in hand, to let go of."""
        some: Condition = cls.active_count >= len(question_ids)
        for question_id in sorted(question_ids):
            some &= cls.held.contains(question_id)
        return some

    @classmethod
    def holds_only(cls, question_ids: Collection[str]) -> Condition:
        """They have these conversations in hand, and nothing else; whoever has no card has nothing."""
        if not question_ids:
            nothing: Condition = cls.active_count.does_not_exist() | (cls.active_count == 0)
            return nothing
        only: Condition = cls.holds(question_ids) & (cls.active_count == len(question_ids))
        return only

    def setting(self, **values: Any) -> list[Action]:
        """Give all these settings, in hand too; opens the card of someone who had set nothing."""
        for name, value in values.items():
            setattr(self, name, value)
        given = [
            getattr(HelperCard, name).remove() if value is None else getattr(HelperCard, name).set(value)
            for name, value in values.items()
        ]
        kept = [_kept(HelperCard.active_count, 0), _kept(HelperCard.paused, False)]
        return [*self._opening(), *kept, *given]

    def _opening(self) -> list[Action]:
        return [
            HelperCard.kind.set(HelperCard),
            HelperCard.organization_id.set(self.organization_id),
            HelperCard.member_id.set(self.member_id),
        ]

    def pausing(self, until: datetime | None) -> list[Action]:
        """Take nothing more until this moment, or until told; opens the card of someone who set nothing."""
        ends = HelperCard.paused_until
        kept = [_kept(HelperCard.capacity, 1), _kept(HelperCard.active_count, 0)]
        return [
            *self._opening(),
            *kept,
            HelperCard.paused.set(True),
            ends.remove() if until is None else ends.set(until),
        ]

    @classmethod
    def resuming(cls) -> list[Action]:
        return [cls.paused.set(False), cls.paused_until.remove()]

    def suspending(self, until: datetime | None) -> list[Action]:
        """Be offered nothing until this moment, None: no more; opens the card of someone who set nothing."""
        ends = HelperCard.suspended_until
        kept = [_kept(HelperCard.capacity, 1), _kept(HelperCard.active_count, 0)]
        kept.append(_kept(HelperCard.paused, False))
        return [*self._opening(), *kept, ends.remove() if until is None else ends.set(until)]

    @classmethod
    def is_there(cls) -> Condition:
        there: Condition = cls.pk.exists()
        return there

    def pings_about(self, asker_id: str, day: str) -> int:
        """How often they were pinged for this person's questions on this day of theirs."""
        return list(self.pinged_for).count(asker_id) if self.pings_day == day else 0

    def pinging(self, day: str, asker_id: str) -> list[Action]:
        """One ping more on this day of theirs, for someone's question."""
        askers = HelperCard.pinged_for
        if self.pings_day == day:
            return [HelperCard.pings.add(1), askers.set((askers | []).append([asker_id]))]
        return [HelperCard.pings_day.set(day), HelperCard.pings.set(1), askers.set([asker_id])]

    def may_be_pinged(self, day: str, *, at: datetime) -> Condition:
        """They are as they were read, not paused, free, and take another ping on this day."""
        awake = (HelperCard.paused == False) | (HelperCard.paused_until <= at)  # noqa: E712 - an expression
        takes_one = (HelperCard.pings_day == day) & (HelperCard.pings < HelperCard.daily_cap)
        if self.pings_day is None:
            takes_one = HelperCard.pings_day.does_not_exist() & (HelperCard.daily_cap > 0)
        elif self.pings_day != day:
            takes_one = (HelperCard.pings_day == self.pings_day) & (HelperCard.daily_cap > 0)
        suspended = HelperCard.suspended_until
        willing: Condition = (
            (HelperCard.version == self.version)
            & (suspended.does_not_exist() | (suspended <= at))
            & (HelperCard.active_count < HelperCard.capacity)
            & awake
            & takes_one
        )
        return willing


def _kept(attribute: Any, value: object) -> Action:
    """Leave an attribute as it is, or give it this value if it has none."""
    kept: Action = attribute.set(attribute | value)
    return kept


class Volunteering(CommunityItem, discriminator="volunteering"):
    """That a member may be asked about a topic, or anything, in an organization: where waves find them."""

    member_id = UnicodeAttribute()

    @classmethod
    def of(cls, organization_id: str, place: str, member_id: str) -> Volunteering:
        return cls(_collection(organization_id, place), member_id, member_id=member_id)

    @classmethod
    def at(cls, organization_id: str, place: str, page: Page) -> Slice[Volunteering]:
        """Those who may be asked there, in the order of their ids, which means nothing."""
        return cls.slice(_collection(organization_id, place), page)


class HelpingPlace(CommunityItem, discriminator="helping_place"):
    """That a member may be asked in an organization, seen from the member."""

    organization_id = UnicodeAttribute()

    @classmethod
    def of(cls, member_id: str, organization_id: str) -> HelpingPlace:
        return cls(f"MEMBER#{member_id}#HELPING", organization_id, organization_id=organization_id)

    @classmethod
    def of_member(cls, member_id: str, page: Page) -> Slice[HelpingPlace]:
        """The organizations in which a member may be asked, by id."""
        return cls.slice(f"MEMBER#{member_id}#HELPING", page)


def _collection(organization_id: str, place: str) -> str:
    return f"ORG#{organization_id}#VOLUNTEERS#{place}"
