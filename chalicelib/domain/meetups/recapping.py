"""What was: told by whoever hosted it, for whoever came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors, events
from chalicelib.domain.meetups import keeping_in_touch, standpoints
from chalicelib.domain.meetups.attending import NotComing
from chalicelib.models.attendance import Attendance
from chalicelib.models.changes import changes, retry_if_overtaken

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.keeping_in_touch import Kept
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.meetups import Meetup

OVER = ("ended", "recapped")


@dataclass(frozen=True)
class Recap:
    """What is told of a meetup to someone who came."""

    stands: Standpoint
    came: int = 0
    """How many were checked in."""
    contacts: tuple[Kept, ...] = ()
    """With whom they keep in touch since."""

    @property
    def meetup(self) -> Meetup:
        return self.stands.meetup

    @property
    def meetup_id(self) -> str:
        return str(self.meetup.id)

    @property
    def state(self) -> str:
        return self.stands.state

    @property
    def words(self) -> str | None:
        return self.meetup.recap

    @property
    def version(self) -> int:
        """The meetup's: what its hosts decide on."""
        return int(self.meetup.version)


@retry_if_overtaken
def tell(caller: Caller, organization_id: str, meetup_id: str, *, words: str, version: int) -> Recap:
    """Tell what was, from its end on; other words replace these.

    Raises MeetupNotFound, OnlyTheHosts, FollowFirst, Suspended, MeetupStateRefused, ChangedMeanwhile.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    stands.must_host()
    stands.must_be(OVER)
    meetup = stands.meetup
    said: dict[str, Any] = errors.still_to_change(meetup, {"recap": words}, version=version)
    if said:
        with changes() as change:
            change.edit(meetup, **said, updated_at=stands.now)
            change.announce(
                events.MeetupEdited(
                    organization_id=organization_id, actor_id=caller.member_id, at=stands.now,
                    meetup_id=meetup_id, host_id=meetup.host_id, changed=["recap"],
                    rsvp_closes_at=meetup.rsvp_closes_at, revision=int(meetup.revision),
                )
            )  # fmt: skip
    return Recap(stands)


def read(caller: Caller, organization_id: str, meetup_id: str) -> Recap:
    """What is told of a meetup that is over, for those who came.

    Raises MeetupNotFound, NotComing, MeetupStateRefused.
    """
    stands = standpoints.find(caller, organization_id, meetup_id, Attendance.key(meetup_id))
    if not stands.is_coming:
        raise NotComing
    stands.must_be(OVER)
    (attendance,) = stands.also
    came = int(attendance.came) if attendance is not None else 0
    return Recap(stands, came, tuple(keeping_in_touch.made_at(stands)))
