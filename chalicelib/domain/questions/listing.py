from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.questions import places
from chalicelib.domain.questions.places import Seen
from chalicelib.domain.standing import OrganizationNotFound
from chalicelib.gateways import clock
from chalicelib.models.organizations import Organization
from chalicelib.models.questions import Question, QuestionPlace, QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page


def waiting_in(organization_id: str, page: Page) -> Slice[QuestionWaiting]:
    """What waits for someone in an organization, oldest first. Raises OrganizationNotFound."""
    (organization,) = load(Organization.key(organization_id))
    if organization is None:
        raise OrganizationNotFound
    return QuestionWaiting.in_organization(organization_id, page)


def read(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """A question, for those it concerns: two reads. Raises QuestionNotFound."""
    return places.seen(places.find(caller, organization_id, question_id))


def of_person(caller: Caller, organization_id: str, page: Page, *, role: str) -> Slice[Seen]:
    """What the caller asked, or helps with, newest first: two reads, and names are in each question's own."""
    found = QuestionPlace.of_person(organization_id, caller.member_id, role, page)
    questions = load(*(Question.key(organization_id, place.question_id) for place in found.items))
    now = clock.now()
    return Slice(
        [Seen(question, role, now, caller.language) for question in questions if question is not None],
        found.last,
    )
