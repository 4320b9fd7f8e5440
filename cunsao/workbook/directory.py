"""What a zip's directory lists. Runs in the child process, where loading zipfile takes as long as unpacking a list.

So a directory of the common form is read here: one disk, no comment, nothing before or after, no sizes beyond 4 GB. On
that every program agrees; whatever differs is left to zipfile.
"""

import io
import struct

END, LISTED = b"PK\x05\x06", b"PK\x01\x02"
OF_END = struct.Struct("<4s4H2LH")
OF_ENTRY = struct.Struct("<4s6H3L5H2L")
BEYOND = 0xFFFF_FFFF  # stands where the true value follows elsewhere
NEWEST = 63  # version of the format that zipfile knows
UTF_8 = 0x800


class DirectoryError(ValueError):
    """The directory cannot be read."""


class Entry:
    """One file in a zip, as the directory has it."""

    __slots__ = ("compress_size", "compress_type", "filename", "flag_bits", "header_offset")

    def __init__(
        self, filename: str, flag_bits: int, compress_type: int, compress_size: int, header_offset: int
    ) -> None:  # fmt: skip
        self.filename = filename
        self.flag_bits = flag_bits
        self.compress_type = compress_type
        self.compress_size = compress_size
        self.header_offset = header_offset


def entries(content: bytes) -> list[Entry]:
    """All that the zip says it holds; raises DirectoryError."""
    try:
        found = _common(content)
    except (struct.error, UnicodeDecodeError):
        found = None
    return _any(content) if found is None else found


def _common(content: bytes) -> list[Entry] | None:
    """The entries of a directory of the common form; None for any other."""
    if len(content) < OF_END.size:
        return None
    mark, *disks, here, count, size, at, comment = OF_END.unpack_from(content, len(content) - OF_END.size)
    if mark != END or any(disks) or here != count or comment or at + size != len(content) - OF_END.size:
        return None
    found = []
    for _ in range(count):
        mark, _made, needed, flags, kind, _time, _day, _sum, packed, whole, *lengths, disk, _inner, _outer, start = (
            OF_ENTRY.unpack_from(content, at)
        )
        name = content[at + OF_ENTRY.size : at + OF_ENTRY.size + lengths[0]]
        at += OF_ENTRY.size + sum(lengths)
        if mark != LISTED or disk or needed > NEWEST or BEYOND in (packed, whole, start) or b"\0" in name:
            return None
        found.append(Entry(name.decode("utf-8" if flags & UTF_8 else "ascii"), flags, kind, packed, start))
    return found if at == len(content) - OF_END.size else None


def _any(content: bytes) -> list[Entry]:
    import zipfile  # noqa: PLC0415 - see above

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            listed = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DirectoryError from error
    return [
        Entry(each.filename, each.flag_bits, each.compress_type, each.compress_size, each.header_offset)
        for each in listed
    ]
