from __future__ import annotations

import pytest

from chalicelib.domain import following, messages, salons
from chalicelib.models.changes import changes
from chalicelib.models.messages import Message
from chalicelib.models.reactions import Reactions
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load
from tests import faults
from tests.factories import a_caller, a_follower, a_message, a_salon, an_organization


@pytest.fixture
def acme():
    return an_organization()


@pytest.fixture
def salon(acme):
    return a_salon(acme)


@pytest.fixture
def noor(acme):
    return a_follower("noor", acme)


@pytest.fixture
def sami(acme):
    return a_follower("sami", acme)


@pytest.fixture
def message(salon, noor):
    return a_message(noor, salon, "premier jet")


def kept(message):
    return Message.at_seq(message.salon_id, message.seq)


def set_state(salon, state):
    (found,) = load(Salon.key(salon.id))
    with changes() as change:
        change.edit(found, state=state)


def react(caller, message, reaction="heart"):
    messages.react(caller, message.organization_id, message.salon_id, message.id, reaction)


def take_back(caller, message, reaction="heart"):
    messages.take_back(caller, message.organization_id, message.salon_id, message.id, reaction)


def counts(message, caller=None):
    shown = messages.read(caller, message.organization_id, message.salon_id, message.id)
    return [(count.reaction, count.count, count.mine) for count in shown.reactions]


def test_reactions_are_counted_once_per_member_in_the_order_that_is_published(message, noor, sami):
    for caller, reaction in [(sami, "sad"), (sami, "heart"), (sami, "heart"), (noor, "heart")]:
        react(caller, message, reaction)

    assert counts(message, noor) == [("heart", 2, True), ("sad", 1, False)]
    assert counts(message) == [("heart", 2, False), ("sad", 1, False)]
    assert kept(message).version == 1


def test_a_reaction_taken_back_is_not_shown_any_more(message, sami):
    react(sami, message)
    take_back(sami, message)
    take_back(sami, message)

    assert counts(message, sami) == []
    react(sami, message)
    assert counts(message, sami) == [("heart", 1, True)]


def test_the_same_reaction_sent_twice_at_once_counts_once(message, sami, meanwhile):
    meanwhile(lambda: react(sami, message))
    react(sami, message)
    meanwhile(lambda: take_back(sami, message))
    take_back(sami, message)

    assert kept(message).counts == {"heart": 0}


@pytest.mark.parametrize("fault", ["net-after", "crash-before", "crash-after"])
def test_a_reaction_whose_answer_is_lost_counts_once(message, sami, fault):
    for act in (react, take_back, react):
        with faults.installed() as injector:
            injector.fail("TransactWriteItems", fault)
            try:
                act(sami, message)
            except faults.Crash:
                act(sami, message)

    assert counts(message, sami) == [("heart", 1, True)]


def test_reacting_takes_following_but_taking_back_does_not(message, sami):

    with pytest.raises(salons.FollowFirst):
        react(a_caller("passant"), message)
    react(sami, message)
    following.unfollow(sami, message.organization_id)
    take_back(sami, message)

    assert counts(message) == []


def test_people_react_where_words_no_longer_come(salon, message, sami):
    set_state(salon, "read_only")

    react(sami, message)

    assert counts(message) == [("heart", 1, False)]


@pytest.mark.parametrize("state", ["archived", "frozen"])
@pytest.mark.parametrize("act", [react, take_back])
def test_nobody_reacts_where_nothing_moves(salon, message, sami, state, act):
    react(sami, message)
    set_state(salon, state)

    with pytest.raises(messages.SalonClosedToWords):
        act(sami, message)

    assert counts(message) == [("heart", 1, False)]


def test_nobody_reacts_to_a_deleted_message(acme, message, noor, sami, stored):
    react(sami, message, "sad")
    messages.delete(noor, acme.id, message.salon_id, message.id)
    before = stored()

    with pytest.raises(messages.MessageWithdrawn):
        react(sami, message, "heart")
    with pytest.raises(messages.MessageWithdrawn):
        take_back(sami, message, "sad")

    assert counts(message, sami) == []
    assert stored() == before


def test_there_are_a_few_reactions_and_no_other(message, sami):
    with pytest.raises(messages.ReactionUnknown):
        react(sami, message, "🖕")


def test_a_reaction_lives_as_long_as_its_message(acme, noor):
    message = a_message(noor, a_salon(acme, retention_days=30))
    react(noor, message)

    (mine,) = load(Reactions.key(noor.member_id, message.salon_id, message.id))
    assert mine.expires_at == message.expires_at


def test_a_message_is_located_with_what_is_asked_beside(message, sami):
    react(sami, message)
    key = Reactions.key(sami.member_id, message.salon_id, message.id)

    here, found = messages.locate(sami, message.organization_id, message.salon_id, message.id, key)

    assert (found.id, here.membership.member_id) == (message.id, sami.member_id)
    assert here.also[0].include("heart")
