import io
import zipfile
from pathlib import Path

import pytest

from cunsao.workbook import directory

BOOKS = sorted(Path(__file__).parents[2].glob("workbooks/*.xlsx"))


def packed(names=("a", "b"), comment=b"", before=b""):
    stream = io.BytesIO(before)
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, name * 100)
        package.comment = comment
    return stream.getvalue()


def told(entries):
    names = ("filename", "flag_bits", "compress_type", "compress_size", "header_offset")
    return [tuple(getattr(each, name) for name in names) for each in entries]


def by_zipfile(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return told(package.infolist())


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_workbooks_directory_is_of_the_common_form_and_read_as_zipfile_reads_it(path):
    content = path.read_bytes()
    assert told(directory._common(content)) == by_zipfile(content)


@pytest.mark.parametrize(
    "content",
    [packed(comment=b"said"), packed(before=b"before"), packed(["名", "b"])],
    ids=["comment", "before", "name"],
)
def test_any_other_form_is_read_by_zipfile_itself(content):
    assert told(directory.entries(content)) == by_zipfile(content)


@pytest.mark.parametrize(
    ("at", "byte"),
    [(0, 1), (6, 1), (10, 9), (12, 1), (16, 1)],
    ids=["mark", "disk", "count", "size", "offset"],
)
def test_a_directory_that_contradicts_itself_is_not_of_the_common_form(at, byte):
    content = bytearray(packed())
    content[len(content) - 22 + at] ^= byte
    assert directory._common(bytes(content)) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", packed()[:-30]])
def test_what_has_no_directory_is_refused(content):
    with pytest.raises(directory.DirectoryError):
        directory.entries(content)
