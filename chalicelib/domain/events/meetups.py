"""What becomes of a meetup: from a coffee that someone proposes to what they tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - read with the type hints of its events

from chalicelib.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class MeetupEvent(Event):
    """Something that happened to a meetup."""

    meetup_id: str
    host_id: str


@dataclass(frozen=True, kw_only=True)
class MeetupDrafted(MeetupEvent):
    """A meetup is prepared: nobody but its host sees it."""


@dataclass(frozen=True, kw_only=True)
class MeetupProposed(MeetupEvent):
    """A meetup is there for everyone: whoever wants to come says so."""

    title: str
    starts_at: datetime
    ends_at: datetime
    rsvp_closes_at: datetime
    revision: int
    salon_id: str | None = None
    question_id: str | None = None
    series_id: str | None = None
    occurrence: int | None = None
    """Which of its series it is; the first is 0, and the one that a series is known by."""


@dataclass(frozen=True, kw_only=True)
class MeetupEdited(MeetupEvent):
    """Something of a meetup changed that asks nobody again: `changed` names it."""

    changed: list[str]
    rsvp_closes_at: datetime
    revision: int


@dataclass(frozen=True, kw_only=True)
class MeetupRevised(MeetupEvent):
    """Its date or place changed: those who come, wait or are offered a seat are asked again."""

    revision: int
    starts_at: datetime
    ends_at: datetime
    rsvp_closes_at: datetime
    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class CapacityChanged(MeetupEvent):
    """A meetup has more seats, or fewer, or as many as come (null)."""

    before: int | None
    after: int | None
    overbooked: bool = False


@dataclass(frozen=True, kw_only=True)
class SeatsFreed(MeetupEvent):
    """Seats are free for someone in line, more than one step gives: it moves on, after this place."""

    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class SeatsAnnounced(MeetupEvent):
    """Seats are free within two hours of the start: of those in line up to `up_to`, the first has them."""

    free: int
    up_to: int


@dataclass(frozen=True, kw_only=True)
class RsvpClosed(MeetupEvent):
    """Nobody answers any more whether they come."""


@dataclass(frozen=True, kw_only=True)
class MeetupStarted(MeetupEvent):
    """Its time has come."""

    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class MeetupEnded(MeetupEvent):
    """Its time is over: what is told of it is told two days later."""

    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class MeetupRecapped(MeetupEvent):
    """What was, told to whoever was there: words, pictures, people met."""


@dataclass(frozen=True, kw_only=True)
class MeetupCancelled(MeetupEvent):
    """It does not take place; `reason` is what those who wanted to come are told.

    `cause`: host, or host_lost, when whoever hosted it cannot any more and nobody does it with them.
    """

    reason: str
    was: str
    revision: int
    cause: str = "host"


@dataclass(frozen=True, kw_only=True)
class HostChanged(MeetupEvent):
    """Someone else looks after it from now on: `host_id`, in the place of `before`."""

    before: str


@dataclass(frozen=True, kw_only=True)
class CoHostsChanged(MeetupEvent):
    """Who looks after it with its host."""

    co_host_ids: list[str]


@dataclass(frozen=True, kw_only=True)
class SeriesProposed(Event):
    """A meetup that comes back: its other occurrences are proposed one by one."""

    series_id: str
    host_id: str


@dataclass(frozen=True, kw_only=True)
class SeriesEnded(Event):
    """A series comes back no more: what is ahead of it is cancelled one by one."""

    series_id: str
    host_id: str
    reason: str
    host_lost: bool = False
    """Its host is gone: each of its meetups goes on with whoever looks after it, or is cancelled so."""


@dataclass(frozen=True, kw_only=True)
class AttendeesToTell(MeetupEvent):
    """Everyone in some lists of a meetup is to be told something, a page at a time: where it goes on."""

    about: str
    occasion: str
    """What makes it one telling, however often it is begun."""
    lists: list[str]
    """Those that are left, the one that is gone through first of all."""
    after: str | None = None
    """The place in it where the page before ended."""
    up_to: int | None = None
    """The last number in line that is told; null where everyone is."""
    revision: int | None = None
    """The revision of date and place that this is true of; null where it is true of any."""
    cause: str = "host"
    """What it comes from: host, or host_lost."""


@dataclass(frozen=True, kw_only=True)
class AttendeeTold(MeetupEvent):
    """Someone is told something about a meetup, by e-mail and where they are connected."""

    member_id: str
    about: str
    """revised, cancelled, seats_announced, recapped, reminder_week, reminder_day, reminder_hour; made_host,
    made_co_host."""
    occasion: str
    revision: int = 0
    cause: str = "host"
    """What it comes from: host, or host_lost, when whoever hosted it cannot any more."""


@dataclass(frozen=True, kw_only=True)
class PresenceAttested(MeetupEvent):
    """Someone was there: `attested_by`, who was too, says so. Of the host, up to five people tell it."""

    member_id: str
    attested_by: str
    by_host: bool
    starts_at: datetime
    beneficiary_voice: str = "member"


@dataclass(frozen=True, kw_only=True)
class NoShowNoted(Event):
    """Someone who had a seat did not come, says a host. They and the hosts alone know, for ninety days.

    The journal keeps this for good, so it says neither who, nor where, nor by whom: `note_id` is drawn at
    random, and what it leads to is erased.
    """

    note_id: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class NoShowWithdrawn(Event):
    """A host took it back that someone did not come, before it was forgotten: again, of nobody by name."""

    note_id: str


@dataclass(frozen=True, kw_only=True)
class PictureSent(MeetupEvent):
    """A picture was uploaded: before anyone sees it, it is looked at and stripped of what a camera wrote."""

    picture_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class PictureShown(MeetupEvent):
    """A picture is there for whoever was at the meetup."""

    picture_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class PictureRefused(MeetupEvent):
    """What was uploaded is no picture that is taken here: it is gone."""

    picture_id: str
    member_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PictureRemoved(MeetupEvent):
    """A picture was taken away by whoever sent it."""

    picture_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class ContactMade(MeetupEvent):
    """Two people who met want to keep in touch, both of them."""

    member_ids: list[str] = field(default_factory=list)
