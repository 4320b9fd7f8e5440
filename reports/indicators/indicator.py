"""What a figure is: its name, its unit, what it counts, over which time, and how it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from councils.models import Council, Level
from councils.scope import within
from cunsao import chinese
from reports.periods import Period


class Unit(models.TextChoices):
    PERSONS = "persons", _("person(s)")
    PERSON_TIMES = "person_times", _("person-times")
    MATTERS = "matters", _("case(s)")
    CASE_TIMES = "case_times", _("case-times")
    HOUSEHOLDS = "households", _("household(s)")
    HOUSEHOLD_VISITS = "household_visits", _("household visits")
    TIMES = "times", _("time(s)")
    ITEMS = "items", _("item(s)")
    YUAN = "yuan", _("yuan")


class Rule(StrEnum):
    """Which time of the period asked a figure is of."""

    STOCK = "stock"  # what stands on its last day
    FLOW = "flow"  # what happened in it
    YEAR = "year"  # what happened in the calendar year in which it ends, until its last day
    FULL_YEAR = "full_year"  # what happened in the last calendar year that was over when it ended
    EVER = "ever"  # what happened since the beginning, until its last day

    def own(self, period: Period) -> Period:
        if self == Rule.YEAR:
            return period.since_january()
        if self == Rule.FULL_YEAR:
            last = period.last
            return Period.year(last.year if (last.month, last.day) == (12, 31) else last.year - 1)
        return period.since_beginning() if self == Rule.EVER else period


class Figure(NamedTuple):
    """One figure as it is told; `address` opens its records for who may see them, else it is empty."""

    value: Any
    shown: str
    unit: str
    address: str = ""


Where = Callable[[Period, Council], Q]
Measure = Callable[[Q | None], Any]


def counted(name: Any = "pk") -> Measure:
    """How many different values of a field or an expression the records have."""
    return lambda where: Count(name, filter=where, distinct=name != "pk")


RECORDS = counted()


@dataclass(frozen=True, eq=False)
class Indicator:
    """A figure of the catalogue: `measure` of those records of `model` that `where` says of, in a council and below.

    `kinds` names kinds of work: such a figure comes out of the monthly totals, their sums or, with `records`, their
    number, and where() says the same of the records themselves. `place` is the way to the council; `county` a column
    that says it of a county at once. `rest` names a whole and a part of it: what they leave is counted by them, and
    where() says of the records again which they are. Where where() only hands on the days and codes that it is given,
    a figure is `prepared`: its question is put together once.
    """

    key: str
    name: Any
    unit: Unit
    meaning: Any
    rule: Rule
    model: Any
    where: Where
    measure: Measure = RECORDS
    kinds: tuple[str, ...] = ()
    records: bool = False
    rounded: bool = False  # shown in 万, cut off after one decimal
    place: str = "village"
    among: Where | None = None  # what all figures that are asked together have in common
    county: str = ""
    shared: bool = False  # the county's, and the same for all below it
    prepared: bool = False
    alone: bool = False  # asked by itself, where one condition over all rows is slower than one question more
    rest: "tuple[Indicator, ...]" = ()

    def of(self, council: Council, period: Period) -> Q:
        """The records that make the figure of `council` in `period`."""
        return self.here(council, period) & self.when(council, period)

    def here(self, council: Council, period: Period) -> Q:
        """What is common to all figures of its source."""
        if self.shared:
            return Q(county__code=council.code[:6])
        if self.county and council.level == Level.COUNTY:
            here = Q(**{self.county: council.pk})
        else:
            here = stood_in(council) if self.kinds else within(self.place, council)
        return here & self.common(council, period)

    def common(self, council: Council, period: Period) -> Q:
        """What figures that are asked together have in common, wherever they are."""
        return self.among(period, council) if self.among else Q()

    def when(self, council: Council, period: Period) -> Q:
        """What is its own; nothing where it counts all of them."""
        return self.where(self.rule.own(period), council)

    def shown(self, value: Any) -> str:
        if self.unit == Unit.YUAN:
            return f"{value:,.2f}"
        return chinese.in_wan(value) if self.rounded else str(value)

    @property
    def adds_up(self) -> bool:
        """Whether the figures of all councils below come to the council's own: it counts records, each of which has one
        village, and has no shorter way to its own.
        """
        return self.measure is RECORDS and not self.shared and not self.county

    @property
    def source(self) -> tuple[Any, ...]:
        """What is asked of one table along one way to the council is asked at once."""
        return (self.model, self.place, self.among, self.shared, self.key if self.alone else "")


def stood_in(council: Council) -> Q:
    """Of work: where the village stood when it was done."""
    level = council.level if council.level in (Level.COUNTY, Level.TOWNSHIP) else "village"
    return Q(**{str(level): council.pk})


def in_days(name: str) -> Where:
    """That a day lies in the period."""
    return lambda period, council: Q(**{f"{name}__range": (period.first, period.last)})


def everything(period: Period, council: Council) -> Q:
    return Q()


def runs_on(day: date) -> Q:
    """That a term from `start` to `end` ran on the day."""
    return Q(Q(end=None) | Q(end__gte=day), start__lte=day)
