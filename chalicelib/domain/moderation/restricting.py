"""Restricting and giving back. Each restriction writes its statement of reasons in the same transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events, messages, salons
from chalicelib.domain.messages.states import must_stand
from chalicelib.domain.moderation.statements import find, lift_statement, must_be_impartial, stating
from chalicelib.models.changes import Overtaken, changes, retry_if_overtaken
from chalicelib.models.messages import MessagePlace
from chalicelib.models.salons import Salon

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes
    from chalicelib.models.messages import Message
    from chalicelib.models.moderation import Statement

DECISION_TERM = timedelta(days=92)
"""How long hidden words stay sealed beyond the last day on which their author may appeal."""


@retry_if_overtaken
def freeze(caller: Caller, organization_id: str, salon_id: str, *, rule: str, facts: str) -> Statement:
    """Hold an open salon still; a frozen one keeps the statement that it has.

    Raises SalonNotFound, SalonStateRefused, PartyToTheMatter.
    """
    here = salons.enter(caller, organization_id, salon_id)
    salon = here.salon
    if salon.state == "frozen":
        return find(salon.organization_id, salon.restriction["statement_id"])
    if salon.state != "open":
        raise salons.SalonStateRefused(before=salon.state, after="frozen")
    must_be_impartial(caller, salon.homes() - {organization_id}, here.membership)
    statement = stating(
        caller,
        salon.organization_id,
        object_kind="salon",
        object_id=salon_id,
        salon_id=salon_id,
        rule=rule,
        facts=facts,
    )
    with changes() as change:
        change.create(statement)
        change.edit(salon, state="frozen", restriction=_reference(statement))
        change.announce(events.SalonFrozen(**_told(caller, statement), rule=rule))
    return statement


@retry_if_overtaken
def unfreeze(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Give a frozen salon back. Repeating changes nothing. Raises SalonNotFound."""
    salon = salons.enter(caller, organization_id, salon_id).salon
    if salon.state != "frozen":
        return
    with changes() as change:
        lift_statement(change, salon.organization_id, salon.restriction["statement_id"])
        give_salon_back(change, caller, salon)


@retry_if_overtaken
def hide(
    caller: Caller, organization_id: str, salon_id: str, message_id: str, *, rule: str, facts: str
) -> Statement:
    """Hide a message from its readers; a hidden one keeps the statement that it has.

    Its words stay sealed until an appeal can have been decided, whatever the salon's retention. Raises
    SalonNotFound, MessageNotFound, MessageWithdrawn, PartyToTheMatter.
    """
    here, message = messages.locate(caller, organization_id, salon_id, message_id)
    if message.state == "hidden":
        return find(message.organization_id, message.restriction["statement_id"])
    must_stand(message)
    others = (here.salon.homes() | {message.organization_id}) - {organization_id}
    must_be_impartial(caller, others, here.membership)
    statement = stating(
        caller,
        message.organization_id,
        object_kind="message",
        object_id=message_id,
        salon_id=salon_id,
        seq=message.seq,
        author_id=message.author_id,
        rule=rule,
        facts=facts,
    )
    with changes() as change:
        change.create(statement)
        _seal(change, message, statement)
        change.update(here.salon, Salon.hiding(int(message.seq)), versioned=False)
        change.announce(events.MessageHidden(**_told(caller, statement, message), rule=rule))
    return statement


@retry_if_overtaken
def restore(caller: Caller, organization_id: str, salon_id: str, message_id: str) -> None:
    """Show a hidden message again. Repeating changes nothing. Raises SalonNotFound, MessageNotFound."""
    _, message = messages.locate(caller, organization_id, salon_id, message_id)
    if message.state != "hidden":
        return
    with changes() as change:
        lift_statement(change, message.organization_id, message.restriction["statement_id"])
        give_message_back(change, caller, message)


def give_salon_back(change: Changes, caller: Caller, salon: Salon) -> None:
    """Open a frozen salon, in the change that decides it; raises Overtaken when it is not frozen any more."""
    if salon.restriction is None:
        raise Overtaken
    told = {
        "organization_id": salon.organization_id,
        "actor_id": caller.member_id,
        "salon_id": salon.id,
        "statement_id": salon.restriction["statement_id"],
    }
    change.edit(salon, state="open", restriction=None)
    change.announce(events.SalonUnfrozen(**told))


def give_message_back(change: Changes, caller: Caller, message: Message) -> None:
    """Show a hidden message as it was, in the change that decides it; raises Overtaken when it is shown."""
    restriction = message.restriction
    if restriction is None:
        raise Overtaken
    told = {
        "organization_id": message.organization_id,
        "actor_id": caller.member_id,
        "salon_id": message.salon_id,
        "message_id": message.id,
        "author_id": message.author_id,
        "statement_id": restriction["statement_id"],
    }
    change.edit(message, state=restriction["before"], expires_at=restriction["expires_at"], restriction=None)
    change.update(MessagePlace.unread(message), *MessagePlace.following(message), versioned=False)
    change.update(Salon.unread(message.salon_id), Salon.showing(int(message.seq)), versioned=False)
    change.announce(events.MessageRestored(**told))


def _seal(change: Changes, message: Message, statement: Statement) -> None:
    before = {"before": message.state, "expires_at": message.expires_at}
    sealed_until = message.expires_at
    if sealed_until is not None:
        sealed_until = max(sealed_until, int((statement.appeal_until + DECISION_TERM).timestamp()))
    change.edit(
        message, state="hidden", expires_at=sealed_until, restriction={**_reference(statement), **before}
    )
    change.update(MessagePlace.unread(message), *MessagePlace.following(message), versioned=False)


def _reference(statement: Statement) -> dict[str, Any]:
    return {"rule": statement.rule, "statement_id": statement.id}


def _told(caller: Caller, statement: Statement, message: Message | None = None) -> dict[str, Any]:
    told = {
        "organization_id": statement.organization_id,
        "actor_id": caller.member_id,
        "salon_id": statement.salon_id,
        "statement_id": statement.id,
    }
    if message is not None:
        told |= {"message_id": message.id, "author_id": message.author_id}
    return told
