"""The tenant's bucket: what people post into it themselves, and what is shown to them from it.

Signing is no call: what was signed is asked of the bucket by whoever holds it, in the name of whoever signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.gateways import aws
from chalicelib.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta


class NotThere(Exception):  # noqa: N818 - what was found, not a fault
    """There is nothing under this key."""


class TooLarge(Exception):  # noqa: N818
    """What is under this key is larger than whoever fetches it takes."""


@dataclass(frozen=True)
class Form:
    """What a file is posted with: `fields` first, in a multipart form, then the file as `file`."""

    url: str
    fields: Mapping[str, str]


def form_for(key: str, *, media_type: str, most: int, lasts: timedelta) -> Form:
    """Let whoever holds this post one file under exactly this key, of exactly this type and no larger."""
    signed = _signer().generate_presigned_post(
        settings().files_bucket,
        key,
        Fields={"Content-Type": media_type},
        Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, most]],
        ExpiresIn=int(lasts.total_seconds()),
    )
    return Form(signed["url"], signed["fields"])


def link_to(key: str, *, media_type: str, lasts: timedelta) -> str:
    """Let whoever holds this read what is under a key, as this type and no other."""
    shown = {
        "Bucket": settings().files_bucket,
        "Key": key,
        "ResponseContentType": media_type,
        "ResponseContentDisposition": "inline",
        "ResponseCacheControl": f"private, max-age={int(lasts.total_seconds())}",
    }
    signed = _signer().generate_presigned_url("get_object", shown, ExpiresIn=int(lasts.total_seconds()))
    return str(signed)


def fetch(key: str, *, most: int) -> bytes:
    """What is under a key. Raises NotThere, and TooLarge before anything of it is read."""
    try:
        found = aws.client("s3").get_object(Bucket=settings().files_bucket, Key=key)
    except ClientError as failure:
        if failure.response["Error"]["Code"] == "NoSuchKey":
            raise NotThere(key) from failure
        raise
    with found["Body"] as body:
        if found["ContentLength"] > most:
            raise TooLarge(key)
        return bytes(body.read())


def put(key: str, content: bytes, *, media_type: str) -> None:
    """Keep something under a key, in the place of whatever was there."""
    aws.client("s3").put_object(Bucket=settings().files_bucket, Key=key, Body=content, ContentType=media_type)


def delete(key: str) -> None:
    """Have nothing under a key, whether or not there was something."""
    aws.client("s3").delete_object(Bucket=settings().files_bucket, Key=key)


def _signer() -> Any:
    """The client that signs for whoever is outside: the address is part of what is signed."""
    return aws.client("s3", settings().files_endpoint or None)
