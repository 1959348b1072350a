"""Sending pictures of a meetup as someone who came, and taking them away.

Their sender posts them into the bucket themselves. Nobody reads one before it was looked at (stripping.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events, limits, standing
from chalicelib.domain.meetups import standpoints
from chalicelib.domain.meetups.album import PictureNotFound, is_own, seen, with_upload
from chalicelib.domain.meetups.attending import NotComing
from chalicelib.gateways import ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.meetups import BEGUN
from chalicelib.models.pictures import COUNTED, LISTED, Album, Picture, PicturePlace

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.meetups.album import SeenPicture
    from chalicelib.domain.meetups.standpoints import Standpoint

SENDING = limits.Policy("pictures", limit=30, window=3600)
"""Pictures that one person begins to send in an hour, whatever becomes of them."""

MOST_OF_ONE = 5
MOST = 40

TAKEN_FOR = timedelta(days=30)
"""How long after its end a meetup takes pictures."""

SENT_WITHIN = timedelta(hours=1)
"""How long a picture is waited for; then it was never begun, and the bucket sweeps away what was posted."""

REMEMBERED = timedelta(days=30)
"""How long it is known of a picture that it is gone: longer than any queue holds what is told of it."""


class NotYourPicture(errors.Forbidden):
    reason: ClassVar = {
        "en": "Only whoever sent a picture takes it away; platform moderation hides one that breaks a rule.",
        "fr": "Seule la personne qui a envoyé une photo la retire ; la modération de la plateforme masque "
        "celle qui enfreint une règle.",
    }


class PicturesClosed(errors.Conflict):
    """From `closed_at` on a meetup takes none any more; those that are there stay."""

    reason: ClassVar = {
        "en": "This meetup takes no more pictures since {closed_at}.",
        "fr": "Cette rencontre ne prend plus de photos depuis le {closed_at}.",
    }
    example: ClassVar = {"closed_at": "2026-12-28T17:00:00+00:00"}


class TooManyPictures(errors.Conflict):
    """`most` is how many one person sends of a meetup; one that is refused does not count."""

    reason: ClassVar = {
        "en": "You sent {most} pictures of this meetup already: take one of them away first.",
        "fr": "Vous avez déjà envoyé {most} photos de cette rencontre : retirez-en d’abord une.",
    }
    example: ClassVar = {"most": MOST_OF_ONE}


class AlbumFull(errors.Conflict):
    """`most` is how many pictures a meetup has."""

    reason: ClassVar = {
        "en": "This meetup has {most} pictures already, and takes no more.",
        "fr": "Cette rencontre a déjà {most} photos, et n’en prend pas plus.",
    }
    example: ClassVar = {"most": MOST}


def expect(caller: Caller, organization_id: str, meetup_id: str, *, media_type: str) -> SeenPicture:
    """Begin to send a picture, as someone who came. It takes no place before it is sent.

    Raises MeetupNotFound, NotComing, FollowFirst, Suspended, MeetupStateRefused, PicturesClosed,
    TooManyPictures, AlbumFull.
    """
    stands = standpoints.find(caller, organization_id, meetup_id, Album.key(meetup_id))
    _must_be_one_who_sends(stands)
    _must_have_room(stands.also[0], caller.member_id)
    picture = Picture.expecting(
        meetup_id, ids.new("pic"), at=stands.now, organization_id=organization_id, member_id=caller.member_id,
        media_type=media_type, expires_at=int((stands.now + SENT_WITHIN).timestamp()),
    )  # fmt: skip
    with changes() as change:
        change.create(picture)
    return with_upload(picture, name=_name_of(stands))


@retry_if_overtaken
def send(caller: Caller, organization_id: str, meetup_id: str, picture_id: str) -> SeenPicture:
    """Say that it is posted: it is looked at, then shown. Repeating changes nothing.

    Raises MeetupNotFound, PictureNotFound, NotComing, FollowFirst, Suspended, MeetupStateRefused,
    PicturesClosed, TooManyPictures, AlbumFull.
    """
    keys = Picture.key(meetup_id, picture_id), Album.key(meetup_id)
    stands = standpoints.find(caller, organization_id, meetup_id, *keys)
    picture, album = stands.also
    if not is_own(picture, caller.member_id, stands.now):
        raise PictureNotFound
    if picture.state != "expected":
        return seen(picture, name=_name_of(stands), reader=caller.member_id)
    _must_be_one_who_sends(stands)
    _must_have_room(album, caller.member_id)
    album = album or Album.of(meetup_id)
    album.add(caller.member_id, 1)
    picture.state, picture.sent_at, picture.expires_at = "sent", stands.now, None
    with changes() as change:
        standing.hold_to_it(change, organization_id, caller.member_id)
        change.save(picture)
        change.save(album)
        change.announce(_told(events.PictureSent, stands, picture))
    return seen(picture, name=_name_of(stands))


@retry_if_overtaken
def remove(caller: Caller, organization_id: str, meetup_id: str, picture_id: str) -> None:
    """Take one's own picture away. Repeating changes nothing.

    Nobody else does: what restricts someone says why, and can be appealed (moderation). Raises
    MeetupNotFound, PictureNotFound, NotYourPicture.
    """
    keys = Picture.key(meetup_id, picture_id), Album.key(meetup_id)
    stands = standpoints.look(caller.member_id, organization_id, meetup_id, *keys)
    picture, album = stands.also
    _must_be_theirs_to_remove(stands, picture)
    before = picture.state
    if before == "removed":
        return
    picture.state, picture.expires_at = "removed", int((stands.now + REMEMBERED).timestamp())
    with changes() as change:
        change.save(picture)
        if before in COUNTED:
            album.add(picture.member_id, -1)
            change.save(album)
        if before in LISTED:
            change.take_away(PicturePlace.at(meetup_id, picture_id))
        change.announce(_told(events.PictureRemoved, stands, picture))


def _must_be_one_who_sends(stands: Standpoint) -> None:
    if not stands.is_coming:
        raise NotComing
    stands.must_follow()
    stands.must_not_be_suspended()
    stands.must_be(BEGUN)
    closed_at = stands.meetup.ends_at + TAKEN_FOR
    if stands.now >= closed_at:
        raise PicturesClosed(closed_at=closed_at.isoformat(timespec="seconds"))


def _must_have_room(album: Album | None, member_id: str) -> None:
    if album is not None and album.by(member_id) >= MOST_OF_ONE:
        raise TooManyPictures(most=MOST_OF_ONE)
    if album is not None and album.total >= MOST:
        raise AlbumFull(most=MOST)


def _must_be_theirs_to_remove(stands: Standpoint, picture: Picture | None) -> None:
    """Let people take away what they sent, whatever they are to the meetup by now, and nobody else."""
    if picture is None or picture.is_over(stands.now):
        raise PictureNotFound
    if picture.member_id != stands.caller_id:
        is_known = stands.is_visible and stands.is_coming and picture.state in LISTED
        raise NotYourPicture if is_known else PictureNotFound


def _name_of(stands: Standpoint) -> str | None:
    return stands.member.name if stands.member else None


def _told(
    kind: type[events.PictureSent | events.PictureRemoved], stands: Standpoint, picture: Picture
) -> events.Event:
    return kind(
        organization_id=picture.organization_id, actor_id=stands.caller_id, at=stands.now,
        meetup_id=picture.meetup_id, host_id=stands.meetup.host_id, picture_id=picture.id,
        member_id=picture.member_id,
    )  # fmt: skip
