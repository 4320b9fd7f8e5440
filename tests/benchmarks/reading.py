"""How long a workbook takes to be read: `uv run python -m tests.benchmarks.reading`. Seconds, median of five."""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import openpyxl
from django.conf import settings
from python_calamine import CalamineWorkbook

from cunsao import workbook

ROWS = [4_240, 100_000]
COLUMNS = 14
RUNS = 5


def roster(rows: int) -> bytes:
    """A sheet of text cells, most of them alike and two of each row its own, as a register has."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    for number in range(rows):
        person = [f"何洁玉{number % 3_000}", f"341226{number:012}", f"139{number:08}", f"6217{number:015}"]
        sheet.append(["江口镇", "晴江社区居委会", *person, *["第1网格"] * (COLUMNS - 6)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def in_process(content: bytes) -> int:
    """calamine alone: no limits, no faults, no merged cells."""
    return len(list(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()))


def with_openpyxl(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return len(list(book.worksheets[0].iter_rows(values_only=True)))


def ours(content: bytes) -> int:
    return len(workbook.open(content).sheets[0].rows)


READERS: dict[str, Callable[[bytes], int]] = {
    "cunsao.workbook.open": ours,
    "calamine in process": in_process,
    "openpyxl read-only": with_openpyxl,
}


def moments(read: Callable[[bytes], int], content: bytes, rows: int) -> Iterator[float]:
    yield time.perf_counter()
    for _ in range(RUNS):
        if read(content) != rows:
            raise ValueError("rows are missing")
        yield time.perf_counter()


def main() -> None:
    settings.configure(USE_I18N=False)
    print(f"{'rows':>8}  {'reader':<22}{'seconds':>8}")
    for rows in ROWS:
        content = roster(rows)
        for name, read in READERS.items():
            seconds = statistics.median(end - start for start, end in pairwise(moments(read, content, rows)))
            print(f"{rows:>8,}  {name:<22}{seconds:>8.2f}")


if __name__ == "__main__":
    main()
