"""One writer at a time, whichever database."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """A transaction in which nobody else is inside `exclusive(name)`, until it ends.

    It has to be the first thing that touches the database: what was read before it may be stale. On PostgreSQL it is
    an advisory lock held to the end of the transaction. SQLite's transactions are begun IMMEDIATE (cunsao/database.py)
    and so are alone anyway, but who waits for one is served by chance: a lock on a file beside the database makes them
    queue. Raises OperationalError when the lock cannot be had within the database's time-out.
    """
    with _queue(name), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])
        yield


@contextmanager
def _queue(name: str) -> Iterator[None]:
    """Waits for one's turn on SQLite; inside a transaction one has it already, and waiting would be for oneself."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with open(f"{connection.settings_dict['NAME']}-{name}.lock", "ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
