"""What is unread is what a recount of the messages themselves finds, whatever happened in which order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import messages, moderation, readings
from chalicelib.models.messages import Message
from chalicelib.models.salons import Reading, Salon
from chalicelib.models.tables import load
from tests.factories import a_caller, a_follower, a_salon, an_organization
from tests.histories import histories

PEOPLE = ("noor", "claire")
STORY = (
    "noor", "claire", "noor", "hide:1", "claire", "mark:noor:2", "hide:3", "delete:2", "claire", "restore:1",
    "mark:claire:3", "noor",
)  # fmt: skip

posts = st.tuples(st.just("post"), st.sampled_from(PEOPLE), st.just(0))
marks = st.tuples(st.just("mark"), st.sampled_from(PEOPLE), st.integers(0, 40))
hides = st.tuples(st.just("hide"), st.just(""), st.integers(1, 40))
restores = st.tuples(st.just("restore"), st.just(""), st.integers(1, 40))


@pytest.mark.plain
@histories(200)
@given(st.lists(posts | posts | marks | hides | restores, max_size=60))
def test_unread_is_what_a_recount_finds(steps):
    now = datetime(2026, 11, 20, tzinfo=UTC)
    salon = Salon.opening("sal_1", organization_id="org_1", title="Atelier", at=now)
    places = {who: Reading.starting(who, "sal_1", organization_id="org_1", seq=0, at=now) for who in PEOPLE}
    said, hidden = [], set()

    for step, who, number in steps:
        if step == "post":
            said.append(who)
            salon.seq += 1
            places[who].own_seqs = {*(places[who].own_seqs or ()), salon.seq}
        elif step == "mark" and places[who].last_read_seq < number <= salon.seq:
            places[who].read_up_to(number)
        elif step == "hide" and number <= salon.seq:
            hidden.add(number)
        elif step == "restore":
            hidden.discard(number)
        salon.hidden_seqs = set(hidden) or None

        for reader, place in places.items():
            assert readings.unread(salon, place) == sum(
                author != reader and seq not in hidden and seq > place.last_read_seq
                for seq, author in enumerate(said, start=1)
            )


def test_unread_is_exact_through_the_use_cases_themselves():
    acme = an_organization()
    salon = a_salon(acme)
    for who in PEOPLE:
        readings.join(a_follower(who, acme), acme.id, salon.id)

    for turn, step in enumerate(STORY):
        perform(step, turn, acme, salon)

        there = list(Message.query(f"SALON#{salon.id}", consistent_read=True))
        (now,) = load(Salon.key(salon.id))
        for who in PEOPLE:
            me = a_caller(who).member_id
            (place,) = load(Reading.key(me, salon.id))
            assert readings.unread(now, place) == sum(
                message.author_id != me and message.state != "hidden" and message.seq > place.last_read_seq
                for message in there
            )


def perform(step, turn, acme, salon):
    """Let someone post, or have done to a message what the step says."""
    here = (acme.id, salon.id)
    verb, *rest = step.split(":")
    if verb in PEOPLE:
        messages.post(a_caller(verb), *here, client_message_id=str(turn), text="Bonjour")
    elif verb == "mark":
        readings.mark(a_caller(rest[0]), *here, last_read_seq=int(rest[1]))
    else:
        message = Message.at_seq(salon.id, int(rest[0]))
        if verb == "hide":
            moderation.hide(a_caller("mona"), *here, message.id, rule="spam", facts="…")
        elif verb == "restore":
            moderation.restore(a_caller("mona"), *here, message.id)
        else:
            messages.delete(a_caller("claire"), *here, message.id)


@pytest.mark.plain
def test_a_salon_read_a_little_before_the_reading_never_gives_less_than_nothing():
    now = datetime(2026, 11, 20, tzinfo=UTC)
    salon = Salon.opening("sal_1", organization_id="org_1", title="Atelier", at=now, seq=3)
    ahead = Reading.starting("noor", "sal_1", organization_id="org_1", seq=5, at=now)
    ahead.own_seqs = {6}

    assert readings.unread(salon, ahead) == 0
