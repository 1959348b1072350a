"""The merit ledger: what was attested, written down once, however often and in whatever order it is told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.recognition import rules
from chalicelib.gateways import ids
from chalicelib.models.changes import AlreadySeen, changes, retry_if_overtaken
from chalicelib.models.ledger import Account, LedgerEntry, PairWindow
from chalicelib.models.markers import Unique
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.domain.recognition.hosting import Hosting
    from chalicelib.domain.recognition.rules import Rule
    from chalicelib.models.changes import Changes


def earn(event: events.ThanksGiven) -> None:
    """Write what thanks earn their beneficiary, once; thanks known to be withdrawn earn nothing."""
    rule = rules.in_force(event.at)
    attest(event, rule, _earned_id(rule, event, event.at), giver=_giver(event), reason="thanked")


@retry_if_overtaken
def attest(about: events.ThanksGiven | Hosting, rule: Rule, *entry_ids: str, giver: str, reason: str) -> None:
    """Write what an attestation earns its beneficiary, under ids that are always the same: once.

    `giver` is with whose word it counts; `reason` is why it earns, unless something forbids it. A second id
    is for what several may attest: it earns under that one where the first is a line of nothing.
    """
    *written, window = load(
        *(LedgerEntry.key(about.beneficiary_id, entry_id) for entry_id in entry_ids),
        PairWindow.key(giver, about.beneficiary_id),
    )
    known = [line for line in written if line is not None]
    if len(known) == len(entry_ids) or any(line.amount for line in known):
        return
    window = window or PairWindow.opening(giver, about.beneficiary_id)
    hindrance = _hindrance(rule, about, window)
    if hindrance and known:  # that it earns nothing is said already
        return
    entry_id, amount = entry_ids[len(known)], 0 if hindrance else rule.merit
    with _once(about) as change:
        _write(change, about, rule, entry_id, movement="earn", amount=amount, reason=hindrance or reason)
        if amount:
            window.take_in(entry_id, about.at)
            latest = max(window.moments())
            window.forget_before(latest - 2 * rule.period, until=latest + 2 * rule.period)
            change.save(window)
            change.announce(_told(events.MeritEarned, about, rule, entry_id, amount))


def _giver(event: events.ThanksGiven) -> str:
    """Whose thanks count together: guests of whom nothing is proven are one, however many names they take."""
    return event.actor_id if event.giver_is_verified else f"{event.organization_id}#unverified"


def _hindrance(rule: Rule, about: events.ThanksGiven | Hosting, window: PairWindow) -> str | None:
    """Why it earns nothing, None when it does."""
    if about.beneficiary_id == about.actor_id:
        return "self_attested"
    if about.beneficiary_voice == "staff":
        return "staff_earn_none"
    if rule.is_full_with(about.at, window.moments()):
        return "pair_limit"
    return None


@retry_if_overtaken
def reverse(event: events.ThanksWithdrawn) -> None:
    """Take back, once, what thanks earned: as much as they did earn, whatever the rule says by now.

    Told before the thanks themselves, it takes their line, so that they earn nothing when they are told.
    """
    rule = rules.in_force(event.given_at)
    earned_id = _earned_id(rule, event, event.given_at)
    earned, reversal, window = load(
        LedgerEntry.key(event.beneficiary_id, earned_id),
        Unique.key("reversal", earned_id),
        PairWindow.key(event.actor_id, event.beneficiary_id),
    )
    if earned is None:
        with _once(event) as change:
            nothing = {"movement": "earn", "amount": 0, "reason": "withdrawn_first"}
            _write(change, event, rule, earned_id, at=event.given_at, **nothing)
        return
    if reversal is not None or earned.reason == "withdrawn_first":
        return
    entry_id = ids.derived_at("ent", event.at, "reverse", earned_id)
    with _once(event) as change:
        _write(change, event, rule, entry_id, movement="reverse", amount=-earned.amount, reason="withdrawn")
        change.create(Unique.of("reversal", earned_id, entry_id))
        if window is not None and earned_id in window.earned:
            window.let_go(earned_id)
            change.save(window)
        if earned.amount:
            change.announce(_told(events.MeritReversed, event, rule, entry_id, int(earned.amount)))


def _earned_id(rule: Rule, event: events.ThanksGiven | events.ThanksWithdrawn, given_at: datetime) -> str:
    about = (event.object_kind, event.object_id, event.beneficiary_id, event.actor_id, str(event.round))
    return ids.derived_at("ent", given_at, rule.name, *about)


@contextmanager
def _once(event: events.Event | Hosting) -> Iterator[Changes]:
    try:
        with changes() as change:
            change.once("rewards", event.id)
            yield change
    except AlreadySeen:
        return  # another delivery of the same event was first: what it wrote is what this one would


def _write(
    change: Changes,
    event: events.ThanksGiven | events.ThanksWithdrawn | Hosting,
    rule: Rule,
    entry_id: str,
    **movement: Any,
) -> None:
    """Write a line, and move the balance with it."""
    change.create(
        LedgerEntry.writing(
            event.beneficiary_id,
            entry_id,
            rule=rule.name,
            organization_id=event.organization_id,
            object_kind=event.object_kind,
            object_id=event.object_id,
            thanks_id=event.thanks_id,
            actor_id=event.actor_id,
            **{"at": event.at, **movement},
        )
    )
    if movement["amount"]:
        change.update(Account.of(event.beneficiary_id), *Account.balance_by(movement["amount"]))


def _told(
    kind: type[events.MeritEarned | events.MeritReversed],
    event: events.ThanksGiven | events.ThanksWithdrawn | Hosting,
    rule: Rule,
    entry_id: str,
    amount: int,
) -> events.Event:
    return kind(
        organization_id=event.organization_id,
        actor_id=event.actor_id,
        entry_id=entry_id,
        member_id=event.beneficiary_id,
        amount=amount,
        rule=rule.name,
    )
