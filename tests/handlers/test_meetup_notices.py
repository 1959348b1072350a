"""What people are told at once about meetups, where they are connected: what is theirs, while it is so."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from chalicelib.contracts.frames import SERVER
from chalicelib.domain import events, meetups
from chalicelib.domain.live import tidings
from chalicelib.domain.meetups import cancelling, hosting
from chalicelib.gateways import clock
from chalicelib.handlers.consumers import emails, notices
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes
from chalicelib.models.journal import JournalEntry
from chalicelib.models.meetups import Meetup
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.tables import load
from tests import queues
from tests.factories import a_follower, a_meetup, an_organization, coming
from tests.questions import Story
from tests.sockets import Sockets

WHY = "Nous serons trop nombreux."


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def hana(hub):
    return a_follower("hana", hub)


@pytest.fixture
def heard(sockets):
    """What someone hears, from when they are first asked for."""
    opened = {}

    def hear(name):
        if name not in opened:
            opened[name] = sockets.opened_by(name)
            opened[name].say(kind="subscribe", notifications=True)
            opened[name].heard.clear()
        return opened[name].heard

    return hear


def announced_of(*kinds):
    """These events so far, as their consumers hear them."""
    names = {kind.detail_type(): kind for kind in kinds}
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [
        names[entry.detail_type].from_detail(entry.detail) for entry in entries if entry.detail_type in names
    ]


def tell(*told):
    assert queues.deliver("give_notice", *(queues.envelope(event) for event in told)) == []


def a_line(hub, hana, **values):
    """One seat: lou has it, noor waits, and lou comes no more."""
    meetup = a_meetup(hana, hub, seats=1, **values)
    lou, _ = coming("lou", meetup, hub), coming("noor", meetup, hub)
    meetups.answer(lou, hub.id, meetup.id, says="declined")
    return meetup


def told_of(meetup, member, about, **values):
    said = {
        "organization_id": meetup.organization_id, "actor_id": meetup.host_id, "meetup_id": meetup.id,
        "host_id": meetup.host_id, "member_id": member.member_id, "about": about, "occasion": about,
        "revision": int(meetup.revision),
    }  # fmt: skip
    return events.AttendeeTold(**{**said, **values})


@pytest.mark.parametrize(
    ("ahead", "kind", "about"),
    [
        (timedelta(days=3), events.RsvpPromoted, "rsvp_promoted"),
        (timedelta(hours=12), events.SeatOffered, "seat_offered"),
    ],
)
def test_who_waited_is_told_of_their_seat_and_never_who_left_it(hub, hana, heard, ahead, kind, about):
    meetup = a_line(hub, hana, ahead=ahead)
    lou, noor = heard("lou"), heard("noor")

    tell(*announced_of(kind))

    assert lou == []
    (frame,) = noor
    assert (frame["about"], frame["detail"]["meetup_id"]) == (about, meetup.id)
    assert ("until" in frame["detail"]) == ("offer_id" in frame["detail"]) == (about == "seat_offered")
    assert "actor_id" not in frame["detail"]
    SERVER["notification"].model_validate(frame)


def test_who_let_an_offer_lapse_is_told(hub, hana, heard, time_passes):
    meetup = a_line(hub, hana, ahead=timedelta(hours=12))
    (offer,) = announced_of(events.SeatOffered)
    time_passes(hours=6, minutes=1)
    meetups.lapse(hub.id, meetup.id, offer.member_id, offer.offer_id)
    noor = heard("noor")

    tell(*announced_of(events.OfferLapsed))

    assert [frame["about"] for frame in noor] == ["offer_lapsed"]


@pytest.mark.parametrize(
    ("says", "about"),
    [("going", "seat_taken"), ("interested", "rsvp_interested"), ("declined", "rsvp_declined")],
)
def test_someone_is_told_what_a_host_said_for_them(hub, hana, heard, says, about):
    meetup = a_meetup(hana, hub)
    noor = a_follower("noor", hub)
    meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says=says)
    frames = heard("noor")

    tell(*announced_of(events.SeatTaken, events.RsvpInterested, events.RsvpDeclined))

    assert [(frame["about"], frame["detail"]["asked_by"]) for frame in frames] == [(about, hana.member_id)]


def test_someone_who_is_asked_not_to_come_is_told_why(hub, hana, heard):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    meetups.remove(hana, hub.id, meetup.id, noor.member_id, reason=WHY)
    frames = heard("noor")

    tell(*announced_of(events.RsvpDeclined))

    assert [(frame["about"], frame["detail"]["reason"]) for frame in frames] == [("rsvp_declined", WHY)]


def test_who_was_asked_not_to_come_just_before_it_was_cancelled_is_told_that_nobody_comes(hub, hana, heard):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    meetups.remove(hana, hub.id, meetup.id, noor.member_id, reason=WHY)
    cancelling.cancel(hana, hub.id, meetup.id, reason="Personne ne peut.")
    frames = heard("noor")

    tell(*announced_of(events.RsvpDeclined))

    assert [(frame["about"], sorted(frame["detail"])) for frame in frames] == [
        ("meetup_cancelled", ["at", "meetup_id", "organization_id"])
    ]


def test_who_has_it_to_look_after_is_told_and_nobody_else(hub, hana, heard):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    hosts, frames = heard("hana"), heard("noor")
    hosting.add(hana, hub.id, meetup.id, noor.member_id)
    tell(*announced_of(events.AttendeeTold))
    hosting.hand_over(hana, hub.id, meetup.id, noor.member_id)
    frames.clear()

    tell(*announced_of(events.AttendeeTold))

    assert hosts == []
    (frame,) = frames
    assert (frame["about"], frame["detail"]["why"]) == ("meetup_hosting", "made_host")
    SERVER["notification"].model_validate(frame)


def test_who_is_named_a_co_host_is_told(hub, hana, heard):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    frames = heard("noor")
    hosting.add(hana, hub.id, meetup.id, noor.member_id)

    tell(*announced_of(events.AttendeeTold))

    assert [(frame["about"], frame["detail"]["why"]) for frame in frames] == [
        ("meetup_hosting", "made_co_host")
    ]


def test_nobody_is_told_what_they_said_themselves(hub, hana, heard):
    a_line(hub, hana)
    lou, noor = heard("lou"), heard("noor")

    tell(*announced_of(events.SeatTaken, events.RsvpWaitlisted, events.RsvpDeclined))

    assert lou == noor == []


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ("revised", "meetup_revised"),
        ("reminder_week", "meetup_reminder"),
        ("reminder_hour", "meetup_reminder"),
        ("recapped", "meetup_recapped"),
        ("cancelled", "meetup_cancelled"),
    ],
)
def test_who_comes_is_told_what_becomes_of_it(hub, hana, heard, about, name):
    meetup = a_meetup(hana, hub)
    noor, frames = coming("noor", meetup, hub), heard("noor")
    (found,) = load(Meetup.key(hub.id, meetup.id))
    state = about if about in ("recapped", "cancelled") else "published"
    with changes() as change:
        change.edit(found, state=state, revision=1 if about == "revised" else 0)

    tell(told_of(found, noor, about))

    (frame,) = frames
    assert (frame["about"], frame["detail"].get("why")) == (
        name, about if about.startswith("reminder") else None,
    )  # fmt: skip
    SERVER["notification"].model_validate(frame)


def test_who_did_not_come_is_not_told_at_once_what_was(hub, hana, heard):
    meetup = a_meetup(hana, hub)
    noor, frames = coming("noor", meetup, hub), heard("noor")
    (found, rsvp) = load(Meetup.key(hub.id, meetup.id), Rsvp.key(meetup.id, noor.member_id))
    with changes() as change:
        change.edit(found, state="recapped")
        change.create(NoShowNote.about(rsvp, "nsh_1", until=clock.now() + timedelta(days=90)))

    tell(told_of(found, noor, "recapped"))

    assert frames == []


def test_who_waits_is_told_that_seats_are_announced(hub, hana, heard):
    meetup = a_line(hub, hana, ahead=timedelta(minutes=100))
    noor, frames = a_follower("noor", hub), heard("noor")

    tell(told_of(meetup, noor, "seats_announced"))

    assert [frame["about"] for frame in frames] == ["seats_announced"]


def test_what_is_so_no_more_is_not_told(hub, hana, heard):
    meetup = a_line(hub, hana)
    noor, frames = a_follower("noor", hub), heard("noor")
    reminder = told_of(meetup, noor, "reminder_day")
    cancelling.cancel(hana, hub.id, meetup.id, reason="Personne ne peut.")
    gone = dataclasses.replace(reminder, meetup_id="mtg_01M7WN066TK6FTK703WY8C5YNK")

    tell(reminder, gone, *announced_of(events.RsvpPromoted))

    assert frames == []


# --- born from a question


@pytest.fixture
def story(time_passes):
    told = Story(time_passes)
    told.comes_to("resolved")
    return told


def proposed(hub, proposer, when, **values):
    """That a meetup is born from the question of the story."""
    return events.MeetupProposed(
        organization_id=hub.id, actor_id=proposer.member_id, meetup_id="mtg_01M7WN066TK6FTK703WY8C5YNK",
        host_id=proposer.member_id, title="Café", starts_at=when, ends_at=when, rsvp_closes_at=when,
        revision=0, **values,
    )  # fmt: skip


@pytest.mark.parametrize(("proposer", "other"), [("sam", "noor"), ("noor", "sam")])
def test_the_other_person_of_a_question_is_told_of_the_meetup_that_it_made(story, heard, proposer, other):
    frames, own = heard(other), heard(proposer)
    host = getattr(story, proposer)
    when = story.question.asked_at

    tell(proposed(story.hub, host, when, question_id=story.question.id))

    assert own == []
    assert [(frame["about"], frame["detail"]["question_id"]) for frame in frames] == [
        ("meetup_proposed", story.question.id)
    ]


def test_who_is_kept_apart_from_its_host_is_not_told(story, heard):
    frames = heard("noor")
    with changes() as change:
        change.update(Apart.of(story.sam.member_id), *Apart.from_too({story.noor.member_id}))

    tell(proposed(story.hub, story.sam, story.question.asked_at, question_id=story.question.id))

    assert frames == []


def test_a_meetup_out_of_the_blue_is_told_to_nobody_in_particular(story, calls):
    happened = proposed(story.hub, story.sam, story.question.asked_at)
    calls.clear()

    tidings.follow_origin(happened)

    assert calls == []


def test_everything_that_is_mailed_about_a_meetup_is_told_at_once_too():
    mailed = {kind for kind in emails.SUBSCRIPTIONS if "meetup_id" in kind.__dataclass_fields__}
    assert mailed < set(notices.SUBSCRIPTIONS)
