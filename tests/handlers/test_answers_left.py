"""A helper speaks and whoever asked has left: what was said is mailed, once each time that they are away."""

from __future__ import annotations

import re
from html import unescape

import pytest

from chalicelib.domain import absences, conversations, events, guests, mails, questions
from chalicelib.domain.live import presence, rooms
from chalicelib.gateways import clock, deliveries, ids, links
from chalicelib.models.blocks import Block
from chalicelib.models.changes import changes
from chalicelib.models.guests import Guest
from chalicelib.models.live import Connection
from chalicelib.models.mails import MailReservation
from chalicelib.models.members import Member
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from tests import hosts, queues
from tests.factories import a_caller, a_follower, an_organization
from tests.faults import Crash, installed
from tests.questions import TEXT
from tests.roads import Road, announced, html_of, mailbox, text_of

PAGE = {"title": "Freins", "url": f"{hosts.SITE}/freins?page=2"}


class Scene:
    """Zoé asked as a guest and went; Noor answers."""

    def __init__(self, road, time_passes):
        self.road, self.time_passes, self.said = road, time_passes, 0
        self.hub = an_organization()
        hosts.a_widget(self.hub, allowed_query_parameters=["page"])
        self.noor = a_follower("noor", self.hub)
        self.zoe = hosts.as_caller(hosts.proven(self.hub, "zoe@example.org"))
        self.id = self.asked_by(self.zoe)

    @property
    def this(self):
        return self.hub.id, self.id

    @property
    def question(self):
        return load(Question.key(*self.this))[0]

    def asked_by(self, caller, *, page=PAGE):
        self.id = questions.ask(caller, self.hub.id, text=TEXT, topics=["freins"], page=page).id
        questions.claim(self.noor, *self.this)
        return self.id

    def says(self, who, text="Dégraissez le disque."):
        self.said += 1
        return conversations.post(who, *self.this, client_message_id=f"key-{self.said}", text=text)

    def goes_on(self, **time):
        self.time_passes(**(time or {"seconds": 121}))
        self.road.runs()

    def is_there(self, person_id):
        presence.renew(person_id, "a tab", state="active")

    def listens(self, how="listen"):
        Connection.of("tab", member_id=self.zoe.member_id, until=clock.now(), guest_of=self.hub.id).save()
        connection, talk = Connection.find("tab"), self.question.conversation_id
        if how == "listen":
            rooms.listen_to_conversation(connection, self.hub.id, talk)
        else:
            rooms.resume_conversation(connection, self.hub.id, talk, 0)


@pytest.fixture
def scene(monkeypatch, time_passes):
    monkeypatch.setattr(deliveries, "send", lambda bodies, delay=0: None)  # nobody listens here
    return Scene(Road(monkeypatch), time_passes)


def test_what_was_said_once_the_asker_had_left_is_mailed_once_however_often_anything_is_delivered(scene):
    scene.says(scene.noor)
    scene.goes_on()
    scene.goes_on()
    scene.goes_on(hours=3)

    (mail,) = mailbox()
    assert mail["To"] == "zoe@example.org"
    assert mail["Message-ID"] == f"<answer-left.{scene.id}.1@entraide.test>"
    assert mail["Subject"] == "Une réponse à votre question à Cyclofil"
    for part in (text_of(mail), html_of(mail)):
        assert "Dégraissez le disque." in part
        assert "Noor" in part
    assert TEXT.partition(":")[0].strip() in text_of(mail)


def test_the_letter_is_in_the_language_of_the_question(scene):
    scene.id = questions.ask(
        scene.zoe, scene.hub.id, text="My brakes squeal.", topics=["freins"], language="en"
    ).id
    with changes() as change:  # hands are free for one more
        change.edit(scene.question, state="in_progress", helper_id=scene.noor.member_id)
    scene.says(scene.noor, "Clean the disc.")

    scene.goes_on()

    (mail,) = mailbox()
    assert mail["Subject"] == "An answer to your question to Cyclofil"
    assert "for 7 days" in text_of(mail)


def test_nothing_is_mailed_within_two_minutes(scene):
    scene.says(scene.noor)
    scene.goes_on(seconds=110)

    assert mailbox() == []
    assert not scene.question.unseen_mailed


def test_who_is_there_is_not_written_to(scene):
    scene.says(scene.noor)
    scene.time_passes(seconds=100)
    scene.is_there(scene.zoe.member_id)
    scene.goes_on(seconds=60)

    assert mailbox() == []
    assert scene.question.unseen_from == 0
    assert announced(events.AnswerLeft) == []


def test_a_tab_that_is_open_and_idle_is_nobody_who_reads(scene):
    presence.renew(scene.zoe.member_id, "a tab", state="active")
    scene.says(scene.noor)
    scene.goes_on(seconds=130)

    assert len(mailbox()) == 1


def test_a_guest_who_became_a_member_is_there_as_either(scene):
    zoe = a_follower("zoe", scene.hub)
    guests.adopt(zoe, scene.zoe)
    scene.says(scene.noor)
    scene.time_passes(seconds=100)
    scene.is_there(zoe.member_id)
    scene.goes_on(seconds=60)

    assert mailbox() == []


@pytest.mark.parametrize("how", ["they speak", "listen", "resume", "the link"])
def test_who_came_back_in_time_is_not_written_to_and_who_leaves_again_is(scene, how):
    back = {
        "they speak": lambda: scene.says(scene.zoe, "Merci, et ensuite ?"),
        "listen": lambda: scene.listens("listen"),
        "resume": lambda: scene.listens("resume"),
        "the link": lambda: hosts.back(scene.hub, scene.zoe, scene.id),
    }[how]
    scene.says(scene.noor)
    back()
    scene.goes_on(minutes=5)
    assert mailbox() == []

    scene.says(scene.noor, "Serrez le câble.")
    scene.goes_on()

    (mail,) = mailbox()
    assert "Serrez le câble." in text_of(mail)
    assert "Dégraissez" not in text_of(mail)


def test_each_absence_has_one_mail(scene):
    scene.says(scene.noor, "Un.")
    scene.goes_on()
    scene.says(scene.noor, "Deux.")
    scene.goes_on()
    scene.says(scene.zoe, "Merci.")
    scene.says(scene.noor, "Trois.")
    scene.goes_on()

    first, second = mailbox()
    assert "Un." in text_of(first)
    assert "Trois." in text_of(second)
    assert not {"Un.", "Deux.", "Merci."} & set(text_of(second).split("\n"))


def test_what_is_said_meanwhile_is_in_the_one_mail_in_its_order(scene):
    for text in ("Un.", "Deux.", "Trois."):
        scene.says(scene.noor, text)
        scene.time_passes(seconds=30)
    scene.goes_on(seconds=40)

    (mail,) = mailbox()
    assert re.findall("Un|Deux|Trois", text_of(mail)) == ["Un", "Deux", "Trois"]


def test_of_many_words_the_last_are_mailed_and_of_long_ones_the_beginning(scene):
    for number in range(8):
        scene.says(scene.noor, f"Étape {number} " + "x" * 1200)
    scene.goes_on()

    (mail,) = mailbox()
    assert re.findall(r"Étape (\d)", text_of(mail)) == list("34567")
    assert max(len(word) for word in text_of(mail).split()) < 1000


def test_the_words_of_two_helpers_come_under_both_names(scene):
    lea = a_follower("lea", scene.hub)
    scene.says(scene.noor, "Je passe la main.")
    questions.propose(scene.noor, *scene.this, note="Disque dégraissé, reste le câble.", to=lea.member_id)
    questions.accept(lea, *scene.this)
    scene.says(lea, "Je prends la suite.")
    scene.goes_on()

    (mail,) = mailbox()
    assert "Noor, Lea" in text_of(mail)
    assert "Disque dégraissé" not in text_of(mail)


def test_nothing_is_sent_to_an_address_that_is_not_proven_and_it_is_remembered_why(scene):
    questions.release(scene.noor, *scene.this)
    scene.asked_by(hosts.a_guest(scene.hub))
    scene.says(scene.noor)
    scene.goes_on()

    assert mailbox() == []
    assert _outcome(scene) == ("skipped", "no_verified_address")


def _outcome(scene):
    question = scene.question
    mail = f"answer-left@1#{question.id}#{question.unseen_from}"
    (held,) = load(MailReservation.key(question.asker_id, scene.hub.id, mail))
    return held.state, held.reason


def test_who_unsubscribed_is_not_written_to(scene):
    scene.says(scene.noor)
    scene.goes_on()
    (first,) = mailbox()
    mails.unsubscribe(re.search(r"token=(\S+)", text_of(first))[1])
    scene.says(scene.zoe, "Merci, et ensuite ?")
    scene.says(scene.noor, "Serrez le câble.")
    scene.goes_on()

    assert len(mailbox()) == 1
    assert _outcome(scene) == ("skipped", "unsubscribed")


def test_a_mailbox_that_another_guests_letter_was_unsubscribed_from_is_not_written_to(scene):
    other = mails.reader_of(ids.new("gst"), "zoe@example.org", scene.hub.id)
    mails.unsubscribe(links.unsubscribe(other, scene.hub.id).partition("token=")[2])
    scene.says(scene.noor)
    scene.goes_on()

    assert mailbox() == []
    assert _outcome(scene) == ("skipped", "unsubscribed")


def test_an_address_that_no_mail_can_reach_is_remembered_as_such(scene):
    (guest,) = load(Guest.key(scene.hub.id, scene.zoe.member_id))
    with changes() as change:
        change.edit(guest, email="zoe@exa mple.org")
    scene.says(scene.noor)
    scene.goes_on()

    assert mailbox() == []
    assert _outcome(scene) == ("skipped", "unmailable_address")


def test_nobody_reads_in_a_mail_whom_they_never_want_to_meet_again(scene):
    scene.says(scene.noor)
    with changes() as change:
        zoe = scene.zoe.member_id
        change.save(Block.of(zoe, scene.noor.member_id, by=zoe, at=clock.now()))
    scene.goes_on()

    assert mailbox() == []


@pytest.mark.parametrize("when", ["before it rings", "before it is sent"])
@pytest.mark.parametrize("end", ["withdrawn", "merged"])
def test_who_took_the_question_back_wants_no_mail(scene, when, end):
    other = questions.ask(scene.zoe, scene.hub.id, text="La même.", topics=["freins"]).id

    def take_back():
        into = other if end == "merged" else None
        questions.withdraw(scene.zoe, *scene.this, duplicate_of=into)

    scene.says(scene.noor)
    if when == "before it rings":
        take_back()
    else:
        scene.time_passes(seconds=121)
        absences.leave_unseen(*scene.this, seq=1)
        take_back()
    scene.goes_on()

    assert mailbox() == []


def test_an_answer_that_is_finished_before_anyone_saw_it_is_mailed(scene):
    scene.says(scene.noor)
    questions.answered(scene.noor, *scene.this)
    scene.goes_on()

    assert len(mailbox()) == 1


def test_a_helpful_word_after_the_end_is_mailed_and_what_the_asker_confirmed_is_not(scene):
    scene.says(scene.noor)
    questions.answered(scene.noor, *scene.this)
    questions.confirm(scene.zoe, *scene.this, outcome="yes")
    scene.goes_on()
    assert mailbox() == []

    scene.says(scene.noor, "Pensez à resserrer dans un mois.")
    scene.goes_on()

    (mail,) = mailbox()
    assert "resserrer" in text_of(mail)
    assert "Dégraissez" not in text_of(mail)


def test_words_that_are_no_longer_kept_are_mailed_to_nobody(scene):
    scene.says(scene.noor)
    question = scene.question
    with changes() as change:
        change.edit(question, kept_until=clock.now())
    scene.goes_on()

    assert mailbox() == []


def test_a_ring_before_its_time_or_for_other_words_changes_nothing(scene, stored):
    scene.says(scene.noor)
    before = stored()
    absences.leave_unseen(*scene.this, seq=2)
    absences.leave_unseen(scene.hub.id, "qst_" + "0" * 26, seq=1)

    assert stored() == before


def test_who_comes_back_between_the_look_and_the_note_is_not_written_to(scene, monkeypatch):
    scene.says(scene.noor)
    scene.time_passes(seconds=121)
    states_of = presence.states_of

    def they_come(people):
        monkeypatch.setattr(presence, "states_of", states_of)
        found = states_of(people)
        scene.says(scene.zoe, "Me revoilà.")
        return found

    monkeypatch.setattr(presence, "states_of", they_come)
    absences.leave_unseen(*scene.this, seq=1)

    assert announced(events.AnswerLeft) == []


def test_who_comes_back_before_the_mail_is_written_gets_none(scene):
    scene.says(scene.noor)
    scene.time_passes(seconds=121)
    absences.leave_unseen(*scene.this, seq=1)
    scene.says(scene.zoe, "Me revoilà.")

    scene.road.runs()

    assert mailbox() == []


def test_a_helper_who_speaks_as_the_asker_comes_and_goes_is_not_lost(scene, monkeypatch):
    scene.says(scene.noor)
    make = conversations._words

    def they_come_and_go(*args):
        monkeypatch.setattr(conversations, "_words", make)
        questions.see(scene.question)
        return make(*args)

    monkeypatch.setattr(conversations, "_words", they_come_and_go)
    scene.says(scene.noor, "Encore une chose.")
    scene.goes_on()

    (mail,) = mailbox()
    assert "Encore une chose." in text_of(mail)


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_process_that_dies_at_the_ring_loses_no_mail_and_sends_no_second(scene, call, fault):
    scene.says(scene.noor)
    scene.time_passes(seconds=121)
    with installed() as injector:
        injector.fail(call, fault)
        try:
            absences.leave_unseen(*scene.this, seq=1)
        except Crash:
            absences.leave_unseen(*scene.this, seq=1)
    scene.road.runs()

    assert len(mailbox()) == 1


@pytest.mark.parametrize(("operation", "fault"), [("SendEmail", "crash-before"), ("SendEmail", "net-before")])
def test_a_process_that_dies_between_reserving_and_sending_leaves_it_to_the_next(scene, operation, fault):
    scene.says(scene.noor)
    scene.time_passes(seconds=121)
    absences.leave_unseen(*scene.this, seq=1)
    happened = queues.envelope(announced(events.AnswerLeft)[0])
    with installed() as injector:
        injector.fail(operation, fault)
        try:
            queues.deliver("send_emails", happened)
        except Crash:
            assert queues.deliver("send_emails", happened) == [0]  # someone may be at it
            scene.time_passes(minutes=3)

    queues.deliver("send_emails", happened)

    assert len(mailbox()) == 1


def test_html_in_words_and_names_stays_words_in_both_parts(scene):
    hostile = "<script>alert('x')</script> & <b>gras</b>\n<a href='https://evil.example'>ici</a>"
    (noor,) = load(Member.key(scene.noor.member_id))
    with changes() as change:
        change.edit(noor, name="<i>Noor</i>")
    scene.says(scene.noor, hostile)
    scene.goes_on()

    (mail,) = mailbox()
    assert "<script>alert('x')</script> & <b>gras</b>" in text_of(mail)
    assert not re.search("<script|<b>|<i>|evil.example['\"]>", html_of(mail))
    assert "<i>Noor</i>" in unescape(html_of(mail))


# the way back


def link_in(mail):
    (link,) = set(re.findall(r"https://\S+#entraide\S*", text_of(mail)))
    return link


def mailed_link(scene):
    scene.says(scene.noor)
    scene.goes_on()
    return link_in(mailbox()[-1])


def test_a_guest_gets_a_link_to_the_page_they_asked_on_what_opens_it_in_the_fragment(scene):
    address, _, token = mailed_link(scene).partition("#entraide=")

    assert address == PAGE["url"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{100,400}", token)


@pytest.mark.parametrize("why", ["no page", "a page of another site", "a site that was taken off the list"])
def test_without_such_a_page_the_link_leads_to_ours(scene, why):
    if why == "a site that was taken off the list":
        hosts.a_widget(scene.hub, origins=["https://new.example"], version=1)
    else:
        questions.release(scene.noor, *scene.this)
        there = {"title": "", "url": f"{hosts.SITE}.evil.example/freins"} if "another" in why else None
        scene.asked_by(scene.zoe, page=there)

    link = mailed_link(scene)

    assert link.startswith(f"https://api.entraide.test/v1/widget/{scene.hub.id}/page#entraide=")


def test_a_member_gets_a_link_that_lets_nobody_in(scene):
    questions.release(scene.noor, *scene.this)
    scene.asked_by(a_follower("sam", scene.hub))
    link = mailed_link(scene)

    assert mailbox()[-1]["To"] == "sam@example.org"
    assert link == f"{PAGE['url']}#entraide-question={scene.id}"
    assert "7 jours" not in text_of(mailbox()[-1])


def test_a_member_whose_address_is_only_claimed_is_not_written_to(scene):
    questions.release(scene.noor, *scene.this)
    scene.asked_by(a_caller("sam", email_verified="false"))
    scene.says(scene.noor)
    scene.goes_on()

    assert mailbox() == []


def test_the_mailed_link_reopens_the_same_chat_and_a_reply_reaches_the_helper(scene, api):
    scene.says(scene.noor)
    absences.leave_unseen(*scene.this, seq=1)
    scene.road.runs()
    link = link_in(mailbox()[-1]).partition("#entraide=")[2]
    back = api.post("/widget/sessions/return", body={"link": link}, Origin=hosts.SITE)
    at = f"/organizations/{back.json['organization_id']}/questions/{back.json['question_id']}/messages"
    as_zoe = {"Authorization": f"Bearer {back.json['token']}", "Origin": hosts.SITE}

    said = api.post(at, body={"client_message_id": "k", "text": "Ça marche !"}, **as_zoe)

    assert (back.status, said.status) == (201, 201), (back, said)
    assert back.json["guest_id"] == scene.zoe.member_id
    heard = api.get(at, by="noor", query={"after_seq": 1}).json["data"]
    assert [(one["author"]["role"], one["text"]) for one in heard] == [("asker", "Ça marche !")]
