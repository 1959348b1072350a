"""Pictures that moderation hides: with reasons, for as long as nobody else decides otherwise."""

from __future__ import annotations

import pytest

from chalicelib.domain import members
from chalicelib.domain.meetups.album import shown_key, upload_key
from chalicelib.domain.meetups.pictures import MOST_OF_ONE
from chalicelib.gateways import aws, files
from chalicelib.handlers.consumers import pictures as consumer
from chalicelib.models.moderation import Statement
from chalicelib.models.tables import load
from tests import faults, photographs, queues
from tests.factories import a_caller, a_follower, a_host
from tests.meetups import Coffee
from tests.roads import announced

JPEG = {"media_type": "image/jpeg", "bytes": 2_000}
WHY = {"rule": "private_data", "facts": "On y lit l’adresse d’une autre personne."}
PLEA = {"text": "C’est ma propre adresse."}
REASON = "L’adresse est bien celle de qui l’a envoyée : rendu."


def moderating(name="mona"):
    return {"by": name, "groups": ("moderation",)}


@pytest.fixture
def coffee(time_passes):
    coffee = Coffee(seats=9)
    for name in ("awa", "bob"):
        coffee.says(name)
    for moderator in ("mona", "moussa"):
        members.require(a_caller(moderator))
    time_passes(days=3, minutes=5)
    return coffee


@pytest.fixture
def pictures(coffee):
    return "/organizations/{}/meetups/{}/pictures".format(*coffee.this)


def look():
    told = [queues.envelope(event) for event in announced() if type(event) in consumer.SUBSCRIPTIONS]
    assert queues.deliver("look_at_pictures", *told) == []


def shown(api, pictures, by="awa"):
    begun = api.post(pictures, by=by, body=JPEG).json["id"]
    files.put(upload_key(begun), photographs.photograph(), media_type="image/jpeg")
    assert api.post(f"{pictures}/{begun}/sent", by=by).status == 200
    look()
    return begun


@pytest.fixture
def picture(api, pictures):
    """Awa's picture, that all who came read."""
    return shown(api, pictures)


@pytest.fixture
def hiding(pictures, picture):
    return f"{pictures}/{picture}/hiding"


@pytest.fixture
def statement(api, hiding):
    """The reasons for which Mona hides it."""
    answer = api.put(hiding, body=WHY, **moderating())
    assert answer.status == 200, answer
    return answer.json


def about(statement, rest=""):
    return f"/organizations/{statement['organization_id']}/statements/{statement['id']}{rest}"


def bucket():
    found = aws.client("s3").list_objects_v2(Bucket="files").get("Contents", [])
    return [entry["Key"] for entry in found]


def test_it_is_hidden_with_a_statement_of_reasons_in_one_transaction(
    api, coffee, picture, hiding, calls, announced
):
    calls.clear()

    answer = api.put(hiding, body=WHY, **moderating())

    assert calls == ["dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    kept = {name: answer.json[name] for name in ("object_kind", "object_id", "meetup_id", "state", *WHY)}
    assert kept == {
        "object_kind": "picture", "object_id": picture, "meetup_id": coffee.id, "state": "decided", **WHY,
    }  # fmt: skip
    assert announced()[-1] == "picture.hidden.v1"


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
def test_there_is_never_one_without_the_other(api, coffee, pictures, picture, hiding, fault):
    with faults.installed() as injector:
        injector.fail(3, fault)
        with pytest.raises(faults.Crash):
            api.put(hiding, body=WHY, **moderating())

    seen = api.get(f"{pictures}/{picture}", by="awa").json
    found = list(Statement.query(f"ORG#{coffee.hub.id}#STATEMENTS"))
    assert (seen["state"], len(found)) == (("shown", 0) if fault == "crash-before" else ("hidden", 1))


def test_its_place_tells_the_rule_and_nothing_of_what_it_shows(api, pictures, picture, statement):
    reason = {"rule": "private_data", "statement_id": statement["id"]}

    (listed,) = api.get(pictures, by="bob").json["data"]
    read = api.get(f"{pictures}/{picture}", by="bob").json

    assert listed == read
    assert (read["state"], read["restriction"]) == ("hidden", reason)
    assert (read["url"], read["url_until"], read["width"]) == (None, None, None)
    assert api.get(f"{pictures}/{picture}", by="mona").code == "picture_not_found"


def test_its_sender_still_sees_it_and_the_statement(api, pictures, picture, statement):
    (listed,) = api.get(pictures, by="awa").json["data"]
    read = api.get(f"{pictures}/{picture}", by="awa").json

    for seen in (listed, read):
        assert (seen["state"], seen["width"]) == ("hidden", 320)
        assert seen["restriction"]["statement_id"] == statement["id"]
        assert "/pictures/" in seen["url"]
    assert api.get(about(statement), by="awa").json == statement


def test_nobody_else_reads_why_not_even_who_looks_after_the_organization(api, coffee, statement):
    a_host("nadia", coffee.hub)

    for name in ("bob", "hana", "claire", "nadia"):
        assert api.get(about(statement), by=name).code == "statement_not_found"


@pytest.mark.parametrize("who", ["hana", "awa", "bob", "claire"])
def test_no_host_and_no_role_hides_or_restores(api, pictures, picture, hiding, stored, who):
    before = stored()

    answers = [api.put(hiding, by=who, body=WHY), api.delete(hiding, by=who)]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "scope_missing")}
    assert stored() == before
    assert api.delete(f"{pictures}/{picture}", by="hana").code == "not_your_picture"


@pytest.mark.parametrize("who", ["hana", "awa", "claire"])
def test_whoever_is_concerned_does_not_moderate_there(api, hiding, stored, who):
    api.get("/me", by=who)
    before = stored()

    answer = api.put(hiding, body=WHY, **moderating(who))

    assert (answer.status, answer.code) == (403, "party_to_the_matter")
    assert stored() == before


def test_hidden_again_it_keeps_the_statement_that_it_has(api, hiding, statement, stored):
    before = stored()

    again = api.put(hiding, body={**WHY, "rule": "spam"}, **moderating("moussa"))

    assert (again.json, stored()) == (statement, before)


def test_restored_it_is_there_as_before(api, pictures, picture, hiding, statement, announced):
    assert [api.delete(hiding, **moderating()).status for _ in range(2)] == [204, 204]

    (listed,) = api.get(pictures, by="bob").json["data"]
    assert (listed["id"], listed["state"], listed["restriction"]) == (picture, "shown", None)
    assert api.get(about(statement), by="awa").json["state"] == "lifted"
    assert announced()[-2:] == ["picture.hidden.v1", "picture.restored.v1"]


def appealed_and_overturned(api, statement):
    plea = api.post(about(statement, "/appeal"), by="awa", body=PLEA)
    assert (plea.status, plea.json["state"]) == (200, "appealed")
    decision = {"outcome": "overturned", "text": REASON}
    own = api.post(about(statement, "/decision"), body=decision, **moderating("mona"))
    assert own.code == "same_person_decides"
    return api.post(about(statement, "/decision"), body=decision, **moderating("moussa"))


def test_an_appeal_that_another_person_grants_shows_it_again_with_its_file(
    api, coffee, pictures, picture, statement
):
    decided = appealed_and_overturned(api, statement)

    assert (decided.status, decided.json["state"]) == (200, "overturned")
    (listed,) = api.get(pictures, by="bob").json["data"]
    assert (listed["id"], listed["state"], listed["width"]) == (picture, "shown", 320)
    assert bucket() == [shown_key(*coffee.this, picture)]


@pytest.mark.parametrize("who", ["bob", "hana"])
def test_only_its_sender_appeals(api, statement, who):
    assert api.post(about(statement, "/appeal"), by=who, body=PLEA).code == "statement_not_found"
    answer = api.post(about(statement, "/appeal"), body=PLEA, **moderating())
    assert answer.code == "not_yours_to_appeal"


def test_its_sender_may_take_it_away_for_good_and_an_appeal_does_not_bring_it_back(
    api, pictures, picture, statement
):
    assert api.delete(f"{pictures}/{picture}", by="awa").status == 204
    look()

    assert appealed_and_overturned(api, statement).json["state"] == "overturned"

    assert api.get(pictures, by="bob").json["data"] == bucket() == []
    assert load(Statement.key(statement["organization_id"], statement["id"]))[0].state == "overturned"


def test_hidden_it_still_takes_its_place_among_those_that_one_person_sends(api, pictures, statement):
    for _ in range(MOST_OF_ONE - 1):
        shown(api, pictures)

    assert api.post(pictures, by="awa", body=JPEG).code == "too_many_pictures"


def test_what_nobody_reads_is_not_hidden(api, coffee, pictures, stored):
    sent = api.post(pictures, by="awa", body=JPEG).json["id"]
    api.get("/me", **moderating())
    a_follower("cleo", coffee.hub)
    before = stored()

    answers = [
        api.put(f"{pictures}/{which}/hiding", body=WHY, **moderating())
        for which in (sent, "pic_01M7WN066TK6FTK703WY8C5YNK")
    ]
    nowhere = api.put(f"{pictures.replace('/mtg_', '/mtg_0')}/{sent}/hiding", body=WHY, **moderating())

    assert {answer.code for answer in answers} == {"picture_not_found"}
    assert nowhere.code == "meetup_not_found"
    assert stored() == before
