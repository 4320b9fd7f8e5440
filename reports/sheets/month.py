"""A village's month, member by member: the cells of the sheet, and beside them what was entered by itself."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import months
from members.models import Member
from reports.kinds import Kind
from reports.models import Activity, ActivityMember, Source, State
from reports.tallying import Standing, cells, days_of, sheet_kinds, standing_of, why_locked


@dataclass(slots=True)
class Cell:
    """One member and kind; `beside` is what other records say, `typed` what could not be saved."""

    member: int
    kind: Kind
    standing: Standing
    beside: int = 0
    locked: str = ""
    reason: str = ""
    typed: str | None = None

    @property
    def key(self) -> str:
        return f"{self.member}-{self.kind.key}"

    @property
    def seen(self) -> str:
        """What the page showed, sent back with what is typed."""
        return f"{self.standing.version}|{self.shown}"

    @property
    def shown(self) -> str:
        return str(self.standing.quantity or "")

    @property
    def value(self) -> str:
        return self.shown if self.typed is None else self.typed

    @property
    def told(self) -> str:
        """What stands beside the number, in a sentence."""
        return _("Entered by itself: %(n)d more.") % {"n": self.beside} if self.beside else ""


@dataclass(slots=True)
class Line:
    member: int
    name: str
    cells: list[Cell] = field(default_factory=list)


@dataclass
class WorkSheet:
    village: Council
    month: date
    kinds: list[Kind]
    lines: list[Line]

    def totals(self) -> list[tuple[Kind, int, int]]:
        """Each kind with the sums of its cells and of what was entered by itself."""
        summed: Counter[str] = Counter()
        beside: Counter[str] = Counter()
        for line in self.lines:
            for cell in line.cells:
                summed[cell.kind.key] += cell.standing.quantity
                beside[cell.kind.key] += cell.beside
        return [(kind, summed[kind.key], beside[kind.key]) for kind in self.kinds]

    def cells(self) -> dict[str, Cell]:
        return {cell.key: cell for line in self.lines for cell in line.cells}


def work_sheet(village: Council, month: date) -> WorkSheet:
    """The members of the month by name, with all cells; a fixed number of queries."""
    kinds = sheet_kinds()
    members = list(days_of(village, month))
    named = Member.objects.filter(pk__in=members).order_by("pinyin", "pk").values_list("pk", "name")
    stored = cells(village, month, [(member, kind.key) for member in members for kind in kinds])
    beside = _beside(village, month)
    lines = []
    for member, name in named:
        line = Line(member, name)
        for kind in kinds:
            record = stored.get((member, kind.key))
            line.cells.append(_cell(member, kind, record, beside[member, kind.key]))
        lines.append(line)
    return WorkSheet(village, month, kinds, lines)


def _cell(member: int, kind: Kind, record: Activity | None, beside: int) -> Cell:
    return Cell(member, kind, standing_of(record), beside, why_locked(record), record.reason if record else "")


def _beside(village: Council, month: date) -> Any:
    """{(member, kind): how many} of records that are no cells and were not given back."""
    between = (month, months.last_day(month))
    there = ActivityMember.objects.filter(activity__village=village, activity__day__range=between)
    there = there.exclude(activity__source=Source.SHEET).exclude(activity__state=State.REJECTED).order_by()
    summed = there.values_list("member", "activity__kind").annotate(Sum("activity__quantity"))
    return Counter({(member, kind): amount for member, kind, amount in summed})
