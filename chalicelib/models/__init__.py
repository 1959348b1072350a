"""Importing this package imports every model: PynamoDB silently drops items of a kind it has not seen."""

from chalicelib.models import (
    journal,
    ledger,
    live,
    mails,
    markers,
    members,
    memberships,
    messages,
    moderation,
    organizations,
    rates,
    reactions,
    salons,
    thanks,
)

__all__ = [
    "journal",
    "ledger",
    "live",
    "mails",
    "markers",
    "members",
    "memberships",
    "messages",
    "moderation",
    "organizations",
    "rates",
    "reactions",
    "salons",
    "thanks",
]
