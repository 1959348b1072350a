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
    SendCode,
)
from chalicelib.domain import guests, members, standing
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
    `jti`, and `exp` within five minutes; `name` and `email` if it likes). Each is good once, and the same
    `sub` is the same guest at each visit. Without one a guest is new, and everyone sees that nobody vouches
    for them.
    """
    session = guests.open_session(
        body.organization_id, origin=origin, host_token=body.host_token, verify=host_tokens.claims_of
    )
    return _sealed(session)


@api.endpoint(
    "POST",
    "/widget/sessions/email",
    access=GUESTS,
    receipts=False,
    limit=guests.CODES,
    refusals=[guests.TooManyCodes],
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
