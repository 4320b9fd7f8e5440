"""Eight writers at once on the council tree, and the same on a plain django-mptt model.

`uv run python -m tests.benchmarks.tree_race [EDITS [RUNS]]`: each writer inserts, moves and closes EDITS nodes (100),
RUNS times (3).
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests import databases
from tests.races import at_once, own_database, run
from tests.races.test_tree import COUNT, TOWNSHIPS, WRITERS


def ours(url: str, edits: int) -> tuple[float, list[int]]:
    """(seconds, [lost deeds, double numbers, nodes outside])"""
    with tempfile.TemporaryDirectory() as folder, own_database(Path(folder), url) as environment:
        codes = Path(folder) / "codes.csv"
        codes.write_text("code,name,level,parent_code\n341226,县,county,\n" + TOWNSHIPS, encoding="utf-8")
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "manage.py", "load_divisions", str(codes))
        begun = time.perf_counter()
        done = sum(map(int, at_once(environment, *_writers("tests.races.edit_tree", edits))))
        took = time.perf_counter() - begun
        _villages, _closed, double, outside = map(int, run(environment, "-c", COUNT).split())
        return took, [WRITERS * edits * 3 - done, double, outside]


def plain(url: str, edits: int) -> tuple[float, list[int]]:
    with tempfile.TemporaryDirectory() as folder, own_database(Path(folder), url) as environment:
        run(environment, "-m", "tests.races.plain_tree", "make")
        begun = time.perf_counter()
        done = sum(map(int, at_once(environment, *_writers("tests.races.plain_tree", edits))))
        took = time.perf_counter() - begun
        _nodes, double, outside = map(int, run(environment, "-m", "tests.races.plain_tree", "count").split())
        return took, [WRITERS * edits * 3 - done, double, outside]


def _writers(module: str, edits: int) -> list[list[str]]:
    return [["-m", module, str(worker), str(edits)] for worker in range(WRITERS)]


def main(edits: int = 100, times: int = 3) -> None:
    databases.KIND = "postgresql"
    urls = {"SQLite": "", "PostgreSQL": os.environ.get("CUNSAO_TEST_POSTGRESQL") or databases.url(Path())}
    print(f"{WRITERS} writers × {edits} × (insert, move, close); median of {times} runs")
    print(f"{'database':<12}{'tree':<18}{'seconds':>9}{'lost deeds':>12}{'double numbers':>16}{'outside parent':>16}")
    for name, url in urls.items():
        for label, race in (("cunsao", ours), ("plain django-mptt", plain)):
            runs = [race(url, edits) for _run in range(times)]
            lost, double, outside = (int(statistics.median(each[1][at] for each in runs)) for at in range(3))
            seconds = statistics.median(took for took, _counts in runs)
            print(f"{name:<12}{label:<18}{seconds:>9.1f}{lost:>12}{double:>16}{outside:>16}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
