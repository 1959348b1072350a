"""Salons: who may come in, who looks after them, what is pinned, with whom they are shared."""

from chalicelib.domain.salons.keeping import (
    DefaultSalonStaysOpen,
    OffTopicSalonStaysOpen,
    SalonStateRefused,
    SalonUnalterable,
    create,
    edit,
    find,
    in_organization,
)
from chalicelib.domain.salons.pins import NothingToPin, pin, unpin
from chalicelib.domain.salons.presence import (
    FollowFirst,
    LookedAfterElsewhere,
    Presence,
    SalonNotFound,
    enter,
    may_see,
)
from chalicelib.domain.salons.sharing import (
    AlreadyAtHome,
    OfferNotFound,
    SalonNotShareable,
    SharedByTooMany,
    accept,
    decline,
    offer,
    offers,
)

__all__ = [
    "AlreadyAtHome",
    "DefaultSalonStaysOpen",
    "FollowFirst",
    "LookedAfterElsewhere",
    "NothingToPin",
    "OffTopicSalonStaysOpen",
    "OfferNotFound",
    "Presence",
    "SalonNotFound",
    "SalonNotShareable",
    "SalonStateRefused",
    "SalonUnalterable",
    "SharedByTooMany",
    "accept",
    "create",
    "decline",
    "edit",
    "enter",
    "find",
    "in_organization",
    "may_see",
    "offer",
    "offers",
    "pin",
    "unpin",
]
