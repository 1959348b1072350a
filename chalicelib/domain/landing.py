from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import members, questions, standing
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import finding
from chalicelib.gateways import clock
from chalicelib.models.helping import HelperCard, about
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.models.widgets import Widget
from chalicelib.pages import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint

LOOKED_AT = 20
"""How many of the questions that wait longest are looked at for one to show."""


def of(caller: Caller | None, organization_id: str) -> dict[str, Any]:
    """What someone who arrives wants to know. Raises OrganizationNotFound."""
    who = caller.member_id if caller else NOBODY
    ahead = finding.soonest(organization_id)
    waiting = QuestionWaiting.in_organization(organization_id, Page(LOOKED_AT)).items
    organization, member, membership, card, widget, *read = load(
        Organization.key(organization_id),
        Member.key(who),
        Membership.key(organization_id, who),
        HelperCard.key(organization_id, who),
        Widget.key(organization_id),
        *finding.keys_of(who, ahead),
    )
    if organization is None:
        raise standing.OrganizationNotFound
    members.known(caller, member)
    answerable = _answerable(waiting, who, card)
    return {
        "organization_id": organization.id,
        "name": organization.name,
        "aim": organization.aim,
        "resources": organization.resources,
        "question_you_could_answer": questions.published(answerable, widget) if answerable else None,
        "next_meetup": _shown(finding.next_of(finding.stands_of(who, read, clock.now()))),
        "default_salon_id": organization.default_salon_id,
        "following": membership is not None,
    }


def _shown(next_one: Standpoint | None) -> dict[str, Any] | None:
    if next_one is None:
        return None
    meetup = next_one.meetup
    return {
        "id": meetup.id,
        "title": meetup.title,
        "starts_at": meetup.starts_at,
        "time_zone": meetup.time_zone,
        "district": meetup.place["district"] if meetup.place else None,
        "is_online": meetup.online_url is not None,
        "seats_left": next_one.seats.free,
    }


def _answerable(
    waiting: Sequence[QuestionWaiting], who: str, card: HelperCard | None
) -> QuestionWaiting | None:
    """The one that waits longest on a topic of theirs, else the one that waits longest; never their own."""
    others = [question for question in waiting if question.asker_id != who]
    topics = {about(topic) for topic in card.topics} if card else set()
    theirs = [q for q in others if not topics.isdisjoint(about(topic) for topic in q.topics)]
    return next(iter(theirs or others), None)
