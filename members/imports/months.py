"""A township's month, filled in with Excel and brought back: performance subsidies and notes of an open month."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.intake import Line, StagedResource, Verdict, importer
from councils.intake.widgets import NameWidget, PlaceWidget, TextWidget
from cunsao import months
from cunsao.personal_data import masks, prepared
from cunsao.personal_data.secret import Mask
from cunsao.workbook import Column, Plan
from members import payroll
from members.imports import keeping
from members.imports.ledgers import Said
from members.imports.people import in_pages, whole_number
from members.imports.widgets import Amount, MemberNumber, Month
from members.imports.words import HEADINGS
from members.joining import LOCK
from members.models import Member, MonthlyRoster, RosterEntry
from members.payroll import EntryRefused, Overtaken, StepRefused
from members.sheets.month import MonthSheet

FIELDS = {"amount": "performance_amount", "note": "note"}  # of a line, and the entry's own


class KeyWidget(TextWidget):
    """ "entry-version", as the workbook keeps it out of sight."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = super().clean(value, row, **options)
        key, _dash, version = said.partition("-")
        return said if key.isdecimal() and version.isdecimal() and len(said) < 30 else ""


@importer("month")
class MonthResource(StagedResource):
    """A row is known by the hidden key of the downloaded workbook, or by ID number and month.

    An empty cell changes nothing. Columns that are not the township's to write are compared, and refused if changed.
    """

    label = gettext_lazy("month's performance subsidies")
    permission = "members.change_rosterentry"
    lock = LOCK
    key = "amount"
    persons = ("name", "national_id", "entry")
    shown = ("name", "village", "month", "amount", "note")
    masks: ClassVar[Mapping[str, Mask]] = {"national_id": masks.masked_id}
    list_url = "months"
    record_url = "admin:members_rosterentry_change"

    village = Said(HEADINGS["village"], PlaceWidget())
    name = Said(HEADINGS["name"], NameWidget())
    national_id = Said(HEADINGS["national_id"], MemberNumber())
    county = Said(["县级补贴", "县级补助", "县补贴"], Amount())
    amount = Said(["绩效补贴", "绩效", "乡镇绩效补贴", "绩效金额"], Amount())
    note = Said(["备注", "说明"], TextWidget(200))
    month = Said(["月份", "补贴月份", "年月"], Month())
    entry = Said(["行号(勿改)"], KeyWidget(40))
    headings = {name: field.words for name, field in locals().items() if isinstance(field, Said)}

    def check(self, lines: Sequence[Line]) -> None:
        self.entries = self._entries(lines)
        seen: dict[int, Line] = {}
        for line in lines:
            entry = self.entries.get(id(line))
            if line.is_refused:
                continue
            if entry is None:
                line.find("name", "not_in_month", _("She stands in no month of yours that this row names."))
                continue
            line.record, line.council = entry.pk, entry.village_id
            if (before := seen.setdefault(entry.pk, line)) is not line:
                line.find("name", "duplicate_row", row=before.row, sheet=before.sheet)
            else:
                self._judge(line, entry)

    def write(self, lines: Sequence[Line], step: Callable[[int], Any] | None = None) -> None:
        by_roster: dict[MonthlyRoster, list[Line]] = defaultdict(list)
        for line in lines:
            by_roster[self.entries[id(line)].roster].append(line)
        for roster, group in by_roster.items():
            rows = [(line.record or 0, self._version(line), self._wanted(line)) for line in group]
            try:
                done: dict[int, Any] = payroll.enter_many(roster, rows, self.user)
            except StepRefused as refusal:
                done = {line.record or 0: refusal for line in group}
            for line in group:
                if isinstance(refused := done[line.record or 0], EntryRefused | StepRefused):
                    line.find("amount", "overtaken", str(refused))
            if step:
                step(len(group))

    def take_back(self, lines: Sequence[Line], since: int) -> list[str]:
        keys = [line.record for line in lines if line.record]
        entries = {each.pk: each for each in in_pages(self._visible(), "pk", keys)}
        edited = keeping.edited(RosterEntry, keys, since)
        left = [line for line in lines if line.record not in entries or line.record in edited]
        by_roster: dict[MonthlyRoster, list[Line]] = defaultdict(list)
        for line in lines:
            if line.record in entries and line.record not in edited:
                by_roster[entries[line.record].roster].append(line)
        for roster, group in by_roster.items():
            rows = [
                (entries[line.record or 0].pk, entries[line.record or 0].version,
                 {FIELDS[name]: line.before[name] for name in FIELDS if name in line.before})
                for line in group
            ]  # fmt: skip
            try:
                done: dict[int, Any] = payroll.enter_many(roster, rows, self.user)
            except StepRefused:
                left += group
            else:
                left += [line for line in group if isinstance(done[line.record or 0], EntryRefused)]
        return [" ".join(filter(None, (line.values.get("name"), line.values.get("village")))) for line in left]

    def _visible(self) -> Any:
        entries = RosterEntry.objects.regular().select_related("roster__scheme", "member", "changed_by")
        seen = entries if self.user is None else entries.visible_to(self.user)
        return seen.prefetch_related("village").defer("bank_account", "member__bank_account")

    def _entries(self, lines: Sequence[Line]) -> dict[int, RosterEntry]:
        """The entry of each line, by the line's id; three questions whatever their number."""
        keys = {id(line): int(line.values["entry"].partition("-")[0]) for line in lines if "entry" in line.values}
        by_key = {each.pk: each for each in in_pages(self._visible(), "pk", set(keys.values()))}
        found = {at: by_key[key] for at, key in keys.items() if key in by_key}
        named = [line for line in lines if id(line) not in keys and "month" in line.values and whole_number(line)]
        numbers = [whole_number(line) for line in named]
        column: Any = Member._meta.get_field("national_id_print")
        prints = prepared(column, numbers)
        asked = {date.fromisoformat(line.values["month"]).replace(day=1) for line in named}
        of_these = self._visible().filter(month__in=asked)
        by_number = {
            (each.member.national_id_print, each.month): each
            for each in in_pages(of_these, "member__national_id_print", set(prints))
        }
        for line, known in zip(named, prints, strict=True):
            entry = by_number.get((known, date.fromisoformat(line.values["month"]).replace(day=1)))
            if entry is not None:
                found[id(line)] = entry
        return found

    def _judge(self, line: Line, entry: RosterEntry) -> None:
        """The line's verdict, and what stands there now."""
        if line.values.get("name", entry.member.name) != entry.member.name:
            line.find("name", "another_name", _("This row is of %(name)s. Correct the name.") % {"name": entry.member})
        if "county" in line.values and Decimal(line.values["county"]) != entry.county_amount:
            amount = {"amount": entry.county_amount}
            line.find("county", "fixed", _("The county subsidy is %(amount)s; it is not changed here.") % amount)
        now = {"amount": f"{entry.performance_amount:.2f}", "note": entry.note}
        if "amount" in line.values:
            line.values["amount"] = f"{Decimal(line.values['amount']):.2f}"
        line.before = {name: now[name] for name in FIELDS if line.values.get(name, now[name]) != now[name]}
        if line.is_refused:
            return
        line.verdict = Verdict.CHANGED if line.before else Verdict.SAME
        if line.before:
            self._refuse(line, entry)

    def _refuse(self, line: Line, entry: RosterEntry) -> None:
        """Why the row cannot be written: a locked month, too much, or somebody who was faster."""
        changed = next(iter(line.before))
        if not entry.roster.is_open:
            line.find(changed, "locked", _("This month was handed in and is locked."))
        elif self._version(line) != entry.version:
            line.find(changed, "overtaken", str(Overtaken(entry, FIELDS[changed])))
        elif "amount" in line.before and (fault := _too_much(Decimal(line.values["amount"]), entry)):
            line.find("amount", "against_rules", fault)

    def _version(self, line: Line) -> int:
        """What the workbook's author saw; who types an ID number overwrites what stands there now."""
        said = line.values.get("entry", "").partition("-")[2]
        return int(said) if said else self.entries[id(line)].version

    def _wanted(self, line: Line) -> dict[str, str]:
        return {FIELDS[name]: line.values[name] for name in line.before if name in line.values}


def _too_much(amount: Decimal, entry: RosterEntry) -> str:
    cap = entry.roster.scheme.cap if entry.roster.scheme else None
    if amount < 0:
        return _("A subsidy is not below 0. What was paid too much is a correction.")
    if cap is not None and amount > cap:
        return _("The township's scheme gives %(cap)s at most.") % {"cap": cap}
    return ""


def plan_of(sheet: MonthSheet) -> Plan:
    """The workbook of a month: the township's own columns to be written, the others grey; numbers of persons masked."""
    words = MonthResource.headings
    columns = [
        Column("序号", "number", locked=True), Column(words["village"][0], locked=True),
        Column(words["name"][0], locked=True), Column(words["national_id"][0], width=22, locked=True),
        Column(words["county"][0], "amount", locked=True), Column(words["amount"][0], "amount", width=14),
        Column(words["note"][0], width=30), Column(words["month"][0], locked=True),
        Column(words["entry"][0], locked=True, hidden=True),
    ]  # fmt: skip
    month = f"{sheet.roster.month:%Y-%m}"
    rows: list[Sequence[Any]] = [
        [
            row.number, row.entry.village_name, row.entry.name, row.entry.national_id_masked, row.entry.county_amount,
            row.entry.performance_amount, row.entry.note, month, f"{row.entry.pk}-{row.entry.version}",
        ]
        for group in sheet.groups for row in group.rows if row.written
    ]  # fmt: skip
    name = f"{sheet.roster.township} {months.label(sheet.roster.month)}"
    return Plan(name=name, columns=columns, rows=rows, landscape=True, protected=sheet.roster.is_open)
