"""What becomes of a meetup, told at the connections of those whom it concerns, if it is still so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import guests
from chalicelib.domain.live import delivery
from chalicelib.domain.live.frames import moment
from chalicelib.domain.meetups import MeetupNotFound, news, standpoints
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.blocks import Apart
from chalicelib.models.questions import Question
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain import events

_TOLD = ("organization_id", "meetup_id", "party", "number", "offer_id", "asked_by", "reason")
"""What someone may know of what was said, or done, about their coming: never whose leaving freed a seat."""

THEIR_OWN = ("meetup_going", "meetup_stepped_back")
"""What confirms to someone what they said themselves: they know."""

_NAMES = {
    "revised": "meetup_revised",
    "cancelled": "meetup_cancelled",
    "seats_announced": "seats_announced",
    "recapped": "meetup_recapped",
    "made_host": "meetup_hosting",
    "made_co_host": "meetup_hosting",
}


def follow_rsvp(event: Any) -> None:
    """Tell someone what became of their waiting, or what a host said for them."""
    if news.news_of(event) in (None, *THEIR_OWN):
        return
    told = _told(event)
    if told is None:
        return
    if told == "meetup_cancelled":
        whole = {"organization_id": event.organization_id, "meetup_id": event.meetup_id}
        delivery.notify([event.member_id], told, {**whole, "at": moment(event.at)})
        return
    detail = {name: getattr(event, name) for name in _TOLD if getattr(event, name, None) is not None}
    until = {"until": moment(event.until)} if hasattr(event, "until") else {}
    about = event.detail_type().rpartition(".")[0].replace(".", "_")
    delivery.notify([event.member_id], about, {**detail, **until, "at": moment(event.at)})


def follow_meetup(event: events.AttendeeTold) -> None:
    """Tell someone who comes, waits, or was there what becomes of a meetup."""
    if _told(event) is None:
        return
    about = _NAMES.get(event.about, "meetup_reminder")
    why = {"why": event.about} if about in ("meetup_reminder", "meetup_hosting") else {}
    detail = {"organization_id": event.organization_id, "meetup_id": event.meetup_id, **why}
    delivery.notify([event.member_id], about, {**detail, "at": moment(event.at)})


def follow_origin(event: events.MeetupProposed) -> None:
    """Tell the other person of the question that a meetup was born from; of a series, the first time only."""
    if event.question_id is None or event.occurrence:
        return
    question, apart = load(Question.key(event.organization_id, event.question_id), Apart.key(event.host_id))
    if question is None:
        return
    part_of_it = {*question.askers(), question.helper_id or event.host_id}
    kept_apart = apart.people if apart is not None and apart.people else set()
    others = sorted(part_of_it - {event.host_id} - kept_apart)
    known = guests.members_behind(event.organization_id, others)
    detail = {
        "organization_id": event.organization_id, "meetup_id": event.meetup_id,
        "question_id": event.question_id, "at": moment(event.at),
    }  # fmt: skip
    delivery.notify(set(known) - {event.host_id}, "meetup_proposed", detail)


def _told(event: Any) -> str | None:
    try:
        note = NoShowNote.key(event.meetup_id, event.member_id)
        stands = standpoints.look(event.member_id, event.organization_id, event.meetup_id, note)
    except MeetupNotFound:
        return None
    return news.told_now(event, stands)
