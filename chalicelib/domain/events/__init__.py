"""Every domain event: past tense, frozen, sufficient in itself. The journal keeps them for good.

`detail-type` on the bus is the name and version below. A field may be added with a default; anything else is
a new version beside the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events.event import Event
from chalicelib.domain.events.guests import (
    GuestCodeRequested,
    GuestMerged,
)
from chalicelib.domain.events.hand_overs import (
    HandOverAccepted,
    HandOverAwaited,
    HandOverDeclined,
    HandOverDue,
    HandOverOffered,
    HandOverProposed,
)
from chalicelib.domain.events.meetups import (
    AttendeesToTell,
    AttendeeTold,
    CapacityChanged,
    CoHostsChanged,
    ContactMade,
    HostChanged,
    MeetupCancelled,
    MeetupDrafted,
    MeetupEdited,
    MeetupEnded,
    MeetupProposed,
    MeetupRecapped,
    MeetupRevised,
    MeetupStarted,
    NoShowNoted,
    NoShowWithdrawn,
    PictureRefused,
    PictureRemoved,
    PictureSent,
    PictureShown,
    PresenceAttested,
    RsvpClosed,
    SeatsAnnounced,
    SeatsFreed,
    SeriesEnded,
    SeriesProposed,
)
from chalicelib.domain.events.moderation import (
    AppealDecided,
    MemberSuspended,
    MessageHidden,
    MessageRestored,
    PictureHidden,
    PictureRestored,
    SalonFrozen,
    SalonUnfrozen,
    StatementAppealed,
    SuspensionLifted,
)
from chalicelib.domain.events.organizations import (
    OrganizationCreated,
    OrganizationFollowed,
    OrganizationUnfollowed,
    RoleChanged,
)
from chalicelib.domain.events.questions import (
    AnswerBegun,
    AnswerLeft,
    AnswerPromised,
    CompanionCame,
    CompanionLeft,
    HelperInvited,
    HelperSpoke,
    QuestionAnswered,
    QuestionAsked,
    QuestionClaimed,
    QuestionClosedUnconfirmed,
    QuestionExpired,
    QuestionMerged,
    QuestionOffered,
    QuestionReopened,
    QuestionResolved,
    QuestionReturned,
    QuestionShared,
    QuestionUnshared,
    QuestionWithdrawn,
    SharingAgreed,
    WaitBegun,
    WordsPurged,
)
from chalicelib.domain.events.recognition import (
    MeritEarned,
    MeritReversed,
    ThanksGiven,
    ThanksWithdrawn,
)
from chalicelib.domain.events.rsvps import (
    OfferLapsed,
    PartiesSkipped,
    RsvpDeclined,
    RsvpInterested,
    RsvpPromoted,
    RsvpWaitlisted,
    SeatOffered,
    SeatTaken,
)
from chalicelib.domain.events.salons import (
    MessagePinned,
    MessageUnpinned,
    SalonOffered,
    SalonOpened,
    SalonShared,
    SalonStateChanged,
    SalonUnshared,
)
from chalicelib.domain.events.watching import (
    SpectatorCame,
    SpectatorInvited,
    SpectatorLeft,
    SpectatorProposed,
    SpectatorRefused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "AnswerBegun",
    "AnswerLeft",
    "AnswerPromised",
    "AppealDecided",
    "AttendeeTold",
    "AttendeesToTell",
    "CapacityChanged",
    "CoHostsChanged",
    "CompanionCame",
    "CompanionLeft",
    "ContactMade",
    "Event",
    "GuestCodeRequested",
    "GuestMerged",
    "HandOverAccepted",
    "HandOverAwaited",
    "HandOverDeclined",
    "HandOverDue",
    "HandOverOffered",
    "HandOverProposed",
    "HelperInvited",
    "HelperSpoke",
    "HostChanged",
    "MeetupCancelled",
    "MeetupDrafted",
    "MeetupEdited",
    "MeetupEnded",
    "MeetupProposed",
    "MeetupRecapped",
    "MeetupRevised",
    "MeetupStarted",
    "MemberSuspended",
    "MeritEarned",
    "MeritReversed",
    "MessageHidden",
    "MessagePinned",
    "MessageRestored",
    "MessageUnpinned",
    "NoShowNoted",
    "NoShowWithdrawn",
    "OfferLapsed",
    "OrganizationCreated",
    "OrganizationFollowed",
    "OrganizationUnfollowed",
    "PartiesSkipped",
    "PictureHidden",
    "PictureRefused",
    "PictureRemoved",
    "PictureRestored",
    "PictureSent",
    "PictureShown",
    "PresenceAttested",
    "QuestionAnswered",
    "QuestionAsked",
    "QuestionClaimed",
    "QuestionClosedUnconfirmed",
    "QuestionExpired",
    "QuestionMerged",
    "QuestionOffered",
    "QuestionReopened",
    "QuestionResolved",
    "QuestionReturned",
    "QuestionShared",
    "QuestionUnshared",
    "QuestionWithdrawn",
    "RoleChanged",
    "RsvpClosed",
    "RsvpDeclined",
    "RsvpInterested",
    "RsvpPromoted",
    "RsvpWaitlisted",
    "SalonFrozen",
    "SalonOffered",
    "SalonOpened",
    "SalonShared",
    "SalonStateChanged",
    "SalonUnfrozen",
    "SalonUnshared",
    "SeatOffered",
    "SeatTaken",
    "SeatsAnnounced",
    "SeatsFreed",
    "SeriesEnded",
    "SeriesProposed",
    "SharingAgreed",
    "SpectatorCame",
    "SpectatorInvited",
    "SpectatorLeft",
    "SpectatorProposed",
    "SpectatorRefused",
    "StatementAppealed",
    "SuspensionLifted",
    "ThanksGiven",
    "ThanksWithdrawn",
    "WaitBegun",
    "WordsPurged",
    "every",
    "named",
]


def every() -> list[type[Event]]:
    """Every event, in the order of this page."""
    return list(_kinds(Event))


def _kinds(family: type[Event]) -> Iterator[type[Event]]:
    """What happens is the narrowest kind; a family of events is none itself."""
    for kind in family.__subclasses__():
        if kind.__subclasses__():
            yield from _kinds(kind)
        else:
            yield kind


def named(detail_type: str) -> type[Event] | None:
    """The event with this `detail-type`, or None."""
    return next((event for event in every() if event.detail_type() == detail_type), None)
