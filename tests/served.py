"""The product started as its user starts it, for tests that look at it from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until it must answer


class Served(NamedTuple):
    address: str
    sign_ins: dict[str, str]
    said: str


def wait_for_records(environment: dict[str, str]) -> None:
    """Until the invented county is whole."""
    end = time.monotonic() + 3 * PATIENCE
    while (Path(environment["CUNSAO_DATA_DIR"]) / "arriving").exists():
        assert time.monotonic() < end, "the records of the invented county do not arrive"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(environment: dict[str, str], *options: str) -> Iterator[Served]:
    """`manage.py start` until the block ends; yields when it answers."""
    port = free_port()
    log = Path(environment["CUNSAO_DATA_DIR"]).with_suffix(".log")
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(port), "--workers", "1", *options],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, f"http://127.0.0.1:{port}/login/", log)
        kept = Path(environment["CUNSAO_DATA_DIR"]) / "sign-ins.json"
        known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
        sign_ins = {each["username"]: each["password"] for each in known}
        yield Served(f"http://127.0.0.1:{port}", sign_ins, log.read_text(encoding="utf-8"))
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # and whatever it began
        process.wait(timeout=30)


def product_environment(folder: Path, **values: str) -> dict[str, str]:
    """The environment of a fresh installation; nothing of the tests' own settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CUNSAO_", "DJANGO_", "DATABASE"))
    }
    return kept | {"CUNSAO_DATA_DIR": str(folder / "data")} | values


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("it does not answer: " + log.read_text(encoding="utf-8")[-3000:])
