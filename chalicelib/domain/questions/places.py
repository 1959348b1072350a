"""A question as someone stands to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain import guests
from chalicelib.domain.questions.states import OnlyTheAsker, OnlyTheHelper, QuestionNotFound
from chalicelib.gateways import clock
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.offers import Offer
from chalicelib.models.questions import Question
from chalicelib.models.tables import Key, load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller

STORIES: dict[str, dict[str, str]] = {
    "open": {
        "en": "The question waits for someone who can help; it keeps its place.",
        "fr": "La question attend quelqu’un qui puisse aider ; elle garde sa place.",
    },
    "claimed": {
        "en": "Someone took the question in hand and is about to answer.",
        "fr": "Quelqu’un a pris la question en main et s’apprête à répondre.",
    },
    "in_progress": {"en": "You are talking it over.", "fr": "Vous en parlez ensemble."},
    "handing_over": {
        "en": "Someone else may go on with it; until then nothing changes.",
        "fr": "Quelqu’un d’autre pourrait prendre le relais ; d’ici là, rien ne change.",
    },
    "answered": {
        "en": "The person who helped thinks they are done: the person who asked says whether it helped.",
        "fr": "La personne qui aide pense avoir fini : à qui a demandé de dire si cela a aidé.",
    },
    "resolved": {
        "en": "The person who asked said that it helped.",
        "fr": "La personne qui a demandé a dit que cela l’a aidée.",
    },
    "closed_unconfirmed": {
        "en": "Nobody said within three days whether it helped: closed, and not counted as solved.",
        "fr": "Personne n’a dit sous trois jours si cela a aidé : c’est clos, sans être compté comme résolu.",
    },
    "withdrawn": {
        "en": "The person who asked took the question back.",
        "fr": "La personne qui a demandé a retiré sa question.",
    },
    "merged": {
        "en": "The person who asked goes on with another question of theirs, which this one repeats.",
        "fr": "La personne qui a demandé poursuit avec une autre de ses questions, que celle-ci répète.",
    },
    "expired": {
        "en": "No answer was found within a month: closed. It may be asked again.",
        "fr": "Aucune réponse n’a été trouvée en un mois : c’est clos. Elle peut être posée à nouveau.",
    },
}
"""What has become of a question and why, in words."""


@dataclass(frozen=True)
class Place:
    """A question, what the caller is to it, and what was read at the same moment."""

    question: Question
    role: str | None
    """asker, helper, proposed, invited, companion (an invited one who came), offered; None: nothing."""
    caller: Caller
    now: datetime
    also: tuple[Any, ...] = ()

    def must_ask(self) -> None:
        """Raise OnlyTheAsker unless the caller asked it."""
        if self.role != "asker":
            raise OnlyTheAsker

    def must_help(self) -> None:
        """Raise OnlyTheHelper unless the caller has it in hand."""
        if self.role != "helper":
            raise OnlyTheHelper

    @property
    def is_inside(self) -> bool:
        """Whether the caller takes part in the conversation."""
        return self.role in ("asker", "helper", "companion")


def find(caller: Caller, organization_id: str, question_id: str, *also: Key[Any]) -> Place:
    """A question as whoever may read it stands to it. Raises QuestionNotFound.

    One read; one more for those who may have asked it before they had an account.
    """
    place = look(caller, organization_id, question_id, *also)
    if place.role is not None:
        return place
    if guests.is_same_person(caller, organization_id, place.question.asker_id):
        return replace(place, role="asker")
    raise QuestionNotFound


def look(caller: Caller, organization_id: str, question_id: str, *also: Key[Any]) -> Place:
    """A question, whatever the caller is to it. Raises QuestionNotFound when there is none."""
    question, offer, *rest = load(
        Question.key(organization_id, question_id), Offer.key(question_id, caller.member_id), *also
    )
    if question is None:
        raise QuestionNotFound
    now = clock.now()
    return Place(question, _role(question, caller.member_id, offer, now), caller, now, tuple(rest))


def _role(question: Question, person_id: str, offer: Offer | None, now: datetime) -> str | None:
    if person_id == question.asker_id:
        return "asker"
    if person_id == question.helper_id:
        return "helper"
    proposal = question.hand_over if question.state_at(now) == "handing_over" else None
    if proposal and proposal["to"] == person_id:
        return "proposed"
    if person_id in question.invited:
        return "companion" if question.invited[person_id] else "invited"
    if offer is not None and question.state_at(now) == "open" and not question.skips(person_id, now):
        return "offered"
    return None


@dataclass(frozen=True)
class Seen:
    """A question as one person reads it."""

    question: Question
    role: str
    now: datetime
    language: str
    asker_name: str | None = None
    """Today; None for someone who is not known by a name."""
    helper_name: str | None = None
    availability: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.question, name)

    @property
    def state(self) -> str:
        return self.question.state_at(self.now)

    @property
    def explanation(self) -> str:
        """What has become of it, in words."""
        told = STORIES[self.state]
        return told.get(self.language, told["en"])

    @property
    def proposal(self) -> dict[str, Any] | None:
        """The hand-over under way, or how the last one ended: its note is between helpers."""
        if self.question.hand_over is None or self.role not in ("helper", "proposed"):
            return None
        return dict(self.question.hand_over)

    @property
    def invited_ids(self) -> list[str]:
        return sorted(self.question.invited)


def seen(place: Place, role: str | None = None) -> Seen:
    """The question as the caller reads it now, with the names of the two who talk: one read."""
    question = place.question
    asker, guest, helper = load(
        Member.key(question.asker_id),
        Guest.key(question.organization_id, question.asker_id),
        Member.key(question.helper_id or "nobody"),
    )
    known = asker or guest
    return Seen(
        question,
        role or place.role or "none",
        place.now,
        place.caller.language,
        asker_name=known.name if known else None,
        helper_name=helper.name if helper else None,
    )
