import csv
import io
import tempfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cunsao import workbook
from cunsao.workbook import Column, Plan, write, write_csv
from cunsao.workbook.reading import CHOICES_SHEET

COLUMNS = [
    Column("姓名"),
    Column("身份证号", length=18),
    Column("职务", choices=["会长", "会员"]),
    Column("入会时间", "day"),
    Column("金额", "amount"),
    Column("户数", "number"),
]
ROW = ["何洁玉", 341226199001011234, "会员", date(2020, 1, 2), Decimal("200.50"), 3]


def written(*plans):
    stream = io.BytesIO()
    write(plans, stream)
    return stream.getvalue()


def sheet(**wishes):
    """The first sheet as openpyxl sees it."""
    plan = Plan(**{"name": "花名册", "columns": COLUMNS, "rows": [ROW]} | wishes)
    return openpyxl.load_workbook(io.BytesIO(written(plan))).worksheets[0]


def test_what_is_written_is_read_again():
    book = workbook.open(written(Plan("花名册", COLUMNS, [ROW], titles=["颍上县"], closing=["审核人："])))
    assert [name.name for name in book.sheets] == ["花名册"]
    assert book.left_out == []
    assert book.sheets[0].rows[1:3] == [
        (2, [column.heading for column in COLUMNS]),
        (3, ["何洁玉", "341226199001011234", "会员", date(2020, 1, 2), 200.5, 3]),
    ]


def test_numbers_of_persons_are_text_in_text_format():
    cell = sheet()["B2"]
    assert (cell.data_type, cell.number_format, cell.value) == ("s", "@", "341226199001011234")


@pytest.mark.parametrize("text", ["=1+1", "+86 139", "-1", "@SUM(A1)", "#N/A", "=cmd|'/C calc'!A0", "\t=1"])
@pytest.mark.parametrize("kind", ["text", "number", "amount", "day"])
def test_no_text_becomes_a_formula(text, kind):
    cell = sheet(columns=[Column("备注", kind)], rows=[[text]])["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_titles_headings_choices_and_closing_lines_are_no_formulas():
    made = sheet(columns=[Column("=1", choices=["=2"])], rows=[["=3"]], titles=["=4"], closing=["=5"])
    assert [made[f"A{row}"].data_type for row in range(1, 5)] == ["s"] * 4
    assert made.parent[CHOICES_SHEET]["A1"].data_type == "s"


@settings(max_examples=25, deadline=None)  # a child process reads each
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_text_comes_back_but_for_characters_that_excel_forbids(texts):
    plan = Plan("S", [Column("备注"), Column("号")], [[text, "1"] for text in texts])
    rows = workbook.open(written(plan)).sheets[0].rows[1:]
    allowed = [_as_xml_keeps_it(text) for text in texts]
    assert [row.cells[0] for row in rows] == allowed


def _as_xml_keeps_it(text):
    kept = (
        mark
        for mark in text
        if mark in "\t\n\r" or (mark >= " " and mark not in "\ufffe\uffff" and not 0xD800 <= ord(mark) < 0xE000)
    )
    return "".join(kept).replace("\r\n", "\n").replace("\r", "\n")


def test_a_text_that_excel_would_cut_is_refused():
    with pytest.raises(ValueError):
        written(Plan("S", [Column("备注")], [["x" * 32_768]]))


def test_the_header_stays_in_sight_and_on_every_page():
    made = sheet(titles=["颍上县", "二"])
    assert made.freeze_panes == "A4"
    assert made.print_title_rows == "$3:$3"
    assert {str(merged) for merged in made.merged_cells.ranges} == {"A1:F1", "A2:F2"}


@pytest.mark.parametrize(("landscape", "orientation"), [(True, "landscape"), (False, "portrait")])
def test_a_sheet_is_printed_on_a4_as_wide_as_the_page(landscape, orientation):
    made = sheet(landscape=landscape)
    assert (made.page_setup.paperSize, made.page_setup.orientation) == (9, orientation)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert (made.page_setup.fitToWidth, made.page_setup.fitToHeight) == (1, 0)
    assert "&P" in made.oddFooter.center.text


def test_a_chinese_character_takes_two_of_width():
    made = sheet(columns=[Column("甲"), Column("乙"), Column("丙", width=9)], rows=[["a" * 10, "村" * 10, "村" * 10]])
    assert [made.column_dimensions[letter].width for letter in "ABC"] == [12, 22, 9]


def test_choices_come_from_a_sheet_that_no_menu_shows():
    made = sheet(blank_rows=2)
    assert made.parent[CHOICES_SHEET].sheet_state == "veryHidden"
    assert [cell.value for cell in made.parent[CHOICES_SHEET]["A"]] == ["会长", "会员"]
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.showErrorMessage)
        for rule in made.data_validations.dataValidation
    }
    assert rules == {
        "B2:B4": ("textLength", "18", True),
        "C2:C4": ("list", f"'{CHOICES_SHEET}'!$A$1:$A$2", True),
    }


def test_a_protected_sheet_lets_its_rows_be_typed_into_and_nothing_else():
    made = sheet(protected=True, blank_rows=1, titles=["颍上县"])
    assert made.protection.sheet
    assert [made[f"A{row}"].protection.locked for row in (1, 2, 3, 4)] == [True, True, False, False]
    assert not sheet().protection.sheet


@pytest.mark.parametrize("name", ["a/b:c?", "村" * 40, "x[1]*\\"])
def test_any_name_becomes_one_that_excel_takes(name):
    assert len(sheet(name=name).title) <= 31


def test_writing_touches_no_temporary_file(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr("openpyxl.worksheet._writer.NamedTemporaryFile", refuse)
    assert written(Plan("S", COLUMNS, [ROW]))


def test_csv_has_a_mark_and_nothing_that_excel_calculates():
    stream = io.BytesIO()
    write_csv(
        [["姓名", "电话"], ["=1+1", "+86 139"], ["-1", "@x"], ["\t1", "\r2"], ["＝1", -1], ["何洁玉", None]], stream
    )
    content = stream.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["'=1+1", "'+86 139"], ["'-1", "'@x"], ["'\t1", "'\r2"], ["'＝1", "-1"], ["何洁玉", ""]]
    assert workbook.open(content).sheets[0].rows[1].cells == ["=1+1", "+86 139"]


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch):
    monkeypatch.setattr("cunsao.workbook.rows.MOST_ROWS", 3)
    assert written(Plan("S", [Column("备注")], [["1"], ["2"]]))
    with pytest.raises(ValueError):
        written(Plan("S", [Column("备注")], [["1"], ["2"], ["3"]]))


def test_rows_are_packed_while_they_come():
    """What was written takes no memory but its packed bytes: a large sheet reaches the stream before it ends."""
    stream, seen = io.BytesIO(), []

    def rows():
        for number in range(20_000):
            seen.append(stream.tell())
            yield [f"{number * 7919 % 10007:05}" * 3]

    write([Plan("S", [Column("备注")], rows())], stream)
    assert 0 < seen[len(seen) // 2] < seen[-1] < len(stream.getvalue())


def test_the_pieces_of_a_csv_file_come_while_its_rows_do():
    taken = []

    def rows():
        for number in range(2_000):
            taken.append(number)
            yield [number]

    pieces = workbook.csv_pieces(rows())
    next(pieces), next(pieces)
    assert len(taken) < 1_000
    assert b"".join(pieces).splitlines()[-1] == b"1999"
