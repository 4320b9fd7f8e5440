"""A look into the zip of a workbook before any parser sees it: how large it really is, and where its cells failed.

Runs in the child process. The sizes in the zip's directory are never believed: bytes are counted as they unpack.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from cunsao.workbook.directory import DirectoryError, Entry, entries
from cunsao.workbook.sniffing import RefusalError, zip_kind

MOST_ENTRIES = 5_000  # a workbook with a sheet for each of a county's 349 villages has under 2,000
MOST_BYTES = 200_000_000  # 100,000 rows of 14 columns are 83 million
STEP = 16 * 1024  # packed bytes at a time; deflate makes at most 1,032 of one
STORED, DEFLATED = 0, 8  # how an entry is packed
LOCAL_HEADER = struct.Struct("<26xHH")

ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=["']([\w.-]+)""")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b([^<>]*\bt=["']e["'][^<>]*)>(?:[^<]|<(?!/?(?:\w+:)?(?:c|v)\b))*<(?:\w+:)?v>([^<]*)<"""
)
# A formula that no program has calculated: no <v>, or an empty one where the result is not declared to be text.
BARE_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
ADDRESS = re.compile(rb"([A-Z]{1,3})(\d{1,7})")

Faults = dict[tuple[int, int], str]


class Package:
    """An .xlsx file that passed: `faults` holds, for each part, the cells whose value is missing.

    Raises RefusalError when there are too many entries or bytes, a password, a declaration, or damage.
    """

    def __init__(self, content: bytes) -> None:
        self.faults: dict[str, Faults] = {}
        self.small: dict[str, bytes] = {}
        self._content = memoryview(content)
        self._unpacked = 0
        listed = _entries(content)
        zip_kind({entry.filename for entry in listed})
        for entry in listed:
            self._look(entry)

    def sheet_faults(self) -> list[Faults]:
        """One for each sheet, in the workbook's order."""
        targets = {
            attributes.get(b"Id"): attributes.get(b"Target", b"").decode("utf-8", "replace")
            for attributes in map(_attributes, RELATION.findall(self.small.get("xl/_rels/workbook.xml.rels", b"")))
        }
        sheets = map(_attributes, SHEET.findall(self.small.get("xl/workbook.xml", b"")))
        keys = [next((value for name, value in sheet.items() if name.endswith(b":id")), None) for sheet in sheets]
        return [self.faults.get(_part(targets.get(key, "")), {}) for key in keys]

    def _look(self, entry: Entry) -> None:
        part, picture = entry.filename, entry.filename.startswith("xl/media/")
        kept: list[bytes] | None = [] if part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels") else None
        rest = b""
        for number, chunk in enumerate(self._chunks(entry)):
            if picture:
                continue
            if not number and part.endswith((".xml", ".rels", ".vml")):
                _check_encoding(chunk)
            if kept is not None:
                kept.append(chunk)
            rest = self._search(part, rest + chunk)
        if rest and not picture:
            self._search(part, rest + b"<row>")
        if kept is not None:
            self.small[part] = b"".join(kept)

    def _chunks(self, entry: Entry) -> Iterator[bytes]:
        start = entry.header_offset
        header = self._content[start : start + LOCAL_HEADER.size]
        if len(header) < LOCAL_HEADER.size:
            raise RefusalError("damaged")
        start += LOCAL_HEADER.size + sum(LOCAL_HEADER.unpack(header))
        packed = self._content[start : start + entry.compress_size]
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for at in range(0, len(packed), STEP):
            piece = packed[at : at + STEP]
            chunk = bytes(piece) if entry.compress_type == STORED else unpacker.decompress(piece)
            self._unpacked += len(chunk)
            if self._unpacked > MOST_BYTES:
                raise RefusalError("unpacked", megabytes=MOST_BYTES // 1_000_000)
            yield chunk
        if entry.compress_type != STORED and not unpacker.eof:
            raise RefusalError("damaged")

    def _search(self, part: str, text: bytes) -> bytes:
        """Note what is wrong in a stretch of XML; gives back its tail, which the next chunk completes."""
        # One letter is found ten times faster than two, so it is asked first: large sheets rarely have it.
        if b"!" in text and b"<!" in text and DECLARATION.search(text):
            raise RefusalError("declarations")
        if not part.startswith("xl/worksheets/"):
            return text[-16:]
        if b't="e"' not in text and b"t='e'" not in text and not (b"f" in text and (b"<f" in text or b":f" in text)):
            return text[max(text.rfind(b"<row"), text.rfind(b":row"), len(text) - 1_000_000, 0) :]
        end = max(text.rfind(b"<row"), text.rfind(b":row"), 0)
        found = self.faults.setdefault(part, {})
        for attributes, shown in ERROR_CELL.findall(text, 0, end):
            _note(found, attributes, shown.decode("utf-8", "replace"))
        for attributes, value in BARE_FORMULA.findall(text, 0, end):
            if not (value and re.search(rb"""\bt=["']str["']""", attributes)):
                _note(found, attributes, "")
        return text[end:]


def _entries(content: bytes) -> list[Entry]:
    try:
        listed = entries(content)
    except DirectoryError as error:
        raise RefusalError("damaged" if b"PK\x05\x06" in content else "cut_off") from error
    if len(listed) > MOST_ENTRIES:
        raise RefusalError("entries", entries=MOST_ENTRIES)
    for entry in listed:
        if entry.flag_bits & 1:
            raise RefusalError("encrypted")
        if entry.compress_type not in (STORED, DEFLATED):
            raise RefusalError("damaged")
    return listed


def _check_encoding(beginning: bytes) -> None:
    """A document type could hide in another encoding from the search for it, so only UTF-8 passes."""
    declared = ENCODING.match(beginning)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise RefusalError("declarations")
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\x4c\x6f"):
        raise RefusalError("declarations")


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {name: one or two for name, one, two in ATTRIBUTE.findall(text)}


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else "xl/" + target


def _note(found: Faults, attributes: bytes, shown: str) -> None:
    address = ADDRESS.fullmatch(_attributes(attributes).get(b"r", b""))
    if address:
        column = 0
        for letter in address[1]:
            column = column * 26 + letter - 64
        found[int(address[2]), column - 1] = shown
