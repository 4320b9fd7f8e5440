"""Processor time, so that what else the machine does is not counted: ours, our children's and the database's for us."""

import resource
import time
from pathlib import Path

from django.db import connection


def spent() -> float:
    """Seconds of processor time so far: this process, its children that ended, and the database's process for it.

    SQLite works in this process. PostgreSQL's process is looked up in /proc, so its server has to run on this machine.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + _server()


def _server() -> float:
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
