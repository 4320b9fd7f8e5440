"""Saving with openpyxl in memory: left to itself it puts each sheet, ID numbers and all, into a temporary file."""

import io
import re
import zipfile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import RelationshipList
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
        if self.workbook.write_only:  # the sheet went into the archive while its rows came
            ws._rels = RelationshipList()
        else:
            held = io.BytesIO()
            writer = WorksheetWriter(ws, out=held)
            writer.write()
            ws._rels = writer._rels  # type: ignore[attr-defined]
            self._archive.writestr(ws.path[1:], held.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


def finish(workbook: Workbook, archive: zipfile.ZipFile) -> None:
    """Write all but the sheets, which are in the archive already."""
    MemoryWriter(workbook, archive).write_data()


def save(workbook: Workbook, stream: IO[bytes]) -> None:
    """Write the workbook to the stream, which need not be seekable."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        MemoryWriter(workbook, archive).save()
