"""Pictures from cameras and phones, made safe to keep: known by content, small, and without what a camera adds to them.

`clean` gives the bytes of a JPEG that this program drew itself, so that nothing of the upload but what is to be seen
comes along: no place where it was taken, no second file hidden behind the first.
"""

import io
import struct
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}  # a JPEG is decoded at the size it will have
SHORTEST_SIDE = 16
QUALITY = 85
CONTENT_TYPE = "image/jpeg"
ACCEPTED = "image/jpeg,image/png,image/webp"  # for the browser's file dialogue; what counts is the content
HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
TOO_MUCH = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error)  # what Pillow says of a torn file


class PictureRefused(ValidationError):
    """Says why a file is not taken as a picture, and what to do. Codes: too_large, too_small, heic, no_picture."""


def clean(file: BinaryIO, longest: int) -> bytes:
    """A JPEG of what `file` shows, upright, at most `longest` pixels wide and high. Raises PictureRefused.

    What it costs is bounded before anything is decoded: by the bytes, and by the pixels that the file's head promises.
    """
    content = _read(file)
    kind = _kind(content)
    _refuse_canvas(content, kind)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            _refuse_size(*picture.size, kind)
            picture.draft("RGB", (longest, longest))  # a JPEG is read at half, a quarter or an eighth of its size
            upright = ImageOps.exif_transpose(picture)
            shown = _on_white(upright)
    except TOO_MUCH:
        raise _too_large() from None
    except BROKEN:
        raise _no_picture() from None
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # A new picture: what the old one had beside its pixels (EXIF, comments, profiles) stays behind.
    plain = Image.new("RGB", shown.size)
    plain.paste(shown)
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _read(file: BinaryIO) -> bytes:
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large()
    return content


def _kind(content: bytes) -> str:
    """By the first bytes; the name that a file was given says nothing."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        message = _("This is a HEIC picture. Set the phone's camera to “most compatible” (JPEG), or take a screenshot.")
        raise PictureRefused(message, "heic")
    raise _no_picture()


def _refuse_canvas(content: bytes, kind: str) -> None:
    """WebP's reader makes room for the whole canvas when it opens a file, so its head is read here before."""
    if kind != "WEBP" or len(content) < 30:
        return
    if content[12:16] == b"VP8X":
        width = 1 + int.from_bytes(content[24:27], "little")
        height = 1 + int.from_bytes(content[27:30], "little")
    elif content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
    _refuse_size(width, height, kind)


def _refuse_size(width: int, height: int, kind: str) -> None:
    if width * height > MOST_PIXELS[kind]:
        raise _too_large()
    if min(width, height) < SHORTEST_SIDE:
        raise PictureRefused(_("This picture is too small to show anything. Choose another one."), "too_small")


def _on_white(picture: Image.Image) -> Image.Image:
    """In plain colours; what is transparent becomes white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _too_large() -> PictureRefused:
    message = _("This picture is too large. Choose a smaller one (%(count)d MB at most), or take a screenshot of it.")
    return PictureRefused(message % {"count": MOST_BYTES // 1024 // 1024}, "too_large")


def _no_picture() -> PictureRefused:
    message = _("This file is no picture, or it is damaged. Choose a photo (JPEG, PNG or WebP).")
    return PictureRefused(message, "no_picture")
