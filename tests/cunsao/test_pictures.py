"""What comes in as a picture is drawn anew, whatever else it was; and nothing is decoded that costs too much."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from cunsao.pictures import MOST_BYTES, PictureRefused, clean

pytestmark = pytest.mark.once
LONGEST = 400


def drawn(kind="JPEG", size=(1200, 800), mode="RGB", colour="red", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def cleaned(content, longest=LONGEST):
    return Image.open(io.BytesIO(clean(io.BytesIO(content), longest)))


def refusal(content):
    with pytest.raises(PictureRefused) as refused:
        clean(io.BytesIO(content), LONGEST)
    return refused.value.code


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, *between):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(between) + data + chunk(b"IEND", b"")


def exif(orientation=1, place=True):
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010F] = "相机"
    if place:
        told.get_ifd(0x8825).update({1: "N", 2: (32.0, 37.0, 30.0), 3: "E", 4: (116.0, 15.0, 20.0)})
    return told


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(1200, 800), (300, 200), (17, 3000)])
def test_a_picture_is_a_jpeg_of_at_most_that_size(kind, size):
    made = cleaned(drawn(kind, size))
    assert made.format == "JPEG"
    assert max(made.size) <= LONGEST
    assert max(made.size) == min(LONGEST, max(size))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_the_place_where_it_was_taken_is_gone(kind):
    told = drawn(kind, exif=exif())
    assert Image.open(io.BytesIO(told)).getexif().get_ifd(0x8825)
    made = cleaned(told)
    assert not made.getexif()
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_taken_with_the_phone_on_its_side_stands_upright():
    picture = Image.new("RGB", (600, 300), "red")
    picture.paste("blue", (0, 0, 300, 300))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif(orientation=6), quality=95)
    made = cleaned(out.getvalue())
    assert made.size == (200, 400)
    assert made.getpixel((100, 50))[2] > 200
    assert made.getpixel((100, 350))[0] > 200


@pytest.mark.parametrize(
    ("mode", "kind", "colour"),
    [("RGBA", "PNG", (0, 0, 0, 0)), ("LA", "PNG", (0, 0)), ("RGBA", "WEBP", (0, 0, 0, 0)), ("P", "PNG", 0),
     ("CMYK", "JPEG", 0), ("L", "JPEG", 255), ("1", "PNG", 1), ("I;16", "PNG", 65535)],
)  # fmt: skip
def test_every_kind_of_colour_is_taken_and_what_is_transparent_is_white(mode, kind, colour):
    options = {"transparency": 0} if mode == "P" else {}
    made = cleaned(drawn(kind, mode=mode, colour=colour, **options))
    assert made.mode == "RGB"
    assert min(made.getpixel((5, 5))) > 240


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_second_file_behind_the_picture_nothing_is_left(kind):
    hidden = b"PK\x03\x04<script>alert(1)</script><?php system($_GET[0]); ?>%PDF-1.7"
    content = drawn(kind) + hidden
    assert b"script" not in clean(io.BytesIO(content), LONGEST)
    assert b"php" not in clean(io.BytesIO(drawn("JPEG", comment=hidden)), LONGEST)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 50, b"%PDF-1.7",
     drawn("BMP"), drawn("TIFF"), drawn("GIF"), drawn()[:400], drawn("PNG")[:60], drawn("WEBP")[:40],
     png(100, 100, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 80_000_000))), png(100, 100)],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(content):
    assert refusal(content) == "no_picture"


def test_a_picture_of_an_iphone_is_told_from_others():
    assert refusal(b"\0\0\0\x18ftypheic" + b"\0" * 20) == "heic"


def test_nothing_to_see_is_refused():
    assert refusal(drawn(size=(8, 500))) == "too_small"


def huge_jpeg(side=60_000):
    content = bytearray(drawn(size=(64, 64)))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", side, side)
    return bytes(content)


def huge_webp(kind):
    body = {
        b"VP8X": struct.pack("<I", 10) + bytes(4) + b"\xfe\x3f\0" + b"\xfe\x3f\0",
        b"VP8L": struct.pack("<I", 9) + b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + bytes(4),
        b"VP8 ": struct.pack("<I", 10) + b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383),
    }[kind]
    content = b"WEBP" + kind + body
    return b"RIFF" + struct.pack("<I", len(content)) + content + bytes(20)


@pytest.mark.parametrize(
    "content",
    [png(50_000, 50_000), png(5_001, 5_000), huge_jpeg(), huge_jpeg(8_001), huge_webp(b"VP8X"), huge_webp(b"VP8L"),
     huge_webp(b"VP8 "), b"\xff\xd8\xff" + bytes(MOST_BYTES)],
    ids=["png", "png just over", "jpeg", "jpeg just over", "webp", "webp lossless", "webp lossy", "bytes"],
)  # fmt: skip
def test_a_bomb_is_refused_before_anything_is_decoded(content, tmp_path):
    assert refusal(content) == "too_large"
    assert cost(content, tmp_path) < 40


def test_a_picture_of_fifty_million_pixels_costs_little(tmp_path):
    content = drawn(size=(8000, 6000), colour="green")
    assert cleaned(content, 1600).size == (1600, 1200)
    assert cost(content, tmp_path) < 100


def cost(content, folder):
    """MB that a process needs for one picture beside its own."""
    path = folder / "picture"
    path.write_bytes(content)
    told = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    return int(told.stdout)


MEASURE = """
import sys, resource, io
from django.conf import settings
settings.configure(USE_I18N=False)
from cunsao.pictures import PictureRefused, clean
from PIL import Image
def used(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
small = io.BytesIO(); Image.new("RGB", (20, 20)).save(small, "JPEG"); clean(small, 20)
before = used()
try:
    with open(sys.argv[1], "rb") as file:
        clean(file, 1600)
except PictureRefused:
    pass
print(used() - before)
"""
