"""A meetup that does not take place: whoever wanted to come is told why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import events
from chalicelib.domain.meetups import standpoints
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import AHEAD

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.changes import Changes


@retry_if_overtaken
def cancel(caller: Caller, organization_id: str, meetup_id: str, *, reason: str) -> Standpoint:
    """Cancel a meetup that has not started, and say why. It stays listed. Repeating changes nothing.

    What people said stays as it is; nobody moves up the line any more. Only those who host it cancel it: what
    moderation restricts carries a statement of reasons, which is another thing.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, MeetupStateRefused.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    stands.must_host()
    if stands.meetup.state == "cancelled":
        return stands
    stands.must_be(AHEAD)
    with changes() as change:
        call_off(change, stands, reason=reason, actor_id=caller.member_id)
    return stands


def call_off(change: Changes, stands: Standpoint, *, reason: str, actor_id: str, cause: str = "host") -> None:
    """Have it cancelled with a change; `cause` is host, or host_lost."""
    meetup, was = stands.meetup, stands.state
    change.edit(
        meetup, state="cancelled", cancelled_reason=reason, sequence=int(meetup.sequence) + 1,
        updated_at=stands.now,
    )  # fmt: skip
    change.announce(
        events.MeetupCancelled(
            organization_id=meetup.organization_id, actor_id=actor_id, at=stands.now, meetup_id=meetup.id,
            host_id=meetup.host_id, reason=reason, was=was, revision=int(meetup.revision), cause=cause,
        )
    )  # fmt: skip
