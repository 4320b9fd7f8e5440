"""Every question that a council's dashboard asks, for one month and one reader; a fixed number, whatever lies below."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council, Level
from cunsao import months as calendar
from members.models import Budget, Membership
from members.payroll import deadlines
from members.payroll.deadlines import Timing
from reports import campaigns, charts, comparing, indicators, todos
from reports.beside import MONTHS, Beside
from reports.indicators import Figure
from reports.lines import (
    BELOW,
    GAPS,
    HERO,
    LINES,
    MONEY,
    PEOPLE,
    ROLES,
    SHORT,
    TIMED,
    TONES,
    WORK,
    Completeness,
    Line,
    Rest,
    RoleLine,
    Row,
    Task,
)
from reports.models import ActivityMember, Campaign
from reports.periods import Period


class Board:
    """One page of figures. Each part is asked when the page shows it, each question once."""

    def __init__(self, council: Council, month: date, user: Any) -> None:
        self.council, self.month, self.user = council, month, user
        self.period = Period.month(month)

    @cached_property
    def todos(self) -> list[todos.ToDo]:
        if self.council.pk != self.user.council_id or not self._may("waiting"):
            return todos.waiting_for(self.user)
        to_reach = campaigns.to_reach(self.council, timezone.localdate(), self._standings)
        return todos.waiting_for(self.user, todos.Known(to_reach, self.period.last, self._told.now["waiting"].value))

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
        whole = sum(self._told.now[key].value for key in ROLES) or 1
        return [self._role(look, key, whole) for look, key in enumerate(ROLES)]

    @cached_property
    def trend(self) -> Any:
        """Work recorded month by month, and a year earlier, as lines."""
        now, before = self._told.series["activities"][MONTHS:], self._told.series["activities"][:MONTHS]
        return charts.lines(
            _("Work recorded, month by month"), [f"{each.month}" for each in self.span],
            [charts.Series(_("these twelve months"), now), charts.Series(_("a year earlier"), before)],
        )  # fmt: skip

    @cached_property
    def trend_rows(self) -> list[tuple[str, int, int]]:
        values = self._told.series["activities"]
        return [(label, values[MONTHS + at], values[at]) for at, label in enumerate(self._months)]

    @cached_property
    def span(self) -> list[date]:
        """The twelve months to this one."""
        return self._told.months[MONTHS:]

    @cached_property
    def _months(self) -> list[str]:
        return [calendar.label(month) for month in self.span]

    @cached_property
    def money(self) -> list[tuple[Any, Figure]]:
        """Subsidies of the year up to this month, paid and committed; a village has no sheet of its own."""
        keys = [] if self.council.is_village else [key for key in MONEY if self._may(key)]
        told = indicators.values(self.council, self.period, keys, self.user)
        return [(indicators.CATALOGUE[key].name, told[key]) for key in keys]

    @cached_property
    def spent(self) -> list[tuple[Any, Figure, Any]]:
        """`money`, with the swatches of `meter`."""
        swatches = [charts.swatch(at) if self.meter else "" for at in range(len(MONEY))]
        return [(label, figure, swatches[at]) for at, (label, figure) in enumerate(self.money)]

    @cached_property
    def budget(self) -> Rest | None:
        """What the county set aside for the year, for who may know it, and what is left after `money`."""
        if self.council.level != Level.COUNTY or not self.user.has_perm("members.view_budget"):
            return None
        amounts = Budget.objects.filter(county=self.council, year=self.month.year).values_list("amount", flat=True)
        if (amount := amounts.first()) is None:
            return None
        left = amount - sum(figure.value for _label, figure in self.money)
        return Rest(self.month.year, amount, left)

    @cached_property
    def meter(self) -> Any:
        """The budget as one bar: paid, committed, left."""
        if self.budget is None or self.budget.left < 0:
            return ""
        spent = [charts.Bar(str(label), float(figure.value), figure.shown) for label, figure in self.money]
        return charts.parts(_("The budget and what is left"), [*spent, charts.Bar("", float(self.budget.left), "")])

    @cached_property
    def tasks(self) -> list[Task]:
        """Campaigns that ran in the month and address the council or one below it."""
        here = [
            [each for each in told if each.target.council.code.startswith(self.council.code)]
            for told in self._standings.values()
        ]
        return [_task(told) for told in here if told and self._ran(told[0].target.campaign)]

    @cached_property
    def completeness(self) -> Completeness | None:
        """Who handed in this month; of a township and its villages, how the township stands."""
        if not self.user.has_perm("members.view_monthlyroster"):
            return None
        if self.council.level == Level.COUNTY:
            county, townships = self.council, self._told.children
        else:
            place = self.council.parent if self.council.is_village else self.council
            county, townships = place.parent, [place]
        found = deadlines.standing(county, [self.month], townships=townships)
        counted = found.counted()
        told = [(str(each.label), counted[each], TONES[each], self._timed(each)) for each in Timing if counted[each]]
        return Completeness(told, comparing.percent(found.rate()), reverse("months"))

    @cached_property
    def columns(self) -> list[Any]:
        return [SHORT[key] for key in self._told.of_below if key != WORK]

    @cached_property
    def rows(self) -> list[Row]:
        """The councils one level below that stand or stood there in the month, each with its own page; the one with
        the most work first."""
        query = f"?month={self.month:%Y-%m}"
        tells = {key: indicators.telling(key, self.period, self.user) for key in self._told.of_below}
        known = {each.pk: each for each in self._told.children}
        if elsewhere := self._told.below.keys() - known:  # today
            known |= Council.objects.visible_to(self.user).in_bulk(list(elsewhere))
        found = [
            Row(str(known[pk]), reverse("dashboard", args=[known[pk].code]) + query, _figures(tells, values, known[pk]))
            for pk, values in self._told.below.items()
            if pk in known
        ]
        return self._drawn(sorted(found, key=lambda row: -row.work))

    @cached_property
    def members(self) -> list[Row]:
        """Of a village: who serves there at the end of the month, and how many records of it name her."""
        if not self.council.is_village:
            return []
        listed = reverse("admin:reports_activity_changelist") + f"?month={self.month:%Y-%m}"
        may, query = self._may(WORK), f"{listed}&village={self.council.code}&member="
        done = dict(
            ActivityMember.objects.filter(activity__village=self.council, activity__month=self.month)
            .order_by().values_list("member").annotate(records=Count("pk"))
        )  # fmt: skip
        here = Membership.objects.running_on(self.period.last).filter(village=self.council).select_related("member")
        found = []
        for each in here.order_by("member__pinyin", "member"):
            number = done.get(each.member_id, 0)
            figures = {WORK: Figure(number, f"{number:,}", "", f"{query}{each.member_id}")} if may else {}
            found.append(Row(str(each.member), reverse("member", args=[each.member_id]), figures))
        return self._drawn(sorted(found, key=lambda row: -row.work))

    @property
    def patterns(self) -> Any:
        return charts.patterns()

    @property
    def marks(self) -> list[tuple[Any, str]]:
        return [(charts.mark(0), _("these twelve months")), (charts.mark(1), _("a year earlier"))]

    @cached_property
    def _standings(self) -> Mapping[int, Sequence[campaigns.Standing]]:
        """Of the campaigns of the month, and of those of which something is asked of the reader's own council."""
        if not self.user.has_perm("reports.view_campaign"):
            return {}
        own = self.council.pk == self.user.council_id and self.council.level != Level.COUNTY
        return campaigns.standings(campaigns.of_days(self.period, self.user, own), self.user)

    def _ran(self, campaign: Campaign) -> bool:
        return campaign.start <= self.period.last and campaign.deadline >= self.period.first

    def _may(self, key: str) -> bool:
        """Whether the reader opens the list that this figure counts: what she may not open she is not told either."""
        return bool(self._address(key, self.month))

    @cached_property
    def _told(self) -> Beside:
        """The lines' figures and the councils below; what a reader may not open is not asked."""
        keys, below = ([key for key in each if self._may(key)] for each in (LINES, BELOW))
        return Beside(self.council, self.month, self.user, keys, below)

    def _timed(self, timing: Timing) -> str:
        """The list of rosters that were handed in so; what is missing has none, and stands on the page of months."""
        key = TIMED.get(timing)
        return reverse("months") if key is None or self.council.is_village else self._address(key, self.month)

    def _drawn(self, rows: Sequence[Row]) -> list[Row]:
        most = max((row.work for row in rows), default=0)
        return [
            row._replace(
                bar=charts.bar(charts.Bar(row.label, row.work, f"{row.work:,}", row.figures[WORK].address), most)
            )
            for row in rows
            if WORK in row.figures
        ] or list(rows)

    def _line(self, key: str) -> Line:
        before, year = self._told.changes(key)
        return Line(key, indicators.CATALOGUE[key].name, self._told.now[key], before, year, self._told.average(key))

    def _role(self, look: int, key: str, whole: int) -> RoleLine:
        line = self._line(key)
        values = self._told.series[key][MONTHS:]
        bars = [
            charts.Bar(said, value, f"{value:,}", self._address(key, month))
            for said, month, value in zip(self._months, self.span, values, strict=True)
        ]
        label = _("%(role)s, month by month") % {"role": line.label}
        return RoleLine(
            line, look, comparing.percent(line.figure.value / whole), charts.columns(label, bars, look),
            charts.swatch(look), [(bar.label, int(bar.value)) for bar in bars],
        )  # fmt: skip

    def _address(self, key: str, month: date) -> str:
        return indicators.address(key, self.council, Period.month(month), self.user)


def _figures(tells: Mapping[str, Any], values: Mapping[str, Any], below: Council) -> Mapping[str, Figure]:
    standing = below if below.is_open else None
    return {key: tell(values[key], standing) for key, tell in tells.items()}


def _task(told: Sequence[campaigns.Standing]) -> Task:
    asked = sum(each.target.target for each in told)
    done = sum(min(each.counted, each.target.target) for each in told)
    reached, late = sum(each.reached for each in told), sum(each.late for each in told)
    return Task(told[0].target.campaign, len(told), reached, late, 100 * done // asked)
