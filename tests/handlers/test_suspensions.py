"""Suspensions: for a time, in one organization, by platform moderation, with reasons, and appealed."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import (
    conversations,
    following,
    helping,
    members,
    messages,
    moderation,
    questions,
    routing,
    salons,
    standing,
)
from chalicelib.domain.live import presence
from chalicelib.domain.memberships import MemberNotFound
from chalicelib.domain.recognition import statement as ledger
from chalicelib.domain.recognition import thanks
from chalicelib.gateways import clock
from chalicelib.models.memberships import Membership
from chalicelib.models.moderation import Statement
from chalicelib.models.organizations import Organization
from chalicelib.models.suspensions import RunningSuspension, Suspension
from chalicelib.models.tables import CommunityItem, load
from chalicelib.pages import Page
from tests import faults
from tests.factories import (
    a_caller,
    a_follower,
    a_host,
    a_message,
    a_salon,
    a_volunteer,
    an_organization,
)
from tests.histories import histories
from tests.questions import Story, a_question, must_add_up

WRITE = "dynamodb.UpdateItem"  # the rate bucket
READ = "dynamodb.BatchGetItem"
QUERY = "dynamodb.Query"
COMMIT = "dynamodb.TransactWriteItems"
TAKE, KEEP = "dynamodb.GetItem", "dynamodb.PutItem"  # a receipt

WHY = {"rule": "harassment", "facts": "Douze messages d’insultes à la même personne."}
MONA = a_caller("mona", scopes=["moderation"])
MOUSSA = a_caller("moussa", scopes=["moderation"])


def moderating(name="mona"):
    return {"by": name, "groups": ("moderation",)}


def path(hub, name, rest=""):
    return f"/organizations/{hub.id}/members/{a_caller(name).member_id}/suspensions{rest}"


def asking(days=7, **more):
    return {**WHY, "until": (clock.now() + timedelta(days=days)).isoformat(), **more}


def suspend(hub, name, *, by=MONA, **until):
    ends = clock.now() + timedelta(**(until or {"days": 7}))
    return moderation.suspend(by, hub.id, a_caller(name).member_id, until=ends, **WHY)


def lift(suspension, *, by=MONA):
    moderation.lift(by, suspension.organization_id, suspension.member_id, suspension.id)


def speaks(name, hub, salon):
    """Whether they may say something there now."""
    try:
        a_message(a_caller(name), salon)
    except standing.Suspended:
        return False
    return True


@pytest.fixture
def hub():
    """An organization that Noor follows; Mona and Moussa moderate the platform."""
    hub = an_organization()
    for follower in ("noor", "lou"):
        a_follower(follower, hub)
    for moderator in (MONA, MOUSSA):
        members.require(moderator)
    return hub


@pytest.fixture
def atelier(hub):
    return a_salon(hub)


# --- suspending


def test_moderation_suspends_someone_with_a_statement_of_reasons_in_one_transaction(
    api, hub, calls, announced
):
    calls.clear()

    answer = api.post(path(hub, "noor"), body=asking(), **moderating())

    assert calls == [WRITE, READ, COMMIT]
    assert answer.status == 201, answer
    said = answer.json
    assert (said["member_id"], said["rule"], said["state"]) == (
        a_caller("noor").member_id, "harassment", "running",
    )  # fmt: skip
    assert MONA.member_id not in answer.text
    (statement,) = load(Statement.key(hub.id, said["statement_id"]))
    assert (statement.object_kind, statement.object_id, statement.facts) == (
        "suspension", said["id"], WHY["facts"],
    )  # fmt: skip
    assert statement.until == load(Suspension.key(hub.id, said["member_id"], said["id"]))[0].until
    assert announced()[-1] == "member.suspended.v1"


@pytest.mark.parametrize("who", ["claire", "nadia", "noor", "lou"])
def test_no_role_in_an_organization_suspends_or_lifts(api, hub, stored, who):
    a_host("nadia", hub, role="admin")
    running = suspend(hub, "lou")
    before = stored()

    answers = [
        api.post(path(hub, "noor"), by=who, body=asking()),
        api.delete(path(hub, "lou", f"/{running.id}"), by=who),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "scope_missing")}
    assert stored() == before


@pytest.mark.parametrize("role", ["owner", "admin", "community_manager", "moderator", "staff"])
def test_a_moderator_with_a_role_in_the_organization_is_party_to_the_matter(api, hub, stored, role):
    running = suspend(hub, "lou")
    a_host("mona", hub, role=role)
    before = stored()

    answers = [
        api.post(path(hub, "noor"), body=asking(), **moderating()),
        api.delete(path(hub, "lou", f"/{running.id}"), **moderating()),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "party_to_the_matter")}
    assert stored() == before


def test_a_moderator_neither_suspends_themselves_nor_lifts_their_own_suspension(api, hub, stored):
    following.follow(MONA, hub.id)
    following.follow(MOUSSA, hub.id)
    running = suspend(hub, "mona", by=MOUSSA)
    before = stored()

    answers = [
        api.post(path(hub, "moussa"), body=asking(), **moderating("moussa")),
        api.delete(path(hub, "mona", f"/{running.id}"), **moderating("mona")),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "party_to_the_matter")}
    assert stored() == before


@pytest.mark.parametrize("who", ["zoe", "eve"])
def test_only_someone_who_follows_is_suspended(api, hub, stored, who):
    a_follower("eve", an_organization("ailleurs"))
    before = stored()

    answer = api.post(path(hub, who), body=asking(), **moderating())

    assert (answer.status, answer.code) == (404, "member_not_found")
    assert stored() == before


@pytest.mark.parametrize("days", [-1, 0, 367, 36_500])
def test_a_suspension_ends_in_the_future_and_within_a_year(api, hub, stored, days):
    before = stored()

    answer = api.post(path(hub, "noor"), body=asking(days), **moderating())

    assert (answer.status, answer.code) == (422, "suspension_ends_too_late")
    assert "/until" in answer.text
    assert stored() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": None},
        {"until": "toujours"},
        {"until": "2027-01-01T00:00:00"},
        {"rule": "off_topic"},
        {"facts": "Non."},
        {"permanent": True},
    ],
)
def test_there_is_no_suspension_without_an_end_a_known_rule_and_facts(api, hub, stored, wrong):
    before = stored()

    answer = api.post(path(hub, "noor"), body={**asking(), **wrong}, **moderating())

    assert (answer.status, answer.code) == (422, "invalid_request")
    assert stored() == before


def test_one_suspension_runs_at_a_time(api, hub, stored):
    first = api.post(path(hub, "noor"), body=asking(), **moderating()).json
    before = stored()

    again = api.post(path(hub, "noor"), body=asking(30), **moderating("moussa"))

    assert (again.status, again.code, again.json["suspension_id"]) == (409, "already_suspended", first["id"])
    assert stored() == before


def test_once_one_is_over_another_may_follow(hub, atelier, time_passes):
    suspend(hub, "noor", days=1)
    time_passes(days=1)
    assert speaks("noor", hub, atelier)

    suspend(hub, "noor", days=1)

    assert not speaks("noor", hub, atelier)


def test_a_suspension_asked_for_twice_under_one_key_is_one(api, hub, announced):
    key, body = "a-key-of-the-moderators", asking()
    first = api.post(path(hub, "noor"), body=body, Idempotency_Key=key, **moderating())

    again = api.post(path(hub, "noor"), body=body, Idempotency_Key=key, **moderating())

    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotency-replayed"] == "true"
    assert announced().count("member.suspended.v1") == 1


def test_two_moderators_at_the_same_instant_suspend_once(hub, monkeypatch, announced):
    real, turns = moderation.suspending.load, []

    def load_late(*keys):
        found = real(*keys)
        if not turns:
            turns.append(1)
            suspend(hub, "noor", by=MOUSSA)
        return found

    monkeypatch.setattr(moderation.suspending, "load", load_late)

    with pytest.raises(moderation.AlreadySuspended):
        suspend(hub, "noor")
    assert announced().count("member.suspended.v1") == 1


def kept_of_suspensions():
    kinds = [type(item) for item in CommunityItem.scan()]
    return [kinds.count(kind) for kind in (Suspension, Statement, RunningSuspension)]


@pytest.mark.parametrize(("fault", "count"), [("crash-before", 0), ("crash-after", 1)])
def test_a_suspension_is_whole_or_not_there_whatever_breaks(hub, fault, count):
    with faults.installed() as injector, pytest.raises(faults.Crash):
        injector.fail("TransactWriteItems", fault)
        suspend(hub, "noor")

    assert kept_of_suspensions() == [count] * 3


def test_a_suspension_whose_answer_was_lost_is_found_by_the_same_key(api, hub):
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", "net-after")
        answer = api.post(path(hub, "noor"), body=asking(), Idempotency_Key="a-lost-answer", **moderating())

    assert (answer.status, answer.json["state"]) == (201, "running")
    assert kept_of_suspensions() == [1] * 3


def test_the_last_owner_may_be_suspended_and_stays_the_owner(api, hub, atelier):
    suspend(hub, "claire")

    assert not speaks("claire", hub, atelier)
    (owner, organization) = load(
        Membership.key(hub.id, a_caller("claire").member_id), Organization.key(hub.id)
    )
    assert (owner.role, int(organization.owners)) == ("owner", 1)
    made = api.put(
        f"/organizations/{hub.id}/members/{a_caller('noor').member_id}/role",
        by="claire",
        body={"role": "owner"},
    )
    assert made.status == 200, made
    assert api.delete(f"/organizations/{hub.id}/follow", by="claire").status == 204


# --- what it does


def in_salon(atelier, said):
    return f"/organizations/{atelier.organization_id}/salons/{atelier.id}/messages/{said.id}"


def test_someone_suspended_says_nothing_in_a_salon_until_the_clock_says_so(
    api, hub, atelier, stored, time_passes
):
    said, other = a_message(a_caller("noor"), atelier), a_message(a_caller("lou"), atelier)
    a_host("noor", hub)
    until = suspend(hub, "noor").until
    api.get("/me", by="noor")
    before, there = stored(), f"/organizations/{hub.id}/salons"
    words = {"client_message_id": "late", "text": "Encore moi"}

    tried = [
        ("POST", f"{there}/{atelier.id}/messages", words, {}),
        ("PATCH", in_salon(atelier, said), {"text": "Autre chose"}, {"If_Match": '"1"'}),
        ("PUT", in_salon(atelier, other) + "/reactions/heart", None, {}),
        ("PUT", in_salon(atelier, other) + "/thanks", {"text": "Merci."}, {}),
        ("PUT", f"{there}/{atelier.id}/pin", {"message_id": said.id}, {}),
        ("PATCH", f"{there}/{atelier.id}", {"title": "Le mien"}, {"If_Match": '"1"'}),
        ("POST", there, {"title": "Le mien", "theme": "À moi."}, {}),
    ]
    answers = [api.call(method, to, by="noor", body=body, **more) for method, to, body, more in tried]

    assert [(answer.status, answer.code) for answer in answers] == [(403, "suspended")] * len(tried)
    assert {answer.json["until"] for answer in answers} == {until.isoformat(timespec="seconds")}
    (running,) = load(RunningSuspension.key(hub.id, a_caller("noor").member_id))
    assert {answer.json["statement_id"] for answer in answers} == {running.statement_id}
    assert stored() == before
    time_passes(days=7)
    assert api.post(f"{there}/{atelier.id}/messages", by="noor", body=words).status == 201


def test_what_was_said_before_may_be_taken_back_and_a_repetition_finds_it(api, hub, atelier):
    noor = a_caller("noor")
    body = {"client_message_id": "k", "text": "Bonjour"}
    there = f"/organizations/{hub.id}/salons/{atelier.id}/messages"
    said = api.post(there, by="noor", body=body).json
    other = a_message(a_caller("lou"), atelier)
    messages.react(noor, hub.id, atelier.id, other.id, "heart")
    thanks.give(noor, hub.id, atelier.id, other.id, text="Merci.")
    suspend(hub, "noor")

    assert api.post(there, by="noor", body=body).status == 200
    assert api.delete(f"{there}/{other.id}/reactions/heart", by="noor").status == 204
    assert api.delete(f"{there}/{other.id}/thanks", by="noor").status == 204
    assert api.delete(f"{there}/{said['id']}", by="noor").status == 204


def test_reading_leaving_profile_and_ledger_stay(api, hub, atelier):
    a_message(a_caller("lou"), atelier)
    suspend(hub, "noor")
    home, me = f"/organizations/{hub.id}", f"/me/organizations/{hub.id}"
    version = api.get(me, by="noor").json["version"]

    answers = [
        api.get(f"{home}/salons/{atelier.id}/messages", by="noor"),
        api.get(f"{home}/members", by="noor"),
        api.get("/me/recognition", by="noor"),
        api.get(f"{me}/offers", by="noor"),
        api.get(f"{me}/helping", by="noor"),
        api.patch(me, by="noor", body={"story": "J’ai compris."}, If_Match=f'"{version}"'),
        api.put(f"{me}/helping/pause", by="noor", body={}),
        api.delete(f"{home}/follow", by="noor"),
    ]

    assert {answer.status for answer in answers} <= {200, 204}, answers
    assert ledger.read(a_caller("noor"), Page(10)) is not None


def test_leaving_and_coming_back_ends_no_suspension(hub, atelier):
    suspend(hub, "noor")
    following.unfollow(a_caller("noor"), hub.id)
    following.follow(a_caller("noor"), hub.id)

    assert not speaks("noor", hub, atelier)


def test_it_holds_in_that_organization_only(hub, atelier):
    other = an_organization("ailleurs")
    a_follower("noor", other)
    suspend(hub, "noor")

    assert not speaks("noor", hub, atelier)
    assert speaks("noor", other, a_salon(other))
    assert questions.ask(a_caller("noor"), other.id, text="Et ici ?", topics=[]).state == "open"


def test_in_a_shared_salon_it_holds_for_those_who_come_through_that_organization(hub, atelier):
    other = an_organization("ailleurs")
    a_follower("noor", other)
    salons.offer(a_caller("claire"), hub.id, atelier.id, offered_to=other.id)
    salons.accept(a_caller("claire"), other.id, atelier.id)
    suspend(hub, "noor")

    assert not speaks("noor", hub, atelier)
    said = messages.post(a_caller("noor"), other.id, atelier.id, client_message_id="k", text="Par là")
    assert said.said.organization_id == other.id


def test_words_under_way_when_the_suspension_comes_are_refused(hub, atelier, meanwhile):
    meanwhile(lambda: suspend(hub, "noor"))

    with pytest.raises(standing.Suspended):
        a_message(a_caller("noor"), atelier)
    assert messages.page_of(None, hub.id, atelier.id, Page(10)).items == []


def test_being_suspended_costs_no_call_more(api, hub, atelier, calls):
    there = f"/organizations/{hub.id}/salons/{atelier.id}/messages"
    api.post(there, by="noor", body={"client_message_id": "1", "text": "Un"})
    calls.clear()
    api.post(there, by="noor", body={"client_message_id": "2", "text": "Deux"})
    assert calls == [WRITE, READ, COMMIT]
    suspend(hub, "noor")
    calls.clear()

    api.post(there, by="noor", body={"client_message_id": "3", "text": "Trois"})

    assert calls == [WRITE, READ]


# --- questions


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    for moderator in (MONA, MOUSSA):
        members.require(moderator)
    return story


def test_asking_speaks_to_volunteers_and_is_suspended_too(api, story, stored):
    suspend(story.hub, "sam")
    before = stored()

    body = {"text": "Et pourtant ?", "topics": ["freins"]}
    answer = api.post(f"/organizations/{story.hub.id}/questions", by="sam", body=body)

    assert (answer.status, answer.code) == (403, "suspended")
    assert stored() == before


def test_a_suspended_helper_neither_claims_nor_goes_on_nor_comes_in(story):
    suspend(story.hub, "noor")
    with pytest.raises(standing.Suspended):
        story.claimed()
    story.claimed(by=story.lea)
    story.says(story.lea)
    questions.propose(story.lea, *story.this, to=story.noor.member_id, note="À toi ?")
    questions.invite(story.sam, *story.this, story.noor.member_id)

    with pytest.raises(standing.Suspended):
        questions.accept(story.noor, *story.this)
    with pytest.raises(standing.Suspended):
        questions.come(story.noor, *story.this)
    questions.stay_away(story.noor, *story.this)
    questions.decline(story.noor, *story.this)
    assert (story.state, story.question.helper_id) == ("in_progress", story.lea.member_id)


@pytest.mark.parametrize(
    "act",
    [
        lambda story: story.says(story.noor),
        lambda story: questions.propose(story.noor, *story.this, note="Qui veut ?"),
        lambda story: questions.invite(story.noor, *story.this, story.lea.member_id),
        lambda story: story.says(story.sam),
        lambda story: questions.invite(story.sam, *story.this, story.lea.member_id),
    ],
)
def test_nobody_suspended_speaks_in_a_conversation(story, act, stored):
    story.comes_to("in_progress")
    suspend(story.hub, "noor")
    suspend(story.hub, "sam")
    before = stored()

    with pytest.raises(standing.Suspended):
        act(story)
    assert stored() == before


def test_a_suspended_asker_still_reads_withdraws_and_says_whether_it_helped(story):
    story.comes_to("in_progress")
    suspend(story.hub, "sam")
    story.says(story.noor, "Voilà.")
    story.finished()

    assert len(conversations.page_of(story.sam, *story.this, Page(10)).items) == 2
    assert story.helped().state == "resolved"
    with pytest.raises(standing.Suspended):
        questions.thank(story.sam, *story.this, text="Merci !")
    with pytest.raises(standing.Suspended):
        questions.reopen(story.sam, *story.this)


def test_a_helper_may_still_give_back_what_they_had_in_hand(story):
    story.comes_to("in_progress")
    suspend(story.hub, "noor")

    questions.release(story.noor, *story.this)

    assert story.state == "open"


def test_words_in_a_conversation_under_way_when_the_suspension_comes_are_refused(story, monkeypatch):
    story.comes_to("in_progress")
    real, find = story.question.seq, questions.places.find

    def find_late(*args):
        place = find(*args)
        monkeypatch.setattr(questions.places, "find", find)
        suspend(story.hub, "noor")
        return place

    monkeypatch.setattr(questions.places, "find", find_late)

    with pytest.raises(standing.Suspended):
        story.says(story.noor)
    assert story.question.seq == real


def test_a_claim_under_way_when_the_suspension_comes_is_refused(story, monkeypatch):
    look = questions.places.look

    def look_late(*args):
        place = look(*args)
        monkeypatch.setattr(questions.places, "look", look)
        suspend(story.hub, "noor")
        return place

    monkeypatch.setattr(questions.places, "look", look_late)

    with pytest.raises(standing.Suspended):
        story.claimed()
    assert story.state == "open"
    must_add_up(story.hub.id)


# --- volunteers


def test_a_suspended_volunteer_is_counted_and_offered_nothing_until_it_is_over(hub, time_passes, later):
    lea = a_volunteer("lea", hub)
    presence.renew(lea.member_id, "c1", state="active")
    assert helping.availability(hub.id).available == 1
    suspend(hub, "lea", hours=1)
    assert helping.availability(hub.id).available == 0
    asked = a_question(a_caller("noor"), hub)
    assert routing.waiting_for(lea, hub.id, Page(10)).items == []
    routing.run_wave(hub.id, asked.id, 1, 0)
    with pytest.raises(standing.Suspended):
        helping.set_up(
            lea,
            hub.id,
            topics=["roues"],
            all_topics=False,
            capacity=2,
            daily_cap=5,
            quiet_from=None,
            quiet_to=None,
        )

    time_passes(hours=1)

    presence.renew(lea.member_id, "c1", state="active")
    assert helping.availability(hub.id).available == 1
    assert [offer.question.id for offer in routing.waiting_for(lea, hub.id, Page(10)).items] == [asked.id]


def test_nobody_suspended_is_told_of_a_question(hub, announced):
    lea = a_volunteer("lea", hub)
    presence.renew(lea.member_id, "c1", state="active")
    suspension = suspend(hub, "lea")
    asked = a_question(a_caller("noor"), hub)
    routing.run_wave(hub.id, asked.id, 1, 0)
    assert "question.offered.v1" not in announced()

    lift(suspension)
    routing.run_wave(hub.id, asked.id, 1, 0)

    assert announced().count("question.offered.v1") == 1


def test_a_volunteers_settings_are_as_they_were_once_it_is_over(hub):
    lea = a_volunteer("lea", hub, capacity=4)
    before = helping.read(lea, hub.id)
    lift(suspend(hub, "lea"))

    after = helping.read(lea, hub.id)

    assert (after.topics, after.capacity, after.paused) == (before.topics, 4, False)


# --- the end of it


def test_moderation_lifts_a_suspension_early_once_however_often_asked(api, hub, atelier, stored, announced):
    running = suspend(hub, "noor")

    assert api.delete(path(hub, "noor", f"/{running.id}"), **moderating("moussa")).status == 204

    assert speaks("noor", hub, atelier)
    assert api.get(path(hub, "noor"), by="noor").json["data"][0]["state"] == "lifted"
    assert load(Statement.key(hub.id, running.statement_id))[0].state == "lifted"
    assert announced().count("suspension.lifted.v1") == 1
    before = stored()
    assert api.delete(path(hub, "noor", f"/{running.id}"), **moderating()).status == 204
    assert stored() == before


def test_one_that_ended_by_itself_is_not_lifted(hub, stored, time_passes):
    running = suspend(hub, "noor", days=1)
    time_passes(days=1)
    before = stored()

    lift(running)

    assert stored() == before


def test_lifting_an_old_suspension_leaves_the_one_that_runs(hub, atelier, time_passes):
    old = suspend(hub, "noor", days=1)
    time_passes(days=1)
    suspend(hub, "noor", days=1)

    lift(old)

    assert not speaks("noor", hub, atelier)


@pytest.mark.parametrize(
    "who",
    [
        ("noor", "/sus_01JD3Q7M5T8XW2RBN4CJ6HDPEA"),
        ("lou", "/{id}"),
    ],
)
def test_there_is_nothing_to_lift_where_nothing_is(api, hub, who):
    running = suspend(hub, "noor")
    name, rest = who

    answer = api.delete(path(hub, name, rest.format(id=running.id)), **moderating())

    assert (answer.status, answer.code) == (404, "suspension_not_found")


def test_a_suspension_is_read_by_whom_it_concerns_and_by_moderation(api, hub, calls):
    first = suspend(hub, "noor")
    lift(first)
    second = suspend(hub, "noor")
    calls.clear()

    seen = api.get(path(hub, "noor"), by="noor").json

    assert calls == [QUERY]
    assert [item["id"] for item in seen["data"]] == [second.id, first.id]
    assert api.get(path(hub, "noor"), **moderating()).json["data"] == seen["data"]
    others = [api.get(path(hub, "noor"), by=who) for who in ("lou", "claire")]
    assert {(answer.status, answer.code) for answer in others} == {(404, "suspension_not_found")}


# --- appeals


def statement_path(suspension, rest=""):
    return f"/organizations/{suspension.organization_id}/statements/{suspension.statement_id}{rest}"


PLEA = {"text": "Ce n’était pas moi."}
OVERTURNED = {"outcome": "overturned", "text": "Ce n’était en effet pas cette personne."}


def test_the_statement_is_read_by_whom_it_concerns_and_by_no_host(api, hub):
    running = suspend(hub, "noor")

    told = api.get(statement_path(running), by="noor").json

    assert (told["object_kind"], told["object_id"], told["salon_id"]) == ("suspension", running.id, None)
    assert told["until"] is not None
    assert "mem_" not in str(told)
    assert api.get(statement_path(running), **moderating()).status == 200
    assert [api.get(statement_path(running), by=who).status for who in ("claire", "lou")] == [404, 404]
    assert api.post(statement_path(running, "/appeal"), by="claire", body=PLEA).status == 404


def test_an_overturned_suspension_ends_at_once_and_someone_else_decided(api, hub, atelier, announced):
    running = suspend(hub, "noor")
    assert api.post(statement_path(running, "/appeal"), by="noor", body=PLEA).status == 200
    own = api.post(statement_path(running, "/decision"), body=OVERTURNED, **moderating())
    assert (own.status, own.code) == (403, "same_person_decides")
    assert not speaks("noor", hub, atelier)

    decided = api.post(statement_path(running, "/decision"), body=OVERTURNED, **moderating("moussa"))

    assert (decided.status, decided.json["state"]) == (200, "overturned")
    assert speaks("noor", hub, atelier)
    (kept,) = load(Suspension.key(hub.id, running.member_id, running.id))
    assert kept.state == "lifted"
    assert {"suspension.lifted.v1", "appeal.decided.v1"} <= set(announced())


def test_an_upheld_suspension_goes_on_to_its_end(api, hub, atelier, time_passes):
    running = suspend(hub, "noor")
    api.post(statement_path(running, "/appeal"), by="noor", body=PLEA)

    upheld = {"outcome": "upheld", "text": "Les messages sont bien de cette personne."}
    api.post(statement_path(running, "/decision"), body=upheld, **moderating("moussa"))

    assert not speaks("noor", hub, atelier)
    time_passes(days=7)
    assert speaks("noor", hub, atelier)


def test_one_that_is_over_is_still_appealed_and_found_wrong(api, hub, announced, time_passes):
    running = suspend(hub, "noor", days=1)
    time_passes(days=30)
    later_one = suspend(hub, "noor", days=1)
    api.post(statement_path(running, "/appeal"), by="noor", body=PLEA)

    decided = api.post(statement_path(running, "/decision"), body=OVERTURNED, **moderating("moussa"))

    assert decided.json["state"] == "overturned"
    assert "suspension.lifted.v1" not in announced()
    assert load(RunningSuspension.key(hub.id, running.member_id))[0].suspension_id == later_one.id


def test_what_moderation_lifted_is_not_appealed(api, hub):
    running = suspend(hub, "noor")
    lift(running)

    answer = api.post(statement_path(running, "/appeal"), by="noor", body=PLEA)

    assert (answer.status, answer.code) == (409, "restriction_lifted")


def test_nobody_decides_on_the_appeal_of_their_own_suspension(api, hub):
    following.follow(MOUSSA, hub.id)
    running = suspend(hub, "moussa")
    api.post(statement_path(running, "/appeal"), by="moussa", body=PLEA)

    answer = api.post(statement_path(running, "/decision"), body=OVERTURNED, **moderating("moussa"))

    assert (answer.status, answer.code) == (403, "party_to_the_matter")


# --- whatever happens


HUBS, PEOPLE = ("un", "deux"), ("noor", "lou")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["suspend", "lift", "wait", "leave", "follow"]),
        st.sampled_from(HUBS),
        st.sampled_from(PEOPLE),
        st.integers(1, 5),
    ),
    max_size=6,
)


class Histories:
    """What moderators and people do in a few organizations, and which suspensions run by all that."""

    def __init__(self):
        self.hubs = {slug: an_organization(slug) for slug in HUBS}
        self.rooms = {slug: a_salon(hub) for slug, hub in self.hubs.items()}
        self.running, self.ahead = {}, timedelta(0)
        for slug, name in product(HUBS, PEOPLE):
            self.follow(slug, name)

    def begin_again(self):
        """Everyone follows, and nobody is suspended."""
        self.running, self.ahead = {}, timedelta(0)
        for slug, name in product(HUBS, PEOPLE):
            (runs,) = load(RunningSuspension.key(self.hubs[slug].id, a_caller(name).member_id))
            if runs is not None:
                runs.delete()

    def suspend(self, slug, name, days):
        with contextlib.suppress(moderation.AlreadySuspended, MemberNotFound):
            self.running[slug, name] = suspend(self.hubs[slug], name, days=days)

    def lift(self, slug, name, _days=0):
        if (slug, name) in self.running:
            lift(self.running.pop((slug, name)))

    def wait(self, _slug, _name, days):
        self.ahead += timedelta(days=days)

    def leave(self, slug, name, _days=0):
        following.unfollow(a_caller(name), self.hubs[slug].id)

    def follow(self, slug, name, _days=0):
        following.follow(a_caller(name), self.hubs[slug].id)

    def runs(self, slug, name):
        return (slug, name) in self.running and self.running[slug, name].until > clock.now()


@pytest.fixture
def history(monkeypatch):
    real, history = clock.now, Histories()
    monkeypatch.setattr(clock, "now", lambda: real() + history.ahead)
    return history


@histories(5)
@given(steps=STEPS)
def test_nothing_reads_a_suspension_of_another_organization_or_of_another_person(history, steps):
    """In any history: someone is refused exactly where, and while, a suspension of theirs runs there."""
    history.begin_again()
    for act, *about in steps:
        getattr(history, act)(*about)
    for slug, name in product(HUBS, PEOPLE):
        hub, runs = history.hubs[slug], history.runs(slug, name)
        assert standing.is_suspended(hub.id, a_caller(name).member_id) == runs
        history.follow(slug, name)
        assert speaks(name, hub, history.rooms[slug]) != runs
