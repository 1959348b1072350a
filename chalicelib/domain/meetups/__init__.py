"""Meetups: a coffee born from a salon, seats never oversold, a line nobody jumps. One room per verb."""

from chalicelib.domain.meetups.answering import (
    AskedNotToCome,
    HostComes,
    NoRoomForMore,
    PartyTooLarge,
    answer,
)
from chalicelib.domain.meetups.attending import NotComing, NothingSaid, answered, attendees, rsvp_of
from chalicelib.domain.meetups.calendars import entries_of_series, entry_of, invitation
from chalicelib.domain.meetups.feeds import (
    CalendarNotFound,
    calendar_address,
    followed_calendar,
    renew_calendar,
)
from chalicelib.domain.meetups.losing import (
    AttendeeNotFound,
    lapse,
    lose,
    lose_everywhere,
    lose_leaver,
    lose_suspended,
    pass_on,
    remove,
)
from chalicelib.domain.meetups.on_behalf import NoSuchFollower, NothingToUndo, answer_for, undo
from chalicelib.domain.meetups.one_click import LinkOutdated, Shown, follow_link, show_link
from chalicelib.domain.meetups.proposing import (
    PROPOSING,
    NowhereToMeet,
    OriginUnknown,
    Times,
    TimesRefused,
    propose,
    publish,
)
from chalicelib.domain.meetups.seeing import read, seen
from chalicelib.domain.meetups.states import (
    ANSWERING_FOR,
    AlreadyThere,
    MeetupNotFound,
    MeetupStateRefused,
    NobodyExpected,
    OnlyTheHost,
    OnlyTheHosts,
    RsvpsClosed,
)

__all__ = [
    "ANSWERING_FOR",
    "PROPOSING",
    "AlreadyThere",
    "AskedNotToCome",
    "AttendeeNotFound",
    "CalendarNotFound",
    "HostComes",
    "LinkOutdated",
    "MeetupNotFound",
    "MeetupStateRefused",
    "NoRoomForMore",
    "NoSuchFollower",
    "NobodyExpected",
    "NotComing",
    "NothingSaid",
    "NothingToUndo",
    "NowhereToMeet",
    "OnlyTheHost",
    "OnlyTheHosts",
    "OriginUnknown",
    "PartyTooLarge",
    "RsvpsClosed",
    "Shown",
    "Times",
    "TimesRefused",
    "answer",
    "answer_for",
    "answered",
    "attendees",
    "calendar_address",
    "entries_of_series",
    "entry_of",
    "follow_link",
    "followed_calendar",
    "invitation",
    "lapse",
    "lose",
    "lose_everywhere",
    "lose_leaver",
    "lose_suspended",
    "pass_on",
    "propose",
    "publish",
    "read",
    "remove",
    "renew_calendar",
    "rsvp_of",
    "seen",
    "show_link",
    "undo",
]
