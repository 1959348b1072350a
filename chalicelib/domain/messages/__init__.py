"""What people say in salons: one room per verb."""

from chalicelib.domain.messages.editing import NotYourMessage, TooManyEdits, delete, edit
from chalicelib.domain.messages.places import MessageNotFound, locate
from chalicelib.domain.messages.posting import ReplyToUnknown, SlowMode, post
from chalicelib.domain.messages.reacting import ReactionUnknown, react, take_back
from chalicelib.domain.messages.reading import MOST, OneDirectionOnly, earlier_texts, page_of, read
from chalicelib.domain.messages.states import MessageWithdrawn, SalonClosedToWords

__all__ = [
    "MOST",
    "MessageNotFound",
    "MessageWithdrawn",
    "NotYourMessage",
    "OneDirectionOnly",
    "ReactionUnknown",
    "ReplyToUnknown",
    "SalonClosedToWords",
    "SlowMode",
    "TooManyEdits",
    "delete",
    "earlier_texts",
    "edit",
    "locate",
    "page_of",
    "post",
    "react",
    "read",
    "take_back",
]
