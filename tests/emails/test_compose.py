import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime

import pytest
import vobject

from chalicelib.contracts import calendars
from chalicelib.emails.compose import CalendarPart, UnmailableAddress
from chalicelib.emails.render import Rendered
from tests.emails.samples import ENVELOPE, HOSTILE, composed, everywhere, rendered

HEADERS = [
    *("From", "Reply-To", "To", "Subject", "Date", "Message-ID"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Content-Language"),
    *("MIME-Version", "Content-Type"),
]
DISPLAY_NAMES = [
    *("Camille", "Zoë d’Œuvre — L’Été", "Ольга", "神田 🍅👩‍🌾", "É, " * 60),
    *(r'Dr. "Bob", <b@c.example>; (x) \ @', "=?utf-8?b?eA==?="),
]
SUBJECTS = ["Hello", "A: b, c", "=?utf-8?q?x?=", "É" * 200, "a" * 200, "Été 🍅 " * 20]
UNREACHABLE = [
    *("", "a", "@b.example", "a@", "a@b@c.example", "a b@c.example", ".a@b.example", "a..b@c.example"),
    *("a@-b.example", "é@b.example", "a@é.example", "a@b.example\n", '"a"@b.example'),
    *("a" * 65 + "@b.example", "a@" + "b." * 130 + "c"),
]
NAMES = ["sender_name", "reply_to_name"]
ADDRESSES = ["sender_address", "reply_to_address", "recipient"]
IDENTIFIERS = ["message_id", "list_id"]
SURROGATE = HOSTILE[-1]


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def unharmed(raw, *, calendar=False):
    """The message parsed back, known to have the headers, parts and recipients of the benign one."""
    mail = parsed(raw)
    assert mail.keys() == HEADERS
    types = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html", *(["text/calendar", "application/ics"] if calendar else [])]
    assert [len(mail[name].addresses) for name in ("From", "Reply-To", "To")] == [1, 1, 1]
    assert not any(part.defects for part in mail.walk())
    head = raw.split(b"\r\n\r\n")[0].decode("ascii")
    assert "\n" not in head.replace("\r\n", "")
    assert "\r" not in head.replace("\r\n", "")
    assert all(len(line) <= 78 for line in head.split("\r\n") if not re.search("<https:|<mailto:", line))
    return mail


def test_a_message_carries_the_headers_that_mailbox_providers_ask_for():
    mail = parsed(composed())
    assert mail.keys() == HEADERS
    assert mail["Date"] == "Fri, 20 Nov 2026 08:30:00 +0000"
    assert parsedate_to_datetime(mail["Date"]) == ENVELOPE["date"]
    assert mail["Message-ID"] == ENVELOPE["message_id"]
    assert mail["List-Id"] == "<org_01KABC.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail.get_content_type() == "multipart/alternative"


def test_one_click_unsubscription_is_announced_as_rfc_8058_says():
    raw = composed().decode("ascii")
    url, mailto = ENVELOPE["unsubscribe_url"], ENVELOPE["unsubscribe_mailto"]
    assert len(url) > 78
    assert f"\r\nList-Unsubscribe: <{url}>,\r\n <{mailto}>\r\nList-Unsubscribe-Post: " in raw
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


@everywhere
def test_words_come_out_of_the_mail_as_they_went_in(message, language):
    content = rendered(message, language)
    mail = unharmed(composed(content, language=language))
    text, html = mail.iter_parts()
    assert mail["Subject"] == content.subject
    assert text.get_content().replace("\r\n", "\n") == content.text
    assert html.get_content().replace("\r\n", "\n").strip() == content.html


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", DISPLAY_NAMES)
def test_a_display_name_is_read_as_it_was_written(name, value):
    raw = composed(**{name: value})
    header, address = (
        "From" if name == "sender_name" else "Reply-To",
        ENVELOPE[name.replace("name", "address")],
    )
    assert unharmed(raw)[header].addresses[0].addr_spec == address
    # the modern parser puts spaces between the encoded words of a long name; the old one reads RFC 2047 right
    words = str(make_header(decode_header(message_from_bytes(raw)[header])))
    assert words.replace("\r\n", "") == f"{value.strip()} <{address}>"


def test_without_a_name_a_sender_is_an_address():
    assert b"From: <bonjour@example.org>\r\n" in composed(sender_name=" \r\n ")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_is_read_as_it_was_written(subject):
    assert unharmed(composed(Rendered(subject, "t", "h")))["Subject"] == subject.strip()


@pytest.mark.parametrize("value", HOSTILE)
def test_no_name_or_subject_adds_a_header(value):
    for name in NAMES:
        mail = unharmed(composed(**{name: value}))
        assert "\n" not in str(mail["From"]) + str(mail["Reply-To"])
    unharmed(composed(Rendered(value, "text", "<p>html</p>")))
    unharmed(composed(language=value))


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_a_message_adds_a_header_or_a_part(value):
    names = ["first_name", "organization_name", "aim", "manager_name", "manager_story", "default_salon_name"]
    for name in names:
        unharmed(composed(rendered(**{name: value})))


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ADDRESSES + IDENTIFIERS)
def test_an_address_that_could_act_on_a_header_is_refused(name, value):
    good = ENVELOPE[name]
    for hostile in (value, good + value, value + good, good.replace("e", value, 1)):
        with pytest.raises(UnmailableAddress):
            composed(**{name: hostile})


@pytest.mark.parametrize("value", UNREACHABLE)
def test_an_address_that_no_mail_reaches_is_refused(value):
    with pytest.raises(UnmailableAddress):
        composed(recipient=value)


@pytest.mark.parametrize("value", [value for value in HOSTILE if value != SURROGATE])
@pytest.mark.parametrize("name", ["unsubscribe_url", "unsubscribe_mailto"])
def test_nothing_in_an_unsubscribe_address_adds_a_header(name, value):
    mail = unharmed(composed(**{name: ENVELOPE[name] + value}))
    assert re.fullmatch(r"<https:[^<>\s]+>, <mailto:[^<>\s]+>", mail["List-Unsubscribe"])


@pytest.mark.parametrize("value", ["mailto:a@b.example", "ftp://x", "", "\r\nhttps://a.example"])
def test_an_unsubscribe_address_is_a_web_address(value):
    with pytest.raises(ValueError, match="not an address"):
        composed(unsubscribe_url=value)


def test_composing_again_gives_the_same_bytes():
    assert composed() == composed()


def test_a_body_cannot_end_its_own_part():
    content = Rendered("s", "--=_entraide\n--=_entraide--\n.\nBcc: a@evil.example\n", "<p>--=_entraide--</p>")
    text, html = unharmed(composed(content)).iter_parts()
    assert text.get_content().replace("\r\n", "\n") == content.text
    assert html.get_content().strip() == content.html


# --- with a calendar


def an_invitation(method="REQUEST", **values):
    """A calendar with one meetup, as mails carry it."""
    now = ENVELOPE["date"]
    told = {
        "uid": "mtg_01@example.org", "sequence": 2, "revised_at": now, "stamped_at": now,
        "title": "Café tomates", "description": "On apporte ses plants.", "starts_at": now,
        "ends_at": now + timedelta(hours=2), "time_zone": "Europe/Paris", "location": "Lyon 7e", "geo": None,
        "url": "https://example.org/m", "organizer": ("Les Jardins d’Été", "bonjour@example.org"),
        "status": "CONFIRMED", "busy": True, "attendee": ("Zoë", "zoe@example.net", "ACCEPTED"),
    }  # fmt: skip
    entry = calendars.Entry(**{**told, **values})
    return CalendarPart(method, calendars.rendered([entry], method=method))


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_a_calendar_is_beside_the_words_and_is_attached_for_who_keeps_another(method):
    invitation = an_invitation(method)
    mail = unharmed(composed(calendar=invitation), calendar=True)
    words, attached = mail.iter_parts()
    *_, calendar = words.iter_parts()
    assert (mail.get_content_type(), words.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert calendar["Content-Type"].params == {"method": method, "charset": "utf-8"}
    assert calendar.get_content_disposition() is None
    assert (attached.get_content_disposition(), attached.get_filename()) == ("attachment", "invite.ics")
    for part in (calendar, attached):
        assert part.get_payload(decode=True) == invitation.content
    read = vobject.readOne(calendar.get_payload(decode=True).decode())
    assert (read.method.value, read.vevent.summary.value) == (method, "Café tomates")


def test_words_are_the_same_with_a_calendar_and_without():
    bare, dressed = parsed(composed()), parsed(composed(calendar=an_invitation()))
    for kind in ("plain", "html"):
        assert bare.get_body((kind,)).get_content() == dressed.get_body((kind,)).get_content()


@pytest.mark.parametrize("value", [value for value in HOSTILE if value != SURROGATE])
@pytest.mark.parametrize("name", ["title", "description", "location"])
def test_nothing_in_a_calendar_adds_a_header_a_part_or_a_line(name, value):
    invitation = an_invitation(**{name: value + "\r\n--=_entraide--\r\nATTENDEE:mailto:b@evil.example"})
    mail = unharmed(composed(calendar=invitation), calendar=True)
    read = vobject.readOne(mail.get_body(("calendar",)).get_payload(decode=True).decode())
    benign = vobject.readOne(an_invitation(**{name: "x"}).content.decode())
    assert sorted(read.vevent.contents) == sorted(benign.vevent.contents)
    assert [one.value for one in read.vevent.attendee_list] == ["mailto:zoe@example.net"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_subject_adds_nothing_to_a_mail_with_a_calendar(value):
    unharmed(composed(Rendered(value, "t", "h"), calendar=an_invitation()), calendar=True)


@pytest.mark.parametrize("method", ["PUBLISH", "request", "REQUEST\r\nBcc: a@evil.example", ""])
def test_a_mail_asks_a_calendar_for_nothing_else(method):
    with pytest.raises(ValueError, match="calendar"):
        CalendarPart(method, b"")


def test_composing_a_calendar_again_gives_the_same_bytes():
    assert composed(calendar=an_invitation()) == composed(calendar=an_invitation())
