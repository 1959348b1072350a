"""Codes mailed to a guest's address: what shows that it is theirs.

A code is kept nowhere. Whoever needs it, to mail it or to compare it, derives it from its id and this
tenant's key.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events, limits, mails
from chalicelib.domain.guests import addresses, sessions
from chalicelib.gateways import clock, ids, links, signatures
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.guests import Guest, GuestCode
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.events import GuestCodeRequested

ALPHABET = "23456789CFGHJMPQRVWX"
"""Neither look-alikes nor vowels: no code is misread, none is a word."""

LENGTH, TRIES, LASTS = 6, 5, timedelta(minutes=10)

CODES = limits.Policy("guest-codes", limit=20, window=3600, by_address=True)
"""From one network address: whoever asks for codes makes us write to people who may not have asked."""

PER_MAILBOX = limits.Policy("guest-codes-to", limit=3, window=600)
PER_DAY = limits.Policy("guest-codes-to-in-a-day", limit=6, window=24 * 3600)
"""To one mailbox, under whatever name: its reader may never have asked for any."""


class TooManyCodes(errors.LimitReached):
    reason: ClassVar = {
        "en": "Several codes are on their way to this address: wait {retry_after} seconds for another.",
        "fr": "Plusieurs codes sont en route vers cette adresse : attendez {retry_after} secondes.",
    }
    example: ClassVar = {"retry_after": 321}


class CodeWrong(errors.Invalid):
    reason: ClassVar = {
        "en": "This is not the code of the latest e-mail. Tries left: {tries_left}.",
        "fr": "Ce n’est pas le code du dernier e-mail. Essais restants : {tries_left}.",
    }
    example: ClassVar = {"tries_left": 4, "pointer": "/code"}


class AddressProven(errors.Conflict):
    reason: ClassVar = {
        "en": "Another address has been shown to be yours in this session: start another one for this one.",
        "fr": "Une autre adresse a été confirmée dans cette session : ouvrez-en une autre pour celle-ci.",
    }


class CodeOver(errors.Conflict):
    reason: ClassVar = {
        "en": "No code is awaited any more: ask for another.",
        "fr": "Aucun code n’est plus attendu : demandez-en un autre.",
    }


@dataclass(frozen=True, kw_only=True)
class Letter(mails.Letter):
    """A code that is to be mailed."""

    code: str
    minutes: int


def send_code(caller: Caller, email: str) -> GuestCode:
    """Have a new code mailed to this address; only the latest one counts. Raises TooManyCodes, AddressProven.

    Whoever finds an open session does not make it theirs: an address that was proven stays.
    """
    mailbox = mails.digest_of(addresses.mailbox(email), "codes")
    try:
        limits.spend(PER_MAILBOX, mailbox)
        return _replace(caller, email, mailbox)
    except limits.TooManyRequests as enough:
        raise TooManyCodes(retry_after=enough.context["retry_after"]) from enough


@retry_if_overtaken
def _replace(caller: Caller, email: str, mailbox: str) -> GuestCode:
    before, guest = load(GuestCode.key(caller.member_id), Guest.key(caller.guest_of, caller.member_id))
    if guest is not None and guest.email and not addresses.are_same(guest.email, email):
        raise AddressProven
    now = clock.now()
    code = GuestCode.of(
        caller.member_id,
        until=now + LASTS,
        organization_id=caller.guest_of,
        code_id=ids.new("cod"),
        email=email,
        language=caller.language,
        tries_left=TRIES,
    )
    if before is not None:
        code.version = before.version
    with changes() as change:
        change.save(code)
        limits.spend_in(change, PER_DAY, mailbox)
        change.announce(
            events.GuestCodeRequested(
                organization_id=caller.guest_of, actor_id=caller.member_id, code_id=code.code_id, at=now
            )
        )
    return code


@retry_if_overtaken
def confirm(caller: Caller, said: str) -> sessions.Session:
    """Hold the address for this guest's, if they say the code that was mailed there.

    Each try is one write on the version it was decided on: guesses sent all at once are counted like any.
    Said again after a lost answer, the right code is right again. Raises CodeOver, CodeWrong.
    """
    code, guest = load(GuestCode.key(caller.member_id), Guest.key(caller.guest_of, caller.member_id))
    now = clock.now()
    if code is None or code.until <= now or code.tries_left < 1:
        raise CodeOver
    if not hmac.compare_digest(_code_of(code.code_id), _typed(said)):
        with changes() as change:
            change.edit(code, tries_left=int(code.tries_left) - 1)
        raise CodeWrong(tries_left=int(code.tries_left), pointer="/code")
    if guest is not None and guest.email and not addresses.are_same(guest.email, code.email):
        raise CodeOver  # another one was proven since it was sent
    proven = {"email": code.email, "email_verified_by": "code"}
    if code.confirmed_at is None or guest is None:
        with changes() as change:
            change.edit(code, confirmed_at=now)
            if guest is None:
                guest = Guest.arriving(caller.guest_of, caller.member_id, at=now, **proven)
                change.create(guest)
            else:
                change.edit(guest, **proven)
    return sessions.renewed(guest, caller)


def letter_for(event: GuestCodeRequested) -> Letter | None:
    """The letter with this code, None when there is none to send (any more).

    Raises MailUnderWay while another delivery is at it.
    """
    reservation = mails.reserve(event.actor_id, event.organization_id, f"guest-code@1#{event.code_id}")
    if reservation is None:
        return None
    organization, code = load(Organization.key(event.organization_id), GuestCode.key(event.actor_id))
    if organization is None or code is None or code.code_id != event.code_id or code.until <= clock.now():
        mails.skip(reservation, "over")
        return None
    reader = mails.reader_of(event.actor_id, code.email, organization.id)
    if mails.reachable_at(reservation, code.email, reader, organization.id) is None:
        return None
    return Letter(
        reservation=reservation,
        message_id=f"<guest-code.{code.code_id}@{links.mail_domain()}>",
        language=code.language,
        recipient=code.email,
        organization_id=organization.id,
        organization_name=organization.name,
        code=_code_of(code.code_id),
        minutes=int(LASTS.total_seconds() // 60),
        unsubscribe_url=links.unsubscribe(reader, organization.id),
    )


def _code_of(code_id: str) -> str:
    key = signatures.key_for(f"the code {code_id} of a guest")
    number = int.from_bytes(key[:16]) % len(ALPHABET) ** LENGTH
    characters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def _typed(said: str) -> str:
    """A code as people type it: in any case, in groups."""
    return "".join(said.upper().split()).replace("-", "")
