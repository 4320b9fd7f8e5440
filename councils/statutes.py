"""The charter and the daily rules of a council: versions one after the other, each a private file."""

from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db.models import Max

from councils.models import Council, Statute
from cunsao import documents, locks, private_files

FOLDER = "statutes"


def add(council: Council, kind: str, title: str, adopted: date, file: BinaryIO, by: Any) -> Statute:
    """The next version of a council's charter or rules. `by` None is the command line.

    Raises documents.DocumentRefused, pictures.PictureRefused, and PermissionDenied where `by` does not see the council.
    """
    if by is not None and not Council.objects.visible_to(by).filter(pk=council.pk).exists():
        raise PermissionDenied
    found = documents.known(file)
    with locks.exclusive("statutes"), private_files.stored(found.content, FOLDER, found.ending) as name:
        last = Statute.objects.filter(council=council, kind=kind).aggregate(last=Max("version"))["last"]
        added: Statute = Statute.objects.create(
            council=council, kind=kind, version=(last or 0) + 1, title=title, adopted=adopted, file=name,
            ending=found.ending, size=len(found.content),
        )  # fmt: skip
    return added


def in_force(versions: Iterable[Statute]) -> list[tuple[Statute, bool]]:
    """Each version with whether it is the latest of its council and kind; they come the latest first."""
    seen: set[tuple[int, str]] = set()
    told = []
    for each in versions:
        key = (each.council_id, each.kind)
        told.append((each, key not in seen))
        seen.add(key)
    return told
