import io
import zipfile

import pytest
from PIL import Image

from cunsao import documents, pictures
from cunsao.documents import DocumentRefused

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def office(heart, *more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in ("[Content_Types].xml", heart, *more):
            parts.writestr(name, "<x/>")
    return out.getvalue()


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "ending"),
    [(PDF, "pdf"), (office("word/document.xml"), "docx"), (office("xl/workbook.xml"), "xlsx"),
     (picture("JPEG"), "jpg"), (picture("PNG"), "jpg")],
)  # fmt: skip
def test_a_document_is_known_by_its_content(content, ending):
    assert documents.known(io.BytesIO(content)).ending == ending


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_document"),
        (b"<html><script>alert(1)</script></html>", "no_document"),
        (b"MZ\x90\x00program", "no_document"),
        (b"<html>" + PDF, "no_document"),  # a PDF that begins as something else
        (PDF[:20], "damaged"),
        (office("word/document.xml")[:60], "damaged"),
        (office("index.html"), "damaged"),  # an archive
        (office("word/document.xml", "xl/workbook.xml"), "damaged"),
        (office("word/document.xml", "word/vbaProject.bin"), "macros"),
        (documents.OLD_OFFICE + b"\x00" * 99, "old_office"),
        (PDF + b" " * documents.MOST_BYTES, "too_large"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(content, code):
    with pytest.raises(DocumentRefused) as refusal:
        documents.known(io.BytesIO(content))
    assert refusal.value.code == code


def test_a_torn_picture_is_refused():
    with pytest.raises(pictures.PictureRefused):
        documents.known(io.BytesIO(b"\xff\xd8\xff" + b"x" * 50))


def test_a_program_behind_a_picture_is_left_out():
    kept = documents.known(io.BytesIO(picture("JPEG") + b"<script>alert(1)</script>"))
    assert b"script" not in kept.content
