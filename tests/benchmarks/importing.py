"""How long a county's list takes to be looked at and applied, beside the bare limit: reading it and one bulk insert.

`uv run python -m tests.benchmarks.importing [TIMES]`: medians of TIMES runs (5), on a database of its own in a
temporary folder, or on the empty one that DATABASE_URL names; everything is rolled back.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
os.environ.setdefault("CUNSAO_DATA_DIR", tempfile.mkdtemp(prefix="cunsao-importing-"))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from councils import divisions, intake  # noqa: E402
from councils.models import Council  # noqa: E402
from cunsao import bulk, workbook  # noqa: E402
from members import exports  # noqa: E402
from members.models import Member  # noqa: E402
from reports.demo.county import DIVISIONS  # noqa: E402
from reports.demo.people import people  # noqa: E402


def county_list() -> bytes:
    names = dict(Council.objects.values_list("code", "name"))
    villages = [(code, name) for code, name in names.items() if len(code) == 12]
    rows = [
        [
            names[each.village_code[:9]], names[each.village_code], each.village_code, each.name, each.national_id,
            each.phone, each.zone_name, each.position, each.political_status, each.education, each.ethnicity,
            each.joined_on, each.bank_name, each.bank_account, "",
        ]
        for each in people(villages)
    ]  # fmt: skip
    stream = io.BytesIO()
    workbook.write([workbook.Plan(name="list", columns=exports.COLUMNS, rows=rows)], stream)
    return stream.getvalue()


def bare(content: bytes) -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    found = list(sheet.iter_rows())[1:]
    rows = [
        (row[3], str(row[4]).encode(), str(row[4]).encode(), "", "", "", "", "", row[10], "") for row in found
    ]  # fmt: skip
    names = ["name", "national_id", "national_id_print", "bank_name", "pinyin", "initials"]
    names += ["political_status", "education", "ethnicity", "remark"]
    bulk.copy_in(Member, names, rows)


def run(content: bytes) -> dict[str, tuple[float, int]]:
    """{step: (seconds, queries)} of one import of the whole list."""
    steps: dict[str, tuple[float, int]] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            done = work()
            steps[name] = (time.perf_counter() - began, len(asked))
        return done

    with transaction.atomic():
        step("bare limit", lambda: bare(content))
        transaction.set_rollback(True)
    with transaction.atomic():
        book = step("open", lambda: workbook.open(content, "list.xlsx"))
        seen = step("review", lambda: intake.review("register", book, None))
        batch = step("stage", lambda: intake.stage(seen, content, None))
        step("apply", lambda: intake.apply(batch, None))
        transaction.set_rollback(True)
    return steps


def main(times: int = 5) -> None:
    call_command("migrate", verbosity=0)
    divisions.load(divisions.read(DIVISIONS))
    content = county_list()
    runs = [run(content) for _run in range(times)]
    seconds = {name: statistics.median(each[name][0] for each in runs) for name in runs[0]}
    print(f"the county's list, {connection.vendor}, median of {times} runs")
    print(f"{'step':<12}{'seconds':>9}{'queries':>9}")
    for name, took in seconds.items():
        print(f"{name:<12}{took:>9.2f}{runs[0][name][1]:>9}")
    whole = sum(took for name, took in seconds.items() if name != "bare limit")
    print(f"{'whole':<12}{whole:>9.2f}{whole / seconds['bare limit']:>8.1f} × the bare limit")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
