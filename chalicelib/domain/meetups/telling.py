"""Telling everyone in some lists of a meetup something, a page at a time, and nobody twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.meetups.answering import RUSH
from chalicelib.gateways import clock
from chalicelib.models.changes import AlreadySeen, changes, retry_if_overtaken
from chalicelib.models.meetups import Meetup
from chalicelib.models.rsvps import LISTED, MemberMeetup, Rsvp, RsvpPlace
from chalicelib.models.tables import load
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.models.changes import Changes

AT_ONCE = 20
"""People in one transaction: each takes up to four of the hundred items it may hold."""

EVERYONE = ["LINE", "OFFERED", "GOING", "INTERESTED"]
"""In the order in which people move from one to the next: nobody steps over the one that is gone through."""

OF_THEIR_OWN = frozenset({"revised", "cancelled", "seats_announced"})
"""What whoever did it is not told."""


def of_revision(event: events.MeetupRevised) -> None:
    """Ask everyone again who comes or waits, and have them find it among their own at its new date."""
    _begin(event, "revised", f"revised-{event.revision}", EVERYONE, revision=event.revision)


def of_cancellation(event: events.MeetupCancelled) -> None:
    """Tell everyone who wanted to come that it does not take place."""
    _begin(event, "cancelled", "cancelled", EVERYONE, cause=event.cause)


def of_free_seats(event: events.SeatsAnnounced) -> None:
    """Tell those who were in line that seats are free, and that the first to take them has them."""
    _begin(event, "seats_announced", f"seats-{event.id}", ["LINE"], up_to=event.up_to)


def of_recap(event: events.MeetupRecapped) -> None:
    """Tell whoever was there what was."""
    _begin(event, "recapped", "recapped", ["GOING"])


def of_reminder(meetup: Meetup, about: str, now: datetime) -> None:
    """Remind everyone who comes of this revision of date and place, once."""
    revision = int(meetup.revision)
    go_on(
        events.AttendeesToTell(
            organization_id=meetup.organization_id, actor_id=meetup.host_id, at=now, meetup_id=meetup.id,
            host_id=meetup.host_id, about=about, occasion=f"{about}-{revision}", lists=["GOING"],
            revision=revision,
        )
    )  # fmt: skip


def _begin(event: Any, about: str, occasion: str, lists: list[str], **more: Any) -> None:
    """Tell the first page; `at` is when it happened."""
    go_on(
        events.AttendeesToTell(
            organization_id=event.organization_id, actor_id=event.actor_id, at=event.at,
            meetup_id=event.meetup_id, host_id=event.host_id, about=about, occasion=occasion, lists=lists,
            **more,
        )
    )  # fmt: skip


@retry_if_overtaken(attempts=RUSH)
def go_on(event: events.AttendeesToTell) -> None:
    """Tell the next page of people, and announce where it goes on. A page that was told is told no more."""
    lists, places, last = _page(event)
    keys = [Rsvp.key(event.meetup_id, place.member_id) for place in places]
    meetup, *found = load(Meetup.key(event.organization_id, event.meetup_id), *keys)
    if meetup is None or not _is_so(event, meetup):
        return
    listed = [rsvp for rsvp in found if rsvp is not None and LISTED.get(rsvp.state) == lists[0]]
    remaining = lists if last is not None else lists[1:]
    try:
        with changes() as change:
            change.once("telling", f"{event.meetup_id}#{event.occasion}#{event.lists[0]}#{event.after or ''}")
            # nobody is brought to a date that is moved at this moment
            change.check(Meetup.key(event.organization_id, event.meetup_id), meetup.is_as_read())
            for rsvp in listed:
                _bring_to_its_date(change, meetup, rsvp)
                if _is_told(event, rsvp):
                    change.announce(_told(event, meetup, rsvp))
            if remaining:
                change.announce(_further(event, remaining, last))
    except AlreadySeen:
        return


def _page(event: events.AttendeesToTell) -> tuple[list[str], Sequence[RsvpPlace], str | None]:
    """The next people, in the first list that has any: the lists left, the people, and where more follow."""
    lists, after = list(event.lists), event.after
    while True:
        found = RsvpPlace.in_list(event.meetup_id, lists[0], Page(AT_ONCE, after))
        if found.items or len(lists) == 1:
            break
        lists, after = lists[1:], None
    if event.up_to is None:
        return lists, found.items, found.last
    places = [place for place in found.items if place.number <= event.up_to]
    return lists, places, found.last if len(places) == len(found.items) else None


def _is_so(event: events.AttendeesToTell, meetup: Meetup) -> bool:
    """Whether what is told is true still: a date that was moved again is told by whoever moved it again."""
    if event.about == "cancelled":
        return True
    if meetup.state == "cancelled":
        return False
    if event.about == "seats_announced":
        return meetup.takes_answers(clock.now())
    return event.revision in (None, int(meetup.revision))


def _is_told(event: events.AttendeesToTell, rsvp: Rsvp) -> bool:
    if rsvp.member_id == event.actor_id and event.about in OF_THEIR_OWN:
        return False
    if event.about == "cancelled":  # nobody answers since: whoever is listed was when it was
        return True
    if event.about == "revised":  # by what they answered to: clocks are read before anything is written
        return bool(rsvp.revision < (event.revision or 0))
    # whoever answered since, or was given a seat, knows, or was met before that
    return bool(rsvp.since <= event.at)


def _bring_to_its_date(change: Changes, meetup: Meetup, rsvp: Rsvp) -> None:
    """Have someone find it among their own where its date is."""
    own = MemberMeetup.of(meetup, rsvp.member_id)
    if rsvp.agenda_at in (None, own.sk):
        return
    change.take_away(MemberMeetup.at(rsvp.member_id, rsvp.agenda_at))
    change.save(own)
    change.edit(rsvp, agenda_at=own.sk)  # if they have not answered meanwhile: that would have moved it, too


def _told(event: events.AttendeesToTell, meetup: Meetup, rsvp: Rsvp) -> events.AttendeeTold:
    return events.AttendeeTold(
        organization_id=event.organization_id, actor_id=event.actor_id, at=clock.now(), meetup_id=meetup.id,
        host_id=meetup.host_id, member_id=rsvp.member_id, about=event.about, occasion=event.occasion,
        revision=int(meetup.revision), cause=event.cause,
    )  # fmt: skip


def _further(event: events.AttendeesToTell, lists: list[str], after: str | None) -> events.AttendeesToTell:
    """Where it goes on; since when it is told stays what it was."""
    return events.AttendeesToTell(
        organization_id=event.organization_id, actor_id=event.actor_id, at=event.at,
        meetup_id=event.meetup_id, host_id=event.host_id, about=event.about, occasion=event.occasion,
        lists=lists, after=after, up_to=event.up_to, revision=event.revision, cause=event.cause,
    )  # fmt: skip
