from __future__ import annotations

import pytest

from chalicelib.domain import helping, memberships, questions, roles
from tests.factories import a_caller, a_follower, an_organization

OPENING = {
    "slug": "cyclofil",
    "name": "Cyclofil",
    "aim": "Réparer son vélo soi-même, ensemble.",
    "presets": ["help", "ideas", "meet", "learn"],
}


def open_cyclofil(api, **changed):
    return api.post(
        "/organizations", by="claire", groups=["organizations.create"], body={**OPENING, **changed}
    )


def test_one_call_opens_an_organization_with_its_settings_and_salons(api, announced):
    answer = open_cyclofil(api)

    assert answer.status == 201, answer
    organization = answer.json["id"]
    assert answer.headers["location"] == f"/v1/organizations/{organization}"
    mine = api.get(f"/me/organizations/{organization}", by="claire").json
    assert (mine["role"], mine["voice"]) == ("owner", "staff")
    assert announced() == ["organization.created.v1"]


def test_each_setting_says_who_set_it_and_why(api):
    organization = open_cyclofil(api, presets=["help", "ideas"]).json["id"]

    settings = api.get(f"/organizations/{organization}/settings").json["settings"]

    assert settings["questions"]["set_by"] == "preset:help"
    assert settings["meetups"] == {
        **settings["meetups"],
        "value": False,
        "set_by": "default",
        "why": "Éteint tant qu’aucune intention ne le demande.",
    }
    assert settings["reply_promise_hours"]["value"] == 24  # of two aims, the more demanding promise
    assert all(setting["why"] for setting in settings.values())


def test_a_setting_decided_by_hand_says_whose_hand_and_why(api):
    organization = open_cyclofil(api).json["id"]

    decided = api.patch(
        f"/organizations/{organization}/settings",
        by="claire",
        body={"values": {"reply_promise_hours": 48}, "why": "Nous sommes trois."},
        If_Match='"1"',
    )

    assert decided.status == 200, decided
    promise = decided.json["settings"]["reply_promise_hours"]
    assert (promise["value"], promise["why"]) == (48, "Nous sommes trois.")
    assert promise["set_by"].startswith("mem_")


def test_creating_takes_a_scope_that_an_operator_grants(api, stored):
    before = stored()

    answer = api.post("/organizations", by="claire", body=OPENING)

    assert (answer.status, answer.code, answer.json["scope"]) == (
        403,
        "scope_missing",
        "organizations.create",
    )
    assert stored() == before


def test_a_slug_is_borne_by_one_organization(api, stored):
    open_cyclofil(api)
    before = stored()

    again = open_cyclofil(api)

    assert (again.status, again.code, again.json["slug"]) == (409, "slug_taken", "cyclofil")
    assert stored() == before


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"slug": "Cyclo Fil"}, "/slug"),
        ({"slug": "a"}, "/slug"),
        ({"slug": "client"}, "/slug"),
        ({"slug": "sessions"}, "/slug"),
        ({"name": ""}, "/name"),
        ({"name": "a\u202eb"}, "/name"),
        ({"presets": ["sell"]}, "/presets/0"),
        ({"presets": ["help", "help"]}, ""),
        ({"site_url": "javascript:alert(1)"}, "/site_url"),
        ({"resources": [{"title": "x", "url": "https://x.example", "price": 3}]}, "/resources/0/price"),
        ({"score": 3}, "/score"),
        ({"time_zone": "Paris"}, "/time_zone"),
    ],
)
def test_each_field_at_fault_is_named_and_nothing_is_written(api, stored, changed, pointer):
    before = stored()

    answer = open_cyclofil(api, **changed)

    assert answer.status == 422, answer
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
    assert stored() == before


def test_an_organization_is_found_by_its_slug(api):
    organization = open_cyclofil(api).json["id"]

    assert [o["id"] for o in api.get("/organizations", query={"slug": "cyclofil"}).json["data"]] == [
        organization
    ]
    assert api.get("/organizations", query={"slug": "nobody"}).json["data"] == []


def test_organizations_are_listed_by_pages_without_gap_or_repetition(api):
    opened = [an_organization(f"hub-{n}").id for n in range(5)]

    seen, query = [], {"limit": 2}
    while True:
        page = api.get("/organizations", query=query).json
        seen += [organization["id"] for organization in page["data"]]
        if not page["has_more"]:
            break
        query["cursor"] = page["next_cursor"]

    assert seen == opened


def test_two_admins_editing_at_once_do_not_overwrite_each_other(api):
    organization = open_cyclofil(api).json["id"]
    path = f"/organizations/{organization}"

    first = api.patch(path, by="claire", body={"name": "Cyclofil Nantes"}, If_Match='"1"')
    second = api.patch(path, by="claire", body={"aim": "Rouler."}, If_Match='"1"')

    assert (first.status, first.json["version"]) == (200, 2)
    assert (second.status, second.code) == (412, "changed_meanwhile")
    assert api.get(path, If_None_Match=first.headers["etag"]).status == 304


def test_a_follower_may_not_edit(api):
    acme = an_organization()
    a_follower("noor", acme)

    answer = api.patch(f"/organizations/{acme.id}", by="noor", body={"name": "À moi"}, If_Match='"1"')

    assert (answer.status, answer.code) == (403, "role_required")


def test_whoever_welcomes_must_have_a_role(api):
    acme = an_organization()
    noor = a_follower("noor", acme)

    answer = api.patch(
        f"/organizations/{acme.id}",
        by="claire",
        body={"community_manager_id": noor.member_id},
        If_Match='"1"',
    )

    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/community_manager_id")


def test_the_landing_answers_everything_in_one_call_to_anyone(api, calls):
    acme = an_organization()
    calls.clear()

    landing = api.get(f"/organizations/{acme.id}/landing").json

    assert landing["aim"] == "Réparer plutôt que jeter."
    assert landing["following"] is False
    assert landing["question_you_could_answer"] is None
    assert landing["next_meetup"] is None
    assert calls == ["dynamodb.Query", "dynamodb.Query", "dynamodb.BatchGetItem"]


def test_the_landing_shows_a_question_that_one_could_answer(api):
    acme = an_organization()
    noor = a_follower("noor", acme)
    quiet = {"quiet_from": None, "quiet_to": None}
    helping.set_up(noor, acme.id, topics=["Roues"], all_topics=False, capacity=1, daily_cap=5, **quiet)
    freins, roues, _ = (
        questions.ask(a_caller(by), acme.id, text="Comment ?", topics=[topic], public=topic != "roues")
        for by, topic in (("alix", "freins"), ("sam", "roues"), ("noor", "roues"))
    )

    shown = {
        who: api.get(f"/organizations/{acme.id}/landing", by=who).json["question_you_could_answer"]
        for who in (None, "alix", "noor")
    }

    assert shown[None]["question_id"] == freins.question.id
    assert shown["alix"]["question_id"] == roues.question.id  # not her own
    assert shown["noor"]["question_id"] == roues.question.id  # on her topic, and not her own
    assert (shown[None]["text"], shown["noor"]["text"]) == ("Comment ?", None)


def test_an_organization_takes_its_site_away_with_null_and_keeps_it_when_nothing_is_said(api):
    place = f"/organizations/{an_organization().id}"

    said = [
        api.patch(place, by="claire", body=body, If_Match=f'"{version}"').json["site_url"]
        for version, body in enumerate(
            [{"site_url": "https://a.example"}, {"aim": "Durer."}, {"site_url": None}], 1
        )
    ]

    assert said == ["https://a.example", "https://a.example", None]


def test_reading_an_unknown_organization_is_a_problem_in_the_readers_language(api):
    answer = api.get("/organizations/org_nowhere", Accept_Language="fr-FR")

    assert (answer.status, answer.code) == (404, "organization_not_found")
    assert answer.json["detail"] == "Cette organisation n’existe pas."


def test_an_organization_keeps_an_owner_even_when_two_leave_at_once(monkeypatch):
    acme = an_organization(by="claire")
    a_follower("noor", acme)
    memberships.give_role(a_caller("claire"), acme.id, a_caller("noor").member_id, role="owner")
    meanwhile = []

    def noor_steps_down_first(change, organization, go=roles.let_an_owner_go):
        if not meanwhile:
            meanwhile.append(True)
            memberships.give_role(a_caller("noor"), acme.id, a_caller("noor").member_id, role="none")
        go(change, organization)

    monkeypatch.setattr(roles, "let_an_owner_go", noor_steps_down_first)
    with pytest.raises(roles.LastOwner):
        memberships.give_role(a_caller("claire"), acme.id, a_caller("claire").member_id, role="none")

    claire = memberships.profile(a_caller("claire"), acme.id, a_caller("claire").member_id)
    assert claire.role == "owner"
