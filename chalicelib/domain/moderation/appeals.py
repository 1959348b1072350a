from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.moderation.pictures import give_picture_back
from chalicelib.domain.moderation.restricting import give_message_back, give_salon_back
from chalicelib.domain.moderation.statements import (
    PartyToTheMatter,
    is_host,
    judged,
    must_be_impartial,
    received,
)
from chalicelib.domain.moderation.suspending import end_suspension
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.messages import Message
from chalicelib.models.pictures import Picture
from chalicelib.models.salons import Salon
from chalicelib.models.suspensions import Suspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes
    from chalicelib.models.memberships import Membership
    from chalicelib.models.moderation import Statement


class NotYoursToAppeal(errors.Forbidden):
    reason: ClassVar = {
        "en": "Whoever is restricted appeals: a message's author, a picture's sender, whoever is suspended, "
        "a salon's hosts.",
        "fr": "L’appel revient à qui est en cause : l’auteur d’un message ou d’une photo, la personne "
        "suspendue, ceux qui s’occupent d’un salon.",
    }


class AlreadyAppealed(errors.Conflict):
    reason: ClassVar = {
        "en": "This decision was appealed already: once.",
        "fr": "Cette décision a déjà fait l’objet d’un appel : il n’y en a qu’un.",
    }


class AppealTooLate(errors.Conflict):
    reason: ClassVar = {
        "en": "This decision could be appealed until {appeal_until}.",
        "fr": "Cette décision pouvait faire l’objet d’un appel jusqu’au {appeal_until}.",
    }
    example: ClassVar = {"appeal_until": "2027-05-23T08:00:00+00:00"}


class RestrictionLifted(errors.Conflict):
    reason: ClassVar = {
        "en": "Moderation has given back what this was about: there is nothing left to appeal.",
        "fr": "La modération a rendu ce dont il s’agissait : il ne reste rien à contester.",
    }


class NoAppealWaiting(errors.Conflict):
    reason: ClassVar = {
        "en": "No appeal is waiting for a decision here: this statement is {state}.",
        "fr": "Aucun appel n’attend de décision ici : cet exposé est dans l’état {state}.",
    }
    example: ClassVar = {"state": "upheld"}


class SamePersonDecides(errors.Forbidden):
    reason: ClassVar = {
        "en": "Whoever took a decision does not decide on its appeal: another person does.",
        "fr": "La personne qui a pris une décision ne juge pas son appel : une autre s’en charge.",
    }


@retry_if_overtaken
def appeal(caller: Caller, organization_id: str, statement_id: str, *, text: str) -> Statement:
    """Ask for another person's decision, once. The same words again change nothing.

    Raises StatementNotFound, NotYoursToAppeal, AlreadyAppealed, AppealTooLate, RestrictionLifted.
    """
    statement, membership = received(caller, organization_id, statement_id)
    _must_concern(statement, caller, membership)
    if (statement.appealed_by, statement.appeal) == (caller.member_id, text):
        return statement
    now = clock.now()
    if statement.state == "lifted":
        raise RestrictionLifted
    if statement.state != "decided":
        raise AlreadyAppealed
    if now > statement.appeal_until:
        raise AppealTooLate(appeal_until=statement.appeal_until.isoformat(timespec="seconds"))
    with changes() as change:
        change.edit(statement, state="appealed", appeal=text, appealed_by=caller.member_id, appealed_at=now)
        change.announce(
            events.StatementAppealed(
                organization_id=organization_id,
                actor_id=caller.member_id,
                statement_id=statement_id,
                object_kind=statement.object_kind,
                object_id=statement.object_id,
            )
        )
    return statement


@retry_if_overtaken
def decide(caller: Caller, organization_id: str, statement_id: str, *, outcome: str, text: str) -> Statement:
    """Decide on an appeal: upheld, or overturned, which gives back at once what was restricted.

    The same decision again changes nothing. Raises StatementNotFound, NoAppealWaiting, SamePersonDecides,
    PartyToTheMatter.
    """
    statement, here = judged(caller, organization_id, statement_id)
    if (statement.state, statement.reviewed_by, statement.review) == (outcome, caller.member_id, text):
        return statement
    if statement.state != "appealed":
        raise NoAppealWaiting(state=statement.state)
    if caller.member_id == statement.decided_by:
        raise SamePersonDecides
    if caller.member_id in (statement.appealed_by, statement.author_id):
        raise PartyToTheMatter
    must_be_impartial(caller, set(), here)
    with changes() as change:
        change.edit(
            statement, state=outcome, review=text, reviewed_by=caller.member_id, reviewed_at=clock.now()
        )
        if outcome == "overturned":
            _give_back(change, caller, statement)
        change.announce(_decided(caller, statement, outcome))
    return statement


def _must_concern(statement: Statement, caller: Caller, membership: Membership | None) -> None:
    if statement.object_kind != "salon":
        concerned = statement.author_id == caller.member_id
    else:
        concerned = is_host(membership)
    if not concerned:
        raise NotYoursToAppeal


def _give_back(change: Changes, caller: Caller, statement: Statement) -> None:
    """What was restricted, in the change that overturns it; nothing when retention swept it away."""
    if statement.object_kind == "salon":
        (salon,) = load(Salon.key(str(statement.salon_id)))
        if salon is not None:
            give_salon_back(change, caller, salon)
        return
    if statement.object_kind == "suspension":
        _give_voice_back(change, caller, statement)
        return
    if statement.object_kind == "picture":
        _give_picture_back(change, caller, statement)
        return
    message = Message.at_seq(str(statement.salon_id), int(statement.seq or 0))
    if message is not None:
        give_message_back(change, caller, message)


def _give_picture_back(change: Changes, caller: Caller, statement: Statement) -> None:
    """Show it again; one that its sender has taken away meanwhile stays away."""
    (picture,) = load(Picture.key(str(statement.meetup_id), statement.object_id))
    if picture is not None and picture.state == "hidden":
        give_picture_back(change, caller, picture)


def _give_voice_back(change: Changes, caller: Caller, statement: Statement) -> None:
    """End a suspension that runs; one that is over keeps its end, and the record that it was wrong."""
    who, where = str(statement.author_id), statement.organization_id
    (suspension,) = load(Suspension.key(where, who, statement.object_id))
    if suspension is not None and suspension.state == "running":
        end_suspension(change, caller, suspension)


def _decided(caller: Caller, statement: Statement, outcome: str) -> events.AppealDecided:
    return events.AppealDecided(
        organization_id=statement.organization_id,
        actor_id=caller.member_id,
        statement_id=statement.id,
        object_kind=statement.object_kind,
        object_id=statement.object_id,
        appealed_by=str(statement.appealed_by),
        outcome=outcome,
    )
