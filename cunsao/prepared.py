"""Questions that are put together once and asked many times, each time with other values.

Putting a question together takes Django some two milliseconds, often longer than the database needs to answer it.
What a page asks in the same words of every council and every month is therefore kept as it goes to the database, with
blanks for what differs.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Count, Field, IntegerField, Model, QuerySet, Value

ALL: Any = Value(0, IntegerField())  # a place that all rows share: sums of one group, of which there is always a row


class Blank(Value):
    """A value that is not known yet, by its name; a text may be cut after so many characters, like any other."""

    def __init__(self, name: str, field: "Field[Any, Any]", until: int | None = None) -> None:
        super().__init__(name, field)
        self.name, self.until = name, until

    def __getitem__(self, part: slice) -> "Blank":
        if part.start is not None or part.step is not None:
            raise TypeError("A blank can be cut at its end alone.")
        return type(self)(self.name, self.field, part.stop)

    def __str__(self) -> str:
        raise TypeError(f"{self.name} is not known while a question is put together.")

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def fill(self, values: Mapping[str, Any]) -> Any:
        """The value as the database takes it; KeyError where there is none of this name."""
        value = values[self.name]
        return self.field.get_db_prep_value(value if self.until is None else value[: self.until], connection)


class Question:
    """What querysets of values_list() with blanks in them ask: one of them, or several side by side that have one row
    each, so that the database is asked once for all.
    """

    def __init__(self, *asked: "QuerySet[Any, Any]") -> None:
        self._params: list[Any] = []
        self._converters: dict[int, Any] = {}
        parts: list[str] = []
        width = 0
        for rows in asked:
            compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
            sql, params = compiler.as_sql()
            parts.append(f"({sql}) AS part_{len(parts)}" if len(asked) > 1 else sql)
            self._params += params
            selected = [expression for expression, _sql, _name in compiler.select]
            for at, converters in compiler.get_converters(selected).items():
                self._converters[width + at] = converters
            width += len(selected)
        side_by_side = f"SELECT * FROM {', '.join(parts)}"  # noqa: S608 - parts that Django put together
        self._sql = side_by_side if len(asked) > 1 else parts[0]

    @classmethod
    def how_many(cls, rows: "QuerySet[Any, Any]") -> "Question":
        """A question whose answer is one row with the number of `rows`."""
        return cls(rows.order_by().values(every=ALL).annotate(number=Count("pk")).values_list("number"))

    def ask(self, values: Mapping[str, Any]) -> list[list[Any]]:
        """The rows as the queryset would have them. Raises KeyError for a blank that is left empty."""
        said = [each.fill(values) if isinstance(each, Blank) else each for each in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, said)
            rows = [list(row) for row in cursor.fetchall()]
        for at, (converters, expression) in self._converters.items():
            for row in rows:
                for convert in converters:
                    row[at] = convert(row[at], expression, connection)
        return rows


class Records(Question):
    """What a queryset of a model with blanks in it asks, answered by its records; with those that the foreign keys
    `along` lead to, each behind the one that it hangs on, as "council", "council__parent".
    """

    def __init__(self, rows: "QuerySet[Any, Any]", *along: str) -> None:
        self._parts: list[tuple[str, type[Model], list[str]]] = []
        models: dict[str, Any] = {"": rows.model}
        asked: list[str] = []
        for way in ("", *along):
            above, _, name = way.rpartition("__")
            model = models[way] = models[above]._meta.get_field(name).related_model if name else rows.model
            names = [field.attname for field in model._meta.concrete_fields]
            self._parts.append((way, model, names))
            asked += [f"{way}__{each}" if way else each for each in names]
        super().__init__(rows.values_list(*asked))

    def find(self, values: Mapping[str, Any]) -> list[Any]:
        """The records as the queryset would have them. Raises KeyError for a blank that is left empty."""
        return [self._record(iter(row)) for row in self.ask(values)]

    def _record(self, row: Iterator[Any]) -> Any:
        found: dict[str, Any] = {}
        for way, model, names in self._parts:
            values = list(islice(row, len(names)))
            key = values[names.index(model._meta.pk.attname)]
            found[way] = None if key is None else model.from_db(DEFAULT_DB_ALIAS, names, values)
            above, _, name = way.rpartition("__")
            if name and found[above] is not None:
                setattr(found[above], name, found[way])
        return found[""]
