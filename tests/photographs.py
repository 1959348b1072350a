"""Pictures as cameras and mischief make them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

SECRET = b"45.7485N-Rue-de-Marseille"
"""What must never be found in anything that is shown."""
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>' + SECRET + b"</place></x:xmpmeta>"

ORIENTATION, GPS, MAKE, LATITUDE, WHERE = 0x0112, 0x8825, 0x010F, 2, 29


def drawn(width=320, height=200):
    """A picture that is red on its left half and blue on its right one."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def exif(orientation=1):
    """What a telephone writes: who made it, how it was held, and where that was."""
    told = Image.Exif()
    told[MAKE] = SECRET.decode()
    told[ORIENTATION] = orientation
    place = told.get_ifd(GPS)
    place[1], place[LATITUDE], place[WHERE] = "N", (45.0, 44.0, 54.6), SECRET.decode()
    return told


def written(image, kind="JPEG", **values):
    target = io.BytesIO()
    image.save(target, kind, **values)
    return target.getvalue()


def photograph(orientation=1, size=(320, 200)):
    """A JPEG with a place in its EXIF, in its XMP and in a comment."""
    return written(drawn(*size), exif=exif(orientation), xmp=XMP, comment=SECRET)


def labelled_png():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add_text("Packed", SECRET.decode(), zip=True)
    return written(drawn(), "PNG", pnginfo=texts, exif=exif())


def labelled_webp():
    return written(drawn(), "WEBP", exif=exif(), xmp=XMP)


def chunk(name, content):
    """A part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def scanned(scans):
    """A JPEG that goes over its pixels so many times: each after the first few adds nothing."""
    whole = written(drawn(), progressive=scans > 1)
    last = whole.rindex(b"\xff\xda")
    end = whole.rindex(b"\xff\xd9")
    return whole[:end] + whole[last:end] * (scans - whole.count(b"\xff\xda")) + whole[end:]


def bomb(side=30_000):
    """A PNG of a few hundred bytes that says it is so many pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def swollen(size=50_000_000):
    """A PNG with a label that is small as long as it is packed."""
    whole = written(drawn(), "PNG")
    return whole[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(size))) + whole[33:]


PAGE = b"<!doctype html><script>alert(document.domain)</script>"
