from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, members
from chalicelib.domain.roles import HOSTS
from chalicelib.gateways import clock, ids
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.moderation import Statement
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes

MODERATION = "moderation"
"""The scope that an operator grants to those who moderate the platform."""

APPEAL_TERM = timedelta(days=184)
"""Never less than six months, whichever months they are."""


class StatementNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such statement of reasons, or it is not addressed to you.",
        "fr": "Cet exposé des motifs n’existe pas, ou ne vous est pas adressé.",
    }


class PartyToTheMatter(errors.Forbidden):
    reason: ClassVar = {
        "en": "Whoever looks after an organization, or is concerned, does not moderate there: someone else "
        "does.",
        "fr": "Qui s’occupe d’une organisation, ou est en cause, n’y modère pas : quelqu’un d’autre s’en "
        "charge.",
    }


def must_be_impartial(caller: Caller, homes: set[str], here: Membership | None) -> None:
    """Raise PartyToTheMatter when the caller has a role in one of these organizations.

    `here` is their membership in the one they came through; the others, of a shared salon, take one read.
    """
    others = homes - {here.organization_id} if here else homes
    elsewhere = load(*(Membership.key(home, caller.member_id) for home in sorted(others))) if others else ()
    if any(membership is not None and membership.role != "none" for membership in (here, *elsewhere)):
        raise PartyToTheMatter


def stating(caller: Caller, organization_id: str, **values: Any) -> Statement:
    """A statement of reasons for a decision that the caller takes now, not saved yet."""
    now = clock.now()
    return Statement.deciding(
        organization_id,
        ids.new("sta"),
        decided_by=caller.member_id,
        at=now,
        appeal_until=now + APPEAL_TERM,
        **values,
    )


def find(organization_id: str, statement_id: str) -> Statement:
    """One statement, whoever asks. Raises StatementNotFound."""
    (statement,) = load(Statement.key(organization_id, statement_id))
    if statement is None:
        raise StatementNotFound
    return statement


def judged(caller: Caller, organization_id: str, statement_id: str) -> tuple[Statement, Membership | None]:
    """A statement, and the membership of whoever is to judge it. Raises StatementNotFound."""
    statement, membership = load(
        Statement.key(organization_id, statement_id), Membership.key(organization_id, caller.member_id)
    )
    if statement is None:
        raise StatementNotFound
    return statement, membership


def read(caller: Caller, organization_id: str, statement_id: str) -> Statement:
    """A statement, for whom or whose words it restricts, platform moderation, and the organization's hosts.

    Hosts do not read why someone is suspended, nor of pictures, which are for those who came. Raises
    StatementNotFound.
    """
    return received(caller, organization_id, statement_id)[0]


def received(caller: Caller, organization_id: str, statement_id: str) -> tuple[Statement, Membership | None]:
    """A statement and the membership of its reader. Raises StatementNotFound."""
    statement, member, membership = load(
        Statement.key(organization_id, statement_id),
        Member.key(caller.member_id),
        Membership.key(organization_id, caller.member_id),
    )
    members.known(caller, member)
    if statement is None or not (
        caller.has(MODERATION)
        or statement.author_id == caller.member_id
        or (statement.object_kind in ("salon", "message") and is_host(membership))
    ):
        raise StatementNotFound
    return statement, membership


def lift_statement(change: Changes, organization_id: str, statement_id: str) -> None:
    """Note, in the change that gives back, that no appeal decided it."""
    change.update(
        Statement.unread(organization_id, statement_id),
        *Statement.lifting(at=clock.now()),
        condition=Statement.is_in_force(),
        versioned=False,
    )


def is_host(membership: Membership | None) -> bool:
    """Whether this membership looks after the organization's salons."""
    return membership is not None and membership.role in HOSTS
