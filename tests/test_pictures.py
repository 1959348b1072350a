"""What is left of a picture that someone sent."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from chalicelib.gateways import pictures
from tests import photographs
from tests.histories import histories
from tests.photographs import SECRET, drawn, written

pytestmark = pytest.mark.plain


def read(stripped):
    image = Image.open(io.BytesIO(stripped.content))
    image.load()
    return image


def is_red_then_blue(image):
    """Whether its left is red and its right is blue."""
    left, right = image.getpixel((image.width // 4, 8)), image.getpixel((image.width * 3 // 4, 8))
    return left[0] - left[2] > 150 and right[2] - right[0] > 150


@pytest.mark.parametrize(
    "sent",
    [photographs.photograph(), photographs.labelled_png(), photographs.labelled_webp()],
    ids=["jpeg", "png", "webp"],
)
def test_nothing_is_left_of_where_and_with_what_it_was_taken(sent):
    assert SECRET in sent
    stripped = pictures.stripped(sent)
    image = read(stripped)

    assert SECRET not in stripped.content
    for trace in (b"Exif", b"xmp", b"XMP", b"GPS", b"ICC", b"tEXt", b"Photoshop"):
        assert trace not in stripped.content, trace
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (320, 200))
    assert set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert is_red_then_blue(image)


def segments(content):
    """The markers of a JPEG up to its first scan."""
    place, found = 2, []
    while content[place + 1] != 0xDA:
        found.append(content[place + 1])
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return found


def test_of_the_parts_that_a_jpeg_may_have_only_those_that_make_the_pixels_are_left():
    before, after = photographs.photograph(), pictures.stripped(photographs.photograph()).content

    assert {0xE1, 0xFE} <= set(segments(before))  # APP1 is where EXIF and XMP are, COM the comment
    assert set(segments(after)) <= {0xE0, 0xDB, 0xC2, 0xC4}  # JFIF, tables, frame


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright_however_it_was_held(orientation):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    held = drawn() if orientation == 1 else drawn().transpose(turns[orientation])
    sent = written(held, exif=photographs.exif(orientation))

    image = read(pictures.stripped(sent))

    assert image.size == (320, 200)
    assert is_red_then_blue(image)


@pytest.mark.parametrize(
    ("size", "becomes"),
    [
        ((4096, 1024), (2048, 512)),
        ((1000, 6000), (341, 2048)),
        ((2048, 2048), (2048, 2048)),
        ((1, 1), (1, 1)),
    ],
)
def test_it_is_no_larger_than_screens_are(size, becomes):
    stripped = pictures.stripped(written(drawn(*size)))

    assert (stripped.width, stripped.height) == read(stripped).size == becomes


def test_the_same_picture_always_becomes_the_same_bytes():
    sent = photographs.photograph()

    assert pictures.stripped(sent) == pictures.stripped(sent)


def with_profile(profile):
    return written(drawn(), icc_profile=profile)


def test_colours_are_said_in_the_common_way_and_a_profile_that_says_more_is_gone():
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert b"acsp" in with_profile(own)

    stripped = pictures.stripped(with_profile(own))

    assert b"acsp" not in stripped.content
    assert is_red_then_blue(read(stripped))


def test_a_profile_of_colours_that_is_none_is_passed_over():
    stripped = pictures.stripped(with_profile(b"no profile" + SECRET))

    assert SECRET not in stripped.content
    assert is_red_then_blue(read(stripped))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
def test_whatever_way_its_pixels_are_kept_they_are_shown(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    sent = written(
        Image.new("L", (64, 64), 255).convert("I;16") if mode == "I;16" else drawn().convert(mode), kind
    )

    assert read(pictures.stripped(sent)).mode == "RGB"


@pytest.mark.parametrize(("level", "becomes"), [(0, 0), (32_768, 128), (65_535, 255)])
def test_grey_of_sixteen_bits_is_as_dark_as_it_was(level, becomes):
    grey = written(Image.new("I;16", (64, 64), level), "PNG")

    assert read(pictures.stripped(grey)).getpixel((30, 30)) == (becomes, becomes, becomes)


def test_what_can_be_seen_through_is_seen_on_white():
    glass = written(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")

    assert read(pictures.stripped(glass)).getpixel((30, 30)) == (255, 255, 255)


def test_of_a_moving_picture_the_first_moment_is_shown():
    moving = written(drawn(), "WEBP", save_all=True, append_images=[Image.new("RGB", (320, 200), "lime")])

    assert is_red_then_blue(read(pictures.stripped(moving)))


def test_of_several_pictures_in_one_as_telephones_make_them_the_first_is_shown():
    several = written(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (320, 200), "lime")])

    assert is_red_then_blue(read(pictures.stripped(several)))


NO_PICTURES = {
    "a page": photographs.PAGE,
    "a page that begins as a picture": b"\xff\xd8\xff\xe0" + photographs.PAGE,
    "a page that begins as another": b"\x89PNG\r\n\x1a\n" + photographs.PAGE,
    "half a picture": photographs.photograph()[: len(photographs.photograph()) // 2],
    "half of another": photographs.labelled_png()[:-200],
    "half of a third": photographs.labelled_webp()[:-200],
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a moving drawing": written(drawn(), "GIF"),
    "what printers read": written(drawn(), "TIFF"),
    "what is read by a program of its own": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "nothing much": b"\0",
}


@pytest.mark.parametrize("sent", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_refused(sent):
    with pytest.raises(pictures.NotAPicture):
        pictures.stripped(sent)


def test_what_is_a_picture_and_a_page_is_only_a_picture_afterwards():
    both = photographs.photograph() + photographs.PAGE
    comment = written(drawn(), comment=photographs.PAGE)

    for sent in (both, comment):
        assert b"script" in sent
        assert b"script" not in pictures.stripped(sent).content


@pytest.mark.parametrize("side", [5_001, 10_000, 12_000, 30_000])
def test_what_would_fill_all_memory_is_refused_before_it_is_unpacked(side):
    with pytest.raises(pictures.TooManyPixels):
        pictures.stripped(photographs.bomb(side))


def test_what_goes_over_its_pixels_too_often_is_refused_before_it_is_unpacked(monkeypatch):
    bombs = [photographs.scanned(scans) for scans in (101, 5_000)]
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was unpacked"))

    for sent in bombs:
        with pytest.raises(pictures.TooComplex):
            pictures.stripped(sent)


@pytest.mark.parametrize("scans", [1, 10, 100])
def test_what_goes_over_its_pixels_as_often_as_programs_do_is_shown(scans):
    assert is_red_then_blue(read(pictures.stripped(photographs.scanned(scans))))


def test_what_takes_all_memory_after_all_is_refused(monkeypatch):
    def out_of_memory(_):
        raise MemoryError

    monkeypatch.setattr(pictures, "_upright", out_of_memory)

    with pytest.raises(pictures.TooComplex):
        pictures.stripped(photographs.photograph())


def test_labels_that_unpack_to_more_than_there_is_room_for_are_no_picture():
    with pytest.raises(pictures.NotAPicture):
        pictures.stripped(photographs.swollen())


@histories(150)
@given(kind=st.sampled_from(["jpeg", "png", "webp"]), seed=st.integers(0, 2**32), wounds=st.integers(1, 12))
def test_a_picture_that_was_tampered_with_is_shown_or_refused_and_nothing_else(kind, seed, wounds):
    sent = bytearray(SENT[kind])
    chance = random.Random(seed)  # noqa: S311 - mischief, not a secret
    for _ in range(wounds):
        sent[chance.randrange(len(sent))] = chance.randrange(256)

    try:
        stripped = pictures.stripped(bytes(sent))
    except (pictures.NotAPicture, pictures.TooManyPixels):
        return
    assert SECRET not in stripped.content


SENT = {
    "jpeg": photographs.photograph(6),
    "png": photographs.labelled_png(),
    "webp": photographs.labelled_webp(),
}
