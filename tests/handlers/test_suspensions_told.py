"""What follows a suspension: sockets close, questions return to the queue, the reasons are mailed."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import conversations, events, helping, mails, members, moderation, questions, salons
from chalicelib.domain.live import connections, presence
from chalicelib.gateways import clock
from chalicelib.models.journal import JournalEntry
from chalicelib.models.mails import MailReservation
from chalicelib.models.members import Member
from chalicelib.models.suspensions import SOCKET
from chalicelib.models.tables import load
from chalicelib.models.volunteers import VolunteerPresence
from chalicelib.pages import Page
from tests import faults, queues
from tests.factories import a_caller, a_follower, a_message, a_salon, a_volunteer, an_organization
from tests.questions import Story, in_hand, must_add_up
from tests.sockets import Sockets
from tests.streams import MessageStream

WHY = {"rule": "harassment", "facts": "Douze messages d’insultes <b>à la même</b> personne."}
MONA = a_caller("mona", scopes=["moderation"])


def suspend(hub, name, **until):
    ends = clock.now() + timedelta(**(until or {"days": 7}))
    return moderation.suspend(MONA, hub.id, a_caller(name).member_id, until=ends, **WHY)


def lift(suspension):
    moderation.lift(MONA, suspension.organization_id, suspension.member_id, suspension.id)


def told(kind=events.MemberSuspended):
    """The last event of this kind, as its consumers hear it."""
    entries = [entry for entry in JournalEntry.scan() if entry.detail_type == kind.detail_type()]
    return queues.envelope(kind.from_detail(max(entries, key=lambda entry: entry.sk).detail))


@pytest.fixture
def sockets(monkeypatch):
    return Sockets(monkeypatch)


@pytest.fixture
def story(time_passes):
    members.require(MONA)
    return Story(time_passes)


@pytest.fixture
def hub(story):
    return story.hub


@pytest.fixture
def atelier(hub):
    return a_salon(hub)


def listening(sockets, name, hub, connection_id=None, **where):
    socket = sockets.opened_by(name, connection_id)
    assert socket.say(kind="subscribe", organization_id=hub.id, **where)["kind"] == "ack"
    socket.heard.clear()
    return socket


# --- over the socket


def test_words_typing_and_listening_are_refused_on_the_same_socket(sockets, hub, story, atelier):
    story.comes_to("in_progress")
    noor = sockets.opened_by("noor")
    there, cnv = {"organization_id": hub.id}, story.question.conversation_id
    running = suspend(hub, "noor")
    frames = [
        {"kind": "say", "salon_id": atelier.id, "client_message_id": "1", "text": "Encore moi"},
        {"kind": "say", "conversation_id": cnv, "client_message_id": "2", "text": "Et ici"},
        {"kind": "typing", "conversation_id": cnv},
        {"kind": "subscribe", "salon_id": atelier.id},
        {"kind": "subscribe", "conversation_id": cnv},
        {"kind": "resume", "salon_id": atelier.id, "after_seq": 0},
        {"kind": "resume", "conversation_id": cnv, "after_seq": 0},
    ]

    answers = [noor.say(**there, **frame) for frame in frames]

    assert {(answer["kind"], answer["code"]) for answer in answers} == {("refused", "suspended")}
    assert {answer["statement_id"] for answer in answers} == {running.statement_id}


def test_elsewhere_the_socket_says_and_hears_as_before(sockets, hub, atelier):
    other = an_organization("ailleurs")
    a_follower("noor", other)
    room = a_salon(other)
    suspend(hub, "noor")
    noor = sockets.opened_by("noor")
    there = {"organization_id": other.id, "salon_id": room.id}

    assert noor.say(kind="subscribe", **there)["kind"] == "ack"
    assert noor.say(kind="say", client_message_id="1", text="Bonjour", **there)["kind"] == "ack"


def test_the_next_delivery_passes_over_someone_suspended_though_nothing_closed_their_socket_yet(
    sockets, hub, atelier
):
    stream = MessageStream()
    noor = listening(sockets, "noor", hub, salon_id=atelier.id)
    lou = listening(sockets, "lou", hub, salon_id=atelier.id)
    suspend(hub, "noor")
    said = a_message(a_follower("lea", hub), atelier)
    stream.flow()
    moderation.hide(MONA, hub.id, atelier.id, said.id, **WHY)

    stream.flow()

    assert noor.heard == []
    assert [frame["kind"] for frame in lou.heard] == ["message", "hidden"]


def test_the_next_words_of_a_conversation_pass_over_a_suspended_companion(sockets, hub, story):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)
    questions.come(story.lea, *story.this)
    stream, cnv = MessageStream(), story.question.conversation_id
    lea = listening(sockets, "lea", hub, conversation_id=cnv)
    sam = listening(sockets, "sam", hub, conversation_id=cnv)
    suspend(hub, "lea")
    story.says(story.noor)

    stream.flow()

    assert (lea.heard, [frame["kind"] for frame in sam.heard]) == ([], ["said"])


def test_who_listens_to_a_shared_salon_through_another_organization_goes_on_hearing(sockets, hub, atelier):
    other = an_organization("ailleurs")
    for name in ("noor", "lou"):
        a_follower(name, other)
    salons.offer(a_caller("claire"), hub.id, atelier.id, offered_to=other.id)
    salons.accept(a_caller("claire"), other.id, atelier.id)
    stream = MessageStream()
    through = listening(sockets, "noor", other, "noor-by-there", salon_id=atelier.id)
    here = listening(sockets, "lou", hub, "lou-by-here", salon_id=atelier.id)
    there = listening(sockets, "lou", other, "lou-by-there", salon_id=atelier.id)
    a_follower("lou", hub)
    suspend(hub, "noor")
    suspend(other, "lou")

    a_message(a_follower("lea", hub), atelier)
    stream.flow()

    assert len(through.heard) == len(here.heard) == 1
    assert there.heard == []


@pytest.mark.parametrize("hours", [0, 1, 2])
def test_as_long_as_a_socket_may_be_open_deliveries_pass_over_it(sockets, hub, atelier, time_passes, hours):
    assert timedelta(seconds=SOCKET) == connections.LASTS
    stream = MessageStream()
    noor = listening(sockets, "noor", hub, salon_id=atelier.id)
    suspend(hub, "noor")
    time_passes(hours=hours, minutes=14)
    a_message(a_caller("lea"), atelier)

    stream.flow()

    assert noor.heard == []


@pytest.mark.parametrize("ends", ["lifted", "over"])
def test_who_may_speak_again_hears_again(sockets, hub, atelier, time_passes, ends):
    stream, running = MessageStream(), suspend(hub, "noor", minutes=5)
    if ends == "lifted":
        lift(running)
    else:
        time_passes(minutes=5)
    noor = listening(sockets, "noor", hub, salon_id=atelier.id)
    a_message(a_caller("lea"), atelier)

    stream.flow()

    assert len(noor.heard) == 1


def test_a_delivery_reads_no_more_often_for_it(sockets, hub, atelier, calls):
    stream = MessageStream()
    listening(sockets, "noor", hub, salon_id=atelier.id)
    a_message(a_caller("lea"), atelier)
    stream.flow()
    suspend(hub, "noor")
    a_message(a_caller("lea"), atelier)
    calls.clear()

    stream.flow()

    assert calls.count("dynamodb.BatchGetItem") == 1


def test_sockets_opened_before_are_closed_and_one_opened_since_stays(sockets, hub, atelier, time_passes):
    listening(sockets, "noor", hub, "before", salon_id=atelier.id)
    time_passes(seconds=2)
    suspend(hub, "noor")
    happened = told()
    time_passes(seconds=2)
    since = sockets.opened_by("noor", "since")

    assert queues.deliver("give_notice", happened, happened) == []

    assert sockets.closed == ["before"]
    assert since.say(kind="ping")["kind"] == "pong"


def test_a_volunteer_is_no_longer_there_once_suspended(sockets, hub):
    lea = a_volunteer("lea", hub)
    presence.renew(lea.member_id, "elsewhere", state="active")
    suspend(hub, "lea")

    queues.deliver("give_notice", told())

    assert VolunteerPresence.active_in(hub.id, at=clock.now(), most=10) == []
    assert helping.availability(hub.id).available == 0


def test_news_of_a_suspension_that_was_lifted_meanwhile_changes_nothing(sockets, hub, story, atelier):
    story.comes_to("in_progress")
    noor = listening(sockets, "noor", hub, salon_id=atelier.id)
    lift(suspend(hub, "noor"))
    happened = told()

    assert queues.deliver("give_notice", happened) == queues.deliver("set_deadlines", happened) == []

    assert sockets.closed == []
    assert noor.say(kind="ping")["kind"] == "pong"
    assert (story.state, story.question.helper_id) == ("in_progress", story.noor.member_id)


def test_someone_is_told_at_once_that_their_suspension_was_lifted(sockets, hub):
    running = suspend(hub, "noor")
    noor = sockets.opened_by("noor")
    noor.say(kind="subscribe", notifications=True)
    lift(running)

    queues.deliver("give_notice", told(events.SuspensionLifted))

    assert (noor.heard[-1]["about"], noor.heard[-1]["detail"]["organization_id"]) == (
        "suspension_lifted", hub.id,
    )  # fmt: skip


# --- what they had in hand


@pytest.mark.parametrize("state", ["claimed", "in_progress", "handing_over"])
def test_what_a_suspended_helper_had_in_hand_returns_to_its_place_with_all_that_was_said(
    story, hub, announced, state
):
    story.comes_to(state)
    asked_at, said = story.question.asked_at, int(story.question.seq)
    suspend(hub, "noor")
    happened = told()

    assert queues.deliver("set_deadlines", happened, happened) == []

    question = story.question
    assert (question.state, question.helper_id, question.asked_at) == ("open", None, asked_at)
    assert len(conversations.page_of(story.sam, *story.this, Page(10)).items) == said
    assert in_hand(hub.id, story.noor.member_id) == 0
    assert announced().count("question.returned.v1") == 1
    must_add_up(hub.id)


def test_a_suspended_companion_leaves_and_a_hand_over_waits_for_them_no_more(story, hub):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)
    questions.come(story.lea, *story.this)
    kim = a_follower("kim", hub)
    questions.propose(story.noor, *story.this, to=kim.member_id, note="Disque dégraissé.")
    suspend(hub, "lea")
    queues.deliver("set_deadlines", told())
    suspend(hub, "kim")

    queues.deliver("set_deadlines", told())

    assert not story.question.invited.get(story.lea.member_id)
    assert (story.state, story.question.helper_id) == ("in_progress", story.noor.member_id)


def test_what_someone_suspended_asked_stays_asked(story, hub):
    suspend(hub, "sam")

    queues.deliver("set_deadlines", told())

    assert story.state == "open"
    story.claimed()
    story.begun()
    assert len(conversations.page_of(story.sam, *story.this, Page(10)).items) == 1


def test_whoever_asked_is_told_that_their_helper_is_gone(sockets, story, hub):
    story.comes_to("in_progress")
    sam = sockets.opened_by("sam")
    sam.say(kind="subscribe", notifications=True)
    suspend(hub, "noor")
    queues.deliver("set_deadlines", told())

    queues.deliver("give_notice", told(events.QuestionReturned))

    assert (sam.heard[-1]["about"], sam.heard[-1]["detail"]["reason"]) == ("question_returned", "helper_gone")


@pytest.mark.parametrize("state", ["answered", "resolved", "closed_unconfirmed"])
def test_what_a_suspended_helper_had_answered_stays_answered(story, hub, state):
    story.comes_to(state)
    suspend(hub, "noor")

    queues.deliver("set_deadlines", told())

    assert (story.state, story.question.helper_id) == (state, story.noor.member_id)


def test_what_is_in_hand_in_another_organization_stays_there(story, hub):
    story.comes_to("in_progress")
    other = an_organization("ailleurs")
    a_follower("noor", other)
    suspend(other, "noor")

    queues.deliver("set_deadlines", told())

    assert story.state == "in_progress"


# --- the letter


def mailbox():
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(mail.raw_data, policy=email.policy.default) for mail in sent]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "faites appel de l’exposé"), ("en", "appeal against statement")]
)
def test_the_reasons_are_mailed_once_with_the_end_and_the_way_to_appeal(hub, language, words):
    noor = members.require(a_caller("noor"))
    members.edit(a_caller("noor"), name=None, language=language, time_zone="Asia/Tokyo", version=noor.version)
    running = suspend(hub, "noor")
    happened = told()

    assert queues.deliver("send_emails", happened, happened) == []

    (mail,) = mailbox()
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    assert mail["To"] == "noor@example.org"
    assert mail["Message-ID"] == f"<suspension.{running.id}@entraide.test>"
    assert words in text
    assert running.statement_id in text
    assert WHY["facts"] in text
    assert "<b>" not in mail.get_body(("html",)).get_content()
    assert "Asia/Tokyo" in text
    assert "Mona" not in str(mail)


def test_a_decision_reaches_also_those_who_stopped_the_other_mails(hub):
    members.require(a_caller("noor"))
    mails.choose(a_caller("noor"), hub.id, wanted=False)
    suspend(hub, "noor")

    queues.deliver("send_emails", told())

    assert len(mailbox()) == 1


def kept(suspension):
    mail = f"suspension@1#{suspension.id}"
    (reservation,) = load(MailReservation.key(suspension.member_id, suspension.organization_id, mail))
    return reservation.state, reservation.reason


def test_no_letter_is_sent_once_it_is_lifted_or_where_no_address_is_known_to_be_theirs(hub):
    lifted = suspend(hub, "noor")
    lift(lifted)
    queues.deliver("send_emails", told())
    assert kept(lifted) == ("skipped", "over")
    (noor,) = load(Member.key(a_caller("noor").member_id))
    noor.update(actions=[Member.email_verified.set(False)])
    running = suspend(hub, "noor")

    queues.deliver("send_emails", told())

    assert kept(running) == ("skipped", "no_verified_address")
    assert mailbox() == []


def test_a_suspension_that_is_already_over_is_still_written_about(hub, time_passes):
    suspend(hub, "noor", minutes=5)
    happened = told()
    time_passes(hours=1)

    queues.deliver("send_emails", happened)

    assert len(mailbox()) == 1


def test_a_letter_that_breaks_on_its_way_is_sent_once(hub, time_passes):
    suspend(hub, "noor")
    happened = told()
    with faults.installed() as injector, pytest.raises(faults.Crash):
        injector.fail("SendEmail", "crash-before")
        queues.deliver("send_emails", happened)
    assert queues.deliver("send_emails", happened) == [0]  # someone may be at it
    time_passes(minutes=3)

    assert queues.deliver("send_emails", happened, happened) == []

    assert len(mailbox()) == 1
