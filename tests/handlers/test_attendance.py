"""Being at a meetup, over HTTP: codes, who did not come, what was, and keeping in touch."""

from __future__ import annotations

import pytest

from chalicelib.domain.meetups import checking_in
from tests import queues
from tests.factories import a_caller
from tests.meetups import Coffee

DOOR = {"days": 2, "hours": 23, "minutes": 30}
BEGUN = {"days": 3, "minutes": 10}
OVER = {"days": 3, "hours": 2, "minutes": 1}


@pytest.fixture
def coffee():
    coffee = Coffee(seats=8)
    for name in ("ana", "bo"):
        coffee.says(name)
    return coffee


@pytest.fixture
def path(coffee):
    return "/organizations/{}/meetups/{}".format(*coffee.this)


def id_of(name):
    return a_caller(name).member_id


def door(path, name):
    return f"{path}/rsvps/{id_of(name)}/check-in"


def touch(path, name):
    return f"{path}/attendees/{id_of(name)}/keep-in-touch"


def code_of(api, path, name):
    return api.get(f"{path}/rsvp", by=name).json["code"]


def test_two_who_come_check_each_other_in_with_one_code(api, path, time_passes):
    time_passes(**DOOR)
    code = code_of(api, path, "bo")

    first, again = (api.put(door(path, "bo"), by="ana", body={"code": code.lower()}) for _ in range(2))

    assert (first.status, again.json) == (200, first.json), first
    assert {name: first.json[name] for name in ("member_id", "name")} == {
        "member_id": id_of("bo"),
        "name": "Bo",
    }
    assert [api.get(f"{path}/rsvp", by=name).json["state"] for name in ("ana", "bo")] == ["checked_in"] * 2
    listed = api.get(f"{path}/rsvps", by="ana").json["data"]
    assert {one["name"]: one["checked_in"] for one in listed} == {"Hana": False, "Ana": True, "Bo": True}


def test_a_host_needs_no_code(api, path, time_passes):
    time_passes(**DOOR)

    assert api.put(door(path, "ana"), by="hana", body={}).status == 200


@pytest.mark.parametrize(
    ("by", "whom", "body", "refused"),
    [
        ("ana", "bo", {"code": "AAAAAA"}, (403, "wrong_code")),
        ("ana", "bo", {}, (403, "wrong_code")),
        ("ana", "nobody", {"code": "AAAAAA"}, (403, "wrong_code")),
        ("ana", "ana", {"code": "AAAAAA"}, (403, "nobody_else_says_so")),
        ("hana", "hana", {}, (403, "nobody_else_says_so")),
        ("dee", "bo", {"code": "AAAAAA"}, (403, "not_coming")),
        ("hana", "nobody", {}, (404, "nobody_expected")),
        ("ana", "bo", {"code": "A" * 21}, (422, "invalid_request")),
        ("ana", "bo", {"code": "A\nB"}, (422, "invalid_request")),
        ("ana", "bo", {"code": 123456}, (422, "invalid_request")),
    ],
)
def test_what_is_refused_at_the_door(api, path, time_passes, stored, by, whom, body, refused):
    api.get("/me", by=by)
    time_passes(**DOOR)
    before = stored()

    answer = api.put(door(path, whom), by=by, body=body)

    assert (answer.status, answer.code) == refused, answer
    assert stored() == before


def test_nobody_without_an_account(api, path):
    assert api.put(door(path, "bo"), body={}).status == 401


def test_whoever_guesses_is_held_up(api, path, time_passes):
    time_passes(**DOOR)
    for _ in range(checking_in.TRYING.limit):
        api.put(door(path, "bo"), by="ana", body={"code": "AAAAAA"})

    answer = api.put(door(path, "bo"), by="ana", body={"code": code_of(api, path, "bo")})

    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert int(answer.headers["retry-after"]) <= 3600
    assert api.put(door(path, "bo"), by="hana", body={}).status == 200


def test_checking_in_costs_four_calls(api, path, time_passes, calls):
    time_passes(**DOOR)
    code = code_of(api, path, "bo")
    calls.clear()

    api.put(door(path, "bo"), by="ana", body={"code": code})

    assert calls == [
        "dynamodb.UpdateItem", "dynamodb.UpdateItem", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems",
    ]  # fmt: skip


def test_a_no_show_is_read_by_its_host_and_the_person_and_put_right(api, path, time_passes):
    time_passes(**BEGUN)
    note = f"{path}/rsvps/{id_of('bo')}/no-show"
    before = api.get(f"{path}/rsvps", by="ana").text

    noted = api.put(note, by="hana")

    assert (noted.status, noted.json["state"], noted.json["code"]) == (200, "no_show", None)
    assert api.get(f"{path}/rsvp", by="bo").json["state"] == "no_show"
    assert api.get(f"{path}/rsvps", by="ana").text == before
    assert [api.delete(note, by="hana").status for _ in range(2)] == [204, 204]
    assert api.get(f"{path}/rsvp", by="bo").json["state"] == "going"


@pytest.mark.parametrize(
    ("by", "whom", "refused"),
    [
        ("ana", "bo", (403, "only_the_hosts")),
        ("hana", "hana", (404, "nobody_expected")),
        ("hana", "dee", (404, "nobody_expected")),
    ],
)
def test_what_is_not_a_no_show(api, path, time_passes, by, whom, refused):
    time_passes(**BEGUN)

    answer = api.put(f"{path}/rsvps/{id_of(whom)}/no-show", by=by)

    assert (answer.status, answer.code) == refused


def test_what_was_is_told_on_the_version_that_was_read(api, path, time_passes):
    time_passes(**OVER)
    tag = api.get(path, by="hana").headers["etag"]

    told = api.put(f"{path}/recap", by="hana", body={"words": "Onze vélos freinent."}, If_Match=tag)
    stale = api.put(f"{path}/recap", by="hana", body={"words": "Douze."}, If_Match=tag)
    blind = api.put(f"{path}/recap", by="hana", body={"words": "Douze."})
    read = api.get(f"{path}/recap", by="ana")

    assert [answer.status for answer in (told, stale, blind)] == [200, 412, 428]
    assert (read.json["words"], read.json["came"], read.json["contacts"]) == ("Onze vélos freinent.", 0, [])
    assert api.get(f"{path}/recap", by="dee").code == "not_coming"


@pytest.mark.parametrize("words", ["", "  \n", "é" * 4001, None])
def test_words_out_of_shape_are_refused(api, path, time_passes, words):
    time_passes(**OVER)

    answer = api.put(f"{path}/recap", by="hana", body={"words": words}, If_Match='"1"')

    assert answer.status == 422


def test_what_is_not_over_has_no_recap(api, path):
    answers = [
        api.get(f"{path}/recap", by="ana"),
        api.put(f"{path}/recap", by="hana", body={"words": "Déjà ?"}, If_Match='"1"'),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(409, "meetup_state_refused")] * 2


def test_two_who_wish_it_keep_in_touch_and_one_alone_does_not(api, path, time_passes):
    time_passes(**OVER)
    alone = api.put(touch(path, "bo"), by="ana", body={"share": "ana@example.org"})
    before = [api.get("/me/contacts", by=name).json["data"] for name in ("ana", "bo")]
    both = api.put(touch(path, "ana"), by="bo", body={"share": "06 12 34 56 78"})

    (contact,) = api.get("/me/contacts", by="ana").json["data"]

    assert (alone.status, both.status, before) == (204, 204, [[], []])
    assert alone.text == both.text
    assert contact == {
        "member_id": id_of("bo"),
        "name": "Bo",
        "share": "06 12 34 56 78",
        "organization_id": path.split("/")[2],
        "meetup_id": path.split("/")[4],
        "title": "Café réglage",
        "made_at": contact["made_at"],
    }
    assert api.get(f"{path}/recap", by="ana").json["contacts"] == [contact]
    assert api.delete(touch(path, "bo"), by="ana").status == 204
    assert [api.get("/me/contacts", by=name).json["data"] for name in ("ana", "bo")] == [[], []]


@pytest.mark.parametrize(
    ("whom", "share", "status"),
    [("bo", "", 422), ("bo", "é" * 201, 422), ("dee", "moi", 404), ("ana", "moi", 404)],
)
def test_what_is_not_kept(api, path, time_passes, whom, share, status):
    time_passes(**OVER)

    assert api.put(touch(path, whom), by="ana", body={"share": share}).status == status


def test_what_is_gone_or_elsewhere_is_not_found(api, path):
    nowhere = path.replace("/mtg_", "/mtg_0")

    answers = [
        api.put(door(nowhere, "bo"), by="ana", body={}),
        api.put(f"{nowhere}/rsvps/{id_of('bo')}/no-show", by="hana"),
        api.get(f"{nowhere}/recap", by="ana"),
        api.put(touch(nowhere, "bo"), by="ana", body={"share": "moi"}),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "meetup_not_found")] * 4


def test_hosting_that_someone_attests_is_merit_with_its_reason(api, path, time_passes):
    time_passes(**BEGUN)
    api.put(door(path, "hana"), by="ana", body={"code": code_of(api, path, "hana")})
    for _ in range(2):
        queues.deliver("reward", *announced_to("rewards"))

    told = api.get("/me/recognition", by="hana").json

    (line,) = told["data"]
    assert (told["balance"], line["amount"], line["reason"], line["thanks_id"]) == (1, 1, "hosted", None)
    assert line["explanation"] == "You hosted a meetup, attested by someone who was there."
    assert line["object"] == {"kind": "meetup", "id": path.split("/")[4]}
    assert api.get("/me/recognition", by="ana").json["balance"] == 0


def announced_to(consumer):
    """What was announced that this consumer subscribes to, as it receives it."""
    from chalicelib.domain import events
    from chalicelib.handlers import consumers
    from chalicelib.models.journal import JournalEntry

    known = getattr(consumers, consumer).SUBSCRIPTIONS
    found = ((events.named(entry.detail_type), entry.detail) for entry in JournalEntry.scan())
    return [queues.envelope(kind.from_detail(detail)) for kind, detail in found if kind in known]
