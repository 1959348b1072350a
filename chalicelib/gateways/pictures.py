"""What anyone sent as a picture → a picture that may be shown: its pixels, and nothing else that was in it.

What it says of itself is never believed: its first bytes tell what it is, and only three readers are tried.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MEDIA_TYPE = "image/jpeg"
"""What every picture is once it may be shown."""

_READ = ("JPEG", "PNG", "WEBP")
_LONGEST_SIDE = 2048
_QUALITY = 85

_JPEGS = ("JPEG", "MPO")
_MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""What is read at most: telephones make fifty million, and only JPEG can be read at a smaller size."""


_MOST_SCANS = 100
"""How often a JPEG may go over its pixels: cameras do once, programs ten times, and each time takes time."""
_SCAN = b"\xff\xda"
"""What begins one; among pixels these two bytes never meet."""


class NotAPicture(Exception):  # noqa: N818 - what was found, not a fault
    """What was sent cannot be read as a picture of these kinds."""


class TooManyPixels(Exception):  # noqa: N818
    """It would take more memory than it is given."""


class TooComplex(Exception):  # noqa: N818
    """It would take more time or memory to unpack than it is given."""


@dataclass(frozen=True)
class Stripped:
    """A picture without whatever a camera or a program wrote into it, upright."""

    content: bytes
    width: int
    height: int


def stripped(sent: bytes) -> Stripped:
    """Make a new picture from the pixels of what was sent. Raises NotAPicture, TooManyPixels, TooComplex."""
    try:
        return _made_anew(sent)
    except MemoryError as out_of_memory:
        raise TooComplex from out_of_memory


def _made_anew(sent: bytes) -> Stripped:
    # imported by whoever looks at pictures, and not at the start of every other function
    from PIL import Image  # noqa: PLC0415

    seen = _in_common_colours(_on_white(_upright(_read(sent))))
    # a new image has nothing but pixels: what else was in the old one has no way into it
    clean = Image.new("RGB", seen.size)
    clean.paste(seen)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Stripped(written.getvalue(), *clean.size)


def _read(sent: bytes) -> Image.Image:
    """The pixels of what was sent, no more of them than are shown."""
    from PIL import Image  # noqa: PLC0415

    try:
        image: Image.Image = Image.open(io.BytesIO(sent), formats=_READ)
        _must_be_small_enough(image)
        _must_be_simple_enough(image, sent)
        if image.mode in ("1", "P"):  # so few colours could not be mixed when it is made smaller
            image = image.convert("RGBA")
        elif image.mode.startswith("I"):  # sixteen bits of grey, of which eight are shown
            image = image.convert("I").point(lambda level: level * (1 / 256) + 0).convert("L")
        # a JPEG is unpacked at a half, a quarter or an eighth of its size where that is enough
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels from bomb
    except (TooManyPixels, TooComplex, MemoryError):
        raise
    except Exception as broken:
        # whoever reads bytes that were made to break them raises all sorts of things
        raise NotAPicture from broken
    return image


def _must_be_small_enough(image: Image.Image) -> None:
    """Decide on what it says of its size, before anything is unpacked."""
    if image.width * image.height > _MOST_PIXELS[str(image.format)]:
        raise TooManyPixels


def _must_be_simple_enough(image: Image.Image, sent: bytes) -> None:
    """Bound the time that it takes: a few bytes make a reader go over all its pixels once more."""
    if image.format in _JPEGS and sent.count(_SCAN) > _MOST_SCANS:
        raise TooComplex


def _upright(image: Image.Image) -> Image.Image:
    """The picture as it was held: the camera notes that beside the pixels, which is where it is lost."""
    from PIL import ImageOps  # noqa: PLC0415

    with suppress(Exception):  # a note that cannot be read is none
        return ImageOps.exif_transpose(image)
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """The picture with nothing to be seen through it: a JPEG cannot be."""
    from PIL import Image  # noqa: PLC0415

    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _in_common_colours(image: Image.Image) -> Image.Image:
    """The picture in sRGB, which is what colours are taken to be in where nothing is said of them."""
    from PIL import ImageCms  # noqa: PLC0415

    profile = image.info.get("icc_profile")
    if profile and image.mode in ("L", "RGB", "CMYK"):
        with suppress(Exception):  # one that cannot be read is none
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            common = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, own, common, outputMode="RGB")
            if converted is not None:
                return converted
    return image.convert("RGB")
