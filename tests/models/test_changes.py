from __future__ import annotations

import pytest

from chalicelib.domain import events
from chalicelib.gateways import clock
from chalicelib.models import changes as kit
from chalicelib.models.changes import AlreadySeen, Overtaken, changes, retry_if_overtaken
from chalicelib.models.journal import JournalEntry
from chalicelib.models.markers import Receipt, Seen, Unique
from chalicelib.models.members import Member
from chalicelib.models.tables import Key, load
from tests.faults import Crash, installed


class Taken(Exception):  # noqa: N818 - as refusals
    pass


def a_member(name="noor"):
    return Member.arriving(f"mem_{name}", name=name, language="fr", time_zone="Europe/Paris", at=clock.now())


def saved(name="noor"):
    member = a_member(name)
    member.save()
    return member


def followed():
    return events.OrganizationFollowed(organization_id="org_1", actor_id="mem_noor")


def exists(key):
    (found,) = load(key)
    return found is not None


def test_everything_is_written_or_nothing():
    saved("sacha")
    with pytest.raises(Overtaken), changes() as change:
        change.create(a_member("noor"))
        change.create(a_member("sacha"))
        change.announce(followed())

    assert not exists(Member.key("mem_noor"))
    assert list(JournalEntry.scan()) == []


def test_an_error_in_the_block_writes_nothing():
    with pytest.raises(ZeroDivisionError), changes() as change:
        change.create(a_member())
        raise ZeroDivisionError

    assert not exists(Member.key("mem_noor"))


def test_a_change_of_nothing_is_no_call(calls):
    with changes():
        pass

    assert calls == []


@pytest.mark.parametrize("culprit", ["check", "delete", "put", "update"])
def test_each_failure_is_told_as_what_it_is_whatever_the_order_of_the_calls(culprit):
    """PynamoDB sends checks, deletes, puts and updates in this order: a position says nothing."""
    saved("checked")
    present = saved("present")
    told = {kind: Taken(kind) for kind in ("check", "delete", "put", "update")}
    absent = a_member("absent")

    def failing(kind):
        return kind == culprit

    with pytest.raises(Taken, match=culprit), changes() as change:
        updated = absent if failing("update") else saved("updated")
        change.update(
            updated,
            Member.name.set("x"),
            condition=Member.pk.exists(),
            versioned=False,
            otherwise=told["update"],
        )
        change.create(present if failing("put") else a_member("created"), otherwise=told["put"])
        change.delete(
            a_member("missing") if failing("delete") else saved("deleted"), otherwise=told["delete"]
        )
        checked = Member.key("mem_nobody" if failing("check") else "mem_checked")
        change.check(checked, Member.pk.exists(), otherwise=told["check"])


def test_whoever_decided_on_an_old_version_is_overtaken():
    saved()
    first, second = (load(Member.key("mem_noor"))[0] for _ in range(2))
    with changes() as change:
        change.edit(first, name="A")

    with pytest.raises(Overtaken), changes() as change:
        change.edit(second, name="B")

    assert load(Member.key("mem_noor"))[0].name == "A"


def test_editing_leaves_the_other_attributes_to_their_own_writers():
    saved()
    stale = load(Member.key("mem_noor"))[0]
    load(Member.key("mem_noor"))[0].update(
        actions=[Member.email.set("noor@example.org")], add_version_condition=False
    )
    stale.version = load(Member.key("mem_noor"))[0].version
    with changes() as change:
        change.edit(stale, name="Noor")

    now = load(Member.key("mem_noor"))[0]
    assert (now.name, now.email) == ("Noor", "noor@example.org")


def test_the_version_in_hand_follows_the_table():
    member = saved()
    for name in ("A", "B", "C"):
        with changes() as change:
            change.edit(member, name=name)

    assert load(Member.key("mem_noor"))[0].version == member.version == 4


def test_an_effect_is_had_once_per_consumer():
    def effect(consumer, name):
        with changes() as change:
            change.once(consumer, "evt_1")
            change.create(a_member(name))

    effect("rewards", "a")
    with pytest.raises(AlreadySeen):
        effect("rewards", "b")
    effect("feed", "c")

    assert [exists(Member.key(f"mem_{name}")) for name in "abc"] == [True, False, True]
    assert exists(Key(Seen, "SEEN#rewards#evt_1", "SEEN"))


def test_having_seen_it_already_is_told_before_anything_else():
    """The effect's own guard fails too when it is had twice: that must not look like a lost race."""
    for expected in (None, AlreadySeen):
        try:
            with changes() as change:
                change.create(a_member(), otherwise=Taken())
                change.once("rewards", "evt_1")
        except AlreadySeen:
            assert expected is AlreadySeen


def test_a_lost_race_is_decided_again_on_fresh_state():
    saved()
    seen = []

    @retry_if_overtaken
    def rename():
        member = load(Member.key("mem_noor"))[0]
        seen.append(member.name)
        if len(seen) == 1:
            load(Member.key("mem_noor"))[0].update(actions=[Member.name.set("meanwhile")])
        with changes() as change:
            change.edit(member, name="mine")

    rename()

    assert seen == ["noor", "meanwhile"]


def test_races_are_not_run_for_ever(monkeypatch):
    monkeypatch.setattr(kit.time, "sleep", lambda _: None)
    turns = []

    @retry_if_overtaken
    def always_late():
        turns.append(1)
        raise Overtaken

    with pytest.raises(Overtaken):
        always_late()
    assert len(turns) == kit.ATTEMPTS


@pytest.mark.parametrize(
    "fault", ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]
)
def test_no_fault_splits_a_change(fault):
    with installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            with changes() as change:
                change.create(a_member())
                change.create(Unique.of("slug", "noor", "mem_noor"))
                change.announce(followed())
        except (Crash, Overtaken):
            pass  # moto ignores the client token: a retried write meets itself

    written = {
        exists(Member.key("mem_noor")),
        exists(Unique.key("slug", "noor")),
        len(list(JournalEntry.scan())) == 1,
    }
    assert len(written) == 1


def test_the_receipt_joins_the_change_that_creates_something_and_remembers_what():
    held = kit.receipt.set(Receipt.of("mem_noor", "POST /x", "k", "f"))
    try:
        with changes() as change:
            change.create(a_member())
    finally:
        kit.receipt.reset(held)

    (receipt,) = load(Key(Receipt, "RECEIPT#mem_noor#POST /x#k", "RECEIPT"))
    assert (receipt.created_pk, receipt.fingerprint) == ("MEMBER#mem_noor", "f")


def test_a_receipt_that_is_over_gives_its_place():
    for fingerprint in ("old", "new"):
        receipt = Receipt.of("mem_noor", "POST /x", "k", fingerprint)
        receipt.creates(a_member())
        receipt.save(Receipt.is_free())
        receipt.update(actions=[Receipt.expires_at.set(1)])

    assert load(Key(Receipt, receipt.pk, receipt.sk))[0].fingerprint == "new"
