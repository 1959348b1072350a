"""What platform moderation restricts, why, and how it is appealed: after the fact, never before."""

from chalicelib.domain.moderation.appeals import (
    AlreadyAppealed,
    AppealTooLate,
    NoAppealWaiting,
    NotYoursToAppeal,
    RestrictionLifted,
    SamePersonDecides,
    appeal,
    decide,
)
from chalicelib.domain.moderation.pictures import hide_picture, restore_picture
from chalicelib.domain.moderation.restricting import freeze, hide, restore, unfreeze
from chalicelib.domain.moderation.statements import PartyToTheMatter, StatementNotFound, read
from chalicelib.domain.moderation.suspending import (
    AlreadySuspended,
    SuspensionEndsTooLate,
    SuspensionNotFound,
    lift,
    suspend,
    suspensions_of,
)

__all__ = [
    "AlreadyAppealed",
    "AlreadySuspended",
    "AppealTooLate",
    "NoAppealWaiting",
    "NotYoursToAppeal",
    "PartyToTheMatter",
    "RestrictionLifted",
    "SamePersonDecides",
    "StatementNotFound",
    "SuspensionEndsTooLate",
    "SuspensionNotFound",
    "appeal",
    "decide",
    "freeze",
    "hide",
    "hide_picture",
    "lift",
    "read",
    "restore",
    "restore_picture",
    "suspend",
    "suspensions_of",
    "unfreeze",
]
