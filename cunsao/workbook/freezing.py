"""A workbook that is the same bytes whenever it is written: openpyxl and zip put the time of writing into it."""

import io
import re
import zipfile
from datetime import datetime

PROPERTIES = "docProps/core.xml"
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def frozen(content: bytes, at: datetime) -> bytes:
    """The same package with `at` as the only time in it, its parts in their order."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            data = before.read(part)
            if part.filename == PROPERTIES:
                data = TIMES.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            entry = zipfile.ZipInfo(part.filename, at.timetuple()[:6])
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            after.writestr(entry, data)
    return held.getvalue()
