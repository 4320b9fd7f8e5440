"""Left and right numbers of the council tree: worked out from the parents column, and good for drawing only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import F

from councils.models import Council

PAGE = 10_000  # keys in one statement; SQLite takes 32,766


class Place(NamedTuple):
    lft: int
    rght: int
    depth: int


def places(nodes: Iterable[tuple[str, str | None]]) -> dict[str, Place]:
    """{code: place} of nodes given as (code, parent's code) in the order of their codes; each county begins at 1.

    That order is a walk through the tree, since a code begins with its parent's.
    """
    found: dict[str, Place] = {}
    open_nodes: list[tuple[str, int]] = []  # from the county down to where the walk is, with their left numbers
    number = 0

    def leave() -> None:
        nonlocal number
        number += 1
        code, left = open_nodes.pop()
        found[code] = Place(left, number, len(open_nodes))

    for code, parent in nodes:
        while open_nodes and open_nodes[-1][0] != parent:
            leave()
        number = number + 1 if open_nodes else 1
        open_nodes.append((code, number))
    while open_nodes:
        leave()
    return found


def misplaced(county: Council) -> Iterator[tuple[int, str, tuple[int, ...], tuple[int, ...]]]:
    """(key, code, numbers as stored, numbers as they should be) of each node of the county that is drawn wrong."""
    below = Council.objects.filter(code__gte=county.code, code__lt=str(int(county.code) + 1))
    nodes = list(below.values_list("pk", "code", "parent", "lft", "rght", "depth", "tree_id"))
    right = places((code, parent) for _pk, code, parent, *_stored in nodes)
    for pk, code, _parent, *stored in nodes:
        if tuple(stored) != (wanted := (*right[code], county.tree_id)):
            yield pk, code, tuple(stored), wanted


def redraw(county: Council) -> int:
    """Sets right what is drawn wrong and returns how many nodes that were.

    Nodes that move by the same step are written together, so an insertion costs two statements. Call it inside the
    tree's lock.
    """
    by_step: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for pk, _code, stored, wanted in misplaced(county):
        by_step[tuple(new - old for old, new in zip(stored, wanted, strict=True))].append(pk)
    for step, keys in by_step.items():
        columns = zip(("lft", "rght", "depth", "tree_id"), step, strict=True)
        values = {column: F(column) + move for column, move in columns if move}
        for start in range(0, len(keys), PAGE):
            Council.objects.filter(pk__in=keys[start : start + PAGE]).order_by().update(**values)
    return sum(len(keys) for keys in by_step.values())
