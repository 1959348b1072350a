"""What is walked of meetups to see what every operation costs."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain import events
from chalicelib.domain.meetups import album, one_click, standpoints, stripping
from chalicelib.gateways import clock, files
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Meetup
from chalicelib.models.tables import load
from tests import photographs
from tests.factories import A_PLACE, a_caller, a_follower, a_meetup, coming
from tests.roads import announced

PLACE = {name: value for name, value in A_PLACE.items() if name != "public"}


def walk_meetups(meter, home, hub, slug, crowd):
    """Call every operation on meetups once, with such a crowd at each."""
    hana = a_follower(f"{slug}-hana", hub)
    a_follower(f"{slug}-awa", hub)
    _proposing(meter, home, hub, slug, crowd)
    coffee = _a_full_one(hana, hub, slug, crowd, ahead=timedelta(days=3))
    at = f"{home}/meetups/{coffee.id}"
    _finding(meter, home, at, slug)
    _answering(meter, at, hub, coffee, slug)
    _calendars(meter, at, slug)
    _changing(meter, at, hub, coffee, slug)
    _being_there(meter, home, hub, slug, crowd)
    _series(meter, home, hub, slug)


def _a_full_one(host, hub, slug, crowd, *, ahead):
    coffee = a_meetup(host, hub, seats=crowd, ahead=ahead)
    for n in range(3 * crowd):
        coming(f"{slug}-m{n}", coffee, hub)
    return coffee


def _body(ahead, **said):
    starts_at = clock.now() + ahead
    return {
        "title": "Café réglage", "time_zone": "Europe/Paris", "place": PLACE,
        "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat(), **said,
    }  # fmt: skip


def _proposing(meter, home, hub, slug, crowd):
    me = f"{slug}-hana"
    for _ in range(crowd):
        a_meetup(a_follower(f"{slug}-other", hub), hub, salon_id=hub.default_salon_id)
    body = _body(timedelta(days=5), draft=True, salon_id=hub.default_salon_id)
    drafted = meter("POST", f"{home}/meetups", by=me, body=body).json
    meter("POST", f"{home}/meetups/{drafted['id']}/publish", by=me)


def _finding(meter, home, at, slug):
    me = f"{slug}-awa"
    meter("GET", at, by=f"{slug}-m0")
    salon = meter("GET", home).json["default_salon_id"]
    meter("GET", f"{home}/meetups", by=me, query={"limit": 20})
    meter("GET", f"{home}/salons/{salon}/meetups", by=me, query={"limit": 20})
    near = {"latitude": A_PLACE["latitude"], "longitude": A_PLACE["longitude"], "limit": 20}
    meter("GET", "/meetups/near", by=me, query=near)
    meter("GET", "/me/meetups", by=f"{slug}-hana", query={"limit": 20})
    meter("GET", "/me/meetups/past", by=f"{slug}-hana", query={"limit": 20})


def _answering(meter, at, hub, coffee, slug):
    me, host, awa = f"{slug}-awa", f"{slug}-hana", a_caller(f"{slug}-awa")
    meter("PUT", f"{at}/rsvp", by=me, body={"answer": "going"})
    meter("GET", f"{at}/rsvp", by=me)
    meter("GET", f"{at}/rsvps", by=host, query={"limit": 50})
    meter("PUT", f"{at}/rsvps/{awa.member_id}", by=host, body={"answer": "interested"})
    meter("POST", f"{at}/rsvp/undo", by=me)
    meter("PUT", f"{at}/rsvp", by=me, body={"answer": "declined"})
    first = a_caller(f"{slug}-m0").member_id
    reason = {"reason": "Vous aviez annoncé dix personnes."}
    meter("POST", f"{at}/rsvps/{first}/removal", by=host, body=reason)
    stands = standpoints.look(a_caller(f"{slug}-m1").member_id, hub.id, coffee.id)
    token = one_click.link_to(stands, "declined").partition("token=")[2]
    meter("GET", f"/rsvps/one-click?token={token}")
    meter("POST", f"/rsvps/one-click?token={token}")


def _calendars(meter, at, slug):
    me = f"{slug}-hana"
    meter("GET", f"{at}/calendar", by=me)
    meter("GET", "/me/calendar", by=me)
    renewed = meter("POST", "/me/calendar/renewal", by=me).json["url"]
    meter("GET", renewed.partition("/v1")[2])


def _changing(meter, at, hub, coffee, slug):
    me, awa = f"{slug}-hana", a_caller(f"{slug}-awa")
    meter("PATCH", at, by=me, body={"capacity": 200}, If_Match=_version(hub, coffee))
    coming(f"{slug}-awa", coffee, hub)
    later = {"starts_at": (clock.now() + timedelta(days=4)).isoformat(),
             "ends_at": (clock.now() + timedelta(days=4, hours=1)).isoformat()}  # fmt: skip
    meter("PATCH", at, by=me, body=later, If_Match=_version(hub, coffee))
    meter("PUT", f"{at}/co-hosts/{awa.member_id}", by=me)
    meter("PUT", f"{at}/host", by=me, body={"member_id": awa.member_id})
    meter("DELETE", f"{at}/co-hosts/{a_caller(me).member_id}", by=f"{slug}-awa")
    meter("POST", f"{at}/cancel", by=f"{slug}-awa", body={"reason": "Le café est fermé ce jour-là."})


def _version(hub, coffee):
    return f'"{int(load(Meetup.key(hub.id, coffee.id))[0].version)}"'


def _being_there(meter, home, hub, slug, crowd):
    hana, awa, bob = (a_follower(f"{slug}-{name}", hub) for name in ("hana", "awa", "bob"))
    coffee = a_meetup(hana, hub, seats=100, ahead=timedelta(minutes=30))
    for name in (*(f"{slug}-m{n}" for n in range(2, 2 + crowd)), f"{slug}-awa", f"{slug}-bob"):
        coming(name, coffee, hub)
    at = f"{home}/meetups/{coffee.id}"
    meter("PUT", f"{at}/rsvps/{awa.member_id}/check-in", by=f"{slug}-hana", body={})
    _has_begun(hub, coffee)
    meter("PUT", f"{at}/rsvps/{bob.member_id}/no-show", by=f"{slug}-hana")
    meter("DELETE", f"{at}/rsvps/{bob.member_id}/no-show", by=f"{slug}-hana")
    code = meter("GET", f"{at}/rsvp", by=f"{slug}-bob").json["code"]
    meter("PUT", f"{at}/rsvps/{bob.member_id}/check-in", by=f"{slug}-awa", body={"code": code})
    told = {"words": "Six vélos freinent."}
    meter("PUT", f"{at}/recap", by=f"{slug}-hana", body=told, If_Match=_version(hub, coffee))
    for n in range(2, 2 + crowd):
        _keep_in_touch(meter, at, awa, a_caller(f"{slug}-m{n}"), slug, n)
    meter("GET", f"{at}/recap", by=f"{slug}-awa")
    meter("GET", "/me/contacts", by=f"{slug}-awa", query={"limit": 30})
    meter("DELETE", f"{at}/attendees/{bob.member_id}/keep-in-touch", by=f"{slug}-awa")
    _pictures(meter, at, slug)


def _keep_in_touch(meter, at, awa, other, slug, n):
    share = {"share": "awa@example.org"}
    meter("PUT", f"{at}/attendees/{other.member_id}/keep-in-touch", by=f"{slug}-awa", body=share)
    meter("PUT", f"{at}/attendees/{awa.member_id}/keep-in-touch", by=f"{slug}-m{n}", body=share)


def _has_begun(hub, coffee):
    meetup = load(Meetup.key(hub.id, coffee.id))[0]
    began = clock.now() - timedelta(hours=3)
    with changes() as change:
        change.edit(meetup, starts_at=began, rsvp_closes_at=began, ends_at=began + timedelta(hours=2))


def _pictures(meter, at, slug):
    me = f"{slug}-awa"
    body = {"media_type": "image/jpeg", "bytes": 4000}
    picture = meter("POST", f"{at}/pictures", by=me, body=body).json
    meter("POST", f"{at}/pictures/{picture['id']}/sent", by=me)
    files.put(album.upload_key(picture["id"]), photographs.photograph(), media_type="image/jpeg")
    for event in announced(events.PictureSent):
        stripping.look_at(event)
    hiding, moderator = f"{at}/pictures/{picture['id']}/hiding", {"by": "mona", "groups": ["moderation"]}
    why = {"rule": "threats", "facts": "Une menace, mot pour mot."}
    meter("PUT", hiding, body=why, **moderator)
    meter("DELETE", hiding, **moderator)
    meter("GET", f"{at}/pictures", by=me, query={"limit": 40})
    meter("GET", f"{at}/pictures/{picture['id']}", by=me)
    meter("DELETE", f"{at}/pictures/{picture['id']}", by=me)


def _series(meter, home, hub, slug):
    me = f"{slug}-hana"
    body = _body(timedelta(days=2), repeats={"every": "week", "times": 4})
    series = meter("POST", f"{home}/series", by=me, body=body).json
    there = f"{home}/series/{series['id']}"
    meter("GET", there)
    meter("GET", f"{there}/meetups", query={"limit": 20})
    meter("GET", f"{there}/calendar")
    meter("POST", f"{there}/end", by=me, body={"reason": "Nous déménageons cet hiver."})
