"""Questions and their conversations as clients meet them."""

from __future__ import annotations

import json
import unicodedata
from datetime import timedelta

import pytest

from chalicelib.domain import helping, questions
from chalicelib.domain.recognition import statement
from chalicelib.gateways import clock
from chalicelib.models.journal import JournalEntry
from chalicelib.pages import Page
from tests import hosts, queues
from tests.factories import a_caller, a_follower, a_host, an_organization
from tests.questions import TEXT, Story, must_add_up


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def people(hub):
    return {name: a_follower(name, hub) for name in ("sam", "noor", "lea")}


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def home(hub):
    return f"/organizations/{hub.id}/questions"


def there(story):
    return f"{home(story.hub)}/{story.id}"


def ask(api, hub, *, by="sam", text=TEXT, **body):
    headers = {name: body.pop(name) for name in list(body) if name[0].isupper()}
    return api.post(home(hub), by=by, body={"text": text, **body}, **headers)


def test_a_question_is_asked_and_found_where_it_says(api, hub, people):
    page = {"title": "Freins", "url": "https://cyclofil.example/freins?token=s3cret#moi"}

    asked = ask(api, hub, topics=["freins"], page=page, language="fr")
    found = api.get(asked.headers["location"].partition("/v1")[2], by="sam")

    assert asked.status == 201
    assert (asked.json["state"], asked.json["round"], asked.json["role"]) == ("open", 1, "asker")
    assert asked.json["page"] == {"title": "Freins", "url": "https://cyclofil.example/freins"}
    assert asked.json["availability"]["available"] == 0
    assert found.json["text"] == TEXT
    assert "token" not in found.text


def test_asking_again_under_the_same_key_asks_once(api, hub, people):
    first = ask(api, hub, Idempotency_Key="a-key-of-sam")
    again = ask(api, hub, Idempotency_Key="a-key-of-sam")
    other = ask(api, hub, text="Autre chose ?", Idempotency_Key="a-key-of-sam")

    assert (first.json["id"], first.status) == (again.json["id"], again.status)
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status == 422
    assert len(api.get(home(hub)).json["data"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 2001},
        {"text": "a\u0000b"},
        {"text": 7},
        {"text": TEXT, "topics": ["a", "b", "c", "d", "e", "f"]},
        {"text": TEXT, "topics": ["x" * 41]},
        {"text": TEXT, "topics": [""]},
        {"text": TEXT, "language": "xx"},
        {"text": TEXT, "page": {"title": "x", "url": "javascript:alert(1)"}},
        {"text": TEXT, "page": {"title": "x", "url": "https://["}},
        {"text": TEXT, "page": {"title": "x", "url": "https://ex\u2100mple.com/"}},
        {"text": TEXT, "page": {"title": "x", "url": "https://a\uff0fb.example/"}},
        {"text": TEXT, "page": {"title": "x", "url": "https://a\uff20b/"}},
        {"text": TEXT, "page": {"title": "x", "url": "https://a.example/" + "x" * 1600}},
        {"text": TEXT, "page": {"title": "x" * 201, "url": "https://a.example/"}},
        {"text": TEXT, "page": {"title": "x", "url": "https://a.example/", "cookie": "y"}},
        {"text": TEXT, "linked_to": "qst_nonsense"},
        {"text": TEXT, "linked_to": "qst_01M7W4E9T6R2Q5Y8B1D3F7HJKN"},
        {"text": TEXT, "asked_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_written(api, hub, people, stored, body):
    before = stored()

    refused = api.post(home(hub), by="sam", body=body)

    assert refused.status == 422, refused
    assert stored() == before


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE questions;--", "👩‍🔧 مرحبا é́", "{{7*7}} ${x} %s"]
)
def test_what_looks_like_an_attack_is_just_words(api, hub, people, text):
    asked = ask(api, hub, text=text).json
    api.post(f"{home(hub)}/{asked['id']}/claim", by="noor")
    said = {"client_message_id": "k", "text": text}
    posted = api.post(f"{home(hub)}/{asked['id']}/messages", by="noor", body=said)

    assert asked["text"] == posted.json["text"] == unicodedata.normalize("NFC", text)
    assert posted.headers["content-type"] == "application/json"


def test_the_list_of_what_waits_is_public_and_says_nothing_private(api, hub, people):
    sites = {"origins": [], "topics": ["Freins", "roues"]}
    api.put(f"/organizations/{hub.id}/widget", by="claire", body=sites, If_Match='"0"')
    ask(api, hub, topics=["freins", "mon ex Paul, 06 12 34 56 78"])
    ask(api, hub, public=True, topics=["chaîne"])

    listed = api.get(home(hub), query={"limit": 1})
    rest = api.get(home(hub), query={"limit": 1, "cursor": listed.json["next_cursor"]})

    (private,), (public,) = listed.json["data"], rest.json["data"]
    assert listed.json["order"] == "oldest_first@1"
    assert (private["text"], private["topics"]) == (None, ["freins"])  # as the organization suggests it
    assert (public["text"], public["topics"]) == (TEXT, ["chaîne"])
    assert "sam" not in (listed.text + rest.text).lower()
    assert "mem_" not in listed.text + rest.text


def test_there_are_no_questions_where_there_is_no_organization(api, people):
    assert api.get("/organizations/org_01M7W0SX285MNJE8W71FKXGBTV/questions").status == 404


def test_private_questions_answer_404_to_everyone_else(api, story):
    a_host("hugo", story.hub)

    answers = [api.get(there(story), by=by) for by in ("lea", "claire", "hugo", "stranger")]
    answers += [api.get(f"{there(story)}/messages", by=by) for by in ("lea", "claire", "hugo", "stranger")]

    assert {(answer.status, answer.code) for answer in answers} == {(404, "question_not_found")}
    assert api.get(there(story)).status == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/release", None),
        ("POST", "/hand-over", {"note": "Une note assez longue."}),
        ("POST", "/hand-over/accept", None),
        ("POST", "/hand-over/decline", None),
        ("POST", "/hand-over/wait", {"proposal_id": "hnd_none", "agrees": True}),
        ("POST", "/answered", None),
        ("POST", "/confirm", {"outcome": "yes"}),
        ("POST", "/reopen", None),
        ("POST", "/withdraw", {}),
        ("POST", "/block", {"member_id": "mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"}),
        ("POST", "/invite", {"member_id": "mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"}),
        ("PUT", "/invitation", None),
        ("PUT", "/thanks", {"text": "Merci !"}),
        ("POST", "/messages", {"client_message_id": "k", "text": "Bonjour"}),
    ],
)
def test_nobody_moves_what_is_not_theirs(api, story, stored, method, path, body):
    story.comes_to("in_progress")
    before = stored()

    answers = [api.call(method, there(story) + path, by=by, body=body) for by in ("lea", "claire")]

    assert {answer.status for answer in answers} == {404}
    assert stored() == before


def test_whoever_comes_second_is_told_what_else_waits(api, story):
    other = ask(api, story.hub).json["id"]

    first = api.post(f"{there(story)}/claim", by="noor")
    second = api.post(f"{there(story)}/claim", by="lea")

    assert (first.status, first.json["state"], first.json["helper_name"]) == (200, "claimed", "Noor")
    assert first.json["lease_until"] is not None
    assert (second.status, second.code) == (409, "question_already_claimed")
    assert (second.json["others_waiting"], second.json["next_question_id"]) == (1, other)


def test_the_whole_story_ends_in_merit_for_whoever_helped(api, story):
    at = there(story)
    api.post(f"{at}/claim", by="noor")
    hello = api.post(f"{at}/messages", by="noor", body={"client_message_id": "a", "text": "Bonjour !"})
    api.post(f"{at}/messages", by="sam", body={"client_message_id": "a", "text": "Ça grince."})
    done = api.post(f"{at}/answered", by="noor")
    confirmed = api.post(f"{at}/confirm", by="sam", body={"outcome": "yes"})
    thanked = api.put(f"{at}/thanks", by="sam", body={"text": "Merci, plus un bruit !"})
    again = api.put(f"{at}/thanks", by="sam", body={"text": "Merci, plus un bruit !"})
    merci = api.post(f"{at}/messages", by="sam", body={"client_message_id": "b", "text": "merci"})
    given = [e for e in JournalEntry.scan() if e.detail_type == "thanks.given.v1"]
    body = json.dumps({"detail-type": given[0].detail_type, "detail": given[0].detail})
    queues.deliver("reward", body, body)

    assert (hello.status, hello.json["seq"], hello.json["author"]["role"]) == (201, 1, "helper")
    assert (done.json["state"], confirmed.json["state"]) == ("answered", "resolved")
    assert (thanked.status, again.status, len(given)) == (201, 200, 1)
    assert merci.json["is_postscript"] is True
    assert story.state == "resolved"
    line = api.get("/me/recognition", by="noor").json
    assert (line["balance"], line["data"][0]["object"]) == (1, {"kind": "question", "id": story.id})
    assert statement.recount(story.noor.member_id) == 1


def test_said_again_under_the_same_key_it_answers_what_was_said_first(api, story):
    story.comes_to("in_progress")
    body = {"client_message_id": "k", "text": "Ça grince."}

    first = api.post(f"{there(story)}/messages", by="sam", body=body)
    again = api.post(f"{there(story)}/messages", by="sam", body={**body, "text": "Autrement dit"})

    assert (first.status, again.status, again.json) == (201, 200, first.json)


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x"},
        {"client_message_id": "k"},
        {"client_message_id": "k", "text": ""},
        {"client_message_id": "k", "text": "x" * 4001},
        {"client_message_id": "k k", "text": "x"},
        {"client_message_id": "k", "text": "a\u202eb"},
        {"client_message_id": "k", "text": "x", "reply_to": "msg_01M7W1B4C1ZJ1V5G0R8W9N3K2T"},
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(api, story, stored, body):
    story.comes_to("in_progress")
    before = stored()

    assert api.post(f"{there(story)}/messages", by="sam", body=body).status == 422

    assert stored() == before


def test_what_a_client_missed_is_read_by_its_number(api, story):
    story.comes_to("in_progress")
    for n in range(4):
        story.says(story.sam, f"Mot {n}")

    missed = api.get(f"{there(story)}/messages", by="noor", query={"after_seq": 2, "limit": 2})
    rest = api.get(
        f"{there(story)}/messages",
        by="noor",
        query={"after_seq": 2, "limit": 2, "cursor": missed.json["next_cursor"]},
    )

    assert [said["seq"] for said in missed.json["data"] + rest.json["data"]] == [3, 4, 5]
    assert missed.json["data"][0]["author"]["name"] == "Sam"


def test_a_hand_over_is_proposed_with_a_note_and_accepted(api, story):
    story.comes_to("in_progress")
    at, note = there(story), "Câble changé, il reste à régler la tension."

    short = api.post(f"{at}/hand-over", by="noor", body={"note": "trop"})
    proposed = api.post(f"{at}/hand-over", by="noor", body={"to": story.lea.member_id, "note": note})
    seen = api.get(at, by="lea")
    accepted = api.post(f"{at}/hand-over/accept", by="lea")

    assert (short.status, proposed.json["state"]) == (422, "handing_over")
    assert (seen.json["role"], seen.json["proposal"]["note"]) == ("proposed", note)
    assert (accepted.json["state"], accepted.json["helper_id"]) == ("in_progress", story.lea.member_id)
    assert api.get(at, by="noor").status == 404


def test_whoever_asked_agrees_to_wait_for_someone_who_is_back_later(api, story):
    story.comes_to("in_progress")
    helping.pause(story.lea, story.hub.id, until=clock.now() + timedelta(hours=6))
    at, note = there(story), "Disque dégraissé, reste le câble."

    proposed = api.post(f"{at}/hand-over", by="noor", body={"to": story.lea.member_id, "note": note})
    shown = api.get(at, by="sam").json["awaited"]
    agreed = api.post(
        f"{at}/hand-over/wait", by="sam", body={"proposal_id": shown["proposal_id"], "agrees": True}
    )

    assert (shown["name"], shown["asker_agrees"]) == ("Lea", None)
    assert proposed.json["proposal"]["returns_at"] == shown["returns_at"]
    assert (agreed.status, agreed.json["state"], agreed.json["awaited"]["asker_agrees"]) == (
        200, "handing_over", True,
    )  # fmt: skip
    assert api.post(f"{at}/hand-over/accept", by="lea").json["state"] == "in_progress"
    assert api.get(at, by="sam").json["awaited"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"proposal_id": "h"},
        {"proposal_id": "h", "agrees": "perhaps"},
        {"proposal_id": "x" * 41, "agrees": 1},
    ],
)
def test_what_says_neither_yes_nor_no_to_waiting_is_refused_and_nothing_is_written(api, story, stored, body):
    story.comes_to("handing_over")
    before = stored()

    assert api.post(f"{there(story)}/hand-over/wait", by="sam", body=body).status == 422
    assert stored() == before


def test_too_late_to_reopen_says_what_to_do_instead(api, story):
    story.comes_to("resolved")
    story.time_passes(days=8)

    refused = api.post(f"{there(story)}/reopen", by="sam")
    linked = ask(api, story.hub, linked_to=refused.json["linked_to"])

    assert (refused.status, refused.code) == (409, "reopen_too_late")
    assert (linked.status, linked.json["linked_to"]) == (201, story.id)


def test_blocking_says_nothing_to_anyone(api, story):
    story.comes_to("in_progress")

    whom = {"member_id": story.noor.member_id}
    blocked = api.post(f"{there(story)}/block", by="sam", body=whom)
    again = api.post(f"{there(story)}/block", by="sam", body=whom)
    story.time_passes(hours=1)
    refused = api.post(f"{there(story)}/claim", by="noor")

    assert (blocked.status, again.status) == (204, 204)
    assert (refused.status, refused.code) == (409, "not_offered_to_you")


def test_someone_is_invited_comes_and_leaves(api, story):
    story.comes_to("in_progress")
    at = there(story)

    invited = api.post(f"{at}/invite", by="sam", body={"member_id": story.lea.member_id})
    came = api.put(f"{at}/invitation", by="lea")
    read = api.get(f"{at}/messages", by="lea")
    left = api.delete(f"{at}/invitation", by="lea")

    assert invited.json["invited_ids"] == [story.lea.member_id]
    assert (came.json["role"], read.status, left.status) == ("companion", 200, 204)
    assert api.get(f"{at}/messages", by="lea").status == 404


def test_one_s_own_questions_are_listed_by_what_one_is_to_them(api, story):
    story.comes_to("in_progress")
    mine = f"/me/organizations/{story.hub.id}/questions"

    asked = api.get(mine, by="sam")
    helped = api.get(mine, by="noor", query={"role": "helper"})
    wrong = api.get(mine, by="noor", query={"role": "boss"})

    assert (
        [one["id"] for one in asked.json["data"]] == [one["id"] for one in helped.json["data"]] == [story.id]
    )
    assert (asked.json["data"][0]["role"], helped.json["data"][0]["role"]) == ("asker", "helper")
    assert wrong.status == 422


class TestGuests:
    @pytest.fixture
    def guest(self, hub):
        hosts.a_widget(hub)
        return hosts.bearer(hosts.a_session(hub))

    def test_a_guest_asks_talks_confirms_and_thanks(self, api, hub, people, guest):
        asked = api.post(home(hub), body={"text": TEXT}, **guest).json
        at = f"{home(hub)}/{asked['id']}"
        claimed = api.post(f"{at}/claim", by="noor").json
        api.post(f"{at}/messages", by="noor", body={"client_message_id": "a", "text": "Bonjour !"})
        said = api.post(f"{at}/messages", body={"client_message_id": "a", "text": "Ça grince."}, **guest)
        api.post(f"{at}/answered", by="noor")
        confirmed = api.post(f"{at}/confirm", body={"outcome": "partly"}, **guest)
        thanked = api.put(f"{at}/thanks", body={"text": "Merci !"}, **guest)
        listed = api.get(f"/me/organizations/{hub.id}/questions", **guest)

        assert claimed["asker_is_verified"] is False
        assert said.json["author"] == {
            "member_id": asked["asker_id"],
            "name": None,
            "role": "asker",
            "voice": None,
            "is_verified": False,
        }
        assert (confirmed.json["state"], thanked.status) == ("resolved", 201)
        assert [one["id"] for one in listed.json["data"]] == [asked["id"]]

    def test_a_guest_claims_nothing(self, api, hub, people, guest):
        asked = ask(api, hub).json

        assert api.post(f"{home(hub)}/{asked['id']}/claim", **guest).status in (401, 403)

    def test_a_guest_is_nobody_in_another_organization(self, api, hub, people, guest):
        other = an_organization("ailleurs")

        assert api.post(home(other), body={"text": TEXT}, **guest).status == 404


def test_what_moves_a_question_is_told_in_its_version(api, story):
    first = api.get(there(story), by="sam")
    story.claimed()
    second = api.get(there(story), by="sam", If_None_Match=first.headers["etag"])

    assert second.status == 200
    assert second.json["version"] > first.json["version"]
    same = api.get(there(story), by="sam", If_None_Match=second.headers["etag"])
    assert same.status == 304


def test_claiming_over_http_takes_four_calls(api, story, calls):
    calls.clear()

    api.post(f"{there(story)}/claim", by="noor")

    assert calls == [
        "dynamodb.UpdateItem",
        "dynamodb.BatchGetItem",
        "dynamodb.TransactWriteItems",
        "dynamodb.BatchGetItem",
    ]


def test_the_queue_of_a_stranger_s_claims_is_their_own(api, story):
    refused = api.post(f"{there(story)}/claim", by="stranger")

    assert (refused.status, refused.code) == (403, "follow_first")
    assert questions.waiting_in(story.hub.id, Page(5)).items
    assert a_caller("stranger").member_id not in str(vars(story.question))
