from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from chalicelib.domain import errors, events, helping, limits, presets, standing
from chalicelib.domain.questions import places
from chalicelib.domain.questions.places import Seen
from chalicelib.domain.questions.queue import waiting
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes
from chalicelib.models.guests import Guest
from chalicelib.models.members import Member
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import Question
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.widgets import Widget

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller


ASKING = limits.Policy("asking", limit=10, window=3600)
"""Questions of one person in an hour: each of them disturbs people who have a day of their own."""


class LinkedQuestionUnknown(errors.Invalid):
    reason: ClassVar = {
        "en": "The question that this one goes on from is none of yours here.",
        "fr": "La question que celle-ci poursuit n’est pas l’une des vôtres ici.",
    }
    example: ClassVar = {"pointer": "/linked_to"}


def ask(
    caller: Caller,
    organization_id: str,
    *,
    text: str,
    topics: list[str],
    language: str | None = None,
    page: dict[str, str] | None = None,
    public: bool = False,
    linked_to: str | None = None,
) -> Seen:
    """Ask whoever can help in an organization. Nobody is kept from asking: no account, role or score counts.

    Asking speaks to volunteers one by one: only moderation, which says why and until when, suspends it.
    Raises OrganizationNotFound, Suspended, LinkedQuestionUnknown.
    """
    there, organization, (member, guest, linked, widget, suspension) = helping.look_around(
        organization_id,
        topics[0] if topics else helping.NO_TOPIC,
        Member.key(caller.member_id),
        Guest.key(organization_id, caller.member_id),
        Question.key(organization_id, linked_to or "none"),
        Widget.key(organization_id),
        RunningSuspension.key(organization_id, caller.member_id),
        asker_id=caller.member_id,
    )
    standing.must_not_be_suspended(suspension)
    if linked_to and (linked is None or not places.has_asked(caller, linked)):
        raise LinkedQuestionUnknown(pointer="/linked_to")
    now, question_id = clock.now(), ids.new("qst")
    question = Question.asking(
        organization_id, question_id, at=now, conversation_id=ids.twin("cnv", question_id),
        asker_id=caller.member_id, asker_member_id=guest.member_id if guest is not None else None,
        asker_is_verified=caller.is_verified, text=text, is_public=public,
        topics=list(dict.fromkeys(topics)), language=language or caller.language, linked_to=linked_to,
        page=_without_secrets(page, widget) if page else None,
        retention_days=presets.value_of(organization.settings, "conversation_retention_days"),
    )  # fmt: skip
    _write(question, guest)
    known = member or guest
    name = known.name if known else None
    return Seen(question, "asker", now, caller.language, asker_name=name, availability=there)


def _write(question: Question, guest: Guest | None) -> None:
    """Put a question into the queue, and where whoever asked finds it."""
    with changes() as change:
        change.create(question)
        change.create(waiting(question))
        change.create(QuestionPlace.of(question, question.asker_id, "asker"))
        if guest is not None and guest.member_id is not None:
            change.create(QuestionPlace.of(question, guest.member_id, "asker"))
        change.announce(
            events.QuestionAsked(
                organization_id=question.organization_id,
                actor_id=question.asker_id,
                at=question.asked_at,
                question_id=question.id,
                asker_id=question.asker_id,
                topics=question.topics,
                round=int(question.round),
                language=question.language,
            )
        )


def _without_secrets(page: dict[str, str], widget: Widget | None) -> dict[str, Any]:
    """Where it was asked, without what an address carries about a person."""
    allowed = widget.allowed_query_parameters if widget else []
    parts = urlsplit(page["url"])
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name in allowed]
    host = parts.netloc.rpartition("@")[2]
    return {**page, "url": urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))}
