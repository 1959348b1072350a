"""What volunteers decide for themselves, and what those who ask are told of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from chalicelib.domain import events, following, helping, members, questions, standing, widgets
from chalicelib.domain.helping import moments, places, replies
from chalicelib.gateways import clock
from chalicelib.models import volunteers
from chalicelib.models.changes import changes
from chalicelib.models.guests import Guest
from chalicelib.models.helping import ANYTHING, DUTY, HelperCard, HelpingPlace, Volunteering, about
from chalicelib.models.memberships import Membership
from chalicelib.models.tables import load
from chalicelib.models.volunteers import VolunteerPresence
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_volunteer, an_organization
from tests.questions import a_guest

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AVAILABILITY = import_module("chalicelib.domain.helping.availability")


@pytest.fixture
def at(monkeypatch):
    """Sets the clock."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOON)
    return set_to


def found_at(hub, place):
    return [one.member_id for one in Volunteering.at(hub.id, place, Page(100)).items]


def card_of(caller, hub):
    return load(HelperCard.key(hub.id, caller.member_id))[0]


def awake(caller, *, seconds=60):
    helping.appear(caller.member_id, until=int(clock.now().timestamp()) + seconds)


def pinged_once(caller, hub):
    card = card_of(caller, hub)
    with changes() as change:
        change.update(card, *card.pinging(f"{clock.now():%Y-%m-%d}", "mem_someone"), versioned=False)


def a_reply(hub, waited, *, question="qst_1", nth=1, at=NOON, helper=None):
    return events.AnswerBegun(
        organization_id=hub.id, actor_id="mem_helper", at=at, question_id=question, asker_id="gst_1",
        helper_id=helper or f"mem_helper_of_{question}", round=nth,
        round_opened_at=at - timedelta(seconds=waited),
    )  # fmt: skip


class TestSettings:
    def test_whoever_set_nothing_is_asked_nothing_and_takes_one_conversation(self):
        hub = an_organization()
        noor = a_follower("noor", hub)

        read = helping.read(noor, hub.id)

        assert (read.topics, read.all_topics, read.capacity, read.paused, read.in_hand) == (
            [], False, 1, False, 0,
        )  # fmt: skip
        assert read.time_zone == "Europe/Paris"

    def test_volunteers_are_found_at_their_topics_however_they_spell_them(self):
        hub = an_organization()

        noor = a_volunteer("noor", hub, topics=["Freins ", "freins", "Roues"])

        assert helping.read(noor, hub.id).topics == ["Freins ", "Roues"]
        assert found_at(hub, about("FREINS")) == [noor.member_id]
        assert found_at(hub, about("roues")) == [noor.member_id]
        assert found_at(hub, ANYTHING) == []

    def test_a_topic_that_is_called_like_anything_is_only_a_topic(self):
        hub = an_organization()

        a_volunteer("noor", hub, topics=["ANYTHING", "DUTY"])

        assert found_at(hub, ANYTHING) == found_at(hub, DUTY) == []

    def test_new_settings_replace_the_old_ones_as_a_whole(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["freins", "roues"], all_topics=True, capacity=3)

        a_volunteer("noor", hub, topics=["roues", "cadre"])

        assert found_at(hub, about("freins")) == found_at(hub, ANYTHING) == []
        assert found_at(hub, about("roues")) == found_at(hub, about("cadre")) == [noor.member_id]

    def test_whoever_clears_their_topics_is_found_nowhere(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["freins"], all_topics=True)

        a_volunteer("noor", hub, topics=[])

        assert found_at(hub, about("freins")) == found_at(hub, ANYTHING) == []
        assert HelpingPlace.of_member(noor.member_id, Page()).items == []

    def test_the_same_settings_again_change_nothing(self, stored):
        hub = an_organization()
        a_volunteer("noor", hub, topics=["freins", "Freins"])
        before = stored()

        a_volunteer("noor", hub, topics=["freins", "Freins"])

        assert stored() == before

    def test_settings_leave_what_is_in_hand_alone(self):
        hub = an_organization()
        noor = a_follower("noor", hub)
        card = HelperCard.of(hub.id, noor.member_id)
        with changes() as change:
            change.update(card, *card.taking("qst_1"), condition=HelperCard.has_room(), versioned=False)

        a_volunteer("noor", hub, topics=["freins"], capacity=2)

        assert helping.read(noor, hub.id).in_hand == 1

    @pytest.mark.parametrize(
        ("quiet_from", "quiet_to"), [("21:00", None), (None, "07:00"), ("08:00", "08:00")]
    )
    def test_quiet_hours_have_two_ends(self, quiet_from, quiet_to, stored):
        hub = an_organization()
        a_follower("noor", hub)
        before = stored()

        with pytest.raises(helping.QuietHoursUnclear):
            a_volunteer("noor", hub, quiet_from=quiet_from, quiet_to=quiet_to)

        assert stored() == before

    @pytest.mark.parametrize("mode", ["net-after", "crash-before", "crash-after"])
    def test_settings_survive_a_lost_answer_and_a_crash(self, mode):
        hub = an_organization()
        noor = a_follower("noor", hub)

        with faults.installed() as injector:
            injector.fail("TransactWriteItems", mode)
            try:
                a_volunteer("noor", hub, topics=["freins"])
            except faults.Crash:
                a_volunteer("noor", hub, topics=["freins"])

        assert found_at(hub, about("freins")) == [noor.member_id]

    def test_two_tabs_that_set_at_once_leave_one_of_the_two_in_full(self, monkeypatch):
        hub = an_organization()
        noor = a_follower("noor", hub)
        read, reads = standing.of, []

        def read_and_be_overtaken(*args):
            here = read(*args)
            if not reads:
                reads.append(here)
                a_volunteer("noor", hub, topics=["roues"])
            return here

        monkeypatch.setattr(standing, "of", read_and_be_overtaken)
        a_volunteer("noor", hub, topics=["freins"])

        assert found_at(hub, about("roues")) == []
        assert found_at(hub, about("freins")) == [noor.member_id]

    def test_only_followers_help(self):
        hub = an_organization()

        for attempt in (
            lambda: helping.read(a_caller("ivo"), hub.id),
            lambda: helping.pause(a_caller("ivo"), hub.id, until=None),
            lambda: helping.resume(a_caller("ivo"), hub.id),
        ):
            with pytest.raises(standing.FollowersOnly):
                attempt()


class TestPause:
    def test_a_pause_holds_from_this_instant_until_told(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)

        paused = helping.pause(noor, hub.id, until=None)

        assert paused.paused
        assert moments.is_paused(card_of(noor, hub), NOON)
        at(NOON + timedelta(days=365))
        assert helping.read(noor, hub.id).paused
        assert not helping.resume(noor, hub.id).paused
        assert not helping.read(noor, hub.id).paused

    def test_a_pause_ends_by_itself_at_its_moment(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        helping.pause(noor, hub.id, until=NOON + timedelta(hours=1))

        at(NOON + timedelta(minutes=59))
        assert helping.read(noor, hub.id).paused_until == NOON + timedelta(hours=1)
        at(NOON + timedelta(hours=1))
        assert not helping.read(noor, hub.id).paused
        assert helping.read(noor, hub.id).paused_until is None

    def test_a_pause_takes_no_setting_first_and_is_kept_by_settings(self, at):
        hub = an_organization()
        noor = a_follower("noor", hub)

        helping.pause(noor, hub.id, until=None)
        a_volunteer("noor", hub)

        assert helping.read(noor, hub.id).paused

    def test_a_pause_in_the_past_is_refused(self, at, stored):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        before = stored()

        with pytest.raises(helping.PauseIsOver):
            helping.pause(noor, hub.id, until=NOON)

        assert stored() == before

    def test_ending_no_pause_changes_nothing(self, at, stored):
        hub = an_organization()
        noor = a_follower("noor", hub)
        before = stored()

        helping.resume(noor, hub.id)

        assert stored() == before

    def test_a_pause_leaves_no_trace_once_it_is_over(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        before = card_of(noor, hub).attribute_values

        helping.pause(noor, hub.id, until=None)
        helping.resume(noor, hub.id)

        assert card_of(noor, hub).attribute_values == before


class TestHands:
    def taken(self, card):
        with changes() as change:
            change.update(card, *card.taking("qst_1"), condition=HelperCard.has_room(), versioned=False,
                          otherwise=standing.FollowersOnly())  # fmt: skip

    def test_who_set_nothing_takes_one_conversation(self):
        hub = an_organization()
        card = HelperCard.of(hub.id, "mem_1")

        self.taken(card)

        with pytest.raises(standing.FollowersOnly):
            self.taken(card)

    @pytest.mark.parametrize("capacity", [0, 2])
    def test_nobody_takes_more_than_they_set(self, capacity):
        hub = an_organization()
        noor = a_volunteer("noor", hub, capacity=capacity)
        card = HelperCard.of(hub.id, noor.member_id)

        for _ in range(capacity):
            self.taken(card)

        with pytest.raises(standing.FollowersOnly):
            self.taken(card)
        assert helping.read(noor, hub.id).in_hand == capacity

    def test_letting_go_makes_room_and_never_more_than_there_was(self):
        hub = an_organization()
        card = HelperCard.of(hub.id, "mem_1")
        self.taken(card)

        with changes() as change:
            letting_go = HelperCard.letting_go({"qst_1"})
            change.update(card, *letting_go, condition=HelperCard.holds({"qst_1"}), versioned=False)

        self.taken(card)
        assert load(HelperCard.key(hub.id, "mem_1"))[0].active_count == 1


class TestComingAndGoing:
    def test_whoever_stops_following_is_found_no_more(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["freins"], all_topics=True)
        following.unfollow(noor, hub.id)
        gone = events.OrganizationUnfollowed(organization_id=hub.id, actor_id=noor.member_id)

        places.leave(gone)
        places.leave(gone)

        assert found_at(hub, about("freins")) == found_at(hub, ANYTHING) == []
        assert HelpingPlace.of_member(noor.member_id, Page()).items == []

    def test_whoever_follows_again_before_it_was_heard_stays(self):
        hub = an_organization()
        noor = a_volunteer("noor", hub, topics=["freins"])

        places.leave(events.OrganizationUnfollowed(organization_id=hub.id, actor_id=noor.member_id))

        assert found_at(hub, about("freins")) == [noor.member_id]

    def test_staff_who_help_are_on_duty_whichever_came_first(self):
        hub = an_organization()
        first, then = a_host("role-first", hub), a_volunteer("settings-first", hub)
        a_volunteer("role-first", hub)
        (membership,) = load(Membership.key(hub.id, then.member_id))
        with changes() as change:
            change.edit(membership, role="staff")

        places.go_on_duty(
            events.RoleChanged(
                organization_id=hub.id, actor_id="mem_1", member_id=then.member_id,
                before="none", after="staff",
            )
        )  # fmt: skip

        assert set(found_at(hub, DUTY)) == {first.member_id, then.member_id}


class TestHours:
    @pytest.mark.parametrize(
        ("quiet_from", "quiet_to", "local", "quiet"),
        [
            ("21:00", "07:00", "20:59", False),
            ("21:00", "07:00", "21:00", True),
            ("21:00", "07:00", "03:00", True),
            ("21:00", "07:00", "06:59", True),
            ("21:00", "07:00", "07:00", False),
            ("12:00", "14:00", "11:59", False),
            ("12:00", "14:00", "12:00", True),
            ("12:00", "14:00", "14:00", False),
            (None, None, "03:00", False),
        ],
    )
    def test_quiet_hours_are_those_of_the_helpers_own_clock(self, quiet_from, quiet_to, local, quiet):
        card = HelperCard("p", "s", quiet_from=quiet_from, quiet_to=quiet_to)
        hour, minute = map(int, local.split(":"))
        tokyo_is_nine_ahead = datetime(2026, 11, 20, hour, minute, 30, tzinfo=UTC) - timedelta(hours=9)

        assert moments.is_quiet(card, "Asia/Tokyo", tokyo_is_nine_ahead) is quiet


class TestAvailability:
    def test_nobody_there_is_told_as_zero(self, at):
        hub = an_organization()
        a_volunteer("noor", hub)

        told = helping.availability(hub.id)

        assert (told.available, told.median_first_reply_seconds, told.reason) == (0, None, "not_enough_data")

    def test_it_counts_those_who_are_there_and_would_take_a_question(self, at):
        hub, elsewhere = an_organization(), an_organization("ailleurs")
        for name in ("noor", "ivo"):
            awake(a_volunteer(name, hub))
        awake(a_volunteer("lea", elsewhere))
        awake(a_follower("tom", hub))

        assert helping.availability(hub.id).available == 2

    @pytest.mark.parametrize(
        "settings",
        [{"capacity": 0}, {"quiet_from": "12:30", "quiet_to": "13:30"}, {"topics": []}],
        ids=["no room", "quiet hours", "no topic"],
    )
    def test_it_does_not_count_who_would_not_take_one(self, settings, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        awake(noor)
        a_volunteer("noor", hub, **settings)

        assert helping.availability(hub.id).available == 0

    def test_it_does_not_count_the_paused_the_busy_or_the_gone(self, at):
        hub = an_organization()
        paused, busy, gone = (a_volunteer(name, hub, capacity=1) for name in ("noor", "ivo", "lea"))
        for caller in (paused, busy, gone):
            awake(caller)
        assert helping.availability(hub.id).available == 3

        helping.pause(paused, hub.id, until=None)
        card = HelperCard.of(hub.id, busy.member_id)
        with changes() as change:
            change.update(card, *card.taking("qst_1"), condition=HelperCard.has_room(), versioned=False)
        helping.vanish(gone.member_id)

        assert helping.availability(hub.id).available == 0

    @pytest.mark.parametrize(("cap", "pinged"), [(0, 0), (1, 1), (3, 3)])
    def test_it_does_not_count_who_was_told_of_as_many_questions_today_as_they_take(self, cap, pinged, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub, daily_cap=cap)
        awake(noor)
        for _ in range(pinged):
            pinged_once(noor, hub)

        assert helping.availability(hub.id).available == 0
        at(NOON + timedelta(days=1))
        awake(noor)
        assert helping.availability(hub.id).available == (1 if cap else 0)

    def test_who_takes_another_ping_today_is_counted(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub, daily_cap=2)
        awake(noor)
        pinged_once(noor, hub)

        assert helping.availability(hub.id).available == 1

    def test_who_stopped_following_is_not_counted_even_before_it_was_heard(self, at):
        hub = an_organization()
        noor = a_volunteer("noor", hub)
        awake(noor)

        following.unfollow(noor, hub.id)

        assert helping.availability(hub.id).available == 0

    def test_whoever_asks_does_not_count_themself(self, at):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_volunteer("ivo", hub)
        awake(noor)

        alone = questions.ask(noor, hub.id, text="Comment ?", topics=["freins"])
        awake(ivo)
        not_alone = questions.ask(noor, hub.id, text="Et si ?", topics=["freins"])

        assert (alone.availability.available, not_alone.availability.available) == (0, 1)
        assert helping.availability(hub.id, asker_id=noor.member_id).available == 1
        assert helping.availability(hub.id).available == 2

    def test_nor_does_a_guest_count_the_member_whom_they_turned_out_to_be(self, at):
        hub = an_organization()
        noor, zoe = a_volunteer("noor", hub), a_guest("zoe", hub)
        awake(noor)
        before = questions.ask(zoe, hub.id, text="Comment ?", topics=["freins"])
        with changes() as change:
            change.create(Guest.arriving(hub.id, zoe.member_id, at=NOON, member_id=noor.member_id))

        asked = questions.ask(zoe, hub.id, text="Et si ?", topics=["freins"])

        assert (before.availability.available, asked.availability.available) == (1, 0)

    def test_presence_ends_by_itself(self, at):
        hub = an_organization()
        awake(a_volunteer("noor", hub), seconds=60)

        at(NOON + timedelta(seconds=59))
        assert helping.availability(hub.id).available == 1
        at(NOON + timedelta(seconds=60))
        assert helping.availability(hub.id).available == 0

    def test_for_a_topic_it_counts_those_who_help_with_it_or_with_anything(self, at):
        hub = an_organization()
        awake(a_volunteer("noor", hub, topics=["Freins"]))
        awake(a_volunteer("ivo", hub, topics=["roues"]))
        awake(a_volunteer("lea", hub, topics=[], all_topics=True))

        assert helping.availability(hub.id, "freins").available == 2
        assert helping.availability(hub.id, "cadre").available == 1
        assert helping.availability(hub.id).available == 3

    def test_a_question_without_a_topic_counts_only_those_who_would_be_told_of_it(self, at):
        hub = an_organization()
        awake(a_volunteer("noor", hub, topics=["freins"]))
        assert helping.availability(hub.id).available == 1

        asked = questions.ask(a_caller("sam"), hub.id, text="Comment ?", topics=[])
        assert (asked.availability.available, asked.availability.topic) == (0, None)

        awake(a_volunteer("lea", hub, topics=[], all_topics=True))
        assert questions.ask(a_caller("sam"), hub.id, text="Et ?", topics=[]).availability.available == 1

    def test_an_organization_that_is_not_there_has_no_availability(self, at):
        with pytest.raises(standing.OrganizationNotFound):
            helping.availability("org_nowhere")

    @pytest.mark.parametrize("there", [0, 20, 21, 120, 310])
    def test_it_takes_two_reads_however_many_volunteers_are_there(self, at, calls, there):
        hub = an_organization()
        with VolunteerPresence.batch_write() as batch:
            for n in range(there):
                until = int(NOON.timestamp()) + 60
                batch.save(VolunteerPresence.of(hub.id, f"mem_{n:04}", until=until))
        calls.clear()

        told = helping.availability(hub.id)

        assert calls == ["dynamodb.Query", "dynamodb.BatchGetItem"]
        assert told.is_at_least is (there > 20)

    def test_asking_among_a_hundred_volunteers_reads_as_much_as_among_none(self, at, calls):
        hub = an_organization()
        sam, asked = a_follower("sam", hub), []
        for there in (0, 100):
            for n in range(there):
                volunteers.show(f"mem_{n:04}", [hub.id], until=int(NOON.timestamp()) + 60)
            calls.clear()
            questions.ask(sam, hub.id, text="Comment ?", topics=["freins"])
            asked.append(list(calls))

        assert (
            asked[0] == asked[1] == ["dynamodb.Query", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
        )

    def test_of_more_than_are_looked_at_it_counts_no_more_than_it_saw(self, at, monkeypatch):
        monkeypatch.setattr(AVAILABILITY, "MOST_LOOKED_AT", 2)
        hub = an_organization()
        for name in ("noor", "ivo", "lea"):
            awake(a_volunteer(name, hub))

        told = helping.availability(hub.id)

        assert (told.available, told.is_at_least) == (2, True)

    def test_where_not_all_were_looked_at_the_widget_does_not_say_that_nobody_is_there(self, at, monkeypatch):
        monkeypatch.setattr(AVAILABILITY, "MOST_LOOKED_AT", 0)
        hub = an_organization()
        awake(a_volunteer("noor", hub))

        told = widgets.shown(hub.id)

        assert (told["availability"].available, told["availability"].is_at_least) == (0, True)
        assert "nobody_available" not in told["unavailable"]

    def test_appearing_takes_two_calls_and_one_for_who_helps_nowhere(self, at, calls):
        hub = an_organization()
        noor, ivo = a_volunteer("noor", hub), a_follower("ivo", hub)
        calls.clear()

        awake(noor)
        awake(ivo)

        assert calls == ["dynamodb.Query", "dynamodb.BatchWriteItem", "dynamodb.Query"]


class TestFirstReplies:
    def test_fewer_than_five_replies_are_not_told(self, at):
        hub = an_organization()
        for n in range(4):
            replies.note(a_reply(hub, 60, question=f"qst_{n}"))
        assert helping.availability(hub.id).median_first_reply_seconds is None

        replies.note(a_reply(hub, 60, question="qst_4"))

        told = helping.availability(hub.id)
        assert (told.median_first_reply_seconds, told.reason) == (60, None)

    def test_nothing_is_told_of_fewer_than_five_helpers_however_much_they_replied(self, at):
        hub = an_organization()
        for n in range(12):
            replies.note(a_reply(hub, 60, question=f"qst_{n}", helper=f"mem_{n % 4}"))
        assert helping.availability(hub.id).median_first_reply_seconds is None

        replies.note(a_reply(hub, 60, question="qst_12", helper="mem_4", at=NOON + timedelta(days=1)))

        at(NOON + timedelta(days=1))
        assert helping.availability(hub.id).median_first_reply_seconds == 60

    @pytest.mark.parametrize(
        ("waited", "median"),
        [
            ([5, 5, 5, 5, 5], 10),
            ([61, 61, 61, 61, 61], 90),
            ([10, 10, 10, 7000, 7000], 10),
            ([10, 10, 300, 7000, 7000], 300),
            ([10, 10, 10, 7000, 7000, 7000], 10),
            ([40 * 24 * 3600] * 5, 30 * 24 * 3600),
            ([-3] * 5, 10),
        ],
    )
    def test_half_of_the_people_waited_no_longer_than_the_median(self, waited, median, at):
        hub = an_organization()

        for n, seconds in enumerate(waited):
            replies.note(a_reply(hub, seconds, question=f"qst_{n}"))

        assert helping.availability(hub.id).median_first_reply_seconds == median

    def test_each_round_counts_once_however_often_it_is_delivered(self, at):
        hub = an_organization()
        for _ in range(5):
            replies.note(a_reply(hub, 60))
        replies.note(a_reply(hub, 60, nth=2))

        (day,) = load(replies.FirstReplies.key(hub.id, NOON.date()))

        assert sum(day.by_step().values()) == 2

    def test_a_second_helpers_first_word_is_no_first_reply(self, at):
        hub = an_organization()

        replies.note(dataclasses.replace(a_reply(hub, 60), is_first=False))

        assert load(replies.FirstReplies.key(hub.id, NOON.date())) == (None,)

    def test_what_is_older_than_thirty_days_counts_no_more(self, at):
        hub = an_organization()
        for n in range(5):
            replies.note(a_reply(hub, 60, question=f"qst_{n}"))

        at(NOON + timedelta(days=29))
        assert helping.availability(hub.id).median_first_reply_seconds == 60
        at(NOON + timedelta(days=30))
        assert helping.availability(hub.id).median_first_reply_seconds is None

    def test_no_helper_can_be_told_from_what_is_kept(self, at):
        hub = an_organization()

        replies.note(a_reply(hub, 60))

        (day,) = load(replies.FirstReplies.key(hub.id, NOON.date()))
        assert day.counts == {str(replies.STEPS.index(60)): 1}
        assert "mem_helper" not in str(day.attribute_values)

    @pytest.mark.parametrize("mode", ["net-after", "crash-before", "crash-after"])
    def test_a_reply_is_counted_once_whatever_breaks(self, mode, at):
        hub = an_organization()
        reply = a_reply(hub, 60)

        with faults.installed() as injector:
            injector.fail("TransactWriteItems", mode)
            try:
                replies.note(reply)
            except faults.Crash:
                replies.note(reply)

        (day,) = load(replies.FirstReplies.key(hub.id, NOON.date()))
        assert sum(day.by_step().values()) == 1

    def test_two_replies_counted_at_once_are_two(self, at, monkeypatch):
        hub = an_organization()
        read, reads = replies.load, []

        def read_and_be_overtaken(*keys):
            found = read(*keys)
            if not reads:
                reads.append(keys)
                replies.note(a_reply(hub, 60, question="qst_2"))
            return found

        monkeypatch.setattr(replies, "load", read_and_be_overtaken)
        replies.note(a_reply(hub, 60, question="qst_1"))

        (day,) = load(replies.FirstReplies.key(hub.id, NOON.date()))
        assert sum(day.by_step().values()) == 2


def test_whose_hours_are_meant_follows_their_account(at):
    hub = an_organization()
    noor = a_volunteer("noor", hub, quiet_from="12:30", quiet_to="13:30")
    awake(noor)
    assert helping.availability(hub.id).available == 0

    members.edit(noor, name=None, language=None, time_zone="America/New_York", version=1)

    assert helping.availability(hub.id).available == 1
