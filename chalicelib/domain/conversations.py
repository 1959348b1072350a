"""What is said about one question, between whoever asked and whoever helps: private, and in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.messages import OneDirectionOnly
from chalicelib.domain.questions import places
from chalicelib.domain.questions.states import QuestionNotFound
from chalicelib.gateways import ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.conversations import Said, SaidPlace
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.questions import UNSETTLED, Question
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place
    from chalicelib.models.changes import Changes
    from chalicelib.pages import Page

MOST = 50


@dataclass(frozen=True)
class Author:
    member_id: str
    name: str | None
    """Today; None for someone who is not known by a name."""
    role: str
    voice: str | None
    is_verified: bool


@dataclass(frozen=True)
class Shown:
    """Words as those who take part read them."""

    said: Said
    name: str | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.said, name)

    @property
    def author(self) -> Author:
        said = self.said
        return Author(said.author_id, self.name, said.role, said.voice, said.is_verified)


@dataclass(frozen=True)
class Posted:
    """What was said, now or, `is_replay`, when the same words under the same key came first."""

    said: Shown
    question: Question
    is_replay: bool = False

    @property
    def others(self) -> list[str]:
        """Who else takes part: whom these words are for."""
        question = self.question
        came = [member for member, there in question.invited.items() if there]
        everyone = [question.asker_id, question.helper_id, *came]
        return [person for person in everyone if person and person != self.said.author_id]


@retry_if_overtaken
def post(
    caller: Caller, organization_id: str, question_id: str, *, client_message_id: str, text: str
) -> Posted:
    """Say something about a question, once per `client_message_id`: a repetition finds what was said first.

    A helper's first word begins the answer. Once the question is closed, words are a postscript: they change
    nothing, "merci" least of all. Raises QuestionNotFound.
    """
    conversation_id = ids.twin("cnv", question_id)
    message_id = ids.derived("msg", conversation_id, caller.member_id, client_message_id)
    place = places.find(
        caller,
        organization_id,
        question_id,
        SaidPlace.key(conversation_id, message_id),
        Member.key(caller.member_id),
        Guest.key(organization_id, caller.member_id),
    )
    _must_take_part(place)
    before, member, guest = place.also
    known = member or guest
    name = known.name if known else None
    if before is not None:
        said = Said.at_seq(conversation_id, int(before.seq))
        if said is None:
            raise QuestionNotFound
        return Posted(Shown(said, name), place.question, is_replay=True)
    said = _words(place, message_id, client_message_id, text, name)
    with changes() as change:
        _number(change, place, int(said.seq))
        change.create(said)
        change.create(SaidPlace.of(said))
    return Posted(Shown(said, name), place.question)


def _must_take_part(place: Place) -> None:
    if not place.is_inside:
        raise QuestionNotFound


def _words(place: Place, message_id: str, client_message_id: str, text: str, name: str | None) -> Said:
    question, caller = place.question, place.caller
    voice = None if caller.is_guest else "member"
    return Said.saying(
        question.conversation_id,
        int(question.seq) + 1,
        at=place.now,
        id=message_id,
        question_id=question.id,
        organization_id=question.organization_id,
        round=question.round,
        author_id=caller.member_id,
        role="invited" if place.role == "companion" else place.role,
        voice=question.helper_voice if place.role == "helper" else voice,
        is_verified=caller.is_verified,
        name=name,
        client_message_id=client_message_id,
        text=text,
        is_postscript=question.state not in UNSETTLED,
    )


def _number(change: Changes, place: Place, seq: int) -> None:
    """Give the words the next number; a helper's first word moves the question too."""
    question, now = place.question, place.now
    silent = question.is_silent_since()
    actions = [Question.numbering(seq)]
    if place.role == "helper":
        actions.append(Question.waiting_since(None))
    elif place.role == "asker" and question.asker_waits_since is None:
        actions.append(Question.waiting_since(now))
    begins = place.role == "helper" and question.state == "claimed"
    if begins:
        is_first = question.first_reply_at is None
        question.state, question.first_reply_at = "in_progress", question.first_reply_at or now
        actions += Question.sets(state="in_progress", first_reply_at=question.first_reply_at)
        change.announce(
            events.AnswerBegun(
                organization_id=question.organization_id, actor_id=place.caller.member_id, at=now,
                question_id=question.id, asker_id=question.asker_id, helper_id=place.caller.member_id,
                round=int(question.round), round_opened_at=question.round_opened_at, is_first=is_first,
            )
        )  # fmt: skip
    change.update(question, *actions, condition=silent, versioned=begins)


def page_of(
    caller: Caller,
    organization_id: str,
    question_id: str,
    page: Page,
    *,
    after_seq: int | None = None,
    before_seq: int | None = None,
) -> Slice[Shown]:
    """What was said: after a number, in its order; before one, or all of it, newest first. Three reads.

    Raises QuestionNotFound, OneDirectionOnly.
    """
    if after_seq is not None and before_seq is not None:
        raise OneDirectionOnly
    place = places.find(caller, organization_id, question_id)
    _must_take_part(place)
    found = Said.in_conversation(
        place.question.conversation_id, page, after_seq=after_seq, before_seq=before_seq
    )
    authors = sorted({said.author_id for said in found.items})
    names = _names(organization_id, authors) if authors else {}
    return Slice([Shown(said, names.get(said.author_id)) for said in found.items], found.last)


def _names(organization_id: str, people: list[str]) -> dict[str, str | None]:
    """What people are called today, members and guests alike, in one read."""
    known = load(
        *(
            Guest.key(organization_id, person) if person.startswith("gst_") else Member.key(person)
            for person in people
        )
    )
    return {person: who.name for person, who in zip(people, known, strict=True) if who is not None}
