"""The pattern of the ledgers: lists that come in with the register's review, leave, and come in again with 0 changes.

How to add a ledger:
1. members/models/x.py: `class X(Entry)` (models/entry.py), `objects: ClassVar[Any] = …`. Rules in words in `clean()`,
   which asks nothing of the database (`super().clean()` last); the same as constraints with `violation_error_message`;
   what two records together may not be in `never`, the most selective field first. `makemigrations -n ledger_of_x`.
2. members/imports/x.py: `@ledger("x") class XResource(MemberLedger)` (of_members.py; or LedgerResource, where no member
   is named): model, label, permission, prefix (two letters of the record numbers, each ledger its own), key, required,
   known_by, and a `Said(words, widget, "attribute")` for each column. A column that is no plain value: look it up for
   all lines in `look_up`, fill it in `relate`, tell it in `told`; foreign keys into `joined`. Name the module in
   imports/__init__.py. Beside the Resource stand `@chapter`, the lines of a member's story (members/chapters.py),
   and `@gap_list`, what is missing (members/gaps.py).
3. members/admin/x.py: `class XAdmin(LedgerAdmin)` with import_kind "x" (admin/ledger.py); name it in admin/__init__.py.
4. councils/roles.py: the model's name into LEDGERS; members/menu.py: its line; an icon in theme.css.
5. reports/demo/ledgers.py: `@invents("x")`, rows by column out of a seed; they go through the same door.
6. tests/members/imports/test_x.py: `class TestX(LedgerPromises): case = Case(…)` brings what all ledgers promise.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from import_export.fields import Field

from councils.intake import Line, StagedResource, Verdict, importer
from councils.intake.widgets import PlaceWidget, TextWidget
from councils.matching import Places
from cunsao.workbook import Column
from cunsao.workbook.writing import Kind as ValueKind
from members.imports import keeping
from members.imports.people import in_pages
from members.imports.placing import place
from members.imports.widgets import RECORD, RecordNumber
from members.imports.words import HEADINGS
from members.joining import LOCK

PLACES = ("township", "village", "village_code")
SHOWN = 6  # columns of a row under review


class Said(Field):
    """One column of a ledger: its words, the first being what exports write, and the attribute it fills, if any."""

    def __init__(self, words: Sequence[str], widget: Any, attribute: str = "") -> None:
        super().__init__(attribute or None, widget=widget)
        self.words = words
        self.kind: ValueKind = getattr(widget, "kind", "text")  # of the cells that exports write


Kind = TypeVar("Kind", bound="type[LedgerResource]")


def ledger(kind: str) -> Callable[[Kind], Kind]:
    """Announces a ledger to the intake; its headings are those of its columns."""

    def announce(resource: Kind) -> Kind:
        if not resource.names_place:
            resource.fields = {name: each for name, each in resource.fields.items() if name not in PLACES}
        resource.headings = {name: column.words for name, column in resource.fields.items()}
        page = f"admin:{resource.model._meta.app_label}_{resource.model._meta.model_name}"
        resource.list_url, resource.record_url = f"{page}_changelist", f"{page}_change"
        plain = [name for name in resource.fields if name not in PLACES and name != "number"]
        resource.shown = resource.shown or plain[:SHOWN]
        return importer(kind)(resource)

    return announce


class LedgerResource(StagedResource):
    """The base of ledgers. A row is known again by its record number, or by the fields `known_by`; an empty cell
    changes nothing. `extra` names columns that no attribute of the record holds; see `relate`."""

    lock = LOCK
    model: ClassVar[Any] = None
    prefix: ClassVar[str] = ""
    known_by: ClassVar[Sequence[str]] = ()
    joined: ClassVar[Sequence[str]] = ()  # foreign keys that `clean` and `told` follow, read along
    related: ClassVar[Sequence[str]] = ()  # and what points to the record
    extra: ClassVar[Sequence[str]] = ()
    place_needed: ClassVar[bool] = True
    seat: ClassVar[str] = "village"  # the foreign key to the council that a record is of
    names_place: ClassVar[bool] = True  # whether its rows have the columns of places

    number = Said(["登记号", "记录号"], RecordNumber())
    township = Said(HEADINGS["township"], PlaceWidget())
    village = Said(HEADINGS["village"], PlaceWidget())
    village_code = Said(HEADINGS["village_code"], TextWidget(12))

    def __init__(self, user: Any = None) -> None:
        super().__init__(user)
        self.places = Places(user)
        self.drafts: dict[int, Any] = {}  # id of a line: its record as the line wants it

    # What a ledger says of itself

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        """Reads whatever the lines name, for all at once; `records` are those known by number, by the line's id."""

    def relate(self, line: Line, record: Any) -> None:
        """Fills a record with what the line says beyond plain values: here its village."""
        if line.council and (record.pk is None or any(name in line.values for name in PLACES)):
            setattr(record, self.seat, self.places.by_pk[line.council])

    def told(self, record: Any) -> dict[str, str]:
        """A record in the words of its columns, as exports write them."""
        said = {name: column.widget.word(getattr(record, column.attribute)) for name, column in self._plain()}
        village = self.places.by_pk.get(self._seat_of(record))
        if village is not None and village.is_village:
            said |= {"village": village.name, "village_code": village.code}
            said["township"] = self.places.by_code[village.parent_id].name
        return said | {"number": f"{self.prefix}{record.pk:06}" if record.pk else ""}

    def key_of(self, record: Any) -> tuple[Any, ...]:
        """By what a row without a record number is known again."""
        return tuple(getattr(record, record._meta.get_field(name).attname) for name in self.known_by)

    def write_extra(self, records: Sequence[Any]) -> None:
        """Writes what `extra` columns say of records that were written."""

    def restore_extra(self, record: Any, before: dict[str, str]) -> None:
        """Puts back what `extra` columns said before."""

    def edited(self, keys: Sequence[int], since: int) -> set[int]:
        """Which records were written after the trail's entry `since`; who writes `extra` looks there too."""
        return keeping.edited(self.model, keys, since)

    # What the pattern makes of it

    def check(self, lines: Sequence[Line]) -> None:
        self.drafts = {}
        records = self._numbered(lines)
        place([line for line in lines if self._needs_place(line, records)], self.places, self.place_needed)
        self.look_up([line for line in lines if not line.is_refused], records)
        for line in self._standing(lines):
            if (record := records.get(id(line))) is not None:
                line.record = record.pk
            self.drafts[id(line)] = record or self._filled(line, self.model())
        self._meet(self._standing(lines))
        self._refuse_repeated(self._standing(lines))
        for line in self._standing(lines):
            self._judge(line, self.drafts[id(line)])
        self._refuse_clashes(lines)

    def write(self, lines: Sequence[Line], step: Callable[[int], Any] | None = None) -> None:
        new = [self.drafts[id(line)] for line in lines if line.record is None]
        changed = [self.drafts[id(line)] for line in lines if line.record is not None]
        try:
            with transaction.atomic():
                keeping.write(self.model, new, changed, step)
                if self.extra:
                    self.write_extra([*new, *changed])
        except IntegrityError:  # each row is right, their order is not: two records that swap a number
            for line in lines:
                line.find(self.key, "in_the_way")

    def take_back(self, lines: Sequence[Line], since: int) -> list[str]:
        return keeping.take_back(self, lines, since)

    def export_rows(self, records: Any, unmasked: bool = False) -> tuple[list[Column], Iterator[list[Any]]]:
        """Columns and rows of a queryset of this ledger; the caller sees to scope, reason and trail."""
        columns = [Column(column.words[0], column.kind) for column in self.fields.values()]
        return columns, self._rows(records, unmasked)

    def visible(self) -> Any:
        found = self.model._default_manager.all()
        return found if self.user is None else found.visible_to(self.user)

    def along(self, records: Any) -> Any:
        """With their relations; foreign keys by a join, since SQLite refuses to look up a thousand of them at once."""
        return records.select_related(*self.joined or (None,)).prefetch_related(*self.related)

    def _rows(self, records: Any, unmasked: bool) -> Iterator[list[Any]]:
        for record in self.along(records).iterator(2000):
            said = self.told(record) | self.numbers(record, unmasked)
            for name, column in self._plain():
                said[name] = column.widget.exported(getattr(record, column.attribute))
            yield [said[name] for name in self.fields]

    def numbers(self, _record: Any, _unmasked: bool) -> dict[str, str]:
        """Numbers of persons as this export may have them."""
        return {}

    def _plain(self) -> list[tuple[str, Any]]:
        return [(name, column) for name, column in self.fields.items() if column.attribute]

    @property
    def never(self) -> Any:
        """Pairs of records that cannot both stand."""
        return self.model.never

    def _seat_of(self, record: Any) -> Any:
        return getattr(record, f"{self.seat}_id")

    def _standing(self, lines: Iterable[Line]) -> list[Line]:
        return [line for line in lines if not line.is_refused]

    def _numbered(self, lines: Sequence[Line]) -> dict[int, Any]:
        """The record of each line that names one by its number, by the line's id."""
        asked = {id(line): RECORD.fullmatch(line.values["number"]) for line in lines if "number" in line.values}
        keys = {at: int(said[2]) for at, said in asked.items() if said and said[1] == self.prefix}
        shown = self.along(self.visible())
        known = {record.pk: record for record in in_pages(shown, "pk", set(keys.values()))}
        for line in lines:
            if id(line) in asked and keys.get(id(line)) not in known:
                line.find("number", "unknown_record")
        return {at: known[key] for at, key in keys.items() if key in known}

    def _needs_place(self, line: Line, records: dict[int, Any]) -> bool:
        """Unless it was found before, or the line says of its record's village what the record says."""
        if line.council or line.is_refused:
            return False
        if (record := records.get(id(line))) is None:
            return True
        said = self.told(record)
        return any(line.values.get(name, said[name]) != said[name] for name in PLACES)

    def _filled(self, line: Line, record: Any) -> Any:
        """The record with all that the line says of it."""
        for name, column in self._plain():
            if name in line.values:
                setattr(record, column.attribute, column.widget.value(line.values[name]))
        self.relate(line, record)
        return record

    def _meet(self, lines: Sequence[Line]) -> None:
        """Gives lines without a record number the record that says the same of itself."""
        unnumbered = [line for line in lines if line.record is None]
        keys = {id(line): self.key_of(self.drafts[id(line)]) for line in unnumbered}
        first = self.known_by[0]
        at = self.model._meta.get_field(first).attname
        wanted = {getattr(self.drafts[key], at) for key in keys} - {None}
        shown = self.along(self.visible())
        known = {self.key_of(record): record for record in in_pages(shown, first, wanted)}
        for line in unnumbered:
            if (record := known.get(keys[id(line)])) is not None:
                line.record, self.drafts[id(line)] = record.pk, record

    def _refuse_repeated(self, lines: Sequence[Line]) -> None:
        seen: dict[Any, Line] = {}
        for line in lines:
            key = line.record or self.key_of(self.drafts[id(line)])
            if (before := seen.setdefault(key, line)) is not line:
                line.find(self.key, "duplicate_row", row=before.row, sheet=before.sheet)

    def _judge(self, line: Line, record: Any) -> None:
        """The line's verdict, and the record as it wants it."""
        if line.record is None:
            line.verdict = Verdict.NEW
            self._refuse_wrong(line, record)
        else:
            said, kept = self.told(record), _stored(record)
            self._filled(line, record)
            wanted = self.told(record)
            line.before = {name: said.get(name, "") for name in line.values if wanted.get(name) != said.get(name)}
            changed = [name for name, value in _stored(record).items() if value != kept[name]]
            if not line.before and changed:
                line.before = {self.key: said.get(self.key, "")}
            line.verdict = Verdict.CHANGED if line.before else Verdict.SAME
            if line.before:
                self._refuse_wrong(line, record)
        line.council = self._seat_of(record)

    def _refuse_wrong(self, line: Line, record: Any) -> None:
        """What the record's own rules say against it, at the columns they speak of."""
        if seat := self._seat_of(record):
            setattr(record, self.seat, self.places.by_pk[seat])  # at hand, so that nothing is asked
        names = {column.attribute: name for name, column in self._plain()} | {"member": "name"}
        foreign = [field.name for field in record._meta.concrete_fields if field.remote_field]
        try:
            record.clean_fields(exclude=foreign)
            record.clean()
        except ValidationError as refusal:
            for at, said in refusal.message_dict.items():
                name = names.get(at, at) if at != NON_FIELD_ERRORS else self.key
                line.find(name if name in self.fields else self.key, "against_rules", said[0])

    def _refuse_clashes(self, lines: Sequence[Line]) -> None:
        """Pairs that the model's `never` forbids: with what is kept, or with a line above."""
        drafted = {record.pk for record in self.drafts.values() if record.pk}
        for rule in self.never:
            standing = [(line, self.drafts[id(line)]) for line in self._standing(lines)]
            keyed = [(line, record, key) for line, record in standing if (key := rule.key(record)) is not None]
            others: dict[Any, list[Any]] = {}
            for record in in_pages(self.model._base_manager.all(), rule.fields[0], {key[0] for *_, key in keyed}):
                if record.pk not in drafted and (key := rule.key(record)) is not None:
                    others.setdefault(key, []).append(record)
            for line, record, key in keyed:
                beside = others.setdefault(key, [])
                if rule.broken(record, beside):
                    line.find(self._column(rule.at), "against_rules", str(rule.message))
                else:
                    beside.append(record)

    def _column(self, attribute: str) -> str:
        return next((name for name, column in self.fields.items() if attribute in (name, column.attribute)), self.key)


def _stored(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}
