"""A process of its own for whatever touches an uploaded file: its death costs one upload, not a worker.

A fresh interpreter, never a fork: gunicorn's workers have threads. It gets no environment, no Django, and the file
through a pipe. What comes back is JSON and checked, since a hostile file might have taken the process over.
"""

import contextlib
import importlib.util
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from cunsao.workbook.inside import EXHAUSTED, LENGTH
from cunsao.workbook.refusals import REASONS, exhausted, refused

MEGABYTES = 256  # address space of a child; 100,000 rows of 14 columns need 200
SECONDS = 4  # of the processor; 100,000 rows need two or three, and on a busy machine many more of the clock
PATIENCE = 60  # seconds of the clock: a net for a child that waits instead of working
MOST_RECEIVED = 60_000_000  # bytes; 100,000 rows are 20 million
FOLDER = Path(__file__).resolve().parent
# `cunsao.workbook` is put in place by hand: importing it would load the caller's side of it, and Django with that.
START = """
import sys, types
package = sys.modules["cunsao.workbook"] = types.ModuleType("cunsao.workbook")
package.__path__ = [sys.argv[1]]
sys.path += sys.argv[2:4]
from cunsao.workbook import inside, {module}
inside.serve({module}.answer, {megabytes}, {seconds})
"""
EXHAUSTED_CODES = (EXHAUSTED, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU)

Hook = Callable[[dict[str, Any]], object]


def ask(
    module: str, content: bytes, wishes: object = None, *, hook: Hook | None = None, seconds: int = SECONDS
) -> Iterator[Any]:
    """What `module.answer(content, wishes)` yields in a child process, as it comes.

    `hook` turns back what inside.tagged made. Raises FileRefused when the child refuses the file, dies, takes more than
    `seconds` of the processor or PATIENCE of the clock, or says what it should not. What else the machine does is no
    reason to refuse a file, so it is the processor's time that is counted.
    """
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules; the file is no argument
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            START.format(module=module, megabytes=MEGABYTES, seconds=seconds),
            *_folders(),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's last words may hold what was in a cell
        env={},
    )
    watch = threading.Timer(PATIENCE, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield from _conversation(process, content, wishes, hook)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]  # both are pipes


def _folders() -> list[str]:
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("python_calamine")
    return [str(FOLDER), str(Path(spec.origin).parents[1]), str(FOLDER.parents[1])]


def _conversation(process: subprocess.Popen[bytes], content: bytes, wishes: object, hook: Hook | None) -> Iterator[Any]:
    words = json.dumps(wishes).encode()
    assert process.stdin  # noqa: S101 - for mypy: it is a pipe
    assert process.stdout  # noqa: S101 - the same
    with contextlib.suppress(BrokenPipeError):  # it died early; its exit code says why
        process.stdin.write(LENGTH.pack(len(words)) + words)
        process.stdin.write(content)
        process.stdin.close()
    sheet = ""
    try:
        for told in _frames(process.stdout, hook):
            if isinstance(told, dict):
                if "end" in told:
                    return
                if "refused" in told:
                    raise refused(told["refused"] if told["refused"] in REASONS else "damaged", told.get("values"))
                sheet = str(told.get("sheet", sheet))
            yield told
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise refused("damaged") from error
    if process.wait() not in EXHAUSTED_CODES:
        raise refused("damaged")
    raise exhausted(sheet)


def _frames(stream: IO[bytes], hook: Hook | None) -> Iterator[Any]:
    received = 0
    while len(header := stream.read(LENGTH.size)) == LENGTH.size:
        received += (length := LENGTH.unpack(header)[0])
        if received > MOST_RECEIVED:
            raise exhausted("")
        frame = stream.read(length)
        if len(frame) < length:
            return
        yield json.loads(frame, object_hook=hook)
