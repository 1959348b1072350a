"""Pictures of a meetup over HTTP, from the form to the list."""

from __future__ import annotations

import pytest

from chalicelib.domain.meetups import stripping
from chalicelib.domain.meetups.album import upload_key
from chalicelib.gateways import files
from chalicelib.handlers.consumers import pictures as consumer
from chalicelib.models.pictures import Picture
from tests import faults, photographs, queues
from tests.factories import a_follower
from tests.meetups import Coffee
from tests.roads import announced

JPEG = {"media_type": "image/jpeg", "bytes": 2_000}


@pytest.fixture
def coffee(time_passes):
    coffee = Coffee(seats=9)
    for name in ("awa", "bob"):
        coffee.says(name)
    time_passes(days=3, minutes=5)
    return coffee


@pytest.fixture
def pictures(coffee):
    return f"/organizations/{coffee.hub.id}/meetups/{coffee.id}/pictures"


def look():
    """Bring the consumer all that it subscribes to, each twice."""
    told = [queues.envelope(event) for event in announced() if type(event) in consumer.SUBSCRIPTIONS]
    assert queues.deliver("look_at_pictures", *told, *told) == []


def shown(api, pictures, by="awa"):
    """The id of a picture that is there for all who came."""
    begun = api.post(pictures, by=by, body=JPEG).json["id"]
    files.put(upload_key(begun), photographs.photograph(), media_type="image/jpeg")
    assert api.post(f"{pictures}/{begun}/sent", by=by).status == 200
    look()
    return begun


def test_a_picture_is_begun_sent_looked_at_and_read(api, pictures):
    begun = api.post(pictures, by="awa", body=JPEG)
    assert (begun.status, begun.json["state"], begun.json["url"]) == (201, "expected", None)
    assert begun.headers["location"].endswith(f"{pictures}/{begun.json['id']}")
    assert begun.json["upload"]["fields"]["key"] == f"uploads/{begun.json['id']}"
    files.put(upload_key(begun.json["id"]), photographs.photograph(), media_type="image/jpeg")

    sent = api.post(f"{pictures}/{begun.json['id']}/sent", by="awa")
    assert (sent.status, sent.json["state"], sent.json["upload"]) == (200, "sent", None)
    look()

    listed = api.get(pictures, by="bob")
    (seen,) = listed.json["data"]
    assert (listed.status, listed.json["order"], listed.json["has_more"]) == (200, "oldest_first@1", False)
    assert (seen["id"], seen["state"], seen["width"], seen["name"]) == (begun.json["id"], "shown", 320, "Awa")
    assert seen["url"].startswith("https://files.s3.eu-west-3.amazonaws.com/pictures/")
    one = api.get(f"{pictures}/{seen['id']}", by="bob")
    assert (one.status, one.json["state"], one.json["upload"]) == (200, "shown", None)


def test_the_same_request_again_is_the_same_picture_with_a_form_that_is_good(api, pictures):
    key = "7f0d2c1e-pictures-of-cyclofil"
    first, again = (api.post(pictures, by="awa", body=JPEG, Idempotency_Key=key) for _ in range(2))

    assert again.headers["idempotency-replayed"] == "true"
    assert again.json["id"] == first.json["id"]
    assert again.json["upload"]["fields"]["key"] == f"uploads/{first.json['id']}"
    api.post(f"{pictures}/{first.json['id']}/sent", by="awa", Idempotency_Key=key)
    sent = api.post(f"{pictures}/{first.json['id']}/sent", by="awa", Idempotency_Key=key)
    later = api.post(pictures, by="awa", body=JPEG, Idempotency_Key=key)
    assert (sent.json["state"], later.json["state"], later.json["upload"]) == ("sent", "sent", None)


def test_the_same_request_again_finds_nothing_once_the_picture_was_waited_for_in_vain(api, coffee, pictures):
    key = "7f0d2c1e-pictures-of-cyclofil"
    begun = api.post(pictures, by="awa", body=JPEG, Idempotency_Key=key).json["id"]
    Picture.get(f"MEETUP#{coffee.id}#PICTURES", begun).delete()  # as the table's own clock does

    assert api.post(pictures, by="awa", body=JPEG, Idempotency_Key=key).code == "picture_not_found"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"media_type": "image/svg+xml", "bytes": 10}, "/media_type"),
        ({"media_type": "image/gif", "bytes": 10}, "/media_type"),
        ({"media_type": "image/png", "bytes": 0}, "/bytes"),
        ({"media_type": "image/png", "bytes": 8 * 1024 * 1024 + 1}, "/bytes"),
        ({"media_type": "image/png", "bytes": "10"}, "/bytes"),
        ({"media_type": "image/png"}, "/bytes"),
        ({"media_type": "image/png", "bytes": 10, "key": "pictures/x"}, "/key"),
    ],
)
def test_what_is_no_picture_of_a_size_that_is_taken_is_not_begun(api, pictures, stored, body, pointer):
    before = stored()
    answer = api.post(pictures, by="awa", body=body)

    assert (answer.status, answer.code) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert stored() == before


def test_without_having_come_nothing_is_sent_read_or_taken_away(api, coffee, pictures, stored):
    picture = shown(api, pictures)
    a_follower("cleo", coffee.hub)
    before = stored()

    assert api.post(pictures, by="cleo", body=JPEG).code == "not_coming"
    assert api.get(pictures, by="cleo").code == "not_coming"
    assert api.get(f"{pictures}/{picture}", by="cleo").code == "picture_not_found"
    assert api.delete(f"{pictures}/{picture}", by="cleo").code == "picture_not_found"
    assert api.delete(f"{pictures}/{picture}", by="bob").code == "not_your_picture"
    assert api.post(f"{pictures}/{picture}/sent", by="bob").code == "picture_not_found"
    assert api.get(pictures).code == "token_missing"
    assert stored() == before


def test_what_is_no_id_of_a_picture_is_not_found(api, pictures):
    for picture in ("pic_01M7WN066TK6FTK703WY8C5YNK", "x", "..", "mtg_01M7WN066TK6FTK703WY8C5YNK"):
        assert api.get(f"{pictures}/{picture}", by="awa").status == 404


def test_a_picture_is_taken_away_by_whoever_sent_it_and_not_by_a_host(api, pictures):
    one, other = shown(api, pictures, by="awa"), shown(api, pictures, by="bob")

    assert api.delete(f"{pictures}/{one}", by="awa").status == 204
    assert api.delete(f"{pictures}/{other}", by="hana").code == "not_your_picture"
    assert api.delete(f"{pictures}/{other}", by="bob").status == 204
    assert api.get(pictures, by="bob").json["data"] == []
    assert api.get(f"{pictures}/{one}", by="awa").code == "picture_not_found"


def test_before_it_begins_there_is_nothing_to_show(api):
    coffee = Coffee()
    pictures = f"/organizations/{coffee.hub.id}/meetups/{coffee.id}/pictures"

    refused = api.post(pictures, by="hana", body=JPEG)

    assert (refused.status, refused.code, refused.json["state"]) == (409, "meetup_state_refused", "published")


def test_each_costs_as_few_calls_to_aws_as_it_may_whatever_there_is(api, coffee, pictures, calls):
    for name in ("awa", "bob", "hana"):
        shown(api, pictures, by=name)

    def cost(method, path, **call):
        calls.clear()
        answer = api.call(method, path, **call)
        assert answer.status in (200, 201, 204), answer
        return len(calls), answer

    spent, begun = cost("POST", pictures, by="awa", body=JPEG)
    one = f"{pictures}/{begun.json['id']}"
    sent, _ = cost("POST", f"{one}/sent", by="awa")
    read, _ = cost("GET", one, by="awa")
    listed, _ = cost("GET", pictures, by="bob")
    removed, _ = cost("DELETE", one, by="awa")

    assert (spent <= 4, sent <= 4, removed <= 4) == (True, True, True)
    assert (read, listed) == (2, 3)


def test_a_bucket_that_fails_gives_the_event_back_to_the_queue(api, pictures):
    begun = api.post(pictures, by="awa", body=JPEG).json["id"]
    files.put(upload_key(begun), photographs.photograph(), media_type="image/jpeg")
    api.post(f"{pictures}/{begun}/sent", by="awa")
    (told,) = [queues.envelope(event) for event in announced() if type(event) in consumer.SUBSCRIPTIONS]

    with faults.installed() as injector:
        for attempt in range(2, 7):
            injector.fail(attempt, "5xx")
        assert queues.deliver("look_at_pictures", told) == [0]
    assert queues.deliver("look_at_pictures", told) == []

    assert api.get(f"{pictures}/{begun}", by="bob").json["state"] == "shown"


def test_a_picture_that_breaks_whoever_looks_at_it_is_refused_before_it_is_parked(api, pictures, monkeypatch):
    begun = api.post(pictures, by="awa", body=JPEG).json["id"]
    files.put(upload_key(begun), photographs.photograph(), media_type="image/jpeg")
    api.post(f"{pictures}/{begun}/sent", by="awa")
    (told,) = [queues.envelope(event) for event in announced() if type(event) in consumer.SUBSCRIPTIONS]

    def breaks(_):
        raise RuntimeError

    monkeypatch.setattr(stripping.pictures, "stripped", breaks)
    for time in range(1, consumer.LAST):
        assert queues.deliver("look_at_pictures", told, received=time) == [0]
    assert queues.deliver("look_at_pictures", told, received=consumer.LAST) == []

    seen = api.get(f"{pictures}/{begun}", by="awa").json
    assert (seen["state"], seen["reason"]) == ("refused", "too_complex")
