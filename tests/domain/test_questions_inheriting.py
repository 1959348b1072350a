"""What a guest asked is found again by the member that they turned out to be, and by nobody else."""

from __future__ import annotations

import pytest

from chalicelib.domain import conversations, events, guests, questions, routing
from chalicelib.domain.live import presence
from chalicelib.domain.questions import places
from chalicelib.models.blocks import Block
from chalicelib.models.journal import JournalEntry
from chalicelib.models.offers import Offer
from chalicelib.models.tables import CommunityItem, load
from chalicelib.pages import Page
from tests import hosts, queues
from tests.factories import a_caller, a_follower, a_volunteer, an_organization
from tests.hosts import a_session, a_widget, proven
from tests.questions import a_question


@pytest.fixture
def hub():
    organization = an_organization()
    a_widget(organization)
    return organization


@pytest.fixture
def zoe():
    return a_caller("zoe")


def mine(caller, hub):
    return [seen.id for seen in questions.of_person(caller, hub.id, Page(50), role="asker").items]


def merged():
    """Deliver what the journal says of merged guests."""
    entries = [entry for entry in JournalEntry.scan() if entry.detail_type == "guest.merged.v1"]
    envelopes = [queues.envelope(events.GuestMerged.from_detail(entry.detail)) for entry in entries]
    assert queues.deliver("set_deadlines", *envelopes) == []


def test_a_member_finds_and_goes_on_with_what_they_asked_as_a_guest(hub, zoe):
    session = a_session(hub)
    guest = hosts.as_caller(session)
    asked = a_question(guest, hub)
    proven(hub, "zoe@example.org", session)

    guests.adopt(zoe, guest)
    merged()

    assert mine(zoe, hub) == [asked.id] == mine(guest, hub)
    assert questions.read(zoe, hub.id, asked.id).role == "asker"
    conversations.post(zoe, hub.id, asked.id, client_message_id="k", text="C’est bien moi.")
    assert questions.withdraw(zoe, hub.id, asked.id).state == "withdrawn"


def test_what_was_asked_unverified_stays_labelled_so(hub, zoe):
    session = a_session(hub)
    guest = hosts.as_caller(session)
    asked = a_question(guest, hub)
    later = a_question(hosts.as_caller(proven(hub, "zoe@example.org", session)), hub)
    guests.adopt(zoe, guest)
    merged()

    assert not questions.read(zoe, hub.id, asked.id).asker_is_verified
    assert questions.read(zoe, hub.id, later.id).asker_is_verified


def test_before_the_news_is_delivered_the_question_can_be_read_by_its_address(hub, zoe):
    session = proven(hub, "zoe@example.org")
    guest = hosts.as_caller(session)
    asked = a_question(guest, hub)
    guests.adopt(zoe, guest)

    assert questions.read(zoe, hub.id, asked.id).role == "asker"


def test_what_is_asked_as_the_guest_later_is_the_members_at_once(hub, zoe):
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    guests.adopt(zoe, guest)

    asked = a_question(guest, hub)

    assert mine(zoe, hub) == [asked.id]


def test_nobody_else_finds_or_reads_it(hub, zoe):
    session = a_session(hub)
    guest = hosts.as_caller(session)
    asked = a_question(guest, hub)
    proven(hub, "zoe@example.org", session)
    guests.adopt(zoe, guest)
    merged()

    for other in (a_caller("mallory"), hosts.as_caller(a_session(hub))):
        assert mine(other, hub) == []
        with pytest.raises(questions.QuestionNotFound):
            questions.read(other, hub.id, asked.id)


def test_an_address_that_is_only_claimed_gives_no_history_away(hub, zoe):
    victim = hosts.as_caller(proven(hub, "zoe@example.org"))
    asked = a_question(victim, hub)
    impostor = hosts.as_caller(a_session(hub))
    guests.send_code(impostor, "zoe@example.org")  # they cannot read the answer

    mallory = a_caller("mallory", email="zoe@example.org", email_verified="false")
    for stolen in (impostor, victim):
        with pytest.raises((guests.GuestUnproven, guests.AddressesDiffer)):
            guests.adopt(mallory, stolen)

    assert mine(impostor, hub) == mine(mallory, hub) == []
    with pytest.raises(questions.QuestionNotFound):
        questions.read(impostor, hub.id, asked.id)


def test_two_guests_with_one_proven_address_stay_apart_until_a_member_brings_both(hub, zoe):
    one, other = (hosts.as_caller(proven(hub, "zoe@example.org")) for _ in range(2))
    first, second = a_question(one, hub), a_question(other, hub)

    assert (mine(one, hub), mine(other, hub)) == ([first.id], [second.id])
    guests.adopt(zoe, one)
    guests.adopt(zoe, other)
    merged()
    assert set(mine(zoe, hub)) == {first.id, second.id}


def test_delivered_twice_it_is_inherited_once(hub, zoe):
    session = proven(hub, "zoe@example.org")
    guest = hosts.as_caller(session)
    for n in range(3):
        a_question(guest, hub, f"Question {n}")
    guests.adopt(zoe, guest)
    merged()
    before = sorted(map(repr, CommunityItem.scan()))

    merged()

    assert sorted(map(repr, CommunityItem.scan())) == before
    assert len(mine(zoe, hub)) == 3


def test_more_than_one_page_is_inherited_whole(hub, zoe, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.questions.inheriting.AT_ONCE", 2)
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    asked = {a_question(guest, hub, f"Question {n}").id for n in range(5)}
    guests.adopt(zoe, guest)
    merged()

    assert set(mine(zoe, hub)) == asked


def test_nobody_takes_in_hand_what_they_asked_as_a_guest(hub):
    zoe = a_follower("zoe", hub)
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    asked = a_question(guest, hub)
    guests.adopt(zoe, guest)

    with pytest.raises(questions.CannotHelpYourself):
        questions.claim(zoe, hub.id, asked.id)

    assert questions.claim(a_follower("noor", hub), hub.id, asked.id).role == "helper"


def test_nobody_goes_on_with_what_they_asked_as_a_guest(hub):
    zoe, noor = a_follower("zoe", hub), a_follower("noor", hub)
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    asked = a_question(guest, hub)
    guests.adopt(zoe, guest)
    questions.claim(noor, hub.id, asked.id)
    conversations.post(noor, hub.id, asked.id, client_message_id="k", text="Bonjour !")
    questions.propose(noor, hub.id, asked.id, to=None, note="À vous ?")

    with pytest.raises((questions.CannotHelpYourself, questions.QuestionNotFound)):
        questions.accept(zoe, hub.id, asked.id)


def met(hub, zoe, *, session=None):
    """A guest who turned out to be Zoe, before the news of it is delivered."""
    guest = hosts.as_caller(session or proven(hub, "zoe@example.org"))
    asked = a_question(guest, hub)
    guests.adopt(zoe, guest)
    return guest, asked


@pytest.mark.parametrize("is_delivered", [True, False])
class TestAMemberOnTheirOwnQuestion:
    """As whole a person on what they asked as a guest as on what they asked since."""

    def heard(self, is_delivered):
        if is_delivered:
            merged()

    def test_they_part_from_whoever_helps(self, hub, zoe, is_delivered):
        noor = a_follower("noor", hub)
        _, asked = met(hub, zoe)
        self.heard(is_delivered)
        questions.claim(noor, hub.id, asked.id)

        questions.block(zoe, hub.id, asked.id, noor.member_id)

        for own in (asked, a_question(zoe, hub)):
            with pytest.raises(questions.NotOfferedToYou):
                questions.claim(noor, hub.id, own.id)

    def test_a_new_question_goes_on_from_it(self, hub, zoe, is_delivered):
        _, asked = met(hub, zoe)
        self.heard(is_delivered)

        assert a_question(zoe, hub, linked_to=asked.id).linked_to == asked.id

    def test_another_one_repeats_it(self, hub, zoe, is_delivered):
        _, asked = met(hub, zoe)
        self.heard(is_delivered)
        again = a_question(zoe, hub)

        assert questions.withdraw(zoe, hub.id, again.id, duplicate_of=asked.id).state == "merged"

    def test_they_thank_once_as_whoever_they_are(self, hub, zoe, is_delivered):
        noor = a_follower("noor", hub)
        guest, asked = met(hub, zoe)
        self.heard(is_delivered)
        questions.claim(noor, hub.id, asked.id)
        conversations.post(noor, hub.id, asked.id, client_message_id="k", text="Voilà")
        questions.answered(noor, hub.id, asked.id)
        questions.confirm(guest, hub.id, asked.id, outcome="yes")

        first = questions.thank(guest, hub.id, asked.id, text="Merci")
        second = questions.thank(zoe, hub.id, asked.id, text="Merci encore")

        assert (first.is_new, second.is_new, second.text) == (True, False, "Merci encore")
        given = [entry for entry in JournalEntry.scan() if entry.detail_type == "thanks.given.v1"]
        assert len(given) == 1

    def test_nobody_else_goes_on_from_it(self, hub, zoe, is_delivered):
        _, asked = met(hub, zoe)
        self.heard(is_delivered)

        with pytest.raises(questions.LinkedQuestionUnknown):
            a_question(a_caller("mallory"), hub, linked_to=asked.id)


@pytest.mark.parametrize("who", ["guest", "noor"])
def test_whoever_a_guest_is_parted_from_never_meets_the_member_either(hub, zoe, who):
    noor = a_follower("noor", hub)
    guest, asked = met(hub, zoe)
    questions.claim(noor, hub.id, asked.id)
    blocker, whom = (guest, noor) if who == "guest" else (noor, guest)
    questions.block(blocker, hub.id, asked.id, whom.member_id)

    merged()

    with pytest.raises(questions.NotOfferedToYou):
        questions.claim(noor, hub.id, a_question(zoe, hub).id)
    (block,) = load(Block.key(zoe.member_id, noor.member_id))
    assert block.blocked_by == (zoe if who == "guest" else noor).member_id


def test_whoever_the_member_is_parted_from_gives_back_what_the_guest_asked(hub, zoe):
    noor = a_follower("noor", hub)
    own = a_question(zoe, hub)
    questions.claim(noor, hub.id, own.id)
    questions.block(zoe, hub.id, own.id, noor.member_id)
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    asked = a_question(guest, hub)
    questions.claim(noor, hub.id, asked.id)

    guests.adopt(zoe, guest)
    merged()

    assert questions.read(zoe, hub.id, asked.id).state == "open"
    with pytest.raises(questions.QuestionNotFound):
        questions.read(noor, hub.id, asked.id)


def test_whoever_the_guest_is_parted_from_gives_back_what_the_member_asked(hub, zoe):
    noor = a_follower("noor", hub)
    guest = hosts.as_caller(proven(hub, "zoe@example.org"))
    asked, own = a_question(guest, hub), a_question(zoe, hub)
    questions.claim(noor, hub.id, asked.id)
    questions.block(guest, hub.id, asked.id, noor.member_id)
    questions.claim(noor, hub.id, own.id)

    guests.adopt(zoe, guest)
    merged()

    assert questions.read(zoe, hub.id, own.id).state == "open"


def test_a_block_that_crosses_the_news_is_the_members_too(hub, zoe, monkeypatch):
    noor = a_follower("noor", hub)
    _, asked = met(hub, zoe)
    questions.claim(noor, hub.id, asked.id)
    look = places.load

    def read(*keys):
        found = look(*keys)
        monkeypatch.setattr(places, "load", look)
        merged()
        return found

    monkeypatch.setattr(places, "load", read)
    questions.block(noor, hub.id, asked.id, asked.asker_id)

    assert load(Block.key(zoe.member_id, noor.member_id))[0] is not None


def test_a_volunteer_is_not_asked_to_help_themselves(hub):
    zoe = a_volunteer("zoe", hub)
    guest, _ = met(hub, zoe)
    asked = a_question(guest, hub)
    presence.renew(zoe.member_id, "c1", state="active", notified=True, opted_in=True)

    routing.run_wave(hub.id, asked.id, 1, 0)

    assert load(Offer.key(asked.id, zoe.member_id))[0] is None
    assert asked.id not in [found.question_id for found in routing.waiting_for(zoe, hub.id, Page(10)).items]


def test_what_a_helper_says_is_for_the_member_too(hub, zoe):
    noor = a_follower("noor", hub)
    guest, asked = met(hub, zoe)
    merged()
    questions.claim(noor, hub.id, asked.id)

    said = conversations.post(noor, hub.id, asked.id, client_message_id="k", text="Voilà")
    answered = conversations.post(zoe, hub.id, asked.id, client_message_id="k2", text="Merci")

    assert said.others == [guest.member_id, zoe.member_id]
    assert answered.others == [noor.member_id]
