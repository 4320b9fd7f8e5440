"""Findings written into a workbook: red cells, a comment in each, and a last column that says what to do.

Runs in the child process, since openpyxl hangs on hostile files; annotating.py asks for it.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from cunsao.workbook import saving, tables
from cunsao.workbook.sniffing import kind
from cunsao.workbook.unpacking import Package

RED = PatternFill("solid", fgColor="FFFFC7CE")
RED_FONT = Font(color="FF9C0006")
NO_FILL = PatternFill()
COMMENT_WIDTH, COMMENT_HEIGHT = 280, 110  # points
REMEDY_WIDTH = 60  # characters
LAST_COLUMN = 16_384

Finding = tuple[str, int, int | None, str]


def answer(content: bytes, wishes: dict[str, Any]) -> Iterator[dict[str, object]]:
    """One {"file"}. Wishes are findings, header_rows, heading and author as annotating.annotate puts them together."""
    found = kind(content)
    workbook = _opened(content) if found == "xlsx" else _rewritten(content)
    for sheet in workbook.worksheets:
        findings = [told for told in wishes["findings"] if found == "csv" or told[0] == sheet.title]
        if findings:
            _mark(sheet, findings, wishes["header_rows"].get(sheet.title, 1), wishes["heading"], wishes["author"])
    stream = io.BytesIO()
    saving.save(workbook, stream)
    yield {"file": stream.getvalue()}


def _opened(content: bytes) -> Workbook:
    Package(content)
    return load_workbook(io.BytesIO(content))  # its many errors end this process, and child.py calls the file damaged


def _rewritten(content: bytes) -> Workbook:
    """The same cells in a new workbook, for the older kinds that openpyxl cannot write."""
    workbook = Workbook()
    sheet: Any = workbook.active
    fresh = True
    for told in tables.answer(content):
        if isinstance(told, tuple):
            _copy(sheet, told)
        elif "sheet" in told:
            if not fresh:
                sheet = workbook.create_sheet()
            sheet.title, fresh = told["sheet"] or "Sheet1", False
    return workbook


def _copy(sheet: Any, block: tables.Block) -> None:
    for number, cells in zip(*block, strict=True):
        for column, value in enumerate(cells, 1):
            if value != "":
                shown = value.shown if isinstance(value, tables.Fault) else value
                cell = sheet.cell(number, column, saving.storable(shown) if isinstance(shown, str) else shown)
                if isinstance(shown, str):
                    cell.data_type, cell.number_format = "s", "@"


def _mark(sheet: Any, findings: Iterable[Finding], header_row: int, heading: str, author: str) -> None:
    _clear(sheet, author)
    remedies: dict[int, list[str]] = {}
    comments: dict[tuple[int, int], list[str]] = {}
    for _sheet, row, column, written in findings:
        sentence = saving.storable(written)
        remedies.setdefault(row, []).append(sentence)
        if column is not None:
            comments.setdefault(_shown_at(sheet, row, column + 1), []).append(sentence)
    for (row, column), sentences in comments.items():
        cell = sheet.cell(row, column)
        cell.fill = RED
        cell.comment = Comment("\n".join(sentences), author, height=COMMENT_HEIGHT, width=COMMENT_WIDTH)
    _add_remedies(sheet, remedies, header_row, heading)


def _add_remedies(sheet: Any, remedies: dict[int, list[str]], header_row: int, heading: str) -> None:
    last = _last_column(sheet)
    if _value(sheet, header_row, last) != heading:
        last += 1
    if last > LAST_COLUMN:
        return  # no room beside the table; the comments say the same
    for (row, column), cell in list(sheet._cells.items()):
        if column == last and row > header_row and not isinstance(cell, MergedCell):
            cell.value = None
    sheet.cell(header_row, last, heading).font = Font(bold=True)
    sheet.column_dimensions[sheet.cell(header_row, last).column_letter].width = REMEDY_WIDTH
    for row, sentences in remedies.items():
        cell = sheet.cell(row, last, "\n".join(dict.fromkeys(sentences)))
        cell.data_type = "s"
        cell.font = RED_FONT
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _clear(sheet: Any, author: str) -> None:
    """Take away what an earlier check marked, since people mend the marked file and bring it again."""
    for cell in sheet._cells.values():
        if not isinstance(cell, MergedCell) and cell.comment and cell.comment.author == author:
            cell.comment = None
            cell.fill = NO_FILL


def _shown_at(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """The cell that a reader sees there: a merged one is its range's first."""
    if isinstance(sheet._cells.get((row, column)), MergedCell):
        for merged in sheet.merged_cells.ranges:
            if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
                return merged.min_row, merged.min_col
    return row, column


def _last_column(sheet: Any) -> int:
    """The last column with a value; the sheet's own idea of it counts every cell that was ever coloured."""
    return max((column for (_row, column), cell in sheet._cells.items() if cell.value is not None), default=0)


def _value(sheet: Any, row: int, column: int) -> object:
    cell = sheet._cells.get((row, column))
    return cell.value if cell is not None else None
