"""Answering from a mail, in one click, without signing in: this answer to this meetup, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, mails
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import moments, standpoints
from chalicelib.domain.meetups.answering import RUSH, put
from chalicelib.gateways import links
from chalicelib.models.changes import retry_if_overtaken
from chalicelib.models.meetups import moment_key
from chalicelib.models.rsvps import COMING, LISTED, Rsvp

if TYPE_CHECKING:
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.gateways.links import OneClick


class LinkOutdated(errors.Conflict):
    reason: ClassVar = {
        "en": "This link is about an earlier answer, or an earlier date: read the meetup, then answer there.",
        "fr": "Ce lien parle d’une réponse ou d’une date d’avant : relisez la rencontre, puis répondez-y.",
    }


@dataclass(frozen=True)
class Shown:
    """What someone who followed a link finds."""

    stands: Standpoint
    tokens: dict[str, str]
    """What they may say, `going` or `declined` → the token that says it; empty when the link is outdated."""

    @property
    def answer(self) -> str:
        """What they say at this moment; `cancelled` when there is nothing to say any more."""
        return "cancelled" if self.stands.meetup.state == "cancelled" else _state(self.stands)

    @property
    def language(self) -> str:
        """The language of whoever the link was written to."""
        member = self.stands.member
        return moments.written(str(member.language) if member is not None else "en")

    @property
    def title(self) -> str:
        return str(self.stands.meetup.title)

    @property
    def when(self) -> str:
        """Its date and time, in that language."""
        meetup = self.stands.meetup
        return moments.span(meetup.starts_at, meetup.ends_at, meetup.time_zone, self.language)


def link_to(stands: Standpoint, says: str) -> str | None:
    """The address that says `going` or `declined` for someone; None where it would change nothing."""
    said = _written(stands, says)
    return None if said is None else links.answering(links.one_click(said))


def show_link(token: str) -> Shown:
    """What a link would do; both answers where a seat is offered. Nothing is changed.

    Raises LinkInvalid, MeetupNotFound. One read.
    """
    said = _read(token)
    stands = standpoints.find(Caller(member_id=said.member_id), said.organization_id, said.meetup_id)
    if not _is_current(said, stands) or not stands.meetup.takes_answers(stands.now):
        return Shown(stands, {})
    shown = ("going", "declined") if _state(stands) == "offered" else (said.says,)
    written = {says: _written(stands, says) for says in shown}
    return Shown(stands, {says: links.one_click(one) for says, one in written.items() if one is not None})


@retry_if_overtaken(attempts=RUSH)
def follow_link(token: str) -> Shown:
    """Say what a link says. Done again it changes nothing; it never changes a later answer.

    Raises LinkInvalid, LinkOutdated, MeetupNotFound, FollowFirst, Suspended, MeetupStateRefused, RsvpsClosed,
    PartyTooLarge.
    """
    said = _read(token)
    stands = standpoints.find(Caller(member_id=said.member_id), said.organization_id, said.meetup_id)
    if _state(stands) == said.says and not (said.says == "going" and _is_current(said, stands)):
        return Shown(stands, {})  # whoever clicks twice finds it done
    if not _is_current(said, stands):
        raise LinkOutdated
    stands.must_follow()
    if said.says == "going":
        stands.must_not_be_suspended()
    party = int(stands.rsvp.party) if stands.rsvp is not None else 1
    return Shown(put(stands, said.member_id, says=said.says, party=max(1, party)), {})


def _read(token: str) -> OneClick:
    said = links.read_one_click(token)
    if said is None:
        raise mails.LinkInvalid
    return said


def _written(stands: Standpoint, says: str) -> OneClick | None:
    rsvp, meetup = stands.rsvp, stands.meetup
    if rsvp is None or _state(stands) not in LISTED or rsvp.member_id == meetup.host_id:
        return None
    if says == "declined" and _state(stands) not in COMING | {"offered", "waitlisted"}:
        return None
    return links.OneClick(
        organization_id=meetup.organization_id, meetup_id=meetup.id, member_id=rsvp.member_id, says=says,
        about=_about(rsvp), revision=_revision(stands, rsvp, says), until=int(meetup.starts_at.timestamp()),
    )  # fmt: skip


def _is_current(said: OneClick, stands: Standpoint) -> bool:
    """Whether they have not answered since, nor been answered for, and the link is not over."""
    rsvp = stands.rsvp
    if rsvp is None or stands.now.timestamp() >= said.until or _state(stands) not in LISTED:
        return False
    if rsvp.state == "checked_in" or rsvp.member_id == stands.meetup.host_id:  # neither is answered any more
        return False
    return said.about == _about(rsvp) and said.revision == _revision(stands, rsvp, said.says)


def _about(rsvp: Rsvp) -> str:
    """What changes with every offer, and every other answer."""
    return str(rsvp.offer_id or moment_key(rsvp.since))


def _revision(stands: Standpoint, rsvp: Rsvp, says: str) -> int:
    """To come is to come then and there; not to come goes back on the last answer that they gave."""
    return int(stands.meetup.revision if says == "going" else rsvp.revision)


def _state(stands: Standpoint) -> str:
    return stands.rsvp.state_at(stands.now) if stands.rsvp is not None else "none"
