from __future__ import annotations

from datetime import UTC
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

    from pynamodb.expressions.condition import Condition

    from chalicelib.pages import Page, Slice

OPEN = "published"
"""The only state in which anyone answers whether they come."""

AHEAD = frozenset({"draft", "published", "rsvp_closed"})
"""States before it starts: from these it may still be changed or cancelled."""

BEGUN = frozenset({"started", "ended", "recapped"})
"""States from its start on."""


class Meetup(CommunityItem, discriminator="meetup"):
    """People who meet: where, when, on whose invitation. Its seats are counted beside it.

    `version` guards what its hosts decide.
    """

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    host_id = UnicodeAttribute()
    host_voice = UnicodeAttribute(default="member")
    """Frozen when it was proposed."""
    co_host_ids: JSONAttribute = JSONAttribute(default=list)
    salon_id = UnicodeAttribute(null=True)
    """The salon that it was born from."""
    question_id = UnicodeAttribute(null=True)
    """The resolved question that it was born from: only those who talked there are told."""
    series_id = UnicodeAttribute(null=True)
    occurrence = NumberAttribute(null=True)
    """Which of its series it is; the first is 0."""
    title = UnicodeAttribute()
    about = UnicodeAttribute(default="")
    state = UnicodeAttribute(default="published")
    starts_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()
    time_zone = UnicodeAttribute()
    """IANA name: what its local time is read in."""
    rsvp_closes_at = UTCDateTimeAttribute()
    """From then on nobody answers any more; its start, unless decided."""
    place: JSONAttribute = JSONAttribute(null=True)
    """`{name, address, district, public, latitude, longitude}`, or null when it is online only."""
    online_url = UnicodeAttribute(null=True)
    party_limit = NumberAttribute(default=2)
    """How many seats one person takes at most, those whom they bring included."""
    languages: JSONAttribute = JSONAttribute(default=list)
    accessibility = UnicodeAttribute(default="")
    revision = NumberAttribute(default=0)
    """Grows when its date or place changes: those who come are asked again."""
    sequence = NumberAttribute(default=0)
    """Grows with everything that calendars show of it (RFC 5545)."""
    agenda: JSONAttribute = JSONAttribute(default=list)
    """Where it stands in lists: `[collection, place in it]` each."""
    cancelled_reason = UnicodeAttribute(null=True)
    recap = UnicodeAttribute(null=True)
    """What its host tells of it afterwards."""
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    recapped_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, meetup_id: str) -> Key[Meetup]:
        return Key(cls, f"ORG#{organization_id}#MEETUPS", meetup_id)

    @classmethod
    def proposing(cls, organization_id: str, meetup_id: str, *, at: datetime, **values: Any) -> Meetup:
        """A meetup of this instant, not saved yet."""
        key = cls.key(organization_id, meetup_id)
        return cls(
            key.pk, key.sk, id=meetup_id, organization_id=organization_id, created_at=at, updated_at=at,
            **values,
        )  # fmt: skip

    def hosts(self) -> list[str]:
        """Everyone who looks after it."""
        return [self.host_id, *self.co_host_ids]

    def is_hosts_only(self) -> bool:
        """Whether only those who host it know of it: a draft, one that was cancelled too."""
        return self.state == "draft" or (self.state == "cancelled" and not self.agenda)

    def state_at(self, now: datetime) -> str:
        """The state that its times have brought it to, whether or not anyone has written it down yet."""
        state = str(self.state)
        if state == "published" and self.rsvp_closes_at <= now:
            state = "rsvp_closed"
        if state == "rsvp_closed" and self.starts_at <= now:
            state = "started"
        if state == "started" and self.ends_at <= now:
            state = "ended"
        return state

    def takes_answers(self, now: datetime) -> bool:
        """Whether people may say now that they come, or that they do not."""
        return self.state_at(now) == OPEN

    def is_as_read(self) -> Condition:
        """Nothing that decides who may come, when, and on whose word, has changed since this was read."""
        same: Condition = (
            (Meetup.state == self.state)
            & (Meetup.revision == self.revision)
            & (Meetup.rsvp_closes_at == self.rsvp_closes_at)
            & (Meetup.host_id == self.host_id)
            & (Meetup.co_host_ids == self.co_host_ids)
        )
        return same


class Seats(CommunityItem, discriminator="meetup_seats"):
    """How many seats a meetup has, how many are taken, and how long the line is: one writer at a time.

    Every count here is that of the rows written in the same transactions.
    """

    capacity = NumberAttribute(null=True)
    """Seats beside the host's; None: as many as come."""
    taken = NumberAttribute(default=0)
    """Those of everyone who comes, and those held for whom one is offered to."""
    going = NumberAttribute(default=0)
    """People who said that they come, the host included, whoever they bring apart."""
    interested = NumberAttribute(default=0)
    waiting = NumberAttribute(default=0)
    waiting_by_party: JSONAttribute = JSONAttribute(default=dict)
    """Size of a party → how many such wait: tells without looking whether anyone fits."""
    waiting_by_block: JSONAttribute = JSONAttribute(default=dict)
    """Hundred of the line → how many wait in it: tells a position without counting everyone."""
    line = NumberAttribute(default=0)
    """The number that whoever joined the line last was given."""
    announced_up_to = NumberAttribute(default=0)
    """The last number in line that was told of free seats: these come first."""
    announced_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def key(cls, meetup_id: str) -> Key[Seats]:
        return Key(cls, f"MEETUP#{meetup_id}", "SEATS")

    @classmethod
    def of(cls, meetup_id: str, *, capacity: int | None) -> Seats:
        key = cls.key(meetup_id)
        return cls(key.pk, key.sk, capacity=capacity)

    @property
    def free(self) -> int | None:
        """Seats that nobody has or holds, never less than none; None: there is always another."""
        return None if self.capacity is None else max(0, int(self.capacity) - int(self.taken))

    def has_room_for(self, party: int) -> bool:
        """Whether so many seats are free together."""
        return self.free is None or self.free >= party

    def anyone_fits(self) -> bool:
        """Whether someone in line could have what is free."""
        return any(
            count > 0 and self.has_room_for(int(size)) for size, count in self.waiting_by_party.items()
        )

    def lengthen(self, party: int, number: int) -> None:
        """Count a party into the line, under this number."""
        self._line(party, number, 1)

    def shorten(self, party: int, number: int) -> None:
        """Count it out again."""
        self._line(party, number, -1)

    def ahead_of(self, number: int) -> tuple[int, int]:
        """How many wait in the hundreds before this number's, and with which number its own one begins."""
        block = number // BLOCK
        before = sum(count for name, count in self.waiting_by_block.items() if int(name) < block)
        return before, block * BLOCK

    def _line(self, party: int, number: int, change: int) -> None:
        self.waiting += change
        self.waiting_by_party = _counting(self.waiting_by_party, str(party), change)
        self.waiting_by_block = _counting(self.waiting_by_block, str(number // BLOCK), change)


BLOCK = 100
"""Numbers in line that are counted together."""


def _counting(counts: dict[str, int], name: str, change: int) -> dict[str, int]:
    """These counts with one changed; none stays that is nothing."""
    changed = {**counts, name: counts.get(name, 0) + change}
    return {key: count for key, count in changed.items() if count}


class AgendaEntry(CommunityItem, discriminator="agenda_entry"):
    """That a meetup takes place then, in one of the collections in which people look for one."""

    organization_id = UnicodeAttribute()
    meetup_id = UnicodeAttribute()
    starts_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()
    district = UnicodeAttribute(null=True)
    """In the lists of what is near, where it is as far as everyone may know: a geohash."""

    @classmethod
    def of(
        cls, collection: str, meetup: Meetup, *, expires_at: int | None = None, district: str | None = None
    ) -> AgendaEntry:
        return cls(
            collection, place_of(meetup), organization_id=meetup.organization_id, meetup_id=meetup.id,
            starts_at=meetup.starts_at, ends_at=meetup.ends_at, expires_at=expires_at, district=district,
        )  # fmt: skip

    @classmethod
    def in_list(cls, collection: str, page: Page, *, until: datetime | None = None) -> Slice[AgendaEntry]:
        """What takes place, the soonest first; only what starts before `until`, if given."""
        return cls.slice(collection, page, before=moment_key(until) if until else None)

    @classmethod
    def at(cls, collection: str, place: str) -> AgendaEntry:
        """A handle on one, to take it away."""
        return cls(collection, place)


def place_of(meetup: Meetup) -> str:
    """Its place in every list of meetups: by its start, then by its id."""
    return f"{moment_key(meetup.starts_at)}#{meetup.id}"


def moment_key(moment: datetime) -> str:
    """A moment as keys sort it, whatever the offset that it was given with."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
