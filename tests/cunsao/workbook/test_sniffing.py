import codecs
from pathlib import Path

import pytest

from cunsao import workbook
from cunsao.workbook.refusals import refused
from tests.cunsao.workbook.made import FIRST_CELL, ole2, password_protected, xlsx, zipped

ROSTERS = Path(__file__).parents[4] / "shared" / "rosters"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"

REFUSED = {
    "empty": (b"", "empty"),
    "only zeros": (bytes(4096), "empty"),
    "pdf": (b"%PDF-1.7\n1 0 obj\n", "pdf"),
    "picture": (PNG, "image"),
    "photo of an iPhone": (b"\0\0\0\x18ftypheic", "image"),
    "web page": ("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "web_page"),
    "web page after a mark": (codecs.BOM_UTF8 + b"\n<!DOCTYPE html><p>", "web_page"),
    "table without a page": ("<table border=1><tr><td>姓名".encode("gb18030"), "web_page"),
    "xml of Excel 2003": (b'<?xml version="1.0"?><Workbook></Workbook>', "xml_sheet"),
    "docx": (zipped({"[Content_Types].xml": "", "word/document.xml": "<w/>"}), "document"),
    "doc": (ole2("WordDocument"), "document"),
    "slides": (zipped({"ppt/presentation.xml": "<p/>"}), "slides"),
    "xlsb": (zipped({"xl/workbook.bin": b"\0"}), "other_sheet"),
    "ods": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<o/>"}),
        "other_sheet",
    ),
    "zip": (zipped({"花名册.xlsx": b"PK"}), "archive"),
    "rar": (b"Rar!\x1a\x07\x01\0", "archive"),
    "null bytes": ("姓名,电话\n\0\0\0,1\n".encode(), "unknown"),
    "a single null byte": (("姓名,电话\n" * 1_000 + "\0").encode(), "unknown"),
    "random bytes": (bytes(range(256)) * 4, "unknown"),
    "encrypted": (ole2("EncryptedPackage"), "encrypted"),
    "cut off": (xlsx(FIRST_CELL)[:-60], "cut_off"),
    "cut off early": (xlsx(FIRST_CELL)[:300], "cut_off"),
    "no workbook inside": (zipped({"[Content_Types].xml": "<Types/>"}), "damaged"),
    "xls without cells": (ole2("Workbook"), "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_workbook_is_named_for_what_it_is(name):
    content, reason = REFUSED[name]
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open(content, "花名册.xls")
    wanted = refused(reason)
    assert (refusal.value.code, refusal.value.message) == (wanted.code, wanted.message)


def test_an_xls_with_a_password_is_encrypted():
    content = password_protected((ROSTERS / "v07_legacy.xls").read_bytes())
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open(content)
    assert refusal.value.code == "encrypted_file"


def test_a_cell_that_says_encrypted_package_encrypts_nothing():
    content = (ROSTERS / "v07_legacy.xls").read_bytes() + b"\0" * 30 + "EncryptedPackage\0".encode("utf-16-le")
    assert workbook.open(content).kind == "xls"


def test_an_upload_of_more_than_20_megabytes_is_too_large():
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open(b"a," * 10_000_001)
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_any_encoding_and_with_any_delimiter(encoding, delimiter):
    content = f"花名册\n姓名{delimiter}电话\n何洁玉{delimiter}13979343270\n".encode(encoding)
    book = workbook.open(content, "江口镇.csv")
    assert book.kind == "csv"
    assert [sheet.name for sheet in book.sheets] == ["江口镇"]
    assert [row.cells for row in book.sheets[0].rows] == [["花名册", ""], ["姓名", "电话"], ["何洁玉", "13979343270"]]


def test_the_ending_is_never_asked():
    assert workbook.open(xlsx(FIRST_CELL), "花名册.csv").kind == "xlsx"
    assert workbook.open(b"a,b\n", "a.xlsx").kind == "csv"
