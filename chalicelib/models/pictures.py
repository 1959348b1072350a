from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.pages import Page, Slice

LISTED = frozenset({"shown", "hidden"})
"""States in which a picture has its place in what is shown of a meetup."""

COUNTED = frozenset({"sent", *LISTED})
"""States in which a picture takes one of the places that there are."""


class Picture(CommunityItem, discriminator="meetup_picture"):
    """A picture of a meetup, from the moment that someone wants to send it."""

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    meetup_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    """Who sends it."""
    state = UnicodeAttribute(default="expected")
    """expected, sent, shown, hidden, refused, removed."""
    reason = UnicodeAttribute(null=True)
    """Why it was refused."""
    media_type = UnicodeAttribute()
    """What its sender says that it is: nobody relies on it."""
    width = NumberAttribute(null=True)
    height = NumberAttribute(null=True)
    """What is shown of it, in pixels."""
    restriction: JSONAttribute = JSONAttribute(null=True)
    """Why moderation hides it, and where that is said, while it does."""
    created_at = UTCDateTimeAttribute()
    sent_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def key(cls, meetup_id: str, picture_id: str) -> Key[Picture]:
        return Key(cls, f"MEETUP#{meetup_id}#PICTURES", picture_id)

    @classmethod
    def expecting(cls, meetup_id: str, picture_id: str, *, at: datetime, **values: Any) -> Picture:
        """A picture that is yet to be sent, not saved."""
        key = cls.key(meetup_id, picture_id)
        return cls(key.pk, key.sk, id=picture_id, meetup_id=meetup_id, created_at=at, **values)

    def is_over(self, now: datetime) -> bool:
        """Whether it was waited for in vain, and is gone whether or not the table has swept it away yet."""
        return self.state == "expected" and self.expires_at is not None and self.expires_at <= now.timestamp()


class PicturePlace(CommunityItem, discriminator="picture_place"):
    """Where a picture stands in what is shown of a meetup: all that is read of it there."""

    member_id = UnicodeAttribute()
    width = NumberAttribute()
    height = NumberAttribute()
    sent_at = UTCDateTimeAttribute()
    restriction: JSONAttribute = JSONAttribute(null=True)
    """That of the picture: it keeps its place while it is hidden."""

    @classmethod
    def of(cls, picture: Picture) -> PicturePlace:
        return cls(
            cls.collection(picture.meetup_id), picture.id, member_id=picture.member_id,
            width=picture.width, height=picture.height, sent_at=picture.sent_at,
            restriction=picture.restriction,
        )  # fmt: skip

    @classmethod
    def at(cls, meetup_id: str, picture_id: str) -> PicturePlace:
        """A handle on one, to take it away."""
        return cls(cls.collection(meetup_id), picture_id)

    @staticmethod
    def collection(meetup_id: str) -> str:
        return f"MEETUP#{meetup_id}#SHOWN"

    @classmethod
    def shown(cls, meetup_id: str, page: Page) -> Slice[PicturePlace]:
        """What is shown of a meetup, in the order in which it was begun to be sent."""
        return cls.slice(cls.collection(meetup_id), page)


class Album(CommunityItem, discriminator="album"):
    """How many pictures of a meetup there are, and whose: one writer at a time.

    Every count here is that of the pictures that are sent, shown or hidden, written in the same transactions.
    """

    counts: JSONAttribute = JSONAttribute(default=dict)
    """Member → how many of theirs; nobody is in it of whom there is none."""
    version = VersionAttribute()

    @classmethod
    def key(cls, meetup_id: str) -> Key[Album]:
        return Key(cls, f"MEETUP#{meetup_id}", "ALBUM")

    @classmethod
    def of(cls, meetup_id: str) -> Album:
        """That of a meetup of which there is no picture yet."""
        key = cls.key(meetup_id)
        return cls(key.pk, key.sk)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def by(self, member_id: str) -> int:
        """How many are theirs."""
        return int(self.counts.get(member_id, 0))

    def add(self, member_id: str, change: int) -> None:
        """Count so many more of theirs, or fewer."""
        counts = {**self.counts, member_id: self.by(member_id) + change}
        self.counts = {member: number for member, number in counts.items() if number > 0}
