"""Finding meetups: in an organization, by month, in a salon, near a place, among one's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import meetups, questions, salons
from chalicelib.domain.meetups import agenda, finding, hosting
from chalicelib.domain.meetups.vicinity import blurred, kilometres_between
from chalicelib.gateways import clock
from chalicelib.models.blocks import Apart
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Meetup
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests.factories import A_PLACE, a_caller, a_follower, a_meetup, a_salon, an_organization, coming
from tests.histories import histories

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ONLINE = {"place": None, "online_url": "https://visio.example.org/cafe"}
THREE = ["dynamodb.Query", "dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]
LYON = {"latitude": 45.75, "longitude": 4.85}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def hana(hub):
    return a_follower("hana", hub)


def ids(answer):
    assert answer.status == 200, answer
    return [meetup["id"] for meetup in answer.json["data"]]


def listed(api, path, *, limit, **call):
    """Every page of a list, as the ids that it holds."""
    pages, query = [], {**call.pop("query", {}), "limit": limit}
    while True:
        answer = api.get(path, query=query, **call)
        pages.append(ids(answer))
        if not answer.json["has_more"]:
            return pages
        query = {**query, "cursor": answer.json["next_cursor"]}


def written(meetup, **values):
    """Have a meetup be so, without the ceremony of bringing it there."""
    (found,) = load(Meetup.key(meetup.organization_id, meetup.id))
    with changes() as change:
        for name, value in values.items():
            setattr(found, name, value)
        if "starts_at" in values or "ends_at" in values or "place" in values:
            agenda.enter(change, found)
            values["agenda"] = found.agenda
        change.edit(found, **values)


def parted(one, other):
    with changes() as change:
        change.update(Apart.of(one.member_id), *Apart.from_too({other.member_id}))
        change.update(Apart.of(other.member_id), *Apart.from_too({one.member_id}))


def at(text):
    return datetime.fromisoformat(text)


def test_what_is_ahead_is_listed_soonest_first_with_what_one_said(api, hub, hana):
    later, sooner = (a_meetup(hana, hub, ahead=timedelta(days=days), **ONLINE) for days in (5, 2))
    coming("noor", later, hub)
    a_meetup(hana, hub, draft=True, **ONLINE)

    answer = api.get(f"/organizations/{hub.id}/meetups", by="noor")

    assert ids(answer) == [sooner.id, later.id]
    assert answer.json["order"] == "soonest_first@1"
    assert [meetup["rsvp"] and meetup["rsvp"]["state"] for meetup in answer.json["data"]] == [None, "going"]
    assert [meetup["online_url"] is None for meetup in answer.json["data"]] == [True, False]
    assert [host["name"] for host in answer.json["data"][0]["hosts"]] == ["Hana"]
    assert ids(api.get(f"/organizations/{hub.id}/meetups")) == [sooner.id, later.id]


def test_what_goes_on_is_listed_until_it_is_over_and_what_is_cancelled_stays_so(api, hub, hana, monkeypatch):
    long = a_meetup(hana, hub, ahead=timedelta(hours=1), lasts=timedelta(days=3), **ONLINE)
    a_meetup(hana, hub, ahead=timedelta(hours=2), **ONLINE)
    cancelled = a_meetup(hana, hub, ahead=timedelta(days=4), **ONLINE)
    written(cancelled, state="cancelled", cancelled_reason="Le café est fermé.")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=3))

    shown = api.get(f"/organizations/{hub.id}/meetups").json["data"]

    assert [(meetup["id"], meetup["state"]) for meetup in shown] == [
        (long.id, "started"),
        (cancelled.id, "cancelled"),
    ]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=3, hours=1))
    assert ids(api.get(f"/organizations/{hub.id}/meetups")) == [cancelled.id]


def test_many_that_are_over_leave_no_page_empty(api, hub, hana, monkeypatch):
    for n in range(10):
        a_meetup(hana, hub, ahead=timedelta(minutes=n + 1), **ONLINE)
    ahead = [a_meetup(hana, hub, ahead=timedelta(days=n), **ONLINE).id for n in (2, 3, 4)]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))

    assert listed(api, f"/organizations/{hub.id}/meetups", limit=2) == [ahead[:2], ahead[2:]]


def test_the_night_of_the_year_belongs_to_the_month_that_it_is_in_there(api, hub, hana):
    eve = a_meetup(hana, hub, starts_at=at("2026-12-31T23:30:00+01:00"), **ONLINE)
    after = a_meetup(hana, hub, starts_at=at("2027-01-01T00:30:00+01:00"), **ONLINE)
    first = a_meetup(hana, hub, starts_at=at("2026-12-01T00:00:00+01:00"), **ONLINE)
    before = a_meetup(hana, hub, starts_at=at("2026-11-30T23:59:59+01:00"), **ONLINE)

    def of(month, **query):
        return ids(api.get(f"/organizations/{hub.id}/meetups", query={"month": month, **query}))

    assert of("2026-12") == [first.id, eve.id]  # where the organization is
    assert of("2027-01") == [after.id]
    assert of("2026-12", time_zone="UTC") == [eve.id, after.id]
    assert of("2026-12", time_zone="Pacific/Kiritimati") == [before.id, first.id]
    assert of("2026-12", time_zone="Pacific/Niue") == [eve.id, after.id]
    assert of("2027-01", time_zone="Asia/Tokyo") == [eve.id, after.id]
    assert of("2027-02") == []


def test_a_month_tells_what_is_over_too_and_ends_with_its_last_page(api, hub, hana, monkeypatch):
    days = [
        a_meetup(hana, hub, starts_at=at(f"2026-12-{day}T18:00:00+01:00"), **ONLINE).id
        for day in ("01", "09", "15", "30")
    ]
    a_meetup(hana, hub, starts_at=at("2027-01-04T18:00:00+01:00"), **ONLINE)
    monkeypatch.setattr(clock, "now", lambda: at("2026-12-20T09:00:00+01:00"))

    pages = listed(api, f"/organizations/{hub.id}/meetups", limit=2, query={"month": "2026-12"})

    assert pages == [days[:2], days[2:]]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"month": "2026-13"}, "month", "string_pattern_mismatch"),
        ({"month": "décembre"}, "month", "string_pattern_mismatch"),
        ({"month": "2026-12", "time_zone": "Mars/Olympus"}, "time_zone", "unknown_time_zone"),
        ({"month": "2026-12", "time_zone": "Factory"}, "time_zone", "unknown_time_zone"),
        ({"month": "2026-12", "time_zone": "localtime"}, "time_zone", "unknown_time_zone"),
        ({"month": "2026-12", "time_zone": "posixrules"}, "time_zone", "unknown_time_zone"),
        ({"time_zone": "Europe/Paris"}, "time_zone", "zone_without_month"),
        ({"from": "2026-12-01"}, "from", "extra_forbidden"),
    ],
)
def test_a_month_or_a_zone_that_is_none_is_refused(api, hub, query, parameter, code):
    answer = api.get(f"/organizations/{hub.id}/meetups", query=query)

    assert answer.status == 422, answer
    assert [(fault["parameter"], fault["code"]) for fault in answer.json["errors"]] == [(parameter, code)]


def test_an_organization_that_is_none_lists_nothing(api, hub):
    for query in ({}, {"month": "2026-12"}, {"month": "2026-12", "time_zone": "UTC"}):
        assert api.get("/organizations/org_nowhere/meetups", query=query).code == "organization_not_found"


def test_a_salon_lists_what_was_born_there_to_whoever_may_see_it(api, hub, hana):
    salon, other = a_salon(hub), a_salon(hub, title="Balades")
    born = a_meetup(hana, hub, salon_id=salon.id, **ONLINE)
    a_meetup(hana, hub, salon_id=other.id, **ONLINE)
    a_meetup(hana, hub, **ONLINE)
    path = f"/organizations/{hub.id}/salons/{salon.id}/meetups"

    assert ids(api.get(path)) == [born.id]
    elsewhere = an_organization("ailleurs")
    assert api.get(f"/organizations/{elsewhere.id}/salons/{salon.id}/meetups").code == "salon_not_found"
    draft = a_salon(hub, title="Brouillon", state="draft")
    there = f"/organizations/{hub.id}/salons/{draft.id}/meetups"
    assert api.get(there, by="hana").code == "salon_not_found"
    assert ids(api.get(there, by="claire")) == []


def test_a_shared_salon_lists_the_meetups_of_all_who_are_at_home_there(api, hub, hana):
    salon, guests = a_salon(hub), an_organization("voisins", by="paul")
    salons.offer(a_caller("claire"), hub.id, salon.id, offered_to=guests.id)
    salons.accept(a_caller("paul"), guests.id, salon.id)
    own = a_meetup(hana, hub, salon_id=salon.id, **ONLINE)
    theirs = a_meetup(a_caller("paul"), guests, ahead=timedelta(days=1), salon_id=salon.id, **ONLINE)

    for home in (hub, guests):
        assert ids(api.get(f"/organizations/{home.id}/salons/{salon.id}/meetups")) == [theirs.id, own.id]


def test_near_a_place_there_are_those_of_every_organization(api, hub, hana):
    neighbours = an_organization("voisins", by="paul")
    here = a_meetup(hana, hub)
    there = a_meetup(a_caller("paul"), neighbours, ahead=timedelta(days=1))
    a_meetup(hana, hub, draft=True)
    a_meetup(hana, hub, **ONLINE)
    a_meetup(hana, hub, place={**A_PLACE, "latitude": 48.85, "longitude": 2.35})

    answer = api.get("/meetups/near", query=LYON)

    assert ids(answer) == [there.id, here.id]
    assert answer.json["order"] == "soonest_first@1"
    assert {meetup["organization_id"] for meetup in answer.json["data"]} == {hub.id, neighbours.id}
    written(here, state="cancelled")
    assert [m["state"] for m in api.get("/meetups/near", query=LYON).json["data"]] == [
        "published",
        "cancelled",
    ]


def test_how_far_it_is_is_told_to_the_middle_of_its_district_even_to_those_who_come(api, hub, hana):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    middle = blurred(A_PLACE["latitude"], A_PLACE["longitude"])
    far = round(kilometres_between((LYON["latitude"], LYON["longitude"]), middle), 1)

    everyone, noor = (api.get("/meetups/near", query=LYON, by=by).json["data"][0] for by in (None, "noor"))

    assert everyone["kilometres"] == noor["kilometres"] == far > 0
    assert (everyone["place"]["latitude"], everyone["place"]["longitude"]) == middle
    assert (everyone["place"]["exact"], noor["place"]["exact"]) == (False, True)
    same = a_meetup(hana, hub, place={**A_PLACE, "latitude": 45.7600, "longitude": 4.8700})
    told = {m["id"]: m["kilometres"] for m in api.get("/meetups/near", query=LYON).json["data"]}
    assert told[same.id] == told[meetup.id]  # no walk around it tells one corner of a district from another


def test_a_radius_is_kept_to_in_either_reach(api, hub, hana):
    middle = blurred(A_PLACE["latitude"], A_PLACE["longitude"])
    meetup = a_meetup(hana, hub)

    def found_from(kilometres, radius):
        query = {"latitude": middle[0] + kilometres / 111.195, "longitude": middle[1], "radius_km": radius}
        return ids(api.get("/meetups/near", query=query)) == [meetup.id]

    assert [found_from(2.9, 3), found_from(3.1, 3)] == [True, False]
    assert [found_from(3.1, 3.2), found_from(19.9, 20), found_from(20.1, 20)] == [True, True, False]
    assert [found_from(0.04, 0.05), found_from(0.06, 0.05)] == [True, False]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"latitude": "nan"}, "latitude"),
        ({"longitude": "inf"}, "longitude"),
        ({"latitude": "90.1"}, "latitude"),
        ({"longitude": "-180.5"}, "longitude"),
        ({"latitude": "45,75"}, "latitude"),
        ({"latitude": ""}, "latitude"),
        ({"radius_km": "0"}, "radius_km"),
        ({"radius_km": "-1"}, "radius_km"),
        ({"radius_km": "20.01"}, "radius_km"),
        ({"radius_km": "NaN"}, "radius_km"),
        ({"radius": "3"}, "radius"),
    ],
)
def test_a_place_that_is_none_is_refused(api, query, parameter):
    answer = api.get("/meetups/near", query={**LYON, **query})

    assert answer.status == 422, answer
    assert [fault["parameter"] for fault in answer.json["errors"]] == [parameter]


def test_without_a_place_nothing_is_near(api):
    faults = api.get("/meetups/near").json["errors"]

    assert [(fault["parameter"], fault["code"]) for fault in faults] == [
        ("latitude", "missing"),
        ("longitude", "missing"),
    ]


@pytest.mark.parametrize("latitude", [-90, 90])
@pytest.mark.parametrize("longitude", [-180, 180])
def test_at_the_ends_of_the_earth_one_finds_nothing_and_nothing_breaks(api, latitude, longitude):
    assert ids(api.get("/meetups/near", query={"latitude": latitude, "longitude": longitude})) == []


def test_who_is_parted_from_a_host_sees_theirs_in_no_list_unless_they_were_to_come(api, hub, hana):
    salon = a_salon(hub)
    meetup = a_meetup(hana, hub, salon_id=salon.id)
    lou, noor = a_follower("lou", hub), coming("noor", meetup, hub)
    month = meetup.starts_at.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m")
    paths = [
        (f"/organizations/{hub.id}/meetups", {}),
        (f"/organizations/{hub.id}/meetups", {"month": month}),
        (f"/organizations/{hub.id}/salons/{salon.id}/meetups", {}),
        ("/meetups/near", LYON),
    ]

    def seen(name):
        return [ids(api.get(path, query=query, by=name)) for path, query in paths]

    assert seen("lou") == seen("noor") == [[meetup.id]] * 4

    for someone in (lou, noor):
        parted(someone, hana)

    assert seen("lou") == [[]] * 4
    assert api.get(f"/organizations/{hub.id}/landing", by="lou").json["next_meetup"] is None
    assert seen("noor") == [[meetup.id]] * 4  # they may leave
    meetups.answer(noor, hub.id, meetup.id, says="declined")
    assert seen("noor") == [[]] * 4
    assert ids(api.get("/me/meetups", by="hana")) == [meetup.id]


def test_ones_own_are_what_one_said_something_to_and_what_one_hosts(api, hub, hana, monkeypatch):
    other = an_organization("voisins", by="paul")
    soon, full, late = (a_meetup(hana, hub, ahead=timedelta(days=d), seats=1, **ONLINE) for d in (1, 2, 3))
    coming("noor", soon, hub)
    coming("lou", full, hub)
    coming("noor", full, hub)
    coming("noor", late, hub, says="declined")
    theirs = a_meetup(a_caller("paul"), other, ahead=timedelta(hours=5), **ONLINE)
    coming("noor", theirs, other, says="interested")
    draft = a_meetup(a_caller("noor"), hub, draft=True, ahead=timedelta(days=9), **ONLINE)

    own = api.get("/me/meetups", by="noor")

    assert ids(own) == [theirs.id, soon.id, full.id, draft.id]
    assert [meetup["rsvp"]["state"] for meetup in own.json["data"]] == [
        "interested",
        "going",
        "waitlisted",
        "going",
    ]
    assert own.json["order"] == "soonest_first@1"
    assert ids(api.get("/me/meetups/past", by="noor")) == []

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1, hours=3))

    assert ids(api.get("/me/meetups", by="noor")) == [full.id, draft.id]
    over = api.get("/me/meetups/past", by="noor")
    assert ids(over) == [soon.id, theirs.id]
    assert over.json["order"] == "latest_first@1"
    assert listed(api, "/me/meetups/past", limit=1, by="noor") == [[soon.id], [theirs.id]]
    assert api.get("/me/meetups").status == 401


def test_what_goes_on_is_not_past_yet(api, hub, hana, monkeypatch):
    meetup = a_meetup(hana, hub, ahead=timedelta(hours=1), lasts=timedelta(hours=2), **ONLINE)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=2))

    assert ids(api.get("/me/meetups", by="hana")) == [meetup.id]
    assert ids(api.get("/me/meetups/past", by="hana")) == []


def test_a_cursor_is_good_for_the_question_that_it_came_from_alone(api, hub, hana):
    for days in (1, 2):
        a_meetup(hana, hub, ahead=timedelta(days=days))
    cursor = api.get("/meetups/near", query={**LYON, "limit": 1}).json["next_cursor"]

    again = api.get("/meetups/near", query={**LYON, "radius_km": 10, "cursor": cursor})

    assert (again.status, again.code) == (400, "cursor_invalid")


def test_whatever_the_crowd_a_page_is_three_calls(api, hub, hana, calls):
    salon = a_salon(hub)
    for n in range(finding.MOST + 1):
        a_meetup(hana, hub, ahead=timedelta(days=1, minutes=n), salon_id=salon.id)
    for path, query in (
        (f"/organizations/{hub.id}/meetups", {}),
        (f"/organizations/{hub.id}/meetups", {"month": "2026-11"}),
        (f"/organizations/{hub.id}/meetups", {"month": "2026-11", "time_zone": "UTC"}),
        (f"/organizations/{hub.id}/salons/{salon.id}/meetups", {}),
        ("/meetups/near", LYON),
        ("/me/meetups", {}),
    ):
        calls.clear()
        answer = api.get(path, query={**query, "limit": 100}, by="hana")
        assert len(ids(answer)) == finding.MOST
        assert answer.json["has_more"]
        assert calls == THREE, path


def test_a_page_of_meetups_with_as_many_hosts_as_can_be_is_read_in_one_batch_each():
    hosts, question = 1 + hosting.MOST_CO_HOSTS, 1

    assert finding.MOST * (hosts + question) <= finding.AT_ONCE
    assert max(finding.MOST, finding.SHOWN) * 3 + 10 <= finding.AT_ONCE


def test_in_a_list_too_hosts_have_names_and_a_question_is_for_those_who_talked(api, hub, hana):
    asked = questions.ask(a_follower("sam", hub), hub.id, text="Comment ?", topics=["freins"])
    meetup = a_meetup(hana, hub, **ONLINE)
    written(meetup, question_id=asked.id, co_host_ids=[a_follower("lou", hub).member_id])

    for by, told in (("sam", asked.id), ("lou", None), (None, None)):
        (shown,) = api.get(f"/organizations/{hub.id}/meetups", by=by).json["data"]
        assert (shown["question_id"], [host["name"] for host in shown["hosts"]]) == (told, ["Hana", "Lou"])


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen between what the next list queries and what it reads."""

    def between(act):
        look = finding.load

        def read(*keys):
            monkeypatch.setattr(finding, "load", look)
            act()
            return look(*keys)

        monkeypatch.setattr(finding, "load", read)

    return between


def test_what_is_moved_while_one_looks_is_shown_once_where_it_is_now(api, hub, hana, meanwhile):
    one, two, three = (a_meetup(hana, hub, ahead=timedelta(days=d), **ONLINE) for d in (1, 2, 3))
    path = f"/organizations/{hub.id}/meetups"
    to = two.starts_at + timedelta(hours=6)
    meanwhile(lambda: written(one, starts_at=to, ends_at=to + timedelta(hours=1)))

    whole = api.get(path)

    assert ids(whole) == [two.id, one.id, three.id]
    assert at(whole.json["data"][1]["starts_at"]) == to
    far = three.starts_at + timedelta(days=1)
    meanwhile(lambda: written(two, starts_at=far, ends_at=far + timedelta(hours=1)))
    assert listed(api, path, limit=2) == [[one.id], [three.id, two.id]]


def test_what_is_gone_or_moved_out_of_it_while_one_looks_is_passed_over(api, hub, hana, meanwhile):
    meetup = a_meetup(hana, hub)
    kept = a_meetup(hana, hub, ahead=timedelta(days=5))
    paris = {**A_PLACE, "latitude": 48.85, "longitude": 2.35}
    meanwhile(lambda: written(meetup, place=paris))

    assert ids(api.get("/meetups/near", query=LYON)) == [kept.id]

    (found,) = load(Meetup.key(hub.id, kept.id))
    meanwhile(found.delete)
    assert ids(api.get(f"/organizations/{hub.id}/meetups")) == [meetup.id]


def test_what_is_moved_to_another_month_while_one_looks_is_not_of_this_one(api, hub, hana, meanwhile):
    meetup = a_meetup(hana, hub, starts_at=at("2026-12-30T18:00:00+01:00"), **ONLINE)
    to = at("2027-01-05T18:00:00+01:00")
    meanwhile(lambda: written(meetup, starts_at=to, ends_at=to + timedelta(hours=1)))

    assert ids(api.get(f"/organizations/{hub.id}/meetups", query={"month": "2026-12"})) == []


HUBS = iter(range(10_000))


@histories(8)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40)), max_size=4),
    st.integers(1, 3),
)
def test_whatever_is_proposed_while_someone_reads_on_nothing_is_skipped_or_comes_out_of_order(
    before, during, limit
):
    hub = an_organization(f"cercle-{next(HUBS)}")

    def propose(hours):
        return a_meetup(a_caller("claire"), hub, ahead=timedelta(hours=hours), **ONLINE).id

    there = {propose(hours) for hours in before}
    read, page, turn = [], Page(limit), 0
    while page is not None:
        found = finding.upcoming(None, hub.id, page)
        assert found.last is None or len(found.items) == limit
        read += [(one.meetup.starts_at, one.meetup.id) for one in found.items]
        for _, hours in [one for one in during if one[0] == turn]:
            propose(hours)
        page, turn = (Page(limit, found.last) if found.last else None), turn + 1

    assert read == sorted(set(read))
    assert there <= {meetup_id for _, meetup_id in read}


def test_the_landing_shows_the_next_one_that_takes_answers(api, hub, hana, calls):
    closed = a_meetup(hana, hub, ahead=timedelta(days=1), rsvp_closes_at=NOW + timedelta(seconds=1), **ONLINE)
    written(closed, state="rsvp_closed")
    cancelled = a_meetup(hana, hub, ahead=timedelta(days=2), **ONLINE)
    written(cancelled, state="cancelled")
    full = a_meetup(hana, hub, ahead=timedelta(days=3), seats=1)
    a_meetup(hana, hub, ahead=timedelta(days=4))
    coming("noor", full, hub)
    calls.clear()

    shown = api.get(f"/organizations/{hub.id}/landing", by="noor").json["next_meetup"]

    assert shown == {
        "id": full.id,
        "title": "Café réglage",
        "starts_at": "2026-11-23T09:00:00.000Z",
        "time_zone": "Europe/Paris",
        "district": "Lyon 7e",
        "is_online": False,
        "seats_left": 0,
    }
    assert len(calls) == 3
