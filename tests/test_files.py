"""The bucket, and what is signed for whoever is outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.gateways import aws, files
from chalicelib.settings import Settings, settings

FIVE = timedelta(minutes=5)


def test_what_was_put_is_fetched_and_deleted():
    files.put("pictures/a.jpg", b"pixels", media_type="image/jpeg")
    assert files.fetch("pictures/a.jpg", most=6) == b"pixels"

    for _ in range(2):
        files.delete("pictures/a.jpg")

    with pytest.raises(files.NotThere):
        files.fetch("pictures/a.jpg", most=6)


def test_what_is_larger_than_it_may_be_is_not_read():
    files.put("uploads/a", b"pixels", media_type="image/jpeg")

    with pytest.raises(files.TooLarge):
        files.fetch("uploads/a", most=5)


def test_what_may_not_be_read_is_not_taken_to_be_missing(monkeypatch):
    class Closed:
        def get_object(self, **_):
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

    monkeypatch.setattr(aws, "client", lambda *_: Closed())

    with pytest.raises(ClientError, match="AccessDenied"):
        files.fetch("uploads/a", most=5)


def test_what_is_signed_names_the_buckets_own_host_in_its_region_and_asks_nobody(calls):
    link = files.link_to("pictures/a.jpg", media_type="image/jpeg", lasts=FIVE)
    form = files.form_for("uploads/a", media_type="image/png", most=9, lasts=FIVE)

    assert link.startswith("https://files.s3.eu-west-3.amazonaws.com/pictures/a.jpg?")
    assert form.url == "https://files.s3.eu-west-3.amazonaws.com/"
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
    assert calls == []


def test_elsewhere_it_names_the_address_that_people_reach(monkeypatch):
    local = replace(settings(), files_endpoint="http://localhost:8000")
    monkeypatch.setattr(files, "settings", lambda: local)

    link = files.link_to("pictures/a.jpg", media_type="image/jpeg", lasts=FIVE)
    form = files.form_for("uploads/a", media_type="image/png", most=9, lasts=FIVE)

    assert link.startswith("http://localhost:8000/files/pictures/a.jpg?")
    assert form.url == "http://localhost:8000/files"


@pytest.mark.plain
def test_the_address_of_the_bucket_is_aws_unless_it_is_said():
    assert Settings.from_environment({}).files_endpoint == ""
    known = Settings.from_environment({"FILES_BUCKET": "mine", "FILES_ENDPOINT": "http://localhost:8000/"})
    assert (known.files_bucket, known.files_endpoint) == ("mine", "http://localhost:8000")
