from __future__ import annotations

from typing import Any

from chalicelib.api.endpoints import Api
from chalicelib.contracts.base import Listing
from chalicelib.contracts.pictures import PictureView, SendPicture
from chalicelib.domain import errors, meetups, salons, standing
from chalicelib.domain.callers import Caller
from chalicelib.domain.meetups import album, pictures
from chalicelib.handlers.http.meetups import MEETUP
from chalicelib.pages import Page

api = Api(__name__, tag="Meetups")

PICTURES = MEETUP + "/pictures"
PICTURE = PICTURES + "/{picture_id}"

SENDING = (
    meetups.MeetupNotFound,
    meetups.NotComing,
    salons.FollowFirst,
    standing.Suspended,
    meetups.MeetupStateRefused,
    pictures.PicturesClosed,
    pictures.TooManyPictures,
    pictures.AlbumFull,
)
"""What whoever sends a picture may be refused with."""


def _expected_before(expected: Any, *, organization_id: str, meetup_id: str, caller: Caller, **_: Any) -> Any:
    return album.again(caller, organization_id, meetup_id, expected.id if expected else "none")


def _as_it_is(
    _: Any, *, organization_id: str, meetup_id: str, picture_id: str, caller: Caller, **__: Any
) -> Any:
    return album.read(caller, organization_id, meetup_id, picture_id)


@api.endpoint(
    "POST",
    PICTURES,
    status=201,
    refusals=[*SENDING, album.PictureNotFound],
    again=_expected_before,
    limit=pictures.SENDING,
)
def expect_picture(organization_id: str, meetup_id: str, caller: Caller, body: SendPicture) -> PictureView:
    """Begin to send a picture of a meetup that you came to, until thirty days after its end.

    Post the file to `upload.url` within five minutes, then say that it is sent.
    """
    return pictures.expect(caller, organization_id, meetup_id, media_type=body.media_type)


@api.endpoint(
    "POST",
    PICTURE + "/sent",
    refusals=[*SENDING, album.PictureNotFound, errors.Busy],
    again=_as_it_is,
)
def send_picture(organization_id: str, meetup_id: str, picture_id: str, caller: Caller) -> PictureView:
    """Say that a picture is posted. It is shown once it was looked at, without what a camera wrote into it.

    What is no picture is refused, with a reason. Repeating changes nothing.
    """
    return pictures.send(caller, organization_id, meetup_id, picture_id)


@api.endpoint(
    "GET",
    PICTURES,
    order="oldest_first@1",
    most=pictures.MOST,
    refusals=[meetups.MeetupNotFound, meetups.NotComing],
)
def list_pictures(organization_id: str, meetup_id: str, caller: Caller, page: Page) -> Listing[PictureView]:
    """List what is shown of a meetup, for those who came, in the order in which it was begun to be sent.

    One that moderation hides keeps its place and tells the rule; its sender still sees it.
    """
    return album.shown(caller, organization_id, meetup_id, page)


@api.endpoint("GET", PICTURE, refusals=[meetups.MeetupNotFound, album.PictureNotFound])
def read_picture(organization_id: str, meetup_id: str, picture_id: str, caller: Caller) -> PictureView:
    """Read one picture: your own whatever became of it, and any that is shown, if you came."""
    return album.read(caller, organization_id, meetup_id, picture_id)


@api.endpoint(
    "DELETE",
    PICTURE,
    refusals=[
        meetups.MeetupNotFound,
        album.PictureNotFound,
        pictures.NotYourPicture,
        errors.Busy,
    ],
)
def remove_picture(organization_id: str, meetup_id: str, picture_id: str, caller: Caller) -> None:
    """Take a picture of yours away: its files are deleted.

    Nobody else can, hosts neither. Platform moderation hides one that breaks a rule, with its reasons.
    """
    pictures.remove(caller, organization_id, meetup_id, picture_id)
