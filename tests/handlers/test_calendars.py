from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import meetups
from chalicelib.domain.meetups import recurring
from chalicelib.gateways import clock
from tests.calendars import events, only, parsed
from tests.factories import A_PLACE, a_caller, a_follower, a_meetup, an_organization, coming


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def meetup(hub):
    return a_meetup(a_follower("hana", hub), hub, seats=1)


def path(hub, meetup):
    return f"/organizations/{hub.id}/meetups/{meetup.id}/calendar"


def own(api, name):
    """The path of someone's own calendar."""
    answer = api.get("/me/calendar", by=name)
    assert answer.status == 200
    return answer.json["url"].removeprefix("https://api.entraide.test/v1")


def test_a_meetup_is_a_file_for_one_s_calendar(api, hub, meetup):
    coming("awa", meetup, hub)

    answer = api.get(path(hub, meetup), by="awa")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["content-disposition"] == f'attachment; filename="{meetup.id}.ics"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert parsed(answer.text).method.value == "PUBLISH"
    assert "12 rue de Marseille" in only(answer.text).location.value
    assert "attendee" not in only(answer.text).contents


def test_anyone_has_it_with_the_district(api, hub, meetup):
    answer = api.get(path(hub, meetup))

    assert answer.status == 200
    assert only(answer.text).location.value == "Lyon 7e"
    assert "Marseille" not in answer.text
    assert "GEO" not in answer.text


def test_a_draft_and_a_meetup_of_elsewhere_are_not_there(api, hub, meetup):
    draft = a_meetup(a_caller("hana"), hub, draft=True)
    elsewhere = an_organization("ailleurs", by="paul")

    assert api.get(path(hub, draft), by="hana").code == "meetup_not_found"
    assert api.get(path(elsewhere, meetup)).code == "meetup_not_found"


def test_a_series_is_a_file_of_all_its_meetups(api, hub):
    hana = a_follower("hana", hub)
    starts_at = clock.now() + timedelta(days=2)
    times = meetups.Times(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    said = {"title": "Café du jeudi", "about": "", "time_zone": "Europe/Paris", "place": A_PLACE}
    series = recurring.propose(hana, hub.id, times=times, every="week", count=3, capacity=None, **said)

    answer = api.get(f"/organizations/{hub.id}/series/{series.id}/calendar")

    assert answer.status == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{series.id}.ics"'
    assert parsed(answer.text).x_wr_calname.value == "Café du jeudi"
    assert only(answer.text).location.value == "Lyon 7e", "the others are proposed a moment later"
    unknown = "ser_01M7WN066TK6FTK703WY8C5YNK"
    assert api.get(f"/organizations/{hub.id}/series/{unknown}/calendar").code == "series_not_found"


def test_one_s_own_calendar_is_followed_at_an_address_that_is_the_key(api, hub, meetup):
    coming("awa", meetup, hub)
    coming("bob", meetup, hub)

    mine, his = (api.get(own(api, name)) for name in ("awa", "bob"))

    assert mine.status == 200
    assert mine.headers["cache-control"] == "private, no-cache"
    assert mine.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in mine.headers["x-robots-tag"]
    assert "content-disposition" not in mine.headers
    assert events(mine.text)["Café réglage"].status.value == "CONFIRMED"
    assert "12 rue de Marseille" in events(mine.text)["Café réglage"].location.value
    assert events(his.text)["Café réglage"].status.value == "TENTATIVE"
    assert "Marseille" not in his.text


def test_it_is_sent_again_only_once_it_changed(api, hub, meetup):
    coming("awa", meetup, hub)
    there = own(api, "awa")
    etag = api.get(there).headers["etag"]

    held = api.get(there, If_None_Match=etag)
    assert (held.status, held.text, held.headers["etag"]) == (304, "", etag)

    meetups.answer(a_caller("awa"), hub.id, meetup.id, says="declined")
    changed = api.get(there, If_None_Match=etag)
    assert changed.status == 200
    assert "BEGIN:VEVENT" not in changed.text


def test_another_address_ends_the_one_before(api, hub, meetup):
    coming("awa", meetup, hub)
    before = own(api, "awa")

    renewed = api.post("/me/calendar/renewal", by="awa", Idempotency_Key="once")
    again = api.post("/me/calendar/renewal", by="awa", Idempotency_Key="once")

    assert renewed.status == again.status == 200
    assert again.headers["idempotency-replayed"] == "true"
    assert renewed.json == again.json == {"url": f"https://api.entraide.test/v1{own(api, 'awa')}"}
    assert own(api, "awa") != before
    assert api.get(own(api, "awa")).status == 200
    ended = api.get(before)
    assert (ended.status, ended.code) == (404, "calendar_not_found")
    assert ended.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("token", ["x", "q83vEjRWeJq83vEjRWeJkWyJtZW1fNyIsIm9yZ18wMSJd", "A" * 255])
def test_a_token_that_was_never_given_leads_nowhere(api, token):
    assert api.get(f"/calendars/{token}").code == "calendar_not_found"


def test_nobody_has_a_calendar_without_an_account(api):
    assert api.get("/me/calendar").status == 401
    assert api.post("/me/calendar/renewal").status == 401


def test_what_people_write_cannot_add_to_a_calendar(api, hub):
    nasty = "Café\u2028END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\n;,\\"
    there = a_meetup(a_follower("hana", hub), hub, title=nasty, about=nasty, ahead=timedelta(days=5))

    answer = api.get(path(hub, there), by="hana")

    assert len(parsed(answer.text).contents["vevent"]) == 1
    assert sum(line.startswith("BEGIN:VEVENT") for line in answer.text.splitlines()) == 1
    assert only(answer.text).uid.value == f"{there.id}@entraide.test"
