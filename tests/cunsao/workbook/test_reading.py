import io
import json
import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from cunsao import workbook
from cunsao.workbook import cells
from tests.cunsao.workbook.made import FIRST_CELL, cell, xlsx

ROSTERS = Path(__file__).parents[4] / "shared" / "rosters"
SPECS = sorted(ROSTERS.glob("v*.json"))


def made(fill):
    book = openpyxl.Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return workbook.open(stream.getvalue(), "made.xlsx")


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_every_roster_opens_with_all_its_members(spec):
    wanted = json.loads(spec.read_text(encoding="utf-8"))
    with (ROSTERS / wanted["file"]).open("rb") as file:
        book = workbook.open(file)
    assert book.name == wanted["file"]
    rows = [[cells.text(c) for c in row.cells if type(c) is str] for sheet in book.sheets for row in sheet.rows]
    numbers = {written.upper() for row in rows for written in row}
    assert len(rows) >= wanted["rows"] + 1
    assert {member["national_id"] for member in wanted["members"]} <= numbers


def test_the_rosters_are_there():
    assert len(SPECS) == 10


def test_numbers_that_lost_digits_stand_in_the_rows_that_the_roster_names():
    with (ROSTERS / "v05_numbers.xlsx").open("rb") as file:
        rows = workbook.open(file).sheets[0].rows
    assert [row.number for row in rows if any(map(cells.lost_digits, row.cells))] == [4, 7]


def test_merged_cells_are_filled_downwards_and_to_the_right():
    with (ROSTERS / "v09_merged_villages.xlsx").open("rb") as file:
        rows = workbook.open(file).sheets[0].rows
    assert [row.cells[0] for row in rows[1:]] == ["王岗镇"] * 15
    assert [row.cells[1] for row in rows[1:6]] == [rows[1].cells[1]] * 5
    assert rows[6].cells[1] != rows[5].cells[1]


def test_a_merge_makes_no_rows_out_of_nothing():
    rows = f'<row r="1">{cell("A1", 7)}{cell("B1", 1)}</row>'
    rows += f'<row r="3">{cell("B3", 2)}</row><row r="9">{cell("B9", 3)}</row>'
    book = workbook.open(xlsx(rows, after='<mergeCells><mergeCell ref="A1:A5"/></mergeCells>'))
    assert book.sheets[0].rows == [(1, [7, 1]), (3, [7, 2]), (9, ["", 3])]


def test_rows_keep_the_numbers_and_columns_of_the_sheet():
    book = workbook.open(xlsx(f'<row r="3">{cell("C3", 4)}</row><row r="7">{cell("D7", 5)}</row>'))
    assert book.sheets[0].rows == [(3, ["", "", 4, ""]), (7, ["", "", "", 5])]


def test_a_row_of_invisible_characters_is_empty():
    blank = '<c r="A2" t="inlineStr"><is><t>\u3000\u200b </t></is></c>'
    book = workbook.open(xlsx(f'{FIRST_CELL}<row r="2">{blank}</row><row r="3">{cell("A3", 0)}</row>'))
    assert book.sheets[0].rows == [(1, [1]), (3, [0])]


def test_a_false_dimension_hides_nothing():
    book = workbook.open(xlsx(FIRST_CELL + f'<row r="3">{cell("C3", 4)}</row>', before='<dimension ref="A1"/>'))
    assert book.sheets[0].rows == [(1, [1, "", ""]), (3, ["", "", 4])]


def test_hidden_sheets_are_left_out_and_named():
    def fill(book):
        for name, state in [("藏", "hidden"), ("深藏", "veryHidden"), ("明", "visible")]:
            sheet = book.create_sheet(name)
            sheet.sheet_state = state
            sheet.append([name])

    book = made(fill)
    assert [sheet.name for sheet in book.sheets] == ["Sheet", "明"]
    assert book.left_out == ["藏", "深藏"]
    assert book.sheets[1].rows == [(1, ["明"])]


def test_cells_keep_their_types():
    moment = datetime(2020, 1, 2, 3, 4)  # noqa: DTZ001 - a cell has no zone
    values = ["文字", 1.5, True, date(2020, 1, 2), moment, time(5, 6), timedelta(hours=30)]
    [row] = made(lambda book: book.active.append(values)).sheets[0].rows
    assert row.cells == values
    assert [type(value) for value in row.cells] == [type(value) for value in values]


def test_csv_keeps_quotes_newlines_and_row_numbers():
    content = '姓名,备注\n"何洁玉","住""东头""\n第二行"\n\n龚颖,完\n'.encode()
    assert workbook.open(content).sheets[0].rows == [
        (1, ["姓名", "备注"]),
        (2, ["何洁玉", '住"东头"\n第二行']),
        (4, ["龚颖", "完"]),
    ]


def test_a_quotation_mark_without_partner_swallows_no_rows():
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open('姓名,备注\n何洁玉,"东头\n龚颖,完\n'.encode())
    assert refusal.value.code == "unreadable_file"


def test_an_apostrophe_that_keeps_excel_from_calculating_is_no_part_of_the_value():
    assert workbook.open(b"'=1+1,'341226199001011234,'tis\n").sheets[0].rows[0].cells == [
        "=1+1",
        "341226199001011234",
        "'tis",
    ]


def test_reading_leaves_no_file_behind(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    workbook.open(xlsx(FIRST_CELL))
    assert os.listdir(tmp_path) == []
