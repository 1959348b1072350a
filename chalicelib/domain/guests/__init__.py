"""Guests: who asks without an account, what is proven of them, and who they turn out to be."""

from chalicelib.domain.guests.codes import (
    CODES,
    CodeOver,
    CodeWrong,
    Letter,
    TooManyCodes,
    confirm,
    letter_for,
    send_code,
)
from chalicelib.domain.guests.merging import (
    AddressesDiffer,
    GuestUnproven,
    MergedElsewhere,
    adopt,
    identities_of,
    is_same_person,
    members_behind,
)
from chalicelib.domain.guests.sessions import (
    HostTokenReplayed,
    HostUnknown,
    OriginRefused,
    Session,
    SessionTooOld,
    again,
    open_session,
    renew,
    renewed,
)

__all__ = [
    "CODES",
    "AddressesDiffer",
    "CodeOver",
    "CodeWrong",
    "GuestUnproven",
    "HostTokenReplayed",
    "HostUnknown",
    "Letter",
    "MergedElsewhere",
    "OriginRefused",
    "Session",
    "SessionTooOld",
    "TooManyCodes",
    "adopt",
    "again",
    "confirm",
    "identities_of",
    "is_same_person",
    "letter_for",
    "members_behind",
    "open_session",
    "renew",
    "renewed",
    "send_code",
]
