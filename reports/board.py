"""Every question that a council's dashboard asks, for one month and one reader; a fixed number, whatever lies below."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.models import Council, Level
from cunsao import months as calendar
from members.payroll import budget, deadlines
from members.payroll.deadlines import Timing
from reports import charts, comparing, indicators, kinds, todos
from reports.comparing import Change, change
from reports.indicators import Figure
from reports.models import MonthlyTotal
from reports.periods import Period

MONTHS = 12  # of a trend
HERO = ("members", "activities", "elderly", "child", "dispute", "hazards_open")
PEOPLE = ("villages", "villages_covered", "zones", "members", "joined", "left", "insured", "trained")
GAPS = ("zones_without_member", "members_without_zone", "uncovered", "hazards_open", "hazards_overdue", "waiting")
MONEY = ("subsidy_committed", "subsidy_paid")
ROLES = tuple(f"role_{role.value}" for role in kinds.Role)
BELOW = ("members", "activities", "elderly", "child", "zones_without_member", "hazards_overdue")


class Line(NamedTuple):
    """One figure of the council and what it is beside: the month before, the same a year ago, its siblings' average."""

    key: str
    label: Any
    figure: Figure
    before: Change
    year: Change
    average: str = ""


class RoleLine(NamedTuple):
    """One of the six roles: its records this month, their share of all, and twelve months of them as columns."""

    line: Line
    look: int
    share: str
    columns: Any
    swatch: Any
    months: Sequence[tuple[str, int]]


class Row(NamedTuple):
    """One council below, or one member of a village, with figures; `address` leads one level down."""

    label: str
    address: str
    figures: Sequence[Figure]


class Completeness(NamedTuple):
    """How the month's sheets stand: words with their numbers, and the share handed in on time."""

    counted: Sequence[tuple[str, int, str]]
    rate: str
    address: str


def newest_month(council: Council, today: date) -> date:
    """The latest month in which anything was recorded there; the present one where nothing ever was. One query."""
    found = MonthlyTotal.objects.of(council).filter(month__lte=today).aggregate(latest=Max("month"))["latest"]
    return found or calendar.first(today)


class Board:
    """One page of figures. Each part is asked when the page shows it, each question once."""

    def __init__(self, council: Council, month: date, user: Any) -> None:
        self.council, self.month, self.user = council, month, user
        self.period = Period.month(month)

    @cached_property
    def todos(self) -> list[todos.ToDo]:
        return todos.waiting_for(self.user)

    @cached_property
    def hero(self) -> list[Line]:
        return [self._line(key) for key in HERO if self._may(key)]

    @cached_property
    def people(self) -> list[Line]:
        return [self._line(key) for key in PEOPLE if self._may(key)]

    @cached_property
    def gaps(self) -> list[Line]:
        return [self._line(key) for key in GAPS if self._may(key)]

    @cached_property
    def roles(self) -> list[RoleLine]:
        if not self._may("activities"):
            return []
        whole = sum(self._now[key].value for key in ROLES) or 1
        return [self._role(look, key, whole) for look, key in enumerate(ROLES)]

    @cached_property
    def trend(self) -> Any:
        """Work recorded month by month, and a year earlier, as lines."""
        now, before = self._series["activities"][MONTHS:], self._series["activities"][:MONTHS]
        return charts.lines(
            _("Work recorded, month by month"), [f"{each.month}" for each in self.span],
            [charts.Series(_("these twelve months"), now), charts.Series(_("a year earlier"), before)],
        )  # fmt: skip

    @cached_property
    def trend_rows(self) -> list[tuple[str, int, int]]:
        values = self._series["activities"]
        return [(calendar.label(month), values[MONTHS + at], values[at]) for at, month in enumerate(self.span)]

    @cached_property
    def span(self) -> list[date]:
        """The twelve months to this one."""
        return self._months[MONTHS:]

    @cached_property
    def money(self) -> budget.Standing | None:
        """The county's budget of the year, for who may know it."""
        if self.council.level != Level.COUNTY or not self.user.has_perm("members.view_budget"):
            return None
        return budget.of(self.council, self.month.year)

    @cached_property
    def paid(self) -> list[Line]:
        """What the year's subsidies come to here; a village has no sheet of its own."""
        return [] if self.council.is_village else [self._line(key) for key in MONEY if self._may(key)]

    @cached_property
    def completeness(self) -> Completeness | None:
        """Who handed in this month; of a township and its villages, how the township stands."""
        if not self.user.has_perm("members.view_monthlyroster"):
            return None
        place = self.council.parent if self.council.is_village else self.council
        own = None if self.council.level == Level.COUNTY else place.pk
        county = self.council if own is None else place.parent
        found = deadlines.standing(county, [self.month])
        counted = found.counted(township=own)
        told = [(str(each.label), counted[each], TONES[each]) for each in Timing if counted[each]]
        rate = found.rate(township=own)
        return Completeness(told, comparing.percent(rate), reverse("months"))

    @cached_property
    def columns(self) -> list[str]:
        return [str(indicators.CATALOGUE[key].name) for key in self._below_keys]

    @cached_property
    def rows(self) -> list[Row]:
        """The councils one level below that stand or stood there in the month, each with its own page."""
        query = f"?month={self.month:%Y-%m}"
        return [
            Row(str(each), reverse("dashboard", args=[each.code]) + query, list(self._below[each.pk].values()))
            for each in self._children
        ]

    @cached_property
    def ranking(self) -> Any:
        """Work recorded this month by each council below, the most first."""
        found = [(row, self._below[each.pk]["activities"]) for row, each in zip(self.rows, self._children, strict=True)]
        return charts.bars(
            _("Work recorded by each"), [charts.Bar(row.label, each.value, each.shown, row.address) for row, each in found]
        )  # fmt: skip

    @property
    def patterns(self) -> Any:
        return charts.patterns()

    @property
    def marks(self) -> list[tuple[Any, str]]:
        return [(charts.mark(0), _("these twelve months")), (charts.mark(1), _("a year earlier"))]

    def _may(self, key: str) -> bool:
        """Whether the reader opens the list that this figure counts: what she may not open she is not told either."""
        return bool(self._address(key, self.month))

    @cached_property
    def _keys(self) -> list[str]:
        wanted = dict.fromkeys((*HERO, *PEOPLE, *GAPS, *ROLES, *(() if self.council.is_village else MONEY)))
        return [key for key in wanted if self._may(key)]

    @cached_property
    def _below_keys(self) -> list[str]:
        return [key for key in BELOW if self._may(key)]

    @cached_property
    def _now(self) -> Mapping[str, Figure]:
        return indicators.values(self.council, self.period, self._keys, self.user)

    @cached_property
    def _before(self) -> Mapping[str, Figure]:
        return indicators.values(self.council, self.period.before(), self._keys)

    @cached_property
    def _year(self) -> Mapping[str, Figure]:
        return indicators.values(self.council, self.period.year_before(), self._keys)

    @cached_property
    def _siblings(self) -> list[Mapping[str, Figure]]:
        """The figures of all councils beside this one, and its own; none beside a county."""
        above = self.council.parent
        return [] if above is None else list(indicators.below(above, self.period, self._keys).values())

    @cached_property
    def _children(self) -> list[Council]:
        if self.council.is_village:
            return []
        return list(Council.objects.visible_to(self.user).filter(pk__in=list(self._below)))

    @cached_property
    def _below(self) -> Mapping[int, Mapping[str, Figure]]:
        return indicators.below(self.council, self.period, self._below_keys, self.user)

    @cached_property
    def _months(self) -> list[date]:
        return calendar.span(date(self.month.year - 2, self.month.month, 1), self.month)[1:]

    @cached_property
    def _series(self) -> Mapping[str, Sequence[int]]:
        return indicators.series(self.council, self._months, ["activities", *ROLES])

    def _line(self, key: str) -> Line:
        value = self._now[key].value
        return Line(
            key, indicators.CATALOGUE[key].name, self._now[key], change(value, self._before[key].value),
            change(value, self._year[key].value), comparing.average([each[key].value for each in self._siblings if key in each]),
        )  # fmt: skip

    def _role(self, look: int, key: str, whole: int) -> RoleLine:
        line = self._line(key)
        values = self._series[key][MONTHS:]
        bars = [
            charts.Bar(calendar.label(month), value, f"{value:,}", self._address(key, month))
            for month, value in zip(self.span, values, strict=True)
        ]
        label = _("%(role)s, month by month") % {"role": line.label}
        return RoleLine(
            line, look, comparing.percent(line.figure.value / whole), charts.columns(label, bars, look),
            charts.swatch(look), [(bar.label, int(bar.value)) for bar in bars],
        )  # fmt: skip

    def _address(self, key: str, month: date) -> str:
        return indicators.address(key, self.council, Period.month(month), self.user)


TONES = {Timing.ON_TIME: "whole", Timing.LATE: "gap", Timing.DUE: "", Timing.MISSING: "bad", Timing.EXCUSED: ""}
