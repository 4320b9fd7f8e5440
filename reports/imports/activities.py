"""The list of activities: one row a record, known again by its number, or as the same record where it has none."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from councils.exports import AT_ONCE
from councils.intake import Line, StagedResource, Verdict, importer
from councils.intake.widgets import DayWidget, PlaceWidget, TextWidget
from councils.matching import Places
from cunsao.workbook import Column
from members.imports.placing import place
from reports import activities, totals
from reports.entering import Entry, Known
from reports.imports.comparing import NotFound, Records, words_of
from reports.imports.widgets import CountWidget, KindWidget, NamesWidget
from reports.imports.words import HEADINGS, UNUSED
from reports.models import Activity, Source, State
from reports.refusing import WorkRefused

FIELDS = {"text": "remark", "zone": "zone", "village": "village"}  # a rule's field, where the list calls it otherwise
COLUMNS = [
    Column(HEADINGS[name][0], {"day": "day", "quantity": "number"}.get(name, "text"))  # type: ignore[arg-type]
    for name in HEADINGS
]


@importer("activities")
class ActivityResource(StagedResource):
    """One row a record. A row with a record's number changes that record; an empty cell changes nothing of it."""

    label = gettext_lazy("activities")
    permission = "reports.add_activity"
    headings = HEADINGS
    unused = UNUSED
    key = "kind"
    persons = ("kind", "members")
    required = ("day", "kind", "members")
    lock = "activities"

    number = Field("number", widget=CountWidget())
    day = Field("day", widget=DayWidget())
    township = Field("township", widget=PlaceWidget())
    village = Field("village", widget=PlaceWidget())
    village_code = Field("village_code", widget=TextWidget(12))
    kind = Field("kind", widget=KindWidget(40))
    quantity = Field("quantity", widget=CountWidget())
    members = Field("members", widget=NamesWidget(400))
    zone = Field("zone", widget=TextWidget(40))
    place = Field("place", widget=TextWidget(60))
    household = Field("household", widget=TextWidget(60))
    particulars = Field("particulars", widget=TextWidget(300))
    remark = Field("remark", widget=TextWidget(1000))

    def __init__(self, user: Any = None) -> None:
        super().__init__(user)
        self.places = Places(user)
        self.records: Records | None = None

    def check(self, lines: Sequence[Line]) -> None:
        place([line for line in lines if line.council is None and not line.is_refused], self.places)
        standing = [line for line in lines if not line.is_refused]
        self.records = records = Records(standing, self.user)
        entries: list[tuple[Line, Entry]] = []
        seen: dict[Any, Line] = {}
        for line in standing:
            key = line.values.get("number") or records.signature(line)
            if (before := seen.setdefault(key, line)) is not line:
                self._refuse_twin(line, before)
                continue
            record = self._record(line, records)
            if line.is_refused or line.verdict == Verdict.SAME:
                continue
            if (entry := self._entry(line, records, record)) is not None:
                entries.append((line, entry))
        self._refuse_by_rule(entries)

    def write(self, lines: Sequence[Line], step: Callable[[int], Any] | None = None) -> None:
        records = self.records
        if records is None:
            return
        new = [line for line in lines if line.record is None]
        entries = [records.entry(line) for line in new]
        with totals.together():
            done = activities.record_many(entries, self.user, Source.IMPORT, step) if new else activities.Recorded()
            for at, refusal in done.refused.items():
                _tell(new[at], refusal)
            for line in lines:
                if line.record is not None:
                    self._change(line, records, line.values)

    def take_back(self, lines: Sequence[Line], since: int) -> list[str]:
        """New records go, changed ones get back what they said; what was touched since is left and named."""
        with totals.together():
            return self._take_back(lines)

    def _take_back(self, lines: Sequence[Line]) -> list[str]:
        records, left = Records(lines, self.user), []
        going: list[int] = []
        for line in lines:
            if line.verdict == Verdict.NEW:
                found = [pk for pk in records.alike.get(records.signature(line), []) if pk not in going]
                mine = Activity.objects.filter(pk__in=found, source=Source.IMPORT, state=State.OPEN, version=1)
                pk = mine.order_by("-pk").values_list("pk", flat=True).first()
                going += [pk] if pk else []
                left += [] if pk else [_named(line)]
            elif not self._restore(line, records):
                left.append(_named(line))
        gone = Activity.objects.filter(pk__in=going)
        totals.move([part for each in gone for part in totals.part(each)])
        gone.delete()
        return left

    @classmethod
    def export_rows(cls, found: QuerySet[Activity]) -> tuple[list[Column], Iterator[list[Any]]]:
        """The import's own columns and a row for each record, read once; nothing in them is a personal number."""
        return COLUMNS, (_row(record) for record in found.select_related("village__parent", "zone").iterator(AT_ONCE))

    def _refuse_twin(self, line: Line, before: Line) -> None:
        message = _("The same stands in row %(row)s of “%(sheet)s”. If it was done twice, say in words what differed.")
        line.find("kind", "duplicate_in_file", message % {"row": before.row, "sheet": before.sheet})

    def _record(self, line: Line, records: Records) -> Activity | None:
        """The record that the line is, with the line's verdict; None for a new one."""
        number = line.values.get("number")
        if number is None:
            line.verdict = Verdict.SAME if records.alike.get(records.signature(line)) else Verdict.NEW
            return None
        record = records.numbered.get(int(number))
        if record is None or record.village_id != line.council:
            message = _("No record of this village has this number. Leave the number out to enter a new record.")
            line.find("number", "unknown_record", message)
            return None
        line.record, line.before = record.pk, records.differences(line, record)
        line.verdict = Verdict.CHANGED if line.before else Verdict.SAME
        if line.before and record.state == State.VERIFIED:
            message = _("This was verified and stays as it is. Enter what is missing anew.")
            line.find("number", "verified", message)
        return record

    def _entry(self, line: Line, records: Records, record: Activity | None) -> Entry | None:
        if record is not None and record.what.its_own:
            line.find("kind", "own_table", _("This follows from a dispute or a hazard. Change it there."))
            return None
        try:
            return records.entry(_whole(line, record))
        except NotFound as unknown:
            field, code, name = unknown.args
            line.find(field, code, _sentence(code) % {"name": name})
            return None

    def _refuse_by_rule(self, entries: Sequence[tuple[Line, Entry]]) -> None:
        known = Known([entry for _line, entry in entries], self.user)
        for line, entry in entries:
            try:
                known.refuse(entry, "")
            except WorkRefused as refusal:
                _tell(line, refusal)

    def _change(self, line: Line, records: Records, said: dict[str, str]) -> bool:
        record = records.numbered[line.record or 0]
        entry = records.entry(_whole(line, record))
        try:
            activities.change(
                record, self.user, record.version, entry.members, day=entry.day, kind=entry.kind,
                quantity=entry.quantity, household=entry.household, place=entry.place, text=entry.text,
                particulars=entry.particulars, zone_id=entry.zone,
            )  # fmt: skip
        except WorkRefused as refusal:
            _tell(line, refusal)
            return False
        return True

    def _restore(self, line: Line, records: Records) -> bool:
        record = records.numbered.get(line.record or 0)
        if record is None or records.differences(line, record):
            return False
        back = Line(line.sheet, line.row, values=line.values | line.before, council=line.council, record=line.record)
        return self._change(back, records, back.values)


def _row(record: Activity) -> list[Any]:
    said: dict[str, Any] = words_of(record)
    said |= {"day": record.day, "quantity": record.quantity}
    said |= {"village": record.village.name, "village_code": record.village.code}
    said["township"] = record.village.parent.name if record.village.parent else ""
    return [said[name] for name in HEADINGS]


def _whole(line: Line, record: Activity | None) -> Line:
    """The line with what the record says where the line is silent."""
    if record is None:
        return line
    said = {name: value for name, value in words_of(record).items() if value}
    return Line(line.sheet, line.row, values=said | line.values, council=line.council)


def _tell(line: Line, refusal: WorkRefused) -> None:
    line.find(FIELDS.get(refusal.field, refusal.field) or "kind", refusal.code, str(refusal))


def _sentence(code: str) -> str:
    sentences = {
        "unknown_member": _("“%(name)s” was no member of this village on that day. Compare it with the register."),
        "ambiguous_member": _("Several members of this village are called “%(name)s”. Enter this one on the form."),
        "unknown_zone": _("The village has no zone “%(name)s”. Write it as in the list of zones."),
    }
    return sentences[code]


def _named(line: Line) -> str:
    return f"{line.values['day']} {line.values['kind']} {line.values['members']}"
