"""active → afk (two minutes) → notifiable (connection lost, opted in) → offline, and several tabs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.live import presence
from chalicelib.gateways import clock
from chalicelib.models.presence import Presence

WHO = "gst_00000000000000000000000000"


@pytest.fixture
def later(monkeypatch):
    def pass_by(**time):
        now = clock.now
        monkeypatch.setattr(clock, "now", lambda: now() + timedelta(**time))

    return pass_by


def state():
    return presence.states_of([WHO])[WHO]


def test_nobody_without_a_connection_is_there():
    assert state() == "offline"
    assert presence.states_of([]) == {}


def test_activity_lasts_two_minutes(later):
    presence.renew(WHO, "tab", state="active")
    assert state() == "active"
    later(seconds=90)
    presence.renew(WHO, "tab")
    assert state() == "active"
    later(seconds=31)

    assert state() == "afk"


def test_activity_that_is_told_again_lasts_on(later):
    for _ in range(4):
        presence.renew(WHO, "tab", state="active")
        later(seconds=100)

    assert state() == "active"


def test_a_connection_that_says_nothing_does_not_count(later):
    presence.renew(WHO, "tab", state="active")
    later(seconds=151)

    assert state() == "offline"


def test_whoever_says_they_are_away_is(later):
    presence.renew(WHO, "tab", state="active")

    assert presence.renew(WHO, "tab", state="afk") == "afk"
    assert presence.renew(WHO, "tab", state="active") == "active"


def test_the_best_of_several_tabs_counts():
    presence.renew(WHO, "one", state="active")

    assert presence.renew(WHO, "two", state="afk") == "active"
    assert presence.leave(WHO, "one") == "afk"
    assert presence.leave(WHO, "two") == "offline"
    assert Presence.find(WHO) is None


def test_losing_the_last_connection_leaves_who_opted_in_notifiable_for_a_day(later):
    presence.renew(WHO, "one", state="active", opted_in=True)
    presence.renew(WHO, "two", state="active")

    assert presence.leave(WHO, "one") == "active"
    assert presence.leave(WHO, "two") == "notifiable"
    later(hours=23)
    assert state() == "notifiable"
    later(hours=2)
    assert state() == "offline"


def test_a_connection_that_was_lost_without_a_word_leaves_who_opted_in_notifiable(later):
    presence.renew(WHO, "one", state="active", opted_in=True)
    later(minutes=10)

    assert state() == "notifiable"


def test_whoever_opts_out_again_is_offline_when_they_leave():
    presence.renew(WHO, "one", state="active", opted_in=True)
    presence.renew(WHO, "one", opted_in=False)

    assert presence.leave(WHO, "one") == "offline"


def test_coming_back_makes_one_active_again():
    presence.renew(WHO, "one", state="active", opted_in=True)
    presence.leave(WHO, "one")

    assert presence.renew(WHO, "two", state="active") == "active"


def test_leaving_what_one_never_was_in_is_no_matter():
    assert presence.leave(WHO, "nowhere") == "offline"
    assert presence.leave(WHO, "nowhere") == "offline"


def test_a_tab_that_closes_while_another_opens_takes_nothing_with_it(monkeypatch):
    presence.renew(WHO, "one", state="active")
    find = Presence.find
    meanwhile = [lambda: presence.renew(WHO, "two", state="active")]

    def found_before_the_other(member_id):
        found = find(member_id)
        if meanwhile:
            meanwhile.pop()()
        return found

    monkeypatch.setattr(Presence, "find", found_before_the_other)

    assert presence.leave(WHO, "one") == "active"
    assert set(find(WHO).connections) == {"two"}


def test_only_connections_that_asked_are_told_notifications(later):
    presence.renew(WHO, "one", state="active", notified=True)
    presence.renew(WHO, "two", state="active")
    presence.renew("gst_other", "three", notified=True)

    assert presence.notified_connections([WHO, WHO, "gst_nobody"]) == ["one"]
    presence.renew(WHO, "one", notified=False)
    assert presence.notified_connections([WHO, "gst_other"]) == ["three"]


def test_a_hundred_members_are_looked_up_in_one_call(calls):
    asked = [f"gst_{n}" for n in range(100)]
    presence.renew("gst_7", "tab", state="active")
    calls.clear()

    states = presence.states_of(asked)

    assert calls == ["dynamodb.BatchGetItem"]
    assert {who for who, what in states.items() if what == "active"} == {"gst_7"}
