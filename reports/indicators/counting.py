"""Figures asked together: one question a table, and for work one of the monthly totals and one of the days beside them.

The number of questions depends on the tables that the figures asked stand in, not on how many figures, councils or
records there are. A council's own figures of several tables stand side by side in one question where they are prepared.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Sum, Value
from django.utils import timezone

from councils.models import Council, Level
from cunsao import months
from cunsao.prepared import ALL, Question
from reports.indicators import blanks
from reports.indicators.indicator import Indicator, stood_in
from reports.models import Activity, MonthlyTotal, State
from reports.periods import Period

Found = Iterator[tuple[Any, str, Any]]  # (key of the council below or None, key of the figure, value)


class Span(NamedTuple):
    """A period as whole months, which totals know, and the days before and after them, which records know."""

    start: date
    end: date  # the first of the month after the last whole one
    days: tuple[Period, ...]

    @classmethod
    def of(cls, period: Period) -> "Span":
        """Nothing is recorded ahead of time, so a month whose today is the last day is whole."""
        first, last = period.first, period.last
        start = first if first.day == 1 else months.next_month(first)
        whole = last == months.last_day(last) or last >= timezone.localdate()
        end = months.next_month(last) if whole else months.first(last)
        if end < start:  # inside one month
            return cls(start, start, (period,))
        days = []
        if first < start:
            days.append(Period(first, start - timedelta(days=1)))
        if last >= end:
            days.append(Period(end, last))
        return cls(start, end, tuple(days))


def count(
    council: Council, period: Period, asked: Collection[Indicator], below: Mapping[str, int] | None = None
) -> Found:
    """The values of figures for `council`, or of each council `below` it; that is {code: key} of these and its own."""
    rests = [each for each in asked if each.rest]
    parts = [part for each in rests for part in each.rest]
    found = _counted(council, period, {each.key: each for each in (*asked, *parts) if not each.rest}, below)
    yield from _with_rests(found, rests, {each.key for each in asked}) if rests else found


def _counted(
    council: Council, period: Period, asked: Mapping[str, Indicator], below: Mapping[str, int] | None
) -> Found:
    work = [each for each in asked.values() if each.kinds]
    if work:
        yield from _of_work(council, period, work, below is not None)
    tables: dict[Any, list[Indicator]] = {}
    for each in asked.values():
        if not each.kinds:
            tables.setdefault(each.source, []).append(each)
    prepared = [tuple(listed) for listed in tables.values() if below is None and all(each.prepared for each in listed)]
    if prepared:
        yield from _side_by_side(council, period, tuple(prepared))
    for listed in tables.values():
        if tuple(listed) not in prepared:
            yield from _of_table(council, period, listed, below)


def _with_rests(found: Found, rests: Sequence[Indicator], keys: Collection[str]) -> Found:
    """Those of the `keys` that were found, and at each place what a whole and its part leave."""
    at_places: dict[Any, dict[str, Any]] = {}
    for at, key, value in found:
        at_places.setdefault(at, {})[key] = value
        if key in keys:
            yield at, key, value
    for at, values in at_places.items():
        for each in rests:
            whole, part = (values.get(one.key, 0) for one in each.rest)
            yield at, each.key, whole - part


def _of_table(council: Council, period: Period, listed: Sequence[Indicator], below: Mapping[str, int] | None) -> Found:
    """Figures of one table, each the sum of those rows that its own condition says of."""
    first = listed[0]
    divided = _divided(first, council) if below is not None and not first.shared else None
    if below is not None and divided is None:
        return
    places = _places(divided, below or {}) if divided else []
    found: Iterable[Any]
    if all(each.prepared for each in listed):
        question = _prepared(council.level, tuple(listed), divided, len(places))
        found = question.ask(blanks.filled(council, period, places))
    else:
        found = _question(council, period, listed, divided, places)
    for at, *values in found:
        place = (below or {}).get(at, at) if divided else None  # a key already, unless the way led to a code
        yield from ((place, each.key, value) for each, value in zip(listed, values, strict=True))


@lru_cache(maxsize=1024)
def _prepared(level: str, listed: tuple[Indicator, ...], divided: str | None, places: int) -> Question:
    below = blanks.places(places, _by_key(divided))
    return Question(_question(blanks.council(level), blanks.PERIOD, listed, divided, below))


def _side_by_side(council: Council, period: Period, tables: tuple[tuple[Indicator, ...], ...]) -> Found:
    """Figures of several tables, each of which answers with one row: the database is asked once for all."""
    (found,) = _row(council.level, tables).ask(blanks.filled(council, period))
    values = iter(found)
    for listed in tables:
        next(values)  # the place that all share
        yield from ((None, each.key, next(values)) for each in listed)


@lru_cache(maxsize=1024)
def _row(level: str, tables: tuple[tuple[Indicator, ...], ...]) -> Question:
    council = blanks.council(level)
    return Question(*(_question(council, blanks.PERIOD, listed, None, ()) for listed in tables))


def _question(
    council: Council, period: Period, listed: Sequence[Indicator], divided: str | None, places: Sequence[Any]
) -> QuerySet[Any, Any]:
    """The place and the figures, in one row or in one of each place that the way `divided` leads to."""
    first = listed[0]
    wanted = [each.when(council, period) for each in listed]
    rows = first.model._base_manager.order_by()
    if divided is None:
        rows = rows.filter(first.here(council, period))
    else:  # the way to the councils below leads to all that are its own
        rows = rows.filter(first.common(council, period), **{f"{divided}__in": places})
    if all(wanted):
        rows = rows.filter(_any_of(wanted))
    narrowed = len(listed) > 1
    sums = {
        each.key: each.measure((where or None) if narrowed else None)
        for each, where in zip(listed, wanted, strict=True)
    }
    at = ALL if divided is None else F(divided)
    return rows.values(council_below=at).annotate(**sums).values_list("council_below", *sums)


def _any_of(conditions: Iterable[Q]) -> Q:
    any_of = Q()
    for each in conditions:
        any_of |= each
    return any_of


def _divided(figure: Indicator, council: Council) -> str | None:
    """The way from a record to the council one level below `council`, or to its code; None where it leads to none."""
    place, of_townships = figure.place, figure.place.endswith("township")
    if council.level == Level.COUNTY:
        return f"{place}__pk" if of_townships else f"{place}__parent__code".removeprefix("__")
    if council.level == Level.TOWNSHIP and not of_townships:
        return f"{place}__pk".removeprefix("__")
    return None


def _by_key(divided: str | None) -> bool:
    return divided is not None and divided.endswith("pk")


def _places(divided: str, below: Mapping[str, int]) -> list[Any]:
    return list(below.values() if _by_key(divided) else below)


def _of_work(council: Council, period: Period, asked: Sequence[Indicator], below: bool) -> Found:
    own = {each.rule: Span.of(each.rule.own(period)) for each in asked}
    spans = list(dict.fromkeys(own.values()))
    found: dict[tuple[Any, str], list[int]] = {}
    for at, key, sums in (*_from_totals(council, spans, asked, below), *_from_days(council, spans, asked, below)):
        kept = found.setdefault((at, key), [0] * len(sums))
        found[at, key] = [one + other for one, other in zip(kept, sums, strict=True)]
    places = {place for place, _kind in found} | (set() if below else {None})
    zero = [0] * (2 * len(spans))
    for each in asked:
        at_span = 2 * spans.index(own[each.rule]) + each.records
        for place in places:
            yield place, each.key, sum(found.get((place, kind), zero)[at_span] for kind in each.kinds)


def _from_totals(council: Council, spans: Sequence[Span], asked: Sequence[Indicator], below: bool) -> Iterator[Any]:
    if below and council.is_village:
        return
    question = _totals(council.level, len(spans), _kinds(asked), below)
    said = blanks.filled(council) | {f"start {at}": each.start for at, each in enumerate(spans)}
    for place, kind, *sums in question.ask(said | {f"end {at}": each.end for at, each in enumerate(spans)}):
        yield place if below else None, kind, sums


@lru_cache(maxsize=256)
def _totals(level: str, spans: int, kinds: Sequence[str], below: bool) -> Question:
    """The place, the kind, and of each span the sum and the number of records."""
    council = blanks.council(level)
    rows = MonthlyTotal.objects.below(council) if below else MonthlyTotal.objects.of(council)
    any_of, sums = Q(), {}
    for number in range(spans):
        inside = Q(month__gte=blanks.day(f"start {number}"), month__lt=blanks.day(f"end {number}"))
        any_of |= inside
        for name in ("value", "records"):
            sums[f"{name}_{number}"] = Sum(name, filter=inside, default=0)
    return Question(_grouped(rows.filter(any_of, key__in=kinds), "key", _place(council, below), sums))


def _from_days(council: Council, spans: Sequence[Span], asked: Sequence[Indicator], below: bool) -> Iterator[Any]:
    if not any(span.days for span in spans) or (below and council.is_village):
        return
    any_of, sums = Q(), {}
    for number, span in enumerate(spans):
        inside = Q(pk__in=[])
        for days in span.days:
            inside |= Q(day__range=(days.first, days.last))
        any_of |= inside
        sums[f"value_{number}"] = Sum("quantity", filter=inside, default=0)
        sums[f"records_{number}"] = Sum(Value(1), filter=inside, default=0)
    rows = Activity.objects.filter(stood_in(council), any_of, kind__in=_kinds(asked))
    for place, kind, *found in _grouped(rows.exclude(state=State.REJECTED), "kind", _place(council, below), sums):
        yield place if below else None, kind, found


def _place(council: Council, below: bool) -> Any:
    """Of work: the council one level below where it was done."""
    return F("township" if council.level == Level.COUNTY else "village") if below else ALL


def _grouped(rows: Any, key: str, place: Any, sums: dict[str, Any]) -> QuerySet[Any, Any]:
    grouped = rows.order_by().values(key, council_below=place).annotate(**sums)
    return grouped.values_list("council_below", key, *sums)


def by_month(council: Council, asked_months: Sequence[date], asked: Sequence[Indicator]) -> dict[str, list[int]]:
    """Of work: what each of the months has, in one question of the totals."""
    said = blanks.filled(council) | {"start": min(asked_months), "end": max(asked_months)}
    found = {(month, kind): sums for month, kind, *sums in _monthly(council.level, _kinds(asked)).ask(said)}
    return {
        each.key: [sum(found.get((month, kind), (0, 0))[each.records] for kind in each.kinds) for month in asked_months]
        for each in asked
    }


@lru_cache(maxsize=256)
def _monthly(level: str, kinds: Sequence[str]) -> Question:
    months_asked = (blanks.day("start"), blanks.day("end"))
    rows = MonthlyTotal.objects.of(blanks.council(level)).filter(month__range=months_asked, key__in=kinds).order_by()
    sums = rows.values("month", "key").annotate(v=Sum("value"), r=Sum("records"))
    return Question(sums.values_list("month", "key", "v", "r"))


def _kinds(asked: Collection[Indicator]) -> tuple[str, ...]:
    return tuple(sorted({kind for each in asked for kind in each.kinds}))
