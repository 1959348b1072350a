import contextlib

import pytest

from chalicelib.domain import messages, readings
from chalicelib.models.salons import Reading
from chalicelib.models.tables import load
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_salon, an_organization

WRITE = "dynamodb.UpdateItem"  # the rate bucket
READ = "dynamodb.BatchGetItem"
LIST = "dynamodb.Query"
COMMIT = "dynamodb.TransactWriteItems"


def path_of(organization, salon, rest):
    return f"/organizations/{organization.id}/salons/{getattr(salon, 'id', salon)}{rest}"


def say(who, organization, salon, *texts):
    for text in texts:
        messages.post(a_caller(who), organization.id, salon.id, client_message_id=text, text=text)


def reading_of(name, salon):
    (reading,) = load(Reading.key(a_caller(name).member_id, salon.id))
    return reading


def test_who_joins_has_nothing_unread_of_what_was_said_before(api, calls):
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    say("claire", acme, salon, "Un", "Deux")
    calls.clear()

    joined = api.put(path_of(acme, salon, "/join"), by="noor")

    assert calls == [WRITE, READ, COMMIT]
    assert joined.status == 200
    assert {name: joined.json[name] for name in ("salon_id", "last_seq", "last_read_seq", "unread")} == {
        "salon_id": salon.id, "last_seq": 2, "last_read_seq": 2, "unread": 0,
    }  # fmt: skip


def test_joining_again_changes_nothing(api, stored):
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    first = api.put(path_of(acme, salon, "/join"), by="noor")
    say("claire", acme, salon, "Un")
    before = stored()

    again = api.put(path_of(acme, salon, "/join"), by="noor")

    assert (again.status, again.json["joined_at"], again.json["unread"]) == (200, first.json["joined_at"], 1)
    assert stored() == before


@pytest.mark.parametrize("fault", ["net-before", "net-after", "crash-after"])
def test_a_join_whose_answer_is_lost_is_one_join(api, fault):
    acme = an_organization()
    salon = a_salon(acme)
    noor = a_follower("noor", acme)

    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        with contextlib.suppress(faults.Crash):
            readings.join(noor, acme.id, salon.id)
    again = api.put(path_of(acme, salon, "/join"), by="noor")

    assert again.status == 200
    assert reading_of("noor", salon).left_at is None


def test_only_followers_join(api, stored):
    acme = an_organization()
    salon = a_salon(acme)
    api.get("/me", by="passerby")
    before = stored()

    answer = api.put(path_of(acme, salon, "/join"), by="passerby")

    assert (answer.status, answer.code) == (403, "follow_first")
    assert api.put(path_of(acme, salon, "/join")).status == 401
    assert api.put(path_of(acme, "sal_none", "/join"), by="claire").code == "salon_not_found"
    assert stored() == before


def test_leaving_again_or_without_having_joined_changes_nothing(api, calls, stored):
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    a_follower("sacha", acme)
    readings.join(a_caller("noor"), acme.id, salon.id)
    calls.clear()

    assert api.delete(path_of(acme, salon, "/join"), by="noor").status == 204
    assert calls == [WRITE, READ, COMMIT]
    before = stored()
    assert api.delete(path_of(acme, salon, "/join"), by="noor").status == 204
    assert api.delete(path_of(acme, salon, "/join"), by="sacha").status == 204

    assert stored() == before
    listed = api.get(f"/organizations/{acme.id}/readings", by="noor").json["data"]
    assert [reading["salon_id"] for reading in listed] == [acme.default_salon_id]


def test_one_may_leave_after_unfollowing(api):
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    readings.join(a_caller("noor"), acme.id, salon.id)
    api.delete(f"/organizations/{acme.id}/follow", by="noor")

    assert api.delete(path_of(acme, salon, "/join"), by="noor").status == 204
    assert reading_of("noor", salon).left_at is not None


def test_who_comes_back_starts_at_what_is_new_then(api):
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    readings.join(a_caller("noor"), acme.id, salon.id)
    say("noor", acme, salon, "À moi")
    readings.leave(a_caller("noor"), acme.id, salon.id)
    say("claire", acme, salon, "Un", "Deux")

    back = api.put(path_of(acme, salon, "/join"), by="noor")

    assert (back.json["last_read_seq"], back.json["unread"]) == (3, 0)
    assert reading_of("noor", salon).expires_at is None


def test_leaving_and_coming_back_does_not_undo_slow_mode(api):
    acme = an_organization()
    salon = a_salon(acme, slow_mode_seconds=600)
    noor = a_follower("noor", acme)
    say("noor", acme, salon, "Un")

    readings.leave(noor, acme.id, salon.id)
    with pytest.raises(messages.SlowMode):
        say("noor", acme, salon, "Deux")
    readings.join(noor, acme.id, salon.id)
    with pytest.raises(messages.SlowMode):
        say("noor", acme, salon, "Trois")


def test_a_place_given_up_is_kept_for_a_day_only(api):
    acme = an_organization()
    salon = a_salon(acme)
    noor = a_follower("noor", acme)
    readings.join(noor, acme.id, salon.id)

    readings.leave(noor, acme.id, salon.id)

    left = reading_of("noor", salon)
    assert left.expires_at == int(left.left_at.timestamp()) + 24 * 3600


# --- marking


def test_marking_moves_the_watermark_forward_only(api, calls):
    acme = an_organization()
    salon = a_salon(acme)
    noor = a_follower("noor", acme)
    readings.join(noor, acme.id, salon.id)
    say("claire", acme, salon, "1", "2", "3", "4")
    calls.clear()

    forward = api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 3})
    assert calls == [WRITE, READ, COMMIT]
    calls.clear()
    backward = api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 1})
    assert calls == [WRITE, READ]

    assert (forward.json["last_read_seq"], forward.json["last_seq"], forward.json["unread"]) == (3, 4, 1)
    assert (backward.status, backward.json) == (200, forward.json)
    assert reading_of("noor", salon).last_read_seq == 3


def test_marking_forgets_the_own_messages_that_it_passes(api):
    acme = an_organization()
    salon = a_salon(acme)
    noor = a_follower("noor", acme)
    readings.join(noor, acme.id, salon.id)
    for who, text in [("claire", "1"), ("noor", "2"), ("claire", "3"), ("noor", "4"), ("claire", "5")]:
        say(who, acme, salon, text)

    marked = api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 2})

    assert marked.json["unread"] == 2
    assert reading_of("noor", salon).own_seqs == {4}
    assert api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 5}).json["unread"] == 0
    assert reading_of("noor", salon).own_seqs is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (3, "read_beyond_newest"),
        (10**12, "read_beyond_newest"),
        (-1, "invalid_request"),
        ("x", "invalid_request"),
    ],
)
def test_nobody_has_read_beyond_the_newest(api, stored, number, code):
    acme = an_organization()
    salon = a_salon(acme)
    readings.join(a_follower("noor", acme), acme.id, salon.id)
    say("claire", acme, salon, "1", "2")
    before = stored()

    answer = api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": number})

    assert (answer.status, answer.code) == (422, code)
    assert answer.json["errors"][0]["pointer"] == "/last_read_seq"
    assert stored() == before


def test_only_who_joined_has_a_watermark(api, stored):
    acme = an_organization()
    salon = a_salon(acme)
    noor = a_follower("noor", acme)
    before = stored()

    answer = api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 0})
    assert (answer.status, answer.code) == (409, "join_first")
    assert stored() == before

    readings.join(noor, acme.id, salon.id)
    readings.leave(noor, acme.id, salon.id)
    assert (
        api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 0}).code == "join_first"
    )


def test_a_watermark_that_another_device_moved_meanwhile_is_not_moved_back(api, monkeypatch):
    acme = an_organization()
    salon = a_salon(acme)
    noor = a_follower("noor", acme)
    readings.join(noor, acme.id, salon.id)
    say("claire", acme, salon, "1", "2", "3")
    enter = readings.salons.enter

    def overtaken(*args):
        here = enter(*args)
        monkeypatch.setattr(readings.salons, "enter", enter)
        readings.mark(noor, acme.id, salon.id, last_read_seq=3)
        return here

    monkeypatch.setattr(readings.salons, "enter", overtaken)
    late = api.put(path_of(acme, salon, "/reading"), by="noor", body={"last_read_seq": 2})

    assert (late.status, late.json["last_read_seq"], late.json["unread"]) == (200, 3, 0)


# --- listing


def test_ones_readings_are_listed_with_exact_counts_in_two_reads(api, calls):
    acme = an_organization()
    quiet, busy, unjoined = (a_salon(acme, title=title) for title in ("Calme", "Animé", "Autre"))
    noor = a_follower("noor", acme)
    for salon in (quiet, busy):
        readings.join(noor, acme.id, salon.id)
    say("claire", acme, busy, "1", "2")
    say("claire", acme, unjoined, "3")
    calls.clear()

    answer = api.get(f"/organizations/{acme.id}/readings", by="noor")

    assert calls == [LIST, READ]
    assert answer.json["order"] == "oldest_salon_first@1"
    assert [(reading["salon_id"], reading["unread"]) for reading in answer.json["data"]] == [
        (acme.default_salon_id, 0), (quiet.id, 0), (busy.id, 2),
    ]  # fmt: skip


def test_readings_page_through_salons_that_were_not_joined(api):
    acme = an_organization()
    last = [a_salon(acme) for _ in range(5)][-1]
    noor = a_follower("noor", acme)
    readings.join(noor, acme.id, last.id)

    seen, query = [], {"limit": 2}
    while True:
        answer = api.get(f"/organizations/{acme.id}/readings", by="noor", query=query)
        seen += [reading["salon_id"] for reading in answer.json["data"]]
        if not answer.json["has_more"]:
            break
        query["cursor"] = answer.json["next_cursor"]

    assert seen == [acme.default_salon_id, last.id]


def test_readings_are_the_callers_own_and_of_one_organization(api):
    acme, other = an_organization(), an_organization("autre", by="olga")
    readings.join(a_follower("noor", acme), acme.id, a_salon(acme).id)

    assert len(api.get(f"/organizations/{acme.id}/readings", by="noor").json["data"]) == 2
    assert api.get(f"/organizations/{other.id}/readings", by="noor").json["data"] == []
    assert api.get(f"/organizations/{acme.id}/readings", by="olga").json["data"] == []
    assert api.get(f"/organizations/{acme.id}/readings").status == 401
    assert api.get("/organizations/org_none/readings", by="noor").code == "organization_not_found"


def test_who_no_longer_looks_after_salons_does_not_see_a_draft_in_their_readings(api):
    acme = an_organization()
    draft = a_salon(acme, state="draft")
    readings.join(a_caller("claire"), acme.id, draft.id)

    mine = f"/organizations/{acme.id}/readings"
    assert draft.id in [reading["salon_id"] for reading in api.get(mine, by="claire").json["data"]]
    a_host("nadia", acme)
    readings.join(a_caller("nadia"), acme.id, draft.id)
    a_host("nadia", acme, role="none")

    assert draft.id not in [reading["salon_id"] for reading in api.get(mine, by="nadia").json["data"]]
