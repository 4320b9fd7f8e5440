"""Figures: `from reports import indicators`, then indicators.values(council, period, keys).

A further figure is one entry in people.py, work.py or money.py, and one test.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.urls import get_script_prefix, reverse

from councils.models import Council
from reports.indicators import counting
from reports.indicators.catalogue import CASE_REPORT, CATALOGUE
from reports.indicators.indicator import Figure, Indicator, Rule, Unit
from reports.periods import Period

__all__ = [
    "CASE_REPORT",
    "CATALOGUE",
    "Figure",
    "Indicator",
    "Rule",
    "Unit",
    "address",
    "below",
    "counted_below",
    "figure",
    "records",
    "series",
    "shown",
    "values",
    "within",
]


def values(
    council: Council, period: Period, keys: Collection[str] | None = None, user: Any = None
) -> dict[str, Figure]:
    """The figures of `council` and all below it; of all keys where none are named. `user` gets addresses to open.

    One question for all that are prepared, one a table for the others, two for work, whatever was asked. Raises
    KeyError for an unknown key.
    """
    return _counted(council, period, _asked(keys), user)


def below(council: Council, period: Period, keys: Collection[str], user: Any = None) -> dict[int, dict[str, Figure]]:
    """{key of a council: its figures} for the open councils one level below, and for those that have figures though
    they are not below today. One question a table that they stand in, two for work, and one for the councils. What is
    shared with the county is left out.
    """
    children = list(Council.objects.filter(parent=council))
    standing = {each.pk: each for each in children if each.is_open}
    tells = {each.key: telling(each.key, period, user) for each in _asked(keys)}
    return {
        pk: {key: tells[key](value, standing.get(pk)) for key, value in counted.items()}
        for pk, counted in counted_below(council, period, keys, children).items()
    }


def counted_below(
    council: Council, period: Period, keys: Collection[str], children: Collection[Council]
) -> dict[int, dict[str, Any]]:
    """`below` as values alone, for who adds them up and has the councils one level below at hand."""
    asked = [each for each in _asked(keys) if not each.shared]
    found: dict[int, dict[str, Any]] = {each.pk: {} for each in children if each.is_open}
    for at, key, value in counting.count(council, period, asked, {each.code: each.pk for each in (council, *children)}):
        found.setdefault(at, {})[key] = value
    return {pk: {each.key: counted.get(each.key, 0) for each in asked} for pk, counted in found.items()}


def series(council: Council, months: Sequence[date], keys: Collection[str]) -> dict[str, list[int]]:
    """{key: what each of the months has} for figures of work, in one question. Raises ValueError for any other."""
    asked = _asked(keys)
    if others := [each.key for each in asked if not each.kinds]:
        raise ValueError(f"{others} are not told by month.")
    return counting.by_month(council, months, asked) if months else {each.key: [] for each in asked}


def records(key: str, council: Council, period: Period) -> QuerySet[Any]:
    """The records that make a figure. Who may see them is for the caller: list.visible_to(user)."""
    indicator = CATALOGUE[key]
    found: QuerySet[Any] = indicator.model._default_manager.filter(indicator.of(council, period))
    return found


def address(key: str, council: Council, period: Period, user: Any) -> str:
    """The list of the records that make a figure, or "" where `user` may not open it; asks no table."""
    before, after = _way(key, period, user)
    return before and f"{before}{council.code}{after}"


def _way(key: str, period: Period, user: Any) -> tuple[str, str]:
    """What stands before and after the council's code in an address; nothing before it where she may not open it."""
    label = CATALOGUE[key].model._meta.label_lower
    if user is None or not user.has_perm(label.replace(".", ".view_")):
        return "", ""
    return f"{_listed(label, get_script_prefix())}?figure={key}.", f".{period.first}.{period.last}"


@cache
def _listed(label: str, mounted_at: str) -> str:
    """Where the list of a model is: a page asks some hundred times."""
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def figure(key: str, value: Any, council: Council | None, period: Period, user: Any = None) -> Figure:
    """A value that was counted, as of a series, as its figure; it opens nothing without a council."""
    return telling(key, period, user)(value, council)


def telling(key: str, period: Period, user: Any = None) -> Callable[[Any, Council | None], Figure]:
    """`figure` for many councils: what is the same for all of them is worked out once."""
    indicator, unit = CATALOGUE[key], str(CATALOGUE[key].unit.label)
    before, after = _way(key, period, user)

    def tell(value: Any, council: Council | None) -> Figure:
        opens = f"{before}{council.code}{after}" if before and council is not None else ""
        return Figure(value, indicator.shown(value), unit, opens)

    return tell


def shown(key: str, value: Any) -> str:
    """A value as its figure is shown: exact, in yuan, or in 万."""
    return CATALOGUE[key].shown(value)


def _asked(keys: Collection[str] | None) -> list[Indicator]:
    return [CATALOGUE[key] for key in (CATALOGUE if keys is None else dict.fromkeys(keys))]


def _counted(council: Council, period: Period, asked: Collection[Indicator], user: Any) -> dict[str, Figure]:
    found = {key: value for _at, key, value in counting.count(council, period, asked)}
    return {each.key: figure(each.key, found.get(each.key, 0), council, period, user) for each in asked}


def within(council: Council, period: Period, keys: Collection[str]) -> dict[str, Figure]:
    """As `values`, but what is else told since the beginning, or of a calendar year, is told of the period alone."""
    return _counted(council, period, [_of_period_alone(each.key) for each in _asked(keys)], None)


@cache
def _of_period_alone(key: str) -> Indicator:
    """The same one each time, so that its question is put together once."""
    known = CATALOGUE[key]
    return known if known.rule in (Rule.STOCK, Rule.FLOW) else replace(known, rule=Rule.FLOW)
