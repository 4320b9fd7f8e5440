"""Files made by hand, part by part, as no honest program writes them."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Part = str | bytes | Iterable[bytes]


def xlsx(
    rows: str | Iterable[bytes] = "",
    *,
    before: str = "",
    after: str = "",
    parts: Mapping[str, Part] | None = None,
    prolog: str = HEAD,
    packed: bool = True,
) -> bytes:
    """A workbook with one sheet called S; `rows` is what stands in its sheetData, as XML."""
    start, end = f'{prolog}<worksheet xmlns="{MAIN}">{before}<sheetData>', f"</sheetData>{after}</worksheet>"
    middle = [rows.encode()] if isinstance(rows, str) else rows
    return zipped(
        {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/></Types>',
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": (
                part for piece in ([start.encode()], middle, [end.encode()]) for part in piece
            ),
            **(parts or {}),
        },
        packed=packed,
    )


def cell(address: str, value: object, kind: str = "n") -> str:
    return f'<c r="{address}" t="{kind}"><v>{value}</v></c>'


def zipped(parts: Mapping[str, Part], *, packed: bool = True) -> bytes:
    file, method = io.BytesIO(), zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as package:
        for name, part in parts.items():
            with package.open(name, "w", force_zip64=False) as entry:
                for piece in (
                    [part.encode() if isinstance(part, str) else part] if isinstance(part, str | bytes) else part
                ):
                    entry.write(piece)
    return file.getvalue()


def lying(content: bytes, part: str) -> bytes:
    """The same zip, whose directory says that the part unpacks to 100 bytes."""
    at = content.rindex(part.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    return content[: at + 24] + struct.pack("<I", 100) + content[at + 28 :]


def ole2(stream: str) -> bytes:
    """A compound file of Microsoft's with one empty stream of that name: header, allocation table, directory."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        62,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        end,
        0,
        end,
        0,
    )
    header += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    directory = _entry("Root Entry", 5, child=1) + _entry(stream, 2) + bytes(256)
    return header + table + directory


def password_protected(xls: bytes) -> bytes:
    """An .xls whose second record says that all the rest is encrypted."""
    at = xls.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return xls[:at] + struct.pack("<H", 0x2F) + xls[at + 2 :]


def _relation(kind: str, target: str) -> str:
    return (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _entry(name: str, kind: int, child: int = 0xFFFFFFFF) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    nothing = 0xFFFFFFFF
    return struct.pack("<64sHBBIII36xIQ", written, len(written), kind, 1, nothing, nothing, child, 0xFFFFFFFE, 0)


FIRST_CELL = f'<row r="1">{cell("A1", 1)}</row>'
