"""A question as someone stands to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain import guests, standing
from chalicelib.domain.questions import spectators
from chalicelib.domain.questions.states import OnlyTheAsker, OnlyTheHelper, QuestionNotFound
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.offers import Offer
from chalicelib.models.questions import Question
from chalicelib.models.suspensions import RunningSuspension
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
    """asker, helper, proposed, invited, companion (an invited one who came), spectator, offered, or None."""
    caller: Caller
    now: datetime
    also: tuple[Any, ...] = ()
    suspension: RunningSuspension | None = None
    membership: Membership | None = None
    was_offered: bool = False
    apart: frozenset[str] = frozenset()
    """Whom the caller is never brought together with."""

    def must_not_be_suspended(self) -> None:
        """Raise Suspended unless the caller may speak to others in this organization."""
        standing.must_not_be_suspended(self.suspension)

    def must_ask(self) -> None:
        """Raise OnlyTheAsker unless the caller asked it."""
        if self.role != "asker":
            raise OnlyTheAsker

    def must_help(self) -> None:
        """Raise OnlyTheHelper unless the caller has it in hand."""
        if self.role != "helper":
            raise OnlyTheHelper

    @property
    def is_apart(self) -> bool:
        """Whether the caller is never to meet whoever asked, or whoever helps."""
        question = self.question
        return question.keeps_out(self.caller.member_id, self.apart) or question.helper_id in self.apart

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
    if has_asked(caller, place.question):
        return replace(place, role="asker")
    raise QuestionNotFound


def has_asked(caller: Caller, question: Question) -> bool:
    """Whether the caller asked it, under whatever id; one read more while that is not noted there yet."""
    return caller.member_id in question.askers() or guests.is_same_person(
        caller, question.organization_id, question.asker_id
    )


def look(caller: Caller, organization_id: str, question_id: str, *also: Key[Any]) -> Place:
    """A question, whatever the caller is to it. Raises QuestionNotFound when there is none."""
    question, offer, suspension, membership, apart, *rest = load(
        Question.key(organization_id, question_id),
        Offer.key(question_id, caller.member_id),
        RunningSuspension.key(organization_id, caller.member_id),
        Membership.key(organization_id, caller.member_id),
        Apart.key(caller.member_id),
        *also,
    )
    if question is None or caller.only not in ("", question.id):
        raise QuestionNotFound
    people = frozenset(apart.people or ()) if apart is not None else frozenset()
    was_offered = offer is not None
    place = Place(
        question, None, caller, clock.now(), tuple(rest), suspension, membership, was_offered, people
    )
    return replace(place, role=_role(place))


def _role(place: Place) -> str | None:
    question, person_id = place.question, place.caller.member_id
    if person_id in question.askers():
        return "asker"
    if question.keeps_out(person_id, place.apart):
        return None
    if person_id == question.helper_id:
        return "helper"
    return None if place.membership is None else _role_of_follower(place)


def _role_of_follower(place: Place) -> str | None:
    """What someone is to it for as long as they follow."""
    question, person_id, now = place.question, place.caller.member_id, place.now
    if question.state_at(now) == "handing_over" and question.awaits(person_id):
        return "proposed"
    if question.invited.get(person_id) is not None and question.helper_id not in place.apart:
        return "companion" if question.invited[person_id] else "invited"
    if spectators.watches_after(question, person_id) is not None:
        suspended = place.suspension is not None and place.suspension.runs_at(now)
        return None if place.is_apart or suspended else "spectator"
    if place.was_offered and question.state_at(now) == "open" and not question.skips(person_id, now):
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
    awaited_name: str | None = None
    """Of whoever may take over later."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.question, name)

    @property
    def state(self) -> str:
        return self.question.state_at(self.now)

    @property
    def text(self) -> str | None:
        """What was asked, for as long as its words are kept; whoever watches reads what is said since."""
        return None if self._is_kept_from_them() else self.question.text

    @property
    def page(self) -> dict[str, Any] | None:
        """Where it was asked, for as long as its words are kept."""
        return None if self._is_kept_from_them() else self.question.page

    def _is_kept_from_them(self) -> bool:
        return self.role == "spectator" or self.question.is_over(self.now)

    @property
    def spectators(self) -> list[dict[str, Any]]:
        """Who watches, or is to: for both who decide it."""
        if self.role not in spectators.BOTH:
            return []
        question = self.question
        watching = spectators.watchers(question)
        return [
            {"member_id": who, "agreed": question.spectators[who]["agreed"], "watches": who in watching}
            for who in spectators.expected(question)
        ]

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
        if self.question.is_over(self.now):
            return None
        return dict(self.question.hand_over)

    @property
    def awaited(self) -> dict[str, Any] | None:
        """Who may take over once they are back, for whoever asked to say whether they wait that long."""
        proposal = self.question.hand_over
        if self.role != "asker" or self.state != "handing_over" or not proposal.get("returns_at"):
            return None
        told = {name: proposal[name] for name in ("returns_at", "asker_agrees", "until")}
        return {"proposal_id": proposal["id"], "member_id": proposal["to"], "name": self.awaited_name, **told}

    @property
    def invited_ids(self) -> list[str]:
        return self.question.expected()

    @property
    def companion_ids(self) -> list[str]:
        """Those of them who came: they read all that was and is said."""
        return self.question.companions()


def seen(place: Place, role: str | None = None) -> Seen:
    """The question as the caller reads it now, with the names of the two who talk: one read."""
    question = place.question
    nobody = "nobody"
    asker, guest, helper, awaited = load(
        Member.key(question.asker_id),
        Guest.key(question.organization_id, question.asker_id),
        Member.key(question.helper_id or nobody),
        Member.key((question.hand_over or {}).get("to") or nobody),
    )
    known = None if question.is_over(place.now) else asker or guest
    return Seen(
        question,
        role or place.role or "none",
        place.now,
        place.caller.language,
        asker_name=known.name if known else None,
        helper_name=helper.name if helper else None,
        awaited_name=awaited.name if awaited else None,
    )
