"""Saving with openpyxl in memory: left to itself it puts each sheet, ID numbers and all, into a temporary file."""

import io
import re
import zipfile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def storable(text: str) -> str:
    """The text without the characters that no workbook can hold."""
    return NOT_IN_XML.sub("", text)


class MemoryWriter(ExcelWriter):
    """openpyxl's writer, with a stream in memory where it has a file; the pinned version's private names are used."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        if not self.workbook.write_only:  # a write-only sheet was written while its rows came
            in_memory(ws)
            ws._writer.write()
        ws._rels = ws._writer._rels
        self._archive.writestr(ws.path[1:], ws._writer.out.getvalue())  # type: ignore[attr-defined]  # not in the stubs
        self.manifest.append(ws)


def in_memory(sheet: Any) -> None:
    """Let this sheet be written to memory; a write-only one needs it before its first row."""
    sheet._writer = WorksheetWriter(sheet, out=io.BytesIO())


def save(workbook: Workbook, stream: IO[bytes]) -> None:
    """Write the workbook to the stream, which need not be seekable."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        MemoryWriter(workbook, archive).save()
