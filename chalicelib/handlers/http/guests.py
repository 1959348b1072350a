from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.api import guest_tokens, host_tokens
from chalicelib.api.endpoints import EVERYONE, GUESTS, Api, Origin
from chalicelib.contracts.guests import (
    BringGuest,
    CodeSent,
    ConfirmCode,
    GuestLinkView,
    GuestSession,
    OpenSession,
    ReturnedSession,
    ReturnToChat,
    SendCode,
)
from chalicelib.domain import absences, guests, mails, members, standing
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="Guests")


def _sealed(session: guests.Session) -> dict[str, Any]:
    said = asdict(session)
    return {"token": guest_tokens.seal(**said), **said}


@api.endpoint(
    "POST",
    "/widget/sessions",
    access=EVERYONE,
    status=201,
    refusals=[
        standing.OrganizationNotFound,
        guests.OriginRefused,
        guests.HostUnknown,
        host_tokens.HostTokenInvalid,
        host_tokens.HostTokenExpired,
        host_tokens.HostTokenTooLong,
        guests.HostTokenReplayed,
    ],
)
def open_guest_session(origin: Origin, body: OpenSession) -> GuestSession:
    """Start a guest's session, for 24 hours, on a site that carries the widget.

    The site may vouch for its visitor with a token of its own (RS256 or ES256; `iss`, `aud`, `sub`, `iat`,
    `jti`, and `exp` within five minutes; `name` if it likes). Each is good once, and the same `sub` is the
    same guest at each visit. Without one a guest is new, and everyone sees that nobody vouches for them.

    It may say its visitor's `email` too, which counts, is kept and written to only with `email_verified`:
    `true`, a boolean, for a site that has seen to it that the address is theirs. Left out, it is not.
    """
    session = guests.open_session(
        body.organization_id, origin=origin, host_token=body.host_token, verify=host_tokens.claims_of
    )
    return _sealed(session)


@api.endpoint(
    "POST",
    "/widget/sessions/renew",
    access=GUESTS,
    status=201,
    receipts=False,
    refusals=[standing.OrganizationNotFound, guests.OriginRefused, guests.SessionTooOld],
)
def renew_guest_session(caller: Caller, origin: Origin) -> GuestSession:
    """Go on as the same guest for another 24 hours, on the same site, while the token is still good.

    Go on with the token of the answer; the one before stays good until it is over. Until 30 days after the
    first one: then a guest begins anew, or comes back by the link that was mailed with an answer.
    """
    return _sealed(guests.renew(caller, origin=origin))


@api.endpoint(
    "POST",
    "/widget/sessions/email",
    access=GUESTS,
    receipts=False,
    limit=guests.CODES,
    refusals=[guests.TooManyCodes, guests.AddressProven],
)
def send_guest_code(caller: Caller, body: SendCode) -> CodeSent:
    """Have a code mailed to you, that shows whose address it is. Only the latest code counts."""
    return guests.send_code(caller, body.email)


@api.endpoint(
    "POST",
    "/widget/sessions/email/confirm",
    access=GUESTS,
    receipts=False,
    refusals=[guests.CodeOver, guests.CodeWrong],
)
def confirm_guest_code(caller: Caller, body: ConfirmCode) -> GuestSession:
    """Say the code that was mailed to you: five tries in ten minutes. Go on with the token of the answer."""
    return _sealed(guests.confirm(caller, body.code))


@api.endpoint(
    "POST",
    "/widget/sessions/return",
    access=EVERYONE,
    status=201,
    refusals=[
        mails.LinkInvalid,
        absences.LinkOver,
        standing.OrganizationNotFound,
        guests.OriginRefused,
    ],
)
def return_to_chat(origin: Origin, body: ReturnToChat) -> ReturnedSession:
    """Start a guest's session by the link that was mailed to them with an answer: as the same guest.

    The link is what follows `#entraide=` in the page's address. It is good for seven days, as often as it is
    followed; the session lasts 24 hours, as any. It is good for that conversation alone: mails are forwarded.
    """
    back = absences.come_back(body.link, origin=origin)
    return {**_sealed(back.session), "question_id": back.question_id}


@api.endpoint(
    "POST",
    "/me/guests",
    refusals=[
        guest_tokens.GuestTokenInvalid,
        guests.GuestUnproven,
        guests.AddressesDiffer,
        guests.MergedElsewhere,
        members.IdentityUnavailable,
    ],
)
def bring_guest(caller: Caller, body: BringGuest) -> GuestLinkView:
    """Take over what you asked as a guest.

    Your account and the guest must both have proven to have the same e-mail address: what someone merely
    says theirs is never joins two histories.
    """
    return guests.adopt(caller, guest_tokens.read(body.guest_token, language=caller.language))
