"""Letters to guests: a mailbox is left alone when its reader says so, whoever asks for what."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.domain import events, guests, mails, members, questions, routing
from chalicelib.domain.callers import Caller
from chalicelib.gateways import clock, ids
from chalicelib.models.guests import Guest
from chalicelib.models.journal import JournalEntry
from chalicelib.models.mails import MailRefusal
from chalicelib.models.tables import CommunityItem, LiveItem
from tests import queues
from tests.factories import a_caller, an_organization

VICTIM = "victim@example.org"


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def clicks(monkeypatch):
    """Lets time pass from noon on, `clicks(minutes=10)` at once."""
    now = [clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def forward(**by):
        now[0] += timedelta(**by)

    return forward


def a_guest(hub, **known):
    caller = Caller(member_id=ids.new("gst"), guest_of=hub.id, is_verified=False, claims={"origin": "x"})
    if known:
        Guest.arriving(hub.id, caller.member_id, at=clock.now(), **known).save()
    return caller


def letter_with_code(hub, address=VICTIM, caller=None):
    """The letter that a new guest's wish for a code makes; None for none."""
    caller = caller or a_guest(hub)
    code = guests.send_code(caller, address)
    asked = events.GuestCodeRequested(
        organization_id=hub.id, actor_id=caller.member_id, code_id=code.code_id, at=clock.now()
    )
    return guests.letter_for(asked)


def promised(hub, asker):
    """What the consumer hears when nobody came for a question of theirs."""
    seen = questions.ask(asker, hub.id, text="Mon frein frotte ?", topics=["freins"], language="fr")
    routing.run_wave(hub.id, seen.question.id, 1, 3)
    name = events.AnswerPromised.detail_type()
    told = [events.AnswerPromised.from_detail(e.detail) for e in JournalEntry.scan() if e.detail_type == name]
    return next(queues.envelope(one) for one in told if one.question_id == seen.question.id)


def mailbox():
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    return [email.message_from_string(mail.raw_data, policy=email.policy.default) for mail in sent]


def unsubscribe(letter):
    mails.unsubscribe(parse_qs(urlsplit(letter.unsubscribe_url).query)["token"][0])


def test_a_mailbox_that_wants_no_codes_gets_none_from_any_other_guest(hub):
    unsubscribe(letter_with_code(hub))

    assert letter_with_code(hub) is None
    assert letter_with_code(hub, "somebody.else@example.org") is not None


def test_what_one_organization_is_refused_another_is_not(hub):
    other = an_organization("potager", by="paul")
    unsubscribe(letter_with_code(hub))

    assert letter_with_code(other) is not None


def test_a_mailbox_that_refused_codes_is_promised_nothing_by_mail_either(hub):
    unsubscribe(letter_with_code(hub))

    queues.deliver("send_emails", promised(hub, a_guest(hub, email=VICTIM, email_verified_by="host")))

    assert mailbox() == []


def test_a_mailbox_that_refused_promises_is_sent_no_codes_either(hub):
    guest = a_guest(hub, email=VICTIM, email_verified_by="code")
    queues.deliver("send_emails", promised(hub, guest))
    (mail,) = mailbox()
    link = "".join(mail["List-Unsubscribe"].split(",")[0].split()).strip("<>")

    mails.unsubscribe(parse_qs(urlsplit(link).query)["token"][0])

    assert letter_with_code(hub) is None
    queues.deliver("send_emails", promised(hub, a_guest(hub, email=VICTIM, email_verified_by="code")))
    assert len(mailbox()) == 1


def test_what_a_member_refuses_is_theirs_and_no_mailboxs(hub):
    members.require(a_caller("zoe"))
    mails.choose(a_caller("zoe"), hub.id, wanted=False)

    assert letter_with_code(hub, "zoe@example.org") is not None


def test_a_refusal_says_nothing_of_the_address(hub):
    other = an_organization("potager", by="paul")
    for there in (hub, other):
        unsubscribe(letter_with_code(there))

    refusals = [item for item in CommunityItem.scan() if isinstance(item, MailRefusal)]
    here, elsewhere = (refusal.pk for refusal in refusals)
    assert here != elsewhere
    assert VICTIM not in str([(item.pk, item.sk) for item in refusals])
    assert VICTIM not in str([(item.pk, item.sk) for item in LiveItem.scan()])


def test_a_mailbox_gets_six_codes_a_day_at_most_whoever_asks(hub, clicks):
    sent, waits = 0, set()
    for _ in range(6 * 24):
        try:
            sent += letter_with_code(hub) is not None
        except guests.TooManyCodes as refused:
            waits.add(refused.context["retry_after"] > 600)
        clicks(minutes=10)

    assert sent == 6
    assert True in waits
    assert letter_with_code(hub) is not None  # a new day


@pytest.mark.parametrize(
    "aliases",
    [
        ["victim+1@example.org", "victim+2@example.org", "victim@example.org", "victim+@example.org"],
        [
            "the.victim@gmail.com",
            "thevictim@gmail.com",
            "t.h.e.victim+x@gmail.com",
            "thevictim@googlemail.com",
        ],
    ],
)
def test_the_many_names_of_one_mailbox_are_one_mailbox_to_the_limit(hub, clicks, aliases):
    for address in aliases[:3]:
        assert letter_with_code(hub, address).recipient == address

    with pytest.raises(guests.TooManyCodes):
        letter_with_code(hub, aliases[3])


def test_dots_tell_mailboxes_apart_elsewhere(hub, clicks):
    for address in ("a.b@example.org", "ab@example.org"):
        for _ in range(3):
            assert letter_with_code(hub, address).recipient == address


def test_a_code_that_is_not_sent_is_not_counted_for_the_day(hub, clicks):
    for _ in range(5):
        letter_with_code(hub)
        clicks(minutes=10)
    for _ in range(3):
        letter_with_code(hub, "another@example.org")
    with pytest.raises(guests.TooManyCodes):
        letter_with_code(hub, "another@example.org")
    clicks(minutes=10)

    for _ in range(3):
        assert letter_with_code(hub, "another@example.org") is not None
