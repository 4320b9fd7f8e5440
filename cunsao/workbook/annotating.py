"""A checked workbook back to the person who brought it, with what is wrong written where it stands."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import IO

from django.utils.translation import gettext as _

from cunsao.workbook import child
from cunsao.workbook.reading import contents
from cunsao.workbook.refusals import refused

SECONDS = 20  # openpyxl reads, marks and saves 4,240 rows of 14 columns in about two

Finding = tuple[str, int, int | None, str]


def annotate(
    original: bytes, findings: Iterable[Finding], stream: IO[bytes], *, header_rows: Mapping[str, int] | None = None
) -> None:
    """Write the same workbook as .xlsx, its refused cells red and commented, with a last column that says what to do.

    A finding is (sheet, row, column, sentence): a Row's number and a cell's place in it from 0, or None for the whole
    row; a csv file has one sheet, whatever it is called. `header_rows` tells in which row of a sheet the last column
    gets its heading, the first where left out. Marks of an earlier annotation are taken away. An .xls or csv file comes
    back as a new workbook with the same cells. Raises FileRefused as open() does.
    """
    wishes = {
        "findings": [list(finding) for finding in findings],
        "header_rows": dict(header_rows or {}),
        "heading": _("What to do"),
        "author": "cunsao",
    }
    file = None
    for told in child.ask("marking", contents(original), wishes, seconds=SECONDS):
        file = told.get("file") if isinstance(told, dict) else None
    try:
        stream.write(base64.b64decode(file["bytes"], validate=True))  # type: ignore[index]  # that is what is checked
    except (TypeError, KeyError, binascii.Error) as error:
        raise refused("damaged") from error
