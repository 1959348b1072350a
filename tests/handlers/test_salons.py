import pytest

from chalicelib.domain import following, messages, salons
from chalicelib.models.changes import changes
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_salon, an_organization

WRITE = "dynamodb.UpdateItem"  # the rate bucket
READ = "dynamodb.BatchGetItem"
LIST = "dynamodb.Query"
GET = "dynamodb.GetItem"
COMMIT = "dynamodb.TransactWriteItems"


def path_of(organization, salon="", rest=""):
    return (
        f"/organizations/{organization.id}/salons"
        + (f"/{getattr(salon, 'id', salon)}" if salon else "")
        + rest
    )


def titles(answer):
    return [salon["title"] for salon in answer.json["data"]]


def salons_of(organization):
    """The default salon, the one of its aim, and the one for any subject."""
    return list(salons.in_organization(None, organization.id, Page()).items)


def off_topic_of(organization):
    return next(salon for salon in salons_of(organization) if salon.off_topic)


# --- listing and reading


def test_anyone_lists_the_salons_of_an_organization_oldest_first_in_two_reads(api, calls):
    acme = an_organization(language="en")
    a_salon(acme, title="Bikes")
    calls.clear()

    answer = api.get(path_of(acme))

    assert calls == [LIST, READ]
    assert titles(answer) == ["Welcome", "A helping hand", "Off topic", "Bikes"]
    assert answer.json["order"] == "oldest_first@1"
    assert set(answer.json["data"][0]) == {
        "id", "organization_id", "title", "theme", "state", "restriction", "off_topic", "slow_mode_seconds",
        "retention_days", "pinned_message_id", "shared_with", "created_at", "version",
    }  # fmt: skip


def test_the_salons_of_no_organization_are_not_found(api):
    answer = api.get("/organizations/org_none/salons")

    assert (answer.status, answer.code) == (404, "organization_not_found")


def test_drafts_are_there_for_hosts_only_and_break_no_page(api):
    acme = an_organization(language="en")
    a_host("nadia", acme)
    a_follower("noor", acme)
    for title in ("First", "Second", "Third"):
        a_salon(acme, title=title, state="draft" if title != "Third" else "open")

    def walk(by):
        seen, query = [], {"limit": 2}
        while True:
            answer = api.get(path_of(acme), by=by, query=query)
            seen += titles(answer)
            if not answer.json["has_more"]:
                return seen
            query["cursor"] = answer.json["next_cursor"]

    assert walk("nadia") == ["Welcome", "A helping hand", "Off topic", "First", "Second", "Third"]
    assert walk("noor") == walk(None) == ["Welcome", "A helping hand", "Off topic", "Third"]


def test_a_draft_is_not_found_by_those_who_do_not_look_after_salons(api):
    acme = an_organization()
    a_follower("noor", acme)
    draft = a_salon(acme, state="draft")

    assert api.get(path_of(acme, draft)).code == "salon_not_found"
    assert api.get(path_of(acme, draft), by="noor").status == 404
    assert api.get(path_of(acme, draft), by="claire").json["state"] == "draft"


def test_a_salon_answers_with_its_version_and_with_304_to_who_has_it(api, calls):
    acme = an_organization()
    salon = a_salon(acme)
    calls.clear()

    first = api.get(path_of(acme, salon))
    again = api.get(path_of(acme, salon), If_None_Match=first.headers["etag"])

    assert (first.status, first.json["version"]) == (200, 1)
    assert (again.status, again.text) == (304, "")
    assert calls == [READ, READ]


def test_posting_does_not_change_what_a_salon_is(api):
    acme = an_organization()
    salon = a_salon(acme)
    read = api.get(path_of(acme, salon))
    say("claire", acme, salon, "Bonjour !")

    assert api.get(path_of(acme, salon), If_None_Match=read.headers["etag"]).status == 304
    edited = api.patch(path_of(acme, salon), by="claire", body={"title": "Vélos"}, If_Match='"1"')
    assert (edited.status, edited.json["title"]) == (200, "Vélos")


def test_a_salon_is_not_found_through_another_organization(api):
    acme, other = an_organization(), an_organization("autre", by="olga")
    salon = a_salon(acme)

    assert api.get(path_of(other, salon), by="olga").code == "salon_not_found"
    assert api.get(path_of(acme, "sal_none")).code == "salon_not_found"


# --- opening


def test_a_host_opens_a_salon_and_it_is_announced(api, calls, announced):
    acme = an_organization()
    a_host("nadia", acme)
    calls.clear()

    answer = api.post(
        path_of(acme),
        by="nadia",
        body={
            "title": " Atelier ",
            "theme": "Freins.\nRoues.",
            "slow_mode_seconds": 30,
            "retention_days": 365,
        },
    )

    assert answer.status == 201, answer
    assert calls == [WRITE, READ, COMMIT]
    assert answer.headers["location"].endswith(path_of(acme, answer.json["id"]))
    assert answer.json["version"] == 1
    kept = api.get(path_of(acme, answer.json["id"])).json
    assert kept == answer.json
    assert (kept["title"], kept["state"], kept["slow_mode_seconds"], kept["retention_days"]) == (
        "Atelier", "open", 30, 365,
    )  # fmt: skip
    assert kept["theme"] == "Freins.\nRoues."
    assert announced()[-1] == "salon.opened.v1"


def test_a_draft_is_announced_when_it_opens_and_not_before(api, announced):
    acme = an_organization()

    draft = api.post(path_of(acme), by="claire", body={"title": "Atelier", "state": "draft"})
    assert "salon.opened.v1" not in announced()

    opened = api.patch(path_of(acme, draft.json["id"]), by="claire", body={"state": "open"}, If_Match='"1"')
    assert (opened.status, opened.json["state"], opened.json["version"]) == (200, "open", 2)
    assert sorted(announced()[-2:]) == ["salon.opened.v1", "salon_state.changed.v1"]


def test_a_salon_is_as_slow_as_its_organization_unless_it_says_so(api):
    acme = an_organization()
    with changes() as change:
        change.edit(acme, settings={**acme.settings, "slow_mode_seconds": {"value": 60}})

    left_out = api.post(path_of(acme), by="claire", body={"title": "Atelier"})
    said = api.post(path_of(acme), by="claire", body={"title": "Vélos", "slow_mode_seconds": 0})

    assert (left_out.json["slow_mode_seconds"], said.json["slow_mode_seconds"]) == (60, 0)


def test_opening_twice_under_one_key_opens_one_salon(api, announced):
    acme = an_organization()
    sent = {"by": "claire", "body": {"title": "Atelier"}, "Idempotency_Key": "k1"}

    first = api.post(path_of(acme), **sent)
    again = api.post(path_of(acme), **sent)

    assert (again.status, again.json["id"]) == (201, first.json["id"])
    assert again.headers["idempotency-replayed"] == "true"
    assert len(salons_of(acme)) == 4
    assert announced().count("salon.opened.v1") == 1


@pytest.mark.parametrize("who", ["noor", "sacha", "passerby"])
def test_only_hosts_open_salons(api, stored, who):
    acme = an_organization()
    a_follower("noor", acme)
    a_host("sacha", acme, role="staff")
    a_caller(who)
    api.get("/me", by=who)
    before = stored()

    answer = api.post(path_of(acme), by=who, body={"title": "Atelier"})

    assert (answer.status, answer.code) == (403, "role_required")
    assert stored() == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "   "},
        {"title": "x" * 81},
        {"title": "a\nb"},
        {"title": "A", "theme": "x" * 501},
        {"title": "A", "state": "archived"},
        {"title": "A", "state": "frozen"},
        {"title": "A", "slow_mode_seconds": -1},
        {"title": "A", "slow_mode_seconds": 21601},
        {"title": "A", "retention_days": 29},
        {"title": "A", "retention_days": 3651},
        {"title": "A", "off_topic": True},
    ],
)
def test_a_salon_that_cannot_be_is_refused_and_nothing_is_written(api, stored, body):
    acme = an_organization()
    before = stored()

    answer = api.post(path_of(acme), by="claire", body=body)

    assert (answer.status, answer.code) == (422, "invalid_request")
    assert stored() == before


@pytest.mark.parametrize(
    "body", [{"slow_mode_seconds": 21600, "retention_days": 30}, {"retention_days": 3650}]
)
def test_the_limits_themselves_are_allowed(api, body):
    acme = an_organization()

    assert (
        api.post(path_of(acme), by="claire", body={"title": "x" * 80, "theme": "y" * 500, **body}).status
        == 201
    )


# --- editing


def test_a_host_edits_a_salon_as_it_was_read(api, calls):
    acme = an_organization()
    salon = a_salon(acme, retention_days=90)
    calls.clear()

    answer = api.patch(
        path_of(acme, salon),
        by="claire",
        body={"title": "Vélos", "theme": "", "slow_mode_seconds": 10, "retention_days": None},
        If_Match='"1"',
    )

    assert calls == [WRITE, READ, COMMIT]
    assert (answer.status, answer.json["version"]) == (200, 2)
    kept = api.get(path_of(acme, salon)).json
    assert kept == answer.json
    assert (kept["title"], kept["theme"], kept["slow_mode_seconds"], kept["retention_days"]) == (
        "Vélos", "", 10, None,
    )  # fmt: skip


def test_what_is_left_out_or_the_same_changes_nothing(api, stored):
    acme = an_organization()
    salon = a_salon(acme, title="Atelier", retention_days=90)
    before = stored()

    for body in ({}, {"title": "Atelier"}, {"state": "open"}, {"title": None}):
        answer = api.patch(path_of(acme, salon), by="claire", body=body, If_Match='"1"')
        assert (answer.status, answer.json["version"]) == (200, 1)

    assert stored() == before


def test_an_edit_of_a_replaced_version_is_refused(api):
    acme = an_organization()
    salon = a_salon(acme)
    api.patch(path_of(acme, salon), by="claire", body={"title": "Un"}, If_Match='"1"')

    late = api.patch(path_of(acme, salon), by="claire", body={"title": "Deux"}, If_Match='"1"')
    unsaid = api.patch(path_of(acme, salon), by="claire", body={"title": "Trois"})

    assert (late.status, late.code) == (412, "changed_meanwhile")
    assert unsaid.status == 428
    assert api.get(path_of(acme, salon)).json["title"] == "Un"


def test_an_edit_overtaken_at_the_last_moment_is_refused(api, monkeypatch):
    acme = an_organization()
    salon = a_salon(acme)
    enter = salons.keeping.enter

    def overtaken(*args):
        here = enter(*args)
        monkeypatch.setattr(salons.keeping, "enter", enter)
        api.patch(path_of(acme, salon), by="claire", body={"title": "La première"}, If_Match='"1"')
        return here

    monkeypatch.setattr(salons.keeping, "enter", overtaken)
    late = api.patch(path_of(acme, salon), by="claire", body={"title": "La seconde"}, If_Match='"1"')

    assert (late.status, late.code) == (412, "changed_meanwhile")
    assert api.get(path_of(acme, salon)).json["title"] == "La première"


def test_followers_and_passers_by_do_not_edit(api, stored):
    acme = an_organization()
    a_follower("noor", acme)
    salon = a_salon(acme)
    api.get("/me", by="passerby")
    before = stored()

    for who in ("noor", "passerby"):
        answer = api.patch(path_of(acme, salon), by=who, body={"title": "À moi"}, If_Match='"1"')
        assert (answer.status, answer.code) == (403, "role_required")

    assert stored() == before


# --- states


STATES = ["draft", "open", "read_only", "archived", "frozen"]
ALLOWED = {
    ("draft", "open"), ("open", "read_only"), ("read_only", "open"), ("open", "archived"),
    ("read_only", "archived"),
}  # fmt: skip


@pytest.mark.parametrize("before", STATES)
def test_hosts_make_of_a_salon_only_what_the_rule_says(api, announced, before):
    acme = an_organization()

    for after in STATES:
        if after == before:
            continue
        salon = a_salon(acme, state=before)
        already = len(announced())

        answer = api.patch(path_of(acme, salon), by="claire", body={"state": after}, If_Match='"1"')

        new = announced()[already:]
        if (before, after) in ALLOWED:
            assert (answer.status, answer.json["state"]) == (200, after)
            assert new.count("salon_state.changed.v1") == 1
        else:
            assert (answer.status, answer.code) == (409, "salon_state_refused")
            assert (answer.json["before"], answer.json["after"]) == (before, after)
            assert new == []


@pytest.mark.parametrize("state", ["archived", "frozen"])
def test_nothing_changes_in_a_salon_that_is_archived_or_frozen(api, stored, state):
    acme = an_organization()
    salon = a_salon(acme)
    said = say("claire", acme, salon, "Bonjour")
    with changes() as change:
        change.edit(*load(Salon.key(salon.id)), state=state, pinned_message_id="msg_other")
    before = stored()

    edited = api.patch(path_of(acme, salon), by="claire", body={"title": "Autre"}, If_Match='"2"')
    pinned = api.put(path_of(acme, salon, "/pin"), by="claire", body={"message_id": said.id})
    unpinned = api.delete(path_of(acme, salon, "/pin"), by="claire")

    assert {answer.code for answer in (edited, pinned, unpinned)} == {"salon_unalterable"}
    assert edited.json["state"] == state
    assert stored() == before


def test_an_archived_salon_keeps_its_address(api):
    acme = an_organization()
    salon = a_salon(acme)
    api.patch(path_of(acme, salon), by="claire", body={"state": "archived"}, If_Match='"1"')

    assert api.get(path_of(acme, salon)).json["state"] == "archived"
    assert salon.id in [salon.id for salon in salons_of(acme)]


@pytest.mark.parametrize("state", ["draft", "read_only", "archived", "frozen"])
def test_nobody_in_the_organization_closes_the_salon_for_any_subject(api, stored, state):
    acme = an_organization()
    salon = off_topic_of(acme)
    before = stored()

    answer = api.patch(path_of(acme, salon), by="claire", body={"state": state}, If_Match='"1"')

    assert (answer.status, answer.code) == (409, "off_topic_salon_stays_open")
    assert stored() == before


def test_the_salon_for_any_subject_can_be_calmed_and_stays_open(api):
    acme = an_organization()
    salon = off_topic_of(acme)

    calm = api.patch(path_of(acme, salon), by="claire", body={"slow_mode_seconds": 60}, If_Match='"1"')
    closing = [
        api.patch(path_of(acme, salon), by="claire", body=body, If_Match='"2"')
        for body in ({"slow_mode_seconds": 61}, {"retention_days": 30})
    ]

    assert (calm.status, calm.json["slow_mode_seconds"], calm.json["state"]) == (200, 60, "open")
    assert {(answer.status, answer.code) for answer in closing} == {(409, "off_topic_salon_stays_open")}


def test_the_salon_where_newcomers_arrive_is_not_archived_and_may_be_quiet_for_a_while(api):
    acme = an_organization()
    address = path_of(acme, acme.default_salon_id)

    archived = api.patch(address, by="claire", body={"state": "archived"}, If_Match='"1"')
    quiet = api.patch(address, by="claire", body={"state": "read_only"}, If_Match='"1"')
    still = api.patch(address, by="claire", body={"state": "archived"}, If_Match='"2"')

    assert archived.code == still.code == "default_salon_stays_open"
    assert quiet.status == 200


# --- pins


def say(who, organization, salon, text):
    said = messages.post(
        a_caller(who), organization.id, getattr(salon, "id", salon), client_message_id=text, text=text
    ).said
    return said.message


def test_a_pin_takes_the_place_of_the_one_before(api, calls, announced):
    acme = an_organization()
    salon = a_salon(acme)
    first, second = (say("claire", acme, salon, text) for text in ("Un", "Deux"))
    calls.clear()

    one = api.put(path_of(acme, salon, "/pin"), by="claire", body={"message_id": first.id})
    assert calls == [WRITE, READ, GET, COMMIT]
    two = api.put(path_of(acme, salon, "/pin"), by="claire", body={"message_id": second.id})

    assert (one.json["pinned_message_id"], one.json["version"]) == (first.id, 2)
    assert (two.json["pinned_message_id"], two.json["version"]) == (second.id, 3)
    assert announced()[-2:] == ["message.pinned.v1"] * 2


def test_pinning_and_unpinning_again_change_nothing(api, stored, announced):
    acme = an_organization()
    salon = a_salon(acme)
    said = say("claire", acme, salon, "Un")
    pin = {"by": "claire", "body": {"message_id": said.id}}

    api.put(path_of(acme, salon, "/pin"), **pin)
    before = stored()
    assert api.put(path_of(acme, salon, "/pin"), **pin).json["version"] == 2
    assert stored() == before

    assert api.delete(path_of(acme, salon, "/pin"), by="claire").status == 204
    before = stored()
    assert api.delete(path_of(acme, salon, "/pin"), by="claire").status == 204
    assert stored() == before
    assert api.get(path_of(acme, salon)).json["pinned_message_id"] is None
    assert announced()[-2:] == ["message.pinned.v1", "message.unpinned.v1"]


def test_only_what_can_be_read_in_this_salon_is_pinned(api, stored):
    acme = an_organization()
    salon, other = a_salon(acme), a_salon(acme)
    elsewhere, gone = say("claire", acme, other, "Là"), say("claire", acme, salon, "Oups")
    messages.delete(a_caller("claire"), acme.id, salon.id, gone.id)
    before = stored()

    for message_id in (elsewhere.id, gone.id, f"msg_{'0' * 26}"):
        answer = api.put(path_of(acme, salon, "/pin"), by="claire", body={"message_id": message_id})
        assert (answer.status, answer.code) == (422, "nothing_to_pin")
        assert answer.json["errors"][0]["pointer"] == "/message_id"

    assert stored() == before


def test_followers_do_not_pin(api):
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    said = say("noor", acme, salon, "Regardez")

    assert (
        api.put(path_of(acme, salon, "/pin"), by="noor", body={"message_id": said.id}).code == "role_required"
    )
    assert api.delete(path_of(acme, salon, "/pin"), by="noor").code == "role_required"


# --- sharing


def test_a_salon_shared_by_two_organizations_is_home_to_the_followers_of_both(api, calls, announced):
    acme, other = an_organization(), an_organization("autre", by="olga")
    salon = a_salon(acme, title="Vélos")
    a_follower("noor", acme)
    following.follow(a_caller("sacha"), other.id)
    calls.clear()

    offered = api.post(path_of(acme, salon, "/shares"), by="claire", body={"organization_id": other.id})
    assert (offered.status, offered.json["title"]) == (201, "Vélos")
    assert calls == [WRITE, READ, COMMIT]
    assert api.get(path_of(other, salon), by="olga").status == 404

    calls.clear()
    listed = api.get(f"/organizations/{other.id}/salon-offers", by="olga")
    assert [offer["salon_id"] for offer in listed.json["data"]] == [salon.id]
    assert calls == [READ, LIST]

    calls.clear()
    accepted = api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="olga")
    assert calls == [WRITE, READ, COMMIT]
    assert (accepted.status, accepted.json["shared_with"], accepted.json["version"]) == (
        200,
        [other.id],
        2,
    )
    assert "Vélos" in titles(api.get(path_of(other)))
    assert api.get(f"/organizations/{other.id}/salon-offers", by="olga").json["data"] == []
    assert api.put(path_of(acme, salon, "/join"), by="noor").status == 200
    assert api.put(path_of(other, salon, "/join"), by="sacha").status == 200
    say("sacha", other, salon, "Bonsoir")
    assert api.get(f"/organizations/{acme.id}/readings", by="noor").json["data"][-1]["unread"] == 1
    assert announced()[-2:] == ["salon.offered.v1", "salon.shared.v1"]


def test_a_third_organization_finds_nothing_of_a_shared_salon(api):
    acme, other, third = (an_organization(slug, by=slug) for slug in ("acme", "other", "third"))
    salon = a_shared_salon(acme, other)

    assert api.get(path_of(third, salon), by="third").code == "salon_not_found"
    assert api.put(path_of(third, salon, "/join"), by="third").code == "salon_not_found"
    assert (
        api.put(f"/organizations/{third.id}/shared-salons/{salon.id}", by="third").code == "offer_not_found"
    )


def test_the_organization_that_opened_a_salon_looks_after_it(api, stored):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    salon = a_shared_salon(acme, other, by="claire", accepted_by="olga")
    said = say("olga", other, salon, "Bonjour")
    before = stored()

    answers = [
        api.patch(path_of(other, salon), by="olga", body={"title": "À nous"}, If_Match='"2"'),
        api.put(path_of(other, salon, "/pin"), by="olga", body={"message_id": said.id}),
        api.delete(path_of(other, salon, "/pin"), by="olga"),
        api.post(path_of(other, salon, "/shares"), by="olga", body={"organization_id": acme.id}),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "looked_after_elsewhere")}
    assert stored() == before


def test_offering_and_accepting_again_change_nothing(api, stored):
    acme, other = an_organization(), an_organization("autre", by="olga")
    salon = a_salon(acme)
    offer = {"by": "claire", "body": {"organization_id": other.id}}
    door = f"/organizations/{other.id}/shared-salons/{salon.id}"

    first = api.post(path_of(acme, salon, "/shares"), **offer)
    before = stored()
    assert api.post(path_of(acme, salon, "/shares"), **offer).json == first.json
    assert stored() == before

    api.put(door, by="olga")
    before = stored()
    assert api.put(door, by="olga").json["version"] == 2
    assert api.post(path_of(acme, salon, "/shares"), **offer).code == "already_at_home"
    assert stored() == before


def test_a_lost_answer_while_accepting_shares_once(api):
    acme, other = an_organization(), an_organization("autre", by="olga")
    salon = a_salon(acme)
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)

    with faults.installed() as injector:
        injector.fail("TransactWriteItems", "crash-after")
        with pytest.raises(faults.Crash):
            api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="olga")
    again = api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="olga")

    assert (again.status, again.json["shared_with"], again.json["version"]) == (200, [other.id], 2)


def test_declining_takes_the_offer_away_and_leaving_takes_the_salon_away(api, stored, announced):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    salon = a_salon(acme)
    door = f"/organizations/{other.id}/shared-salons/{salon.id}"
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)

    assert api.delete(door, by="olga").status == 204
    assert api.put(door, by="olga").code == "offer_not_found"

    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)
    api.put(door, by="olga")
    assert api.delete(door, by="olga").status == 204
    before = stored()
    assert api.delete(door, by="olga").status == 204

    assert stored() == before
    assert api.get(path_of(other, salon), by="olga").status == 404
    assert salon.id not in [salon.id for salon in salons_of(other)]
    assert api.get(path_of(acme, salon)).json["shared_with"] == []
    assert announced()[-2:] == ["salon.shared.v1", "salon.unshared.v1"]


def test_only_managers_share(api, stored):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    salon = a_salon(acme)
    a_host("nadia", acme)
    a_host("nils", other)
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)
    before = stored()

    answers = [
        api.post(path_of(acme, salon, "/shares"), by="nadia", body={"organization_id": other.id}),
        api.get(f"/organizations/{other.id}/salon-offers", by="nils"),
        api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="nils"),
        api.delete(f"/organizations/{other.id}/shared-salons/{salon.id}", by="nils"),
        api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="claire"),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "role_required")}
    assert stored() == before


def test_what_cannot_be_shared_is_refused(api):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    shares = path_of(acme, a_salon(acme), "/shares")
    draft, archived = a_salon(acme, state="draft"), a_salon(acme, state="archived")

    assert (
        api.post(shares, by="claire", body={"organization_id": f"org_{'0' * 26}"}).code
        == "organization_not_found"
    )
    assert api.post(shares, by="claire", body={"organization_id": acme.id}).code == "already_at_home"
    for salon in (draft, archived):
        answer = api.post(path_of(acme, salon, "/shares"), by="claire", body={"organization_id": other.id})
        assert (answer.status, answer.code, answer.json["state"]) == (409, "salon_not_shareable", salon.state)


def test_a_salon_archived_before_the_answer_is_not_shared(api):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    salon = a_salon(acme)
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)
    api.patch(path_of(acme, salon), by="claire", body={"state": "archived"}, If_Match='"1"')

    assert (
        api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="olga").code
        == "salon_not_shareable"
    )
    assert api.delete(f"/organizations/{other.id}/shared-salons/{salon.id}", by="olga").status == 204


def test_at_most_ten_organizations_share_a_salon(api):
    acme, other, late = (an_organization(slug, by=slug) for slug in ("acme", "other", "late"))
    salon = a_salon(acme, by="acme")
    with changes() as change:
        change.edit(salon, shared_with={f"org_{number}" for number in range(8)})
    for invited in (other, late):
        salons.offer(a_caller("acme"), acme.id, salon.id, offered_to=invited.id)

    tenth = api.put(f"/organizations/{other.id}/shared-salons/{salon.id}", by="other")
    eleventh = api.put(f"/organizations/{late.id}/shared-salons/{salon.id}", by="late")

    assert (tenth.status, len(tenth.json["shared_with"])) == (200, 9)
    assert (eleventh.status, eleventh.code) == (409, "shared_by_too_many")


def a_shared_salon(acme, other, *, by=None, accepted_by=None):
    salon = a_salon(acme, by=by or acme.slug)
    salons.offer(a_caller(by or acme.slug), acme.id, salon.id, offered_to=other.id)
    return salons.accept(a_caller(accepted_by or other.slug), other.id, salon.id)


def test_of_two_pins_at_once_the_later_takes_the_place_of_the_earlier(api, monkeypatch, announced):
    acme = an_organization()
    salon = a_salon(acme)
    first, second = (say("claire", acme, salon, text) for text in ("Un", "Deux"))
    enter = salons.pins.enter

    def overtaken(*args):
        here = enter(*args)
        monkeypatch.setattr(salons.pins, "enter", enter)
        salons.pin(a_caller("claire"), acme.id, salon.id, message_id=first.id)
        return here

    monkeypatch.setattr(salons.pins, "enter", overtaken)
    answer = api.put(path_of(acme, salon, "/pin"), by="claire", body={"message_id": second.id})

    assert (answer.status, answer.json["pinned_message_id"], answer.json["version"]) == (200, second.id, 3)
    assert announced()[-2:] == ["message.pinned.v1"] * 2


def test_an_offer_under_one_key_is_one_offer(api, announced):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    salon = a_salon(acme)
    sent = {"by": "claire", "body": {"organization_id": other.id}, "Idempotency_Key": "k1"}

    first = api.post(path_of(acme, salon, "/shares"), **sent)
    again = api.post(path_of(acme, salon, "/shares"), **sent)

    assert (again.status, again.json) == (201, first.json)
    assert announced().count("salon.offered.v1") == 1
