import io
from pathlib import Path

import openpyxl
import pytest

from cunsao import workbook
from tests.cunsao.workbook import hostile
from tests.cunsao.workbook.made import FIRST_CELL, cell, xlsx

ROSTERS = Path(__file__).parents[4] / "shared" / "rosters"
REMEDY = "改正身份证号"


def annotated(content, findings, **wishes):
    """The marked file's bytes and its first sheet as openpyxl sees it."""
    stream = io.BytesIO()
    workbook.annotate(content, findings, stream, **wishes)
    return stream.getvalue(), openpyxl.load_workbook(io.BytesIO(stream.getvalue())).worksheets[0]


def roster(name):
    content = (ROSTERS / name).read_bytes()
    return content, workbook.open(content, name).sheets[0]


@pytest.mark.parametrize("name", ["v01_clean.xlsx", "v07_legacy.xls", "v08_gbk.csv", "v09_merged_villages.xlsx"])
def test_a_file_comes_back_with_its_cells_and_what_to_do(name):
    content, before = roster(name)
    width = len(before.rows[0].cells)
    marked, sheet = annotated(content, [(before.name, 3, 3, REMEDY), (before.name, 5, None, "删去此行")])
    after = workbook.open(marked).sheets[0]
    assert [(row.number, row.cells[:width]) for row in after.rows] == [(row.number, row.cells) for row in before.rows]
    assert [row.cells[width] for row in after.rows][2:6] == [REMEDY, "", "删去此行", ""]
    assert sheet["D3"].comment.text == REMEDY
    assert sheet["D3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["D4"].comment is None
    assert sheet["D4"].fill.fgColor.rgb != "FFFFC7CE"


def test_a_marked_file_that_comes_again_is_marked_anew():
    content, before = roster("v01_clean.xlsx")
    first, _sheet = annotated(content, [(before.name, 3, 3, REMEDY)])
    second, sheet = annotated(first, [(before.name, 4, 4, "改正电话")])
    width = len(before.rows[0].cells)
    assert [row.cells[width:] for row in workbook.open(second).sheets[0].rows[1:5]] == [[""], [""], ["改正电话"], [""]]
    assert sheet["D3"].comment is None
    assert sheet["D3"].fill.fgColor.rgb != "FFFFC7CE"
    assert sheet["E4"].comment.text == "改正电话"


def test_several_findings_share_a_cell_and_a_row():
    content, before = roster("v01_clean.xlsx")
    _marked, sheet = annotated(
        content, [(before.name, 3, 3, "甲"), (before.name, 3, 3, "乙"), (before.name, 3, 4, "乙")]
    )
    assert sheet["D3"].comment.text == "甲\n乙"
    assert sheet.cell(3, len(before.rows[0].cells) + 1).value == "甲\n乙"


def test_a_finding_inside_a_merged_cell_stands_at_what_is_seen_of_it():
    content, before = roster("v09_merged_villages.xlsx")
    _marked, sheet = annotated(content, [(before.name, 5, 1, REMEDY)])
    assert sheet["B2"].comment.text == REMEDY


def test_the_heading_stands_in_the_header_row():
    content, before = roster("v02_title_and_signature_rows.xlsx")
    _marked, sheet = annotated(content, [(before.name, 6, 4, REMEDY)], header_rows={before.name: 4})
    column = len(before.rows[0].cells) + 1
    assert sheet.cell(1, column).value is None
    assert sheet.cell(4, column).value
    assert sheet.cell(6, column).value == REMEDY


def test_only_the_sheets_with_findings_change():
    content = (ROSTERS / "v04_sheet_per_village.xlsx").read_bytes()
    before = workbook.open(content).sheets
    marked, _sheet = annotated(content, [(before[1].name, 2, 1, REMEDY)])
    after = workbook.open(marked).sheets
    assert after[1].rows[1].cells == [*before[1].rows[1].cells, REMEDY]
    assert [sheet for sheet in after if sheet.name != before[1].name] == [before[0], *before[2:]]


def test_a_remedy_is_never_a_formula():
    content, before = roster("v01_clean.xlsx")
    _marked, sheet = annotated(content, [(before.name, 3, 3, "=1+1")])
    assert sheet.cell(3, len(before.rows[0].cells) + 1).data_type == "s"


def test_a_text_of_a_csv_file_comes_back_as_text():
    _marked, sheet = annotated("备注\n=1+1\n".encode(), [("", 2, 0, REMEDY)])
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=1+1")


def test_characters_that_no_workbook_can_hold_are_left_out():
    _marked, sheet = annotated("备注,东\x0b头\n".encode() * 50, [("", 1, 1, "“东\x0b头”")])
    assert (sheet["B1"].value, sheet["B1"].comment.text) == ("东头", "“东头”")


def test_a_table_up_to_the_last_column_loses_nothing_to_the_remedies():
    content = xlsx(f'<row r="1">{cell("XFC1", 1)}{cell("XFD1", 2)}</row><row r="2">{cell("XFD2", 3)}</row>')
    _marked, sheet = annotated(content, [("S", 2, 16_383, REMEDY)])
    assert [sheet["XFD1"].value, sheet["XFD2"].value, sheet["XFD2"].comment.text] == [2, 3, REMEDY]


def test_a_file_that_openpyxl_cannot_read_is_refused():
    with pytest.raises(workbook.FileRefused) as refusal:
        annotated(xlsx(FIRST_CELL, after="<mergeCells><mergeCell ref='?'/></mergeCells>"), [])
    assert refusal.value.code == "unreadable_file"


@pytest.mark.parametrize("name", ["a bomb", "a billion laughs", "ten thousand entries"])
def test_a_hostile_file_is_refused_here_too(name):
    with pytest.raises(workbook.FileRefused):
        annotated(hostile.FILES[name][0](), [])


def test_a_sheet_formatted_to_the_end_gets_its_column_beside_its_table():
    _marked, sheet = annotated(hostile.FILES["formatted to the end"][0](), [("S", 1, 0, REMEDY)], header_rows={"S": 1})
    assert sheet["A1"].comment.text == REMEDY
    assert sheet["B1"].value


def test_no_temporary_file_is_written(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    content, before = roster("v01_clean.xlsx")
    annotated(content, [(before.name, 3, 3, REMEDY)])
    assert list(tmp_path.iterdir()) == []
