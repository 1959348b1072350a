"""One's own meetups, followed by a calendar application, at an address that is the key and may be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.meetups import calendars
from chalicelib.gateways import clock, ids, links
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.feeds import Feed
from chalicelib.models.meetups import AHEAD, Meetup, moment_key
from chalicelib.models.members import Member
from chalicelib.models.organizations import Organization
from chalicelib.models.rsvps import SEATED, MemberMeetup, Rsvp
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint

BEHIND = timedelta(days=30)
"""How long a meetup stays in its people's calendar, and how long that it was cancelled does."""

MOST = 50
"""Meetups in one calendar, the soonest first: with their organizations, in one read of a hundred things."""

LOOKED_AT = 97
"""One’s own meetups among which these are: their answers, and whose calendar it is, in another one."""

CALLED = {"fr": "Mes rencontres", "en": "My meetups"}


class CalendarNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no calendar at this address: ask for yours again.",
        "fr": "Il n’y a pas d’agenda à cette adresse : redemandez la vôtre.",
    }


@dataclass(frozen=True)
class Followed:
    """Someone's own meetups, as their calendar application reads them."""

    name: str
    entries: Sequence[calendars.Entry]


@retry_if_overtaken
def calendar_address(caller: Caller) -> str:
    """Where the caller's calendar application follows their meetups; made the first time it is asked for."""
    (held,) = load(Feed.key(caller.member_id))
    if held is not None:
        return links.calendar(caller.member_id, held.serial)
    feed = Feed.of(caller.member_id, serial=ids.new("cal"), at=clock.now())
    with changes() as change:
        change.create(feed)
    return links.calendar(caller.member_id, feed.serial)


@retry_if_overtaken
def renew_calendar(caller: Caller) -> str:
    """Another address: whoever knew the one before reads nothing any more."""
    (held,) = load(Feed.key(caller.member_id))
    now, serial = clock.now(), ids.new("cal")
    feed = held or Feed.of(caller.member_id, serial=serial, at=now)
    feed.serial, feed.renewed_at = serial, now
    with changes() as change:
        change.save(feed)
    return links.calendar(caller.member_id, serial)


def followed_calendar(token: str) -> Followed:
    """Someone's own meetups: with a seat, in line or with an offer, and those that were lately cancelled.

    From thirty days ago on, fifty at most. Being interested takes none of them; but what comes after
    ninety-seven that one answered is not looked at. Raises CalendarNotFound. Three reads.
    """
    said = links.read_calendar(token)
    if said is None:
        raise CalendarNotFound
    member_id, serial = said
    now = clock.now()
    # whether the address is good still is read with all the rest: three reads, not four
    own = MemberMeetup.of_member(member_id, Page(LOOKED_AT, moment_key(now - BEHIND))).items
    known = list(dict.fromkeys((one.organization_id, one.meetup_id) for one in own))
    feed, member, apart, *answers = load(
        Feed.key(member_id),
        Member.key(member_id),
        Apart.key(member_id),
        *(Rsvp.key(meetup_id, member_id) for _, meetup_id in known),
    )
    if feed is None or feed.serial != serial:
        raise CalendarNotFound
    answered = [(key, rsvp) for key, rsvp in zip(known, answers, strict=True) if _may_belong(rsvp)][:MOST]
    organizations = list(dict.fromkeys(organization_id for (organization_id, _), _ in answered))
    read = load(*(Meetup.key(*key) for key, _ in answered), *map(Organization.key, organizations))
    at_home = dict(zip(organizations, read[len(answered) :], strict=True))
    parted = frozenset(apart.people or ()) if apart is not None else frozenset()
    pairs = [each for meetup, (_, rsvp) in zip(read, answered, strict=False) for each in (meetup, rsvp)]
    stands = calendars.stands_of(member_id, pairs, parted, now)
    entries = [calendars.entry(one, at_home[one.meetup.organization_id]) for one in stands if _belongs(one)]
    return Followed(CALLED.get(member.language if member else "", CALLED["en"]), entries)


def _may_belong(rsvp: Rsvp | None) -> bool:
    """Whether an answer may have a meetup in its calendar, whatever became of the meetup."""
    return rsvp is not None and rsvp.state in SEATED | calendars.MAYBE


def _belongs(stands: Standpoint) -> bool:
    """Whether it is in the calendar of whom it stands to so."""
    rsvp = stands.rsvp
    if rsvp is None:
        return False
    if stands.state == "cancelled":
        return rsvp.state in SEATED | calendars.MAYBE and stands.meetup.updated_at >= stands.now - BEHIND
    says = rsvp.state_at(stands.now)
    return says in SEATED - calendars.MAYBE or (says in calendars.MAYBE and stands.state in AHEAD)
