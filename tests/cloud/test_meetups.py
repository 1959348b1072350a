"""Meetups on the local cloud, over HTTP: the whole story of a coffee, and a hundred who come at once."""

from __future__ import annotations

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import vobject

from tests.cloud.clocks import moved
from tests.cloud.people import Person, eventually

AT_ONCE = 12
"""The emulator runs no more than sixteen functions at once."""

PLACE = {
    "district": "Lyon 7e",
    "name": "Café du Rond-Point",
    "address": "12 rue de Marseille, 69007 Lyon",
    "latitude": 45.7485,
    "longitude": 4.8467,
}


@pytest.fixture(scope="module")
def hub(cloud):
    claire = Person(cloud, "Claire", groups=["organizations.create"])
    body = {
        "slug": f"cyclofil-{uuid.uuid4().hex[:8]}",
        "name": "Cyclofil",
        "aim": "Réparer son vélo soi-même, ensemble.",
        "presets": ["help", "meet"],
    }
    opened = claire.post("/organizations", body)
    assert opened.status_code == 201, opened.text
    return opened.json()


@pytest.fixture
def clock(cloud):
    with moved(cloud) as clock:
        yield clock


def followers(cloud, hub, *names):
    """People who follow, signed up a few at a time."""

    def one(name):
        person = Person(cloud, name)
        assert person.put(f"/organizations/{hub['id']}/follow").status_code == 201
        return person

    with ThreadPoolExecutor(AT_ONCE) as doors:
        return list(doors.map(one, names))


def a_coffee(host, hub, starts_at, **said):
    body = {
        "title": "Café réglage de freins",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "time_zone": "Europe/Paris",
        "place": PLACE,
        **said,
    }
    proposed = host.post(f"/organizations/{hub['id']}/meetups", body)
    assert proposed.status_code == 201, proposed.text
    return proposed.json()


def said(person, meetup, answer="going"):
    """An answer; one that many others got in the way of is given again, as a client does."""
    while True:
        given = person.put(f"{meetup}/rsvp", {"answer": answer})
        if given.status_code != 409 or given.json()["code"] != "busy":
            assert given.status_code == 200, given.text
            return given.json()


def test_a_hundred_who_come_at_once_to_thirty_seats(cloud, hub, clock):
    hana, *crowd = followers(cloud, hub, "Hana", *(f"P{n}" for n in range(100)))
    coffee = a_coffee(hana, hub, clock.now() + timedelta(days=3), capacity=30)
    meetup = f"/organizations/{hub['id']}/meetups/{coffee['id']}"

    with ThreadPoolExecutor(100) as hands:
        answers = list(hands.map(lambda person: said(person, meetup), crowd))

    assert sorted(answer["state"] for answer in answers) == ["going"] * 30 + ["waitlisted"] * 70
    waiting = sorted((a for a in answers if a["state"] == "waitlisted"), key=lambda a: a["position"])
    assert [answer["position"] for answer in waiting] == list(range(1, 71))
    arrivals = [answer["since"] for answer in waiting]
    assert arrivals == sorted(arrivals)
    listed = hana.get(f"{meetup}/rsvps?listed=waitlisted&limit=33").json()["data"]
    assert [one["member_id"] for one in listed] == [answer["member_id"] for answer in waiting[:33]]
    read = hana.get(meetup).json()
    assert (read["going"], read["waiting"], read["seats_left"]) == (31, 70, 0)


def mails_to(cloud, person, subject):
    """The mails that someone was sent whose subject holds these words."""
    return [
        mail
        for mail in cloud.mail()
        if person.address in mail["to"] and subject.lower() in mail["subject"].lower()
    ]


def schedules_of(cloud, coffee):
    """What is set for later about a meetup: the revision that each is for."""
    pages = cloud.boto("scheduler").get_paginator("list_schedules").paginate()
    names = [schedule["Name"] for page in pages for schedule in page["Schedules"]]
    return sorted(name.rpartition("-")[2] for name in names if coffee["id"] in name)


def test_schedules_move_with_the_date_and_go_with_a_cancellation(cloud, hub, clock):
    (hana,) = followers(cloud, hub, "Hana")
    starts_at = clock.now() + timedelta(days=9)
    coffee = a_coffee(hana, hub, starts_at)
    meetup = f"/organizations/{hub['id']}/meetups/{coffee['id']}"
    assert eventually(lambda: schedules_of(cloud, coffee) == ["0"] * 4)  # its start, and three reminders

    later = {
        "starts_at": (starts_at + timedelta(days=1)).isoformat(),
        "ends_at": (starts_at + timedelta(days=1, hours=2)).isoformat(),
    }
    etag = hana.get(meetup).headers["ETag"]
    assert hana.call("PATCH", meetup, later, **{"If-Match": etag}).status_code == 200
    assert eventually(lambda: schedules_of(cloud, coffee) == ["1"] * 4)

    assert hana.post(f"{meetup}/cancel", {"reason": "Le café est fermé."}).status_code == 200
    assert eventually(lambda: schedules_of(cloud, coffee) == [])


def told_of(cloud, event, coffee):
    """Whether this was announced of it: its row in the journal."""
    journal = cloud.boto("dynamodb").scan(TableName=cloud.names["JournalTable"])["Items"]
    return [row for row in journal if event.lower() in str(row).lower() and coffee["id"] in str(row)]


def test_the_whole_story_of_a_coffee(cloud, hub, clock):
    hana, awa, bob, cleo = followers(cloud, hub, "Hana", "Awa", "Bob", "Cleo")
    home = f"/organizations/{hub['id']}"

    # proposed from a salon, where it is found
    salon = hub["default_salon_id"]
    coffee = a_coffee(hana, hub, clock.now() + timedelta(days=9), capacity=2, salon_id=salon)
    meetup = f"{home}/meetups/{coffee['id']}"
    found = awa.get(f"{home}/salons/{salon}/meetups").json()["data"]
    assert coffee["id"] in [one["id"] for one in found]
    assert found[0]["place"]["address"] is None

    # full; whoever comes later waits
    assert [said(one, meetup)["state"] for one in (awa, bob, cleo)] == ["going", "going", "waitlisted"]
    assert cleo.get(meetup).json()["place"]["address"] is None
    assert awa.get(meetup).json()["place"]["address"] == PLACE["address"]
    assert eventually(lambda: mails_to(cloud, awa, coffee["title"]))

    # a seat comes free, and is Cleo's, who is told
    said(awa, meetup, "declined")
    assert cleo.get(f"{meetup}/rsvp").json()["state"] == "going"
    assert eventually(lambda: mails_to(cloud, cleo, coffee["title"]))

    # reminded once a week ahead, the day before and an hour before, but not whoever does not come
    for by in ({"days": 2, "minutes": 1}, {"days": 6, "hours": 22, "minutes": 59}):
        before = len(mails_to(cloud, cleo, coffee["title"]))
        clock.forward(**by)
        assert eventually(lambda known=before: len(mails_to(cloud, cleo, coffee["title"])) == known + 1)
    to_awa = len(mails_to(cloud, awa, coffee["title"]))

    # there: Hana checks Bob in, and Bob reads Cleo's code
    assert hana.put(f"{meetup}/rsvps/{bob.id}/check-in", {}).status_code == 200
    code = cleo.get(f"{meetup}/rsvp").json()["code"]
    assert bob.put(f"{meetup}/rsvps/{cleo.id}/check-in", {"code": code}).status_code == 200
    assert cleo.get(f"{meetup}/rsvp").json()["state"] == "checked_in"

    # over, and told two days later
    clock.forward(hours=4)
    assert eventually(lambda: clock.ring() or told_of(cloud, "meetup.ended", coffee))
    clock.forward(hours=48)
    assert eventually(lambda: clock.ring() or hana.get(meetup).json()["state"] == "recapped")
    recap = cleo.get(f"{meetup}/recap")
    assert recap.json()["came"] == 2
    assert len(mails_to(cloud, awa, coffee["title"])) == to_awa

    # in everyone's calendar
    feed = cleo.get("/me/calendar").json()["url"]
    calendar = vobject.readOne(io.StringIO(cleo.get(feed.partition("/v1")[2]).text))
    assert coffee["title"] in [event.summary.value for event in calendar.vevent_list]
