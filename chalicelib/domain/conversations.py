"""What is said about one question, between whoever asked and whoever helps: private, and in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events, standing
from chalicelib.domain.messages import OneDirectionOnly
from chalicelib.domain.questions import places, spectators
from chalicelib.domain.questions.parting import must_never_part
from chalicelib.domain.questions.queue import about
from chalicelib.domain.questions.states import QuestionNotFound, must_be_kept
from chalicelib.gateways import ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.conversations import Said, SaidPlace
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.questions import IN_HAND, UNSETTLED, Question
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
        asked = [question.asker_id, question.asker_member_id]  # one person
        mine = asked if self.said.author_id in asked else [self.said.author_id]
        everyone = [*asked, question.helper_id, *question.companions()]
        return [person for person in everyone if person and person not in mine]


@retry_if_overtaken
def post(
    caller: Caller, organization_id: str, question_id: str, *, client_message_id: str, text: str
) -> Posted:
    """Say something about a question, once per `client_message_id`: a repetition finds what was said first.

    A helper's first word begins the answer. Once the question is closed, words are a postscript: they change
    nothing, "merci" least of all. Raises QuestionNotFound, WordsNoLongerKept, Suspended.
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
    must_be_kept(place.question, place.now)
    before, member, guest = place.also
    known = member or guest
    name = known.name if known else None
    if before is not None:
        said = Said.at_seq(conversation_id, int(before.seq))
        if said is None:
            raise QuestionNotFound
        return Posted(Shown(said, name), place.question, is_replay=True)
    place.must_not_be_suspended()
    said = _words(place, message_id, client_message_id, text)
    with changes() as change:
        if not caller.is_guest:
            standing.hold_to_it(change, organization_id, caller.member_id)
        must_never_part(change, _spoken_to(place), caller.member_id, otherwise=QuestionNotFound())
        _number(change, place, int(said.seq))
        change.create(said)
        change.create(SaidPlace.of(said))
    return Posted(Shown(said, name), place.question)


def _must_take_part(place: Place) -> None:
    if not place.is_inside:
        raise QuestionNotFound


def _spoken_to(place: Place) -> set[str | None]:
    """Whom the caller must not be parted from to speak: never a companion, who is out in their stead."""
    question = place.question
    if place.role == "asker":
        return set()
    return {*question.askers(), question.helper_id if place.role == "companion" else None}


def _reads_after(place: Place) -> int:
    """After which number the caller reads: whoever watches does not read what was said before they came."""
    if place.role == "spectator":
        return spectators.watches_after(place.question, place.caller.member_id) or 0
    _must_take_part(place)
    return 0


def _words(place: Place, message_id: str, client_message_id: str, text: str) -> Said:
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
        client_message_id=client_message_id,
        text=text,
        is_postscript=question.state not in UNSETTLED,
    )


def _number(change: Changes, place: Place, seq: int) -> None:
    """Give the words the next number; a helper's first word moves the question too."""
    question, now = place.question, place.now
    silent = question.is_silent_since()
    actions = [Question.numbering(seq), *_note_who_may_be_away(change, place, seq)]
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


def _note_who_may_be_away(change: Changes, place: Place, seq: int) -> list[Any]:
    """Tell from when on the other side may miss what is said: whoever speaks is there, and missed nothing."""
    question, told = place.question, {"at": place.now, **about(place.question)}
    if place.role == "helper":
        actions = [Question.waiting_since(None)]
        if not question.unseen_from:
            actions += Question.unseen_since(seq)
            change.announce(
                events.HelperSpoke(
                    actor_id=place.caller.member_id, round=int(question.round), seq=seq, **told
                )
            )
        return actions
    if place.role != "asker":
        return []
    actions = Question.unseen_since(0) if question.unseen_from else []
    if question.asker_waits_since is None:
        actions.append(Question.waiting_since(place.now))
        if question.state in IN_HAND - {"claimed"}:  # a claim has its lease
            change.announce(events.WaitBegun(actor_id=question.asker_id, **told))
    return actions


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

    Nothing once the words are no longer kept, even those that are still in the table.
    Raises QuestionNotFound, OneDirectionOnly.
    """
    if after_seq is not None and before_seq is not None:
        raise OneDirectionOnly
    place = places.find(caller, organization_id, question_id)
    question, since = place.question, _reads_after(place)
    if question.is_over(place.now):
        return Slice([])
    after_seq = max(after_seq, since) if after_seq is not None else None
    found = Said.in_conversation(question.conversation_id, page, after_seq=after_seq, before_seq=before_seq)
    if any(int(said.seq) <= since for said in found.items):
        found = Slice([said for said in found.items if int(said.seq) > since])  # newest first: that is all
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
