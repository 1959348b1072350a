"""What is mailed about a meetup: read when it is sent, so that late news is not told as if it were new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import mails
from chalicelib.domain.meetups import calendars, moments, news, one_click, standpoints
from chalicelib.domain.meetups.states import MeetupNotFound
from chalicelib.gateways import clock, links
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.mails import MailRefusal
from chalicelib.models.members import Member
from chalicelib.models.organizations import Organization
from chalicelib.models.rsvps import COMING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.meetups.calendars import Invitation
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.mails import MailReservation

SHORTLY = timedelta(minutes=90)
"""So near its start a reminder counts no days."""


SETTLED = timedelta(days=60)
"""How long it is known who was sent a recap and who was not: longer than any queue holds what is told of it,
shorter than it is remembered who did not come."""


@dataclass(frozen=True)
class Kind:
    """What is to be known of a letter before it is written."""

    always: bool = False
    """Whether it reaches those too who stopped other mails: others decided what they planned with."""
    calendar: bool = False
    """Whether the reader's calendar is told, where it has the meetup, or is to have it."""
    links: tuple[str, ...] = ()
    """What it lets its reader answer in one click."""


KINDS: Mapping[str, Kind] = {
    "meetup_going": Kind(calendar=True, links=("declined",)),
    "meetup_promoted": Kind(always=True, calendar=True, links=("declined",)),
    "meetup_offered": Kind(always=True, links=("going", "declined")),
    "meetup_answered_for": Kind(always=True, calendar=True, links=("declined",)),
    "meetup_removed": Kind(always=True, calendar=True),
    "meetup_stepped_back": Kind(calendar=True),
    "meetup_hosting": Kind(always=True, calendar=True),
    "meetup_revised": Kind(always=True, calendar=True, links=("going", "declined")),
    "meetup_cancelled": Kind(always=True, calendar=True),
    "meetup_free_seat": Kind(links=("going",)),
    "meetup_reminder": Kind(links=("declined",)),
    "meetup_recap": Kind(),
}
"""Every letter about a meetup. Confirmations, reminders and recaps are for those who accept mails."""

SPEAKERS = {
    "meetup_answered_for": "asked_by",
    "meetup_removed": "actor_id",
    "meetup_hosting": "actor_id",
    "meetup_cancelled": "actor_id",
    "meetup_recap": "host_id",
}
"""Where events say whom a letter names. Whose leaving freed a seat is nobody's to know."""


@dataclass(frozen=True, kw_only=True)
class Letter(mails.Letter):
    """A letter about a meetup, with all that any of them says."""

    message: str
    """Which of them it is."""
    title: str
    when: str
    where: str
    """Exactly, for those who come; else the district. Empty when it is online only."""
    online_url: str
    """For those who come; empty if there is none."""
    meetup_url: str
    host_name: str
    """Who did what it tells of, where it names anyone; empty where it is not known who."""
    cause: str
    """What it comes from, as its event says: host_lost, where whoever hosted it cannot any more."""
    role: str
    """What its reader is to it: host, co_host or guest."""
    party: int
    answer: str
    """What they say, or what was said for them: going, waitlisted, offered, interested or declined."""
    ahead: str
    """How near it is, as people count days there: soon, today, tomorrow, later."""
    reason: str
    recap: str
    until: str
    """Until when offered seats are held."""
    take_url: str
    decline_url: str
    """What answers in one click; empty where that cannot be said any more."""
    calendar: Invitation | None


class NotToBeSent(Exception):  # noqa: N818
    """There is no letter to send, for the reason it carries."""


def letter_for(event: Any) -> Letter | None:
    """The letter that an event is told with, None when there is none to send (any more).

    Raises MailUnderWay while another delivery is at it.
    """
    message = news.news_of(event)
    if message is None or message not in KINDS:
        return None
    occasion = f"{event.meetup_id}#{news.occasion_of(event)}"
    reservation = mails.reserve(event.member_id, event.organization_id, f"{message}@1#{occasion}")
    if reservation is None:
        return None
    if message == "meetup_recap":
        reservation.expires_at = int((clock.now() + SETTLED).timestamp())
    try:
        return _letter(event, message, reservation)
    except NotToBeSent as reason:
        mails.skip(reservation, str(reason))
        return None


def _letter(event: Any, message: str, reservation: MailReservation) -> Letter:
    stands = _stands(event, message)
    meetup, member = stands.meetup, stands.member
    organization = stands.also[0]
    told = news.told_now(event, stands) or message
    reason = meetup.cancelled_reason if told == "meetup_cancelled" else stands.rsvp.removed_reason
    language, zone = str(member.language), str(meetup.time_zone)
    until, path = stands.rsvp.offer_until, f"/organizations/{organization.id}/meetups/{meetup.id}"
    return Letter(
        reservation=reservation,
        message=told,
        message_id=_message_id(event, told),
        language=language,
        recipient=str(member.email),
        organization_id=organization.id,
        organization_name=organization.name,
        unsubscribe_url=links.unsubscribe(member.id, organization.id),
        title=meetup.title,
        when=moments.span(meetup.starts_at, meetup.ends_at, zone, language),
        where=_where(stands),
        online_url=(stands.is_coming and meetup.online_url) or "",
        meetup_url=organization.site_url or links.api(path),
        host_name=_speaker(stands) if told == message else "",
        cause=str(getattr(event, "cause", "host")),
        role=_role(stands),
        party=int(stands.rsvp.party),
        answer=stands.rsvp.state_at(stands.now),
        ahead=_ahead(stands),
        reason=str(reason or ""),
        recap=str(meetup.recap or ""),
        until=moments.moment(until, zone, language) if until is not None else "",
        take_url=_answering(stands, told, "going"),
        decline_url=_answering(stands, told, "declined"),
        calendar=_calendar(event, stands, told),
    )


def _stands(event: Any, message: str) -> Any:
    """The meetup as its reader stands to it, if it is still to be told of; raises NotToBeSent. One read."""
    organization_id, member_id = event.organization_id, event.member_id
    speaker_id = getattr(event, SPEAKERS.get(message, ""), "nobody")
    try:
        stands = standpoints.look(
            member_id,
            organization_id,
            event.meetup_id,
            Organization.key(organization_id),
            MailRefusal.key(member_id, organization_id),
            Member.key(speaker_id),
            NoShowNote.key(event.meetup_id, member_id),
        )
    except MeetupNotFound:
        raise NotToBeSent("over") from None
    organization, refusal, *_ = stands.also
    if organization is None or news.told_now(event, stands) is None:
        raise NotToBeSent("over")
    if mails.address_of(stands.member, None) is None:
        raise NotToBeSent("no_verified_address")
    if refusal is not None and not KINDS[message].always:
        raise NotToBeSent("unsubscribed")
    return stands


def _speaker(stands: Standpoint) -> str:
    """Who did it, by their name; else whose meetup it is."""
    organization, _, speaker, _ = stands.also
    return str(speaker.name if speaker is not None else organization.name)


def _role(stands: Standpoint) -> str:
    if stands.caller_id == stands.meetup.host_id:
        return "host"
    return "co_host" if stands.is_host else "guest"


def _message_id(event: Any, message: str) -> str:
    """The same for the same news, whichever event tells it; what an occasion is made of may be anything."""
    about = re.sub(r"[^A-Za-z0-9]+", "-", f"{event.meetup_id}-{event.member_id}-{news.occasion_of(event)}")
    return f"<{message.replace('_', '-')}.{about[:150]}@{links.mail_domain()}>"


def _where(stands: Standpoint) -> str:
    place = stands.meetup.place
    if place is None:
        return ""
    if not stands.is_coming:
        return str(place["district"])
    return ", ".join(part for part in (place["name"], place["address"]) if part)


def _ahead(stands: Standpoint) -> str:
    meetup, now = stands.meetup, stands.now
    if meetup.starts_at - now <= SHORTLY:
        return "soon"
    days = moments.days_until(meetup.starts_at, now, meetup.time_zone)
    return {0: "today", 1: "tomorrow"}.get(days, "later")


def _answering(stands: Standpoint, message: str, says: str) -> str:
    """Where to say it in one click, if this letter lets its reader, and they may still."""
    if says not in KINDS[message].links or not stands.meetup.takes_answers(stands.now):
        return ""
    return one_click.link_to(stands, says) or ""


def _calendar(event: Any, stands: Any, message: str) -> Invitation | None:
    """What goes into the calendar of who has a seat, or out of it when they had one.

    What is cancelled is taken out of everyone’s: whoever waits or is interested may have had a seat before.
    """
    has, had = stands.rsvp.state_at(stands.now) in COMING, getattr(event, "after", None) in COMING
    had = had or message == "meetup_cancelled"
    if not KINDS[message].calendar or not (has or had):
        return None
    name, address = stands.member.name, str(stands.member.email)
    return calendars.invitation(stands, stands.also[0], name=name, address=address, had_seat=had)
