"""The door for reading: a file becomes a Book of sheets and rows with the addresses its user sees."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from cunsao.collecting import put_off
from cunsao.workbook import child
from cunsao.workbook.refusals import FileRefused, exhausted, refused

CHOICES_SHEET = "cunsao choices"  # where write() keeps the words of drop-downs; nobody put it there, nobody misses it
MOST_UPLOADED = 20_000_000  # bytes
MOST_PLACES = 5_000_000  # rows by columns of a sheet, filled or not


@dataclass(frozen=True)
class Fault:
    """A cell without a value: `shown` is what Excel shows there, as #N/A, or "" for a formula never calculated."""

    shown: str

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, for the user."""
        if self.shown:
            return _("The cell shows %(error)s instead of a value. Type the value itself.") % {"error": self.shown}
        return _(
            "The cell holds a formula without a result. Open the file in Excel or WPS, save it and upload it again."
        )


Cell = str | float | int | bool | date | datetime | time | timedelta | Fault


class Row(NamedTuple):
    """`number` is the sheet's own, from 1; `cells` begin with column A, an empty one is ""."""

    number: int
    cells: list[Cell]


@dataclass
class Sheet:
    """A visible sheet: rows that hold something, all as long as the longest."""

    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class Book:
    """A file that was read: `kind` is xlsx, xls or csv; `left_out` names its hidden sheets."""

    name: str
    kind: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@put_off()
def open(file: IO[bytes] | bytes, name: str = "") -> Book:
    """Read an .xlsx, .xlsm, .xls, .et or .csv file, told apart by content; 100,000 rows take about two seconds.

    `name` is the file's (its own where left out); a csv file's one sheet is called by it, without the ending. Merged
    cells are filled with their value, hidden sheets and empty rows left out. Nothing is written to disk, and the file
    is parsed in a process of its own. Raises FileRefused.
    """
    name = PurePath(name or str(getattr(file, "name", "") or "")).name
    book = Book(name)
    for told in child.ask("tables", contents(file), hook=_untagged):
        _take(told, book)
    for sheet in book.sheets:
        _even(sheet)
    return book


def contents(file: IO[bytes] | bytes) -> bytes:
    """The bytes of an upload; raises FileRefused where there are more than MOST_UPLOADED."""
    stream = io.BytesIO(file) if isinstance(file, bytes) else file
    content = stream.read(MOST_UPLOADED + 1)
    if len(content) > MOST_UPLOADED:
        raise over_cap()
    return content


def over_cap() -> FileRefused:
    """The refusal of a file that has more than MOST_UPLOADED bytes."""
    return refused("upload", {"megabytes": MOST_UPLOADED // 1_000_000})


def _even(sheet: Sheet) -> None:
    """Make all rows as long as the longest; one endless row among a million short ones would cost a terabyte."""
    lengths = [len(row.cells) for row in sheet.rows]
    width = max(lengths, default=0)
    if width * len(sheet.rows) > MOST_PLACES:
        raise exhausted(sheet.name)
    for row, length in zip(sheet.rows, lengths, strict=True):
        if length < width:
            row.cells.extend([""] * (width - length))


def _take(told: Any, book: Book) -> None:
    match told:
        case {"kind": str(kind)}:
            book.kind = kind
        case {"sheet": str(name)}:
            book.sheets.append(Sheet(name or PurePath(book.name).stem))
        case {"left_out": list(names)}:
            book.left_out = [str(name) for name in names if name != CHOICES_SHEET]
        case [list(numbers), list(rows)] if book.sheets and len(numbers) == len(rows):
            book.sheets[-1].rows.extend(map(_row, numbers, rows))
        case _:
            raise refused("damaged")


ALLOWED = {str, float, int, bool, date, datetime, time, timedelta, Fault}
UNTAG: dict[str, Callable[[Any], Cell]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
    "fault": Fault,
}


def _row(number: Any, cells: Any) -> Row:
    if type(number) is not int or type(cells) is not list or not ALLOWED.issuperset(map(type, cells)):
        raise refused("damaged")
    return Row(number, cells)


def _untagged(tagged: dict[str, Any]) -> Any:
    for tag, value in tagged.items():
        if tag in UNTAG and len(tagged) == 1:
            return UNTAG[tag](value)
    return tagged
