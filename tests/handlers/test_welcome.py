"""The welcome e-mail, from the queue to the mailbox."""

from __future__ import annotations

import contextlib
import email
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import events, following, mails, members, memberships, organizations
from chalicelib.gateways import clock, links
from chalicelib.models.memberships import Membership
from chalicelib.models.tables import load
from tests import queues
from tests.factories import a_caller, a_follower, an_organization
from tests.faults import Crash, installed


@pytest.fixture
def acme():
    """An organization whose community manager has spoken."""
    organization = an_organization(by="claire")
    (claire,) = load(Membership.key(organization.id, a_caller("claire").member_id))
    claire.update(actions=[Membership.first_posted_at.set(clock.now())])
    return organization


def mailbox():
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(message.raw_data) for message in sent]


def followed(organization, name):
    return queues.envelope(
        events.OrganizationFollowed(organization_id=organization.id, actor_id=a_caller(name).member_id)
    )


def reservation(organization, name):
    (found,) = load(mails.MailReservation.key(a_caller(name).member_id, organization.id, "welcome@1"))
    return found and (found.state, found.reason)


def text_of(header):
    return str(make_header(decode_header(header)))


def test_a_newcomer_is_welcomed_by_the_community_manager_who_gets_the_replies(acme):
    a_follower("noor", acme)

    assert queues.deliver("send_emails", followed(acme, "noor")) == []

    (mail,) = mailbox()
    assert mail["To"] == "noor@example.org"
    assert "Claire" in text_of(mail["From"])
    assert "claire@example.org" in mail["Reply-To"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Content-Language"] == "fr"
    assert reservation(acme, "noor") == ("sent", None)


def test_each_is_written_to_in_their_own_language(acme):
    a_follower("noor", acme)
    members.edit(a_caller("noor"), name=None, language="en", time_zone=None, version=1)

    queues.deliver("send_emails", followed(acme, "noor"))

    assert mailbox()[0]["Content-Language"] == "en"


def test_delivered_twice_or_ten_times_it_is_one_mail(acme):
    a_follower("noor", acme)
    once = followed(acme, "noor")

    for _ in range(5):
        assert queues.deliver("send_emails", once, once) == []

    assert len(mailbox()) == 1


def test_following_again_later_does_not_welcome_again(acme):
    noor = a_follower("noor", acme)
    queues.deliver("send_emails", followed(acme, "noor"))
    following.unfollow(noor, acme.id)
    following.follow(noor, acme.id)

    queues.deliver("send_emails", followed(acme, "noor"))

    assert len(mailbox()) == 1


def test_a_crash_before_sending_sends_after_the_lease_and_one_after_it_repeats_the_same_message_id(
    acme, monkeypatch
):
    a_follower("noor", acme)
    once = followed(acme, "noor")
    with installed() as injector:
        injector.fail("SendEmail", "crash-after")
        with pytest.raises(Crash):
            queues.deliver("send_emails", once)

    assert queues.deliver("send_emails", once) == [0]  # whoever died may still be sending: back to the queue
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(minutes=3))
    assert queues.deliver("send_emails", once) == []

    assert len({mail["Message-ID"] for mail in mailbox()}) == 1
    assert reservation(acme, "noor") == ("sent", None)


@pytest.mark.parametrize("operation", ["BatchGetItem", "TransactWriteItems", "SendEmail"])
@pytest.mark.parametrize("fault", ["net-before", "throttle", "5xx", "crash-before"])
def test_no_fault_on_the_way_loses_the_mail(acme, monkeypatch, operation, fault):
    a_follower("noor", acme)
    once = followed(acme, "noor")
    with installed() as injector:
        injector.fail(operation, fault)
        with contextlib.suppress(Crash):
            queues.deliver("send_emails", once)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(minutes=3))
    queues.deliver("send_emails", once)

    assert len(mailbox()) == 1
    assert reservation(acme, "noor") == ("sent", None)


def test_an_address_that_no_mail_can_go_to_is_remembered_and_not_tried_for_ever(acme):
    a_follower("noor", acme)
    (noor,) = load(members.Member.key(a_caller("noor").member_id))
    noor.update(actions=[members.Member.email.set("josé@example.org")])

    assert queues.deliver("send_emails", followed(acme, "noor")) == []

    assert (mailbox(), reservation(acme, "noor")) == ([], ("skipped", "unmailable_address"))


def test_a_manager_who_never_spoke_writes_to_nobody():
    acme = an_organization()
    a_follower("noor", acme)

    queues.deliver("send_emails", followed(acme, "noor"))

    assert (mailbox(), reservation(acme, "noor")) == ([], ("skipped", "manager_never_spoke"))


def test_nobody_is_welcomed_by_themself(acme):
    queues.deliver("send_emails", followed(acme, "claire"))

    assert (mailbox(), reservation(acme, "claire")) == ([], ("skipped", "is_the_manager"))


def test_what_holds_when_it_is_sent_decides_not_what_held_when_it_was_announced(acme):
    for name in ("noor", "sacha", "lou", "max"):
        a_follower(name, acme)
    mails.choose(a_caller("noor"), acme.id, wanted=False)
    following.unfollow(a_caller("sacha"), acme.id)
    (lou,) = load(members.Member.key(a_caller("lou").member_id))
    lou.update(actions=[members.Member.email_verified.set(False)])

    queues.deliver("send_emails", *(followed(acme, name) for name in ("noor", "sacha", "lou")))
    organizations.decide(
        a_caller("claire"), acme.id, values={"welcome_email": False}, why="Pause d’été.", version=1
    )
    queues.deliver("send_emails", followed(acme, "max"))

    assert mailbox() == []
    assert [reservation(acme, name)[1] for name in ("noor", "sacha", "lou", "max")] == [
        "unsubscribed",
        "left",
        "no_verified_address",
        "switched_off",
    ]


def test_a_manager_without_a_role_any_more_writes_to_nobody(acme):
    a_follower("noor", acme)
    memberships.give_role(a_caller("claire"), acme.id, a_caller("noor").member_id, role="owner")
    memberships.give_role(a_caller("noor"), acme.id, a_caller("claire").member_id, role="none")
    a_follower("sacha", acme)

    queues.deliver("send_emails", followed(acme, "sacha"))

    assert reservation(acme, "sacha") == ("skipped", "no_manager")


@pytest.mark.parametrize(
    "evil",
    ["Noor\r\nBcc: all@example.org", "=?utf-8?q?x?=", "Noor\x00", "Noor\u2028Bcc: x@y.z", "<b>Noor</b>"],
)
def test_a_hostile_name_injects_nothing(acme, evil):
    a_follower("noor", acme)
    (noor,) = load(members.Member.key(a_caller("noor").member_id))
    noor.update(actions=[members.Member.name.set(evil)])
    (claire,) = load(members.Member.key(a_caller("claire").member_id))
    claire.update(actions=[members.Member.name.set(evil)])

    queues.deliver("send_emails", followed(acme, "noor"))

    (mail,) = mailbox()
    assert (mail["Bcc"], len(mail.get_all("From")), mail["To"]) == (None, 1, "noor@example.org")
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    assert "<b>Noor" not in html.get_payload(decode=True).decode()


def test_many_people_are_unsubscribed_from_one_address(api, acme):

    answers = [api.post(links.unsubscribe(f"mem_{n}", acme.id).partition("/v1")[2]).status for n in range(40)]

    assert set(answers) == {200}


def one_click(mail):
    url = mail["List-Unsubscribe"].split(">")[0].lstrip("<")
    return url.replace("\n", "").replace(" ", "").removeprefix("https://api.entraide.test/v1")


def test_one_click_unsubscribes_without_signing_in_and_looking_changes_nothing(api, acme, stored):
    a_follower("noor", acme)
    queues.deliver("send_emails", followed(acme, "noor"))
    path = one_click(mailbox()[0])
    before = stored()

    looked = api.get(path)
    assert (looked.status, looked.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert stored() == before

    done = [
        api.call(
            "POST", path, raw="List-Unsubscribe=One-Click", Content_Type="application/x-www-form-urlencoded"
        )
        for _ in range(2)
    ]
    assert [answer.status for answer in done] == [200, 200], done
    assert api.get(f"/me/organizations/{acme.id}/mails", by="noor").json == {"wanted": False}
    wanted = api.put(f"/me/organizations/{acme.id}/mails", by="noor", body={"wanted": True})
    assert (wanted.status, wanted.json) == (200, {"wanted": True})
    assert api.get(f"/me/organizations/{acme.id}/mails", by="noor").json == {"wanted": True}


def test_a_forged_link_unsubscribes_nobody(api, acme, stored):
    a_follower("noor", acme)
    queues.deliver("send_emails", followed(acme, "noor"))
    path = one_click(mailbox()[0])
    before = stored()

    for forged in (path[:-1] + ("A" if path[-1] != "A" else "B"), path[:-4], "/unsubscribe?token=x"):
        for method in ("GET", "POST"):
            answer = api.call(method, forged)
            assert (answer.status, answer.code) == (400, "link_invalid"), forged
    assert api.post("/unsubscribe").status == 422
    assert stored() == before
