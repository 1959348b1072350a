from __future__ import annotations

from chalicelib.api.endpoints import Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.moderation import (
    Appeal,
    Decide,
    Restrict,
    StatementView,
    Suspend,
    SuspensionView,
)
from chalicelib.domain import errors, meetups, memberships, messages, moderation, salons
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import album
from chalicelib.handlers.http.pictures import PICTURE
from chalicelib.pages import Page

api = Api(__name__, tag="Moderation")

FREEZE = "/organizations/{organization_id}/salons/{salon_id}/freeze"
HIDING = "/organizations/{organization_id}/salons/{salon_id}/messages/{message_id}/hiding"
PICTURE_HIDING = PICTURE + "/hiding"
SUSPENSIONS = "/organizations/{organization_id}/members/{member_id}/suspensions"
STATEMENT = "/organizations/{organization_id}/statements/{statement_id}"


@api.endpoint(
    "PUT",
    FREEZE,
    access="moderation",
    refusals=[salons.SalonNotFound, salons.SalonStateRefused, moderation.PartyToTheMatter, errors.Busy],
)
def freeze_salon(caller: Caller, organization_id: str, salon_id: str, body: Restrict) -> StatementView:
    """Hold an open salon still, with a statement of reasons. A frozen one keeps the statement it has.

    For platform moderation: no organization can.
    """
    return moderation.freeze(caller, organization_id, salon_id, rule=body.rule, facts=body.facts)


@api.endpoint("DELETE", FREEZE, access="moderation", refusals=[salons.SalonNotFound, errors.Busy])
def unfreeze_salon(caller: Caller, organization_id: str, salon_id: str) -> None:
    """Open a frozen salon again. Repeating changes nothing. For platform moderation."""
    moderation.unfreeze(caller, organization_id, salon_id)


@api.endpoint(
    "PUT",
    HIDING,
    access="moderation",
    refusals=[
        moderation.PartyToTheMatter,
        salons.SalonNotFound,
        messages.MessageNotFound,
        messages.MessageWithdrawn,
        errors.Busy,
    ],
)
def hide_message(
    caller: Caller, organization_id: str, salon_id: str, message_id: str, body: Restrict
) -> StatementView:
    """Hide a message, with a statement of reasons. A hidden one keeps the statement it has.

    Its place stays and tells the rule; its author still sees their words. For platform moderation: no
    organization can.
    """
    return moderation.hide(caller, organization_id, salon_id, message_id, rule=body.rule, facts=body.facts)


@api.endpoint(
    "DELETE",
    HIDING,
    access="moderation",
    refusals=[salons.SalonNotFound, messages.MessageNotFound, errors.Busy],
)
def restore_message(caller: Caller, organization_id: str, salon_id: str, message_id: str) -> None:
    """Show a hidden message again. Repeating changes nothing. For platform moderation."""
    moderation.restore(caller, organization_id, salon_id, message_id)


@api.endpoint(
    "PUT",
    PICTURE_HIDING,
    access="moderation",
    refusals=[
        moderation.PartyToTheMatter,
        meetups.MeetupNotFound,
        album.PictureNotFound,
        errors.Busy,
    ],
)
def hide_picture(
    caller: Caller, organization_id: str, meetup_id: str, picture_id: str, body: Restrict
) -> StatementView:
    """Hide a picture of a meetup, with a statement of reasons. A hidden one keeps the statement it has.

    Its place stays and tells the rule; its sender still sees it. For platform moderation: no host can.
    """
    return moderation.hide_picture(
        caller, organization_id, meetup_id, picture_id, rule=body.rule, facts=body.facts
    )


@api.endpoint(
    "DELETE",
    PICTURE_HIDING,
    access="moderation",
    refusals=[meetups.MeetupNotFound, album.PictureNotFound, errors.Busy],
)
def restore_picture(caller: Caller, organization_id: str, meetup_id: str, picture_id: str) -> None:
    """Show a hidden picture again. Repeating changes nothing. For platform moderation."""
    moderation.restore_picture(caller, organization_id, meetup_id, picture_id)


@api.endpoint(
    "POST",
    SUSPENSIONS,
    access="moderation",
    status=201,
    refusals=[
        memberships.MemberNotFound,
        moderation.PartyToTheMatter,
        moderation.AlreadySuspended,
        moderation.SuspensionEndsTooLate,
        errors.Busy,
    ],
)
def suspend_member(caller: Caller, organization_id: str, member_id: str, body: Suspend) -> SuspensionView:
    """Suspend someone in an organization until a moment, with a statement of reasons that is mailed to them.

    Until then they speak to nobody there, and what they had in hand returns to the queue. They still read,
    leave and appeal; their profile, role and merit stay theirs. It ends by itself. For platform moderation:
    no organization can.
    """
    return moderation.suspend(caller, organization_id, member_id, **body.model_dump())


@api.endpoint(
    "GET",
    SUSPENSIONS,
    order="newest_first@1",
    refusals=[moderation.SuspensionNotFound],
)
def list_suspensions(
    caller: Caller, organization_id: str, member_id: str, page: Page
) -> Listing[SuspensionView]:
    """List someone's suspensions in an organization, newest first: your own, or for platform moderation."""
    return moderation.suspensions_of(caller, organization_id, member_id, page)


@api.endpoint(
    "DELETE",
    SUSPENSIONS + "/{suspension_id}",
    access="moderation",
    refusals=[moderation.SuspensionNotFound, moderation.PartyToTheMatter, errors.Busy],
)
def lift_suspension(caller: Caller, organization_id: str, member_id: str, suspension_id: str) -> None:
    """End a suspension early. One that has ended stays as it is. For platform moderation."""
    moderation.lift(caller, organization_id, member_id, suspension_id)


@api.endpoint("GET", STATEMENT, refusals=[moderation.StatementNotFound])
def read_statement(caller: Caller, organization_id: str, statement_id: str) -> StatementView:
    """Read a statement of reasons.

    For whom, or whose words, it restricts, and for platform moderation; the organization's hosts read those
    about salons and messages.
    """
    return moderation.read(caller, organization_id, statement_id)


@api.endpoint(
    "POST",
    STATEMENT + "/appeal",
    receipts=False,
    refusals=[
        moderation.StatementNotFound,
        moderation.NotYoursToAppeal,
        moderation.AlreadyAppealed,
        moderation.AppealTooLate,
        moderation.RestrictionLifted,
        errors.Busy,
    ],
)
def appeal_statement(caller: Caller, organization_id: str, statement_id: str, body: Appeal) -> StatementView:
    """Ask for another person's decision, within six months, once. The same words again change nothing."""
    return moderation.appeal(caller, organization_id, statement_id, text=body.text)


@api.endpoint(
    "POST",
    STATEMENT + "/decision",
    access="moderation",
    receipts=False,
    refusals=[
        moderation.StatementNotFound,
        moderation.NoAppealWaiting,
        moderation.SamePersonDecides,
        moderation.PartyToTheMatter,
        errors.Busy,
    ],
)
def decide_appeal(caller: Caller, organization_id: str, statement_id: str, body: Decide) -> StatementView:
    """Decide on an appeal; overturning gives back at once what was restricted.

    For platform moderation, and for another person than the one who decided first. The same decision again
    changes nothing.
    """
    return moderation.decide(caller, organization_id, statement_id, outcome=body.outcome, text=body.text)
