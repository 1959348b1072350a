"""Volunteers' settings, availability and offers over HTTP; questions on their way through the queue."""

from __future__ import annotations

import pytest

from chalicelib.domain import events, helping, questions
from chalicelib.domain.live import delivery, presence
from chalicelib.gateways import clock, ids, timers
from chalicelib.handlers.consumers import routing
from chalicelib.models.helping import ANYTHING, DUTY, Volunteering, about
from chalicelib.models.journal import JournalEntry
from chalicelib.pages import Page
from tests import queues
from tests.factories import a_caller, a_follower, a_volunteer, an_organization

SETTINGS = {"topics": ["freins"], "all_topics": False, "capacity": 2, "daily_cap": 5}


def journal(kind):
    told = kind.detail_type()
    return [kind.from_detail(e.detail) for e in JournalEntry.scan() if e.detail_type == told]


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def mine(hub):
    a_follower("noor", hub)
    return f"/me/organizations/{hub.id}/helping"


class TestSettings:
    def test_a_follower_reads_sets_and_reads_again(self, api, mine):
        assert api.get(mine, by="noor").json["topics"] == []

        answer = api.put(mine, by="noor", body={**SETTINGS, "quiet_from": "21:00", "quiet_to": "07:30"})

        assert answer.status == 200
        assert answer.json == api.get(mine, by="noor").json
        assert (answer.json["topics"], answer.json["quiet_from"], answer.json["time_zone"]) == (
            ["freins"], "21:00", "Europe/Paris",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"topics": ["x"] * 21}, "/topics"),
            ({"topics": [" "]}, "/topics/0"),
            ({"topics": ["x" * 41]}, "/topics/0"),
            ({"topics": ["a\nb"]}, "/topics/0"),
            ({"topics": "freins"}, "/topics"),
            ({"capacity": 6}, "/capacity"),
            ({"capacity": -1}, "/capacity"),
            ({"capacity": 1.5}, "/capacity"),
            ({"daily_cap": 21}, "/daily_cap"),
            ({"daily_cap": None}, "/daily_cap"),
            ({"quiet_from": "24:00", "quiet_to": "07:00"}, "/quiet_from"),
            ({"quiet_from": "7:00", "quiet_to": "08:00"}, "/quiet_from"),
            ({"quiet_from": "٠٧:00", "quiet_to": "08:00"}, "/quiet_from"),
            ({"on_duty": True}, "/on_duty"),
        ],
    )
    def test_what_cannot_be_is_refused_with_where_and_changes_nothing(
        self, api, mine, wrong, pointer, stored
    ):
        before = stored()

        answer = api.put(mine, by="noor", body={**SETTINGS, **wrong})

        assert (answer.status, answer.code) == (422, "invalid_request")
        assert answer.json["errors"][0]["pointer"] == pointer
        assert stored() == before

    def test_quiet_hours_with_one_end_are_refused(self, api, mine):
        answer = api.put(mine, by="noor", body={**SETTINGS, "quiet_from": "21:00"})

        assert (answer.status, answer.code) == (422, "quiet_hours_unclear")

    def test_naughty_topics_are_topics(self, api, mine, hub):
        topics = ["<script>", "'; DROP TABLE", "𝒇𝒓𝒆𝒊𝒏𝒔", "TOPIC#freins", "*", "../../x", "🚲"]

        answer = api.put(mine, by="noor", body={**SETTINGS, "topics": topics})

        assert answer.json["topics"] == topics
        assert Volunteering.at(hub.id, ANYTHING, Page()).items == []

    @pytest.mark.parametrize("until", [None, "2126-11-20T08:00:00Z", "2126-11-20T08:00:00+02:00"])
    def test_a_pause_is_one_call_and_so_is_its_end(self, api, mine, until):
        paused = api.put(f"{mine}/pause", by="noor", body={"until": until} if until else {})
        resumed = api.delete(f"{mine}/pause", by="noor")

        assert (paused.status, paused.json["paused"]) == (200, True)
        assert (resumed.status, resumed.json["paused"], resumed.json["paused_until"]) == (200, False, None)

    @pytest.mark.parametrize(
        ("until", "code"),
        [
            ("2020-01-01T00:00:00Z", "pause_is_over"),
            ("2126-11-20T08:00:00", "invalid_request"),
            ("demain", "invalid_request"),
            ("9999-12-31T23:59:59-12:00", "invalid_request"),
            ("0001-01-01T00:00:00+14:00", "invalid_request"),
        ],
    )
    def test_a_pause_ends_at_a_moment_to_come(self, api, mine, until, code, stored):
        before = stored()

        answer = api.put(f"{mine}/pause", by="noor", body={"until": until})

        assert (answer.status, answer.code) == (422, code)
        assert stored() == before

    def test_it_is_for_those_who_follow_and_nobody_else_reads_it(self, api, hub, mine):
        assert api.get(mine).status == 401
        assert api.get(mine, by="tom").code == "followers_only"
        assert api.put(mine, by="tom", body=SETTINGS).status == 404
        assert api.get(f"/me/organizations/{ids.new('org')}/helping", by="noor").status == 404


class TestAvailability:
    def test_anyone_reads_who_is_really_there(self, api, hub):
        path = f"/organizations/{hub.id}/availability"
        noor = a_volunteer("noor", hub)
        before = api.get(path)
        presence.renew(noor.member_id, "connection", state="active")

        after = api.get(path, query={"topic": "Freins"})

        assert before.json == {
            "topic": None, "available": 0, "median_first_reply_seconds": None, "reason": "not_enough_data",
            "is_at_least": False,
        }  # fmt: skip
        assert after.json["available"] == 1
        assert noor.member_id not in after.text
        assert api.get(path, query={"topic": "cadre"}).json["available"] == 0

    def test_who_is_away_from_the_keyboard_is_not_counted(self, api, hub):
        noor = a_volunteer("noor", hub)
        presence.renew(noor.member_id, "connection", state="active")

        presence.renew(noor.member_id, "connection", state="afk")

        assert api.get(f"/organizations/{hub.id}/availability").json["available"] == 0

    def test_who_left_is_not_counted(self, api, hub):
        noor = a_volunteer("noor", hub)
        presence.renew(noor.member_id, "connection", state="active")

        presence.leave(noor.member_id, "connection")

        assert api.get(f"/organizations/{hub.id}/availability").json["available"] == 0

    def test_whoever_is_signed_in_does_not_count_themself(self, api, hub):
        noor = a_volunteer("noor", hub)
        presence.renew(noor.member_id, "connection", state="active")

        seen_by = {who: api.get(f"/organizations/{hub.id}/availability", by=who) for who in ("noor", "tom")}

        assert {who: answer.json["available"] for who, answer in seen_by.items()} == {"noor": 0, "tom": 1}

    @pytest.mark.parametrize("topic", ["", "x" * 41, "a\nb"])
    def test_a_topic_that_cannot_be_is_refused(self, api, hub, topic):
        assert api.get(f"/organizations/{hub.id}/availability", query={"topic": topic}).status == 422

    def test_an_organization_that_is_not_there_is_not_found(self, api):
        answer = api.get(f"/organizations/{ids.new('org')}/availability")

        assert (answer.status, answer.code) == (404, "organization_not_found")


class TestOffers:
    def test_a_volunteer_reads_what_waits_for_them_and_why_in_their_language(self, api, hub):
        a_volunteer("noor", hub)
        asked = questions.ask(a_caller("alix"), hub.id, text="Mon frein frotte ?", topics=["Freins"])

        english = api.get(f"/me/organizations/{hub.id}/offers", by="noor")
        french = api.get(f"/me/organizations/{hub.id}/offers", by="noor", Accept_Language="fr")

        (offer,) = english.json["data"]
        assert offer["question_id"] == asked.question.id
        assert (offer["text"], offer["why"], offer["asker_is_verified"]) == (
            "Mon frein frotte ?", "topic", True,
        )  # fmt: skip
        assert offer["reason"] == "You help with one of its topics."
        assert french.json["data"][0]["reason"] == "Vous aidez sur l’un de ses sujets."
        assert "alix" not in english.text.casefold()

    def test_a_hand_over_to_anyone_is_told_live_offered_and_accepted(self, api, hub, monkeypatch):
        notices = []
        monkeypatch.setattr(
            delivery, "notify", lambda people, about, detail: notices.append((people, about, detail))
        )
        monkeypatch.setattr(timers, "set_for", lambda *_: None)
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        presence.renew(ivo.member_id, "connection", state="active")
        asked = questions.ask(a_caller("alix"), hub.id, text="Mon frein frotte ?", topics=["Freins"])
        questions.claim(noor, hub.id, asked.id)
        at = f"/organizations/{hub.id}/questions/{asked.id}"
        api.post(f"{at}/messages", by="noor", body={"client_message_id": "k", "text": "Je regarde."})
        note = "Disque dégraissé, reste le câble."
        api.post(f"{at}/hand-over", by="noor", body={"note": note})

        (proposed,) = journal(events.HandOverProposed)
        assert queues.deliver("route", queues.envelope(proposed), queues.envelope(proposed)) == []
        (offered,) = journal(events.HandOverOffered)
        assert queues.deliver("give_notice", queues.envelope(offered)) == []
        (offer,) = api.get(f"/me/organizations/{hub.id}/offers", by="ivo").json["data"]
        accepted = api.post(f"{at}/hand-over/accept", by="ivo")

        ((people, about, detail),) = notices
        assert (people, about, detail["why"]) == ([ivo.member_id], "hand_over_offered", "hand_over")
        assert note not in str(notices) + str(offer)
        assert (offer["question_id"], offer["why"], offer["text"]) == (
            asked.id,
            "hand_over",
            "Mon frein frotte ?",
        )
        assert offer["until"] is not None
        assert (accepted.json["proposal"]["note"], accepted.json["helper_id"]) == (note, ivo.member_id)
        assert api.get(f"/me/organizations/{hub.id}/offers", by="ivo").json["data"] == []

    def test_they_are_for_followers(self, api, hub):
        assert api.get(f"/me/organizations/{hub.id}/offers", by="tom").code == "followers_only"


class TestTheQueue:
    @pytest.fixture(autouse=True)
    def alarms(self, monkeypatch):
        rung = []
        monkeypatch.setattr(timers, "set_for", lambda due, kind, name, detail: rung.append((kind, name)))
        return rung

    def journal(self, kind):
        return journal(kind)

    def test_a_question_asked_reaches_a_volunteer_once_however_often_it_is_delivered(self, hub, alarms):
        noor = a_volunteer("noor", hub)
        presence.renew(noor.member_id, "connection", state="active")
        questions.ask(a_caller("alix"), hub.id, text="Mon frein frotte ?", topics=["freins"])
        (asked,) = self.journal(events.QuestionAsked)

        failed = queues.deliver("route", queues.envelope(asked), queues.envelope(asked))

        assert failed == []
        (offered,) = self.journal(events.QuestionOffered)
        assert offered.member_ids == [noor.member_id]
        assert [name for _, name in alarms[:3]] == [f"wave-{asked.id}-{number}" for number in (1, 2, 3)]
        assert all(len(name) <= 64 for _, name in alarms)

    def test_it_subscribes_to_what_changes_who_is_asked_and_how_long_people_wait(self):
        assert set(routing.SUBSCRIPTIONS) == {
            events.QuestionAsked, events.QuestionReturned, events.QuestionReopened, events.AnswerBegun,
            events.HandOverProposed, events.OrganizationUnfollowed, events.RoleChanged,
        }  # fmt: skip

    def test_who_unfollows_is_found_no_more_and_who_becomes_staff_is_on_duty(self, api, hub):
        a_volunteer("noor", hub)
        mia = a_volunteer("mia", hub)
        api.delete(f"/organizations/{hub.id}/follow", by="noor")
        role = f"/organizations/{hub.id}/members/{mia.member_id}/role"
        api.put(role, by="claire", body={"role": "staff"})

        happened = [*self.journal(events.OrganizationUnfollowed), *self.journal(events.RoleChanged)]
        assert queues.deliver("route", *map(queues.envelope, happened)) == []

        assert [one.sk for one in Volunteering.at(hub.id, about("freins"), Page()).items] == [mia.member_id]
        assert [one.sk for one in Volunteering.at(hub.id, DUTY, Page()).items] == [mia.member_id]

    def test_five_first_words_make_a_median(self, hub):
        for n in range(5):
            reply = events.AnswerBegun(
                organization_id=hub.id, actor_id=f"mem_{n}", question_id=f"qst_{n}", asker_id="gst_1",
                helper_id=f"mem_{n}", round=1, round_opened_at=clock.now(),
            )  # fmt: skip
            queues.deliver("route", queues.envelope(reply))

        assert helping.availability(hub.id).median_first_reply_seconds == 10
