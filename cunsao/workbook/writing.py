"""Workbooks out: styled sheets that Excel and WPS open without changing what is in them, and csv files."""

import codecs
import csv
import io
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from cunsao.workbook.reading import CHOICES_SHEET
from cunsao.workbook.rows import row_maker, streamed
from cunsao.workbook.saving import finish
from cunsao.workbook.sniffing import FORMULA_SIGNS

Value = str | int | float | bool | Decimal | date | datetime | None
Kind = Literal["text", "day", "amount", "number", "figure"]

FORMATS = {"text": "@", "day": "yyyy-mm-dd", "amount": "#,##0.00", "number": "0", "figure": "General"}
MEASURED = 500  # rows that a column's width is taken from
NARROWEST, WIDEST = 6, 50  # characters
ROWS_A_PIECE = 500
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
LINE = Side(style="thin", color="FF808080")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
A4 = 9
LOCKED = PatternFill("solid", fgColor="FFEEEEEE")


@dataclass(frozen=True)
class Column:
    """One column: `kind` text (for names and for all numbers of persons), day, amount (yuan, two places), number, or
    figure, where counts and yuan stand in one column.

    `choices` become a drop-down; `length` refuses what has another number of characters; `width` is in characters, a
    Chinese one counting two, and is measured where it is left out. A `locked` column is grey and, on a protected sheet,
    not typed into; a `hidden` one is kept out of sight.
    """

    heading: str
    kind: Kind = "text"
    width: int | None = None
    choices: Sequence[str] = ()
    length: int | None = None
    locked: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Plan:
    """One sheet to write: `titles` above the header, `rows` in the columns' order, `closing` lines beneath.

    `blank_rows` are ready to be typed into. A `protected` sheet lets only the cells of its rows be changed; that guards
    against slips, not against anybody.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]] = ()
    titles: Sequence[str] = ()
    closing: Sequence[str] = ()
    landscape: bool = False
    protected: bool = False
    blank_rows: int = 0


def write(plans: Iterable[Plan], stream: IO[bytes]) -> None:
    """An .xlsx with one sheet a plan, written to the stream row by row, without a temporary file.

    No cell becomes a formula, whatever it begins with. Raises ValueError for a text longer than a cell of Excel takes,
    and for more rows than its sheets have; what the stream holds then is no workbook.
    """
    workbook = Workbook(write_only=True)
    choices: list[Sequence[str]] = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for plan in plans:
            _write_sheet(workbook, archive, plan, choices)
        if choices:
            _write_choices(workbook, archive, choices)
        finish(workbook, archive)


def write_csv(rows: Iterable[Sequence[Value]], stream: IO[bytes]) -> None:
    """A csv file in UTF-8 with its mark, as Excel wants it; a text that Excel would calculate gets an apostrophe."""
    for piece in csv_pieces(rows):
        stream.write(piece)


def csv_pieces(rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same file in pieces, to be sent while the rows come."""
    held = io.StringIO(newline="")
    lines = csv.writer(held)
    yield codecs.BOM_UTF8
    source = iter(rows)
    while some := list(itertools.islice(source, ROWS_A_PIECE)):
        lines.writerows([_harmless(value) for value in row] for row in some)
        yield held.getvalue().encode()
        held.seek(0)
        held.truncate()


def _harmless(value: Value) -> Value:
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def _style(sheet: Any, **wishes: Any) -> Any:
    """A cell that looks so; its `style_id` is what rows are written with."""
    pattern: Any = WriteOnlyCell(sheet)
    for name, value in wishes.items():
        setattr(pattern, name, value)
    return pattern


def _write_sheet(workbook: Workbook, archive: zipfile.ZipFile, plan: Plan, choices: list[Sequence[str]]) -> None:
    sheet: Any = workbook.create_sheet(NOT_IN_NAMES.sub(" ", plan.name)[:31])
    header = len(plan.titles) + 1
    rows = iter(plan.rows)
    measured = list(itertools.islice(rows, MEASURED))
    looks = [_look(sheet, plan, each) for each in plan.columns]
    for number, column in enumerate(plan.columns):
        dimension = sheet.column_dimensions[get_column_letter(number + 1)]
        dimension.width = column.width or _width(column.heading, (row[number] for row in measured))
        dimension.hidden = column.hidden
        dimension._style = copy(looks[number]._style)
    _prepare_page(sheet, plan, header)
    heading = _style(
        sheet,
        font=Font(bold=True),
        fill=PatternFill("solid", fgColor="FFE7E6E6"),
        border=GRID,
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
    ).style_id
    make = row_maker([look.style_id for look in looks])
    with streamed(sheet, archive) as take:
        _write_lines(take, sheet, plan.titles, len(plan.columns), font=Font(bold=True, size=14), centred=True)
        take(row_maker([heading] * len(plan.columns))(header, [column.heading for column in plan.columns]))
        last = header
        blank = itertools.repeat([None] * len(plan.columns), plan.blank_rows)
        for last, row in enumerate(itertools.chain(measured, rows, blank), header + 1):
            take(make(last, _typed(plan.columns, row)))
        _write_lines(take, sheet, plan.closing, len(plan.columns), first=last + 1)
        _add_rules(sheet, plan, header + 1, max(last, header + 1), choices)


def _look(sheet: Any, plan: Plan, column: Column) -> Any:
    grey = {"fill": LOCKED} if column.locked else {}
    protection = Protection(locked=column.locked or not plan.protected)
    return _style(sheet, number_format=FORMATS[column.kind], border=GRID, protection=protection, **grey)


def _prepare_page(sheet: Any, plan: Plan, header: int) -> None:
    sheet.freeze_panes = f"A{header + 1}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if plan.landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = _("Page &P of &N")
    if plan.protected:
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.sort = False


def _write_lines(
    take: Callable[[str], Any], sheet: Any, lines: Sequence[str], width: int, *, first: int = 1,
    font: Font | None = None, centred: bool = False,
) -> None:  # fmt: skip
    """Lines that run over all columns, as titles and signatures do."""
    look = _style(sheet, font=font or Font(), alignment=Alignment(horizontal="center" if centred else "left"))
    make = row_maker([look.style_id])
    for number, line in enumerate(lines, first):
        take(make(number, [line]))
        if width > 1:
            sheet.merged_cells.add(f"A{number}:{get_column_letter(width)}{number}")


def _add_rules(sheet: Any, plan: Plan, first: int, last: int, choices: list[Sequence[str]]) -> None:
    for number, column in enumerate(plan.columns, 1):
        if not (column.choices or column.length):
            continue
        if column.choices:
            rule = _choice_rule(column, choices)
        else:
            rule = DataValidation(type="textLength", operator="equal", formula1=str(column.length), allow_blank=True)
            rule.error = _("“%(heading)s” must have %(length)s characters. Check what was typed.") % {
                "heading": column.heading,
                "length": column.length,
            }
        rule.showErrorMessage = True
        rule.add(f"{get_column_letter(number)}{first}:{get_column_letter(number)}{last}")
        sheet.data_validations.append(rule)


def _choice_rule(column: Column, choices: list[Sequence[str]]) -> DataValidation:
    if column.choices not in choices:
        choices.append(column.choices)
    letter = get_column_letter(choices.index(column.choices) + 1)
    place = f"{quote_sheetname(CHOICES_SHEET)}!${letter}$1:${letter}${len(column.choices)}"
    rule = DataValidation(type="list", formula1=place, allow_blank=True)
    rule.error = _("Choose one of the list for “%(heading)s”.") % {"heading": column.heading}
    return rule


def _write_choices(workbook: Workbook, archive: zipfile.ZipFile, choices: list[Sequence[str]]) -> None:
    """The drop-downs' words, on a sheet that no menu of Excel shows; a list inside a rule ends at 255 characters."""
    sheet: Any = workbook.create_sheet(CHOICES_SHEET)
    sheet.sheet_state = "veryHidden"
    make = row_maker([_style(sheet, number_format="@").style_id] * len(choices))
    with streamed(sheet, archive) as take:
        for number, row in enumerate(itertools.zip_longest(*choices), 1):
            take(make(number, row))


def _typed(columns: Sequence[Column], row: Sequence[Value]) -> list[Value]:
    """Values as their columns hold them: whatever stands in a column of text is text, so that no digit gets lost."""
    return [
        str(value) if column.kind == "text" and value is not None else value
        for column, value in zip(columns, row, strict=True)
    ]


def _width(heading: str, values: Iterable[Value]) -> int:
    widest = max(map(_characters, [heading, *values]), default=0)
    return min(max(widest + 2, NARROWEST), WIDEST)


def _characters(value: Value) -> int:
    shown = "" if value is None else f"{value:,.2f}" if isinstance(value, float | Decimal) else str(value)
    return max(
        (sum(1 + (unicodedata.east_asian_width(mark) in "WFA") for mark in line) for line in shown.splitlines()),
        default=0,
    )
