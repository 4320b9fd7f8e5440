"""How long a county's list takes to be looked at and applied, beside the bare limit: reading it and one bulk insert.

    DATABASE_URL=… CUNSAO_DATA_DIR=… uv run python -m tests.benchmarks.importing [--times N]

The database must be migrated, have the divisions loaded and nobody in it; everything is rolled back.
"""

import argparse
import io
import os
import time
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from councils import intake  # noqa: E402
from councils.models import Council  # noqa: E402
from cunsao import bulk, workbook  # noqa: E402
from members import exports  # noqa: E402
from members.models import Member  # noqa: E402
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


@contextmanager
def timed(label: str):
    with CaptureQueriesContext(connection) as asked:
        started = time.perf_counter()
        yield
        print(f"{label:28} {time.perf_counter() - started:6.2f} s {len(asked):4} queries")


def bare(content: bytes) -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    found = list(sheet.iter_rows())[1:]
    rows = [
        (row[3], str(row[4]).encode(), str(row[4]).encode(), "", "", "", "", "", row[10], "") for row in found
    ]  # fmt: skip
    names = ["name", "national_id", "national_id_print", "bank_name", "pinyin", "initials"]
    names += ["political_status", "education", "ethnicity", "remark"]
    bulk.copy_in(Member, names, rows)


def run(content: bytes) -> None:
    with transaction.atomic(), timed("bare limit"):
        bare(content)
        transaction.set_rollback(True)
    with transaction.atomic():
        with timed("open"):
            book = workbook.open(content, "list.xlsx")
        with timed("review"):
            seen = intake.review("register", book, None)
        with timed("stage"):
            batch = intake.stage(seen, content, None)
        with timed("apply"):
            done = intake.apply(batch, None)
        print(seen.counts, done.batch.created)
        transaction.set_rollback(True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=3)
    content = county_list()
    for _each in range(options.parse_args().times):
        run(content)
