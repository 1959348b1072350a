"""Whether an exchange is public: only while both who had it want it, and no further than each agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.questions.states import CLOSED, QuestionNotFound, must_be, must_be_kept
from chalicelib.models.blocks import Block
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.shared import SharedQuestion

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place
    from chalicelib.models.changes import Changes
    from chalicelib.models.questions import Question


class NotSaidYet(errors.Invalid):
    reason: ClassVar = {
        "en": "Nothing has been said under that number yet: the newest message is number {seq}.",
        "fr": "Rien n’a encore été dit sous ce numéro : le dernier message porte le numéro {seq}.",
    }
    example: ClassVar = {"seq": 12, "pointer": "/up_to_seq"}


class NotToBeShared(errors.Conflict):
    """It is not said why: nobody need explain whom they would rather not appear with."""

    reason: ClassVar = {
        "en": "This exchange cannot be shared.",
        "fr": "Cet échange ne peut pas être partagé.",
    }


@dataclass(frozen=True)
class Sharing:
    """Where an exchange stands between private and public, as someone in it reads it."""

    question: Question
    mine: dict[str, Any] | None
    """What the reader agrees to: `{shown_as, up_to_seq, by, at}`."""

    @property
    def question_id(self) -> str:
        return self.question.id

    @property
    def agreed_ids(self) -> list[str]:
        """Who agrees. Who does not is not told apart from who has not read this."""
        return sorted(self.question.sharing)

    @property
    def shared_at(self) -> datetime | None:
        return self.question.shared_at

    @property
    def up_to_seq(self) -> int | None:
        """The number of the last message that is public."""
        return public_up_to(self.question) if self.question.shared_at is not None else None


def public_up_to(question: Question) -> int:
    """How far both who had the exchange agree that it is public."""
    both = (question.asker_id, str(question.helper_id))
    return min(int(question.sharing[person]["up_to_seq"]) for person in both)


def read(caller: Caller, organization_id: str, question_id: str) -> Sharing:
    """Who agrees to share an exchange that one had. Raises QuestionNotFound."""
    place = places.find(caller, organization_id, question_id)
    party = _party(place)
    if party is None:
        raise QuestionNotFound
    return Sharing(place.question, place.question.sharing.get(party))


@retry_if_overtaken
def agree(
    caller: Caller, organization_id: str, question_id: str, *, shown_as: str, up_to_seq: int
) -> Sharing:
    """Agree that a closed exchange is public, up to a number, under one's name or none.

    It is once whoever asked and whoever helped agree, in this round; the words of others in it follow only if
    they agree too. Raises QuestionNotFound, Suspended, QuestionStateRefused, WordsNoLongerKept, NotSaidYet,
    NotToBeShared.
    """
    place = places.find(caller, organization_id, question_id)
    question, party = place.question, _party(place)
    if party is None:
        raise QuestionNotFound
    place.must_not_be_suspended()
    must_be(question, CLOSED, place.now)
    must_be_kept(question, place.now)
    if up_to_seq > int(question.seq):
        raise NotSaidYet(seq=int(question.seq), pointer="/up_to_seq")
    agreed = {"shown_as": shown_as, "up_to_seq": up_to_seq}
    held = question.sharing.get(party)
    if held is None or {name: held[name] for name in agreed} != agreed:
        _record(place, party, {**agreed, "by": caller.member_id, "at": place.now.isoformat()})
    return Sharing(question, question.sharing[party])


def _record(place: Place, party: str, consent: dict[str, Any]) -> None:
    question, now = place.question, place.now
    asker_id, helper_id = question.asker_id, str(question.helper_id)
    told = _about(question, actor_id=place.caller.member_id, at=now)
    sharing = {**question.sharing, party: consent}
    begins = question.shared_at is None and {asker_id, helper_id} <= sharing.keys()
    with changes() as change:
        for one in sorted(question.askers()):
            change.check(Block.key(one, helper_id), Block.is_absent(), otherwise=NotToBeShared())
        change.edit(question, sharing=sharing, shared_at=now if begins else question.shared_at)
        change.announce(events.SharingAgreed(party_id=party, **told))
        if begins:
            change.save(SharedQuestion.of(question))
            change.announce(events.QuestionShared(**told))


@retry_if_overtaken
def take_back(caller: Caller, organization_id: str, question_id: str) -> None:
    """Agree no longer, at any moment: what was public is not, at once. Not to have agreed changes nothing.

    Raises QuestionNotFound.
    """
    place = places.look(caller, organization_id, question_id)
    question = place.question
    party = caller.member_id if caller.member_id in question.sharing else _party(place)
    if party is None and places.has_asked(caller, question):
        party = question.asker_id
    if party is None:
        raise QuestionNotFound
    if party in question.sharing:
        with changes() as change:
            change.edit(question, **without(change, question, party, actor_id=caller.member_id, at=place.now))


def without(
    change: Changes, question: Question, party: str, *, actor_id: str, at: datetime
) -> dict[str, Any]:
    """What is left of the sharing once this person agrees no longer; what is public ends if it hangs on them.

    It is for the caller to write, with what else they change of the question.
    """
    left = {person: consent for person, consent in question.sharing.items() if person != party}
    if party in (question.asker_id, question.helper_id):
        return {**ended(change, question, actor_id=actor_id, at=at, reason="taken_back"), "sharing": left}
    return {"sharing": left}


def ended(change: Changes, question: Question, *, actor_id: str, at: datetime, reason: str) -> dict[str, Any]:
    """End what is public of a question, if anything is, and all that was agreed.

    It is for the caller to write, with what else they change of the question.
    """
    if question.shared_at is not None:
        change.delete(SharedQuestion.of(question))
        told = _about(question, actor_id=actor_id, at=at)
        change.announce(events.QuestionUnshared(reason=reason, **told))
    return {"sharing": {}, "shared_at": None}


def _party(place: Place) -> str | None:
    """Under whose name someone in a conversation agrees; None for whoever is not in it."""
    question, caller = place.question, place.caller
    parties = {"asker": question.asker_id, "helper": question.helper_id, "companion": caller.member_id}
    return parties.get(place.role or "")


def _about(question: Question, *, actor_id: str, at: datetime) -> dict[str, Any]:
    return {
        "organization_id": question.organization_id,
        "actor_id": actor_id,
        "at": at,
        "question_id": question.id,
        "asker_id": question.asker_id,
        "helper_id": question.helper_id,
        "companion_ids": question.companions(),
        "round": int(question.round),
    }
