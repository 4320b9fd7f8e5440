"""How long a list takes to be looked at and applied, beside the bare limit and a stock ModelResource.

`python -m tests.benchmarks.importing [--rows 4240] [--times 5] [--stock 5] [--database sqlite|postgresql|both]`

Medians of so many runs, all in one process and by turns; the stock peer is left out with --stock 0. The bare limit is
calamine reading the workbook and one bulk insert: what the list says of a woman, unsealed and unchecked, into the table
of members, by one prepared statement on SQLite, on PostgreSQL by one INSERT out of arrays that the server binds, the
fastest of the forms of INSERT there. COPY, by which cunsao writes, takes half of that and is told beside it.
(Django's bulk_create of the same would be slower than either; it is not measured here.)

Two clocks: seconds of the wall, and seconds of the processor in this process, in the reader's and in the database's for
it (spending.py), which do not count what else the machine does. The zones stand already, as in a county that keeps its
register; --new-zones lets the list open them. Databases are made for the run, and each import is rolled back after the
database checked its foreign keys. Peak memory is that of a process which imports once.
"""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
os.environ.setdefault("CUNSAO_DATA_DIR", tempfile.mkdtemp(prefix="cunsao-importing-"))

import django
import psycopg

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from councils import audit, divisions, intake  # noqa: E402
from councils.models import Council, Zone  # noqa: E402
from cunsao import bulk, workbook  # noqa: E402
from cunsao.workbook import child  # noqa: E402
from members import exports  # noqa: E402
from members.models import Member  # noqa: E402
from reports.demo.county import DIVISIONS, villages  # noqa: E402
from reports.demo.people import people, zones  # noqa: E402
from tests.benchmarks import stock  # noqa: E402
from tests.benchmarks.spending import spent  # noqa: E402

BARE, COPY, STOCK = "bare limit", "the same by COPY", "stock ModelResource"
NAMES = [
    "name", "national_id", "national_id_print", "phone", "bank_account", "bank_name", "pinyin", "initials",
    "political_status", "education", "ethnicity", "remark",
]  # fmt: skip
OURS = ("open", "review", "stage", "apply")


def make_county(with_zones: bool, rows: int) -> None:
    call_command("migrate", verbosity=0)
    if Council.objects.exists():
        return
    divisions.load(divisions.read(DIVISIONS))
    if not with_zones:
        return
    keys = dict(Council.objects.values_list("code", "pk"))
    ground = [(keys[each.village_code], each.number, each.name, each.bounds) for each in zones(villages(), rows)]
    with transaction.atomic():
        audit.copy_in(Zone, ["village", "number", "name", "bounds"], ground, "name", "village")


def county_list(rows: int) -> bytes:
    names = dict(Council.objects.values_list("code", "name"))
    cells = [
        [
            names[each.village_code[:9]], names[each.village_code], each.village_code, each.name, each.national_id,
            each.phone, each.zone_name, each.position, each.political_status, each.education, each.ethnicity,
            each.joined_on, each.bank_name, each.bank_account, "",
        ]
        for each in people(villages(), rows)
    ]  # fmt: skip
    stream = io.BytesIO()
    workbook.write([workbook.Plan(name="list", columns=exports.COLUMNS, rows=cells)], stream)
    return stream.getvalue()


def bare(content: bytes) -> None:
    rows = list(said(content))
    if connection.vendor != "postgresql":
        bulk.add(Member, NAMES, rows)
        return
    arrays = ", ".join(f"%s::{'bytea' if isinstance(value, bytes) else 'text'}[]" for value in rows[0])
    psycopg.Cursor(connection.connection).execute(
        f"INSERT INTO members_member ({', '.join(NAMES)}) SELECT * FROM unnest({arrays})",
        [list(column) for column in zip(*rows, strict=True)],
    )


def bare_by_copy(content: bytes) -> None:
    bulk.add(Member, NAMES, said(content))


def said(content: bytes) -> Iterator[tuple[Any, ...]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return (
        (row[3], *(text.encode() for text in (row[4], row[4], row[5], row[13])), row[12], "", "", *row[8:11], row[14])
        for row in list(sheet.iter_rows())[1:]
    )


class Took(NamedTuple):
    """Seconds of the wall, and of the processor."""

    wall: float
    spent: float


Steps = dict[str, Took]


def run(content: bytes, with_stock: bool) -> Steps:
    """What each step took; by turns, so that a busy moment of the machine is everybody's."""
    steps: Steps = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began, before = time.perf_counter(), spent()
        done = work()
        steps[name] = Took(time.perf_counter() - began, spent() - before)
        return done

    limits = {BARE: bare, COPY: bare_by_copy} if connection.vendor == "postgresql" else {BARE: bare}
    for name, work in limits.items():
        with transaction.atomic():
            timed(name, partial(checked, work, content))
            transaction.set_rollback(True)
        tidy()
    with transaction.atomic():
        ours(content, timed)
        transaction.set_rollback(True)
    tidy()
    if with_stock:
        with transaction.atomic():
            timed(STOCK, lambda: checked(stock.preview_and_confirm, content))
            transaction.set_rollback(True)
        tidy()
    return steps


def tidy() -> None:
    """What was rolled back is still in PostgreSQL's tables, and would be in the next run's way."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def queries(content: bytes) -> dict[str, int]:
    """{step: questions}, in a run of its own: counting them takes time."""
    steps: dict[str, int] = {}

    def counted(name: str, work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as asked:
            done = work()
        steps[name] = len(asked)
        return done

    with transaction.atomic():
        ours(content, counted)
        transaction.set_rollback(True)
    return steps


def ours(content: bytes, step: Callable[[str, Callable[[], Any]], Any]) -> None:
    book = step("open", lambda: workbook.open(content, "list.xlsx"))
    seen = step("review", lambda: intake.review("register", book, None))
    batch = step("stage", lambda: intake.stage(seen, content, None))
    applied = step("apply", lambda: checked(intake.apply, batch, None))
    if applied.batch.created != len(seen.lines):
        raise ValueError(f"{applied.batch.rejected} rows were refused: {(seen.errors + applied.overtaken)[:3]}")


def checked(work: Callable[..., Any], *arguments: Any) -> Any:
    """Foreign keys are checked at the end of a transaction, which a rollback would spare us."""
    done = work(*arguments)
    if connection.vendor == "postgresql":
        connection.check_constraints()
    return done


def measure(options: Namespace) -> None:
    make_county(not options.new_zones, options.rows)
    content = county_list(options.rows)
    runs = [run(content, number < options.stock) for number in range(max(options.times, options.stock))]
    asked = queries(content)
    took = {name: median([each[name] for each in runs if name in each]) for name in runs[0]}
    took["ours, all four"] = whole = median([total([each[name] for name in OURS]) for each in runs])
    asked["ours, all four"] = sum(asked.values())
    limit = took[BARE]
    print(f"{options.rows} rows, {connection.vendor}, median of {len(runs)} runs (stock {options.stock})")
    print(f"{'step':<22}{'seconds':>9}{'× limit':>9}{'processor':>11}{'× limit':>9}{'queries':>9}")
    for name, (wall, processor) in took.items():
        print(f"{name:<22}{wall:>9.3f}{wall / limit.wall:>9.1f}", end="")
        print(f"{processor:>11.3f}{processor / limit.spent:>9.1f}{asked.get(name, ''):>9}")
    if COPY in took:
        print(f"by processor ours is {whole.spent / took[COPY].spent:.1f} x the same by COPY")
    if STOCK in took:
        print(f"ours is 1/{took[STOCK].wall / whole.wall:.1f} of stock")
    print(peak(content), flush=True)


def median(runs: Sequence[Took]) -> Took:
    return Took(*map(statistics.median, zip(*runs, strict=True)))


def total(steps: Sequence[Took]) -> Took:
    return Took(*map(sum, zip(*steps, strict=True)))


def peak(content: bytes) -> str:
    """What a process of its own came to that imported once."""
    path = Path(os.environ["CUNSAO_DATA_DIR"]) / "list.xlsx"
    path.write_bytes(content)
    command = [sys.executable, "-m", "tests.benchmarks.importing", "--once", str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ)).stdout.strip()


def once(path: Path) -> None:
    """One import of a list, as the command does it, and what the process came to."""
    began = time.perf_counter()
    with transaction.atomic():
        ours(path.read_bytes(), lambda _name, work: work())
        transaction.set_rollback(True)
    took = time.perf_counter() - began
    # getrusage() would tell what the measuring process had come to when it started this one
    book = Path("/proc/self/status").read_text(encoding="ascii")
    megabytes = next(int(line.split()[1]) for line in book.splitlines() if line.startswith("VmHWM")) // 1024
    print(f"a process of its own: {took:.2f} s, peak memory {megabytes} MB (its reader may have {child.MEGABYTES})")


def each_database(kinds: Sequence[str], options: list[str]) -> None:
    """Each in a process of its own, which is told its database before it loads Django."""
    for kind in kinds:
        command = [sys.executable, "-m", "tests.benchmarks.importing", *options, "--here"]
        environment = os.environ | {"CUNSAO_DATA_DIR": tempfile.mkdtemp(prefix="cunsao-importing-")}
        if kind == "postgresql":
            environment |= {"DATABASE_URL": new_postgresql()}
        subprocess.run(command, check=True, env=environment)


def new_postgresql() -> str:
    os.environ["CUNSAO_TEST_DATABASE"] = "postgresql"
    from tests import databases  # noqa: PLC0415 - reads its kind when it is loaded

    at = databases.url(Path(tempfile.gettempdir()))
    name = f"importing_{os.getpid()}"
    with databases.server(at) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return databases.on_server(at, name)


def main(arguments: list[str]) -> None:
    parser = ArgumentParser()
    parser.add_argument("--rows", type=int, default=4240)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--stock", type=int, default=5)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--new-zones", action="store_true")
    parser.add_argument("--once", type=Path)
    parser.add_argument("--here", action="store_true", help="on the database that DATABASE_URL names")
    options = parser.parse_args(arguments)
    if options.once:
        once(options.once)
    elif options.here:
        measure(options)
    else:
        each_database(["sqlite", "postgresql"] if options.database == "both" else [options.database], arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
