"""The audit trail: every write of an audited model leaves a Change in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, Self

from django.db import connection, models, transaction
from django.utils import timezone

from councils.models import entering
from councils.models.change import Action, Change
from councils.models.entering import Beside
from councils.scope import ScopedQuerySet
from cunsao import bulk


class Actor(NamedTuple):
    """Who is writing. `pk` is None for the command line, whose name is then the operating system's."""

    pk: int | None = None
    name: str = ""
    address: str = ""


AT_ONCE = 900  # records whose relations are read at once: SQLite refuses a condition of a thousand parts
NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


@contextmanager
def acting(user: Any = None, address: str = "", name: str = "") -> Iterator[None]:
    """Inside, every write is entered as done by `user` (an account, or None for `name` at the command line)."""
    pk = user.pk if user is not None and user.is_authenticated else None
    token = _actor.set(Actor(pk, (user.get_username() if pk else name)[:150], address))
    try:
        yield
    finally:
        _actor.reset(token)


def note(action: Action, on: models.Model, council_id: int | None, actor: Actor | None = None, **fields: Any) -> None:
    """Enters something that changed no record: a sign-in, a refusal."""
    who = actor or _actor.get()
    _entry(who, action, on._meta.label_lower, on.pk, str(on), council_id, fields).save()


def actor_for(user: Any) -> Actor:
    """`user`, at the address where the present request comes from."""
    return Actor(user.pk, user.get_username(), _actor.get().address)


def refused(user: Any, address: str, what: str) -> None:
    """Enters an attempt that was turned away. `what` names the deed and the page, never a query string."""
    actor = Actor(user.pk, user.get_username(), address)
    _entry(actor, Action.REFUSED, "", None, what, user.council_id, {}).save()


def history(record: models.Model) -> models.QuerySet[Change]:
    """What happened to one record, latest first; also the entry of another record's arrival, if it came with that."""
    label = record._meta.label_lower
    about = models.Q(record=label, record_id=record.pk)
    if way := getattr(record, "audit_with", ""):
        own = Change.objects.filter(about, fields__has_key=way).values_list("fields", flat=True)
        keys = {getattr(record, f"{way}_id"), *(fields[way][0] for fields in own)} - {None}
        with_it: Any = record._meta.get_field(way).related_model
        came = {f"fields__{label}__id": record.pk, "action": Action.CREATED}
        about |= models.Q(record=with_it._meta.label_lower, record_id__in=keys, **came)
    return Change.objects.filter(about).select_related("actor")


def _entry(
    actor: Actor, action: str, record: str, pk: int | None, name: str, council_id: int | None, fields: dict[str, Any]
) -> Change:
    return Change(
        actor_id=actor.pk, actor_name=actor.name, address=actor.address, action=action, record=record, record_id=pk,
        record_name=name[:200], council_id=council_id, fields=fields,
    )  # fmt: skip


class AuditedQuerySet(ScopedQuerySet):
    """Bulk writes that leave their entries too."""

    def update(self, **values: Any) -> int:
        """As Django's; one entry a row, with a fixed number of queries."""
        names = [name for name in values if name not in self.model.audit_left_out]
        if not names:
            return super().update(**values)
        with transaction.atomic():
            before = {record.pk: record for record in self.select_for_update(of=("self",)).order_by()}
            here = self.model._base_manager.filter(pk__in=list(before))
            count: int = models.QuerySet.update(here.all(), **values)
            after = here.in_bulk(list(before))
            record_many(
                (Action.CHANGED, after[pk], differences(before[pk].audit_values(), after[pk].audit_values()))
                for pk in before
            )
        return count

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise ValueError("What was written could not be told from what was left out: look first, then write.")
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **options)
            record_many((Action.CREATED, record, differences({}, record.audit_values())) for record in made)
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            record_many((Action.DELETED, record, differences(record.audit_values(), {})) for record in self)
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Audited(models.Model):
    """A model whose every write is entered; its manager is of an AuditedQuerySet (councils/checks.py looks).

    `audit_left_out` names fields that are only for drawing or counting.
    """

    audit_left_out: frozenset[str] = frozenset()
    audit_unsaid: frozenset[str] = frozenset()  # that it changed is entered, its values are not
    audit_related: tuple[str, ...] = ()  # foreign keys that its name is made of
    audit_with = ""  # foreign key to the record whose arrival it may have come with, and whose entry then tells of both
    council_path: str

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        record = super().from_db(db, field_names, values)
        record._loaded = dict(zip(field_names, values, strict=True))
        return record

    def save_base(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            before: dict[str, Any] = {} if self._state.adding else self._as_loaded()
            action = Action.CHANGED if before else Action.CREATED
            super().save_base(*args, **options)
            after = self.audit_values()
            if changed := differences(before, after):
                record_many([(action, self, changed)])
            self._loaded = {field.attname: getattr(self, field.attname) for field in self._stored_fields()}

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            record_many([(Action.DELETED, self, differences(self.audit_values(), {}))])
            return super().delete(*args, **options)

    def audit_values(self) -> dict[str, Any]:
        """Every field as it may stand in the trail: numbers of persons masked, passwords unsaid."""
        return {
            field.name: None if getattr(self, field.attname) is None else field.value_to_string(self)
            for field in self._stored_fields()
        }

    def audit_council_id(self) -> int | None:
        """The council this record belongs to today, by the model's `council_path`."""
        *way, last = self.council_path.split("__")
        place: Any = self
        for step in way:
            place = getattr(place, step)
        return getattr(place, f"{last}_id") if last else self.pk

    @classmethod
    def audit_council_ids(cls, records: Sequence["Audited"]) -> list[int | None]:
        """The council of each, in a fixed number of queries a page; the model says itself if its way is many-valued."""
        steps = cls.council_path.split("__")[:-1]
        for start in range(0, len(records), AT_ONCE):
            some = list(records[start : start + AT_ONCE])
            models.prefetch_related_objects(some, *cls.audit_related, *filter(None, ["__".join(steps)]))
        return [record.audit_council_id() for record in records]

    def _stored_fields(self) -> list[Any]:
        left_out = self.audit_left_out | {self._meta.pk.name}
        deferred = self.get_deferred_fields()
        return [
            field
            for field in self._meta.concrete_fields
            if field.name not in left_out and field.attname not in deferred
        ]

    def _as_loaded(self) -> dict[str, Any]:
        """The values before this save, from what was loaded, or from the table where the record was made by hand."""
        loaded = getattr(self, "_loaded", None)
        if loaded is None:
            stored = type(self)._base_manager.filter(pk=self.pk).first()
            return stored.audit_values() if stored else {}
        names = {field.attname for field in self._stored_fields()}
        return type(self)(**{name: value for name, value in loaded.items() if name in names}).audit_values()


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]} of those that differ; an empty side is a record that was not there."""
    names = before.keys() | after.keys()
    pairs = ((name, before.get(name), after.get(name)) for name in sorted(names))
    return {name: [old, new] for name, old, new in pairs if old != new and not (not old and not new)}


def record_many(entries: Iterable[tuple[Action, Audited, dict[str, Any]]]) -> None:
    """Writes entries of (action, record, differences) at once; those without a difference are left out."""
    actor = _actor.get()
    told = [entry for entry in entries if entry[2]]
    councils: dict[int, int | None] = {}
    for model in {type(record) for _action, record, _changed in told}:
        alike = [record for _action, record, _changed in told if type(record) is model]
        councils |= zip(map(id, alike), model.audit_council_ids(alike), strict=True)
    Change.objects.bulk_create(
        _entry(actor, action, record._meta.label_lower, record.pk, str(record), councils[id(record)],
               {name: ["…", "…"] if name in record.audit_unsaid else pair for name, pair in changed.items()})
        for action, record, changed in told
    )  # fmt: skip


def save_many(records: Sequence[Audited], names: Sequence[str]) -> None:
    """Writes the fields `names` of records that were loaded and changed since, with an entry for each difference.

    A fixed number of queries; fingerprints among `names` are filled from their numbers. Raises IntegrityError as any
    write does.
    """
    if not records:
        return
    fields: list[Any] = [records[0]._meta.get_field(name) for name in names]
    with transaction.atomic():
        rows = [
            [field.get_db_prep_save(field.pre_save(record, False), connection) for field in fields]
            for record in records
        ]
        bulk.change(type(records[0]), names, [(*row, record.pk) for row, record in zip(rows, records, strict=True)])
        record_many((Action.CHANGED, each, differences(each._as_loaded(), each.audit_values())) for each in records)


def copy_in(
    model: type[Audited], columns: Sequence[str], rows: Sequence[Sequence[Any]],
    name_column: str = "", council_column: str | None = None, step: Any = None, *,
    names: Sequence[str] = (), councils: Sequence[int | None] = (), told: Mapping[str, Sequence[Any]] | None = None,
    beside: Sequence[Beside] = (),
) -> Sequence[int]:  # fmt: skip
    """`bulk.copy_in` with an entry for each row. `name_column` is what the trail calls the record by;
    `council_column` holds its council, None for councils themselves. Both may lead over foreign keys, as
    "member__name", where each column is filled in all rows or in none.

    Where no column leads to them, `names` and `councils` give them row by row. A sealed column is entered as `told`
    says, or not at all: what is stored is nothing to read. `beside` are rows of other tables that come with these.
    """
    if not rows:
        return []
    keys = bulk.copy_in(model, columns, rows, step)
    values = dict(zip(columns, zip(*rows, strict=True), strict=True)) | dict(told or {})
    said = {name: each for name, each in values.items() if _is_said(model, name, told or {})}
    filled = [name for name, each in said.items() if not _is_nothing(each)]
    actor, now = _actor.get(), timezone.now()
    who = [actor.pk, actor.name, actor.address, Action.CREATED.value]
    if not (told or names or councils or beside) and not any(None in said[name] or "" in said[name] for name in filled):
        entering.from_table(model, keys, filled, name_column, council_column or "pk", now, who)
        return keys
    at = Change._meta.get_field("at").get_db_prep_value(now, connection)
    names, label = names or values[name_column], model._meta.label_lower
    places = councils or (values[council_column] if council_column else keys)
    besides = [entering.written_beside(each, keys) for each in beside]
    for start in range(0, len(keys), bulk.PAGE):
        page = slice(start, start + bulk.PAGE)
        fields = entering.as_json(filled, [said[name][page] for name in filled], [each[page] for each in besides])
        entries = (  # made while PostgreSQL takes in those before
            (at, *who, label, key, name[:200], council, changed)
            for key, name, council, changed in zip(keys[page], names[page], places[page], fields, strict=True)
        )
        bulk.add(Change, entering.COLUMNS, entries)
    return keys


def _is_said(model: type[Audited], column: str, told: Mapping[str, Any]) -> bool:
    """Whether a column's values stand in the trail."""
    sealed = isinstance(model._meta.get_field(column), models.BinaryField)
    return column in told or (column not in model.audit_left_out and not sealed)


def _is_nothing(values: Sequence[Any]) -> bool:
    return all(value is None or value == "" for value in values)
