"""Hiding pictures of meetups, and showing them again: with a statement of reasons, as messages are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.album import PictureNotFound
from chalicelib.domain.moderation.statements import (
    PartyToTheMatter,
    find,
    lift_statement,
    must_be_impartial,
    stating,
)
from chalicelib.models.changes import Overtaken, changes, retry_if_overtaken
from chalicelib.models.pictures import LISTED, Picture, PicturePlace

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.standpoints import Standpoint
    from chalicelib.models.changes import Changes
    from chalicelib.models.moderation import Statement


@retry_if_overtaken
def hide_picture(
    caller: Caller, organization_id: str, meetup_id: str, picture_id: str, *, rule: str, facts: str
) -> Statement:
    """Hide a picture from everyone but its sender; a hidden one keeps the statement that it has.

    Its file stays where it is, for an appeal may show it again. Raises MeetupNotFound, PictureNotFound,
    PartyToTheMatter.
    """
    stands, picture = _placed(caller, organization_id, meetup_id, picture_id)
    if picture.state == "hidden":
        return find(organization_id, picture.restriction["statement_id"])
    if caller.member_id in (picture.member_id, *stands.meetup.hosts()):
        raise PartyToTheMatter
    must_be_impartial(caller, set(), stands.membership)
    statement = stating(
        caller, organization_id, object_kind="picture", object_id=picture_id, meetup_id=meetup_id,
        author_id=picture.member_id, rule=rule, facts=facts,
    )  # fmt: skip
    restriction = {"rule": rule, "statement_id": statement.id}
    with changes() as change:
        change.create(statement)
        _bring_to(change, picture, "hidden", restriction)
        change.announce(events.PictureHidden(**_told(caller, picture, statement.id), rule=rule))
    return statement


@retry_if_overtaken
def restore_picture(caller: Caller, organization_id: str, meetup_id: str, picture_id: str) -> None:
    """Show a hidden picture again. Repeating changes nothing. Raises MeetupNotFound, PictureNotFound."""
    _, picture = _placed(caller, organization_id, meetup_id, picture_id)
    if picture.state != "hidden":
        return
    with changes() as change:
        lift_statement(change, organization_id, picture.restriction["statement_id"])
        give_picture_back(change, caller, picture)


def give_picture_back(change: Changes, caller: Caller, picture: Picture) -> None:
    """Show a hidden picture as it was, in the change that decides it; raises Overtaken when it is shown."""
    if picture.restriction is None:
        raise Overtaken
    told = _told(caller, picture, picture.restriction["statement_id"])
    _bring_to(change, picture, "shown", None)
    change.announce(events.PictureRestored(**told))


def _placed(
    caller: Caller, organization_id: str, meetup_id: str, picture_id: str
) -> tuple[Standpoint, Picture]:
    """A picture that people read, or would if it were not hidden; moderation need not have come."""
    stands = standpoints.look(
        caller.member_id, organization_id, meetup_id, Picture.key(meetup_id, picture_id)
    )
    (picture,) = stands.also
    if picture is None or picture.state not in LISTED:
        raise PictureNotFound
    return stands, picture


def _bring_to(change: Changes, picture: Picture, state: str, restriction: dict[str, Any] | None) -> None:
    change.edit(picture, state=state, restriction=restriction)
    change.save(PicturePlace.of(picture))


def _told(caller: Caller, picture: Picture, statement_id: str) -> dict[str, Any]:
    return {
        "organization_id": picture.organization_id, "actor_id": caller.member_id,
        "meetup_id": picture.meetup_id, "picture_id": picture.id, "member_id": picture.member_id,
        "statement_id": statement_id,
    }  # fmt: skip
