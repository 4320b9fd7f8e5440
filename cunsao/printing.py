"""A page laid out for paper: rows on sheets of A4 that never run over, the heading on each, page m of n.

Whoever prints says what stands in a form; how many rows a sheet takes is reckoned here, in millimetres, from how many
lines each row needs. The style sheet print.css keeps to the same measures.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from cunsao import workbook
from cunsao.workbook.writing import Kind, Value

# Millimetres; the same numbers stand in print.css
LONG, SHORT = 297, 210  # of A4
MARGINS, TITLE, HEADING, FOOT = 24, 22, 12, 8
LINE, ROW = 4.6, 3.4  # a row of n lines is n × LINE + ROW high
CLOSE = 1.6  # instead of ROW where a form then fits one sheet, and would not otherwise
CLOSING, SIGNATURES, SEAL = 7, 14, 30
SPARE = 4  # for borders
HALF = 2.05  # the width of half a Chinese character, with a little to spare
PADDING = 2.5  # left and right in a cell
MOST_LINES = 4  # of one row; what is longer is cut


@dataclass(frozen=True)
class Column:
    """One column: `width` in millimetres, of 186 upright and 273 landscape; all are stretched alike to fill the sheet.

    `kind` is as in a workbook; what is `summed` gets a sum on each sheet and one over all of them on the last.
    """

    heading: str
    width: int
    kind: Kind = "text"
    centred: bool = False
    summed: bool = False

    @property
    def look(self) -> str:
        return "centred" if self.centred else "number" if self.kind in ("amount", "number", "figure") else ""


@dataclass(frozen=True)
class Form:
    """One form to print, on as many sheets as it needs. `left` and `right` stand beneath the title (unit; date, month).

    `closing` lines stand beneath the last row, `signatures` at the foot of each sheet; `sealed_by` leaves room for a
    seal at the end.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    left: str = ""
    right: str = ""
    closing: Sequence[str] = ()
    signatures: Sequence[str] = ()
    sealed_by: str = ""
    landscape: bool = False

    @property
    def is_summed(self) -> bool:
        return any(each.summed for each in self.columns)


class Line(NamedTuple):
    lines: int
    cells: list[tuple[str, str]]  # (text, look)


@dataclass(frozen=True)
class Page:
    """One sheet: its form, rows and place among all sheets. `sums` are of this sheet, `total` of the whole form."""

    form: Form
    rows: list[Line]
    number: int
    of: int
    is_last: bool  # of its form
    is_close: bool
    widths: list[tuple[str, str]]  # (heading, share of the sheet)
    sums: list[tuple[str, str]]
    total: list[tuple[str, str]]


def lay_out(forms: Sequence[Form]) -> list[Page]:
    """The sheets of all forms in order; each form begins a new one, and an empty form has one too."""
    parts = [(form, part, is_close) for form in forms for part, is_close in _parts(form)]
    last = {id(form): at for at, (form, _part, _is_close) in enumerate(parts)}
    return [
        Page(
            form, [_line(form, row) for row in part], at + 1, len(parts), last[id(form)] == at, is_close,
            _shares(form), _sums(form, part, _("Sum of this page")), _sums(form, form.rows, _("Total")),
        )
        for at, (form, part, is_close) in enumerate(parts)
    ]  # fmt: skip


def plan(form: Form, name: str) -> workbook.Plan:
    """The same form as a sheet of a workbook, without page sums."""
    rows = [*form.rows, *([_added(form, form.rows, _("Total"))] if form.is_summed else [])]
    beneath = "　　".join(filter(None, [form.left, form.right]))
    closing = [*form.closing, *(["　　　　　　".join(form.signatures)] if form.signatures else []), form.sealed_by]
    return workbook.Plan(
        name=name, columns=[workbook.Column(each.heading, each.kind) for each in form.columns], rows=rows,
        titles=[*filter(None, [form.title, beneath])], closing=[*filter(None, closing)], landscape=form.landscape,
    )  # fmt: skip


def shown(value: Value) -> str:
    """As it stands on paper: yuan with two places, days as 2022-01-31, one line."""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return "" if value is None else " ".join(str(value).split())


def _parts(form: Form) -> list[tuple[Sequence[Sequence[Value]], bool]]:
    """The rows of each sheet, and whether they stand close."""
    parts = list(_divided(form, ROW))
    if len(parts) == 2:
        close = list(_divided(form, CLOSE))
        if len(close) == 1:
            return [(close[0], True)]
    return [(part, False) for part in parts]


def _divided(form: Form, around: float) -> Iterator[Sequence[Sequence[Value]]]:
    """The rows of each sheet; what stands beneath the last row goes to a sheet of its own rather than over the edge."""
    beside = MARGINS + TITLE + HEADING + FOOT + SPARE + bool(form.signatures) * SIGNATURES
    sums = form.is_summed * (LINE + around)
    room = (SHORT if form.landscape else LONG) - beside - sums
    end = CLOSING * len(form.closing) + bool(form.sealed_by) * SEAL + sums
    start, used = 0, 0.0
    for at, row in enumerate(form.rows):
        height = _lines(form, row) * LINE + around
        at_end = end if at == len(form.rows) - 1 else 0
        if used and used + height + at_end > room:
            yield form.rows[start:at]
            start, used = at, 0.0
        used += height
    yield form.rows[start:]


def _lines(form: Form, row: Sequence[Value]) -> int:
    """How many lines the fullest cell of a row needs."""
    stretch = ((LONG if form.landscape else SHORT) - MARGINS) / sum(each.width for each in form.columns)
    needed = (
        -(-_halves(shown(value)) // max(int((column.width * stretch - PADDING) / HALF), 2))
        for column, value in zip(form.columns, row, strict=True)
    )
    return min(max(needed, default=1) or 1, MOST_LINES)


def _halves(text: str) -> int:
    """The width of a text in halves of a Chinese character; capitals are wider than other letters."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WFA" or mark in "WMmw@%" else 1 for mark in text)


def _line(form: Form, row: Sequence[Value]) -> Line:
    return Line(_lines(form, row), [(shown(value), each.look) for each, value in zip(form.columns, row, strict=True)])


def _shares(form: Form) -> list[tuple[str, str]]:
    whole = sum(each.width for each in form.columns)
    return [(each.heading, f"{each.width / whole:.2%}") for each in form.columns]


def _sums(form: Form, rows: Sequence[Sequence[Value]], label: str) -> list[tuple[str, str]]:
    """Cells of a row of sums, the label in the first column that has none; nothing where nothing is summed."""
    if not form.is_summed:
        return []
    return [(shown(value), each.look) for value, each in zip(_added(form, rows, label), form.columns, strict=True)]


def _added(form: Form, rows: Sequence[Sequence[Value]], label: str) -> list[Value]:
    found: list[Any] = [None] * len(form.columns)
    for at, each in enumerate(form.columns):
        if each.summed:
            zero: Any = Decimal("0.00") if each.kind == "amount" else 0
            amounts: list[Any] = [row[at] for row in rows if row[at] is not None]
            found[at] = sum(amounts, zero)
    place = next((at for at, each in enumerate(form.columns) if not each.summed), None)
    if place is not None:
        found[place] = label
    return found
