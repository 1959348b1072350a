"""A meetup as calendars show it: to each reader what they may know, and nothing that was not said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import agenda, standpoints
from chalicelib.domain.meetups.recurring import SeriesNotFound
from chalicelib.domain.meetups.standpoints import Standpoint
from chalicelib.domain.meetups.states import MeetupNotFound
from chalicelib.gateways import clock, links
from chalicelib.models.blocks import Apart
from chalicelib.models.meetups import AgendaEntry, Meetup, Seats
from chalicelib.models.organizations import Organization
from chalicelib.models.rsvps import COMING, Rsvp
from chalicelib.models.series import Series
from chalicelib.models.tables import Key, load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.models.rsvps import MemberMeetup

MAYBE = frozenset({"waitlisted", "offered"})
"""Answers of those who may come yet, and know only the district."""

MOST_OF_SERIES = 40
"""More than any series has; with what each is to its reader, in one read."""

Entry = dict[str, Any]
"""What a calendar is told of one meetup, by the names that its contract has for it."""


@dataclass(frozen=True)
class Invitation:
    """What goes into the calendar of someone who is written to about a meetup."""

    method: str
    """REQUEST puts it there, or changes what is; CANCEL takes it out."""
    entry: Entry


def entry_of(caller: Caller | None, organization_id: str, meetup_id: str) -> Entry:
    """One meetup, for the calendar of whoever asks. Raises MeetupNotFound, for drafts too. One read."""
    stands = standpoints.find(caller, organization_id, meetup_id, Organization.key(organization_id))
    organization: Organization | None = stands.also[0]
    if organization is None or stands.meetup.is_hosts_only():
        raise MeetupNotFound
    return entry(stands, organization)


def entries_of_series(caller: Caller | None, organization_id: str, series_id: str) -> tuple[str, list[Entry]]:
    """A series’ name and its meetups, over and cancelled ones too, in two reads. Raises SeriesNotFound."""
    who = caller.member_id if caller else NOBODY
    found = AgendaEntry.in_list(agenda.of_series(series_id), Page(MOST_OF_SERIES)).items
    series, organization, apart, *read = load(
        Series.key(organization_id, series_id),
        Organization.key(organization_id),
        Apart.key(who),
        *keys_of(who, found),
    )
    parted = frozenset(apart.people or ()) if apart is not None else frozenset()
    if series is None or organization is None or series.host_id in parted:
        raise SeriesNotFound
    stands = stands_of(who, read, parted, clock.now())
    return str(series.said["title"]), [entry(one, organization) for one in stands]


def keys_of(who: str, listed: Iterable[AgendaEntry | MemberMeetup]) -> list[Key[Any]]:
    """What decides on how calendars show these meetups to someone, each of them once: two keys each."""
    known = dict.fromkeys((one.organization_id, one.meetup_id) for one in listed)
    return [
        key
        for organization_id, meetup_id in known
        for key in (Meetup.key(organization_id, meetup_id), Rsvp.key(meetup_id, who))
    ]


def stands_of(who: str, read: Sequence[Any], parted: frozenset[str], now: datetime) -> list[Standpoint]:
    """How someone stands to the meetups that were read under these keys, of those that are there for them."""
    stands = [
        # how many seats there are is in no calendar: they are not read
        Standpoint(meetup, Seats.of(meetup.id, capacity=None), who, now, rsvp=rsvp, apart=parted)
        for meetup, rsvp in zip(read[::2], read[1::2], strict=True)
        if meetup is not None
    ]
    return [one for one in stands if one.is_visible and not one.meetup.is_hosts_only()]


def entry(stands: Standpoint, organization: Organization) -> Entry:
    """A meetup as a calendar shows it to whom it stands to so: exact place and link for who comes only."""
    meetup, rsvp = stands.meetup, stands.rsvp
    changed = [meetup.updated_at, *([rsvp.since] if rsvp is not None else [])]
    return {
        "uid": f"{meetup.id}@{links.mail_domain()}",
        "sequence": int(meetup.sequence),
        "revised_at": meetup.updated_at,
        # what is shown depends on the answer too: to a later one of the same sequence, calendars give way
        "stamped_at": max(changed),
        "title": meetup.title,
        "description": _description(stands),
        "starts_at": meetup.starts_at,
        "ends_at": meetup.ends_at,
        "time_zone": meetup.time_zone,
        "location": _location(stands),
        "geo": _geo(stands),
        "url": organization.site_url or links.api(f"/organizations/{organization.id}/meetups/{meetup.id}"),
        "organizer": (organization.name, links.sender()),
        "status": _status(stands),
        "busy": stands.is_coming and stands.state != "cancelled",
    }


def invitation(
    stands: Standpoint, organization: Organization, *, name: str, address: str, had_seat: bool = False
) -> Invitation | None:
    """What someone who answered is sent for their calendar, after whatever became of the meetup or of them.

    Args:
        stands: the meetup as they stand to it: `standpoints.look` with their id.
        organization: whose meetup it is: invitations come from it, from where its mails do.
        name: what they are called.
        address: where they are written to.
        had_seat: whether they had one until now: then it is there.

    Returns:
        To put it there (ACCEPTED with a seat, TENTATIVE in line or with an offer), or to take it out: when it
        is cancelled, or they come no more. None for who only is interested: it never was there.
    """
    says = stands.rsvp.state_at(stands.now) if stands.rsvp is not None else "none"
    if says in ("none", "interested") and not had_seat:
        return None
    told = entry(stands, organization)
    if stands.state == "cancelled":
        return Invitation("CANCEL", {**told, "attendee": (name, address, _partstat(says))})
    if says not in COMING | MAYBE:  # one person's own: the meetup itself stands
        return Invitation("CANCEL", {**told, "status": None, "attendee": (name, address, "DECLINED")})
    return Invitation("REQUEST", {**told, "attendee": (name, address, _partstat(says))})


def _partstat(says: str) -> str:
    if says in COMING:
        return "ACCEPTED"
    return "TENTATIVE" if says in MAYBE else "DECLINED"


def _status(stands: Standpoint) -> str:
    if stands.state == "cancelled":
        return "CANCELLED"
    says = stands.rsvp.state_at(stands.now) if stands.rsvp is not None else "none"
    return "TENTATIVE" if says in MAYBE else "CONFIRMED"


def _description(stands: Standpoint) -> str:
    meetup = stands.meetup
    link = meetup.online_url if stands.is_coming else None
    said = (meetup.cancelled_reason, meetup.about, meetup.accessibility, link)
    return "\n\n".join(part for part in said if part)


def _location(stands: Standpoint) -> str | None:
    place = stands.meetup.place
    if place is None:
        link: str | None = stands.meetup.online_url if stands.is_coming else None
        return link
    if not stands.is_coming:
        return str(place["district"])
    return ", ".join(part for part in (place["name"], place["address"]) if part)


def _geo(stands: Standpoint) -> tuple[float, float] | None:
    """The place itself or nothing: on a map, the middle of a district would be an address."""
    place = stands.meetup.place
    if place is None or not stands.is_coming:
        return None
    return float(place["latitude"]), float(place["longitude"])
