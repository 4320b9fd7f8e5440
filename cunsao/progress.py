"""One progress line for commands."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Any]:
    """A bar on standard error while the block runs; `.update(n)` moves it on. Silent where nobody looks (a pipe)."""
    with tqdm(
        total=total, desc=label, file=sys.stderr, disable=None, dynamic_ncols=True, leave=True, mininterval=0.2
    ) as bar:
        yield bar
