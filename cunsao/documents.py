"""Documents that people upload, known by their content and never by their name: PDF, DOCX, XLSX, JPEG, PNG.

Nothing in them is opened or run here; they are handed out as attachments. Pictures are drawn anew (cunsao/pictures.py).
"""

import io
import zipfile
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cunsao import pictures

MOST_BYTES = 20 * 1024 * 1024
MOST_PARTS = 5000  # of a workbook or text: what has more is none
LONGEST = 2600  # pixels of a scanned page: to be read when printed
ACCEPTED = ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"  # for the browser's file dialogue; what counts is the content
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": pictures.CONTENT_TYPE,
}
HEARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class DocumentRefused(ValidationError):
    """Says why a file is not kept, and what to do. Codes: too_large, old_office, macros, damaged, no_document."""


class Document(NamedTuple):
    content: bytes
    ending: str  # one of TYPES


def known(file: BinaryIO) -> Document:
    """What may be kept of `file`. Raises DocumentRefused, and PictureRefused for what begins like a picture."""
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        message = _("This file is too large: %(count)d MB at most. Save it smaller, or scan it in black and white.")
        raise DocumentRefused(message % {"count": MOST_BYTES // 1024 // 1024}, "too_large")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise _damaged()
        return Document(content, "pdf")
    if content.startswith(b"PK\x03\x04"):
        return Document(content, _office(content))
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Document(pictures.clean(io.BytesIO(content), LONGEST), "jpg")
    if content.startswith(OLD_OFFICE):
        message = _("This is an old or locked Office file. Open it in Word, Excel or WPS and save it as .docx or PDF.")
        raise DocumentRefused(message, "old_office")
    message = _("This file cannot be kept. Choose a PDF, a .docx, an .xlsx, or a picture (JPEG, PNG).")
    raise DocumentRefused(message, "no_document")


def _office(content: bytes) -> str:
    """Which of the two it is, by the parts that a zip archive lists; none of them is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _damaged() from None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        message = _("This file has macros in it. Save it as .docx, .xlsx or PDF, without them.")
        raise DocumentRefused(message, "macros")
    found = [ending for heart, ending in HEARTS.items() if heart in names]
    if len(found) != 1 or "[Content_Types].xml" not in names or len(names) > MOST_PARTS:
        raise _damaged()
    return found[0]


def _damaged() -> DocumentRefused:
    return DocumentRefused(
        _("This file is damaged, or not what it is called. Save it again and choose it anew."), "damaged"
    )
