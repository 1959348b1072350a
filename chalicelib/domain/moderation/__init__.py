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
from chalicelib.domain.moderation.restricting import freeze, hide, restore, unfreeze
from chalicelib.domain.moderation.statements import PartyToTheMatter, StatementNotFound, read

__all__ = [
    "AlreadyAppealed",
    "AppealTooLate",
    "NoAppealWaiting",
    "NotYoursToAppeal",
    "PartyToTheMatter",
    "RestrictionLifted",
    "SamePersonDecides",
    "StatementNotFound",
    "appeal",
    "decide",
    "freeze",
    "hide",
    "read",
    "restore",
    "unfreeze",
]
