"""Processes against one database: each race has a database of its own, made for it and filled from the command line."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.served import product_environment

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_database(folder: Path, url: str = "") -> Iterator[dict[str, str]]:
    """The environment of a program that works on an empty database: a file, or one made on the server `url`."""
    base = product_environment(folder)
    if not url.startswith("postgres"):
        yield base | {"DATABASE_URL": f"sqlite:///{folder / 'race.sqlite3'}"}
        return
    name = f"race_{uuid.uuid4().hex[:12]}"
    with databases.server(url) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield base | {"DATABASE_URL": databases.on_server(url, name)}
    finally:
        with databases.server(url) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: dict[str, str], *command: str) -> str:
    """What the command printed; raises CalledProcessError where it failed."""
    found = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    if found.returncode:
        raise AssertionError(f"{command}: {found.stdout[-500:]}{found.stderr[-1500:]}")
    return found.stdout


def at_once(environment: dict[str, str], *commands: list[str], ends: tuple[int, ...] = (0,)) -> list[str]:
    """What several commands printed that ran side by side; each must end with one of `ends`."""
    begun = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    printed = []
    for process in begun:
        out, err = process.communicate(timeout=300)
        assert process.returncode in ends, err[-1500:]
        printed.append(out)
    return printed
