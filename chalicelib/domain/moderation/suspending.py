"""The one sanction of a person: for a time, they speak to nobody in one organization."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.memberships import MemberNotFound
from chalicelib.domain.moderation.statements import (
    MODERATION,
    PartyToTheMatter,
    lift_statement,
    must_be_impartial,
    stating,
)
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.helping import HelperCard
from chalicelib.models.memberships import Membership
from chalicelib.models.suspensions import LatelySuspended, RunningSuspension, Suspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes
    from chalicelib.models.moderation import Statement
    from chalicelib.pages import Page, Slice

LONGEST = timedelta(days=366)
"""Never more than a year, whichever year it is."""


class SuspensionNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such suspension, or it is not for you to read.",
        "fr": "Cette suspension n’existe pas, ou il ne vous appartient pas de la lire.",
    }


class AlreadySuspended(errors.Conflict):
    """Suspensions do not add up: to decide otherwise, lift `suspension_id` first, and say why anew."""

    reason: ClassVar = {
        "en": "This person is suspended here already, until {until}.",
        "fr": "Cette personne est déjà suspendue ici, jusqu’au {until}.",
    }
    example: ClassVar = {
        "until": "2026-11-27T08:00:00+00:00",
        "suspension_id": "sus_01M7W3D2N8P6S4X0C5V7B9KQMJ",
    }


class SuspensionEndsTooLate(errors.Invalid):
    reason: ClassVar = {
        "en": "A suspension ends by itself: in the future, and within a year.",
        "fr": "Une suspension prend fin d’elle-même : dans le futur, et en moins d’un an.",
    }
    example: ClassVar = {"pointer": "/until"}


@retry_if_overtaken
def suspend(
    caller: Caller, organization_id: str, member_id: str, *, rule: str, facts: str, until: datetime
) -> Suspension:
    """Suspend someone who follows an organization, there only, with a statement of reasons.

    Their role stays theirs, and the organization its owners: what a role decides is not what they say.
    Raises MemberNotFound, PartyToTheMatter, AlreadySuspended, SuspensionEndsTooLate.
    """
    mine, theirs, running = load(
        Membership.key(organization_id, caller.member_id),
        Membership.key(organization_id, member_id),
        RunningSuspension.key(organization_id, member_id),
    )
    if theirs is None:
        raise MemberNotFound
    _must_judge(caller, member_id, mine)
    now = clock.now()
    if not now < until <= now + LONGEST:
        raise SuspensionEndsTooLate(pointer="/until")
    if running is not None and running.runs_at(now):
        ends = running.until.isoformat(timespec="seconds")
        raise AlreadySuspended(until=ends, suspension_id=running.suspension_id)
    suspension_id = ids.new("sus")
    statement = stating(
        caller, organization_id, object_kind="suspension", object_id=suspension_id, author_id=member_id,
        rule=rule, facts=facts, until=until,
    )  # fmt: skip
    suspension = Suspension.beginning(
        organization_id, member_id, suspension_id, at=now, until=until, rule=rule, statement_id=statement.id
    )
    _write(suspension, statement)
    return suspension


def _write(suspension: Suspension, statement: Statement) -> None:
    organization_id, member_id, now = suspension.organization_id, suspension.member_id, suspension.at
    card, lately = HelperCard.of(organization_id, member_id), LatelySuspended.of(suspension)
    with changes() as change:
        change.create(suspension)
        change.create(statement)
        change.save(RunningSuspension.of(suspension), condition=RunningSuspension.is_over(now))
        change.update(lately, *lately.telling(suspension))
        change.update(card, *card.suspending(suspension.until), versioned=False)
        change.announce(
            events.MemberSuspended(
                organization_id=organization_id, actor_id=statement.decided_by, at=now,
                suspension_id=suspension.id, member_id=member_id, statement_id=statement.id,
                rule=suspension.rule, until=suspension.until,
            )
        )  # fmt: skip


@retry_if_overtaken
def lift(caller: Caller, organization_id: str, member_id: str, suspension_id: str) -> None:
    """End a suspension early; one that has ended stays as it is.

    Raises SuspensionNotFound, PartyToTheMatter.
    """
    suspension, mine = load(
        Suspension.key(organization_id, member_id, suspension_id),
        Membership.key(organization_id, caller.member_id),
    )
    if suspension is None:
        raise SuspensionNotFound
    _must_judge(caller, member_id, mine)
    if suspension.state != "running":
        return
    with changes() as change:
        lift_statement(change, organization_id, suspension.statement_id)
        end_suspension(change, caller, suspension)


def end_suspension(change: Changes, caller: Caller, suspension: Suspension) -> None:
    """Give someone their voice back, in the change that decides it; raises Overtaken when they have it."""
    organization_id, member_id = suspension.organization_id, suspension.member_id
    card, lately = HelperCard.of(organization_id, member_id), LatelySuspended.of(suspension)
    change.delete(RunningSuspension.of(suspension), condition=RunningSuspension.is_of(suspension))
    change.edit(suspension, ended_at=clock.now())
    change.update(lately, *lately.forgetting(suspension))
    change.update(card, *card.suspending(None), versioned=False)
    change.announce(
        events.SuspensionLifted(
            organization_id=organization_id,
            actor_id=caller.member_id,
            suspension_id=suspension.id,
            member_id=member_id,
            statement_id=suspension.statement_id,
        )
    )


def suspensions_of(caller: Caller, organization_id: str, member_id: str, page: Page) -> Slice[Suspension]:
    """Someone's suspensions in an organization, newest first: for themselves and for platform moderation.

    Raises SuspensionNotFound.
    """
    if caller.member_id != member_id and not caller.has(MODERATION):
        raise SuspensionNotFound
    return Suspension.of_member(organization_id, member_id, page)


def _must_judge(caller: Caller, member_id: str, mine: Membership | None) -> None:
    if caller.member_id == member_id:
        raise PartyToTheMatter
    must_be_impartial(caller, set(), mine)
