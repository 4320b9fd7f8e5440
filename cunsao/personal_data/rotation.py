"""The change of keys: every sealed value of every table under the newest key and the cipher now set.

Found by introspection, so a table that comes later is not forgotten. Fingerprints stay: they have a key of their own.
What the audit trail holds is masked and needs no key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction

from cunsao.personal_data import cipher
from cunsao.personal_data.fields import EncryptedTextField

PAGE = 1_000  # values whose heads are looked at together
PORTION, BYTES = 500, 4_000_000  # values, or bytes of them, that are written together
HEAD = 258  # bytes: as long as the head of a sealed value can be


class Column(NamedTuple):
    """A column of sealed values."""

    table: str
    key: str
    name: str
    context: str


@dataclass
class Done:
    """How many values there were; `faults` names those that do not open, by table, column and key."""

    resealed: int = 0
    up_to_date: int = 0
    faults: list[str] = field(default_factory=list)


def columns() -> list[Column]:
    """Every column of sealed values of all installed models."""
    return [
        Column(model._meta.db_table, model._meta.pk.column, each.column, each.context)
        for model in apps.get_models()
        for each in model._meta.local_concrete_fields
        if isinstance(each, EncryptedTextField) and model._meta.managed
    ]


def count() -> int:
    """How many sealed values there are. Raises CannotUnseal if a key is not there; it names the first such value."""
    found = 0
    for column in columns():
        for key, head, _size in _heads(column):
            found += 1
            try:
                cipher.look_for_key(head)
            except cipher.CannotUnseal as fault:
                raise cipher.CannotUnseal(f"{column.table}.{column.name} {key}: {fault}") from None
    return found


def rotate(done: Done, step: Any = None) -> None:
    """Seals anew what is not up to date, in portions of one transaction each, and counts in `done` as it goes.

    May be stopped at any time and repeated. A value that somebody else changes meanwhile is left to her: it is under
    the newest key already. `step(n)`, if given, is told each n values.
    """
    for column in columns():
        for keys in _portions(column, done, step):
            with transaction.atomic():
                for key in keys:
                    _reseal(column, key, done)
            if step:
                step(len(keys))


def _portions(column: Column, done: Done, step: Any) -> Iterator[list[Any]]:
    """Keys of values that are not up to date, so many at a time as are read and written together."""
    keys: list[Any] = []
    size = 0
    for key, head, length in _heads(column):
        if cipher.is_newest(head):
            done.up_to_date += 1
            if step:
                step(1)
            continue
        keys.append(key)
        size += length
        if len(keys) >= PORTION or size >= BYTES:
            yield keys
            keys, size = [], 0
    if keys:
        yield keys


def _heads(column: Column) -> Iterator[tuple[Any, bytes, int]]:
    """(key, head, length) of every value, in the order of the keys."""
    table, pk, name, _context = column
    sql = (
        f'SELECT "{pk}", SUBSTR("{name}", 1, {HEAD}), LENGTH("{name}") FROM "{table}" '  # noqa: S608 - names of our models
        f'WHERE "{name}" IS NOT NULL{{after}} ORDER BY "{pk}" LIMIT {PAGE}'
    )
    after: Sequence[Any] = ()
    while rows := _asked(sql.format(after=f' AND "{pk}" > %s' if after else ""), after):
        for key, head, length in rows:
            yield key, bytes(head), length
        after = [rows[-1][0]]


def _reseal(column: Column, key: Any, done: Done) -> None:
    table, pk, name, context = column
    for (stored,) in _asked(f'SELECT "{name}" FROM "{table}" WHERE "{pk}" = %s', [key]):  # noqa: S608
        sealed = bytes(stored or b"")
        try:
            anew = cipher.reseal(sealed, context)
        except cipher.CannotUnseal as fault:
            done.faults.append(f"{table}.{name} {key}: {fault}")
            return
        with connection.cursor() as cursor:
            # Only over what was read: a number that is typed in this moment is not lost.
            cursor.execute(
                f'UPDATE "{table}" SET "{name}" = %s WHERE "{pk}" = %s AND "{name}" = %s',  # noqa: S608
                [anew, key, sealed],
            )
            done.resealed += cursor.rowcount


def _asked(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
