from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.models.meetups import moment_key, place_of
from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.models.meetups import Meetup
    from chalicelib.pages import Page, Slice

SEATED = frozenset({"going", "offered", "checked_in"})
"""States that hold seats."""

COMING = frozenset({"going", "checked_in"})
"""States in which someone is told where it is, and who else comes."""

LISTED = {
    "going": "GOING", "checked_in": "GOING",
    "waitlisted": "LINE", "offered": "OFFERED", "interested": "INTERESTED",
}  # fmt: skip
"""In which of a meetup's lists each state stands; one that is not here stands in none."""


class Rsvp(CommunityItem, discriminator="rsvp"):
    """What someone said, or was said for them, about coming to a meetup."""

    meetup_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    state = UnicodeAttribute()
    """going (also of whoever did not come), waitlisted, interested, declined, offered, lapsed, checked_in."""
    party = NumberAttribute(default=1)
    """Seats: theirs and those of whom they bring; 0 for the host, who has none of those that are counted."""
    number = NumberAttribute(default=0)
    """Their number in line while they wait, and when a seat is offered to them."""
    since = UTCDateTimeAttribute()
    """When they came to this state."""
    revision = NumberAttribute(default=0)
    """The revision of date and place that they answered to."""
    offer_until = UTCDateTimeAttribute(null=True)
    offer_id = UnicodeAttribute(null=True)
    """New with each offer: what was decided under an earlier one is decided no more."""
    answered_by = UnicodeAttribute(null=True)
    """The host who answered for them, until they answer themselves."""
    before: JSONAttribute = JSONAttribute(null=True)
    """What they had said before that: `{state, party, number}`."""
    removed_reason = UnicodeAttribute(null=True)
    """Why a host asked them not to come: they do not answer again."""
    checked_in_at = UTCDateTimeAttribute(null=True)
    attested_by: JSONAttribute = JSONAttribute(default=list)
    """Who says that they were there."""
    listed_at = UnicodeAttribute(null=True)
    """Their place in the list of their state."""
    agenda_at = UnicodeAttribute(null=True)
    """Their place for this meetup in the list of their own."""
    version = VersionAttribute()

    @classmethod
    def key(cls, meetup_id: str, member_id: str) -> Key[Rsvp]:
        return Key(cls, f"MEETUP#{meetup_id}#RSVPS", member_id)

    @classmethod
    def of(cls, meetup: Meetup, member_id: str, *, at: datetime) -> Rsvp:
        """Someone who has said nothing yet, not saved."""
        key = cls.key(meetup.id, member_id)
        return cls(
            key.pk, key.sk, meetup_id=meetup.id, organization_id=meetup.organization_id,
            member_id=member_id, state="none", since=at,
        )  # fmt: skip

    @classmethod
    def at(cls, meetup_id: str, member_id: str) -> Rsvp:
        """A handle on one, to change what takes no reading."""
        key = cls.key(meetup_id, member_id)
        return cls(key.pk, key.sk)

    @classmethod
    def is_coming(cls) -> Condition:
        """They have said that they come, and do."""
        coming: Condition = cls.state.is_in(*sorted(COMING))
        return coming

    @classmethod
    def is_expected(cls) -> Condition:
        """They have a seat, and nobody has seen them there yet."""
        expected: Condition = cls.state == "going"
        return expected

    @classmethod
    def is_waiting_under(cls, number: float) -> Condition:
        """They wait still, under this number."""
        waiting: Condition = (cls.state == "waitlisted") & (cls.number == number)
        return waiting

    @classmethod
    def moving_up(cls, rsvp: Rsvp, *, listed_at: str) -> list[Action]:
        """Have someone who waited be where this is."""
        moved = cls.sets(
            state=rsvp.state, since=rsvp.since, revision=rsvp.revision, listed_at=listed_at,
        )  # fmt: skip
        if rsvp.offer_id is None:
            return moved
        return [*moved, *cls.sets(offer_id=rsvp.offer_id, offer_until=rsvp.offer_until)]

    def state_at(self, now: datetime) -> str:
        """The state that its times have brought it to, whether or not anyone has written it down yet."""
        if self.state == "offered" and self.offer_until is not None and self.offer_until <= now:
            return "lapsed"
        return str(self.state)

    def is_expected_at(self, now: datetime) -> bool:
        """Whether they have a seat."""
        return self.state_at(now) in COMING


class RsvpPlace(CommunityItem, discriminator="rsvp_place"):
    """Where someone stands in a list of a meetup: those who come, the line, the offers, the interested."""

    member_id = UnicodeAttribute()
    party = NumberAttribute()
    number = NumberAttribute(default=0)
    since = UTCDateTimeAttribute()

    @classmethod
    def of(cls, rsvp: Rsvp) -> RsvpPlace | None:
        """The place that this answer has, None for one that has none."""
        return cls.listing(rsvp) if rsvp.state in LISTED else None

    @classmethod
    def listing(cls, rsvp: Rsvp) -> RsvpPlace:
        """The place of an answer that is in a list."""
        name = LISTED[rsvp.state]
        place = cls.numbered(int(rsvp.number)) if name == "LINE" else moment_key(rsvp.since)
        return cls(
            cls.collection(rsvp.meetup_id, name), f"{place}#{rsvp.member_id}", member_id=rsvp.member_id,
            party=rsvp.party, number=rsvp.number, since=rsvp.since,
        )  # fmt: skip

    @classmethod
    def at(cls, meetup_id: str, name: str, place: str) -> RsvpPlace:
        """A handle on one, to take it away."""
        return cls(cls.collection(meetup_id, name), place)

    @staticmethod
    def numbered(number: int) -> str:
        """A number in line as keys sort it."""
        return f"{number:010d}"

    @staticmethod
    def collection(meetup_id: str, name: str) -> str:
        return f"MEETUP#{meetup_id}#{name}"

    @classmethod
    def in_list(cls, meetup_id: str, name: str, page: Page) -> Slice[RsvpPlace]:
        """One list of a meetup, in the order in which people came to it."""
        return cls.slice(cls.collection(meetup_id, name), page)

    @classmethod
    def waiting_before(cls, meetup_id: str, start: int, number: int) -> int:
        """How many wait from one number on, before another one: of a hundred at most."""
        places = cls.query(
            cls.collection(meetup_id, "LINE"),
            cls.sk.between(cls.numbered(start), cls.numbered(number)),
            consistent_read=True,
        )
        return sum(1 for _ in places)


class MemberMeetup(CommunityItem, discriminator="member_meetup"):
    """That a meetup is on someone's own list: they come, wait, are interested, or host it."""

    organization_id = UnicodeAttribute()
    meetup_id = UnicodeAttribute()
    starts_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, meetup: Meetup, member_id: str) -> MemberMeetup:
        return cls(
            cls.collection(member_id), place_of(meetup), organization_id=meetup.organization_id,
            meetup_id=meetup.id, starts_at=meetup.starts_at,
        )  # fmt: skip

    @staticmethod
    def collection(member_id: str) -> str:
        return f"MEMBER#{member_id}#MEETUPS"

    @classmethod
    def of_member(cls, member_id: str, page: Page, *, latest_first: bool = False) -> Slice[MemberMeetup]:
        """Someone's meetups, the soonest first unless asked otherwise."""
        return cls.slice(cls.collection(member_id), page, newest_first=latest_first)

    @classmethod
    def at(cls, member_id: str, place: str) -> MemberMeetup:
        """A handle on one, to take it away."""
        return cls(cls.collection(member_id), place)
