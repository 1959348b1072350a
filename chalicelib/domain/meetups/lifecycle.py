"""How a meetup goes on by the clock: written down when it is due, and announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.meetups.states import RECAPPED_AFTER
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import Meetup
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BY_THE_CLOCK = ("published", "rsvp_closed", "started", "ended", "recapped")
"""The states that follow each other in time; a draft and a cancelled meetup go nowhere by themselves."""


@retry_if_overtaken
def go_on(organization_id: str, meetup_id: str) -> None:
    """Write down, and announce, every state that a meetup's times have brought it to and nobody wrote down.

    Whatever rings late, early, twice, or for a date that was moved: what counts is the clock at this moment.
    A step that was missed is made on the way.
    """
    (meetup,) = load(Meetup.key(organization_id, meetup_id))
    if meetup is None:
        return
    now = clock.now()
    steps = steps_due(meetup, now)
    if not steps:
        return
    recapped: dict[str, Any] = {"recapped_at": now} if "recapped" in steps else {}
    with changes() as change:
        change.edit(meetup, state=steps[-1], **recapped)
        for step in steps:
            change.announce(_told(meetup, step, now))


def steps_due(meetup: Meetup, now: datetime) -> Sequence[str]:
    """The states that it has come to since the one that is written down, in their order."""
    if meetup.state not in BY_THE_CLOCK:
        return ()
    reached = meetup.state_at(now)
    if reached == "ended" and meetup.ends_at + RECAPPED_AFTER <= now:
        reached = "recapped"
    return BY_THE_CLOCK[BY_THE_CLOCK.index(meetup.state) + 1 : BY_THE_CLOCK.index(reached) + 1]


def _told(meetup: Meetup, state: str, now: datetime) -> events.Event:
    """What is announced when a meetup comes to this state."""
    about: dict[str, Any] = {
        "organization_id": meetup.organization_id, "actor_id": meetup.host_id, "at": now,
        "meetup_id": meetup.id, "host_id": meetup.host_id,
    }  # fmt: skip
    if state == "rsvp_closed":
        return events.RsvpClosed(**about)
    if state == "started":
        return events.MeetupStarted(**about, ends_at=meetup.ends_at)
    if state == "ended":
        return events.MeetupEnded(**about, ended_at=meetup.ends_at)
    return events.MeetupRecapped(**about)
