"""What becomes of a private chat, as clients meet it: shared by both, or gone in its time."""

from __future__ import annotations

import pytest

from chalicelib.domain import events, organizations, questions
from chalicelib.domain.live import delivery
from chalicelib.models.journal import JournalEntry
from tests import queues
from tests.factories import a_caller, a_host
from tests.hosts import a_widget
from tests.questions import TEXT, Story, must_add_up

NAUGHTY = "<script>alert(1)</script> ' OR 1=1 -- 💥"


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


@pytest.fixture
def ended(story):
    story.comes_to("in_progress")
    story.says(story.sam, NAUGHTY)
    story.finished()
    story.helped()
    return story


def at(story, what=""):
    return f"/organizations/{story.hub.id}/questions/{story.id}{what}"


def listed(story):
    return f"/organizations/{story.hub.id}/shared-questions"


def agree(api, story, who, **body):
    return api.put(at(story, "/sharing"), by=who, body={"shown_as": "anonymous", "up_to_seq": 2, **body})


def both(api, story, **body):
    agree(api, story, "sam", **body)
    return agree(api, story, "noor", **body)


def public(api, story):
    return api.get(at(story, "/shared")), api.get(at(story, "/shared/messages")), api.get(listed(story))


# sharing


def test_what_both_agree_to_is_read_by_anyone_without_signing_in(api, ended):
    shared = both(api, ended, shown_as="name")

    exchange, words, every = public(api, ended)

    assert (shared.status, shared.json["up_to_seq"], shared.json["mine"]["shown_as"]) == (200, 2, "name")
    assert (exchange.json["text"], exchange.json["helper_name"]) == (TEXT, "Noor")
    assert [one["text"] for one in words.json["data"]] == ["Essayez de dégraisser le disque.", NAUGHTY]
    assert words.json["order"] == "by_seq@1"
    assert [one["question_id"] for one in every.json["data"]] == [ended.id]
    assert every.json["order"] == "latest_shared_first@1"
    for answer in (exchange, words, every):
        assert "mem_" not in answer.text  # a name, if they want; never an id
        assert "page" not in answer.text


def test_before_both_agree_and_after_one_does_no_longer_it_is_not_there(api, ended):
    agree(api, ended, "sam")
    before = public(api, ended)
    agree(api, ended, "noor")

    assert api.delete(at(ended, "/sharing"), by="sam").status == 204

    for exchange, words, every in (before, public(api, ended)):
        assert (exchange.status, exchange.code) == (404, "question_not_found")
        assert (words.status, words.code) == (404, "question_not_found")
        assert every.json["data"] == []


def test_nobody_else_decides_it_nor_knows_of_it(api, ended):
    a_host("hugo", ended.hub, role="admin")
    both(api, ended)

    for who in ("claire", "hugo", "lea", "stranger"):
        assert agree(api, ended, who).status == 404
        assert api.get(at(ended, "/sharing"), by=who).status == 404
        assert api.delete(at(ended, "/sharing"), by=who).status == 404
    assert api.get(at(ended, "/sharing")).status == 401
    assert api.get(at(ended, "/shared")).status == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"shown_as": "pseudonym"}, "/shown_as"),
        ({"shown_as": None}, "/shown_as"),
        ({"up_to_seq": 0}, "/up_to_seq"),
        ({"up_to_seq": -1}, "/up_to_seq"),
        ({"up_to_seq": "2"}, "/up_to_seq"),
        ({"up_to_seq": 2.5}, "/up_to_seq"),
        ({"up_to_seq": 10**12}, "/up_to_seq"),
        ({"for": "noor"}, "/for"),
    ],
)
def test_what_cannot_be_agreed_to_is_refused_and_nothing_is_written(api, ended, stored, body, pointer):
    before = stored()

    refused = agree(api, ended, "sam", **body)

    assert refused.status == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert stored() == before


def test_more_than_was_said_is_refused_in_words(api, ended):
    refused = agree(api, ended, "sam", up_to_seq=3)

    assert (refused.status, refused.code, refused.json["seq"]) == (422, "not_said_yet", 2)


def test_it_is_shared_in_no_other_organization(api, ended):
    both(api, ended)
    other = organizations.create(
        a_caller("paul"), slug="autre", name="Autre", aim="Aider.", language="fr", time_zone="Europe/Paris",
        resources=[], presets_chosen=["help"],
    )  # fmt: skip

    assert api.get(f"/organizations/{other.id}/questions/{ended.id}/shared").status == 404
    assert api.get(f"/organizations/{other.id}/shared-questions").json["data"] == []
    assert api.get("/organizations/org_01M7W0SX285MNJE8W71FKXGBTV/shared-questions").status == 404


# how long


def test_how_long_words_are_kept_is_told_before_anyone_asks_and_to_those_who_did(api, ended):
    a_widget(ended.hub)

    told = api.get("/widget/cyclofil")
    seen = api.get(at(ended), by="sam").json

    assert told.json["conversation_retention_days"] == seen["retention_days"] == 365
    assert seen["kept_until"][:10] > seen["closed_at"][:10]


@pytest.mark.parametrize("days", [29, 1096, 0, -1, "365", 30.5])
def test_an_organization_keeps_words_a_month_at_least_and_three_years_at_most(api, story, stored, days):
    before = stored()

    refused = decide(api, story, days)

    assert refused.status == 422
    assert stored() == before


def decide(api, story, days, by="claire"):
    version = organizations.find(story.hub.id).version
    body = {"values": {"conversation_retention_days": days}, "why": "Nous gardons peu."}
    return api.patch(f"/organizations/{story.hub.id}/settings", by=by, body=body, If_Match=f'"{version}"')


@pytest.mark.parametrize("days", [30, 1095])
def test_what_an_organization_decides_says_who_and_why_and_is_told_at_once(api, story, days):
    decided = decide(api, story, days).json["settings"]["conversation_retention_days"]

    assert (decided["value"], decided["why"]) == (days, "Nous gardons peu.")
    assert decided["set_by"] == a_caller("claire").member_id
    assert api.get("/widget/cyclofil").json["conversation_retention_days"] == days
    assert decide(api, story, 60, by="sam").status == 403


@pytest.mark.parametrize("is_purged", [False, True])
def test_after_its_time_no_route_tells_a_word(api, ended, is_purged):
    both(api, ended)
    ended.time_passes(days=365)
    if is_purged:
        questions.purge(*ended.this)

    seen, words = api.get(at(ended), by="sam"), api.get(at(ended, "/messages"), by="noor")
    refused = api.post(at(ended, "/messages"), by="sam", body={"client_message_id": "late", "text": "Oh."})

    assert (seen.json["state"], seen.json["text"], seen.json["asker_name"]) == ("resolved", None, None)
    assert (words.status, words.json["data"]) == (200, [])
    assert (refused.status, refused.code, refused.json["linked_to"]) == (
        409,
        "words_no_longer_kept",
        ended.id,
    )
    assert agree(api, ended, "sam").code == "words_no_longer_kept"
    everything = [
        seen,
        words,
        *public(api, ended),
        api.get(f"/me/organizations/{ended.hub.id}/questions", by="sam"),
    ]
    for answer in everything:
        assert TEXT not in answer.text
        assert "script" not in answer.text


# who reads it while it is private


def test_whoever_runs_the_organization_reads_nothing_of_it_unless_invited_and_both_see_that_they_came(
    api, story
):
    story.comes_to("in_progress")
    hugo = a_host("hugo", story.hub)
    for who in ("claire", "hugo", "lea", "stranger"):
        assert api.get(at(story), by=who).status == 404
        assert api.get(at(story, "/messages"), by=who).status == 404
    api.post(at(story, "/invite"), by="sam", body={"member_id": hugo.member_id})
    assert api.get(at(story, "/messages"), by="hugo").status == 404  # asked to come is not there yet
    assert api.get(at(story), by="noor").json["companion_ids"] == []

    api.put(at(story, "/invitation"), by="hugo")

    assert api.get(at(story, "/messages"), by="hugo").status == 200
    for who in ("sam", "noor"):
        assert api.get(at(story), by=who).json["companion_ids"] == [hugo.member_id]
    assert api.delete(at(story, "/invitation"), by="hugo").status == 204
    assert api.get(at(story, "/messages"), by="hugo").status == 404
    assert told(events.CompanionCame) == told(events.CompanionLeft) == [hugo.member_id]


def told(kind):
    found = [entry.detail for entry in JournalEntry.scan() if entry.detail_type == kind.detail_type()]
    return [detail["member_id"] for detail in found]


def test_those_in_it_are_told_who_comes_and_what_is_shared(api, story, monkeypatch):
    notices = []
    monkeypatch.setattr(
        delivery, "notify", lambda people, about, detail: notices.append((about, sorted(people)))
    )
    story.comes_to("in_progress")
    for act in (
        lambda: questions.invite(story.sam, *story.this, story.lea.member_id),
        lambda: questions.come(story.lea, *story.this),
    ):
        act()
    story.finished()
    story.helped()
    both(api, story, up_to_seq=1)
    api.delete(at(story, "/sharing"), by="sam")
    everyone = sorted(who.member_id for who in (story.sam, story.noor, story.lea))
    kinds = (events.CompanionCame, events.SharingAgreed, events.QuestionShared, events.QuestionUnshared)
    happened = [
        events.named(entry.detail_type).from_detail(entry.detail)
        for entry in JournalEntry.scan()
        if entry.detail_type in {kind.detail_type() for kind in kinds}
    ]

    assert queues.deliver("give_notice", *map(queues.envelope, happened)) == []

    assert sorted(notices) == [
        ("companion_came", everyone),
        ("question_shared", everyone),
        ("question_unshared", everyone),
        ("sharing_agreed", everyone),
        ("sharing_agreed", everyone),
    ]
