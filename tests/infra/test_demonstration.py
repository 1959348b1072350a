from __future__ import annotations

import json

import pytest

from infra.local.demonstration import Demonstration
from infra.local.front import Front
from infra.local.mailbox import Mailbox
from infra.local.people import NobodyError
from infra.places import DEMO
from tests.infra.test_front import call, emulator

pytestmark = pytest.mark.plain


def token_of(username):
    if username != "kofi":
        raise NobodyError(username)
    return "token-of-kofi"


@pytest.fixture
def front(tmp_path):
    (tmp_path / "docs").mkdir()
    return Front(emulator, tmp_path / "docs", Mailbox(tmp_path / "mail"), Demonstration(DEMO, token_of))


def ask(front, username, **headers):
    """What the token's page answers to this name."""

    async def asking(scope, receive, send):
        await front({**scope, "query_string": f"as={username}".encode()}, receive, send)

    return call(asking, "/demo/token", headers=headers)


@pytest.mark.parametrize("path", ["/demo", "/demo/", "/demo/shop", "/demo/helper"])
def test_each_page_of_the_demonstration_is_there(front, path):
    status, headers, body = call(front, path)

    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "'unsafe" not in headers["content-security-policy"]
    assert b"<!doctype html>" in body


@pytest.mark.parametrize("file", sorted(file.name for file in DEMO.iterdir()))
def test_each_file_is_served_as_what_it_is(front, file):
    kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript"}

    status, headers, _ = call(front, f"/demo/{file}")

    assert (status, headers["content-type"].partition(";")[0]) == (200, kinds[file.rpartition(".")[2]])


def test_the_shop_carries_the_widget_by_the_two_tags_that_anyone_pastes(front):
    page = call(front, "/demo/shop")[2].decode()

    assert '<script type="module" async src="/v1/widget/client/v1.js"></script>' in page
    assert '<entraide-widget organization="cyclofil"></entraide-widget>' in page


@pytest.mark.parametrize(
    "path", ["/demo/../front.py", "/demo//etc/passwd", "/demo/nothing", "/demo/../widget/v1.js"]
)
def test_nothing_else_is_served(front, path):
    assert call(front, path)[0] == 404


def test_one_may_be_anyone_of_the_demonstration(front):
    status, headers, body = ask(front, "kofi")

    assert (status, json.loads(body)) == (200, {"token": "token-of-kofi"})
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("username", ["nobody", "", "claire@example.org", "KOFI", "kofi%40example.org"])
def test_one_may_be_nobody_else(front, username):
    assert ask(front, username)[0] == 404


@pytest.mark.parametrize("path", ["/demo", "/demo/shop", "/demo/token"])
def test_the_demonstration_is_not_for_pages_of_another_name(front, path):
    assert call(front, path, headers={"host": "evil.example:8000"})[0] == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_tokens_are_for_the_demonstrations_own_pages(front, site):
    assert ask(front, "kofi", **{"sec-fetch-site": site})[0] == 403
