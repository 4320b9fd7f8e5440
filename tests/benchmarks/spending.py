"""What work costs: seconds of processor, of this process and of the database's, so that what else the machine does is
not counted.

SQLite works inside this process. PostgreSQL's part is read from the kernel's books of its backends
(`/proc/PID/schedstat`, nanoseconds), which only a server on this machine has; for one elsewhere the clock alone is
left. Its parallel workers are switched off in a measured database, so that all of its work stands in one book: what a
reader waits for can only be less. Reading from disk is not in it.
"""

import gc
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from django.db import connection


class Cost(NamedTuple):
    """Milliseconds of one asking, the medians of here and in the database, and the quickest by the clock."""

    here: float
    database: float
    quickest: float

    @property
    def together(self) -> float:
        return self.here + self.database


def spent() -> float:
    """Seconds so far: this process, its children that ended, and the database for those who are connected now."""
    return _here() + _database(_backends())


def cost_of(ask: Callable[[], Any], times: int) -> Cost:
    """`ask` once to warm up, then `times`; the median, since a busy machine makes some of them slow by half."""
    ask()
    runs, backends = [], _backends()
    for _run in range(times):
        before = (_here(), _database(backends), time.perf_counter())
        ask()
        after = (_here(), _database(backends), time.perf_counter())
        runs.append([1000 * (ended - begun) for begun, ended in zip(before, after, strict=True)])
    here, database, clock = zip(*runs, strict=True)
    return Cost(median(here), median(database), min(clock))


def prepare() -> None:
    """What autovacuum would have done by the next day, and no parallel workers. What the filling left in this process,
    which a server has not, is not looked through by the collector each time.
    """
    gc.collect()
    gc.freeze()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT current_database()")
            name = cursor.fetchone()[0]
            cursor.execute(f'ALTER DATABASE "{name}" SET max_parallel_workers_per_gather = 0')
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        else:
            cursor.execute("ANALYZE")


def _here() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _backends() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _database(backends: Iterable[int]) -> float:
    """Seconds that these processes had of a processor so far."""
    books = (Path(f"/proc/{pid}/schedstat") for pid in backends)
    return sum(int(book.read_text(encoding="ascii").split()[0]) for book in books if book.exists()) / 1e9
