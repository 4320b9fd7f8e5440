import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, PatternFill, Side

from cunsao.workbook import FileRefused, Filled, Marked, fill, marked

pytestmark = pytest.mark.once


def form(**cells):
    book = Workbook()
    sheet = book.active
    sheet.title = "表一"
    for place, value in cells.items():
        sheet[place] = value
    return book


def saved(book):
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_marked_cells_are_found_with_sheet_and_place():
    book = form(A1="标题", B2="{{members}}", C3="共｛｛members｝｝人", D4=5)
    book.create_sheet("表二")["A9"] = "{{zones"
    assert marked(saved(book)) == [
        Marked("表一", "B2", "{{members}}"),
        Marked("表一", "C3", "共｛｛members｝｝人"),
        Marked("表二", "A9", "{{zones"),
    ]


def test_all_formats_stay():
    book = form(A1="标题", B2="{{members}}", C2="=B2*2", D2="1/2")
    sheet = book.active
    sheet.merge_cells("A1:D1")
    sheet["B2"].font, sheet["B2"].fill = Font(name="黑体", size=16, bold=True), PatternFill("solid", fgColor="FFFFEE00")
    sheet["B2"].number_format, sheet["B2"].border = "#,##0", Border(top=Side(style="double"))
    sheet.column_dimensions["B"].width, sheet.row_dimensions[2].height = 33, 41
    sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows = "A2", "landscape", "1:1"
    done = load_workbook(io.BytesIO(fill(saved(book), [Filled("表一", "B2", 4240)]))).active
    cell = done["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == (4240, "n", "#,##0")
    assert (cell.font.name, cell.font.size, cell.font.bold, cell.fill.fgColor.rgb) == ("黑体", 16, True, "FFFFEE00")
    assert cell.border.top.style == "double"
    assert (done.column_dimensions["B"].width, done.row_dimensions[2].height) == (33, 41)
    assert [str(each) for each in done.merged_cells.ranges] == ["A1:D1"]
    assert (done.freeze_panes, done.page_setup.orientation, done.print_title_rows) == ("A2", "landscape", "$1:$1")
    assert (done["C2"].value, done["D2"].value) == ("=B2*2", "1/2")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1"])
def test_no_text_becomes_a_formula(text):
    done = load_workbook(io.BytesIO(fill(saved(form(A1="{{a}}")), [Filled("表一", "A1", text)]))).active["A1"]
    assert (done.value, done.data_type) == (text, "s")


def test_yuan_are_a_number_also_in_a_cell_of_text():
    book = form(A1="{{a}}")
    book.active["A1"].number_format = "@"
    cell = load_workbook(io.BytesIO(fill(saved(book), [Filled("表一", "A1", Decimal("12.50"))]))).active["A1"]
    assert (cell.value, cell.data_type, cell.number_format) == (12.5, "n", "General")


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04", b"a,{{members}}\n", b"%PDF-1.4"])
def test_what_is_no_workbook_is_refused(file):
    with pytest.raises(FileRefused):
        marked(file)


def test_a_file_with_declarations_and_one_that_swells_are_refused_before_they_are_parsed():
    for file in (hostile_declaration(), hostile_bomb()):
        with pytest.raises(FileRefused):
            marked(file)
        with pytest.raises(FileRefused):
            fill(file, [])


def hostile_declaration():
    return changed(saved(form(A1="{{a}}")), "xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]>')


def hostile_bomb():
    return changed(saved(form(A1="{{a}}")), "xl/worksheets/sheet1.xml", b" " * 210_000_000)


def changed(content, part, before):
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                head, rest = data.split(b">", 1) if data.startswith(b"<?xml") else (b"", data)
                data = (head + b">" if head else b"") + before + rest
            new.writestr(name, data)
    return held.getvalue()
