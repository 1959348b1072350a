"""The short cut through moto's transactions: one that fails leaves everything as it was."""

from __future__ import annotations

import pytest

from chalicelib.gateways import clock
from chalicelib.models.changes import Overtaken, changes
from chalicelib.models.members import Member


def a_member(name):
    return Member.arriving(f"mem_{name}", name=name, language="fr", time_zone="Europe/Paris", at=clock.now())


def test_a_transaction_that_fails_undoes_what_it_had_written_changed_and_deleted(stored):
    awa, bob, cleo = (a_member(name) for name in ("awa", "bob", "cleo"))
    for member in (awa, bob):
        member.save()
    before = stored()

    with pytest.raises(Overtaken), changes() as change:
        change.delete(awa)
        change.create(cleo)
        change.edit(bob, name="Robert")
        change.check(Member.key("mem_nobody"), Member.pk.exists())

    assert stored() == before


def test_a_transaction_that_succeeds_is_written(stored):
    before = stored()
    with changes() as change:
        change.create(a_member("awa"))
    assert stored() != before
