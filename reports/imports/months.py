"""A village's month, filled in with Excel and brought back: how often each member did each kind."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from councils.intake import Line, StagedResource, Verdict, importer
from councils.intake.widgets import NameWidget, PlaceWidget, TextWidget
from councils.models import Council
from cunsao import months
from cunsao.workbook import Column, Plan
from members.imports.words import HEADINGS
from reports import tallying
from reports.activities import WorkRefused
from reports.imports.widgets import CountWidget
from reports.imports.words import chinese
from reports.kinds import KINDS
from reports.models import Activity
from reports.sheets.month import WorkSheet
from reports.tallying import Standing, Typed, sheet_kinds

KEY = "行号(勿改)"
COUNTED = [kind.key for kind in sheet_kinds()]
WORDS = {"village": HEADINGS["village"], "name": HEADINGS["name"], "row": [KEY]}
WORDS |= {key: [chinese(KINDS[key].label)] for key in COUNTED}


class Row:
    """What the hidden cell of a row says: village, month and member, and how each cell stood ("kind=version:how many").

    Raises ValueError for a text that is none of ours.
    """

    def __init__(self, said: str) -> None:
        village, month, member, *stood = said.split()
        self.village, self.member, self.month = int(village), int(member), months.read(month)
        self.seen: dict[str, Standing] = {}
        for each in stood:
            kind, _sign, numbers = each.partition("=")
            version, _colon, quantity = numbers.partition(":")
            self.seen[kind] = Standing(int(version), int(quantity))

    @staticmethod
    def written(village: int, month: date, member: int, seen: dict[str, Standing]) -> str:
        stood = [f"{kind}={each.version}:{each.quantity}" for kind, each in seen.items() if each.version]
        return " ".join([str(village), f"{month:%Y-%m}", str(member), *stood])


class RowWidget(TextWidget):
    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = super().clean(value, row, **options)
        try:
            Row(said)
        except ValueError:
            return ""
        return said


@importer("work_month")
class WorkMonthResource(StagedResource):
    """A row is known by the hidden cell of the downloaded workbook. An empty cell changes nothing; 0 takes away."""

    label = gettext_lazy("month's sheet of what was done")
    permission = "reports.add_activity"
    lock = "sheet"
    headings = WORDS
    key = "row"
    persons = ("name", "row")
    required = ("row",)
    shown = ("name", "village", *COUNTED[:4])
    list_url = "work"

    village = Field("village", widget=PlaceWidget())
    name = Field("name", widget=NameWidget())
    row = Field("row", widget=RowWidget(900))
    for _key in COUNTED:
        locals()[_key] = Field(_key, widget=CountWidget())

    def check(self, lines: Sequence[Line]) -> None:
        visible = Council.objects.all() if self.user is None else Council.objects.visible_to(self.user)
        standing = [line for line in lines if not line.is_refused]
        self.rows = {id(line): Row(line.values["row"]) for line in standing}
        self.villages = visible.in_bulk({each.village for each in self.rows.values()})
        seen: dict[tuple[int, date, int], Line] = {}
        for (village, month), group in self._by_sheet(standing).items():
            if village not in self.villages:
                for line in group:
                    line.find("village", "out_of_scope")
                continue
            places = [(self.rows[id(line)].member, kind) for line in group for kind in COUNTED]
            stored = tallying.cells(self.villages[village], month, places)
            members = tallying.days_of(self.villages[village], month)
            for line in group:
                at = self.rows[id(line)]
                if (before := seen.setdefault((village, month, at.member), line)) is not line:
                    line.find("name", "duplicate_row", row=before.row, sheet=before.sheet)
                elif at.member not in members:
                    line.find("name", "no_member", _("She was no member of this village in this month."))
                else:
                    line.council = village
                    self._judge(line, at, stored)

    def write(self, lines: Sequence[Line], step: Callable[[int], Any] | None = None) -> None:
        for (village, month), group in self._by_sheet(lines).items():
            typed = [each for line in group for each in self._typed(line, self.rows[id(line)])]
            for line, refusal in self._entered(village, month, group, typed):
                line.find(refusal[0], refusal[1].code, str(refusal[1]))
            if step:
                step(len(group))

    def take_back(self, lines: Sequence[Line], since: int) -> list[str]:
        """Cells get back what they said; those that were written since are left, and their rows named."""
        self.rows = {id(line): Row(line.values["row"]) for line in lines}
        self.villages = Council.objects.in_bulk({each.village for each in self.rows.values()})
        left: dict[int, Line] = {}
        for (village, month), group in self._by_sheet(lines).items():
            places = [(self.rows[id(line)].member, kind) for line in group for kind in line.before]
            stored = tallying.cells(self.villages[village], month, places)
            typed = []
            for line in group:
                member = self.rows[id(line)].member
                for kind, was in line.before.items():
                    now = tallying.standing_of(stored.get((member, kind)))
                    if now.quantity != int(line.values[kind]):
                        left[id(line)] = line
                    else:
                        typed.append(Typed(member, kind, now, was))
            left |= {id(line): line for line, _refusal in self._entered(village, month, group, typed)}
        return [f"{line.values.get('village', '')} {line.values.get('name', '')}".strip() for line in left.values()]

    def _by_sheet(self, lines: Sequence[Line]) -> dict[tuple[int, date], list[Line]]:
        grouped: dict[tuple[int, date], list[Line]] = defaultdict(list)
        for line in lines:
            at = self.rows[id(line)]
            grouped[at.village, at.month].append(line)
        return grouped

    def _judge(self, line: Line, at: Row, stored: dict[tuple[int, str], Activity]) -> None:
        """The line's verdict, what stands there now, and which cells cannot be written."""
        for kind in (kind for kind in COUNTED if kind in line.values):
            record = stored.get((at.member, kind))
            now = tallying.standing_of(record)
            try:
                if tallying.read(line.values[kind]) == now.quantity:
                    continue
            except WorkRefused as refusal:
                line.find(kind, refusal.code, str(refusal))
                continue
            line.before[kind] = str(now.quantity)
            if locked := tallying.why_locked(record):
                line.find(kind, "verified", locked)
            elif now != at.seen.get(kind, Standing()):
                said = _("Somebody else wrote %(number)s here meanwhile.") % {"number": now.quantity}
                line.find(kind, "overtaken", said)
        if not line.is_refused:
            line.verdict = Verdict.CHANGED if line.before else Verdict.SAME

    def _typed(self, line: Line, at: Row) -> list[Typed]:
        seen = at.seen
        return [Typed(at.member, kind, seen.get(kind, Standing()), line.values[kind]) for kind in line.before]

    def _entered(
        self, village: int, month: date, group: Sequence[Line], typed: Sequence[Typed]
    ) -> list[tuple[Line, tuple[str, WorkRefused]]]:
        """Writes cells of one sheet; the lines of those that were refused, each with the kind and why."""
        lines = {self.rows[id(line)].member: line for line in group}
        try:
            done: dict[tuple[int, str], Any] = dict(tallying.enter(self.villages[village], month, typed, self.user))
        except WorkRefused as refusal:
            done = {(each.member, each.kind): refusal for each in typed}
        return [
            (lines[member], (kind, refusal))
            for (member, kind), refusal in done.items()
            if isinstance(refusal, WorkRefused)
        ]


def plan_of(sheet: WorkSheet) -> Plan:
    """The workbook of a sheet: counts to be written, names grey, what each row is about out of sight."""
    columns = [
        Column("序号", "number", locked=True), Column(WORDS["village"][0], locked=True),
        Column(WORDS["name"][0], locked=True), *(Column(WORDS[key][0], "number", width=11) for key in COUNTED),
        Column(KEY, width=4, hidden=True),
    ]  # fmt: skip
    rows = []
    for number, line in enumerate(sheet.lines, 1):
        seen = {cell.kind.key: cell.standing for cell in line.cells}
        key = Row.written(sheet.village.pk, sheet.month, line.member, seen)
        counts = [seen[kind].quantity or None for kind in COUNTED]
        rows.append([number, sheet.village.name, line.name, *counts, key])
    titles = [f"{sheet.village} {sheet.month:%Y年}{sheet.month.month}月 工作月报表"]
    return Plan(
        name=f"{sheet.month:%Y-%m}", columns=columns, rows=rows, titles=titles, landscape=True, protected=True,
        closing=["只填数字；清空的格子不作改动，填 0 表示取消。已核实的数字不能再改。"],
    )  # fmt: skip
