"""Mails to members: reserved, sent, confirmed. One of a kind per member and organization, or why none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, standing
from chalicelib.gateways import clock, links, signatures
from chalicelib.models.changes import Overtaken, changes
from chalicelib.models.mails import MailRefusal, MailReservation
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.guests import Guest
    from chalicelib.models.members import Member

LEASE = timedelta(minutes=2)
"""How long a reservation holds others off. Shorter than a queue's visibility timeout, so that the delivery
that follows a crash finds it free."""


class LinkInvalid(errors.Malformed):
    reason: ClassVar = {
        "en": "This link is not one of ours: use the one in the latest e-mail.",
        "fr": "Ce lien n’est pas de nous : utilisez celui du dernier e-mail.",
    }


class MailUnderWay(Exception):  # noqa: N818 - not a refusal: delivered again later, it will be known
    """Someone else is sending this mail at this moment, or died doing so."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What every letter that is to be sent says of itself, whatever it says to its reader."""

    reservation: MailReservation
    message_id: str
    language: str
    recipient: str
    organization_id: str
    organization_name: str
    unsubscribe_url: str
    calendar: Any = None
    """What goes with it into the reader's calendar, if anything: a method, and an entry."""

    @property
    def sender_name(self) -> str:
        """Who writes."""
        return self.organization_name

    @property
    def reply_to(self) -> tuple[str, str]:
        """Who gets replies: a name, and an address."""
        return self.organization_name, links.sender()


def address_of(member: Member | None, guest: Guest | None) -> str | None:
    """Where someone can be written to: nothing that anyone merely claims."""
    if member is not None:
        return member.email if member.email_verified else None
    return guest.email if guest is not None else None


def reader_of(person_id: str, address: str, organization_id: str) -> str:
    """Whose refusal of mails counts: a member's own; for a guest, that of whoever reads the mailbox.

    Each session is another guest, and one who never asked for anything may be written to.
    """
    if not person_id.startswith("gst_"):
        return person_id
    return digest_of(address, f"mails of {organization_id}")


def digest_of(address: str, purpose: str) -> str:
    """What is kept of an address that need not be read again: another for each purpose, made by us alone."""
    return "box_" + signatures.key_for(f"{purpose} to {address}").hex()[:32]


def is_refused(reader: str, organization_id: str) -> bool:
    """Whether this reader wants no mails from an organization: one read."""
    (refusal,) = load(MailRefusal.key(reader, organization_id))
    return refusal is not None


def reachable_at(
    reservation: MailReservation, address: str | None, reader: str, organization_id: str
) -> str | None:
    """The address that this mail goes to; None, and why is remembered, when it is to go nowhere."""
    if address is None:
        skip(reservation, "no_verified_address")
    elif is_refused(reader, organization_id):
        skip(reservation, "unsubscribed")
    else:
        return address
    return None


def reserve(member_id: str, organization_id: str, mail: str) -> MailReservation | None:
    """The right to send this mail, None when it was sent already.

    A mail that was skipped may be reserved again. Raises MailUnderWay while someone else holds the right.
    """
    (held,) = load(MailReservation.key(member_id, organization_id, mail))
    now = clock.now()
    if held is not None:
        if held.state == "sent":
            return None
        if held.state == "reserved" and held.lease_until and held.lease_until > now:
            raise MailUnderWay(mail)
    reservation = held or MailReservation.of(member_id, organization_id, mail, at=now)
    reservation.state, reservation.reason, reservation.lease_until = "reserved", None, now + LEASE
    try:
        with changes() as change:
            change.save(reservation)
    except Overtaken as race:
        raise MailUnderWay(mail) from race
    return reservation


def confirm(reservation: MailReservation) -> None:
    """Remember that the mail was handed over. Dying before this may send it twice, under one Message-ID."""
    _settle(reservation, "sent", None)


def skip(reservation: MailReservation, reason: str) -> None:
    """Remember that the mail was not to be sent, and why."""
    _settle(reservation, "skipped", reason)


def _settle(reservation: MailReservation, state: str, reason: str | None) -> None:
    reservation.state, reservation.reason, reservation.lease_until = state, reason, None
    with changes() as change:
        change.save(reservation)


def unsubscribe(token: str) -> None:
    """Stop an organization's mails to whoever got this link, once and for all. Raises LinkInvalid."""
    reader, organization_id = whose(token)
    with changes() as change:
        change.save(MailRefusal.of(reader, organization_id, at=clock.now()))


def whose(token: str) -> tuple[str, str]:
    """The reader and organization a link is about. Raises LinkInvalid."""
    found = links.read_unsubscribe(token)
    if found is None:
        raise LinkInvalid
    return found


def wanted(caller: Caller, organization_id: str) -> bool:
    """Whether the caller accepts mails from this organization. Raises OrganizationNotFound."""
    return _refusal(caller, organization_id) is None


def choose(caller: Caller, organization_id: str, *, wanted: bool) -> bool:
    """Accept or stop mails from this organization; what is chosen. Raises OrganizationNotFound."""
    refusal = _refusal(caller, organization_id)
    with changes() as change:
        if wanted and refusal is not None:
            change.delete(refusal)
        elif not wanted and refusal is None:
            change.save(MailRefusal.of(caller.member_id, organization_id, at=clock.now()))
    return wanted


def _refusal(caller: Caller, organization_id: str) -> MailRefusal | None:
    here = standing.of(caller, organization_id, MailRefusal.key(caller.member_id, organization_id))
    refusal: MailRefusal | None = here.also[0]
    return refusal
