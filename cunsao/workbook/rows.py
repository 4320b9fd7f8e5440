"""Rows of a sheet, written as XML straight into the workbook: openpyxl would make an object of every cell."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter

from cunsao.workbook.saving import storable

LONGEST_CELL = 32_767  # characters that Excel takes
MOST_ROWS = 1_048_576  # rows that a sheet of Excel has
EMPTY = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")


@contextmanager
def streamed(sheet: Any, archive: ZipFile) -> Iterator[Callable[[str], Any]]:
    """Inside, takes the XML of rows into the sheet's place in the archive: what was written takes no memory.

    Widths, views and formats must be set before; merged cells and rules may come until the end.
    """
    sheet._id = len(sheet.parent.worksheets)
    with archive.open(sheet.path[1:], "w") as entry, io.TextIOWrapper(entry, "utf-8", newline="") as out:
        out.write(_frame(sheet)[0] + "<sheetData>")
        yield out.write
        out.write("</sheetData>" + _frame(sheet)[1])


def _frame(sheet: Any) -> tuple[str, str]:
    """What stands before and after a sheet's rows, as openpyxl says it of a sheet without any."""
    held = io.BytesIO()
    frame = WorksheetWriter(sheet, out=held)
    frame.write_top()
    inner: Any = frame.xf.send(True)
    with inner.element("sheetData"):
        pass
    frame.xf.send(None)
    frame.write_tail()
    frame.close()
    before, after = EMPTY.split(held.getvalue())
    return before.decode(), after.decode()


def row_maker(styles: Sequence[int]) -> Callable[[int, Sequence[Any]], str]:
    """Makes the XML of a row from its number and values, which are never a formula; `styles` are the columns'.

    Raises ValueError for a text longer than a cell takes, and for a row below the last one of Excel.
    """
    places = [(f'<c r="{get_column_letter(at)}', f'" s="{style}"') for at, style in enumerate(styles, 1)]

    def row(number: int, values: Sequence[Any]) -> str:
        if number > MOST_ROWS:
            raise ValueError(_("A sheet has %(most)s rows at most. Export less, or choose csv.") % {"most": MOST_ROWS})
        cells = (f"{place}{number}{style}{_held(value)}" for (place, style), value in zip(places, values, strict=False))
        return f'<row r="{number}">{"".join(cells)}</row>'

    return row


def _held(value: Any) -> str:
    """The rest of a cell's XML after its style."""
    if value is None or value == "":
        return "/>"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f' t="n"><v>{value}</v></c>'
    if isinstance(value, date):
        return f' t="n"><v>{to_excel(value)}</v></c>'
    raise TypeError(f"A cell holds no {type(value).__name__}.")


def _text(value: str) -> str:
    if len(value) > LONGEST_CELL:
        raise ValueError(_("A cell holds at most %(most)s characters. Shorten the text.") % {"most": LONGEST_CELL})
    kept = storable(value)
    space = ' xml:space="preserve"' if kept != kept.strip() else ""
    return f' t="inlineStr"><is><t{space}>{escape(kept)}</t></is></c>'
