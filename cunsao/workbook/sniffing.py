"""What a file really is, told by its content; its name is never asked.

Runs in the child process, where nothing of Django is loaded: a refusal is a reason, refusals.py has its sentence.
"""

import re
import struct

ZIP = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGINNINGS = [
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"PK\x05\x06", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "document"),
]
BYTE_ORDER_MARKS = [(b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")]
# What lies in a zip, or in the older container that Excel 97 wrote and encrypted workbooks still use.
ZIPPED = [
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "other_sheet"),
    ("word/document.xml", "document"),
    ("ppt/presentation.xml", "slides"),
    ("content.xml", "other_sheet"),
]
STREAMS = [
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "document"),
    ("PowerPoint Document", "slides"),
]
# What makes a spreadsheet calculate a text from a csv file, in either width: reading takes off the apostrophe that
# writing puts before it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLS_BEGINNING = b"\x09\x08\x10\0\0\x06\x05\0"  # first record of a workbook since Excel 97
FILEPASS = 0x2F
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
TAG = re.compile(r"\s*<(!doctype\s+html|html|head|body|meta|table|style|div|\?xml)\b", re.IGNORECASE)


class RefusalError(Exception):
    """A reason of refusals.py, with the values that its sentence names."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


def kind(content: bytes) -> str:
    """xlsx (which may turn out to be another zip), xls or csv; raises RefusalError for everything else."""
    if not content.strip(b"\0 \t\r\n"):
        raise RefusalError("empty")
    if content.startswith(ZIP):
        return "xlsx"
    if content.startswith(OLE2):
        return ole2_kind(content)
    for beginning, reason in BEGINNINGS:
        if content.startswith(beginning) and not (reason == "image" and _is_text(content)):
            raise RefusalError(reason)
    if content[4:8] == b"ftyp" or content[8:12] == b"WEBP":
        raise RefusalError("image")
    return "csv"


def zip_kind(names: set[str]) -> str:
    """What a zip with these entries is: always xlsx, raises RefusalError otherwise."""
    for part, result in ZIPPED:
        if part in names:
            if result != "xlsx":
                raise RefusalError(result)
            return result
    raise RefusalError("damaged" if "[Content_Types].xml" in names else "archive")


def ole2_kind(content: bytes) -> str:
    """What the older container holds: always xls, raises RefusalError otherwise."""
    for stream, result in STREAMS:
        if _has_stream(content, stream):
            if result != "xls" or _has_password(content):
                raise RefusalError("encrypted" if result == "xls" else result)
            return result
    raise RefusalError("cut_off" if len(content) % 512 else "unknown")


def decoded(content: bytes) -> str:
    """The text of a csv file: UTF-8, GB18030 as a Chinese Excel writes it, or UTF-16 with its mark.

    Raises RefusalError where the bytes are no text, or a web page under a false name.
    """
    encodings = [name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise RefusalError("unknown")
    if "\0" in text or len(CONTROLS.findall(text)) > len(text) / 100:
        raise RefusalError("unknown")
    if tag := TAG.match(text):
        raise RefusalError("xml_sheet" if tag[1].lower() == "?xml" and "<html" not in text[:2000] else "web_page")
    return text


def _is_text(content: bytes) -> bool:
    return b"\0" not in content[:4096]


def _has_password(content: bytes) -> bool:
    """Whether one of an .xls file's first records announces encryption, which calamine takes for an unknown format."""
    at = content.find(XLS_BEGINNING)
    for _ in range(4):
        if at < 0 or at + 4 > len(content):
            return False
        record, length = struct.unpack_from("<HH", content, at)
        if record == FILEPASS:
            return True
        at += 4 + length
    return False


def _has_stream(content: bytes, name: str) -> bool:
    """Directory entries are 128 bytes at a multiple of 128, name first; so no cell's text is taken for one."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    length = len(wanted).to_bytes(2, "little")
    at = content.find(wanted, 512)
    while at >= 0:
        if at % 128 == 0 and content[at + 64 : at + 66] == length:
            return True
        at = content.find(wanted, at + 1)
    return False
