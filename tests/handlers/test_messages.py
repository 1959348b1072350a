from __future__ import annotations

import json

import pytest

from chalicelib.gateways import ids
from chalicelib.models.changes import changes
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load
from tests.factories import a_caller, a_follower, a_message, a_salon, an_organization

WRITE = "dynamodb.UpdateItem"  # the rate bucket
READ = "dynamodb.BatchGetItem"
GET = "dynamodb.GetItem"
LIST = "dynamodb.Query"
COMMIT = "dynamodb.TransactWriteItems"

FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def acme():
    return an_organization()


@pytest.fixture
def salon(acme):
    a_follower("noor", acme)
    a_follower("sami", acme)
    return a_salon(acme)


@pytest.fixture
def path(acme, salon):
    return f"/organizations/{acme.id}/salons/{salon.id}/messages"


def post(api, path, text="Bonjour", *, by="noor", key=None, **said):
    return api.post(path, by=by, body={"client_message_id": key or ids.new("key"), "text": text, **said})


def seqs(answer):
    return [message["seq"] for message in answer.json["data"]]


# --- posting


def test_a_message_is_posted_in_three_calls(api, path, calls):
    post(api, path)
    calls.clear()

    answer = post(api, path, "Une clé de 15 ?")

    assert calls == [WRITE, READ, COMMIT]
    assert answer.status == 201, answer
    assert answer.headers["location"] == f"/v1{path}/{answer.json['id']}"
    assert answer.headers["etag"]
    assert {k: v for k, v in answer.json.items() if k not in ("id", "at", "salon_id", "organization_id")} == {
        "seq": 2,
        "author": {"member_id": a_caller("noor").member_id, "name": "Noor", "voice": "member"},
        "text": "Une clé de 15 ?",
        "state": "sent",
        "reply_to": None,
        "mentions": [],
        "unreachable_mentions": [],
        "reactions": [],
        "thanks": 0,
        "edited_at": None,
        "restriction": None,
        "version": 1,
    }


def test_a_reply_that_names_people_takes_one_call_more(api, path, calls):
    first = post(api, path).json
    calls.clear()

    answer = post(
        api, path, by="sami", reply_to=first["id"], mentions=[a_caller(name).member_id for name in "abcde"]
    )

    assert calls == [WRITE, READ, GET, COMMIT]
    assert answer.json["reply_to"] == {
        "message_id": first["id"],
        "seq": 1,
        "author_id": first["author"]["member_id"],
        "excerpt": "Bonjour",
    }
    assert len(answer.json["unreachable_mentions"]) == 5


def test_a_message_sent_again_gets_the_same_body_and_says_so(api, path, calls):
    first = post(api, path, key="k", reply_to=post(api, path).json["id"])
    calls.clear()

    again = post(api, path, "autre chose", key="k")

    assert calls == [WRITE, READ, READ]
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert "idempotency-replayed" not in first.headers
    assert again.json == first.json
    assert again.headers["etag"] == first.headers["etag"]


def test_slow_mode_says_when_and_gives_the_text_back(api, acme, salon):
    slow = a_salon(acme, slow_mode_seconds=3600)
    path = f"/organizations/{acme.id}/salons/{slow.id}/messages"
    post(api, path)

    answer = post(api, path, "ce que j’avais tapé")

    assert (answer.status, answer.code) == (429, "slow_mode")
    assert 3590 < answer.json["retry_after"] <= 3600
    assert answer.headers["retry-after"] == str(answer.json["retry_after"])
    assert answer.json["text"] == "ce que j’avais tapé"


def test_a_closed_salon_says_its_state(api, path, salon):
    (found,) = load(Salon.key(salon.id))
    with changes() as change:
        change.edit(found, state="archived")

    answer = post(api, path)

    assert (answer.status, answer.code, answer.json["state"]) == (409, "salon_closed_to_words", "archived")


def test_who_is_not_signed_in_reads_and_does_not_write(api, path):
    posted = post(api, path)
    refused = api.post(path, body={"client_message_id": "k", "text": "Bonjour"})

    assert refused.status == 401
    assert api.get(path).json["data"][0]["id"] == posted.json["id"]


def test_who_does_not_follow_is_told_to(api, path):
    assert (post(api, path, by="passant").status, post(api, path, by="passant").code) == (403, "follow_first")


@pytest.mark.parametrize(
    "text",
    [
        "nul \x00",
        "cloche \x07",
        "échappement \x1b[31m",
        "\u202eà l’envers",
        "isolé \u2066",
        "sépa\u2028ré",
        "\ufffe",
        "",
        "   \n\t ",
        "\u200b\u200d\ufeff",
        "a" * 4001,
        "👍" * 4001,
        None,
        42,
        ["a"],
    ],
)
def test_text_that_is_none_is_refused_and_nothing_is_kept(api, path, text, stored):
    before = stored()

    answer = post(api, path, text)

    assert (answer.status, answer.code) == (422, "invalid_request")
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/text"]
    assert said(stored()) == said(before)


def said(tables):
    return tables["messages"], tables["journal"]


@pytest.mark.parametrize(
    "raw",
    [
        '{"client_message_id": "k", "text": "seul \\ud800"}',
        b'{"client_message_id": "k", "text": "\xff"}',
        '{"client_message_id": "k", "text": ',
    ],
)
def test_what_is_not_unicode_or_not_json_is_refused(api, path, raw):
    answer = api.post(path, by="noor", raw=raw)

    assert (answer.status, answer.code) == (400, "malformed_json")


@pytest.mark.parametrize(
    "text",
    [
        FAMILY,
        FAMILY * 300,
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "👍🏽" * 2000,
        "a" * 4000,
        "مرحبا بكم",
        "שלום",
        "नमस्ते",
        "Z̸̡͝a̶l̸g̷o̴",
        "plusieurs\nlignes\tet tabulations",
        "<script>alert(1)</script> {0} {text} %s",
        "'; DROP TABLE salons; --",
    ],
)
def test_text_that_people_write_comes_back_as_it_was(api, path, text):
    answer = post(api, path, text)

    assert answer.status == 201, answer
    assert api.get(f"{path}/{answer.json['id']}").json["text"] == text


def test_words_come_back_in_one_normal_form(api, path):
    assert post(api, path, "e\u0301te\u0301 \r\n fin ").json["text"] == "été \n fin"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_message_id", ""),
        ("client_message_id", "a" * 65),
        ("client_message_id", "é"),
        ("client_message_id", "a/b"),
        ("client_message_id", "a\n"),
        ("client_message_id", None),
        ("reply_to", "msg_"),
        ("reply_to", "SALON"),
        ("mentions", ["mem_4SK5G4KPJ2YX8MGVMQAXNAF947"] * 6),
        ("mentions", "mem_4SK5G4KPJ2YX8MGVMQAXNAF947"),
        ("mentions", ["MEMBER"]),
        ("voice", "staff"),
        ("at", "2020-01-01T00:00:00Z"),
    ],
)
def test_what_is_not_as_documented_is_refused(api, path, field, value, stored):
    body = {"client_message_id": "k", "text": "Bonjour", field: value}
    if (field, value) == ("client_message_id", "a\n"):
        body[field] = "a\nb"
    before = stored()

    answer = api.post(path, by="noor", body=body)

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"].startswith(f"/{field}")
    assert said(stored()) == said(before)


def test_a_reply_to_nothing_names_the_field(api, path):
    answer = post(api, path, reply_to="msg_4SK5G4KPJ2YX8MGVMQAXNAF947")

    assert (answer.status, answer.code) == (422, "reply_to_unknown")
    assert answer.json["errors"][0]["pointer"] == "/reply_to"


# --- reading


def test_the_archive_is_read_by_anyone_newest_first_in_three_calls_at_most(api, path, calls):
    for _ in range(3):
        post(api, path)
    calls.clear()

    answer = api.get(path, query={"limit": 2})

    assert calls == [LIST, READ]
    assert seqs(answer) == [3, 2]
    assert (answer.json["order"], answer.json["has_more"]) == ("by_seq@1", True)
    cursor = answer.json["next_cursor"]
    assert seqs(api.get(path, query={"limit": 2, "cursor": cursor})) == [1]


def test_a_page_of_many_voices_replies_and_reactions_takes_three_calls(api, path, acme, salon, calls):
    quoted = a_message(a_caller("sami"), salon, "au loin")
    for number in range(6):
        caller = a_follower(f"voix-{number}", acme)
        message = a_message(caller, salon, reply_to=quoted.id)
        api.put(f"{path}/{message.id}/reactions/heart", by="noor")
    calls.clear()

    answer = api.get(path, by="noor", query={"limit": 6})

    assert calls == [LIST, READ, READ]
    assert [message["author"]["name"] for message in answer.json["data"]] == [
        f"Voix-{number}" for number in reversed(range(6))
    ]
    assert {message["reply_to"]["excerpt"] for message in answer.json["data"]} == {"au loin"}
    assert all(message["reactions"] == [HEART] for message in answer.json["data"])


HEART = {"reaction": "heart", "emoji": "❤️", "count": 1, "mine": True}


def test_the_largest_page_is_read_in_a_single_batch(api, path, acme, salon, calls):
    with changes() as change:
        for number in range(1, 49):
            message = Message.saying(
                salon.id, number, at=acme.created_at, id=f"msg_{number}", organization_id=acme.id,
                author_id=f"mem_{number}", voice="member", client_message_id="k", text="oui",
            )  # fmt: skip
            message.reactions = {"heart": 1}
            change.create(message)
            change.create(MessagePlace.of(message))
    calls.clear()

    answer = api.get(path, by="noor", query={"limit": 48})

    assert calls == [LIST, READ]
    assert len(answer.json["data"]) == 48
    assert answer.json["data"][0]["author"]["name"] is None  # gone for good
    assert len(api.get(path, query={"limit": 100}).json["data"]) == 48  # a page holds no more


def test_what_was_missed_comes_in_its_order_and_then_nothing_twice(api, path):
    for _ in range(5):
        post(api, path)

    first = api.get(path, query={"after_seq": 1, "limit": 3})
    rest = api.get(path, query={"after_seq": 1, "limit": 3, "cursor": first.json["next_cursor"]})

    assert (seqs(first), seqs(rest), rest.json["has_more"]) == ([2, 3, 4], [5], False)
    post(api, path)
    assert seqs(api.get(path, query={"after_seq": 5})) == [6]
    assert seqs(api.get(path, query={"after_seq": 6})) == []


def test_what_came_before_comes_newest_first(api, path):
    for _ in range(4):
        post(api, path)

    assert seqs(api.get(path, query={"before_seq": 3})) == [2, 1]
    assert seqs(api.get(path, query={"before_seq": 1})) == []
    assert seqs(api.get(path, query={"after_seq": 0})) == [1, 2, 3, 4]


def test_one_direction_at_a_time(api, path):
    answer = api.get(path, query={"after_seq": 1, "before_seq": 3})

    assert (answer.status, answer.code) == (422, "one_direction_only")


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "", "1000000000000"])
def test_a_number_that_is_none_is_refused(api, path, value):
    answer = api.get(path, query={"after_seq": value})

    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"] == "after_seq"


def test_a_cursor_leads_on_only_the_way_it_was_given(api, path):
    for _ in range(3):
        post(api, path)
    cursor = api.get(path, query={"limit": 1}).json["next_cursor"]

    assert api.get(path, query={"after_seq": 1, "cursor": cursor}).code == "cursor_invalid"
    assert api.get(path, by="noor", query={"cursor": cursor}).code == "cursor_invalid"


@pytest.mark.parametrize("signed_in", [None, "noor"])
def test_one_message_is_read_in_three_calls(api, path, calls, signed_in):
    message = post(api, path, by="sami", reply_to=post(api, path).json["id"]).json
    calls.clear()

    answer = api.get(f"{path}/{message['id']}", by=signed_in)

    assert calls == [READ, READ, READ]
    assert answer.json == {key: value for key, value in message.items() if key != "unreachable_mentions"}


def test_a_message_is_only_found_in_its_salon(api, path, acme):
    message = post(api, path).json
    other = a_salon(acme, title="Autre")
    strange = an_organization("velocite", by="paul")
    here = f"/organizations/{acme.id}/salons"

    for wrong in (
        f"{here}/{other.id}/messages/{message['id']}",
        f"{path}/msg_none",
        f"{path}/msg_none/history",
    ):
        assert (api.get(wrong).status, api.get(wrong).code) == (404, "message_not_found")
    elsewhere = f"/organizations/{strange.id}/salons/{message['salon_id']}/messages"
    assert {api.get(elsewhere).code, api.get(f"{elsewhere}/{message['id']}").code} == {"salon_not_found"}


def test_a_draft_is_not_there_for_its_future_readers(api, acme):
    draft = a_salon(acme, state="draft")

    path = f"/organizations/{acme.id}/salons/{draft.id}/messages"
    assert {api.get(path).code, api.get(f"{path}/msg_none").code} == {"salon_not_found"}
    assert api.get(path, by="claire").status == 200


# --- changing


def test_an_edit_is_made_on_the_version_that_was_read(api, path, calls):
    posted = post(api, path)
    address = f"{path}/{posted.json['id']}"
    calls.clear()

    answer = api.patch(address, by="noor", body={"text": "Bonsoir"}, If_Match=posted.headers["etag"])

    assert calls == [WRITE, READ, READ, COMMIT]
    assert (answer.status, answer.json["text"], answer.json["version"]) == (200, "Bonsoir", 2)
    stale = api.patch(address, by="noor", body={"text": "Salut"}, If_Match=posted.headers["etag"])
    assert (stale.status, stale.code) == (412, "changed_meanwhile")
    assert api.patch(address, by="noor", body={"text": "Salut"}).status == 428
    foreign = api.patch(address, by="sami", body={"text": "Salut"}, If_Match=answer.headers["etag"])
    assert (foreign.status, foreign.code) == (403, "not_your_message")
    blank = api.patch(address, by="noor", body={"text": "\u200b"}, If_Match=answer.headers["etag"])
    assert blank.status == 422


def test_an_etag_read_before_a_reaction_still_edits(api, path):
    posted = post(api, path)
    address = f"{path}/{posted.json['id']}"
    api.put(f"{address}/reactions/heart", by="sami")

    seen = api.get(address, If_None_Match=posted.headers["etag"])
    edited = api.patch(address, by="noor", body={"text": "Bonsoir"}, If_Match=posted.headers["etag"])

    assert (seen.status, seen.json["reactions"][0]["count"]) == (200, 1)
    assert edited.status == 200


def test_a_message_is_taken_back_as_often_as_asked(api, path, calls):
    address = f"{path}/{post(api, path).json['id']}"
    assert api.delete(address, by="sami").code == "not_your_message"
    calls.clear()

    answer = api.delete(address, by="noor")

    assert calls == [WRITE, READ, READ, COMMIT]
    assert (answer.status, answer.text) == (204, "")
    assert api.delete(address, by="noor").status == 204
    gone = api.get(address).json
    assert (gone["state"], gone["text"], gone["seq"]) == ("deleted_by_author", None, 1)
    assert api.get(f"{address}/history").json["data"] == []


def test_the_history_of_a_message_is_for_everyone(api, path, calls):
    address = f"{path}/{post(api, path).json['id']}"
    calls.clear()

    answer = api.get(f"{address}/history")

    assert calls == [READ, READ, LIST]
    assert (answer.json["data"], answer.json["order"]) == ([], "oldest_first@1")


def test_a_reaction_takes_three_calls_and_its_repetition_two(api, path, calls):
    address = f"{path}/{post(api, path).json['id']}/reactions/celebrate"
    for method in (api.put, api.delete):
        calls.clear()
        first = method(address, by="sami")
        again = method(address, by="sami")

        assert calls == [WRITE, READ, COMMIT, WRITE, READ]
        assert (first.status, again.status) == (204, 204)


def test_a_reaction_that_does_not_exist_is_refused_with_those_that_do(api, path):
    answer = api.put(f"{path}/{post(api, path).json['id']}/reactions/vomit", by="sami")

    assert (answer.status, answer.code) == (422, "reaction_unknown")
    assert "thumbs_up" in answer.json["known"]


def test_nobody_reacts_to_a_message_that_is_not_there(api, path):
    for method in (api.put, api.delete):
        answer = method(f"{path}/msg_none/reactions/heart", by="sami")
        assert (answer.status, answer.code) == (404, "message_not_found")


def test_the_emoji_reach_clients_whole(api, path):
    address = f"{path}/{post(api, path, FAMILY).json['id']}"
    api.put(f"{address}/reactions/thanks_hands", by="sami")

    answer = api.get(address)

    assert json.loads(answer.text)["reactions"][0]["emoji"] == "🙏"
