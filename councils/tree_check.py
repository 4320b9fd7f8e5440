"""Faults of the tree, held against its parents column; and their repair."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from councils.drawing import misplaced, redraw
from councils.models import Council, Level
from cunsao import locks


def faults() -> Iterator[str]:
    """A sentence for each node that stands, or is drawn, where its parents column does not put it."""
    yield from _astray()
    seen: dict[int, str] = {}
    for county in Council.objects.at_level(Level.COUNTY):
        if county.tree_id in seen:
            yield _("%(code)s: is drawn in the tree of %(other)s.") % {
                "code": county.code, "other": seen[county.tree_id],
            }  # fmt: skip
        seen[county.tree_id] = county.code
        for _pk, code, stored, wanted in misplaced(county):
            yield _("%(code)s: drawn at %(stored)s instead of %(wanted)s.") % {
                "code": code, "stored": "/".join(map(str, stored)), "wanted": "/".join(map(str, wanted)),
            }  # fmt: skip


def repair() -> int:
    """Draws every county anew from the parents column; returns how many nodes were set right."""
    with locks.exclusive("councils"):
        taken: set[int] = set()
        mended = 0
        for county in Council.objects.at_level(Level.COUNTY):
            if county.tree_id in taken:
                county.tree_id = max(taken) + 1
                mended += Council.objects.filter(pk=county.pk).update(tree_id=county.tree_id)
            taken.add(county.tree_id)
            mended += redraw(county)
        return mended


def _astray() -> Iterator[str]:
    """Nodes whose parent is not there, or is not what their code says; the database should have refused them."""
    codes = set(Council.objects.values_list("code", flat=True))
    for code, parent, level in Council.objects.values_list("code", "parent", "level"):
        if level == Level.COUNTY:
            if parent is not None:
                yield _("%(code)s: a county with a council above it.") % {"code": code}
        elif parent not in codes:
            yield _("%(code)s: the council above, %(parent)s, is missing.") % {"code": code, "parent": parent}
        elif not code.startswith(parent) or len(code) != len(parent) + 3:
            yield _("%(code)s: does not begin with the code of the council above, %(parent)s.") % {
                "code": code, "parent": parent,
            }  # fmt: skip
