from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.questions import places
from chalicelib.domain.questions.places import Seen
from chalicelib.domain.standing import OrganizationNotFound
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.helping import about
from chalicelib.models.organizations import Organization
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question, QuestionWaiting
from chalicelib.models.tables import load
from chalicelib.models.widgets import Widget
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page


@dataclass(frozen=True)
class Published:
    """A question that waits, as everyone may read it."""

    waiting: QuestionWaiting
    topics: list[str]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.waiting, name)


def published(waiting: QuestionWaiting, widget: Widget | None) -> Published:
    """What everyone may read of a question: of a private one, only topics that are the organization's own.

    People write into a topic whatever they like, a name or a number as well.
    """
    if waiting.text is not None:
        return Published(waiting, list(waiting.topics))
    suggested = {about(topic) for topic in widget.topics} if widget else set()
    return Published(waiting, [topic for topic in waiting.topics if about(topic) in suggested])


def waiting_in(organization_id: str, page: Page) -> Slice[Published]:
    """What waits for someone in an organization, oldest first. Raises OrganizationNotFound."""
    organization, widget = load(Organization.key(organization_id), Widget.key(organization_id))
    if organization is None:
        raise OrganizationNotFound
    found = QuestionWaiting.in_organization(organization_id, page)
    return Slice([published(waiting, widget) for waiting in found.items], found.last)


def read(caller: Caller, organization_id: str, question_id: str) -> Seen:
    """A question, for those it concerns: two reads. Raises QuestionNotFound."""
    return places.seen(places.find(caller, organization_id, question_id))


def of_person(caller: Caller, organization_id: str, page: Page, *, role: str) -> Slice[Seen]:
    """What the caller asked, or helps with, newest first: two reads, and names are in each question's own."""
    found = QuestionPlace.of_person(organization_id, caller.member_id, role, page)
    apart, *questions = load(
        Apart.key(caller.member_id),
        *(Question.key(organization_id, place.question_id) for place in found.items),
    )
    people = set(apart.people or ()) if apart is not None else set()
    now = clock.now()
    return Slice(
        [
            Seen(question, role, now, caller.language)
            for question in questions
            if question is not None and (role == "asker" or not question.keeps_out(caller.member_id, people))
        ],
        found.last,
    )
