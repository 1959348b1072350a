from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import events
from chalicelib.gateways import clock
from chalicelib.models.journal import JournalEntry
from tests.factories import A_PLACE, a_follower, an_organization
from tests.queues import deliver, envelope

WHY = "Le café ferme pour de bon."


@pytest.fixture
def hub():
    hub = an_organization()
    a_follower("hana", hub)
    return hub


def path_of(hub, rest=""):
    return f"/organizations/{hub.id}/series{rest}"


def proposes(api, hub, *, by="hana", key=None, every="week", times=3, **said):
    starts_at = clock.now().replace(microsecond=0) + timedelta(days=3)
    body = {
        "title": "Café réglage", "starts_at": starts_at.isoformat(), "time_zone": "Europe/Paris",
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(), "place": A_PLACE, "capacity": 4,
        "repeats": {"every": every, "times": times}, **said,
    }  # fmt: skip
    return api.post(path_of(hub), by=by, body=body, Idempotency_Key=key)


def hears(*kinds):
    """Deliver what was announced of these kinds to those who tend meetups."""
    found = [entry for entry in JournalEntry.scan() if entry.detail_type in {k.detail_type() for k in kinds}]
    bodies = [envelope(events.named(entry.detail_type).from_detail(entry.detail)) for entry in found]
    assert deliver("tend_meetups", *bodies) == []


def test_a_series_is_proposed_in_one_call_and_its_meetups_follow(api, hub, calls):
    calls.clear()
    answer = proposes(api, hub)
    assert answer.status == 201
    assert len(calls) <= 4

    series = answer.json
    assert (series["state"], series["every"], series["times"]) == ("running", "week", 3)
    assert len(series["starts"]) == 3
    assert series["host"]["name"] is None or series["host"]["name"]
    assert "address" not in answer.text
    first = api.get(path_of(hub, f"/{series['id']}/meetups")).json["data"]
    assert [meetup["id"] for meetup in first] == [series["first_meetup_id"]]

    hears(events.SeriesProposed)
    hears(events.SeriesProposed)

    listed = api.get(path_of(hub, f"/{series['id']}/meetups"))
    assert listed.json["order"] == "soonest_first@1"
    assert [meetup["starts_at"] for meetup in listed.json["data"]] == series["starts"]
    assert {meetup["series_id"] for meetup in listed.json["data"]} == {series["id"]}
    assert {meetup["capacity"] for meetup in listed.json["data"]} == {4}
    assert {meetup["place"]["address"] for meetup in listed.json["data"]} == {None}


def test_the_meetups_of_a_series_come_a_page_at_a_time_in_three_reads(api, hub, calls):
    series = proposes(api, hub, times=5).json
    hears(events.SeriesProposed)
    path, seen, query = path_of(hub, f"/{series['id']}/meetups"), [], {"limit": 2}
    while True:
        calls.clear()
        page = api.get(path, query=query).json
        assert len(calls) <= 3
        seen += [meetup["starts_at"] for meetup in page["data"]]
        if not page["has_more"]:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == series["starts"]


def test_proposing_again_under_the_same_key_is_the_same_series(api, hub):
    first, again = (proposes(api, hub, key="series-of-hana-1") for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    "said",
    [
        {"repeats": {"every": "day", "times": 3}},
        {"repeats": {"every": "week", "times": 1}},
        {"repeats": {"every": "week", "times": 27}},
        {"repeats": {"every": "week", "times": 3, "until": "2027-01-01"}},
        {"repeats": None},
        {"draft": True},
        {"time_zone": "Nowhere/Land"},
        {"capacity": 0},
    ],
)
def test_what_is_no_series_is_refused(api, hub, stored, said):
    before = stored()
    assert proposes(api, hub, **said).code == "invalid_request"
    assert stored() == before


def test_a_series_that_goes_too_far_ahead_is_refused_whole(api, hub, stored):
    before = stored()
    refused = proposes(api, hub, every="month", times=26)
    assert (refused.code, refused.json["problem"]) == ("times_refused", "too_far_ahead")
    assert stored() == before


def test_whoever_does_not_follow_proposes_none(api, hub):
    assert proposes(api, hub, by="stranger").code == "follow_first"


def test_anyone_reads_a_series_of_its_organization_only(api, hub):
    series = proposes(api, hub).json
    assert api.get(path_of(hub, f"/{series['id']}")).json == series
    other = an_organization("other")
    for path in (path_of(other, f"/{series['id']}"), path_of(other, f"/{series['id']}/meetups")):
        assert (api.get(path).status, api.get(path).code) == (404, "series_not_found")
    assert api.get(path_of(hub, "/nonsense")).code == "series_not_found"


def test_a_series_ends_with_a_reason_and_takes_along_what_is_ahead(api, hub):
    series = proposes(api, hub).json
    hears(events.SeriesProposed)
    path = path_of(hub, f"/{series['id']}/end")

    assert api.post(path, by="hana", body={}).code == "invalid_request"
    a_follower("awa", hub)
    assert api.post(path, by="awa", body={"reason": WHY}).code == "only_the_host"
    ended = api.post(path, by="hana", body={"reason": WHY})
    assert (ended.status, ended.json["state"], ended.json["ended_reason"]) == (200, "ended", WHY)
    assert api.post(path, by="hana", body={"reason": "Autre raison."}).json["ended_reason"] == WHY

    hears(events.SeriesProposed, events.SeriesEnded)

    listed = api.get(path_of(hub, f"/{series['id']}/meetups")).json["data"]
    assert [(meetup["state"], meetup["cancelled_reason"]) for meetup in listed] == [("cancelled", WHY)] * 3


def test_people_propose_three_series_an_hour_at_most(api, hub):
    answers = [proposes(api, hub) for _ in range(4)]
    assert [answer.status for answer in answers] == [201, 201, 201, 429]
