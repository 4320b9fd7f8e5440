"""One of several writers at once: inserts, moves and closes `count` villages of its own, and says how many it wrote.

Run as `python -m tests.races.edit_tree WORKER COUNT` with DATABASE_URL set to a database with one county.
"""

import os
import sys
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from councils.models import Level  # noqa: E402
from councils.tree import Close, Create, Deed, Move, carry_out  # noqa: E402

COUNTY = "341226"


def deeds(worker: int, count: int) -> Iterator[Deed]:
    """Each village is opened in the worker's own township, moved to its neighbour's, and closed."""
    today = timezone.localdate()
    home, next_door = f"{COUNTY}{100 + worker}", f"{COUNTY}{100 + (worker + 1) % 8}"
    for number in range(count):
        before, after = f"{home}{200 + number}", f"{next_door}{500 + number}"
        yield Create(Level.VILLAGE, before, f"{worker}-{number}村")
        yield Move(before, next_door, after, today)
        yield Close(after, today)


if __name__ == "__main__":
    done = sum(1 for deed in deeds(int(sys.argv[1]), int(sys.argv[2])) if carry_out(deed))
    sys.stdout.write(f"{done}\n")
