"""What lists and counts of activities cost the server with a county's year in the database.

`uv run python -m tests.benchmarks.activities [ROWS [TIMES [ENGINE]]]`: ROWS activities (500,000) of the demo county
over twelve months, on SQLite and on PostgreSQL (that of the tests, or the server CUNSAO_TEST_POSTGRESQL names) or on
one of them; ENGINE large is PostgreSQL with 16,000 villages. The median of TIMES runs (9) of the whole page through
Django's test client, as the county, a chair and a president see it. Milliseconds of processor, here and in the database
(tests/benchmarks/spending.py says how), and the quickest run by the clock beside them.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import databases
from tests.races import own_database

DAYS = 365
LIMIT = 150  # milliseconds


def main(rows: int = 500_000, times: int = 9, only: str = "") -> None:
    databases.KIND = "postgresql"
    urls: dict[str, Callable[[], str]] = {"SQLite": str, "PostgreSQL": lambda: databases.url(Path())}
    urls["large"] = urls["PostgreSQL"]
    for name in [only] if only else ("SQLite", "PostgreSQL"):
        url = urls[name]()
        with tempfile.TemporaryDirectory() as folder, own_database(Path(folder), url) as environment:
            os.environ |= environment
            command = [sys.executable, "-m", "tests.benchmarks.activities", "measure", str(rows), str(times), name]
            print(name, flush=True)
            os.spawnve(os.P_WAIT, sys.executable, command, os.environ)


def measure(rows: int, times: int, name: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
    import django  # noqa: PLC0415 - with the environment that the caller made

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from tests.benchmarks import filling, filling_large, spending  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    if name == "large":
        filling_large.fill(rows)
        filling_large.open_accounts()
    else:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            call_command("load_demo", stdout=nowhere)
        begun = time.perf_counter()
        filling.fill(rows, DAYS)
    took = time.perf_counter() - begun
    spending.prepare()
    print(f"  {rows:,} activities filled in, {took:.0f} s ({rows / took:,.0f} a second)", flush=True)
    print(f"  {'ms, median of ' + str(times):<44}{'here':>8}{'database':>10}{'together':>10}{'clock':>8}")
    slowest = 0.0
    for what, who, ask in filling.questions():
        answer: Any = ask()
        cost = spending.cost_of(ask, times)
        slowest = max(slowest, cost.together)
        figures = f"{cost.here:>8.1f}{cost.database:>10.1f}{cost.together:>10.1f}{cost.quickest:>8.1f}"
        print(f"  {who:<10}{what:<34}{figures}  {answer}", flush=True)
    print(f"  most {slowest:.1f} ms, promised {LIMIT}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(*map(int, sys.argv[2:4]), sys.argv[4])
    else:
        main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
