"""The workbook that somebody uploaded, back to her, with what is wrong marked where it stands."""

import base64
from pathlib import PurePath
from typing import IO, Any

from councils import audit
from councils.intake.leafing import TABS
from councils.intake.lines import Verdict
from councils.intake.staging import BatchRefused, lines_of
from councils.models import Action, Batch
from cunsao import workbook


def workbook_back(batch: Batch, by: Any, stream: IO[bytes]) -> str:
    """Writes the marked workbook and returns a name for it; entered in the trail, since it holds whole numbers.

    Only who uploaded it gets it back: BatchRefused for anybody else, and where the file is no longer kept. Raises
    FileRefused as annotate() does.
    """
    if by is None or batch.uploaded_by_id != by.pk or batch.content is None:
        raise BatchRefused
    refused = TABS.index(Verdict.REFUSED)
    lines = lines_of(batch, [at for at, page in enumerate(batch.tally) if page[refused]])
    errors = [found for line in lines for found in line.findings if not found.is_warning]
    marks = [(found.sheet, found.row, found.column, found.message) for found in errors]
    content = base64.b64decode(batch.content.clear)
    workbook.annotate(content, marks, stream, header_rows=batch.told["header_rows"])
    audit.note(Action.EXPORTED, batch, batch.council_id, rows=["", batch.rows], unmasked=["", True])
    return f"{PurePath(batch.file_name).stem}.xlsx"
