"""Looking at what was sent as a picture: it is shown without whatever else was in it, or it is refused.

Told twice, late, or after a crash between any two steps, it comes to the same: each step can be done again,
what is read is deleted last, and what people know of it changes once.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chalicelib.domain import events
from chalicelib.domain.meetups.album import LARGEST, shown_key, upload_key
from chalicelib.domain.meetups.pictures import REMEMBERED
from chalicelib.gateways import clock, files, pictures
from chalicelib.models.changes import AlreadySeen, changes, retry_if_overtaken
from chalicelib.models.pictures import Album, Picture, PicturePlace
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.gateways.pictures import Stripped

WHY: dict[type[Exception], str] = {
    files.NotThere: "nothing_was_posted",
    files.TooLarge: "too_large",
    pictures.NotAPicture: "not_a_picture",
    pictures.TooManyPixels: "too_many_pixels",
    pictures.TooComplex: "too_complex",
}


def look_at(event: events.PictureSent) -> None:
    """Show what was sent, stripped, if it is a picture; refuse it if not. Either way the upload is gone."""
    try:
        _decide(event)
    except AlreadySeen:  # another delivery of it was faster: what this one has put there may have to go again
        _decide(event)
    files.delete(upload_key(event.picture_id))


@retry_if_overtaken
def give_up(event: events.PictureSent) -> None:
    """Refuse what could not be looked at however often it was tried: whoever sent it is not left waiting.

    Raises what the bucket raises: while it is out of reach, nothing says that the picture is to blame.
    """
    picture, album = load(Picture.key(event.meetup_id, event.picture_id), Album.key(event.meetup_id))
    if picture is None or picture.state != "sent":
        look_at(event)
        return
    with suppress(files.NotThere, files.TooLarge):
        files.fetch(upload_key(event.picture_id), most=LARGEST)
    with suppress(AlreadySeen):
        _refuse(event, picture, album, reason="too_complex")
    look_at(event)


def clean_up(event: events.PictureRemoved) -> None:
    """Delete the files of a picture that was taken away."""
    files.delete(upload_key(event.picture_id))
    files.delete(_shown_key(event))


@retry_if_overtaken
def _decide(event: events.PictureSent) -> None:
    picture, album = load(Picture.key(event.meetup_id, event.picture_id), Album.key(event.meetup_id))
    if picture is None or picture.state in ("removed", "refused"):
        files.delete(_shown_key(event))  # it may have been put there before that was decided
        return
    if picture.state != "sent":
        return
    try:
        stripped = pictures.stripped(files.fetch(upload_key(event.picture_id), most=LARGEST))
    except tuple(WHY) as why:
        _refuse(event, picture, album, reason=WHY[type(why)])
        return
    files.put(_shown_key(event), stripped.content, media_type=pictures.MEDIA_TYPE)
    _show(event, picture, stripped)


def _show(event: events.PictureSent, picture: Picture, stripped: Stripped) -> None:
    picture.state, picture.width, picture.height = "shown", stripped.width, stripped.height
    with changes() as change:
        change.once("pictures", event.id)
        change.save(picture)
        change.create(PicturePlace.of(picture))
        change.announce(events.PictureShown(**_about(event)))


def _refuse(event: events.PictureSent, picture: Picture, album: Album | None, *, reason: str) -> None:
    """Say why, and free its place."""
    picture.state, picture.reason = "refused", reason
    picture.expires_at = int((clock.now() + REMEMBERED).timestamp())
    with changes() as change:
        change.once("pictures", event.id)
        change.save(picture)
        if album is not None:
            album.add(picture.member_id, -1)
            change.save(album)
        change.announce(events.PictureRefused(**_about(event), reason=reason))


def _about(event: events.PictureSent) -> dict[str, Any]:
    return {
        "organization_id": event.organization_id, "actor_id": event.member_id, "meetup_id": event.meetup_id,
        "host_id": event.host_id, "picture_id": event.picture_id, "member_id": event.member_id,
    }  # fmt: skip


def _shown_key(event: events.PictureSent | events.PictureRemoved) -> str:
    return shown_key(event.organization_id, event.meetup_id, event.picture_id)
