"""Keeping in touch with someone one met: once both wish it, and nobody hears of a wish of one alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.attending import NotComing
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.contacts import Contact, Tie
from chalicelib.models.meetups import BEGUN, Meetup
from chalicelib.models.members import Member
from chalicelib.models.rsvps import COMING, Rsvp
from chalicelib.models.tables import load
from chalicelib.pages import Page, Slice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint

FROM_ONE_MEETUP = 30
"""How many contacts a recap shows: whoever made more in an evening finds them all on their own list."""


HOPED_FOR = timedelta(days=365)
"""How long a wish of one alone is kept."""


class NobodyMet(errors.NotFound):
    reason: ClassVar = {
        "en": "You did not meet them here.",
        "fr": "Vous n’avez pas rencontré cette personne ici.",
    }


@dataclass(frozen=True)
class Kept:
    """Someone with whom the reader keeps in touch."""

    contact: Contact
    share: str
    """What they wish the reader to have."""
    member: Member | None
    meetup: Meetup | None

    @property
    def member_id(self) -> str:
        return self.contact.with_id

    @property
    def organization_id(self) -> str:
        return self.contact.organization_id

    @property
    def meetup_id(self) -> str:
        return self.contact.meetup_id

    @property
    def made_at(self) -> datetime:
        return self.contact.made_at

    @property
    def name(self) -> str | None:
        """Theirs, today."""
        return self.member.name if self.member else None

    @property
    def title(self) -> str | None:
        """Of the meetup where they met."""
        return self.meetup.title if self.meetup else None


@retry_if_overtaken
def wish(caller: Caller, organization_id: str, meetup_id: str, member_id: str, *, share: str) -> None:
    """Wish to keep in touch with someone, and say what they shall have once they wish it too.

    Other words replace these. Whether they wish it is not answered here. Raises MeetupNotFound, NotComing,
    NobodyMet, Suspended.
    """
    me = caller.member_id
    keys = Rsvp.key(meetup_id, member_id), Tie.key(meetup_id, me, member_id)
    stands = standpoints.find(caller, organization_id, meetup_id, *keys)
    rsvp, tie = stands.also
    if not _came(stands, me, stands.rsvp):
        raise NotComing
    # of whom it is noted that they did not come is nobody's to know: here, too, they had a seat
    if member_id == me or not _came(stands, member_id, rsvp):
        raise NobodyMet
    stands.must_not_be_suspended()
    tie = tie or Tie.of(stands.meetup, me, member_id)
    is_mutual = member_id in tie.shares and member_id not in stands.apart
    makes = is_mutual and tie.made_at is None
    if tie.shares.get(me) == share and not makes:
        return
    tie.shares = {**tie.shares, me: share}
    _last(tie, stands.now, until_both=not makes and tie.made_at is None)
    with changes() as change:
        if makes:
            _make(change, stands, tie)
            change.check(Block.key(me, member_id), Block.is_absent())
        change.save(tie)


def _came(stands: Standpoint, member_id: str, rsvp: Rsvp | None) -> bool:
    """Whether someone is taken to have come: who was seen; once it began, hosts and who had a seat."""
    if rsvp is not None and rsvp.state == "checked_in":
        return True
    if stands.state not in BEGUN:
        return False
    return member_id in stands.meetup.hosts() or (rsvp is not None and rsvp.state_at(stands.now) in COMING)


def _last(tie: Tie, now: datetime, *, until_both: bool) -> None:
    """Keep it for good once both wish it; before that, no longer than someone may still think of it."""
    tie.expires_at = int((now + HOPED_FOR).timestamp()) if until_both else None


def _make(change: Any, stands: Standpoint, tie: Tie) -> None:
    """Have each read the other's, from now on. That is told once, however often it is taken back."""
    tie.made_at = stands.now
    for entry in Contact.every_entry(tie):
        change.create(entry)
    if not tie.told:
        tie.told = True
        change.announce(
            events.ContactMade(
                organization_id=tie.organization_id, actor_id=stands.caller_id, at=stands.now,
                meetup_id=tie.meetup_id, host_id=stands.meetup.host_id, member_ids=tie.people(),
            )
        )  # fmt: skip


@retry_if_overtaken
def take_back(caller: Caller, organization_id: str, meetup_id: str, member_id: str) -> None:
    """Wish it no more: from now on neither reads what the other shared. Repeating changes nothing."""
    (tie,) = load(Tie.key(meetup_id, caller.member_id, member_id))
    if tie is None or tie.organization_id != organization_id or caller.member_id not in tie.shares:
        return
    entries = Contact.every_entry(tie) if tie.made_at is not None else []
    tie.made_at = None
    tie.shares = {who: share for who, share in tie.shares.items() if who != caller.member_id}
    _last(tie, clock.now(), until_both=True)
    with changes() as change:
        for entry in entries:
            change.take_away(entry)
        change.save(tie)


def contacts(caller: Caller, page: Page) -> Slice[Kept]:
    """With whom the caller keeps in touch, the newest first."""
    found = Contact.in_list(Contact.of_everywhere(caller.member_id), page)
    return Slice(list(_kept(caller.member_id, found.items)), found.last)


def made_at(stands: Standpoint) -> list[Kept]:
    """With whom someone keeps in touch since this meetup, the newest first."""
    page = Page(FROM_ONE_MEETUP)
    found = Contact.in_list(Contact.of_meetup(stands.meetup.id, stands.caller_id), page)
    return list(_kept(stands.caller_id, found.items))


def _kept(me: str, found: Sequence[Contact]) -> Iterator[Kept]:
    """Those of them who are not parted since, each with what they share now: one read, three keys each."""
    if not found:
        return
    apart, *rows = load(
        Apart.key(me),
        *(Tie.key(one.meetup_id, me, one.with_id) for one in found),
        *(Member.key(one.with_id) for one in found),
        *(Meetup.key(one.organization_id, one.meetup_id) for one in found),
    )
    parted = apart.people or set() if apart is not None else set()
    many = len(found)
    for contact, tie, member, meetup in zip(
        found, rows[:many], rows[many : 2 * many], rows[2 * many :], strict=True
    ):
        # one may have been taken back since the list was read
        if tie is not None and tie.made_at is not None and contact.with_id not in parted:
            yield Kept(contact, tie.shares[contact.with_id], member, meetup)
