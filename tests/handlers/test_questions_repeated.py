"""The same step sent again, with the same key, after the question has moved on."""

from __future__ import annotations

import pytest

from chalicelib.domain import questions
from tests.questions import Story

KEY = "0190f3a2-5b1c-7d0e-9a41-93e8deadbeef"


@pytest.fixture
def story(time_passes):
    return Story(time_passes)


@pytest.fixture
def send(api, story):
    def post(step, *, by, body=None, key=KEY):
        place = f"/organizations/{story.hub.id}/questions/{story.id}"
        return api.post(f"{place}/{step}", by=by, body=body, Idempotency_Key=key)

    return post


def test_a_refusal_of_the_first_answer_sent_again_does_not_throw_out_the_second(story, send):
    story.comes_to("answered")
    first = send("confirm", by="sam", body={"outcome": "no"})
    questions.claim(story.lea, *story.this)
    story.says(story.lea)
    questions.answered(story.lea, *story.this)

    again = send("confirm", by="sam", body={"outcome": "no"})

    assert (first.json["state"], first.json["round"]) == ("open", 2)
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert (again.json["state"], again.json["round"], again.json["helper_id"]) == (
        "answered", 2, story.lea.member_id,
    )  # fmt: skip


def test_a_yes_sent_again_after_a_reopening_is_answered_and_resolves_nothing(story, send):
    story.comes_to("answered")
    send("confirm", by="sam", body={"outcome": "yes"})
    questions.reopen(story.sam, *story.this)

    again = send("confirm", by="sam", body={"outcome": "yes"})

    assert (again.status, again.json["state"], again.json["round"]) == (200, "open", 2)


def test_a_reopening_sent_again_after_the_second_answer_opens_no_third_round(story, send):
    story.comes_to("resolved")
    send("reopen", by="sam")
    questions.claim(story.lea, *story.this)
    story.says(story.lea)
    questions.answered(story.lea, *story.this)
    questions.confirm(story.sam, *story.this, outcome="yes")

    again = send("reopen", by="sam")

    assert (again.status, again.json["state"], again.json["round"]) == (200, "resolved", 2)


def test_a_claim_sent_again_after_it_was_given_back_takes_nothing(story, send):
    send("claim", by="noor")
    questions.release(story.noor, *story.this)
    before = story.question.version

    again = send("claim", by="noor")

    assert (again.status, again.code) == (404, "question_not_found")  # it is no longer theirs to read
    assert (story.state, story.question.version) == ("open", before)


def test_one_key_is_good_for_one_step_with_one_body(story, send):
    story.comes_to("answered")
    send("confirm", by="sam", body={"outcome": "partly"})

    other = send("confirm", by="sam", body={"outcome": "no"})

    assert (other.status, other.code) == (422, "idempotency_key_reused")
    assert story.state == "resolved"


def test_a_refused_step_spends_no_key(story, send):
    early = send("confirm", by="sam", body={"outcome": "yes"})
    story.comes_to("answered")

    assert (early.status, early.code) == (409, "question_state_refused")
    assert send("confirm", by="sam", body={"outcome": "yes"}).json["state"] == "resolved"


def test_what_was_asked_is_told_again_as_it_is_now_and_as_its_asker_reads_it(api, story):
    place, asked = (
        f"/organizations/{story.hub.id}/questions",
        {"text": "Ma chaîne saute.", "topics": ["chaîne"]},
    )
    first = api.post(place, by="sam", body=asked, Idempotency_Key=KEY).json
    questions.claim(story.noor, story.hub.id, first["id"])
    story.time_passes(minutes=3)  # its lease is over, and nobody has written that down yet

    again = api.post(place, by="sam", body=asked, Idempotency_Key=KEY).json

    read = api.get(f"{place}/{first['id']}", by="sam").json
    assert (again["state"], again["asker_name"]) == ("open", "Sam")
    assert {**again, "availability": None} == {**read, "availability": None}


def test_withdrawing_twice_at_once_is_withdrawing_once(story, send, announced):
    first, again = (send("withdraw", by="sam", body={}) for _ in range(2))

    assert (first.status, again.status, again.json["state"]) == (200, 200, "withdrawn")
    assert announced().count("question.withdrawn.v1") == 1
