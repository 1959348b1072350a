from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import errors, following, messages
from chalicelib.models.changes import changes
from chalicelib.models.messages import EarlierText, Message
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load
from chalicelib.pages import Page
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


def edit(caller, message, text, version=None):
    version = kept(message).version if version is None else version
    return messages.edit(
        caller, message.organization_id, message.salon_id, message.id, text=text, version=version
    )


def delete(caller, message):
    messages.delete(caller, message.organization_id, message.salon_id, message.id)


def kept(message):
    return Message.at_seq(message.salon_id, message.seq)


def earlier(message):
    found = messages.earlier_texts(None, message.organization_id, message.salon_id, message.id, Page(100))
    return [text.text for text in found.items]


def set_state(salon, state):
    (found,) = load(Salon.key(salon.id))
    with changes() as change:
        change.edit(found, state=state)


# --- editing


def test_for_five_minutes_an_edit_leaves_no_trace(message, noor, later):
    later(minutes=4, seconds=59)

    edited = edit(noor, message, "second jet")

    assert (edited.text, edited.state, edited.edited_at) == ("second jet", "sent", None)
    assert earlier(message) == []
    assert edited.version == kept(message).version == 2


def test_after_five_minutes_what_it_said_before_stays_in_public(message, noor, later):
    edit(noor, message, "avant")
    later(minutes=5)
    edited = edit(noor, message, "pendant")
    later(minutes=1)
    edit(noor, message, "après")

    assert (edited.state, edited.edited_at - message.at >= timedelta(minutes=5)) == ("edited", True)
    assert earlier(message) == ["avant", "pendant"]
    history = EarlierText.of_message(message.id, Page()).items
    assert [text.written_at for text in history] == [message.at, edited.edited_at]
    assert history[0].replaced_at == edited.edited_at


def test_the_same_text_again_changes_nothing_even_sent_twice(message, noor, later, stored):
    later(minutes=6)
    edit(noor, message, "second jet", version=1)
    before = stored()

    again = edit(noor, message, "second jet", version=1)  # the answer to the first was lost

    assert again.version == 2
    assert stored() == before


def test_an_edit_decided_on_an_older_text_is_refused(message, noor, stored):
    edit(noor, message, "second jet")
    before = stored()

    with pytest.raises(errors.ChangedMeanwhile):
        edit(noor, message, "autre jet", version=1)

    assert stored() == before


def test_an_edit_overtaken_by_another_is_refused(message, noor, meanwhile, later):
    later(minutes=6)
    meanwhile(lambda: edit(noor, message, "le premier"))

    with pytest.raises(errors.ChangedMeanwhile):
        edit(noor, message, "le second", version=1)

    assert kept(message).text == "le premier"
    assert earlier(message) == ["premier jet"]


def test_reactions_and_thanks_do_not_stand_in_the_way_of_an_edit(message, noor, sami):
    messages.react(sami, message.organization_id, message.salon_id, message.id, "heart")
    with changes() as change:
        handle = Message.unread(message.salon_id, message.seq)
        change.update(handle, Message.thanks_by(1), condition=Message.is_readable(), versioned=False)

    edited = edit(noor, message, "second jet", version=1)

    assert (kept(message).counts, kept(message).thanks) == ({"heart": 1}, 1)
    assert edited.version == 2


def test_only_its_author_edits_a_message(message, sami, stored):
    before = stored()

    with pytest.raises(messages.NotYourMessage):
        edit(sami, message, "détourné")

    assert stored() == before


def test_a_message_is_edited_twenty_times_at_most(message, noor, later):
    later(minutes=6)
    for number in range(20):
        edit(noor, message, f"jet {number}")

    with pytest.raises(messages.TooManyEdits):
        edit(noor, message, "jet de trop")

    assert len(earlier(message)) == 20


@pytest.mark.parametrize("state", ["read_only", "archived", "frozen"])
def test_in_a_closed_salon_words_stay_as_they_are(salon, message, noor, state):
    set_state(salon, state)

    with pytest.raises(messages.SalonClosedToWords):
        edit(noor, message, "second jet")

    assert kept(message).text == "premier jet"


def test_a_salon_that_closes_at_the_last_instant_keeps_its_words(salon, message, noor, meanwhile):
    meanwhile(lambda: set_state(salon, "frozen"))

    with pytest.raises(messages.SalonClosedToWords):
        edit(noor, message, "second jet", version=1)


def test_a_deleted_message_is_not_edited(message, noor):
    delete(noor, message)

    with pytest.raises(messages.MessageWithdrawn):
        edit(noor, message, "me revoilà")


@pytest.mark.parametrize("fault", ["net-after", "throttle", "crash-after", "crash-before"])
def test_an_edit_whose_answer_is_lost_is_made_once(message, noor, later, fault):
    later(minutes=6)
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            edit(noor, message, "second jet", version=1)
        except faults.Crash:
            edit(noor, message, "second jet", version=1)

    assert (kept(message).text, earlier(message)) == ("second jet", ["premier jet"])


# --- deleting


def test_a_deleted_message_leaves_its_place_and_nothing_it_said(salon, message, noor, sami, later, stored):
    later(minutes=6)
    edit(noor, message, "second jet")
    edit(noor, message, "troisième jet")
    reply = a_message(sami, salon, "tu dis ?", reply_to=message.id)
    a_reply_of_its_own = a_message(noor, salon, "si", reply_to=reply.id, mentions=[sami.member_id])
    delete(noor, message)
    delete(noor, a_reply_of_its_own)

    shown = {m.seq: m for m in messages.page_of(None, message.organization_id, salon.id, Page()).items}
    gone = shown[1]
    assert (gone.state, gone.text, gone.seq, gone.at) == ("deleted_by_author", None, 1, message.at)
    assert gone.author.member_id == noor.member_id
    assert shown[2].reply_to.excerpt is None
    assert (shown[3].reply_to, shown[3].mentions) == (None, [])
    assert earlier(message) == []
    assert " jet'" not in str(stored())


def test_deleting_twice_changes_nothing(message, noor, stored):
    delete(noor, message)
    before = stored()

    delete(noor, message)

    assert stored() == before


def test_only_its_author_takes_a_message_back(message, stored):
    before = stored()

    with pytest.raises(messages.NotYourMessage):
        delete(a_caller("claire"), message)  # the owner of the organization

    assert stored() == before


@pytest.mark.parametrize("state", ["read_only", "archived"])
def test_ones_own_words_can_be_taken_back_from_a_closed_salon(salon, message, noor, state):
    set_state(salon, state)

    delete(noor, message)

    assert kept(message).text is None


def test_nothing_is_taken_back_from_a_frozen_salon(salon, message, noor):
    set_state(salon, "frozen")

    with pytest.raises(messages.SalonClosedToWords):
        delete(noor, message)

    assert kept(message).text == "premier jet"


def test_one_who_no_longer_follows_may_still_take_back_what_they_said(message, noor):

    following.unfollow(noor, message.organization_id)
    delete(noor, message)

    assert kept(message).text is None


def test_an_edit_just_before_a_deletion_leaves_no_text_behind(message, noor, later, meanwhile, stored):
    later(minutes=6)
    meanwhile(lambda: edit(noor, message, "second jet"))

    delete(noor, message)

    assert " jet'" not in str(stored())


def test_a_message_deleted_before_an_edit_stays_deleted(message, noor, meanwhile):
    meanwhile(lambda: delete(noor, message))

    with pytest.raises(messages.MessageWithdrawn):
        edit(noor, message, "second jet", version=1)


@pytest.mark.parametrize("fault", ["net-after", "crash-after", "crash-before"])
def test_a_deletion_whose_answer_is_lost_is_made_once(message, noor, later, fault, stored):
    later(minutes=6)
    edit(noor, message, "second jet")
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            delete(noor, message)
        except faults.Crash:
            delete(noor, message)

    assert kept(message).state == "deleted_by_author"
    assert " jet'" not in str(stored())


def test_what_moderation_hides_is_not_shown_anywhere(salon, message, noor, sami, later):
    later(minutes=6)
    edit(noor, message, "second jet")
    reply = a_message(sami, salon, "tu dis ?", reply_to=message.id)
    messages.react(sami, message.organization_id, salon.id, message.id, "heart")
    with changes() as change:
        change.edit(kept(message), state="hidden")

    shown = messages.read(None, message.organization_id, salon.id, message.id)

    assert (shown.text, shown.state, shown.reactions) == (None, "hidden", [])
    assert earlier(message) == []
    assert messages.read(None, message.organization_id, salon.id, reply.id).reply_to.excerpt is None
    for act in (lambda: edit(noor, message, "troisième jet"), lambda: delete(noor, message)):
        with pytest.raises(messages.MessageWithdrawn):
            act()
