"""What every operation costs in calls to AWS: few, and as many in a crowd as among three."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import APIS
from chalicelib.domain import helping, messages, organizations, questions
from chalicelib.domain.live import presence
from chalicelib.domain.recognition import thanks
from chalicelib.gateways import clock, links
from tests import hosts
from tests.budgets import walk_meetups
from tests.conformity import operation_of
from tests.factories import (
    a_caller,
    a_follower,
    a_host,
    a_message,
    a_salon,
    a_volunteer,
    an_organization,
)

READS, WRITES = 3, 4
RARE = {"decide_appeal"}
"""Once in a blue moon, and by a moderator: overturning reads what it gives back."""

MODERATORS = ["moderation"]


class Meter:
    """Calls the API, and notes what each operation costs."""

    def __init__(self, api, calls):
        self._api, self._calls, self.costs = api, calls, {}

    def __call__(self, method, path, *, expect=None, **call):
        self._calls.clear()
        answer = self._api.call(method, path, **call)
        assert answer.status in (expect or (200, 201, 204)), answer
        self.costs[operation_of(method, f"/v1{path}")["operationId"]] = tuple(self._calls)
        return answer


def walk(meter, slug, crowd):
    """Call every operation once, in an organization with such a crowd in it."""
    noor, hub = _populate(slug, crowd)
    home = f"/organizations/{hub.id}"
    _organization(meter, home, slug, noor)
    salon = _salons(meter, home, slug)
    _messages(meter, f"{home}/salons/{salon.id}", salon, slug, crowd)
    _moderation(meter, home, hub, salon, slug)
    _guests(meter, home, hub, slug)
    _helping(meter, home, hub, slug, crowd)
    _questions(meter, home, hub, slug, crowd)
    walk_meetups(meter, home, hub, slug, crowd)
    meter("DELETE", f"{home}/follow", by=f"{slug}-noor")


def _populate(slug, crowd):
    hub = an_organization(slug, presets=("help", "ideas", "meet", "learn"))
    noor = a_follower(f"{slug}-noor", hub)
    a_host(f"{slug}-host", hub)
    default = organizations.find(hub.id).default_salon_id
    for n in range(crowd):
        someone = a_follower(f"{slug}-{n}", hub)
        messages.post(someone, hub.id, default, client_message_id="hello", text="Bonjour !")
        a_salon(hub, title=f"Salon {n}")
        an_organization(f"{slug}-{n}")
    return noor, hub


def _organization(meter, home, slug, noor):
    me = f"{slug}-noor"
    body = {"slug": f"{slug}-new", "name": "Neuf", "aim": "Commencer.", "presets": ["help"]}
    meter("POST", "/organizations", by="claire", groups=["organizations.create"], body=body)
    meter("GET", "/organizations")
    meter("GET", home)
    meter("PATCH", home, by="claire", body={"aim": "Rouler."}, If_Match='"1"')
    meter("GET", f"{home}/settings")
    decided = {"values": {"reply_promise_hours": 12}, "why": "Nous sommes nombreux."}
    meter("PATCH", f"{home}/settings", by="claire", body=decided, If_Match='"2"')
    meter("GET", f"{home}/landing", by=me)
    meter("PUT", f"{home}/follow", by=f"{slug}-late")
    meter("GET", "/me", by=me)
    meter("PATCH", "/me", by=me, body={"name": "Noor B."}, If_Match='"1"')
    meter("GET", "/me/organizations", by=me)
    meter("GET", f"/me{home}", by=me)
    meter("PATCH", f"/me{home}", by=me, body={"knows": ["roues"]}, If_Match='"1"')
    meter("GET", f"{home}/members", by=me, query={"limit": 100})
    meter("GET", f"{home}/members/{noor.member_id}", by=me)
    meter(
        "PUT",
        f"{home}/members/{noor.member_id}/role",
        by="claire",
        body={"role": "none", "voice": "champion"},
    )
    meter("GET", f"{home}/role-changes", by=me)
    meter("GET", f"/me{home}/mails", by=me)
    meter("PUT", f"/me{home}/mails", by=me, body={"wanted": False})
    token = links.unsubscribe(noor.member_id, home.rsplit("/", 1)[1]).partition("token=")[2]
    meter("GET", f"/unsubscribe?token={token}")
    meter("POST", f"/unsubscribe?token={token}")
    meter("POST", "/live/tickets", by=me)
    meter("POST", f"{home}/live/tickets", by=me)
    meter("GET", "/openapi.json")


def _salons(meter, home, slug):
    me, hub = f"{slug}-noor", organizations.find(home.rsplit("/", 1)[1])
    other = an_organization(f"{slug}-other", by="paul")
    salon = a_salon(hub, title="Atelier")
    there = f"{home}/salons/{salon.id}"
    meter("GET", f"{home}/salons", query={"limit": 90})
    meter("POST", f"{home}/salons", by="claire", body={"title": "Balades"})
    meter("GET", there)
    meter("PATCH", there, by="claire", body={"theme": "Mécanique"}, If_Match='"1"')
    meter("PUT", f"{there}/join", by=me)
    a_message(a_caller("claire"), salon)
    meter("PUT", f"{there}/reading", by=me, body={"last_read_seq": 1})
    meter("GET", f"{home}/readings", by=me, query={"limit": 45})
    meter("DELETE", f"{there}/join", by=me)
    meter("POST", f"{there}/shares", by="claire", body={"organization_id": other.id})
    meter("GET", f"/organizations/{other.id}/salon-offers", by="paul")
    meter("PUT", f"/organizations/{other.id}/shared-salons/{salon.id}", by="paul")
    meter("DELETE", f"/organizations/{other.id}/shared-salons/{salon.id}", by="paul")
    return salon


def _messages(meter, there, salon, slug, crowd):
    me, host, hub = f"{slug}-noor", f"{slug}-host", organizations.find(salon.organization_id)
    first = a_message(a_caller(me), salon)
    body = {"client_message_id": "k", "text": "Et avec une clé de 15 ?", "reply_to": first.id}
    said = meter("POST", f"{there}/messages", by=me, body=body).json
    path = f"{there}/messages/{said['id']}"
    for n in range(crowd):
        caller = a_caller(f"{slug}-{n}")
        a_message(caller, salon)
        messages.react(caller, hub.id, salon.id, said["id"], "heart")
        thanks.give(caller, hub.id, salon.id, said["id"], text="Merci !")
    meter("GET", f"{there}/messages", by=me, query={"limit": 48})
    meter("GET", path, by=me)
    meter("GET", f"{path}/history")
    meter("PATCH", path, by=me, body={"text": "Et avec une clé de 14 ?"}, If_Match='"1"')
    meter("PUT", f"{path}/reactions/laugh", by=host)
    meter("DELETE", f"{path}/reactions/laugh", by=host)
    meter("PUT", f"{path}/thanks", by=host, body={"text": "Utile."})
    meter("GET", f"{path}/thanks", query={"limit": 48})
    meter("DELETE", f"{path}/thanks", by=host)
    meter("GET", "/me/recognition", by=me)
    meter("PUT", f"{there}/pin", by="claire", body={"message_id": said["id"]})
    meter("DELETE", f"{there}/pin", by="claire")
    meter("DELETE", path, by=me)


def _moderation(meter, home, hub, salon, slug):
    me = f"{slug}-noor"
    message = a_message(a_caller(me), salon, "Des mots contestés")
    there = f"{home}/salons/{salon.id}"
    restriction = {"rule": "threats", "facts": "Une menace, mot pour mot."}
    hiding = f"{there}/messages/{message.id}/hiding"
    statement = meter("PUT", hiding, by="mona", groups=MODERATORS, body=restriction).json
    meter("GET", f"{home}/statements/{statement['id']}", by=me)
    meter(
        "POST", f"{home}/statements/{statement['id']}/appeal", by=me, body={"text": "C’était une citation."}
    )
    decision = {"outcome": "overturned", "text": "C’était en effet une citation."}
    meter(
        "POST", f"{home}/statements/{statement['id']}/decision", by="maud", groups=MODERATORS, body=decision
    )
    meter("PUT", hiding, by="mona", groups=MODERATORS, body=restriction)
    meter("DELETE", hiding, by="mona", groups=MODERATORS)
    meter("PUT", f"{there}/freeze", by="mona", groups=MODERATORS, body=restriction)
    meter("DELETE", f"{there}/freeze", by="mona", groups=MODERATORS)
    suspensions = f"{home}/members/{a_caller(me).member_id}/suspensions"
    restriction["until"] = (clock.now() + timedelta(days=7)).isoformat()
    suspended = meter("POST", suspensions, by="mona", groups=MODERATORS, body=restriction).json
    meter("GET", suspensions, by=me)
    meter("DELETE", f"{suspensions}/{suspended['id']}", by="mona", groups=MODERATORS)


def _guests(meter, home, hub, slug):
    body = {"origins": [hosts.SITE], "host": hosts.host()}
    meter("PUT", f"{home}/widget", by="claire", body=body, If_Match='"0"')
    meter("GET", f"{home}/widget", by="claire")
    meter("GET", f"/widget/{slug}")
    meter("GET", f"/widget/{slug}/page")
    meter("GET", "/widget/client/v1.js")
    said = {"organization_id": hub.id, "host_token": hosts.host_token(f"{slug}-noor")}
    session = meter("POST", "/widget/sessions", body=said, Origin=hosts.SITE).json
    guest = {"Authorization": f"Bearer {session['token']}", "Origin": hosts.SITE}
    address = {"email": f"{slug}-noor@example.org"}
    meter("POST", "/widget/sessions/email", body=address, **guest)
    code = {"code": hosts.code_mailed_to(session["guest_id"])}
    meter("POST", "/widget/sessions/email/confirm", body=code, **guest)
    meter("POST", "/widget/sessions/renew", **guest)
    link = hosts.link_to_missed_words(hub, session["guest_id"])
    meter("POST", "/widget/sessions/return", body={"link": link}, Origin=hosts.SITE)
    meter("POST", "/me/guests", by=f"{slug}-noor", body={"guest_token": session["token"]})


def _helping(meter, home, hub, slug, crowd):
    me, mine = f"{slug}-noor", f"/me{home}/helping"
    for n in range(crowd):
        volunteer = a_volunteer(f"{slug}-{n}", hub)
        presence.renew(volunteer.member_id, "a connection", state="active")
        questions.ask(volunteer, hub.id, text="Comment ?", topics=["freins"])
    body = {"topics": ["freins", "roues"], "all_topics": True, "capacity": 2, "daily_cap": 5}
    meter("PUT", mine, by=me, body=body)
    meter("GET", mine, by=me)
    meter("PUT", f"{mine}/pause", by=me, body={})
    meter("DELETE", f"{mine}/pause", by=me)
    meter("GET", f"/me{home}/offers", by=me, query={"limit": 100})
    meter("GET", f"{home}/availability")


def _questions(meter, home, hub, slug, crowd):
    me, host, asker = (f"{slug}-{name}" for name in ("nora", "hilda", "sam"))
    for name in (me, host, asker):
        a_follower(name, hub)
    body = {"text": "Mes freins grincent : que faire ?", "topics": ["freins"]}
    for _ in range(crowd):
        questions.ask(a_caller(asker), hub.id, **body)
    asked = meter("POST", f"{home}/questions", by=asker, body=body).json
    at = f"{home}/questions/{asked['id']}"
    meter("GET", f"{home}/questions", query={"limit": 100})
    meter("GET", f"/me{home}/questions", by=asker, query={"limit": 50})
    meter("POST", f"{at}/claim", by=me)
    meter("POST", f"{at}/release", by=me)
    meter("POST", f"{at}/claim", by=host)
    said = {"text": "Dégraissez le disque."}
    meter("POST", f"{at}/messages", by=host, body={"client_message_id": "k", **said})
    for n in range(crowd):
        meter("POST", f"{at}/messages", by=asker, body={"client_message_id": f"k{n}", **said})
    meter("GET", f"{at}/messages", by=asker, query={"limit": 50})
    note = {"note": "Disque dégraissé, reste le câble."}
    meter("POST", f"{at}/hand-over", by=host, body=note)
    meter("POST", f"{at}/hand-over/decline", by=host)
    nora = a_caller(me)
    helping.pause(nora, hub.id, until=clock.now() + timedelta(hours=3))
    later = meter("POST", f"{at}/hand-over", by=host, body={**note, "to": nora.member_id}).json["proposal"]
    meter("POST", f"{at}/hand-over/wait", by=asker, body={"proposal_id": later["id"], "agrees": False})
    helping.resume(nora, hub.id)
    meter("POST", f"{at}/hand-over", by=host, body=note)
    meter("POST", f"{at}/hand-over/accept", by=me)
    meter("GET", at, by=asker)
    meter("POST", f"{at}/invite", by=asker, body={"member_id": a_caller(host).member_id})
    meter("PUT", f"{at}/invitation", by=host)
    meter("DELETE", f"{at}/invitation", by=host)
    for n, who in enumerate((asker, me, asker)):
        watcher = f"{slug}-{('noor', 'late')[n // 2]}"
        meter("PUT", f"{at}/spectators/{a_caller(watcher).member_id}", by=who)
    meter("PUT", f"{at}/watching", by=f"{slug}-noor")
    meter("DELETE", f"{at}/watching", by=f"{slug}-noor")
    meter("DELETE", f"{at}/spectators/{a_caller(watcher).member_id}", by=me)
    meter("POST", f"{at}/answered", by=me)
    meter("POST", f"{at}/confirm", by=asker, body={"outcome": "yes"})
    meter("PUT", f"{at}/thanks", by=asker, body={"text": "Merci !"})
    _sharing(meter, home, at, (asker, me))
    meter("POST", f"{at}/block", by=asker, body={"member_id": nora.member_id})
    meter("POST", f"{at}/reopen", by=asker)
    meter("POST", f"{at}/withdraw", by=asker, body={})


def _sharing(meter, home, at, both):
    for who in both:
        meter("PUT", f"{at}/sharing", by=who, body={"shown_as": "name", "up_to_seq": 1})
    meter("GET", f"{at}/sharing", by=who)
    meter("GET", f"{home}/shared-questions", query={"limit": 45})
    meter("GET", f"{at}/shared")
    meter("GET", f"{at}/shared/messages", query={"limit": 50})
    meter("DELETE", f"{at}/sharing", by=who)


@pytest.fixture(scope="module")
def operations():
    return {endpoint.name: endpoint for api in APIS for endpoint in api.endpoints}


def test_every_operation_is_within_its_budget_whatever_the_crowd(api, calls, operations):
    few, many = Meter(api, calls), Meter(api, calls)
    walk(few, "few", 1)
    walk(many, "many", 12)

    assert set(few.costs) == set(many.costs) == set(operations), "an operation has no budget: walk it"
    too_dear = {
        name: cost
        for name, cost in many.costs.items()
        if len(cost) > (READS if operations[name].method == "GET" else WRITES) and name not in RARE
    }
    assert too_dear == {}
    grown = {
        name: (cost, many.costs[name])
        for name, cost in few.costs.items()
        if len(many.costs[name]) > len(cost)
    }
    assert grown == {}
    assert not {call for cost in many.costs.values() for call in cost if "Scan" in call}
