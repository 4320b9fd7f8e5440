"""Files that want to bring a reader down, each opened and measured: `python -m tests.cunsao.workbook.hostile`.

A process of its own, and a small one: what a child is charged with includes what its parent had when it was started.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from cunsao import workbook
from tests.cunsao.workbook.made import cell, lying, xlsx, zipped

FIRST = f'<row r="1">{cell("A1", 1)}</row>'


def blanks(millions: int) -> Iterator[bytes]:
    for _ in range(millions):
        yield b" " * 1_000_000


def many_cells() -> Iterator[bytes]:
    for _ in range(1_000):
        yield b"<row>" + b"<c><v>1</v></c>" * 10_000 + b"</row>"


def repeated_text() -> bytes:
    strings = "<sst><si><t>" + "x" * 30_000 + "</t></si></sst>"
    rows = (b'<row><c t="s"><v>0</v></c></row>' * 1_000 for _ in range(100))
    main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{main}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{main}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    return xlsx(rows, parts={"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations})


def merged_everywhere() -> bytes:
    rows = "".join(
        f'<row r="{number}">{cell(f"A{number}", 1)}{cell(f"N{number}", 1)}</row>' for number in range(1, 20_001)
    )
    ranges = "".join(f'<mergeCell ref="A{number}:XFD1048576"/>' for number in range(1, 20_001))
    return xlsx(rows, after=f"<mergeCells>{ranges}</mergeCells>")


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return xlsx(FIRST, prolog=f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{entities}]>')


# What is made, and the reason it is refused for; None where it must open.
FILES: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "a bomb": (lambda: xlsx(blanks(300)), "unpacked"),
    "a bomb with lying sizes": (lambda: lying(xlsx(blanks(300)), "xl/worksheets/sheet1.xml"), "unpacked"),
    "ten million cells": (lambda: xlsx(many_cells()), "exhausted_sheet"),
    "one text a hundred thousand times": (repeated_text, "exhausted_sheet"),
    "one far cell": (lambda: xlsx(f'{FIRST}<row r="1048576">{cell("XFD1048576", 1)}</row>'), "exhausted_sheet"),
    "merged again and again": (merged_everywhere, "exhausted_sheet"),
    "formatted to the end": (
        lambda: xlsx(
            f'{FIRST}<row r="1048576" s="0"><c r="XFD1048576" s="0"/></row>', before='<dimension ref="A1:XFD1048576"/>'
        ),
        None,
    ),
    "merged to the end": (lambda: xlsx(FIRST, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), None),
    "ten thousand entries": (lambda: zipped({"xl/workbook.xml": "", **{f"{n}": "" for n in range(10_000)}}), "entries"),
    "a billion laughs": (laughs, "declarations"),
    "deeply nested": (lambda: xlsx(FIRST + "<a>" * 1_000_000 + "</a>" * 1_000_000), None),
    "nothing but commas": (lambda: b"a" + b"," * 19_999_990, "exhausted"),
    "nothing but short cells": (lambda: b"aa,bb,cc,dd,ee\n" * 600_000, "cells"),
    "one endless line": (lambda: b"a\n" * 500_000 + b"a," * 500_000 + b"a", "exhausted"),
    "nothing but lines": (lambda: b"\n" * 19_000_000 + b"a", "rows"),
}


def measure(name: str) -> dict[str, object]:
    content = FILES[name][0]()
    start = _spent()
    try:
        book = workbook.open(content)
    except workbook.FileRefused as refusal:
        told = refusal.message
    else:
        told = f"{sum(len(sheet.rows) for sheet in book.sheets)} rows"
    seconds = _spent() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"told": told, "seconds": seconds, "megabytes": megabytes, "own": own_peak()}


def _spent() -> float:
    """Seconds of the processor that this process and its readers have had: what a file costs on a busy machine too."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def own_peak() -> float:
    """Megabytes; getrusage would count what the process that started this one had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    json.dump({name: measure(name) for name in FILES}, sys.stdout)
