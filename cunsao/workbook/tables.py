"""Rows out of a workbook's bytes: merged cells filled, hidden sheets and empty rows left out, failed cells marked.

Runs in the child process and yields what inside.py sends: a dictionary tells something, a list is a block of rows.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from cunsao.workbook.sniffing import FORMULA_SIGNS, RefusalError, decoded, kind
from cunsao.workbook.unpacking import Faults, Package

MOST_CELLS = 2_000_000
MOST_ROWS = 1_048_576  # of a csv file too: it comes out of a sheet that has no more
BLOCK = 500  # rows sent at once: the other process reads them while this one goes on
INVISIBLE = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
DELIMITERS = ",\t;"


class Fault:
    """A cell that has no value: what Excel shows there, or nothing for a formula that was never calculated."""

    def __init__(self, shown: str) -> None:
        self.shown = shown


Cell = str | float | bool | date | datetime | time | timedelta | Fault
Numbered = tuple[int, list[Cell]]
Block = tuple[list[int], list[list[Cell]]]
Ranges = list[tuple[tuple[int, int], tuple[int, int]]]


def answer(content: bytes, wishes: None = None) -> Iterator[dict[str, object] | Block]:
    """First {"kind"}, then for each sheet {"sheet"} and its blocks of rows, at last {"left_out"}."""
    found = kind(content)
    faults = Package(content).sheet_faults() if found == "xlsx" else []
    yield {"kind": found}
    if found == "csv":
        yield {"sheet": ""}
        yield from _blocks(enumerate(_csv_rows(decoded(content)), 1), [MOST_CELLS])
        return
    try:
        yield from _workbook(CalamineWorkbook.from_filelike(io.BytesIO(content)), faults)
    except PasswordError as error:
        raise RefusalError("encrypted") from error
    except CalamineError as error:
        raise RefusalError("damaged") from error


def _workbook(book: CalamineWorkbook, faults: list[Faults]) -> Iterator[dict[str, object] | Block]:
    left_out, room = [], [MOST_CELLS]
    if not book.sheets_metadata:
        raise RefusalError("damaged")
    for index, sheet in enumerate(book.sheets_metadata):
        if sheet.visible != SheetVisibleEnum.Visible:
            left_out.append(sheet.name)
        elif sheet.typ == SheetTypeEnum.WorkSheet:
            yield {"sheet": sheet.name}
            rows = _numbered(book.get_sheet_by_index(index), faults[index] if index < len(faults) else {})
            yield from _blocks(rows, room)
    yield {"left_out": left_out}


def _numbered(sheet: CalamineSheet, faults: Faults) -> Iterator[Numbered]:
    """All rows from the first, all cells from column A: calamine leaves out the columns before the first used one."""
    before: list[Cell] = [""] * sheet.start[1] if sheet.start else []
    plain: Iterator[list[Cell]] = sheet.iter_rows()  # type: ignore[assignment]  # a list of less is no list of more
    rows: Iterator[Numbered] = enumerate((before + cells for cells in plain) if before else plain, 1)
    if faults:
        rows = _marked(rows, faults)
    ranges = sheet.merged_cell_ranges
    return _filled(rows, ranges, len(before) + sheet.width) if ranges else rows


def _marked(rows: Iterable[Numbered], faults: Faults) -> Iterator[Numbered]:
    of_row: dict[int, list[tuple[int, str]]] = {}
    for (number, column), shown in faults.items():
        of_row.setdefault(number, []).append((column, shown))
    for number, cells in rows:
        for column, shown in of_row.get(number, ()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = Fault(shown)
        yield number, cells


def _filled(rows: Iterable[Numbered], ranges: Ranges, width: int) -> Iterator[Numbered]:
    """Each cell of a merged range gets the value of its first; a row with nothing of its own stays empty.

    A range may reach to the sheet's last cell, so it is cut to the columns in use and to the rows that come.
    """
    starting: dict[int, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in ranges:
        starting.setdefault(top + 1, []).append((left, min(right + 1, width), bottom + 1))
    running: list[tuple[int, int, int, Cell]] = []
    for number, cells in rows:
        running = [merged for merged in running if merged[2] >= number]
        for left, right, bottom in starting.get(number, ()):
            if left < len(cells) and cells[left] != "":
                running.append((left, right, bottom, cells[left]))
        if running and not _is_empty(cells):
            for left, right, _bottom, value in running:
                cells[left:right] = [value] * (right - left)
        yield number, cells


def _blocks(rows: Iterable[Numbered], room: list[int]) -> Iterator[Block]:
    """The rows that hold something, without the empty cells at their end; `room` counts down the cells of the file."""
    numbers: list[int] = []
    kept: list[list[Cell]] = []
    for number, cells in rows:
        if _is_empty(cells):
            continue
        while cells[-1] == "":
            cells.pop()
        numbers.append(number)
        kept.append(cells)
        room[0] -= len(cells)
        if room[0] < 0:
            raise RefusalError("cells", cells=MOST_CELLS)
        if len(kept) == BLOCK:
            yield numbers, kept
            numbers, kept = [], []
    if kept:
        yield numbers, kept


def _is_empty(cells: list[Cell]) -> bool:
    for cell in cells:  # noqa: SIM110 - asked for every row, and all() takes five times as long
        if type(cell) is not str or cell.strip(INVISIBLE):
            return False
    return True


def _csv_rows(text: str) -> Iterator[list[Cell]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, line in enumerate(lines):
            if number == MOST_ROWS:
                raise RefusalError("rows", rows=MOST_ROWS)
            yield [_unquoted(cell) for cell in line]
    except csv.Error as error:
        raise RefusalError("quotation", line=lines.line_num) from error


def _delimiter(text: str) -> str:
    """The one that makes the most cells of the first lines; a comma where none makes any."""
    beginning = text[:20_000]

    def cells(delimiter: str) -> int:
        try:
            return sum(len(line) - 1 for line in csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _unquoted(cell: str) -> str:
    """Without the apostrophe that write_csv and many other programs put before what Excel would recalculate."""
    return cell[1:] if cell[:1] == "'" and (cell[1:2].isdigit() or cell[1:].startswith(FORMULA_SIGNS)) else cell
