"""When someone who had a seat did not come: known to them and the hosts, and forgotten after ninety days.

Everyone else reads them as anyone who was to come and was not checked in. Nothing follows from it: what they
answered stays as it is, and the note is swept away by the table itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import events
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.states import (
    RECAPPED_AFTER,
    REMEMBERED,
    AlreadyThere,
    MeetupStateRefused,
    NobodyExpected,
)
from chalicelib.gateways import ids
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.rsvps import Rsvp

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint


@retry_if_overtaken
def note(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> Standpoint:
    """Note that someone did not come, from the start until what was is told. Repeating changes nothing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, NobodyExpected, MeetupStateRefused,
    AlreadyThere.
    """
    stands, rsvp, noted = _expected(caller, organization_id, meetup_id, member_id)
    if noted is not None:
        return standpoints.now_that(stands, rsvp)
    stands.must_be(("started", "ended"))
    if stands.now >= stands.meetup.ends_at + RECAPPED_AFTER:
        raise MeetupStateRefused(state="recapped")
    if rsvp.state == "checked_in":
        raise AlreadyThere
    until = stands.now + REMEMBERED
    noted = NoShowNote.about(rsvp, ids.new("nsh"), until=until)
    with changes() as change:
        # whoever is seen at this moment takes the note away, if it is there
        change.check(Rsvp.key(meetup_id, member_id), Rsvp.is_expected())
        change.create(noted)
        # the journal keeps it for good: of nobody, nowhere, by nobody
        change.announce(
            events.NoShowNoted(
                organization_id=organization_id, actor_id=NOBODY, at=stands.now, note_id=noted.id,
                until=until,
            )
        )  # fmt: skip
    return replace(standpoints.now_that(stands, rsvp), also=(noted,))


@retry_if_overtaken
def withdraw(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> None:
    """Take it back. Repeating changes nothing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, NobodyExpected.
    """
    stands, _, noted = _expected(caller, organization_id, meetup_id, member_id)
    if noted is None:
        return
    withdrawn = events.NoShowWithdrawn(
        organization_id=organization_id, actor_id=NOBODY, at=stands.now, note_id=noted.id
    )
    with changes() as change:
        change.delete(noted)
        change.announce(withdrawn)


def _expected(
    caller: Caller, organization_id: str, meetup_id: str, member_id: str
) -> tuple[Standpoint, Rsvp, NoShowNote | None]:
    """Whom a host may say this of, someone with a seat who does not host it too, and what was noted."""
    keys = Rsvp.key(meetup_id, member_id), NoShowNote.key(meetup_id, member_id)
    stands = standpoints.find(caller, organization_id, meetup_id, *keys)
    stands.must_host()
    rsvp, noted = stands.also
    if rsvp is None or not rsvp.is_expected_at(stands.now) or member_id in stands.meetup.hosts():
        raise NobodyExpected
    return stands, rsvp, noted
