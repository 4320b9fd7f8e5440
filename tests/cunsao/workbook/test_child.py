import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cunsao import workbook
from cunsao.workbook import child
from cunsao.workbook.inside import EXHAUSTED
from tests.cunsao.workbook.made import FIRST_CELL, xlsx

BOOK = xlsx(FIRST_CELL)


def refusal_of(monkeypatch, start, content=BOOK):
    """What open() makes of a child that does this instead of its work."""
    monkeypatch.setattr(child, "START", "import sys, struct, json, os\nread = sys.stdin.buffer.read\n" + start)
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open(content)
    return refusal.value


def told(*frames, times=1):
    """A child's words, said without its work."""
    words = b"".join(len(frame).to_bytes(4, "little") + frame for frame in frames)
    return f"read(); sys.stdout.buffer.write({words!r} * {times})".replace("{", "{{").replace("}", "}}")


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("os.abort()", "too_large"),
        ("os.kill(os.getpid(), 9)", "too_large"),
        (f"os._exit({EXHAUSTED})", "too_large"),
        ("os.kill(os.getpid(), 11)", "unreadable_file"),
        ("read(); sys.exit(1)", "unreadable_file"),
        ("pass", "unreadable_file"),
    ],
)
@pytest.mark.parametrize("content", [BOOK, b"a,b\n" * 1_000_000])
def test_the_death_of_the_child_is_a_refusal(monkeypatch, start, code, content):
    assert refusal_of(monkeypatch, start, content).code == code


@pytest.mark.parametrize(
    "frames",
    [
        [b"nonsense"],
        [b"[" * 100_000],
        [b'{"refused": "what?"}'],
        [b'{"refused": ["what?"]}'],
        [b'{"refused": "cells", "values": 3}'],
        [b'{"refused": "cells", "values": {}}'],
        [b'{"untold": 1}'],
        [b"3"],
        [b'{"kind": 3}'],
        [b"[[1],[[1]]]"],
        [b'{"sheet": "S"}', b"[[1],[[[1]]]]"],
        [b'{"sheet": "S"}', b"[[1],[[null]]]"],
        [b'{"sheet": "S"}', b'[[1],[[{"date": "never"}]]]'],
        [b'{"sheet": "S"}', b'[[1],[[{"timedelta": 1e300}]]]'],
        [b'{"sheet": "S"}', b'[["1"],[["a"]]]'],
        [b'{"sheet": "S"}', b"[[1,2],[[1]]]"],
    ],
)
def test_a_child_that_was_taken_over_can_say_nothing_but_cells(monkeypatch, frames):
    assert refusal_of(monkeypatch, told(*frames, b'{"end": true}')).code == "unreadable_file"


def test_a_child_that_never_answers_is_stopped(monkeypatch):
    monkeypatch.setattr(child, "PATIENCE", 0.2)
    assert refusal_of(monkeypatch, "read(); read(); import threading; threading.Event().wait()").code == "too_large"


LIMITED = child.START.partition("inside.serve")[0] + "inside.limit({megabytes}, {seconds})\n"


def test_a_child_that_works_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(child.ask, "__kwdefaults__", {"hook": None, "seconds": 1})
    assert refusal_of(monkeypatch, f"{LIMITED}read()\nwhile True: pass").code == "too_large"


def test_a_child_that_has_to_wait_for_the_processor_is_not_stopped(monkeypatch):
    monkeypatch.setattr(child.ask, "__kwdefaults__", {"hook": None, "seconds": 1})
    waiting = "import threading\nthreading.Event().wait(1.5)\n"
    monkeypatch.setattr(child, "START", child.START.replace("inside.serve", f"{waiting}inside.serve"))
    assert workbook.open(BOOK).sheets[0].rows == [(1, [1])]


def test_a_child_that_talks_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(child, "MOST_RECEIVED", 100_000)
    chatter = told(b'{"sheet": "S"}') + "\n" + told(b"[[],[]]", times=20_000)
    assert refusal_of(monkeypatch, chatter).code == "too_large"


def test_the_child_gets_no_environment_and_loads_no_django(monkeypatch):
    monkeypatch.setenv("CUNSAO_SECRET_KEY", "secret")
    start, serve, _rest = child.START.partition("inside.serve")
    assert serve
    leak = "os.environ.get('CUNSAO_SECRET_KEY') or 'django' in sys.modules"
    monkeypatch.setattr(
        child, "START", f"{start}import os; read = sys.stdin.buffer.read()\nsys.exit(1 if {leak} else 77)"
    )
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open(BOOK)
    assert refusal.value.code == "too_large"  # the exit code 77, that is


def test_files_are_read_from_several_threads_at_once():
    with ThreadPoolExecutor(4) as pool:
        books = list(pool.map(workbook.open, [BOOK] * 8))
    assert all(book.sheets[0].rows == [(1, [1])] for book in books)


def test_no_watch_is_left_when_the_file_is_read():
    before = threading.active_count()
    workbook.open(BOOK)
    assert threading.active_count() <= before + 1  # a cancelled timer may take a moment to leave


def test_an_abandoned_conversation_ends_the_child(monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **kwargs: started.append(popen(*args, **kwargs)) or started[0]
    )
    conversation = child.ask("tables", BOOK)
    assert next(conversation) == {"kind": "xlsx"}
    conversation.close()
    assert started[0].returncode is not None
