from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.models.rsvps import Rsvp


class Attendance(CommunityItem, discriminator="attendance"):
    """How many were at a meetup: one more in each transaction that checks someone in, which is for good."""

    came = NumberAttribute(default=0)

    @classmethod
    def key(cls, meetup_id: str) -> Key[Attendance]:
        return Key(cls, f"MEETUP#{meetup_id}", "ATTENDANCE")

    @classmethod
    def of(cls, meetup_id: str) -> Attendance:
        """A handle on what takes no reading to change."""
        key = cls.key(meetup_id)
        return cls(key.pk, key.sk)

    @classmethod
    def is_nobodys(cls) -> Condition:
        """Nobody was seen there yet."""
        nobodys: Condition = cls.pk.does_not_exist()
        return nobodys

    @classmethod
    def more_by(cls, people: int) -> list[Action]:
        """So many more; the first opens the count."""
        return [cls.kind.set(cls), cls.came.add(people)]


class NoShowNote(CommunityItem, discriminator="no_show_note"):
    """Whom a note of not having come is about: known here only, under a random id, until it is erased."""

    id = UnicodeAttribute()
    meetup_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    until = UTCDateTimeAttribute()

    @classmethod
    def key(cls, note_id: str) -> Key[NoShowNote]:
        return Key(cls, f"NO_SHOW#{note_id}", "NO_SHOW")

    @classmethod
    def about(cls, rsvp: Rsvp, note_id: str, *, until: datetime, swept: timedelta) -> NoShowNote:
        """Kept until then, and swept away by the table so long after, whatever becomes of its timer."""
        key = cls.key(note_id)
        return cls(
            key.pk, key.sk, id=note_id, meetup_id=rsvp.meetup_id, member_id=rsvp.member_id, until=until,
            expires_at=int((until + swept).timestamp()),
        )  # fmt: skip

    @classmethod
    def at(cls, note_id: str) -> NoShowNote:
        """A handle on one, to take it away."""
        key = cls.key(note_id)
        return cls(key.pk, key.sk)
