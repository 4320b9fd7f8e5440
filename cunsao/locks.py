"""One writer at a time, whichever database."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """A transaction in which nobody else is inside `exclusive(name)`, until it ends.

    It has to be the first thing that touches the database: what was read before it may be stale. On PostgreSQL it is
    an advisory lock held to the end of the transaction; SQLite's transactions are begun IMMEDIATE (cunsao/database.py)
    and so are alone anyway. Raises OperationalError when the lock cannot be had within the database's time-out.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])
        yield


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
