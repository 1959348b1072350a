from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contracts.base import Contract, Input, Moment
from chalicelib.contracts.ids import MeetupId, MemberId, PictureId
from chalicelib.contracts.salons import RestrictionView

LARGEST = 8 * 1024 * 1024

PictureState = Annotated[
    Literal["expected", "sent", "shown", "hidden", "refused"],
    Field(examples=["shown"], description="`hidden`: by platform moderation, for now or for good."),
]


class SendPicture(Input):
    """A picture to send."""

    media_type: Annotated[
        Literal["image/jpeg", "image/png", "image/webp"],
        Field(examples=["image/jpeg"], description="Post it as this type; what it really is, is looked at."),
    ]
    bytes: Annotated[int, Field(ge=1, le=LARGEST, examples=[2_406_113], description="Its size.")]


class UploadView(Contract):
    """Where a picture is posted: as `multipart/form-data`, all `fields` and then the file, as `file`."""

    url: Annotated[str, Field(examples=["https://files-of-the-tenant.s3.eu-west-3.amazonaws.com/"])]
    fields: Annotated[
        dict[str, str],
        Field(
            examples=[{"key": "uploads/pic_01M7WN066TK6FTK703WY8C5YNK", "Content-Type": "image/jpeg"}],
            description="One file, under this key, of this type, of eight mebibytes at most.",
        ),
    ]
    expires_at: Moment


class PictureView(Contract):
    """A picture of a meetup."""

    id: PictureId
    meetup_id: MeetupId
    member_id: Annotated[MemberId, Field(description="Who sent it.")]
    name: Annotated[str | None, Field(examples=["Awa"])]
    state: PictureState
    reason: Annotated[
        Literal["nothing_was_posted", "too_large", "not_a_picture", "too_many_pixels", "too_complex"] | None,
        Field(examples=[None], description="Why it was refused."),
    ]
    sent_at: Moment | None
    width: Annotated[int | None, Field(examples=[2048])]
    height: Annotated[int | None, Field(examples=[1536])]
    url: Annotated[
        str | None,
        Field(
            examples=["https://files-of-the-tenant.s3.eu-west-3.amazonaws.com/pictures/…"],
            description="Where it is read, for a quarter of an hour, once it is shown; while it is hidden, "
            "by its sender alone. Keep it to yourself.",
        ),
    ]
    url_until: Moment | None
    restriction: Annotated[RestrictionView | None, Field(description="Why it is hidden, while it is.")]
    upload: Annotated[
        UploadView | None,
        Field(description="In the answer to its sender who begins to send it, and nowhere else."),
    ]
