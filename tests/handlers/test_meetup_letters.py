"""What people are mailed about meetups: the right words to the right person, once, while they are true."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import vobject
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import events, mails, meetups, members
from chalicelib.domain.meetups import (
    cancelling,
    hosting,
    moments,
    one_click,
    revising,
    standpoints,
    telling,
)
from chalicelib.gateways import clock
from chalicelib.handlers.consumers import emails
from chalicelib.models.attendance import NoShowNote
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes
from chalicelib.models.journal import JournalEntry
from chalicelib.models.mails import MailReservation
from chalicelib.models.meetups import Meetup
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.tables import load
from tests import queues
from tests.factories import A_PLACE, a_caller, a_follower, a_meetup, an_organization, coming
from tests.faults import Crash, installed

SOON = datetime(2026, 11, 28, 14, tzinfo=UTC)
EXACT, DISTRICT = "12 rue de Marseille", "Lyon 7e"


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def hana(hub):
    return a_follower("hana", hub)


def mailbox():
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(mail.raw_data, policy=email.policy.default) for mail in sent]


def words_of(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


def calendar_of(mail):
    """What the mail tells a calendar: its method, and the event in it; None when it has none."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    (part,) = parts
    read = vobject.readOne(part.get_payload(decode=True).decode())
    assert part["Content-Type"].params["method"] == read.method.value
    return read.method.value, read.vevent


def happened(kind, member=None):
    """The last event of this kind, about this person, as its consumers hear it."""
    entries = [entry for entry in JournalEntry.scan() if entry.detail_type == kind.detail_type()]
    found = [kind.from_detail(entry.detail) for entry in sorted(entries, key=lambda entry: entry.sk)]
    about = [event for event in found if member is None or event.member_id == member.member_id]
    return about[-1]


def deliver(*told):
    assert queues.deliver("send_emails", *(queues.envelope(event) for event in told)) == []


def mailed(*told):
    """The mail that these events make, and nothing else."""
    before = len(mailbox())
    deliver(*told)
    new = mailbox()[before:]
    assert len(new) <= 1
    return new[0] if new else None


def speaks(name, language):
    member = members.require(a_caller(name))
    members.edit(
        a_caller(name), name=None, language=language, time_zone="Asia/Tokyo", version=member.version
    )  # fmt: skip


def fresh(meetup):
    (found,) = load(Meetup.key(meetup.organization_id, meetup.id))
    return found


def edited(meetup, **values):
    found = fresh(meetup)
    with changes() as change:
        change.edit(found, **values)
    return found


def told_of(meetup, member, about, **values):
    """That someone is told something of a meetup as it is now."""
    said = {
        "organization_id": meetup.organization_id, "actor_id": meetup.host_id, "meetup_id": meetup.id,
        "host_id": meetup.host_id, "member_id": member.member_id, "about": about, "occasion": f"{about}-1",
        "revision": int(fresh(meetup).revision),
    }  # fmt: skip
    return events.AttendeeTold(**{**said, **values})


# --- the letters


class Scenes:
    """How each letter comes about: whoever reads it is `noor`."""

    def __init__(self, hub, hana):
        self.hub, self.hana = hub, hana

    def _comes(self, **values):
        meetup = a_meetup(self.hana, self.hub, **values)
        return meetup, coming("noor", meetup, self.hub)

    def _waits_and_a_seat_comes_free(self, ahead):
        meetup = a_meetup(self.hana, self.hub, seats=1, ahead=ahead)
        lou = coming("lou", meetup, self.hub)
        noor = coming("noor", meetup, self.hub)
        meetups.answer(lou, self.hub.id, meetup.id, says="declined")
        return meetup, noor

    def going(self):
        _, noor = self._comes()
        return happened(events.SeatTaken, noor)

    def promoted(self):
        _, noor = self._waits_and_a_seat_comes_free(timedelta(days=3))
        return happened(events.RsvpPromoted, noor)

    def offered(self):
        _, noor = self._waits_and_a_seat_comes_free(timedelta(hours=12))
        return happened(events.SeatOffered, noor)

    def free_seat(self):
        _, noor = self._waits_and_a_seat_comes_free(timedelta(minutes=110))
        telling.of_free_seats(happened(events.SeatsAnnounced))
        return happened(events.AttendeeTold, noor)

    def answered_for(self, says="going"):
        meetup = a_meetup(self.hana, self.hub)
        noor = a_follower("noor", self.hub)
        kinds = {"going": events.SeatTaken, "interested": events.RsvpInterested}
        meetups.answer_for(self.hana, self.hub.id, meetup.id, noor.member_id, says=says)
        return happened(kinds.get(says, events.RsvpDeclined), noor)

    def removed(self):
        meetup, noor = self._comes()
        meetups.remove(
            self.hana, self.hub.id, meetup.id, noor.member_id, reason="Vous veniez avec dix personnes."
        )
        return happened(events.RsvpDeclined, noor)

    def revised(self):
        meetup, noor = self._comes()
        later = meetup.starts_at + timedelta(days=1)
        edited(
            meetup, starts_at=later, ends_at=later + timedelta(hours=2), rsvp_closes_at=later,
            revision=1, sequence=1, updated_at=clock.now(),
        )  # fmt: skip
        return told_of(meetup, noor, "revised")

    def cancelled(self):
        meetup, noor = self._comes()
        cancelling.cancel(self.hana, self.hub.id, meetup.id, reason="Le café est fermé ce jour-là.")
        telling.of_cancellation(happened(events.MeetupCancelled))
        return happened(events.AttendeeTold, noor)

    def reminder(self):
        meetup, noor = self._comes()
        return told_of(meetup, noor, "reminder_week")

    def recap(self):
        meetup, noor = self._comes()
        edited(meetup, state="recapped", recap="Douze freins réglés.")
        return told_of(meetup, noor, "recapped")


@pytest.fixture
def scenes(hub, hana):
    return Scenes(hub, hana)


LETTERS = {
    "going": ("Vous venez", "You are coming", EXACT, ("REQUEST", "ACCEPTED")),
    "promoted": ("Il y a de la place pour vous", "There is room for you", EXACT, ("REQUEST", "ACCEPTED")),
    "offered": ("De la place pour vous jusqu’au", "Room for you until", DISTRICT, None),
    "free_seat": ("Des places se libèrent", "Seats have come free", DISTRICT, None),
    "answered_for": (
        "Hana a répondu pour vous", "Hana answered for you", EXACT, ("REQUEST", "ACCEPTED"),
    ),
    "removed": (
        "On vous demande de ne pas venir", "You are asked not to come", None, ("CANCEL", "DECLINED"),
    ),
    "revised": ("Du nouveau", "Changed", EXACT, ("REQUEST", "ACCEPTED")),
    "cancelled": ("Annulée", "Cancelled", None, ("CANCEL", "ACCEPTED")),
    "reminder": ("Bientôt", "Coming up", EXACT, None),
    "recap": ("Après la rencontre", "After the meetup", None, None),
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter_says_what_when_and_where_in_its_readers_language(scenes, letter, language):
    french, english, where, calendar = LETTERS[letter]
    a_follower("noor", scenes.hub)
    speaks("noor", language)
    event = getattr(scenes, letter)()

    mail = mailed(event)

    (meetup,) = load(Meetup.key(scenes.hub.id, event.meetup_id))
    text, when = words_of(mail), moments.span(meetup.starts_at, meetup.ends_at, "Europe/Paris", language)
    assert mail["To"] == "noor@example.org"
    assert mail["Subject"].startswith(french if language == "fr" else english)
    assert mail["Content-Language"] == language
    assert " ".join(when.split()) in text
    assert "Café réglage" in text
    assert f"/v1/organizations/{scenes.hub.id}/meetups/{meetup.id}" in text
    assert (EXACT in text, DISTRICT in text) == (where == EXACT, where == DISTRICT)
    assert "/unsubscribe?" in text
    told = calendar_of(mail)
    assert (told is None) == (calendar is None)
    if told is not None:
        assert (told[0], told[1].attendee.params["PARTSTAT"]) == (calendar[0], [calendar[1]])
        assert told[1].uid.value == f"{meetup.id}@entraide.test"
        assert told[1].sequence.value == str(int(meetup.sequence))
        assert told[1].attendee.value == "mailto:noor@example.org"
        assert told[1].dtstart.value == meetup.starts_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("removed", "Vous veniez avec dix personnes."),
        ("removed", "Hana, qui s’occupe de cette rencontre"),
        ("cancelled", "Le café est fermé ce jour-là."),
        ("cancelled", "Hana vous dit pourquoi"),
        ("recap", "Douze freins réglés."),
        ("answered_for", "vous venez"),
    ],
)
def test_reasons_and_words_are_those_of_whoever_gave_them(scenes, letter, words):
    assert words in words_of(mailed(getattr(scenes, letter)()))


@pytest.mark.parametrize(
    ("says", "words"), [("interested", "vous viendrez peut-être"), ("declined", "vous ne venez pas")]
)
def test_what_a_host_said_for_someone_is_told_in_words(scenes, says, words):
    mail = mailed(scenes.answered_for(says))

    assert words in words_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("says", ["interested", "declined"])
def test_a_seat_that_a_host_gave_up_for_someone_leaves_their_calendar(hub, hana, says):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says=says)
    kind = events.RsvpInterested if says == "interested" else events.RsvpDeclined

    method, entry = calendar_of(mailed(happened(kind, noor)))

    assert (method, entry.attendee.params["PARTSTAT"]) == ("CANCEL", ["DECLINED"])


def test_what_a_host_said_against_the_line_tells_that_they_wait(hub, hana):
    meetup = a_meetup(hana, hub, seats=1)
    coming("lou", meetup, hub)
    noor = a_follower("noor", hub)
    meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says="going")

    mail = mailed(happened(events.RsvpWaitlisted, noor))

    assert "vous attendez une place" in words_of(mail)
    assert (EXACT in words_of(mail), calendar_of(mail)) == (False, None)


def test_who_answers_for_themselves_without_ever_having_a_seat_is_not_written_to(hub, hana):
    meetup = a_meetup(hana, hub, seats=1)
    coming("lou", meetup, hub)
    noor = coming("noor", meetup, hub)
    for says in ("interested", "declined"):
        meetups.answer(noor, hub.id, meetup.id, says=says)

    deliver(
        happened(events.RsvpWaitlisted, noor),
        happened(events.RsvpInterested, noor),
        happened(events.RsvpDeclined, noor),
    )

    assert mailbox() == []


@pytest.mark.parametrize(
    ("says", "words"), [("declined", "ne venez pas"), ("interested", "viendrez peut-être")]
)
def test_who_gives_their_seat_up_has_it_taken_out_of_their_calendar(hub, hana, says, words):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    meetups.answer(noor, hub.id, meetup.id, says=says)
    kind = events.RsvpInterested if says == "interested" else events.RsvpDeclined

    mail = mailed(happened(kind, noor))

    assert f"vous avez rendu votre place et {words}" in words_of(mail)
    assert "celui-ci l’en retire" in words_of(mail)
    assert calendar_of(mail)[0] == "CANCEL"


def test_a_seat_given_up_in_one_click_leaves_the_calendar_too(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    address = one_click.link_to(standpoints.look(noor.member_id, hub.id, meetup.id), "declined")
    one_click.follow_link(parse_qs(urlsplit(address).query)["token"][0])

    assert calendar_of(mailed(happened(events.RsvpDeclined, noor)))[0] == "CANCEL"


def test_who_gives_their_seat_up_and_comes_again_is_not_told_that_they_gave_it_up(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    for says in ("declined", "going"):
        meetups.answer(noor, hub.id, meetup.id, says=says)

    assert mailed(happened(events.RsvpDeclined, noor)) is None


def test_who_gave_their_seat_up_just_before_it_was_cancelled_has_it_out_of_their_calendar(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    meetups.answer(noor, hub.id, meetup.id, says="declined")
    cancelling.cancel(hana, hub.id, meetup.id, reason="Personne ne peut.")

    assert calendar_of(mailed(happened(events.RsvpDeclined, noor)))[0] == "CANCEL"


def test_an_answer_of_a_host_that_changes_a_party_alone_is_told(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub, party=2)
    meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says="going", party=1)

    assert "Hana a répondu pour vous" in mailed(happened(events.SeatTaken, noor))["Subject"]


def test_a_host_who_answers_for_someone_to_and_fro_fills_no_mailbox(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = a_follower("noor", hub)
    for says in ("going", "declined") * 5:
        meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says=says)
        deliver(happened(events.SeatTaken if says == "going" else events.RsvpDeclined, noor))

    said = [re.search(r"a répondu pour vous : (\w+ \w+)", words_of(mail))[1] for mail in mailbox()]
    assert said == ["vous venez", "vous ne", "vous venez"]  # a mistake that is put right is told, too


# --- cancelled


def cancelled(hub, meetup, *people):
    """The mails that a cancellation makes to these people."""
    telling.of_cancellation(happened(events.MeetupCancelled))
    while True:
        asked = [events.AttendeesToTell.from_detail(one.detail) for one in journal("attendees_to.tell.v1")]
        before = len(journal("attendee.told.v1"))
        for event in asked:
            telling.go_on(event)
        if len(journal("attendees_to.tell.v1")) == len(asked) and before == len(journal("attendee.told.v1")):
            break
    return [mailed(happened(events.AttendeeTold, one)) for one in people]


def journal(name):
    return [entry for entry in JournalEntry.scan() if entry.detail_type == name]


@pytest.mark.parametrize("says", ["going", "waitlisted", "interested"])
def test_whoever_is_told_of_a_cancellation_has_it_taken_out_of_their_calendar(hub, hana, says):
    meetup = a_meetup(hana, hub, seats=1)
    if says == "waitlisted":
        coming("lou", meetup, hub)
    noor = coming("noor", meetup, hub)
    if says == "interested":  # they had a seat, and a calendar that shows it
        meetups.answer(noor, hub.id, meetup.id, says="interested")
    cancelling.cancel(hana, hub.id, meetup.id, reason="Le café est fermé.")

    (mail,) = cancelled(hub, meetup, noor)

    assert "celui-ci l’en retire" in words_of(mail)
    assert calendar_of(mail)[0] == "CANCEL"


@pytest.mark.parametrize("how", ["removed", "answered for"])
def test_who_was_made_not_to_come_just_before_it_was_cancelled_hears_that_nobody_does(hub, hana, how):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    if how == "removed":
        meetups.remove(hana, hub.id, meetup.id, noor.member_id, reason="Vous veniez à dix.")
    else:
        meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says="declined")
    cancelling.cancel(hana, hub.id, meetup.id, reason="Le café est fermé.")

    mail = mailed(happened(events.RsvpDeclined, noor))

    assert mail["Subject"].startswith("Annulée")
    assert "En voici la raison : Le café est fermé." in words_of(mail)
    assert "Vous veniez à dix" not in words_of(mail)
    assert calendar_of(mail)[0] == "CANCEL"


def test_what_is_cancelled_because_its_host_is_gone_names_nobody_in_its_readers_language(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    speaks("noor", "en")
    meetups.lose(hub.id, meetup.id, hana.member_id, cause="suspended")

    (mail,) = cancelled(hub, meetup, noor)

    assert "Hana" not in str(mail)
    assert "Whoever hosted it cannot any more" in words_of(mail)
    assert "La personne" not in words_of(mail)


# --- moved


def moved(by, hub, meetup, **values):
    """Have it moved by a day, or so."""
    later = meetup.starts_at + timedelta(days=1)
    when = values or {"starts_at": later, "ends_at": later + timedelta(hours=2)}
    revising.revise(by, hub.id, meetup.id, version=fresh(meetup).version, **when)


def test_the_host_reads_that_a_co_host_moved_it_and_is_asked_nothing(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    hosting.add(hana, hub.id, meetup.id, noor.member_id)
    moved(noor, hub, meetup)
    telling.of_revision(happened(events.MeetupRevised))

    mail = mailed(happened(events.AttendeeTold, hana))

    assert "Vous l’organisez toujours" in words_of(mail)
    assert "Venez-vous" not in words_of(mail)
    assert "one-click" not in words_of(mail)
    assert calendar_of(mail)[0] == "REQUEST"
    assert not meetups.rsvp_of(hana, hub.id, meetup.id).asked_again


ASKED = {
    "going": ("Venez-vous toujours", "Je viens toujours", True),
    "waitlisted": ("Attendez-vous toujours une place", "J’attends toujours", True),
    "interested": ("Si vous vous décidez", "Je viens", False),
    "offered": ("Il y a de la place pour vous jusqu’au", "Je viens", True),
}


@pytest.mark.parametrize("state", ASKED)
def test_a_new_place_asks_each_what_they_may_answer(hub, hana, state):
    question, button, declines = ASKED[state]
    ahead = timedelta(hours=12) if state == "offered" else timedelta(days=3)
    meetup = a_meetup(hana, hub, seats=1, ahead=ahead)
    lou = coming("lou", meetup, hub) if state in ("offered", "waitlisted") else None
    noor = coming("noor", meetup, hub, says="interested" if state == "interested" else "going")
    if state == "offered":
        meetups.answer(lou, hub.id, meetup.id, says="declined")
    (rsvp,) = load(Rsvp.key(meetup.id, noor.member_id))
    assert rsvp.state == state
    edited(meetup, place={**A_PLACE, "name": "Ailleurs"}, revision=int(rsvp.revision) + 1)

    text = words_of(mailed(told_of(meetup, noor, "revised")))

    assert question in text
    assert f"{button} : https" in text
    assert ("Je viens toujours" in text) == (state == "going")
    assert ("Je ne viens pas" in text) == declines
    assert ("ira à quelqu’un d’autre" in text) == (state == "offered")


def test_a_new_place_told_once_answers_are_closed_asks_nothing(hub, hana, time_passes):
    meetup = a_meetup(hana, hub, rsvp_closes_at=clock.now() + timedelta(hours=1))
    noor = coming("noor", meetup, hub)
    edited(meetup, place={**A_PLACE, "name": "Ailleurs"}, revision=1)
    time_passes(hours=2)

    text = words_of(mailed(told_of(meetup, noor, "revised")))

    assert "Les réponses sont closes, et la vôtre reste ce qu’elle était." in text
    assert "one-click" not in text
    assert "Venez-vous" not in text


# --- theirs to look after


@pytest.mark.parametrize("lost", [True, False])
def test_a_new_host_reads_that_it_is_theirs_whatever_brought_it_about(hub, hana, lost):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    hosting.add(hana, hub.id, meetup.id, noor.member_id)
    mails.choose(noor, hub.id, wanted=False)
    if lost:
        meetups.lose(hub.id, meetup.id, hana.member_id, cause="suspended")
    else:
        hosting.hand_over(hana, hub.id, meetup.id, noor.member_id)

    mail = mailed(happened(events.AttendeeTold, noor))

    assert mail["Subject"].startswith("Vous l’organisez maintenant")
    assert ("Hana vous confie cette rencontre" in words_of(mail)) is not lost
    assert ("Hana" in str(mail)) is not lost
    assert EXACT in words_of(mail)
    assert (calendar_of(mail)[0], calendar_of(mail)[1].sequence.value) == ("REQUEST", "0")


def test_a_co_host_reads_once_that_they_look_after_it(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    hosting.add(hana, hub.id, meetup.id, noor.member_id)

    mail = mailed(happened(events.AttendeeTold, noor))
    assert mail["Subject"].startswith("Vous vous en occupez aussi")
    assert "Hana vous confie une part de cette rencontre" in words_of(mail)

    hosting.remove(hana, hub.id, meetup.id, noor.member_id)
    hosting.add(hana, hub.id, meetup.id, noor.member_id)
    assert mailed(happened(events.AttendeeTold, noor)) is None


def test_who_looks_after_it_no_more_when_the_mail_is_made_does_not_read_that_they_do(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    hosting.add(hana, hub.id, meetup.id, noor.member_id)
    hosting.remove(hana, hub.id, meetup.id, noor.member_id)

    assert mailed(happened(events.AttendeeTold, noor)) is None


@pytest.mark.parametrize("cause", ["suspended", "unfollowed", "erased"])
def test_who_lost_their_seat_for_another_cause_is_not_written_to_about_it(hub, hana, cause):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    meetups.lose(hub.id, meetup.id, noor.member_id, cause=cause)

    assert mailed(happened(events.RsvpDeclined, noor)) is None


def test_whose_leaving_freed_a_seat_is_told_to_nobody(scenes):
    for scene in (scenes.promoted, scenes.offered):
        assert "Lou" not in str(mailed(scene()))


def test_a_party_reads_how_many_seats_it_has(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub, party=2)

    assert "vous venez à 2" in words_of(mailed(happened(events.SeatTaken, noor)))


def test_a_meetup_online_gives_its_link_to_those_who_come_only(hub, hana):
    meetup = a_meetup(hana, hub, seats=1, place=None, online_url="https://visio.example.org/cafe")
    lou = coming("lou", meetup, hub)
    noor = coming("noor", meetup, hub)
    going = mailed(happened(events.SeatTaken, lou))
    meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says="interested")

    interested = mailed(happened(events.RsvpInterested, noor))

    assert "https://visio.example.org/cafe" in words_of(going)
    assert "visio.example.org" not in str(interested)
    assert "En ligne" in words_of(interested)


@pytest.mark.parametrize(
    "title", ["x\r\nBcc: a@evil.example", "<script>alert(1)</script>", "=?utf-8?q?x?=", "BEGIN:VEVENT\\n"]
)
def test_nothing_in_a_title_adds_to_a_mail_or_to_a_calendar(hub, hana, title):
    meetup = a_meetup(hana, hub, title=title, about=title, place={**A_PLACE, "name": title})
    noor = coming("noor", meetup, hub)

    mail = mailed(happened(events.SeatTaken, noor))

    assert (mail["Bcc"], mail["To"]) == (None, "noor@example.org")
    assert "<script>" not in mail.get_body(("html",)).get_content()
    (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    lines = calendar.get_payload(decode=True).decode().split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 1
    assert not [line for line in lines if line.startswith("Bcc")]


@pytest.mark.parametrize(
    ("before", "subject"),
    [
        ({"hours": 1}, "Tout à l’heure"),
        ({"hours": 6}, "Aujourd’hui"),
        ({"hours": 21}, "Demain"),
        ({"days": 6, "hours": 23}, "Bientôt"),
    ],
)
def test_a_reminder_counts_days_as_people_do_however_late_it_comes(hub, hana, monkeypatch, before, subject):
    meetup = a_meetup(hana, hub, starts_at=SOON)
    noor = coming("noor", meetup, hub)
    now = SOON - timedelta(**before)
    monkeypatch.setattr(clock, "now", lambda: now)

    assert mailed(told_of(meetup, noor, "reminder_week"))["Subject"].startswith(subject)


# --- once, and while it is true


@pytest.mark.parametrize("letter", LETTERS)
def test_the_same_news_twice_is_mailed_once(scenes, letter):
    event = getattr(scenes, letter)()

    assert mailed(event, event) is not None
    assert mailed(event) is None


def test_two_tellings_of_one_occasion_are_one_mail_under_one_message_id(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    once, again = (told_of(meetup, noor, "reminder_day") for _ in range(2))
    assert once.id != again.id

    mail = mailed(once, again)

    assert re.fullmatch(
        rf"<meetup-reminder\.{meetup.id.replace('_', '-')}-[\w-]+@entraide\.test>", mail["Message-ID"]
    )


def test_each_person_and_each_occasion_has_a_mail_of_its_own(hub, hana):
    meetup = a_meetup(hana, hub)
    people = [coming(name, meetup, hub) for name in ("noor", "lou")]
    told = [
        told_of(meetup, one, f"reminder_{when}", occasion=f"reminder_{when}-0")
        for one in people
        for when in ("week", "day")
    ]

    deliver(*told)

    assert len(mailbox()) == len({mail["Message-ID"] for mail in mailbox()}) == 4


def skipped(event):
    """Why the last mail about this was not sent."""
    reservations = [
        one
        for one in MailReservation.query(f"MEMBER#{event.member_id}#MAILS")
        if isinstance(one, MailReservation)
    ]
    return [one.reason for one in reservations if one.state == "skipped"]


def _decline(scenes, event):
    meetups.answer(a_caller("noor"), scenes.hub.id, event.meetup_id, says="declined")


def _cancel(scenes, event):
    cancelling.cancel(scenes.hana, scenes.hub.id, event.meetup_id, reason="Personne ne peut.")


def _revise(scenes, event):
    (meetup,) = load(Meetup.key(scenes.hub.id, event.meetup_id))
    edited(meetup, revision=int(meetup.revision) + 1)


def _confirm(scenes, event):
    meetups.answer(a_caller("noor"), scenes.hub.id, event.meetup_id, says="going")


def _remove(scenes, event):
    noor = a_caller("noor")
    meetups.remove(
        scenes.hana, scenes.hub.id, event.meetup_id, noor.member_id, reason="Nous serons trop nombreux."
    )


@pytest.mark.parametrize(
    ("letter", "meanwhile"),
    [
        ("going", _decline),
        ("going", _cancel),
        ("promoted", _decline),
        ("promoted", _remove),
        ("offered", _decline),
        ("offered", _confirm),
        ("answered_for", _decline),
        ("revised", _revise),
        ("revised", _confirm),
        ("revised", _decline),
        ("revised", _cancel),
        ("reminder", _cancel),
        ("reminder", _revise),
        ("reminder", _decline),
        ("free_seat", _confirm),
        ("free_seat", _cancel),
    ],
)
def test_what_is_so_no_more_is_not_mailed(scenes, letter, meanwhile):
    event = getattr(scenes, letter)()
    meanwhile(scenes, event)

    assert mailed(event) is None
    assert skipped(event) == ["over"]


def test_an_offer_that_is_over_is_not_mailed(scenes, time_passes):
    event = scenes.offered()
    time_passes(hours=7)

    assert mailed(event) is None


def test_who_hosts_a_meetup_is_not_told_what_they_did_themselves(hub, hana):
    meetup = a_meetup(hana, hub)
    edited(meetup, revision=1)
    revised = told_of(meetup, hana, "revised")
    cancelling.cancel(hana, hub.id, meetup.id, reason="Personne ne peut.")

    assert mailed(revised, told_of(meetup, hana, "cancelled")) is None


def test_the_host_is_reminded_too_without_a_way_to_decline(hub, hana):
    meetup = a_meetup(hana, hub)

    mail = mailed(told_of(meetup, hana, "reminder_day"))

    assert "one-click" not in words_of(mail)


def test_a_mail_that_breaks_on_its_way_is_sent_after_all(scenes, time_passes):
    event = scenes.promoted()

    with installed() as injector:
        injector.fail("SendEmail", "crash-before")
        with pytest.raises(Crash):
            deliver(event)
    time_passes(minutes=3)

    assert mailed(event) is not None


# --- whom


@pytest.mark.parametrize("letter", LETTERS)
def test_who_stopped_mails_still_hears_what_others_decided_about_their_plans(scenes, letter):
    event = getattr(scenes, letter)()
    mails.choose(a_caller("noor"), scenes.hub.id, wanted=False)

    mail = mailed(event)

    if letter in ("going", "free_seat", "reminder", "recap"):
        assert mail is None
        assert skipped(event) == ["unsubscribed"]
    else:
        assert "quels que soient les e-mails que vous acceptez" in words_of(mail)


def test_nobody_is_written_to_at_an_address_that_is_only_claimed(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = a_caller("noor", email_verified="false")
    members.require(noor)
    coming("noor", meetup, hub)

    assert mailed(happened(events.SeatTaken, noor)) is None


def parted(one, other):
    with changes() as change:
        change.update(Apart.of(one.member_id), *Apart.from_too({other.member_id}))


def test_who_is_kept_apart_from_a_host_hears_of_their_meetup_until_they_leave_and_not_after(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    reminders = [told_of(meetup, noor, about) for about in ("reminder_week", "reminder_day")]
    parted(noor, hana)

    assert mailed(reminders[0]) is not None

    meetups.answer(noor, hub.id, meetup.id, says="declined")
    assert calendar_of(mailed(happened(events.RsvpDeclined, noor)))[0] == "CANCEL"
    assert mailed(reminders[1]) is None


def test_a_letter_takes_few_calls(scenes, calls):
    event = scenes.promoted()
    calls.clear()

    deliver(event)

    # reserved, read, sent, confirmed
    assert calls.count("dynamodb.BatchGetItem") == 2
    assert len(calls) == 5


def test_every_event_that_is_written_about_has_its_reader():
    told = [kind for kind, writer in emails.SUBSCRIPTIONS.items() if writer.__name__ == "_write_about_meetup"]

    assert len(told) == 7
    assert all("member_id" in kind.__dataclass_fields__ for kind in told)


# --- a time as people tell it


@pytest.mark.parametrize(
    ("starts", "hours", "zone", "french", "english"),
    [
        (
            datetime(2026, 11, 28, 15, tzinfo=ZoneInfo("Europe/Paris")), 2.5, "Europe/Paris",
            "samedi 28 novembre 2026, de 15 h à 17 h 30 (Europe/Paris)",
            "Saturday 28 November 2026, 15:00 to 17:30 (Europe/Paris)",
        ),
        (
            datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 2, "Europe/Paris",
            "dimanche 28 mars 2027, de 1 h 30 à 4 h 30 (Europe/Paris)",
            "Sunday 28 March 2027, 01:30 to 04:30 (Europe/Paris)",
        ),
        (
            datetime(2027, 8, 1, 13, 5, tzinfo=UTC), 12, "America/Montreal",
            "dimanche 1er août 2027, de 9 h 05 à 21 h 05 (America/Montreal)",
            "Sunday 1 August 2027, 09:05 to 21:05 (America/Montreal)",
        ),
        (
            datetime(2026, 12, 31, 21, tzinfo=UTC), 3, "Europe/Paris",
            "jeudi 31 décembre 2026 à 22 h, jusqu’au vendredi 1er janvier 2027 à 1 h (Europe/Paris)",
            "Thursday 31 December 2026, 22:00, to Friday 1 January 2027, 01:00 (Europe/Paris)",
        ),
    ],
)  # fmt: skip
def test_a_time_is_told_on_the_clocks_of_its_place(starts, hours, zone, french, english):
    ends = starts.astimezone(UTC) + timedelta(hours=hours)

    told = {language: moments.span(starts, ends, zone, language) for language in ("fr", "en", "de")}

    assert told["fr"].replace("\u00a0", " ") == french
    assert told["en"] == told["de"] == english


@pytest.mark.parametrize("noted", [False, True])
def test_what_was_is_not_mailed_to_who_did_not_come_and_who_was_mailed_is_soon_forgotten(hub, hana, noted):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    (rsvp,) = load(Rsvp.key(meetup.id, noor.member_id))
    edited(meetup, state="recapped", recap="Douze freins réglés.")
    if noted:
        with changes() as change:
            change.create(NoShowNote.about(rsvp, "nsh_1", until=clock.now() + timedelta(days=90)))

    mail = mailed(told_of(meetup, noor, "recapped"))

    assert (mail is None) == noted
    (kept,) = [one for one in MailReservation.scan() if "meetup_recap" in one.sk]
    assert kept.state == ("skipped" if noted else "sent")
    lasts = datetime.fromtimestamp(kept.expires_at, UTC) - clock.now()
    assert timedelta(days=59) < lasts <= timedelta(days=60)
