"""What the child process does: limit itself, take a file from its standard input, send frames to its standard output.

A frame is its length in four bytes and JSON: nothing but values can come of it, even where a hostile file has taken
over this process. Pickle would run code, marshal may crash on false bytes and was no faster. child.py is the other end.
Nothing here or in what it calls loads Django, nor what it can do without, as typing: each file waits for it.
"""

from __future__ import annotations

import binascii
import gc
import json
import os
import resource
import struct
import sys
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

from cunsao.workbook.sniffing import RefusalError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

LENGTH = struct.Struct("<I")
EXHAUSTED = 77  # exit code of a child that met its memory limit in Python; in the parsers it is a signal


def serve(answer: Callable[[bytes, Any], Iterator[object]], megabytes: int, seconds: int) -> None:
    """Answer one request, which is a frame of wishes and a file, and end.

    All modules are loaded before: afterwards no file can be written. Death by a limit is what child.py expects.
    """
    limit(megabytes, seconds)
    gc.disable()  # the process ends before cycles matter, and a large sheet would be walked through again and again
    out = sys.stdout.buffer
    try:
        wishes = json.loads(sys.stdin.buffer.read(*LENGTH.unpack(sys.stdin.buffer.read(LENGTH.size))))
        try:
            for told in answer(sys.stdin.buffer.read(), wishes):
                send(told, out)
            send({"end": True}, out)
        except RefusalError as refusal:
            send({"refused": refusal.reason, "values": refusal.values}, out)
    except MemoryError:
        os._exit(EXHAUSTED)


def limit(megabytes: int, seconds: int) -> None:
    """No more memory and time than these, no core dump and no file: both would hold what was uploaded."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def send(told: object, out: BinaryIO) -> None:
    frame = json.dumps(told, default=tagged, ensure_ascii=False, separators=(",", ":")).encode()
    out.write(LENGTH.pack(len(frame)))
    out.write(frame)
    out.flush()


def tagged(value: object) -> dict[str, str | float]:
    """What JSON has no form for, as a dictionary of one; reading.py and annotating.py turn it back."""
    if type(value) is date:  # as nearly all are
        return {"date": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": binascii.b2a_base64(value, newline=False).decode()}
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, date | time):  # a datetime is a date
        return {type(value).__name__: value.isoformat()}
    return {"fault": str(getattr(value, "shown", ""))}
