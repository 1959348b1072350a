"""Keeping in touch: when both wish it, and not before; when one wishes it no more, not any longer."""

from __future__ import annotations

import pytest

from chalicelib.domain import meetups, standing
from chalicelib.domain.meetups import checking_in, keeping_in_touch
from chalicelib.gateways import clock, ids
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from chalicelib.models.contacts import Contact, Tie
from chalicelib.models.tables import CommunityItem, load
from chalicelib.pages import Page
from tests.factories import a_caller
from tests.meetups import Coffee, details, told


@pytest.fixture
def coffee():
    coffee = Coffee(seats=8)
    for name in ("ana", "bo", "cy"):
        coffee.says(name)
    return coffee


@pytest.fixture
def begun(coffee, time_passes):
    time_passes(days=3, minutes=10)
    return coffee


def id_of(name):
    return a_caller(name).member_id


def wish(coffee, by, whom, share=None):
    share = share or f"{by}@example.org"
    return keeping_in_touch.wish(a_caller(by), *coffee.this, id_of(whom), share=share)


def take_back(coffee, by, whom):
    keeping_in_touch.take_back(a_caller(by), *coffee.this, id_of(whom))


def contacts(name):
    found = keeping_in_touch.contacts(a_caller(name), Page(30)).items
    return [(kept.name, kept.share) for kept in found]


def part(one, other):
    """Keep two people apart for good."""
    with changes() as change:
        change.save(Block.of(id_of(one), id_of(other), by=id_of(one), at=clock.now()))
        change.update(Apart.of(id_of(one)), *Apart.from_too({id_of(other)}))
        change.update(Apart.of(id_of(other)), *Apart.from_too({id_of(one)}))


def test_once_both_wish_it_each_reads_what_the_other_shares(begun):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "ana", "06 12 34 56 78")

    assert contacts("ana") == [("Bo", "06 12 34 56 78")]
    assert contacts("bo") == [("Ana", "ana@example.org")]
    (event,) = details("contact.made")
    assert event["member_ids"] == sorted([id_of("ana"), id_of("bo")])
    assert "06 12" not in repr(event)


def test_a_wish_of_one_alone_is_told_to_nobody(begun, announced):
    before = announced()
    wish(begun, "ana", "bo")

    assert (contacts("ana"), contacts("bo")) == ([], [])
    assert announced() == before


def test_wishing_costs_and_answers_the_same_whether_they_wish_it_or_not(begun, calls):
    wish(begun, "bo", "ana")
    costs = []
    for whom in ("bo", "cy"):
        calls.clear()
        assert wish(begun, "ana", whom) is None
        costs.append(list(calls))

    assert costs[0] == costs[1] == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]


def test_it_is_between_two_people(begun):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "cy")
    wish(begun, "cy", "ana")

    assert [contacts(name) for name in ("ana", "bo", "cy")] == [[], [], []]


def test_wished_again_it_changes_nothing(begun, stored):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "ana")
    before = stored()

    wish(begun, "ana", "bo")

    assert stored() == before


def test_other_words_replace_the_first(begun):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "ana")

    wish(begun, "ana", "bo", "@ana:matrix.example.org")

    assert contacts("bo") == [("Ana", "@ana:matrix.example.org")]
    assert told("contact.made") == 1


def test_taken_back_neither_reads_it_any_more(begun):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "ana")

    for _ in range(2):
        take_back(begun, "ana", "bo")

    assert (contacts("ana"), contacts("bo")) == ([], [])
    assert not [item for item in CommunityItem.scan() if isinstance(item, Contact)]
    assert not [
        item for item in CommunityItem.scan() if "ana@example.org" in repr(getattr(item, "shares", ""))
    ]


def test_a_wish_of_one_alone_is_taken_back_before_the_other_wishes_it(begun):
    wish(begun, "ana", "bo")
    take_back(begun, "ana", "bo")

    wish(begun, "bo", "ana")

    assert (contacts("ana"), contacts("bo"), told("contact.made")) == ([], [], 0)


def test_wished_once_more_they_read_it_again_and_nobody_is_told_a_second_time(begun):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "ana")
    take_back(begun, "ana", "bo")

    wish(begun, "ana", "bo", "encore ana")

    assert contacts("bo") == [("Ana", "encore ana")]
    assert told("contact.made") == 1


def test_whoever_is_kept_apart_wishes_in_vain_and_is_not_told(begun, calls):
    part("bo", "ana")
    wish(begun, "bo", "ana")
    calls.clear()

    assert wish(begun, "ana", "bo") is None

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert (contacts("ana"), contacts("bo"), told("contact.made")) == ([], [], 0)


def test_a_block_in_the_same_instant_holds(begun, monkeypatch):
    wish(begun, "bo", "ana")
    find = keeping_in_touch.standpoints.find
    meanwhile = iter([True])

    def find_then_be_parted(*args):
        found = find(*args)
        if next(meanwhile, False):
            part("bo", "ana")
        return found

    monkeypatch.setattr(keeping_in_touch.standpoints, "find", find_then_be_parted)
    wish(begun, "ana", "bo")

    assert (contacts("ana"), contacts("bo"), told("contact.made")) == ([], [], 0)


def test_a_block_since_hides_it(begun):
    wish(begun, "ana", "bo")
    wish(begun, "bo", "ana")

    part("ana", "bo")

    assert (contacts("ana"), contacts("bo")) == ([], [])


def test_two_who_wish_it_at_once_both_have_it(begun, monkeypatch):
    find = keeping_in_touch.standpoints.find
    meanwhile = iter([True])

    def find_then_be_overtaken(*args):
        found = find(*args)
        if next(meanwhile, False):
            wish(begun, "bo", "ana")
        return found

    monkeypatch.setattr(keeping_in_touch.standpoints, "find", find_then_be_overtaken)
    wish(begun, "ana", "bo")

    assert (contacts("ana"), contacts("bo")) == ([("Bo", "bo@example.org")], [("Ana", "ana@example.org")])
    assert told("contact.made") == 1


def test_before_it_begins_only_those_who_were_seen_have_met(coffee, time_passes):
    with pytest.raises(meetups.NotComing):
        wish(coffee, "ana", "bo")
    time_passes(days=2, hours=23, minutes=30)
    for name in ("ana", "bo"):
        checking_in.check_in(coffee.hana, *coffee.this, id_of(name))

    wish(coffee, "ana", "bo")

    with pytest.raises(keeping_in_touch.NobodyMet):
        wish(coffee, "ana", "cy")


@pytest.mark.parametrize("says", ["interested", "declined", None])
def test_only_whoever_came(coffee, time_passes, says):
    coffee.follows("dee")
    if says:
        coffee.says("dee", says)
    time_passes(days=3, minutes=10)

    with pytest.raises(meetups.NotComing):
        wish(coffee, "dee", "ana")
    with pytest.raises(keeping_in_touch.NobodyMet):
        wish(coffee, "ana", "dee")


def test_nobody_keeps_in_touch_with_themselves(begun):
    with pytest.raises(keeping_in_touch.NobodyMet):
        wish(begun, "ana", "ana")


def test_a_host_does_too(begun):
    wish(begun, "hana", "ana")
    wish(begun, "ana", "hana")

    assert contacts("ana") == [("Hana", "hana@example.org")]


def test_whoever_is_suspended_shares_nothing(begun, monkeypatch):
    def refuse(self):
        raise standing.Suspended(until="2026-12-01", why="x")

    monkeypatch.setattr(meetups.standpoints.Standpoint, "must_not_be_suspended", refuse)

    with pytest.raises(standing.Suspended):
        wish(begun, "ana", "bo")


def test_taking_back_what_was_never_wished_or_elsewhere_changes_nothing(begun, stored):
    wish(begun, "ana", "bo")
    before = stored()

    take_back(begun, "bo", "ana")
    keeping_in_touch.take_back(a_caller("ana"), ids.new("org"), begun.id, id_of("bo"))
    keeping_in_touch.take_back(a_caller("ana"), *begun.this, ids.new("mem"))

    assert stored() == before


def test_the_newest_come_first_page_by_page_in_two_reads(begun, time_passes, calls):
    for name in ("bo", "cy", "hana"):
        wish(begun, "ana", name)
        wish(begun, name, "ana")
        time_passes(minutes=1)
    calls.clear()

    first = keeping_in_touch.contacts(a_caller("ana"), Page(2))
    cost = list(calls)
    rest = keeping_in_touch.contacts(a_caller("ana"), Page(2, first.last))

    assert [kept.name for kept in [*first.items, *rest.items]] == ["Hana", "Cy", "Bo"]
    assert cost == ["dynamodb.Query", "dynamodb.BatchGetItem"]
    assert rest.last is None


def lasts(coffee, one, other):
    """How long what two people share is kept; None: for good."""
    (tie,) = load(Tie.key(coffee.id, id_of(one), id_of(other)))
    return None if tie.expires_at is None else tie.expires_at - clock.now().timestamp()


def test_a_wish_of_one_alone_is_kept_for_a_year_and_one_of_both_for_good(begun):
    year = 365 * 24 * 3600
    wish(begun, "ana", "bo")
    assert year - 60 < lasts(begun, "ana", "bo") <= year

    wish(begun, "bo", "ana")
    assert lasts(begun, "ana", "bo") is None
    wish(begun, "ana", "bo", "d’autres mots")
    assert lasts(begun, "ana", "bo") is None

    take_back(begun, "ana", "bo")
    assert year - 60 < lasts(begun, "ana", "bo") <= year


def test_each_of_the_two_stands_in_the_key_whoever_came_first():
    assert Tie.key("mtg_1", "mem_a", "mem_b") == Tie.key("mtg_1", "mem_b", "mem_a")
