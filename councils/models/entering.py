"""The trail's entries of rows that were copied into a table at once, made where the rows are."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast

from councils.models.change import Change
from cunsao.bulk import PAGE, Among, copy_in

COLUMNS = [
    "at", "actor", "actor_name", "address", "action", "record", "record_id", "record_name", "council", "fields",
]  # fmt: skip
TEXT: Any = CharField()


class Beside(NamedTuple):
    """Rows of a table that come in with new records of another, whose entries tell of them too.

    Each row begins with the place of its record among the new ones; its key stands in the column `audit_with`. A record
    has one row at most.
    """

    model: Any
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def from_table(
    model: type[models.Model], keys: Sequence[int], columns: Sequence[str], name: str, council: str,
    at: datetime, who: Sequence[Any],
) -> None:  # fmt: skip
    """Entries of new rows by one statement: what it reads stands in the table, and need not go there and back.

    `name` and `council` are fields of the model, or ways to one over foreign keys; `who` are the entry's actor, name,
    address and action. Every row of `columns` must be filled.
    """
    table, stored = Change._meta.db_table, [Change._meta.get_field(each).column for each in COLUMNS]  # type: ignore[union-attr]
    label = model._meta.label_lower
    fields = Told(columns, [_said(model, each) for each in columns])
    told = [Value(at, models.DateTimeField()), *(Value(each, _type(each)) for each in who), Value(label)]
    for page in _pages(keys):
        rows = model._base_manager.filter(page).order_by("pk")
        sql, params = rows.values_list(*told, F("pk"), F(name), F(council), fields).query.sql_with_params()
        listed = ", ".join(f'"{each}"' for each in stored)
        with connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{table}" ({listed}) {sql}', params)


class Told(models.Func):
    """As `as_json`, of one row where it is: the object is put together as a text, since PostgreSQL's JSON_OBJECT takes
    twice as long."""

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        super().__init__(*values, output_field=TEXT)
        self.names = names

    def as_sqlite(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:
        return self._together(compiler, "json_quote({})", "")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._together(compiler, "to_json({})::text", "::jsonb")

    def _together(self, compiler: Any, quoted: str, to_json: str) -> tuple[str, list[Any]]:
        parts, params, before = [], [], "{"
        for name, value in zip(self.names, self.get_source_expressions(), strict=True):
            sql, given = compiler.compile(value)
            parts.append(f"%s || {quoted.format(sql)}")
            params += [f"{before}{encode_basestring(name)}: [null, ", *given]
            before = "], "
        return f"({' || '.join(parts)} || %s){to_json}", [*params, "]}"]


def as_json(
    columns: Sequence[str], values: Sequence[Sequence[Any]], besides: Sequence[Sequence[str]] = ()
) -> Iterator[str]:
    """For each row the JSON of {column: [null, text]}, of what is filled; `values` are column by column.

    `besides` are texts of `written_beside`, table by table.
    """
    return (f"{{{''.join(row)[2:]}}}" for row in zip(*_pairs(columns, values), *besides, strict=True))


def written_beside(beside: Beside, keys: Sequence[int]) -> list[str]:
    """Writes rows that belong to new records with these `keys`; for each record what its entry says of its row:
    , "kind": {"id": key, column: [null, text]}."""
    told = [""] * len(keys)
    if not beside.rows:
        return told
    places, *values = zip(*beside.rows, strict=True)
    rows = list(zip([keys[place] for place in places], *values, strict=True))
    written = copy_in(beside.model, [beside.model.audit_with, *beside.columns], rows)
    begun = f', {encode_basestring(beside.model._meta.label_lower)}: {{"id": '
    said = map("".join, zip(*_pairs(beside.columns, values), strict=True))
    for place, key, pairs in zip(places, written, said, strict=True):
        told[place] = f"{begun}{key}{pairs}}}"
    return told


def _pairs(columns: Sequence[str], values: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Column by column, with a comma before each; nothing where nothing is filled."""
    told = []
    for column, each in zip(columns, values, strict=True):
        name = encode_basestring(column)
        known = {value: f", {name}: [null, {encode_basestring(str(value))}]" for value in set(each)}
        known |= dict.fromkeys((None, ""), "")
        told.append([known[value] for value in each])
    return told


def _pages(keys: Sequence[int]) -> list[Any]:
    """Conditions that together find all `keys`; in a row, as they mostly are, they need not be listed."""
    if isinstance(keys, range):
        return [models.Q(pk__range=(keys[0], keys[-1]))]
    return [Among(F("pk"), keys[start : start + PAGE]) for start in range(0, len(keys), PAGE)]


def _said(model: type[models.Model], column: str) -> Any:
    """A value as `value_to_string` has it."""
    if isinstance(model._meta.get_field(column), models.BooleanField):
        return Case(When(**{column: True}, then=Value("True")), default=Value("False"))
    return Cast(column, TEXT)


def _type(value: Any) -> Any:
    return models.BigIntegerField() if value is None or isinstance(value, int) else TEXT
