"""A batch's rows leaf by leaf, one tab at a time, without opening more of its pages than hold the rows wanted.

A batch keeps a tally: of each page of fifty, how many rows there are of each verdict and how many with a warning.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from councils.intake.lines import Line, Verdict
from councils.models import BatchPage

WARNED = "warnings"
TABS = (*Verdict.values, WARNED)
Tally = list[list[int]]


class Leaf(NamedTuple):
    """Which pages hold the rows from `first` to before `last` of a tab, and how many of its rows come before them."""

    pages: list[int]
    before: int
    first: int
    last: int


def is_in(line: Line, tab: str) -> bool:
    """Whether a line stands under a tab; one with a warning stands under two."""
    return any(found.is_warning for found in line.findings) if tab == WARNED else line.verdict == tab


def tallied(lines: Sequence[Line]) -> Tally:
    """The counts of each page, in the order of TABS."""
    pages = (lines[start : start + BatchPage.SIZE] for start in range(0, len(lines), BatchPage.SIZE))
    return [_counted(page) for page in pages]


def moved(tally: Tally, lost: Iterable[tuple[int, Verdict]]) -> Tally:
    """The tally when rows that had been `Verdict` were refused after all; rows by their place from 0."""
    after = [list(page) for page in tally]
    for at, was in lost:
        after[at // BatchPage.SIZE][TABS.index(was)] -= 1
        after[at // BatchPage.SIZE][TABS.index(Verdict.REFUSED)] += 1
    return after


def count(tally: Tally, tab: str) -> int:
    """How many rows stand under a tab."""
    return sum(page[TABS.index(tab)] for page in tally)


def leaf(tally: Tally, tab: str, number: int) -> Leaf:
    """Fifty rows of a tab; leaves are counted from 1."""
    held = [page[TABS.index(tab)] for page in tally]
    first = (number - 1) * BatchPage.SIZE
    last = first + BatchPage.SIZE
    ends = list(accumulate(held))
    pages = [at for at, end in enumerate(ends) if held[at] and end > first and end - held[at] < last]
    before = ends[pages[0]] - held[pages[0]] if pages else 0
    return Leaf(pages, before, first, last)


def _counted(lines: Iterable[Line]) -> list[int]:
    counted: Counter[str] = Counter()
    for line in lines:
        counted[line.verdict] += 1
        if line.findings:
            counted[WARNED] += is_in(line, WARNED)
    return [counted[tab] for tab in TABS]
