"""The county's circular (通报): who handed in which month on time, and how completely villages recorded their work."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import VILLAGES, Council
from cunsao import months as calendar
from cunsao.printing import Column, Form
from members.payroll import deadlines
from members.payroll.deadlines import Timeliness, Timing
from reports.comparing import percent
from reports.models import MonthlyTotal
from reports.periods import Period

DUE = (Timing.ON_TIME, Timing.LATE, Timing.MISSING)
TOLD = (*DUE, Timing.EXCUSED)


class Completeness(NamedTuple):
    """Of a township: pairs of a village and a month in which it stood, and how many of them have records."""

    township: Council
    villages: int
    expected: int
    recorded: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None where nothing was to be recorded."""
        return self.recorded / self.expected if self.expected else None


def completeness(county: Council, months: Sequence[date]) -> list[Completeness]:
    """One for each township that stands, in three queries whatever their number. A village counts for a month in which
    it stood, if only for a day; what a village recorded that stands there no more counts for neither."""
    townships = list(Council.objects.filter(parent=county.code, closed=None))
    villages = list(Council.objects.filter(parent__parent=county.code, level__in=VILLAGES))
    here = {each.pk: each for each in villages}
    standing = {(each.pk, month) for each in villages for month in months if _stood(each, month)}
    found = MonthlyTotal.objects.filter(village__in=list(here), month__in=list(months), records__gt=0)
    recorded = standing & set(found.order_by().values_list("village", "month").distinct())
    told = []
    for township in townships:
        own = {each.pk for each in villages if each.parent_id == township.code}
        expected, done = (sum(pk in own for pk, _month in pairs) for pairs in (standing, recorded))
        told.append(Completeness(township, sum(here[pk].is_open for pk in own), expected, done))
    return told


def forms(county: Council, period: Period, maker: str, today: date | None = None) -> list[Form]:
    """Two tables: on time, and complete; of the months of `period` that have begun."""
    now = today or timezone.localdate()
    begun = [month for month in period.months() if month <= now]
    beneath: dict[str, Any] = {
        "left": _("Unit: %(place)s") % {"place": county.name},
        "right": _("Made by %(who)s on %(day)s") % {"who": maker, "day": str(now)},
    }
    return [
        _on_time(deadlines.standing(county, begun, now), period, beneath),
        _complete(completeness(county, begun), period, beneath),
    ]


def _on_time(found: Timeliness, period: Period, beneath: dict[str, Any]) -> Form:
    ranked = sorted(found.townships, key=lambda each: _rank(found.rate(township=each.pk), each.code))
    counted = [(each, found.counted(township=each.pk)) for each in ranked]
    return Form(
        title=_("Months handed in on time, %(period)s") % {"period": period.label},
        columns=[
            Column(_("No."), 11, "number", centred=True), Column(_("Township"), 30),
            *(Column(label, 16, "number", summed=True) for label in (_("due"), *(str(each.label) for each in TOLD))),
            Column(_("share on time"), 20, centred=True), Column(_("months missing"), 45),
        ],
        rows=[
            [number, str(each), sum(how[timing] for timing in DUE), *(how[timing] for timing in TOLD),
             percent(found.rate(township=each.pk)), _missing(found, each)]
            for number, (each, how) in enumerate((pair for pair in counted if pair[1]), 1)
        ],
        closing=[_("All townships: %(rate)s on time.") % {"rate": percent(found.rate())}], **beneath,
    )  # fmt: skip


def _missing(found: Timeliness, township: Council) -> str:
    """The months that were not handed in, as 22-03, 22-04."""
    months = (when for (place, when), how in found.cells.items() if place == township.pk and how == Timing.MISSING)
    return "、".join(f"{when:%y-%m}" for when in sorted(months))


def _complete(found: Sequence[Completeness], period: Period, beneath: dict[str, Any]) -> Form:
    ranked = sorted(found, key=lambda each: _rank(each.rate, each.township.code))
    expected, recorded = sum(each.expected for each in found), sum(each.recorded for each in found)
    return Form(
        title=_("Completeness of work records, %(period)s") % {"period": period.label},
        columns=[
            Column(_("No."), 12, "number", centred=True), Column(_("Township"), 44),
            Column(_("Villages and communities"), 28, "number", summed=True),
            Column(_("Village months expected"), 36, "number", summed=True),
            Column(_("of these with records"), 36, "number", summed=True), Column(_("complete"), 30, centred=True),
        ],
        rows=[
            [number, str(each.township), each.villages, each.expected, each.recorded, percent(each.rate)]
            for number, each in enumerate(ranked, 1)
        ],
        closing=[_("All townships: %(rate)s complete.") % {"rate": percent(recorded / expected if expected else None)}],
        **beneath,
    )  # fmt: skip


def _rank(rate: float | None, code: str) -> tuple[bool, float, str]:
    """The best first, who had nothing due last."""
    return rate is None, -(rate or 0), code


def _stood(village: Council, month: date) -> bool:
    return (village.opened or date.min) <= calendar.last_day(month) and (village.closed or date.max) > month
