"""Every domain event: past tense, frozen, sufficient in itself. The journal keeps them for good.

`detail-type` on the bus is the name and version below. A field may be added with a default; anything else is
a new version beside the old one.
"""

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
from chalicelib.domain.events.moderation import (
    AppealDecided,
    MemberSuspended,
    MessageHidden,
    MessageRestored,
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

__all__ = [
    "AnswerBegun",
    "AnswerLeft",
    "AnswerPromised",
    "AppealDecided",
    "CompanionCame",
    "CompanionLeft",
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
    "MemberSuspended",
    "MeritEarned",
    "MeritReversed",
    "MessageHidden",
    "MessagePinned",
    "MessageRestored",
    "MessageUnpinned",
    "OrganizationCreated",
    "OrganizationFollowed",
    "OrganizationUnfollowed",
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
    "SalonFrozen",
    "SalonOffered",
    "SalonOpened",
    "SalonShared",
    "SalonStateChanged",
    "SalonUnfrozen",
    "SalonUnshared",
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
    return list(Event.__subclasses__())


def named(detail_type: str) -> type[Event] | None:
    """The event with this `detail-type`, or None."""
    return next((event for event in every() if event.detail_type() == detail_type), None)
