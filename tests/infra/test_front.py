from __future__ import annotations

import asyncio
import base64
import json

import pytest

from infra.local.front import Front
from infra.local.guard import guarded
from infra.local.mailbox import Mailbox, watched

pytestmark = pytest.mark.plain

RAW = (
    b"To: ines@example.org\r\nSubject: =?utf-8?q?Bienvenue_=3Cb=3E?=\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour <script>alert(1)</script> https://a.example/?b=1&c=2\r\n"
)


def call(app, path, *, method="GET", headers=None, body=b"", kind="http", query=b""):
    """Call an ASGI app; the status, the headers and the body of its answer."""
    sent = []
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "server": ("127.0.0.1", 8000),
        "headers": [
            (k.encode(), v.encode()) for k, v in {"host": "localhost:8000", **(headers or {})}.items()
        ],
    }

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    if sent[0]["type"] == "websocket.close":
        return sent[0]["code"], {}, b""
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], said, b"".join(message.get("body", b"") for message in sent[1:])


async def emulator(scope, receive, send):
    """Answers 200 with the path it was asked for."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


@pytest.fixture
def mailbox(tmp_path):
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def front(tmp_path, mailbox):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.html").write_text("<h1>API</h1>")
    (tmp_path / "secret").write_text("secret")
    return Front(emulator, tmp_path / "docs", mailbox, emulator)


def test_the_api_is_at_the_root(front):
    assert call(front, "/v1/me")[2] == b"/_aws/execute-api/entraiderest/api/v1/me"


@pytest.mark.parametrize("path", ["/docs/../secret", "/docs//etc/passwd", "/docs/nothing"])
def test_only_the_documentation_is_served(front, path):
    assert call(front, path)[0] == 404


def test_the_documentation_is_a_folder(front):
    assert call(front, "/docs")[:2][1]["location"] == "/docs/"
    assert call(front, "/docs/")[::2] == (200, b"<h1>API</h1>")


def test_a_websocket_is_taken_at_one_place(front):
    assert call(front, "/v1/me", kind="websocket")[0] == 1008


def test_a_sent_message_can_be_read_by_people_and_by_scripts(front, mailbox):
    sent = json.dumps({"Content": {"Raw": {"Data": base64.b64encode(RAW).decode()}}}).encode()
    call(watched(emulator, mailbox), "/v2/email/outbound-emails", method="POST", body=sent)

    (mail,) = json.loads(call(front, "/mail.json")[2])
    assert (mail["to"], mail["subject"]) == ("ines@example.org", "Bienvenue <b>")
    assert call(front, "/mail/1.eml")[2] == RAW
    assert call(front, "/mail/2.eml")[0] == 404
    page = call(front, "/mail")[2].decode()
    assert "Bienvenue &lt;b&gt;" in page
    assert "<script>" not in page
    assert 'href="https://a.example/?b=1&amp;c=2"' in page


def test_the_mailbox_is_not_for_pages_of_another_name(front):
    assert call(front, "/mail.json", headers={"host": "evil.example:8000"})[0] == 403


def test_messages_outlive_the_process(mailbox):
    mailbox.keep(RAW)

    assert [mail["number"] for mail in Mailbox(mailbox.folder).described()] == [1]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"host": "evil.example:4566"},
    ],
)
def test_browsers_and_foreign_names_are_kept_from_the_control_port(headers):
    assert call(guarded(emulator), "/_ministack/reset", method="POST", headers=headers)[0] == 403


def test_programs_of_this_machine_are_not(front):
    assert call(guarded(emulator), "/")[0] == 200


SIGNED = b"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0123"


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("POST", "/entraide-files", b""),
        ("POST", "/entraide-files/", b""),
        ("GET", "/entraide-files/pictures/a/b/c.jpg", SIGNED),
        ("HEAD", "/entraide-files/pictures/a/b/c.jpg", SIGNED),
        ("OPTIONS", "/entraide-files/", b""),
    ],
)
def test_the_bucket_takes_forms_and_what_was_signed_at_its_own_address(front, method, path, query):
    assert call(front, path, method=method, query=query) == (200, {}, path.encode())


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/entraide-files/pictures/a/b/c.jpg", b""),
        ("GET", "/entraide-files/", b"list-type=2"),
        ("PUT", "/entraide-files/pictures/a/b/c.jpg", SIGNED),
        ("DELETE", "/entraide-files/pictures/a/b/c.jpg", b""),
        ("POST", "/entraide-files/", b"delete"),
        ("POST", "/entraide-files/pictures/a/b/c.jpg", b""),
    ],
)
def test_the_bucket_is_closed_to_all_else(front, method, path, query):
    status, _, body = call(front, path, method=method, query=query)

    assert (status, body) == (403, b"only what was signed")


def test_another_bucket_is_none_of_the_fronts(front):
    assert call(front, "/entraide-artifacts/code.zip", query=SIGNED)[2].startswith(b"/_aws/execute-api/")
