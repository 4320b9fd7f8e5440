"""How long lists and counts of activities take to be served with a county's year in the database.

`uv run python -m tests.benchmarks.activities [ROWS [TIMES]]`: ROWS activities (500,000) of the demo county over twelve
months, on SQLite and on PostgreSQL (that of the tests, or the server CUNSAO_TEST_POSTGRESQL names); medians of TIMES
runs (9), and the quickest beside them, of the whole page through Django's test client, as the county, a chair and a
president see it. The load of the machine is printed first: medians mean little on one that is busy.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests import databases
from tests.races import own_database

DAYS = 365
LIMIT = 150  # milliseconds


def main(rows: int = 500_000, times: int = 9) -> None:
    databases.KIND = "postgresql"
    urls = {"SQLite": "", "PostgreSQL": os.environ.get("CUNSAO_TEST_POSTGRESQL") or databases.url(Path())}
    for name, url in urls.items():
        with tempfile.TemporaryDirectory() as folder, own_database(Path(folder), url) as environment:
            os.environ |= environment
            command = [sys.executable, "-m", "tests.benchmarks.activities", "measure", str(rows), str(times)]
            print(name, flush=True)
            os.spawnve(os.P_WAIT, sys.executable, command, os.environ)


def measure(rows: int, times: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
    import django  # noqa: PLC0415 - with the environment that the caller made

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from tests.benchmarks import filling  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        call_command("load_demo", stdout=nowhere)
    begun = time.perf_counter()
    filling.fill(rows, DAYS)
    took = time.perf_counter() - begun
    print(f"  {rows:,} activities filled in, {took:.0f} s ({rows / took:,.0f} a second)", flush=True)
    print(f"  load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; median and quickest of {times} runs")
    slowest = 0.0
    for what, who, ask in filling.questions():
        answer: Any = ask()
        moments = []
        for _run in range(times):
            begun = time.perf_counter()
            ask()
            moments.append(1000 * (time.perf_counter() - begun))
        slowest = max(slowest, statistics.median(moments))
        print(f"  {who:<10}{what:<34}{statistics.median(moments):>8.1f}{min(moments):>8.1f} ms  {answer}", flush=True)
    print(f"  slowest {slowest:.1f} ms, promised {LIMIT}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(*map(int, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
