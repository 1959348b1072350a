"""Finding meetups: in an organization, in a salon, near a place, among one's own. Three reads a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import agenda
from chalicelib.domain.meetups.proposing import LONGEST
from chalicelib.domain.meetups.recurring import SeriesNotFound
from chalicelib.domain.meetups.seeing import Seen, talked_in
from chalicelib.domain.meetups.standpoints import Standpoint
from chalicelib.domain.meetups.vicinity import blurred, cell_of, kilometres_between, middle_of, reach_of
from chalicelib.domain.salons import SalonNotFound, may_see
from chalicelib.domain.standing import OrganizationNotFound
from chalicelib.gateways import clock
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.blocks import Apart
from chalicelib.models.meetups import AgendaEntry, Meetup, Seats, moment_key, place_of
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import Question
from chalicelib.models.rsvps import MemberMeetup, Rsvp
from chalicelib.models.salons import Salon
from chalicelib.models.series import Series
from chalicelib.models.tables import Key, load
from chalicelib.pages import Page, Slice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chalicelib.domain.callers import Caller

MOST = 20
"""Meetups on a page: they, their seats and what one answered are read at once; so are their hosts, four at
most, and the questions that they were born from."""

AT_ONCE = 100
"""Keys that one call reads; and entries that are looked at for a page, since those of meetups that are over,
or too far, need no reading to be passed over."""

SHOWN = 20
"""How many of an organization's meetups are looked at for the next one."""

EASTERNMOST, WESTERNMOST = timedelta(hours=14), timedelta(hours=12)
"""How long before UTC a day begins somewhere, and how long after."""


def upcoming(caller: Caller | None, organization_id: str, page: Page) -> Slice[Seen]:
    """The meetups of an organization that are not over. Raises OrganizationNotFound."""
    now = clock.now()
    found = _ahead(agenda.of_organization(organization_id), page, now)
    stands, (organization,) = _read(caller, found.items, now, Organization.key(organization_id))
    if organization is None:
        raise OrganizationNotFound
    return Slice(_seen(_placed(stands, found, lambda meetup: meetup.ends_at > now)), found.last)


def in_month(
    caller: Caller | None, organization_id: str, page: Page, *, month: str, time_zone: str | None
) -> Slice[Seen]:
    """The meetups of an organization that start in a month, what is over too: in this zone, or in its own.

    Raises OrganizationNotFound.
    """
    # its zone is read with the meetups: until then the month is as long as it is anywhere
    since, until = _month(month, time_zone) if time_zone else _month_anywhere(month)
    found = AgendaEntry.in_list(agenda.of_organization(organization_id), _from(page, since), until=until)
    stands, (organization,) = _read(caller, found.items, clock.now(), Organization.key(organization_id))
    if organization is None:
        raise OrganizationNotFound
    since, until = _month(month, time_zone or organization.time_zone)
    return Slice(_seen(_placed(stands, found, lambda meetup: since <= meetup.starts_at < until)), found.last)


def in_salon(caller: Caller | None, organization_id: str, salon_id: str, page: Page) -> Slice[Seen]:
    """The meetups that were born from a salon and are not over, of all who are at home there.

    Raises SalonNotFound.
    """
    now, who = clock.now(), _id_of(caller)
    found = _ahead(agenda.of_salon(salon_id), page, now)
    stands, (salon, membership) = _read(
        caller, found.items, now, Salon.key(salon_id), Membership.key(organization_id, who)
    )
    if salon is None or not salon.is_at_home_in(organization_id) or not may_see(salon, membership):
        raise SalonNotFound
    return Slice(_seen(_placed(stands, found, lambda meetup: meetup.ends_at > now)), found.last)


def in_series(caller: Caller | None, organization_id: str, series_id: str, page: Page) -> Slice[Seen]:
    """The meetups of a series, what is over too. Raises SeriesNotFound."""
    found = AgendaEntry.in_list(agenda.of_series(series_id), page)
    stands, (series, apart) = _read(
        caller, found.items, clock.now(), Series.key(organization_id, series_id), Apart.key(_id_of(caller))
    )
    if series is None or (apart is not None and series.host_id in (apart.people or ())):
        raise SeriesNotFound
    return Slice(_seen(_placed(stands, found, lambda _: True)), found.last)


def near(
    caller: Caller | None, page: Page, *, latitude: float, longitude: float, radius_km: float
) -> Slice[Seen]:
    """The meetups around a place that are not over, whoever's.

    How far they are is measured to the middle of their district: where exactly is for those who come, and
    no three questions from three places tell it.
    """
    now, here = clock.now(), (latitude, longitude)
    cell = cell_of(latitude, longitude, reach_of(radius_km))

    def is_near(entry: AgendaEntry) -> bool:
        return kilometres_between(here, middle_of(str(entry.district))) <= radius_km

    def is_wanted(meetup: Meetup) -> bool:
        far = _far(here, meetup)
        return meetup.ends_at > now and far is not None and far <= radius_km

    found = _ahead(agenda.near(cell), page, now, is_near)
    stands, _ = _read(caller, found.items, now)
    return Slice(_seen(_placed(stands, found, is_wanted), here), found.last)


def mine(caller: Caller, page: Page) -> Slice[Seen]:
    """What the caller comes to, waits for, is interested in or hosts, and is not over; the soonest first."""
    now = clock.now()
    found = MemberMeetup.of_member(caller.member_id, _from(page, now - LONGEST))
    stands, _ = _read(caller, found.items, now)
    return Slice(_seen(sorted((s for s in stands if s.meetup.ends_at > now), key=_place)), found.last)


def past(caller: Caller, page: Page) -> Slice[Seen]:
    """What is over of what the caller hosts, comes to, waits for or is interested in; the latest first."""
    now = clock.now()
    start = min(page.after, moment_key(now)) if page.after else moment_key(now)
    found = MemberMeetup.of_member(caller.member_id, Page(page.limit, start), latest_first=True)
    stands, _ = _read(caller, found.items, now)
    over = (stand for stand in stands if stand.meetup.ends_at <= now)
    return Slice(_seen(sorted(over, key=_place, reverse=True)), found.last)


def soonest(organization_id: str) -> Sequence[AgendaEntry]:
    """What an organization has ahead, as far as one looks for its next meetup: one read."""
    return AgendaEntry.in_list(
        agenda.of_organization(organization_id), Page(SHOWN, moment_key(clock.now()))
    ).items


def next_of(stands: Iterable[Standpoint]) -> Standpoint | None:
    """The one that is next of these, and to which people say whether they come: to have a seat, or wait."""
    open_ones = [stand for stand in stands if stand.meetup.takes_answers(stand.now)]
    return min(open_ones, key=_place, default=None)


def keys_of(who: str, entries: Iterable[AgendaEntry | MemberMeetup]) -> list[Key[Any]]:
    """All that decides on how someone reads these meetups, each of them once."""
    keys: list[Key[Any]] = [Apart.key(who)]
    for organization_id, meetup_id in dict.fromkeys((e.organization_id, e.meetup_id) for e in entries):
        keys.append(Meetup.key(organization_id, meetup_id))
        keys.append(Seats.key(meetup_id))
        keys.append(Rsvp.key(meetup_id, who))
        keys.append(NoShowNote.key(meetup_id, who))
    return keys


def stands_of(who: str, read: Sequence[Any], now: datetime) -> list[Standpoint]:
    """How someone stands to the meetups that were read under these keys, of those that are there for them."""
    apart, *each = read
    people = frozenset(apart.people or ()) if apart else frozenset()
    stands = [
        Standpoint(meetup, seats, who, now, rsvp=rsvp, apart=people, also=(noted,))
        for meetup, seats, rsvp, noted in zip(*(each[part::4] for part in range(4)), strict=True)
        if meetup is not None and seats is not None
    ]
    return [stand for stand in stands if stand.is_visible]


def _ahead(
    collection: str, page: Page, now: datetime, wanted: Callable[[AgendaEntry], bool] = lambda _: True
) -> Slice[AgendaEntry]:
    """What is not over, as far as the entries tell: it begins where what lasts longest may still last."""
    looked_at = AgendaEntry.in_list(collection, _from(Page(AT_ONCE, page.after), now - LONGEST))
    found = [entry for entry in looked_at.items if entry.ends_at > now and wanted(entry)]
    kept = found[: page.limit]
    return Slice(kept, kept[-1].sk if len(found) > page.limit else looked_at.last)


def _from(page: Page, since: datetime) -> Page:
    return Page(page.limit, max(page.after or "", moment_key(since)))


def _read(
    caller: Caller | None, entries: Sequence[AgendaEntry | MemberMeetup], now: datetime, *also: Key[Any]
) -> tuple[list[Standpoint], tuple[Any, ...]]:
    who = _id_of(caller)
    found = load(*also, *keys_of(who, entries))
    return stands_of(who, found[len(also) :], now), found[: len(also)]


def _placed(
    stands: Iterable[Standpoint], found: Slice[AgendaEntry], wanted: Callable[[Meetup], bool]
) -> list[Standpoint]:
    """Those that are wanted, as they are now: one that was just moved behind this page is not on it."""
    kept = [stand for stand in stands if wanted(stand.meetup)]
    return sorted((s for s in kept if found.last is None or _place(s) <= found.last), key=_place)


def _place(stand: Standpoint) -> str:
    return place_of(stand.meetup)


def _seen(stands: Sequence[Standpoint], here: tuple[float, float] | None = None) -> list[Seen]:
    """These, with the names of who hosts them: one read."""
    known = [stand for stand in stands if stand.meetup.question_id and stand.caller_id != NOBODY]
    asked = [Question.key(stand.meetup.organization_id, stand.meetup.question_id) for stand in known]
    hosts = {host for stand in stands for host in stand.meetup.hosts()}
    read = load(*asked, *(Member.key(host) for host in hosts))
    names = {one.id: one.name for one in read if isinstance(one, Member)}
    questions = {one.id: one for one in read if isinstance(one, Question)}
    return [
        Seen(
            stand,
            {host: names[host] for host in stand.meetup.hosts() if host in names},
            knows_question=talked_in(questions.get(stand.meetup.question_id), stand.caller_id),
            kilometres=_rounded(_far(here, stand.meetup)) if here else None,
        )
        for stand in stands
    ]


def _far(here: tuple[float, float], meetup: Meetup) -> float | None:
    """Kilometres to the middle of the district that a meetup is in; None for one that has no place."""
    if meetup.place is None:
        return None
    there = blurred(meetup.place["latitude"], meetup.place["longitude"])
    return kilometres_between(here, there)


def _rounded(kilometres: float | None) -> float | None:
    return None if kilometres is None else round(kilometres, 1)


def _month(month: str, time_zone: str) -> tuple[datetime, datetime]:
    """When a month begins and ends somewhere."""
    year, number = map(int, month.split("-"))
    zone = ZoneInfo(time_zone)
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return (
        datetime(year, number, 1, tzinfo=zone).astimezone(UTC),
        datetime(*following, 1, tzinfo=zone).astimezone(UTC),
    )


def _month_anywhere(month: str) -> tuple[datetime, datetime]:
    """When a month begins where it begins first, and ends where it ends last."""
    since, until = _month(month, "UTC")
    return since - EASTERNMOST, until + WESTERNMOST


def _id_of(caller: Caller | None) -> str:
    return caller.member_id if caller else NOBODY
