"""Pictures on the local cloud: posted into the bucket, looked at by a function of its own, roles enforced."""

from __future__ import annotations

import io
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from PIL import Image

from tests import photographs
from tests.cloud.people import Person, eventually

BEGINS_IN = timedelta(seconds=12)
PLACE = {
    "district": "Lyon 7e",
    "name": "Café du Rond-Point",
    "address": "12 rue de Marseille, 69007 Lyon",
    "latitude": 45.7485,
    "longitude": 4.8467,
}


@pytest.fixture(scope="module")
def coffee(cloud):
    """Hana's coffee, that has begun: the path of its pictures, and who came."""
    claire = Person(cloud, "Claire", groups=["organizations.create"])
    opened = claire.post(
        "/organizations",
        {"slug": f"cyclofil-{uuid.uuid4().hex[:8]}", "name": "Cyclofil", "aim": "Réparer son vélo, ensemble.",
         "presets": ["help"]},
    )  # fmt: skip
    assert opened.status_code == 201, opened.text
    home = f"/organizations/{opened.json()['id']}"
    hana, awa, cleo = (Person(cloud, name) for name in ("Hana", "Awa", "Cleo"))
    for person in (hana, awa, cleo):
        assert person.put(f"{home}/follow").status_code == 201
    starts_at = datetime.now(UTC) + BEGINS_IN
    proposed = hana.post(
        f"{home}/meetups",
        {
            "title": "Café réglage",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
            "time_zone": "Europe/Paris",
            "place": PLACE,
        },
    )
    assert proposed.status_code == 201, proposed.text
    meetup = f"{home}/meetups/{proposed.json()['id']}"
    assert awa.put(f"{meetup}/rsvp", {"answer": "going"}).json()["state"] == "going"
    time.sleep(max(0, (starts_at - datetime.now(UTC)).total_seconds()) + 0.2)
    return f"{meetup}/pictures", hana, awa, cleo


def begin(person, pictures):
    begun = person.post(pictures, {"media_type": "image/jpeg", "bytes": 4_000})
    assert begun.status_code == 201, begun.text
    return begun.json()


def post(upload, content, **fields):
    """Post a file as a browser would; the status."""
    form = {**upload["fields"], **fields}
    sent = httpx.post(upload["url"], data=form, files={"file": ("x.jpg", content, form["Content-Type"])})
    return sent.status_code


def looked_at(person, picture):
    """A picture, as soon as it was looked at."""

    def decided():
        seen = person.get(picture).json()
        return seen if seen["state"] in ("shown", "refused") else None

    seen = eventually(decided)
    assert seen, person.get(picture).text
    return seen


def test_a_picture_is_shown_to_who_came_without_where_it_was_taken(cloud, coffee):
    pictures, hana, awa, cleo = coffee
    begun = begin(awa, pictures)
    picture = f"{pictures}/{begun['id']}"
    sent = photographs.photograph(6, size=(3000, 2000))
    assert photographs.SECRET in sent

    assert post(begun["upload"], sent) == 204
    assert awa.post(f"{picture}/sent").json()["state"] == "sent"
    assert looked_at(awa, picture)["state"] == "shown"

    (seen,) = hana.get(pictures).json()["data"]
    shown = httpx.get(seen["url"])
    image = Image.open(io.BytesIO(shown.content))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert (image.format, image.size) == ("JPEG", (1365, 2048))
    assert photographs.SECRET not in shown.content
    assert b"Exif" not in shown.content
    assert len(image.getexif()) == 0
    # nobody else is told where it is, and where it is tells nobody anything
    bare = seen["url"].partition("?")[0]
    assert cleo.get(pictures).json()["code"] == "not_coming"
    assert httpx.get(bare).status_code == 403
    assert httpx.get(bare.replace(f":{cloud.port}/", f":{cloud.control_port}/")).status_code == 403
    assert httpx.get(seen["url"].replace("image%2Fjpeg", "text%2Fhtml")).status_code == 403
    kept = cloud.boto("s3").list_objects_v2(Bucket=cloud.names["FilesBucket"])["Contents"]
    assert [entry["Key"].partition("/")[0] for entry in kept] == ["pictures"]

    assert hana.delete(picture).json()["code"] == "not_your_picture"
    assert awa.delete(picture).status_code == 204
    assert awa.get(pictures).json()["data"] == []
    assert eventually(lambda: httpx.get(seen["url"]).status_code == 404)


def test_what_is_no_picture_is_refused(coffee):
    pictures, _, awa, _ = coffee
    begun = begin(awa, pictures)

    assert post(begun["upload"], photographs.PAGE) == 204
    awa.post(f"{pictures}/{begun['id']}/sent")

    seen = looked_at(awa, f"{pictures}/{begun['id']}")
    assert (seen["state"], seen["reason"], seen["url"]) == ("refused", "not_a_picture", None)


def test_what_was_never_posted_is_refused_rather_than_tried_for_ever(coffee):
    pictures, _, awa, _ = coffee
    begun = begin(awa, pictures)

    awa.post(f"{pictures}/{begun['id']}/sent")

    assert looked_at(awa, f"{pictures}/{begun['id']}")["reason"] == "nothing_was_posted"


def test_a_form_takes_one_file_under_one_key_of_one_type_and_no_larger(coffee):
    pictures, _, awa, _ = coffee
    upload = begin(awa, pictures)["upload"]

    assert post(upload, b"pixels", key="pictures/mine.jpg") == 403
    assert post(upload, b"pixels", **{"Content-Type": "text/html"}) == 403
    assert post(upload, b"x" * (8 * 1024 * 1024 + 1)) in (400, 413)
    assert post(upload, b"") == 400
    assert post(upload, b"pixels", acl="public-read") == 403
    assert httpx.post(upload["url"], files={"file": ("x.jpg", b"pixels")}).status_code in (400, 403)
