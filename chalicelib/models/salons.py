from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice

DAY = 24 * 3600


class Salon(CommunityItem, discriminator="salon"):
    """A place where an organization's followers talk about a theme.

    `seq` is the number of the newest message: messages are numbered without gaps, by the transaction that
    posts them. It moves without `version`, which guards what people decide about the salon.
    """

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The organization that opened it and looks after it."""
    shared_with = UnicodeSetAttribute(null=True)
    """Other organizations whose followers are at home here too."""
    title = UnicodeAttribute()
    theme = UnicodeAttribute(default="")
    state = UnicodeAttribute(default="open")
    off_topic = BooleanAttribute(default=False)
    """The salon for any subject, which nobody on staff can close."""
    slow_mode_seconds = NumberAttribute(default=0)
    retention_days = NumberAttribute(null=True)
    pinned_message_id = UnicodeAttribute(null=True)
    restriction: JSONAttribute = JSONAttribute(null=True)
    """While platform moderation holds it frozen: `{rule, statement_id}`."""
    seq = NumberAttribute(default=0)
    hidden_seqs = NumberSetAttribute(null=True)
    """Numbers of the messages that moderation hides, moved by the transactions that hide and show them.

    Nobody has them to read. They are read with the salon each time: moderation hides few messages, and
    ten thousand of them in one salon would still fit.
    """
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, salon_id: str) -> Key[Salon]:
        return Key(cls, f"SALON#{salon_id}", "SALON")

    @classmethod
    def opening(
        cls, salon_id: str, *, organization_id: str, title: str, at: datetime, **values: Any
    ) -> Salon:
        """A salon of this instant, not saved yet."""
        key = cls.key(salon_id)
        return cls(
            key.pk, key.sk, id=salon_id, organization_id=organization_id, title=title, created_at=at, **values
        )  # fmt: skip

    def homes(self) -> set[str]:
        """The organizations that are at home in the salon."""
        return {self.organization_id, *(self.shared_with or ())}

    def is_at_home_in(self, organization_id: str) -> bool:
        """Whether this organization opened the salon or shares it."""
        return organization_id in self.homes()

    @classmethod
    def numbering(cls, seq: int) -> Action:
        """Give this number to the newest message."""
        return cls.seq.set(seq)

    def is_silent_since(self) -> Condition:
        """Nobody posted since this was read, and its state is what it was."""
        silent: Condition = (Salon.seq == self.seq) & self.is_still()
        return silent

    def is_still(self) -> Condition:
        """Its state is what it was when this was read."""
        still: Condition = Salon.state == self.state
        return still

    @classmethod
    def unread(cls, salon_id: str) -> Salon:
        """A handle on a salon, to change something of it that takes no reading."""
        key = cls.key(salon_id)
        return cls(key.pk, key.sk)

    @classmethod
    def hiding(cls, seq: int) -> Action:
        """Count the message with this number out of what there is to read."""
        return cls.hidden_seqs.add({seq})

    @classmethod
    def showing(cls, seq: int) -> Action:
        """Count it in again."""
        return cls.hidden_seqs.delete({seq})


class SalonPlace(CommunityItem, discriminator="salon_place"):
    """That a salon stands in an organization's list of salons."""

    salon_id = UnicodeAttribute()

    @classmethod
    def key(cls, organization_id: str, salon_id: str) -> Key[SalonPlace]:
        return Key(cls, f"ORG#{organization_id}#SALONS", salon_id)

    @classmethod
    def of(cls, organization_id: str, salon_id: str) -> SalonPlace:
        key = cls.key(organization_id, salon_id)
        return cls(key.pk, key.sk, salon_id=salon_id)

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[SalonPlace]:
        """The salons of an organization, oldest first."""
        return cls.slice(f"ORG#{organization_id}#SALONS", page)


class SalonOffer(CommunityItem, discriminator="salon_offer"):
    """That an organization offers to share a salon of its own with another one."""

    salon_id = UnicodeAttribute()
    title = UnicodeAttribute()
    offered_by = UnicodeAttribute()
    """The organization that opened the salon."""
    offered_to = UnicodeAttribute()
    offered_at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, offered_to: str, salon_id: str) -> Key[SalonOffer]:
        return Key(cls, f"ORG#{offered_to}#SALON_OFFERS", salon_id)

    @classmethod
    def of(cls, salon: Salon, offered_to: str, *, at: datetime) -> SalonOffer:
        """An offer of this instant, not saved yet."""
        key = cls.key(offered_to, salon.id)
        return cls(
            key.pk, key.sk, salon_id=salon.id, title=salon.title,
            offered_by=salon.organization_id, offered_to=offered_to, offered_at=at,
        )  # fmt: skip

    @classmethod
    def to_organization(cls, organization_id: str, page: Page) -> Slice[SalonOffer]:
        """What an organization was offered and has not answered, oldest salon first."""
        return cls.slice(f"ORG#{organization_id}#SALON_OFFERS", page)


class Reading(CommunityItem, discriminator="reading"):
    """A member's place in a salon they joined: how far they have read, and what is their own beyond that."""

    member_id = UnicodeAttribute()
    salon_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    """The organization through which they joined."""
    last_read_seq = NumberAttribute(default=0)
    own_seqs = NumberSetAttribute(null=True)
    """Numbers of their own messages beyond `last_read_seq`."""
    last_posted_at = UTCDateTimeAttribute(null=True)
    joined_at = UTCDateTimeAttribute()
    left_at = UTCDateTimeAttribute(null=True)
    """They left: this is kept for a day, so that leaving and joining again does not undo slow mode."""

    @classmethod
    def key(cls, member_id: str, salon_id: str) -> Key[Reading]:
        return Key(cls, f"MEMBER#{member_id}#READINGS", salon_id)

    @classmethod
    def starting(
        cls, member_id: str, salon_id: str, *, organization_id: str, seq: int, at: datetime
    ) -> Reading:
        """A place taken now: what was said before is not unread."""
        key = cls.key(member_id, salon_id)
        return cls(
            key.pk, key.sk, member_id=member_id, salon_id=salon_id, organization_id=organization_id,
            last_read_seq=seq, joined_at=at,
        )  # fmt: skip

    def joining(self) -> list[Action]:
        """Take this place anew: slow mode alone remembers when its member last spoke."""
        return [
            Reading.kind.set(Reading),
            *self.sets(
                member_id=self.member_id,
                salon_id=self.salon_id,
                organization_id=self.organization_id,
                last_read_seq=self.last_read_seq,
                joined_at=self.joined_at,
            ),
            Reading.own_seqs.remove(),
            Reading.left_at.remove(),
            Reading.expires_at.remove(),
        ]

    @classmethod
    def leaving(cls, *, at: datetime) -> list[Action]:
        """Give this place up."""
        return [cls.left_at.set(at), cls.expires_at.set(int(at.timestamp()) + DAY)]

    @classmethod
    def is_joined(cls) -> Condition:
        joined: Condition = cls.pk.exists() & cls.left_at.does_not_exist()
        return joined

    @classmethod
    def is_left(cls) -> Condition:
        left: Condition = cls.left_at.exists()
        return left

    def read_up_to(self, seq: int) -> list[Action]:
        """Move the watermark, in hand too, and forget the own messages that it passes."""
        passed = {own for own in self.own_seqs or () if own <= seq}
        self.last_read_seq = seq
        self.own_seqs = set(self.own_seqs or ()) - passed or None
        moved: list[Action] = [Reading.last_read_seq.set(seq)]
        return [*moved, Reading.own_seqs.delete(passed)] if passed else moved

    @classmethod
    def is_behind(cls, seq: int) -> Condition:
        """Watermarks only move forward."""
        behind: Condition = cls.is_joined() & (cls.last_read_seq < seq)
        return behind

    @classmethod
    def posting(cls, seq: int, *, at: datetime) -> list[Action]:
        """Have said something under this number: one's own words are never unread."""
        return [cls.last_posted_at.set(at), cls.own_seqs.add({seq})]

    @classmethod
    def catching_up(cls, seq: int, *, at: datetime) -> list[Action]:
        """Have said something under this number, and read all that came before it."""
        return [cls.last_posted_at.set(at), cls.last_read_seq.set(seq), cls.own_seqs.remove()]

    def posted_nothing_since(self) -> Condition:
        """Its member posted nothing in this salon since this was read."""
        if self.last_posted_at is None:
            return Reading.last_posted_at.does_not_exist()
        return Reading.last_posted_at == self.last_posted_at

    @classmethod
    def by_member(cls, member_id: str, page: Page) -> Slice[Reading]:
        """The salons that a member joined, oldest salon first."""
        return cls.slice(f"MEMBER#{member_id}#READINGS", page)
