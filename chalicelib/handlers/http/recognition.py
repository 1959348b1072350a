from __future__ import annotations

from chalicelib.api.endpoints import EVERYONE, Answer, Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.recognition import Recognition, Thank, ThanksView
from chalicelib.domain import errors, members, messages, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.recognition import statement, thanks
from chalicelib.pages import Page

api = Api(__name__, tag="Recognition")

THANKS = "/organizations/{organization_id}/salons/{salon_id}/messages/{message_id}/thanks"

THERE = (salons.SalonNotFound, messages.MessageNotFound, members.IdentityUnavailable)


@api.endpoint(
    "PUT",
    THANKS,
    status=201,
    refusals=[
        *THERE,
        salons.FollowFirst,
        standing.Suspended,
        thanks.CannotThankYourself,
        messages.SalonClosedToWords,
        messages.MessageWithdrawn,
        errors.Busy,
    ],
)
def give_thanks(
    caller: Caller, organization_id: str, salon_id: str, message_id: str, body: Thank
) -> ThanksView:
    """Thank the author of a message, once.

    Sent again it answers 200 and changes nothing, or only the text if that is another one. What the thanks
    earn their beneficiary is written a moment later, in their own recognition.
    """
    given = thanks.give(caller, organization_id, salon_id, message_id, text=body.text)
    return Answer(given, status=201 if given.is_new else 200)


@api.endpoint("DELETE", THANKS, refusals=[*THERE, messages.SalonClosedToWords, errors.Busy])
def withdraw_thanks(caller: Caller, organization_id: str, salon_id: str, message_id: str) -> None:
    """Take your thanks back, and with them what they earned. You may thank again."""
    thanks.withdraw(caller, organization_id, salon_id, message_id)


@api.endpoint("GET", THANKS, access=EVERYONE, order="oldest_first@1", most=50, refusals=THERE)
def list_thanks(
    caller: Caller | None, organization_id: str, salon_id: str, message_id: str, page: Page
) -> Listing[ThanksView]:
    """Read what people said thank you for in a message."""
    return thanks.of_message(caller, organization_id, salon_id, message_id, page)


@api.endpoint("GET", "/me/recognition", order="newest_first@1", most=90)
def read_recognition(caller: Caller, page: Page) -> Recognition:
    """Read your own merit: every line with its reason and its rule, and what they come to.

    Only you see it. No permission, queue or order depends on it.
    """
    return statement.read(caller, page)
