from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import messages, readings, salons
from chalicelib.models.changes import changes
from chalicelib.models.memberships import Membership
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.salons import Reading, Salon
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_message, a_salon, an_organization
from tests.histories import histories


@pytest.fixture
def acme():
    return an_organization()


@pytest.fixture
def salon(acme):
    return a_salon(acme)


@pytest.fixture
def noor(acme):
    return a_follower("noor", acme)


def change(item, **values):
    with changes() as changing:
        changing.edit(item, **values)


def now_in(salon):
    (found,) = load(Salon.key(salon.id))
    return found


def place_of(caller, salon):
    (reading,) = load(Reading.key(caller.member_id, salon.id))
    return reading


def said_in(salon):
    return [
        (message.seq, message.text)
        for message in Message.in_salon(salon.id, Page(limit=100), after_seq=0).items
    ]


def say(caller, salon, text="Bonjour", key="k1", **said):
    return messages.post(caller, salon.organization_id, salon.id, client_message_id=key, text=text, **said)


# --- the numbering


def test_messages_are_numbered_without_gaps_in_the_order_they_were_said(acme, salon, noor):
    sami = a_follower("sami", acme)

    for caller, text in [(noor, "un"), (sami, "deux"), (noor, "trois")]:
        a_message(caller, salon, text)

    assert said_in(salon) == [(1, "un"), (2, "deux"), (3, "trois")]
    assert now_in(salon).seq == 3
    assert now_in(salon).version == salon.version


def test_two_authors_at_once_both_get_a_number(acme, salon, noor, meanwhile):
    sami = a_follower("sami", acme)
    meanwhile(lambda: a_message(sami, salon, "moi d’abord"))

    second = a_message(noor, salon, "moi ensuite")

    assert second.seq == 2
    assert said_in(salon) == [(1, "moi d’abord"), (2, "moi ensuite")]


# --- exactly once


def test_a_message_sent_again_is_the_message_of_the_first_time(salon, noor, stored):
    first = say(noor, salon)
    before = stored()

    again = say(noor, salon)

    assert not first.is_replay
    assert again.is_replay
    assert (again.said.id, again.said.seq, again.said.at) == (first.said.id, first.said.seq, first.said.at)
    assert stored() == before


def test_the_same_key_with_other_words_still_answers_with_the_first_ones(salon, noor):
    say(noor, salon, "bonjour")

    assert say(noor, salon, "bonsoir").said.text == "bonjour"
    assert said_in(salon) == [(1, "bonjour")]


def test_the_same_words_under_two_keys_are_two_messages(salon, noor):
    assert say(noor, salon, "ok", key="a").said.seq == 1
    assert say(noor, salon, "ok", key="b").said.seq == 2


def test_a_key_is_its_authors_and_its_salons_own(acme, salon, noor):
    other = a_salon(acme, title="Autre")
    said = [say(noor, salon), say(a_follower("sami", acme), salon), say(noor, other)]

    assert [posted.is_replay for posted in said] == [False, False, False]
    assert len({posted.said.id for posted in said}) == 3


def test_a_message_sent_twice_at_once_is_said_once(salon, noor, meanwhile):
    first = []
    meanwhile(lambda: first.append(say(noor, salon)))

    second = say(noor, salon)

    assert second.is_replay
    assert second.said.id == first[0].said.id
    assert len(said_in(salon)) == 1


def test_a_deleted_message_sent_again_does_not_come_back(acme, salon, noor):
    message = say(noor, salon).said
    messages.delete(noor, acme.id, salon.id, message.id)

    again = say(noor, salon).said

    assert (again.state, again.text) == ("deleted_by_author", None)


@pytest.mark.parametrize("fault", ["net-before", "net-after", "throttle", "5xx"])
def test_an_answer_lost_on_the_way_says_nothing_twice(salon, noor, fault):
    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        said = say(noor, salon).said

    assert said.seq == 1
    assert said_in(salon) == [(1, "Bonjour")]
    assert place_of(noor, salon).own_seqs == {1}


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_process_that_dies_loses_nothing_that_is_sent_again(salon, noor, call, fault):
    with faults.installed() as injector, pytest.raises(faults.Crash):
        injector.fail(call, fault)
        say(noor, salon)

    assert say(noor, salon).said.seq == 1
    assert said_in(salon) == [(1, "Bonjour")]
    assert now_in(salon).seq == 1


# --- who, and where


def test_someone_who_followed_a_second_ago_is_read_by_everyone_at_once(acme, salon):
    message = a_message(a_follower("tout-neuf", acme), salon, "Me voici")

    shown = messages.read(None, acme.id, salon.id, message.id)

    assert (shown.text, shown.author.name, shown.author.voice) == ("Me voici", "Tout-neuf", "member")


def test_who_does_not_follow_is_told_to_follow_first(salon, stored):
    stranger = a_caller("passant")
    with pytest.raises(salons.FollowFirst):
        say(stranger, salon)

    assert said_in(salon) == []


def test_the_voice_is_the_one_of_the_day(acme, salon):
    claire = a_host("anne", acme, role="staff")
    before = a_message(claire, salon)
    (membership,) = load(Membership.key(acme.id, claire.member_id))
    change(membership, voice="champion")

    assert before.author.voice == "staff"
    assert messages.read(None, acme.id, salon.id, before.id).author.voice == "staff"
    assert a_message(claire, salon).author.voice == "champion"


def test_the_first_post_of_all_is_remembered_and_only_that_one(acme, salon, noor, later):
    first = a_message(noor, salon)
    later(hours=1)
    a_message(noor, salon)
    a_message(noor, a_salon(acme, title="Autre"))

    (membership,) = load(Membership.key(acme.id, noor.member_id))
    assert membership.first_posted_at == first.at
    assert membership.version == 1  # what the member decides on is as they read it


@pytest.mark.parametrize("state", ["read_only", "archived", "frozen", "draft"])
def test_a_closed_salon_takes_no_words_but_answers_what_was_said_before(acme, salon, state):
    anne = a_host("anne", acme)  # to see the draft
    first = say(anne, salon, key="before").said
    change(now_in(salon), state=state)

    with pytest.raises(messages.SalonClosedToWords) as refused:
        say(anne, salon, key="after")

    assert refused.value.context == {"state": state}
    assert say(anne, salon, key="before").said.id == first.id


def test_a_salon_that_closes_at_the_last_instant_takes_no_words(salon, noor, meanwhile):
    meanwhile(lambda: change(now_in(salon), state="read_only"))

    with pytest.raises(messages.SalonClosedToWords):
        say(noor, salon)

    assert said_in(salon) == []
    assert now_in(salon).seq == 0


def test_a_message_lives_as_long_as_its_salon_promises(acme, noor, later):
    salon = a_salon(acme, retention_days=30)
    message = a_message(noor, salon)
    answer = a_message(noor, salon, reply_to=message.id)

    (place,) = load(MessagePlace.key(salon.id, message.id))
    end = int((message.at + timedelta(days=30)).timestamp())
    assert (message.expires_at, place.expires_at) == (end, end)
    later(days=30, seconds=1)  # ended, and the table has swept nothing away yet
    assert list(messages.page_of(None, acme.id, salon.id, Page()).items) == []
    with pytest.raises(messages.MessageNotFound):
        messages.read(None, acme.id, salon.id, message.id)
    with pytest.raises(messages.ReplyToUnknown):
        say(noor, salon, key="late", reply_to=answer.id)


# --- the author's place


def test_to_speak_is_to_join_and_what_was_said_before_is_not_unread(acme, salon, noor):
    a_message(a_follower("sami", acme), salon)
    a_message(noor, salon)

    place = place_of(noor, salon)
    assert (place.last_read_seq, place.own_seqs) == (1, {2})
    assert readings.unread(now_in(salon), place) == 0


def test_to_speak_again_after_leaving_is_to_join_again(acme, salon, noor):
    a_message(noor, salon)
    readings.leave(noor, acme.id, salon.id)
    a_message(a_follower("sami", acme), salon)
    a_message(noor, salon)

    place = place_of(noor, salon)
    assert (place.left_at, place.expires_at, place.last_read_seq, place.own_seqs) == (None, None, 2, {3})


def test_what_others_said_before_stays_unread_when_one_speaks(acme, salon, noor):
    sami = a_follower("sami", acme)
    readings.join(noor, acme.id, salon.id)
    for caller in (sami, noor, sami):
        a_message(caller, salon)

    assert readings.unread(now_in(salon), place_of(noor, salon)) == 2


def test_leaving_while_speaking_leaves_a_whole_place(acme, salon, noor, meanwhile):
    a_message(noor, salon)
    meanwhile(lambda: readings.leave(noor, acme.id, salon.id))

    a_message(noor, salon)

    assert place_of(noor, salon).left_at is None
    assert place_of(noor, salon).salon_id == salon.id


def test_who_says_two_hundred_things_without_reading_has_read(acme, salon, noor):
    a_message(a_follower("sami", acme), salon)
    readings.join(noor, acme.id, salon.id)
    with changes() as changing:
        changing.update(now_in(salon), Salon.numbering(201), versioned=False)
        changing.update(place_of(noor, salon), Reading.own_seqs.set(set(range(2, 202))))

    a_message(noor, salon)

    place = place_of(noor, salon)
    assert (place.last_read_seq, place.own_seqs) == (202, None)


# --- slow mode


@pytest.fixture
def slow(acme):
    return a_salon(acme, slow_mode_seconds=60)


def test_slow_mode_asks_to_wait_and_gives_the_text_back(slow, noor, later):
    say(noor, slow, "un", key="1")
    later(seconds=20)

    with pytest.raises(messages.SlowMode) as refused:
        say(noor, slow, "deux", key="2")

    assert refused.value.context == {"slow_mode_seconds": 60, "retry_after": 40, "text": "deux"}
    assert said_in(slow) == [(1, "un")]


def test_slow_mode_is_over_when_it_said_so(slow, noor, later):
    say(noor, slow, "un", key="1")
    later(seconds=60)

    assert say(noor, slow, "deux", key="2").said.seq == 2


def test_slow_mode_never_refuses_what_was_said_already(slow, noor):
    say(noor, slow)

    assert say(noor, slow).is_replay


def test_slow_mode_slows_staff_like_everyone_and_nobody_for_others(acme, slow, noor):
    anne = a_host("anne", acme)
    say(noor, slow)
    say(anne, slow)

    with pytest.raises(messages.SlowMode):
        say(anne, slow, key="k2")


def test_slow_mode_is_not_undone_by_leaving(acme, slow, noor):
    say(noor, slow)
    readings.leave(noor, acme.id, slow.id)

    with pytest.raises(messages.SlowMode):
        say(noor, slow, key="k2")


def test_slow_mode_holds_for_two_messages_sent_at_once(slow, noor, meanwhile):
    readings.join(noor, slow.organization_id, slow.id)
    meanwhile(lambda: say(noor, slow, "un", key="1"))

    with pytest.raises(messages.SlowMode):
        say(noor, slow, "deux", key="2")

    assert said_in(slow) == [(1, "un")]


def test_slow_mode_holds_when_the_place_was_read_before_and_the_salon_after(slow, noor, monkeypatch):
    """One read of several items is not one instant: the salon may be newer than the author's place."""
    say(noor, slow, "un", key="1")
    enter, before = salons.enter, place_of(noor, slow)
    before.last_posted_at = None

    def enter_torn(*args):
        here = enter(*args)
        monkeypatch.setattr(salons, "enter", enter)
        place, mine, _, *others = here.also
        return dataclasses.replace(here, also=(place, mine, before, *others))

    monkeypatch.setattr(salons, "enter", enter_torn)

    with pytest.raises(messages.SlowMode):
        say(noor, slow, "deux", key="2")


# --- mentions and replies


def test_only_followers_are_reached_and_the_author_is_told_who_is_not(acme, salon, noor):
    sami, stranger = a_follower("sami", acme), a_caller("passant")
    named = [sami.member_id, stranger.member_id, sami.member_id]

    said = say(noor, salon, mentions=named).said

    assert said.mentions == [sami.member_id]
    assert said.unreachable_mentions == [stranger.member_id]
    assert say(noor, salon).said.unreachable_mentions == [stranger.member_id]


def test_in_a_shared_salon_those_who_joined_from_the_other_side_are_reached(acme, salon, noor):
    other = an_organization("velocite", by="paul")
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)
    salons.accept(a_caller("paul"), other.id, salon.id)
    here, gone, absent = (a_follower(name, other) for name in ("ines", "luc", "eva"))
    readings.join(here, other.id, salon.id)
    readings.join(gone, other.id, salon.id)
    readings.leave(gone, other.id, salon.id)

    said = say(noor, salon, mentions=[here.member_id, gone.member_id, absent.member_id]).said

    assert said.mentions == [here.member_id]
    assert messages.post(here, other.id, salon.id, client_message_id="x", text="oui").said.seq == 2


def test_a_reply_quotes_the_beginning_of_what_it_replies_to(acme, salon, noor):
    long = a_message(a_follower("sami", acme), salon, "Le dérailleur saute. " * 20)

    said = a_message(noor, salon, reply_to=long.id)

    assert (said.reply_to.message_id, said.reply_to.seq) == (long.id, 1)
    assert said.reply_to.author_id == long.author_id
    assert said.reply_to.excerpt == long.text[:139] + "…"


def test_a_reply_to_a_message_of_another_salon_is_refused(acme, salon, noor, stored):
    elsewhere = a_message(noor, a_salon(acme, title="Autre"))
    before = stored()

    with pytest.raises(messages.ReplyToUnknown) as refused:
        say(noor, salon, reply_to=elsewhere.id)

    assert refused.value.context == {"pointer": "/reply_to"}
    assert stored() == before


def test_a_reply_to_a_message_deleted_meanwhile_is_said_and_quotes_nothing(acme, salon, noor):
    message = a_message(a_follower("sami", acme), salon, "secret")
    messages.delete(a_caller("sami"), acme.id, salon.id, message.id)

    said = a_message(noor, salon, reply_to=message.id)

    assert said.reply_to.excerpt is None


# --- unread


STEPS = st.lists(st.tuples(st.sampled_from(["claire", "noor", "sami"]), st.booleans()), max_size=10)


@histories(8)
@given(steps=STEPS)
def test_unread_is_what_a_recount_finds_however_people_speak_and_read(acme, steps):
    salon = a_salon(acme)
    people = {name: a_follower(name, acme) for name in ("claire", "noor", "sami")}
    for person in people.values():
        readings.join(person, acme.id, salon.id)
    read = dict.fromkeys(people, 0)

    for name, speaks in steps:
        if speaks:
            a_message(people[name], salon)
        else:
            read[name] = now_in(salon).seq
            readings.mark(people[name], acme.id, salon.id, last_read_seq=read[name])

    said = Message.in_salon(salon.id, Page(limit=100), after_seq=0).items
    for name, person in people.items():
        recount = [m for m in said if m.seq > read[name] and m.author_id != person.member_id]
        assert readings.unread(now_in(salon), place_of(person, salon)) == len(recount)
