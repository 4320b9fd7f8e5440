"""Lists out again, one way for all: masked unless there is a reason, entered in the trail before anything leaves."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Action, Council
from cunsao.workbook import MOST_ROWS, Column, Plan, csv_pieces, write
from cunsao.workbook.writing import Kind, Value

XLSX, CSV = "xlsx", "csv"
SHORTEST_REASON = 2  # 核对, 补发: two characters say something
AT_ONCE = 2_000  # records that are in memory
KINDS: dict[Any, Kind] = {int: "number", float: "number", Decimal: "amount"}  # of what a list's own method gives


@dataclass(frozen=True)
class Outgoing:
    """What is about to leave: `rows` are read once, and only when they are written. `narrowed` says by which filter."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    count: int
    narrowed: str = ""


def hand_out(out: Outgoing, by: Any, ending: str = XLSX, unmasked: bool = False, reason: str = "") -> Iterator[bytes]:
    """The file in pieces. Raises ValueError where whole numbers are wanted without a reason, or a sheet is too short.

    Entered at once; a csv file is then made while it is sent, a workbook in memory, where its rows stand packed.
    """
    if ending == XLSX and out.count >= MOST_ROWS:
        raise ValueError(_("A workbook holds %(most)d rows. Choose csv, or narrow the list.") % {"most": MOST_ROWS - 1})
    enter(out.name, out.count, by, unmasked, reason, out.narrowed)
    if ending == CSV:
        return csv_pieces(_with_heading(out))
    stream = io.BytesIO()
    write([Plan(name=out.name, columns=out.columns, rows=out.rows, landscape=True)], stream)
    return iter([stream.getvalue()])


def enter(what: str, count: int, by: Any, unmasked: bool = False, reason: str = "", narrowed: str = "") -> None:
    """Puts into the trail that a list left, with how many rows; `by` is an account, or None for the command line.

    Raises ValueError where numbers are wanted in clear and nobody says why.
    """
    if unmasked and len(reason.strip()) < SHORTEST_REASON:
        raise ValueError(_("Say why the whole numbers are needed; the reason is kept."))
    home = by.council if by is not None else Council.objects.filter(level="county").first()
    if home is None:
        return
    told: dict[str, Any] = {"list": what, "rows": count, "filter": narrowed, "unmasked": unmasked}
    told["reason"] = reason.strip()[:200]
    audit.note(Action.EXPORTED, home, home.pk, None, **{name: ["", said] for name, said in told.items()})


def _with_heading(out: Outgoing) -> Iterator[Sequence[Value]]:
    yield [column.heading for column in out.columns]
    yield from out.rows


class Told:
    """One column of a list as it leaves: from a field of the model, or from what a method says of a record."""

    def __init__(self, heading: str, source: Any) -> None:  # a field, or what asks a record
        self.column = Column(heading, _kind(source))
        self.value: Callable[[Any], Value] = (
            _from_field(source) if isinstance(source, models.Field) else lambda record: _said(source(record))
        )


def rows(found: models.QuerySet[Any], told: Sequence[Told]) -> Iterator[list[Value]]:
    """A row for each record, a few records at a time."""
    values = [each.value for each in told]
    for record in found.iterator(AT_ONCE):
        yield [value(record) for value in values]


def _kind(source: Any) -> Kind:
    if not isinstance(source, models.Field):
        return KINDS.get(getattr(source, "__annotations__", {}).get("return"), "text")
    if source.choices or source.remote_field or isinstance(source, models.DateTimeField):
        return "text"
    if isinstance(source, models.DateField):
        return "day"
    if isinstance(source, models.DecimalField):
        return "amount"
    return "number" if isinstance(source, models.IntegerField | models.FloatField) else "text"


def _from_field(field: Any) -> Callable[[Any], Value]:
    name = field.name
    if field.choices:
        words = {key: str(word) for key, word in field.flatchoices}
        return lambda record: words.get(getattr(record, name), "")
    return lambda record: _said(getattr(record, name))


def _said(value: Any) -> Value:
    """As a cell holds it: times in local time, a number of a person as its mask, other records by name."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if value is None or isinstance(value, Value):
        return value
    return strip_tags(str(value))
