"""Pictures of a meetup as they are read: what is shown to those who came, and one's own on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.callers import NOBODY
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.attending import NotComing
from chalicelib.gateways import clock, files
from chalicelib.gateways.pictures import MEDIA_TYPE
from chalicelib.models.members import Member
from chalicelib.models.pictures import LISTED, Picture, PicturePlace
from chalicelib.models.tables import load
from chalicelib.pages import Slice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.pages import Page

LARGEST = 8 * 1024 * 1024
"""Bytes of what is sent."""

POSTED_WITHIN = timedelta(minutes=5)
SHOWN_FOR = timedelta(minutes=15)
"""How long the address of a picture is good."""


class PictureNotFound(errors.NotFound):
    reason: ClassVar = {
        "en": "There is no such picture here.",
        "fr": "Cette photo n’existe pas ici.",
    }


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What a picture is posted with, and until when."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SeenPicture:
    """A picture as someone reads it."""

    id: str
    meetup_id: str
    member_id: str
    state: str
    name: str | None = None
    reason: str | None = None
    sent_at: datetime | None = None
    width: int | None = None
    height: int | None = None
    url: str | None = None
    url_until: datetime | None = None
    restriction: Mapping[str, str] | None = None
    upload: Upload | None = None


def upload_key(picture_id: str) -> str:
    """Where its sender posts it: nobody reads there but whoever looks at it."""
    return f"uploads/{picture_id}"


def shown_key(organization_id: str, meetup_id: str, picture_id: str) -> str:
    """Where it is once it may be read."""
    return f"pictures/{organization_id}/{meetup_id}/{picture_id}.jpg"


def shown(caller: Caller, organization_id: str, meetup_id: str, page: Page) -> Slice[SeenPicture]:
    """One page of what is shown of a meetup to those who came, in the order in which it was begun to be sent.

    Raises MeetupNotFound, NotComing.
    """
    stands = standpoints.find(caller, organization_id, meetup_id)
    if not stands.is_coming:
        raise NotComing
    found = PicturePlace.shown(meetup_id, page)
    people = load(*(Member.key(place.member_id) for place in found.items)) if found.items else ()
    names = {person.id: person.name for person in people if person is not None}
    return Slice(
        [
            _placed(
                place, organization_id, meetup_id, name=names.get(place.member_id), reader=caller.member_id
            )
            for place in found.items
        ],
        found.last,
    )


def read(caller: Caller, organization_id: str, meetup_id: str, picture_id: str) -> SeenPicture:
    """One picture: one's own whatever became of it, and any that has its place there, for those who came.

    Raises MeetupNotFound, PictureNotFound.
    """
    stands = standpoints.find(caller, organization_id, meetup_id, Picture.key(meetup_id, picture_id))
    (picture,) = stands.also
    if not is_own(picture, caller.member_id, stands.now) and not (
        picture is not None and picture.state in LISTED and stands.is_coming
    ):
        raise PictureNotFound
    (person,) = load(Member.key(picture.member_id))
    return seen(picture, name=person.name if person else None, reader=caller.member_id)


def again(caller: Caller, organization_id: str, meetup_id: str, picture_id: str) -> SeenPicture:
    """A picture that was begun to be sent before, with what it is posted with while it is waited for.

    Raises MeetupNotFound, PictureNotFound.
    """
    stands = standpoints.find(caller, organization_id, meetup_id, Picture.key(meetup_id, picture_id))
    (picture,) = stands.also
    if not is_own(picture, caller.member_id, stands.now):
        raise PictureNotFound
    name = stands.member.name if stands.member else None
    if picture.state == "expected":
        return with_upload(picture, name=name)
    return seen(picture, name=name, reader=caller.member_id)


def seen(
    picture: Picture, *, name: str | None, reader: str = NOBODY, upload: Upload | None = None
) -> SeenPicture:
    """A picture in whatever state it is."""
    if picture.state in LISTED:
        place = PicturePlace.of(picture)
        return _placed(place, picture.organization_id, picture.meetup_id, name=name, reader=reader)
    return SeenPicture(
        id=picture.id, meetup_id=picture.meetup_id, member_id=picture.member_id, state=picture.state,
        name=name, reason=picture.reason, sent_at=picture.sent_at, upload=upload,
    )  # fmt: skip


def with_upload(picture: Picture, *, name: str | None) -> SeenPicture:
    """A picture that is waited for, and what it is posted with: signed anew each time."""
    form = files.form_for(
        upload_key(picture.id), media_type=picture.media_type, most=LARGEST, lasts=POSTED_WITHIN
    )
    until = clock.now() + POSTED_WITHIN
    return seen(picture, name=name, upload=Upload(url=form.url, fields=form.fields, expires_at=until))


def is_own(picture: Picture | None, member_id: str, now: datetime) -> bool:
    """Whether it is theirs, and not gone."""
    if picture is None or picture.member_id != member_id:
        return False
    return picture.state != "removed" and not picture.is_over(now)


def _placed(
    place: PicturePlace, organization_id: str, meetup_id: str, *, name: str | None, reader: str
) -> SeenPicture:
    """What is in the place of a picture: of one that is hidden the rule, and only to its sender the rest."""
    state = "shown" if place.restriction is None else "hidden"
    if state == "hidden" and reader != place.member_id:
        return SeenPicture(
            id=place.sk, meetup_id=meetup_id, member_id=place.member_id, state=state, name=name,
            sent_at=place.sent_at, restriction=place.restriction,
        )  # fmt: skip
    key = shown_key(organization_id, meetup_id, place.sk)
    return SeenPicture(
        id=place.sk, meetup_id=meetup_id, member_id=place.member_id, state=state, name=name,
        sent_at=place.sent_at, width=int(place.width), height=int(place.height),
        restriction=place.restriction,
        url=files.link_to(key, media_type=MEDIA_TYPE, lasts=SHOWN_FOR), url_until=clock.now() + SHOWN_FOR,
    )  # fmt: skip
