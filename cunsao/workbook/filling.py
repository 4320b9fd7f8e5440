"""Marks in a workbook found, and values put in their place, with everything else of it kept.

Runs in the child process, since openpyxl hangs on hostile files; marks.py asks for it.
"""

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText

from cunsao.workbook import saving
from cunsao.workbook.sniffing import RefusalError, kind
from cunsao.workbook.unpacking import Package

MOST_MARKED = 20_000  # cells
OPENINGS = ("{{", "｛｛")


def answer(content: bytes, wishes: dict[str, Any]) -> Iterator[dict[str, object]]:
    """Without wishes one {"marked": [sheet, cell, text]} for each cell with a mark; with {"values": [[sheet, cell,
    value, is text]]} one {"file"}."""
    if kind(content) != "xlsx":
        raise RefusalError("other_sheet")
    Package(content)
    workbook = load_workbook(io.BytesIO(content), rich_text=True)
    if "values" not in wishes:
        yield from _marked(workbook)
        return
    for name, place, value, is_text in wishes["values"]:
        cell = workbook[name][place]
        cell.value = saving.storable(value) if is_text else value
        cell.data_type = "s" if is_text else "n"
        if not is_text and cell.number_format == "@":
            cell.number_format = "General"
    stream = io.BytesIO()
    saving.save(workbook, stream)
    yield {"file": stream.getvalue()}


def _marked(workbook: Any) -> Iterator[dict[str, object]]:
    found = 0
    for sheet in workbook.worksheets:
        for place in sorted(sheet._cells):
            cell = sheet._cells[place]
            text = None if isinstance(cell, MergedCell) else cell.value
            if not isinstance(text, str | CellRichText) or not any(each in str(text) for each in OPENINGS):
                continue
            found += 1
            if found > MOST_MARKED:
                raise RefusalError("cells", cells=MOST_MARKED)
            yield {"marked": [sheet.title, cell.coordinate, str(text)]}
