"""Totals by month, kept in the transaction of the records they sum: each door that writes work calls here, at its end.

Rows are written in one fixed order and last of all, so that nobody waits in a circle, and a township's row is held no
longer than from here to the end of its transaction. What counts is every record that was not given back; whether it
is verified moves no total.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import UniqueConstraint

from councils.models import Council, Level
from reports.models import Activity, MonthlyTotal, State

TABLE, WORK = MonthlyTotal._meta.db_table, Activity._meta.db_table
PAGE = 1_000  # rows in one statement
EVERYTHING = "1 = 1"
NOBODY = "CAST(NULL AS BIGINT)"  # as the village of a township's row
_waiting: ContextVar[list[Any] | None] = ContextVar("waiting", default=None)


class Part(NamedTuple):
    """What one record adds to its month."""

    month: date
    kind: str
    village: int
    township: int
    county: int
    quantity: int


class Difference(NamedTuple):
    """A total that is not what its records come to: (sum, records) as it stands, and as it should."""

    month: date
    kind: str
    council: int
    township: int
    stands: tuple[int, int]
    comes_to: tuple[int, int]


def part(activity: Activity) -> list[Part]:
    """What a record adds now: nothing once it was given back."""
    if activity.state == State.REJECTED:
        return []
    now: Any = activity
    return [Part(now.month, now.kind, now.village_id, now.township_id, now.county_id, now.quantity)]


@contextmanager
def together() -> Iterator[None]:
    """What is moved inside is written once, when it ends well: several deeds of one transaction wait in one order."""
    if _waiting.get() is not None:
        yield
        return
    waiting: list[tuple[int, Part]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    _write(waiting)


def move(taken: Iterable[Part] = (), added: Iterable[Part] = ()) -> None:
    """Takes what records added before out of their totals, and adds what they add now; two statements a page."""
    moved = [*((-1, each) for each in taken), *((1, each) for each in added)]
    waiting = _waiting.get()
    if waiting is None:
        _write(moved)
    else:
        waiting += moved


def _write(parts: list[tuple[int, Part]]) -> None:
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for sign, each in parts:
        for village in (each.village, None):
            moved = sums[village is None, each.month, each.kind, each.township, village, each.county]
            moved[0] += sign * each.quantity
            moved[1] += sign
    rows = sorted((key, moved) for key, moved in sums.items() if moved != [0, 0])
    for of_township in (False, True):
        _upsert([(*key[1:], *moved) for key, moved in rows if key[0] is of_township], of_township)


def _upsert(rows: list[tuple[Any, ...]], of_township: bool) -> None:
    unique = "(township_id, month, key) WHERE village_id IS NULL"
    if not of_township:
        unique = "(village_id, month, key, township_id) WHERE village_id IS NOT NULL"
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        for start in range(0, len(rows), PAGE):
            page = rows[start : start + PAGE]
            marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(page))
            cursor.execute(
                f"INSERT INTO {TABLE} (month, key, township_id, village_id, county_id, value, records) "  # noqa: S608
                f"VALUES {marks} ON CONFLICT {unique} DO UPDATE "
                f"SET value = {TABLE}.value + excluded.value, records = {TABLE}.records + excluded.records",
                [value for month, *others in page for value in (adapt(month), *others)],
            )


def recount(council: Council | None = None, month: date | None = None, mend: bool = False) -> list[Difference]:
    """Totals of a council as it stood, and of a month, that are not what their records come to; everything by default.

    To `mend` builds them anew, while who writes work waits. What it returns then is what was wrong before.
    """
    with transaction.atomic():
        if mend:
            _hold()
        where, said = _narrowed(council, month)
        found = [*_differing(where, said, "village_id"), *_differing(where, said, NOBODY)]
        if mend and found:
            _build(where, said)
    return found


def rebuild(council: Council | None = None, month: date | None = None) -> None:
    """All totals of a council and a month out of their records, while who writes work waits; all there are by default,
    and then on PostgreSQL who reads totals waits too.
    """
    with transaction.atomic():
        _hold()
        _build(*_narrowed(council, month))


def _hold() -> None:
    """Until the end of the transaction nobody else writes totals; SQLite writes alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")


def _narrowed(council: Council | None, month: date | None) -> tuple[str, list[Any]]:
    """A condition on records and totals alike. Of a village its township is built whole, or its row would be torn."""
    where, said = EVERYTHING, []
    if council is not None:
        above: Any = council if council.level in (Level.COUNTY, Level.TOWNSHIP) else council.parent
        where, said = f"{above.level}_id = %s", [above.pk]
    if month is not None:
        where, said = f"{where} AND month = %s", [*said, connection.ops.adapt_datefield_value(month)]
    return where, said


def _summed(where: str, village: str) -> str:
    group = "month, kind, township_id, county_id" + (", village_id" if village != NOBODY else "")
    return (
        f"SELECT month, kind AS key, {village} AS village_id, township_id, county_id, SUM(quantity) AS value, "  # noqa: S608
        f"COUNT(*) AS records FROM {WORK} WHERE {where} AND state <> '{State.REJECTED.value}' GROUP BY {group}"
    )


def _differing(where: str, said: list[Any], village: str) -> list[Difference]:
    """In one statement, so that both sides are of one moment."""
    own = "IS NULL" if village == NOBODY else "IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, key, village_id, township_id, SUM(v), SUM(r), SUM(w), SUM(n) FROM ("  # noqa: S608
            "SELECT month, key, village_id, township_id, value AS v, records AS r, 0 AS w, 0 AS n "
            f"FROM {TABLE} WHERE {where} AND village_id {own} UNION ALL "
            "SELECT month, key, village_id, township_id, 0, 0, value, records "
            f"FROM ({_summed(where, village)}) AS counted) AS both_sides GROUP BY month, key, village_id, township_id "
            "HAVING SUM(v) <> SUM(w) OR SUM(r) <> SUM(n) ORDER BY month, key, township_id, village_id",
            said * 2,
        )
        rows = cursor.fetchall()
    return [
        Difference(_date(month), kind, place or township, township, (int(v), int(r)), (int(w), int(n)))
        for month, kind, place, township, v, r, w, n in rows
    ]


def _build(where: str, said: list[Any]) -> None:
    columns = "month, key, village_id, township_id, county_id, value, records"
    anew = connection.vendor == "postgresql" and where == EVERYTHING
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = '256MB'")  # to group millions without writing them to disk between
        if anew:
            cursor.execute(f"TRUNCATE {TABLE}")  # a deleted row would be looked at again for each that takes its place
        else:
            cursor.execute(f"DELETE FROM {TABLE} WHERE {where}", said)  # noqa: S608
        with _indexes_afterwards() if anew else nullcontext():
            cursor.execute(
                f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM ({_summed(where, 'village_id')}) AS counted "  # noqa: S608
                "ORDER BY township_id, village_id, month, key",  # as the indexes have them
                said,
            )
            cursor.execute(
                f"INSERT INTO {TABLE} ({columns}) SELECT month, key, NULL, township_id, county_id, SUM(value), "  # noqa: S608
                f"SUM(records) FROM {TABLE} WHERE {where} GROUP BY month, key, township_id, county_id",
                said,
            )


@contextmanager
def _indexes_afterwards() -> Iterator[None]:
    """An index over rows that stand takes a third of the time that the rows take to find their places in it one by one.

    For who holds the table alone, on PostgreSQL; what fails leaves the indexes as they were.
    """
    meta = MonthlyTotal._meta
    unique = [each for each in meta.constraints if isinstance(each, UniqueConstraint)]
    with connection.schema_editor() as editor:
        for constraint in unique:
            editor.remove_constraint(MonthlyTotal, constraint)
        for index in meta.indexes:
            editor.remove_index(MonthlyTotal, index)
    yield
    with connection.schema_editor() as editor:
        editor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for constraint in unique:
            editor.add_constraint(MonthlyTotal, constraint)
        for index in meta.indexes:
            editor.add_index(MonthlyTotal, index)


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
