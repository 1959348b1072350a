from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

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
    """That someone who had a seat did not come: said here only, in a row that the table itself sweeps away.

    What they answered stays what it was: when this is gone, nothing is left of it, whatever else fails.
    """

    id = UnicodeAttribute()
    """Drawn at random: what is announced of it names nobody."""
    member_id = UnicodeAttribute()
    until = UTCDateTimeAttribute()

    @classmethod
    def key(cls, meetup_id: str, member_id: str) -> Key[NoShowNote]:
        return Key(cls, f"MEETUP#{meetup_id}#NO_SHOWS", member_id)

    @classmethod
    def about(cls, rsvp: Rsvp, note_id: str, *, until: datetime) -> NoShowNote:
        """Kept until then, not saved yet."""
        key = cls.key(rsvp.meetup_id, rsvp.member_id)
        return cls(
            key.pk, key.sk, id=note_id, member_id=rsvp.member_id, until=until,
            expires_at=int(until.timestamp()),
        )  # fmt: skip

    @classmethod
    def at(cls, rsvp: Rsvp) -> NoShowNote:
        """A handle on one, to take it away."""
        key = cls.key(rsvp.meetup_id, rsvp.member_id)
        return cls(key.pk, key.sk)

    def holds_at(self, now: datetime) -> bool:
        """Whether it is remembered still: the table takes its time to sweep."""
        return bool(now < self.until)
