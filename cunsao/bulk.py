"""Many rows of one table at once, with their keys known beforehand."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models, transaction

PAGE = 20_000  # rows handed over between two looks at the progress, and keys in one question


def copy_in(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], step: Any = None
) -> Sequence[int]:
    """Writes `rows` (database values in the order of the fields `columns`) and returns their primary keys, in order.

    COPY on PostgreSQL, one prepared statement on SQLite. It goes round `save()`: nothing is validated and no history
    is written, so call `councils.audit.copy_in`, which writes both. `step(n)`, if given, is told each n rows that are
    in. Raises TransactionManagementError outside a transaction, IntegrityError as any write does.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("copy_in needs a transaction around it")
    if not rows:
        return []
    keys = _reserve(model, len(rows))
    names = [model._meta.pk.column, *_columns(model, columns)]
    write = _copy if connection.vendor == "postgresql" else _insert
    for start in range(0, len(rows), PAGE):
        page = rows[start : start + PAGE]
        write(model._meta.db_table, names, ((key, *row) for key, row in zip(keys[start:], page, strict=False)))
        if step:
            step(len(page))
    return keys


def add(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """As `copy_in`, for rows whose keys nobody asks for: the database gives them as it writes."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("add needs a transaction around it")
    write = _copy if connection.vendor == "postgresql" else _insert
    if rows:
        write(model._meta.db_table, _columns(model, columns), rows)


# The keys themselves only where somebody else took one in between, which is rare, and reading them takes long.
RESERVE = """
    SELECT min(key), max(key), CASE WHEN max(key) - min(key) + 1 > count(*) THEN array_agg(key) END
    FROM (SELECT nextval(sequence) AS key
          FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) AS named, generate_series(1, %s)
    ) AS reserved
"""


class Among(models.Lookup):
    """Whether a column is one of many values, given as the database has them: `rows.filter(Among(F("pk"), keys))`.

    Django's `in` looks at each value five times, which for a list's thousands takes longer than finding them.
    """

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        marks = ", ".join(["%s"] * len(self.rhs))
        return f"{left} IN ({marks})", [*params, *self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if isinstance(values[0], bytes):  # one text is quoted at once, and an array of bytes one by one
            return f"{left} IN (SELECT decode(unnest(string_to_array(%s, ' ')), 'hex'))", [
                *params,
                " ".join(map(bytes.hex, values)),
            ]
        return f"{left} = ANY(%s)", [*params, values]


def among(rows: Any, name: str, values: Iterable[Any], columns: Sequence[str] = ()) -> Iterator[Any]:
    """Of `rows` those whose field `name` is among `values`, so many a question as every database takes.

    Records, or where `columns` are named tuples of these.
    """
    wanted = [value for value in dict.fromkeys(values) if value is not None]
    for start in range(0, len(wanted), PAGE):
        found = rows.filter(Among(models.F(name), wanted[start : start + PAGE]))
        yield from found.values_list(*columns) if columns else found


def paged(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """So many rows at a time as are written in one go, so that a long list's columns do not all stand in memory."""
    return (rows[start : start + PAGE] for start in range(0, len(rows), PAGE))


def change(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Writes other values into rows that are there: each row has those of the fields `columns`, then its key.

    One prepared statement; it goes round `save()`, so call `councils.audit.save_many`, which writes the history.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    values = ", ".join(f'"{name}" = %s' for name in _columns(model, columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table}" SET {values} WHERE "{key}" = %s', rows)  # noqa: S608 - names of our models


def learn_sizes(*models: type[models.Model]) -> None:
    """Lets PostgreSQL look at the tables of `models` now: until it does it plans as if what arrived were not there.

    Autovacuum does it a minute later, and not before a transaction ends. SQLite plans without.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(f'"{each._meta.db_table}"' for each in models))


def _reserve(model: type[models.Model], count: int) -> Sequence[int]:
    """`count` keys that nobody else will be given."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(RESERVE, [f'"{table}"', key, count])
            first, last, keys = cursor.fetchone()
            return keys or range(first, last + 1)
        # SQLite writes alone, and inserting explicit keys moves its sequence along.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)


def _columns(model: type[models.Model], names: Sequence[str]) -> list[str]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return [field.column for field in fields]


def _copy(table: str, names: list[str], rows: Iterable[Sequence[Any]]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    # psycopg's own errors become Django's, as those of every other write do.
    statement = f'COPY "{table}" ({listed}) FROM STDIN'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(table: str, names: list[str], rows: Iterable[Sequence[Any]]) -> None:
    listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', list(rows))  # noqa: S608 - names of our models
